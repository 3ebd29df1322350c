"""The list of establishments: found as one types, with or without marks; filters stand in the address."""

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, render_template, request

from field_client import clock, places, search, web
from field_client.pages.access import ENROLLED, knock
from schemas.register import Kind

bp = Blueprint("places", __name__)
PAGE = 30


@dataclass(frozen=True)
class Query:
    """What the address asks for, as it stands there."""

    text: str = ""
    unit: str = ""
    kind: str = ""
    left: bool = False
    page: int = 1

    @classmethod
    def read(cls) -> "Query":
        """Read the address; what makes no sense asks for nothing."""
        given = request.args
        page = given.get("trang", "")
        kind = given.get("loai", "")
        return cls(
            given.get("tim", "")[:200],
            given.get("xa", "")[:20],
            kind if kind in set(Kind) else "",
            given.get("chua-kiem-tra", "") == "1",
            int(page) if re.fullmatch(r"[1-9][0-9]{0,4}", page) else 1,
        )

    def asked(self, year: int) -> search.Asked:
        """Return the same as a search asks it."""
        return search.Asked(text=self.text, unit=self.unit, kind=self.kind, year=year if self.left else None)

    def address(self, page: int) -> str:
        """Return the address of another page of the same list."""
        parts = {"tim": self.text, "xa": self.unit, "loai": self.kind, "chua-kiem-tra": "1" if self.left else ""}
        kept = {name: value for name, value in parts.items() if value}
        return "/co-so?" + urlencode(kept | ({"trang": str(page)} if page > 1 else {}))


@bp.get("/co-so")
@knock(ENROLLED)
def page() -> str:
    """Show the search field, the filters and the list."""
    query = Query.read()
    return render_template("places.html", here="places", communes=places.communes(web.db()), **_found(query))


@bp.get("/co-so/danh-sach")
@knock(ENROLLED)
def fragment() -> str:
    """Answer the list alone, for the search that follows the keys."""
    return render_template("places_list.html", **_found(Query.read()))


def _found(query: Query) -> dict[str, object]:
    year = clock.local_day(clock.best(web.db().conn, clock.now())).year
    asked = query.asked(year)
    count = search.count(web.db(), asked)
    last = max(1, -(-count // PAGE))
    at = min(query.page, last)
    rows = search.establishments(web.db(), asked, limit=PAGE, offset=(at - 1) * PAGE)
    return {"query": query, "rows": rows, "count": count, "at": at, "last": last, "year": year}
