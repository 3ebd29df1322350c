"""The page of the board, and the same as files."""

from datetime import date
from typing import Any

from flask import Blueprint, g, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from server import web
from server.access import may
from server.boards import words
from server.boards.board import Verdict
from server.boards.shown import Shown, shown
from server.boards.tables import TABLES
from server.clock import local_day, now
from server.indicators.view import View, view
from server.indicators.words import period_name
from server.pages.areas import inside, name
from server.pages.asking import my_area
from server.plans import words as plan_words
from server.plans.part_form import REPORTS
from server.problems import NotFound
from server.rights import may as may_do
from server.store import reading
from server.tables import Table, as_csv, as_xlsx

bp = Blueprint("boards", __name__)
FILES = {"csv": as_csv, "xlsx": as_xlsx}
ON_PAPER = 10  # units: the sheet has no room for more


def _view(today: date) -> View | None:
    return view(web.db().conn, web.tree(), request.args, my_area(), today)


def _shown(asked: View, today: date) -> Shown:
    with reading(web.db()) as conn:
        return shown(conn, web.tree(), asked, my_area(), today, request.args.get("so-voi", "").strip())


@bp.get("/bang-theo-doi")
@may("indicators.see")
def page() -> str:
    """Show where each indicator stands on one screen, by unit, and where two plans differ."""
    today = local_day(now())
    asked = _view(today)
    if asked is None:
        return render_template("board.html", view=None, may_plan=may_do(g.user["role"], "plans.manage"))
    found = _shown(asked, today)
    return render_template("board.html", view=asked, shown=found, board=found.board, today=today, **_words(asked))


def _words(asked: View) -> dict[str, Any]:
    tree = web.tree()
    way = [key for key in (*reversed(tree.ancestors(asked.unit)), asked.unit)
           if inside(tree, my_area(), key) and key in tree.descendants(asked.plan.unit)]  # fmt: skip
    mine = {key for key in tree.children(asked.unit) if key in tree.descendants(asked.plan.unit)}
    return {"words": words, "plan_words": plan_words, "Verdict": Verdict, "period_name": period_name, "way": way,
            "unit_name": lambda key: name(tree, key) if key else _("Chưa xác định xã"), "REPORTS": REPORTS,
            "opens": lambda key: key in mine, "on_paper": ON_PAPER}  # fmt: skip


@bp.get("/bang-theo-doi.<ending>")
@may("indicators.see")
def file(ending: str) -> Response:
    """Hand out the board; with `?muc=don-vi` the units, with `?muc=so-sanh` where two plans differ."""
    what, today = request.args.get("muc", "chi-tieu"), local_day(now())
    asked = _view(today)
    if ending not in FILES or what not in TABLES:
        raise NotFound(_("Không có tệp dạng này; chọn csv hoặc xlsx."))
    if asked is None:  # no plan with indicators holds here
        return FILES[ending](Table("bang-theo-doi", _("Bảng theo dõi"), [_("Ký hiệu"), _("Chỉ tiêu")], []))
    return FILES[ending](TABLES[what](web.tree(), _shown(asked, today)))
