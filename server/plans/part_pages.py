"""The pages of one indicator, one deadline or one task of a plan: seen, changed, added, taken out."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from server import web
from server.access import may
from server.changes import apply_one
from server.clock import now
from server.office import state_of
from server.pages import meanwhile
from server.plans import part_form as forms
from server.plans import words
from server.plans.pages import reached
from server.problems import NotFound

bp = Blueprint("plan_parts", __name__)
PARTS = {"chi-tieu": "indicator", "han": "deadline", "nhiem-vu": "task"}
WORDS = {
    "indicator": (_l("Sửa chỉ tiêu %(code)s"), _l("Thêm chỉ tiêu")),
    "deadline": (_l("Sửa hạn %(code)s"), _l("Thêm hạn báo cáo")),
    "task": (_l("Sửa nhiệm vụ %(code)s"), _l("Thêm nhiệm vụ")),
}
ASK = "/ke-hoach/<id>/<any('chi-tieu', 'han', 'nhiem-vu'):what>"


@bp.get(f"{ASK}/<code>")
@may("plans.manage")
def ask(id: str, what: str, code: str) -> str:
    """Show the form of one part as it stands."""
    part = PARTS[what]
    return _form(id, part, code, forms.written(part, _value(id, part, code)), {})


@bp.post(f"{ASK}/<code>")
@may("plans.manage")
def change(id: str, what: str, code: str) -> Response | tuple[str, int]:
    """Change one part, take it out, or show the form again with what is wrong."""
    part = PARTS[what]
    _value(id, part, code)
    if request.form.get("do") == "gone":
        return _make(id, part, code, {"gone": True}, _("Đã xóa %(code)s khỏi kế hoạch.", code=code))
    return _make(id, part, code, {}, _("Đã ghi %(code)s.", code=code))


@bp.get(f"{ASK}/them")
@may("plans.manage")
def ask_for_new(id: str, what: str) -> str:
    """Show the form of a new part."""
    reached(id)
    return _form(id, PARTS[what], "", forms.written(PARTS[what], {}), {})


@bp.post(f"{ASK}/them")
@may("plans.manage")
def add(id: str, what: str) -> Response | tuple[str, int]:
    """Add a part, or show the form again with what is wrong."""
    reached(id)
    part, code = PARTS[what], request.form.get("ky-hieu", "").strip()
    wrong = {}
    if not code:
        wrong["ky-hieu"] = _("Chưa ghi mục này.")
    elif code == "them" or (state_of(web.db().conn, "plan", id) or {}).get(f"{part}/{code}"):
        wrong["ky-hieu"] = _("Ký hiệu này đã dùng; chọn ký hiệu khác.")
    if wrong:
        return _form(id, part, "", forms.typed(part, request.form), wrong), 422
    return _make(id, part, code, {}, _("Đã thêm %(code)s.", code=code))


def _make(id: str, part: str, code: str, more: dict[str, Any], done: str) -> Response | tuple[str, int]:
    given = forms.typed(part, request.form)
    late = meanwhile.overtaken(meanwhile.mark("plan", id))
    said = more or {"said": forms.asked(part, given)}
    asked = {"do": "plan_part", "plan": id, "part": part, "code": code, **said}
    problems = {"seen": late} if late else apply_one(web.db(), asked, author=g.user["id"], at=now())["problems"]
    if problems:
        wrong = forms.errors(part, {"ky-hieu" if key == "code" else key: said for key, said in problems.items()})
        adding = request.endpoint == "plan_parts.add"
        return _form(id, part, "" if adding else code, given, wrong), 422
    flash(done, "good")
    return redirect(url_for("plans.one", id=id, _anchor=part), code=303)


def _value(id: str, part: str, code: str) -> dict[str, Any]:
    """Return a part that is there, of a plan of the area; a deadline is known by its place or by its code."""
    reached(id)
    state = state_of(web.db().conn, "plan", id) or {}
    found = state.get(f"{part}/{code}")
    if not found:
        raise NotFound(_("Kế hoạch không có mục này; mở lại kế hoạch."))
    return dict(found)


def _form(id: str, part: str, code: str, given: dict[str, str], wrong: dict[str, str]) -> str:
    plan = reached(id)
    old = (state_of(web.db().conn, "plan", id) or {}).get(f"{part}/{code}") or {}
    title = str(WORDS[part][0]) % {"code": old.get("code") or code} if code else str(WORDS[part][1])
    return render_template(
        "plan_part.html", plan=plan, part=part, code=code, title=title, fields=forms.FORMS[part],
        given=given | {"ky-hieu": request.form.get("ky-hieu", "")}, errors=wrong, old=old,
        seen=meanwhile.shown(meanwhile.mark("plan", id)), words=words, choices=forms.choices,
    )  # fmt: skip
