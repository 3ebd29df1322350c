"""What is due, as a page and as files."""

from datetime import date
from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from server import web
from server.access import may
from server.clock import local_day, now
from server.due.words import by
from server.jobs.reminders import Reminder, looked_at, reminders
from server.pages.areas import inside, name, offered
from server.pages.asking import labelled, my_area
from server.pages.words import day, moment
from server.plans.pages import REPORTS
from server.problems import NotAllowed, NotFound
from server.tables import Table, as_csv, as_xlsx

bp = Blueprint("reminders", __name__)
FILES = {"csv": as_csv, "xlsx": as_xlsx}
KINDS = {
    "deadline": _l("Hạn báo cáo"),
    "card": _l("Thẻ kiểm tra hết hạn"),
    "team": _l("Quyết định thành lập đội hết hạn"),
    "laptop": _l("Máy lâu chưa gửi"),
    "assignment": _l("Phân công hết hạn, chưa kiểm tra"),
}


@bp.get("/nhac-viec")
@may("duties.see")
def page() -> str:
    """Show what is due in an area, the most overdue first."""
    unit, tree = _unit(), web.tree()
    found = _mine(unit)
    return render_template(
        "reminders.html", rows=[_row(one) for one in found], unit=unit, unit_name=name(tree, unit),
        units=labelled(offered(tree, my_area(), unit)), looked=looked_at(web.db().conn),
    )  # fmt: skip


@bp.get("/nhac-viec.<ending>")
@may("duties.see")
def file(ending: str) -> Response:
    """Answer the same as a file."""
    if ending not in FILES:
        raise NotFound(_("Không có tệp dạng này; chọn csv hoặc xlsx."))
    headings = [_("Đến hạn"), _("Việc"), _("Tên"), _("Nội dung"), _("Đơn vị")]
    unit = _unit()
    rows = [
        [date.fromisoformat(one.due_on), str(KINDS[one.kind]), called(one), words(one), name(web.tree(), one.unit)]
        for one in _mine(unit)
    ]
    facts = [(_("Đơn vị"), name(web.tree(), unit)), (_("Lấy lúc"), moment(now()))]
    return FILES[ending](Table("nhac-viec", _("Nhắc việc"), headings, rows, facts))


def _unit() -> str:
    area, tree = my_area(), web.tree()
    unit = request.args.get("don-vi", "").strip() or area
    if unit != area and not inside(tree, area, unit):
        raise NotAllowed(_("Đơn vị này ngoài địa bàn của tài khoản; chọn đơn vị khác, hoặc hỏi người quản trị."))
    return unit


def _mine(unit: str) -> list[Reminder]:
    return reminders(web.db().conn, web.tree(), g.user["role"], unit)


def _row(one: Reminder) -> dict[str, Any]:
    return {
        "due_on": day(one.due_on), "past": one.due_on < local_day(now()).isoformat(), "kind": KINDS[one.kind],
        "name": called(one), "words": words(one), "unit": name(web.tree(), one.unit), "href": _href(one),
    }  # fmt: skip


def words(one: Reminder) -> str:
    """Say in a sentence what is due."""
    said = one.said
    if one.kind == "deadline":
        return _deadline(said)
    if one.kind == "card":
        return _("Thẻ %(card)s của %(member)s", card=said["card"] or "–", member=said["member"])
    if one.kind == "team":
        return _("Quyết định số %(number)s", number=said["decision"] or "–")
    if one.kind == "laptop":
        return _("Liên lạc lần cuối %(at)s", at=moment(said["at"]))
    if said["reserved"]:
        return _("%(team)s đã nhận kiểm tra", team=said["team"])
    return _("Phân công cho %(team)s", team=said["team"])


def called(one: Reminder) -> str:
    """Return what it is called: a report without a name of its own by its kind."""
    return one.name or (str(REPORTS[one.said["report"]]) if one.kind == "deadline" else "")


def _deadline(said: dict[str, Any]) -> str:
    asked = {"before": by(said["last_day"], strict=said["strict"]), "plan": said["plan"], "count": said["units"]}
    if said["units"] == 1:
        return _("Chưa gửi, %(before)s – %(plan)s", **asked)
    return _("%(count)s đơn vị chưa gửi, %(before)s – %(plan)s", **asked)


def _href(one: Reminder) -> str:
    if one.kind == "deadline":
        asked: dict[str, Any] = {"don-vi": one.unit}
        return url_for("due.page", **asked)
    return url_for("laptops.page") if one.kind == "laptop" else ""
