"""The list of establishments: found as one types, with or without marks; on screen, on paper and as a file."""

import csv
from io import StringIO
from typing import Any

from flask import Blueprint, Response, render_template
from flask_babel import lazy_gettext as _l

from field_client import assignments, clock, places, web
from field_client.pages import query, roster, words
from field_client.pages.access import ENROLLED, knock
from field_client.pages.frame import team_name
from field_client.pages.query import Query
from field_client.search import Row

bp = Blueprint("places", __name__)
PAGE = 30
PRINTED = 3000  # places: about a hundred sheets; nobody reads more
EVERYTHING = 1_000_000
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")


@bp.get("/co-so")
@knock(ENROLLED)
def page() -> str:
    """Show the search field, the filters and the list."""
    return render_template("places.html", here="places", communes=places.communes(web.db()), **_found(Query.read()))


@bp.get("/co-so/danh-sach")
@knock(ENROLLED)
def fragment() -> str:
    """Answer the list alone, for the search that follows the keys."""
    return render_template("places_list.html", **_found(Query.read()))


def _found(asked: Query) -> dict[str, Any]:
    db, at = web.db(), clock.now()
    count, page, last, rows = query.found(db, asked, at, most=PAGE)
    taken = assignments.of_places(db, [row.id for row in rows], at)
    return {
        "query": asked, "rows": rows, "count": count, "at": page, "last": last,
        "year": clock.local_day(clock.best(db.conn, at)).year, "taken": taken, "our_team": roster.team_id(db),
        "teams": {one.team: team_name(one.team) for some in taken.values() for one in some},
    }  # fmt: skip


@bp.get("/co-so/in")
@knock(ENROLLED)
def on_paper() -> str:
    """Show the whole list as it is printed, with what it asks for and how old it is."""
    db, at, asked = web.db(), clock.now(), Query.read()
    count, _, _, rows = query.found(db, asked, at, most=PRINTED)
    today = clock.local_day(clock.best(db.conn, at))
    return render_template(
        "places_paper.html", here="places", query=asked, rows=rows, count=count, today=today, most=PRINTED,
        asked=asked.words(db, today),
    )  # fmt: skip


HEADINGS = (_l("Mã cơ sở"), _l("Tên cơ sở"), _l("Loại hình"), _l("Xã"), _l("Địa chỉ"), _l("Điện thoại"),
            _l("Tình trạng hoạt động"), _l("Chủ cơ sở"), _l("Kiểm tra gần nhất"))  # fmt: skip


@bp.get("/co-so.csv")
@knock(ENROLLED)
def as_file() -> Response:
    """Answer the whole list as CSV in UTF-8 with a mark, so that a spreadsheet reads the Vietnamese letters."""
    _, _, _, rows = query.found(web.db(), Query.read(), clock.now(), most=EVERYTHING)
    sheet = StringIO(newline="")
    out = csv.writer(sheet)
    out.writerow(HEADINGS)
    out.writerows(_plain(_cells(row)) for row in rows)
    answer = Response(b"\xef\xbb\xbf" + sheet.getvalue().encode(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="co-so.csv"'
    return answer


def _cells(row: Row) -> tuple[str, ...]:
    kinds = ", ".join(str(words.KINDS.get(kind, kind)) for kind in row.kinds)
    status = str(words.STATUS.get(row.status, ""))
    return (row.code, row.name, kinds, row.unit_name, row.address, row.phone, status, row.operator_name,
            row.last_visit)  # fmt: skip


def _plain(cells: tuple[str, ...]) -> list[str]:
    """Mark as text what a spreadsheet would compute."""
    return ["'" + cell if cell.startswith(_FORMULAS) else cell for cell in cells]
