"""The weights that lists are ranked by, as numbers to read and change; each change says who, when and why."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from schemas.fields import labels
from schemas.planning import KINDS, NUMBERS, WeightsFields
from server import web
from server.access import may
from server.changes import apply_one
from server.clock import now
from server.pages.areas import inside, name
from server.pages.asking import my_area
from server.planning.pages.proposals import bp, units_offered
from server.planning.people import who
from server.planning.weights import history, in_force
from server.problems import NotAllowed

GROUPS = (
    (_l("Điểm của cơ sở"), ("open_finding", "violation", "warned", "fined", "tip", "year_since")),
    (_l("Điểm của loại hình"), KINDS),
    (_l("Vi phạm và quyết định cũ dần"), ("age_1", "age_2", "age_3")),
    (_l("Giới hạn"), ("tip_months", "years_most", "random_percent", "team_most")),
)
LABELS = {key: vietnamese for key, (vietnamese, _english) in labels(WeightsFields).items()}


@bp.get("/phan-cong/trong-so")
@may("assignments.see")
def weights() -> str:
    """Show the weights in force, where they come from, and who changed them."""
    return _page({}, {})


@bp.post("/phan-cong/trong-so")
@may("assignments.decide")
def set_weights() -> tuple[str, int] | Response:
    """Change what was typed differently, or show the form again with what to put right."""
    given = {key: request.form.get(key, "").strip() for key in (*NUMBERS, "note")}
    wrong = {key: _("Nhập một số nguyên từ 0 trở lên.") for key in NUMBERS if not _is_whole(given[key])}
    if not given["note"]:
        wrong["note"] = _("Ghi lý do thay đổi: căn cứ hoặc ý kiến của ai.")
    if wrong:
        return _page(given, wrong), 422
    epoch, _sep, area = _unit().partition(":")
    asked = {"do": "weights", "epoch": epoch, "area": area, "note": given["note"]}
    answer = apply_one(web.db(), asked | {key: int(given[key]) for key in NUMBERS}, author=g.user["id"], at=now())
    if answer["standing"] != "accepted":
        problems = answer["problems"]
        return _page(given, problems if problems.keys() <= given.keys() else {"note": " ".join(problems.values())}), 422
    flash(_("Đã đổi trọng số; danh sách đề xuất lần sau tính theo trọng số này."), "good")
    where: dict[str, Any] = {"don-vi": _unit()}
    return redirect(url_for("planning.weights", **where), code=303)


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 6


def _unit() -> str:
    """Return the unit whose weights are meant, the own area where none is named."""
    unit, area = request.values.get("don-vi", "").strip() or my_area(), my_area()
    if unit != area and not inside(web.tree(), area, unit):
        raise NotAllowed(_("Đơn vị này ngoài địa bàn của tài khoản; chọn đơn vị khác, hoặc hỏi người quản trị."))
    return unit


def _page(given: dict[str, str], errors: dict[str, Any]) -> str:
    conn, tree, unit = web.db().conn, web.tree(), _unit()
    found = in_force(conn, tree, unit)
    changes = [(one, who(conn, one.author)) for one in history(conn, unit)]
    return render_template(
        "weights.html", unit=unit, area=name(tree, unit), values=given or found.values, errors=errors, changes=changes,
        groups=GROUPS, labels=LABELS, units=units_offered(), given=given,
        source=name(tree, found.area) if found.area else "", own=found.area == unit,
    )  # fmt: skip
