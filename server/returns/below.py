"""The units below a return on a page of their own: what each sent, beside what the office knows of it."""

from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from server import web
from server.access import may
from server.pages.pages import Pages
from server.problems import NotFound
from server.returns import compiling, words
from server.returns.compiling import Below
from server.returns.draft import glance
from server.returns.one import Shown, reached, shown, where
from server.returns.sheets import MAIN
from server.returns.table import Column
from server.returns.words import STANDING_WORDS
from server.store import reading
from server.tables import Table, as_csv, as_xlsx

bp = Blueprint("return_below", __name__)
FILES = {"csv": as_csv, "xlsx": as_xlsx}


class _Query:
    """What the address says beside its page."""

    def query(self, **other: Any) -> dict[str, Any]:
        """Return it as it stands in an address."""
        return ({"chon": request.args["chon"]} if request.args.get("chon") else {}) | other


def _shown(id: str) -> Shown:
    reached(id)
    with reading(web.db()):
        return shown(where(), id, glance)


@bp.get("/bao-cao/<id>/tong-hop")
@may("returns.see")
def page(id: str) -> str:
    """Show a page of the units: all of them, those that have not sent, or whose figures are others now."""
    one, chosen = _shown(id), request.args.get("chon", "")
    found = [each for each in one.content.below if _is_chosen(each, chosen)]
    pages = Pages.read(request.args.get("trang", "")).of(len(found))
    return render_template(
        "return_below.html", row=one.row, content=one.content, rows=found[pages.offset : pages.offset + pages.limit],
        columns=_columns(one), sums=compiling.summed(one.content.below, MAIN), chosen=chosen, pages=pages, say=words,
        filters=_Query(), STANDING_WORDS=STANDING_WORDS,
    )  # fmt: skip


def _is_chosen(each: Below, chosen: str) -> bool:
    match chosen:
        case "chua-gui":
            return not (each.has_sent or each.is_unreadable)
        case "khac":
            return any(each.differs(code) for code in each.own)
    return True


def _standing(each: Below) -> str:
    if each.is_unreadable:
        return _("Đã gửi, không đọc được số liệu đã chốt")
    return str(STANDING_WORDS.get(each.standing, _("Chưa gửi")))


def _columns(one: Shown) -> list[Column]:
    return [column for column in one.content.figures.columns if column.code in MAIN and column.things]


@bp.get("/bao-cao/<id>/tong-hop.<ending>")
@may("returns.see")
def file(id: str, ending: str) -> Response:
    """Answer it as a file, every figure twice: as it was sent, and as it is known now."""
    if ending not in FILES:
        raise NotFound(_("Không có tệp dạng này; chọn csv hoặc xlsx."))
    one = _shown(id)
    columns = [column for column in one.content.figures.columns if column.things]
    headings = [_("Đơn vị"), _("Báo cáo"), _("Ngày gửi")]
    for column in columns:
        named = f"{column.group}: {column.heading} ({column.unit})"
        headings += [_("%(figure)s – đã báo cáo", figure=named), _("%(figure)s – hiện có", figure=named)]
    rows = [
        [each.name, _standing(each), each.sent_on,
         *(value for column in columns for value in (each.reported.get(column.code), each.own.get(column.code)))]
        for each in one.content.below
    ]  # fmt: skip
    return FILES[ending](Table("tong-hop", str(one.content.head["title"]), headings, rows))
