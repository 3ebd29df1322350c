"""What the address of the list asks for: words, commune, kind, inspected or not, findings, assignments, papers."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urlencode

from flask import request
from flask_babel import gettext as _
from sqlite_utils import Database

from field_client import assignments, clock, open_findings, search
from field_client.pages import roster, words
from field_client.places import unit_name
from field_client.search import Asked
from schemas.register import Kind

THIS_YEAR, NEVER = "1", "chua-lan-nao"


@dataclass(frozen=True)
class Query:
    """What the address asks for, as it stands there."""

    text: str = ""
    unit: str = ""
    kind: str = ""
    left: str = ""
    findings: bool = False
    assigned: bool = False
    expired: bool = False
    page: int = 1

    @classmethod
    def read(cls) -> "Query":
        """Read the address; what makes no sense asks for nothing."""
        given = request.args
        page, kind, left = given.get("trang", ""), given.get("loai", ""), given.get("chua-kiem-tra", "")
        return cls(
            given.get("tim", "")[:200],
            given.get("xa", "")[:20],
            kind if kind in set(Kind) else "",
            left if left in {THIS_YEAR, NEVER} else "",
            findings=given.get("ton-tai") == "1",
            assigned=given.get("phan-cong") == "1",
            expired=given.get("het-han") == "1",
            page=int(page) if re.fullmatch(r"[1-9][0-9]{0,4}", page) else 1,
        )

    def asked(self, db: Database, at: datetime) -> Asked:
        """Return the same as a search asks it at the moment *at*."""
        today = clock.local_day(clock.best(db.conn, at))
        among = []
        if self.findings:
            among.append(open_findings.places(db))
        if self.assigned:
            found = assignments.of_team(db, roster.team_id(db), at)
            among.append(frozenset(one.establishment for one in found))
        return Asked(
            text=self.text, unit=self.unit, kind=self.kind, year=today.year if self.left == THIS_YEAR else None,
            never=self.left == NEVER, expired_on=today.isoformat() if self.expired else "", among=tuple(among),
        )  # fmt: skip

    @property
    def narrowed(self) -> bool:
        """Whether anything is asked for but the page."""
        return replace(self, page=1) != Query()

    def parts(self, page: int = 1) -> str:
        """Return the query string of a page of the same list."""
        parts = {
            "tim": self.text, "xa": self.unit, "loai": self.kind, "chua-kiem-tra": self.left,
            "ton-tai": "1" if self.findings else "", "phan-cong": "1" if self.assigned else "",
            "het-han": "1" if self.expired else "", "trang": str(page) if page > 1 else "",
        }  # fmt: skip
        return urlencode({name: value for name, value in parts.items() if value})

    def address(self, page: int = 1, path: str = "/co-so") -> str:
        """Return the address of a page of the same list; *path* for the same list in another form."""
        query = self.parts(page)
        return f"{path}?{query}" if query else path

    def words(self, db: Database, today: date) -> list[str]:
        """Say what is asked for, a short sentence each, for the head of a printed list."""
        said = []
        if self.text:
            said.append(_("Tìm: “%(words)s”", words=self.text))
        if self.unit:
            said.append(unit_name(db, self.unit))
        if self.kind:
            said.append(words.KINDS[Kind(self.kind)])
        if self.left == THIS_YEAR:
            said.append(_("Chưa kiểm tra năm %(year)s", year=str(today.year)))
        if self.left == NEVER:
            said.append(_("Chưa có lần kiểm tra nào"))
        flags = {_("Có tồn tại chưa khắc phục"): self.findings, _("Phân công cho đội này"): self.assigned,
                 _("Có giấy tờ hết hạn"): self.expired}  # fmt: skip
        return [str(one) for one in (*said, *(sentence for sentence, asked in flags.items() if asked))]


def found(db: Database, query: Query, at: datetime, *, most: int) -> tuple[int, int, int, list[search.Row]]:
    """Return how many places there are, which page is shown, which is the last, and the rows of that page."""
    ids = search.ids(db, query.asked(db, at))
    last = max(1, -(-len(ids) // most))
    page = min(query.page, last)
    return len(ids), page, last, search.rows(db, ids[(page - 1) * most : page * most])
