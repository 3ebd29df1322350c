"""The pages of plans: which there are, one of them, making it by hand or by copying one, changing, closing it."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from schemas.issued_plans import issued
from schemas.units import Epoch
from server import web
from server.access import may
from server.changes import apply_one
from server.clock import local_day, now
from server.office import state_of
from server.pages import meanwhile
from server.pages.areas import inside, name, offered
from server.pages.asking import labelled, my_area, typed_of
from server.pages.edit_words import COHORTS, DENOMINATORS, told
from server.pages.typed_days import day as typed_day
from server.pages.typed_days import show_month_day
from server.pages.words import KIND_WORDS, day
from server.plans import copying, words
from server.plans import form as forms
from server.plans.issuing import known, made_from
from server.plans.listing import Plan, Standing, above, chosen, plan, plans
from server.plans.part_form import REPORTS
from server.problems import NotAllowed, NotFound
from server.tables import Table, as_csv, as_xlsx

bp = Blueprint("plans", __name__)
FILES = {"csv": as_csv, "xlsx": as_xlsx}
STANDINGS = {
    Standing.IN_FORCE: _l("Đang áp dụng"),
    Standing.TO_COME: _l("Chưa đến kỳ"),
    Standing.PAST: _l("Đã hết kỳ"),
    Standing.CLOSED: _l("Thôi áp dụng"),
}


@bp.get("/ke-hoach")
@may("plans.manage")
def page() -> str:
    """Show the plans of the area, and those above it that hold here too."""
    today = local_day(now())
    return render_template(
        "plans.html", rows=_chosen(), above=above(web.db().conn, web.tree(), my_area(), today), given=request.args,
        query=typed_of("tim", "tinh-trang"), **_words(),
    )  # fmt: skip


def _chosen() -> list[Plan]:
    found = plans(web.db().conn, web.tree(), my_area(), local_day(now()))
    return chosen(found, text=request.args.get("tim", "").strip(), standing=request.args.get("tinh-trang", ""))


def _words() -> dict[str, Any]:
    return {"STANDINGS": STANDINGS, "REPORTS": REPORTS, "COHORTS": COHORTS, "DENOMINATORS": DENOMINATORS,
            "unit_name": lambda unit: name(web.tree(), unit), "area": name(web.tree(), my_area()),
            "month_day": show_month_day, "Standing": Standing, "words": words}  # fmt: skip


@bp.get("/ke-hoach.<ending>")
@may("plans.manage")
def file(ending: str) -> Response:
    """Answer the same list as a file, one row a target: csv, xlsx; json: one thing a plan, with all that it orders."""
    found = _chosen()
    if ending == "json":
        return jsonify({"plans": [{"id": one.id, **(state_of(web.db().conn, "plan", one.id) or {})} for one in found]})
    if ending not in FILES:
        raise NotFound(_("Không có tệp dạng này; chọn csv, xlsx hoặc json."))
    headings = [_("Kế hoạch"), _("Số"), _("Địa bàn"), _("Từ ngày"), _("Đến ngày"), _("Tình trạng"), _("Năm"),
                _("Chỉ tiêu, phần trăm"), _("Hạn đạt chỉ tiêu"), _("Chỉ tiêu cả kỳ, phần trăm")]  # fmt: skip
    rows = [
        (one.name, one.number, name(web.tree(), one.unit), day(one.since), day(one.until),
         str(STANDINGS[one.standing]), year, percent, day(due), one.period_percent)
        for one in found for year, percent, due in one.targets
    ]  # fmt: skip
    title = _("Kế hoạch – %(area)s", area=name(web.tree(), my_area()))
    return FILES[ending](Table("ke-hoach", title, headings, rows))


@bp.get("/ke-hoach/<id>")
@may("plans.manage")
def one(id: str) -> str:
    """Show one plan with all that it orders, and its history."""
    return _one(id, {}, {})


def _one(id: str, given: dict[str, str], errors: dict[str, str]) -> str:
    found = reached(id)
    today = local_day(now())
    return render_template(
        "plan.html", plan=found, given=given, errors=errors, edits=told(web.db().conn, "plan", id),
        kinds=", ".join(str(KIND_WORDS[kind]) for kind in found.kinds),
        names=(_name_of(found.renews), _name_of(found.renewed_by)), inherited=_inherited(found),
        is_new=found.unit.startswith(Epoch.NEW),
        year=min(max(today.year, int(found.since[:4])), int(found.until[:4])), **_words(),
    )  # fmt: skip


def _inherited(found: Plan) -> set[str]:
    """Return the codes whose sentence is still that of the plan that this one was copied from."""
    before = state_of(web.db().conn, "plan", found.renews) if found.renews else None
    if not before:
        return set()
    old = plan(web.db().conn, found.renews, local_day(now()))
    said = _sentences(old)
    return {code for code, text in _sentences(found).items() if text and said.get(code) == text}


def _sentences(one: Plan) -> dict[str, str]:
    """Return each sentence of a plan under the code, or the place, of what it is about."""
    said = {part.code: part.sentence for part in one.indicators} | {part.code: part.sentence for part in one.tasks}
    return said | {part.place: part.words for part in one.deadlines}


def _name_of(id: str) -> str:
    return str((state_of(web.db().conn, "plan", id) or {}).get("name", "")) if id else ""


def reached(id: str) -> Plan:
    """Return a plan of the area, or raise what a person must read."""
    state = state_of(web.db().conn, "plan", id)
    if state is None:
        raise NotFound(_("Không có kế hoạch này; mở lại danh sách kế hoạch."))
    if not inside(web.tree(), my_area(), f"{state['epoch']}:{state['area']}"):
        raise NotAllowed(_("Kế hoạch này của địa bàn khác; hỏi người quản trị."))
    return plan(web.db().conn, id, local_day(now()))


@bp.get("/ke-hoach/them")
@may("plans.manage")
def ask_for_new() -> str:
    """Show the form of a new plan."""
    year = local_day(now()).year
    given = {"don-vi": my_area(), "tu-ngay": f"01/01/{year}", "den-ngay": f"31/12/{year}"}
    return _form("new", forms.Form(given, list(KIND_WORDS), [{"nam": str(year)}], [], []), {})


@bp.post("/ke-hoach/them")
@may("plans.manage")
def make() -> Response | tuple[str, int] | str:
    """Make a plan, or show the form again with what is wrong."""
    return _take("new", {"do": "plan"}, _("Đã lập kế hoạch."))


@bp.get("/ke-hoach/<id>/sua")
@may("plans.manage")
def ask_to_change(id: str) -> str:
    """Show the form of a plan as it stands."""
    return _form("change", forms.written(reached(id)), {}, id)


@bp.post("/ke-hoach/<id>/sua")
@may("plans.manage")
def change(id: str) -> Response | tuple[str, int] | str:
    """Change a plan, or show the form again with what is wrong."""
    reached(id)
    return _take("change", {"do": "plan", "plan": id}, _("Đã ghi."), id)


@bp.get("/ke-hoach/<id>/chep")
@may("plans.manage")
def ask_to_copy(id: str) -> str:
    """Show the form of a plan for other years, filled with what this one says; `?nam=` is the first of them."""
    found = reached(id)
    asked, next_year = request.args.get("nam", ""), int(found.until[:4]) + 1
    first = max(next_year, local_day(now()).year)
    year = int(asked) if asked.isdecimal() and 2004 <= int(asked) <= 2100 else first
    filled = forms.later(forms.written(found), year)
    since = date(year, int(found.since[5:7]), 1)
    filled.given["don-vi"] = copying.area_of(web.tree(), found.unit, since)
    return _form("copy", filled, {}, id, offer=copying.offer(_state(id), since))


def _state(id: str) -> dict[str, Any]:
    return state_of(web.db().conn, "plan", id) or {}


@bp.post("/ke-hoach/<id>/chep")
@may("plans.manage")
def copy(id: str) -> Response | tuple[str, int] | str:
    """Make a plan out of this one, or show the form again with what is wrong."""
    reached(id)
    said = copying.asked(copying.again(_state(id), request.form))
    return _take("copy", {"do": "renew_plan", "plan": id, **said}, _("Đã lập kế hoạch từ kế hoạch cũ."), id)


@bp.get("/ke-hoach/da-ban-hanh")
@may("plans.manage")
def ask_for_issued() -> str:
    """Show the plans that come with the program as they were issued, and which of them are here already."""
    found = [(one, made_from(web.db().conn, one.id), inside(web.tree(), my_area(), f"{one.epoch}:{one.area}"))
             for one in issued()]  # fmt: skip
    return render_template("plans_issued.html", rows=found, **_words())


@bp.post("/ke-hoach/da-ban-hanh")
@may("plans.manage")
def take_issued() -> Response:
    """Make a plan of one that was issued; one that is here already is opened."""
    one = known(request.form.get("ke-hoach", ""))
    if one is None:
        raise NotFound(_("Không có kế hoạch này; mở lại danh sách kế hoạch."))
    if not inside(web.tree(), my_area(), f"{one.epoch}:{one.area}"):
        raise NotAllowed(_("Kế hoạch này của địa bàn khác; hỏi người quản trị."))
    there = made_from(web.db().conn, one.id)
    if there:
        flash(_("Kế hoạch này đã có; không thêm gì."), "good")
    else:
        apply_one(web.db(), {"do": "issued_plan", "issued": one.id}, author=g.user["id"], at=now())
        there = made_from(web.db().conn, one.id)
        flash(_("Đã thêm kế hoạch với đủ chỉ tiêu, hạn và nhiệm vụ."), "good")
    return redirect(url_for("plans.one", id=there), code=303)


def _take(what: str, asked: dict[str, Any], done: str, id: str = "") -> Response | tuple[str, int] | str:
    typed = forms.read(request.form)
    offer = copying.again(_state(id), request.form) if what == "copy" else None
    if request.form.get("do") == "more":
        return _form(what, typed, {}, id, offer=offer)
    if typed.given["don-vi"] and not inside(web.tree(), my_area(), typed.given["don-vi"]):
        raise NotAllowed(_("Đơn vị này ngoài địa bàn của tài khoản; chọn đơn vị khác, hoặc hỏi người quản trị."))
    at = now()
    wrong = {name: _("Chưa ghi mục này.") for name in ("ten", "don-vi", "tu-ngay", "den-ngay") if not typed.given[name]}
    if late := meanwhile.overtaken(meanwhile.mark("plan", id)):
        wrong["seen"] = late
    said = forms.asked(typed, local_day(at))
    answer = {"problems": {}} if wrong else apply_one(web.db(), asked | said, author=g.user["id"], at=at)
    if wrong or answer["problems"]:
        names = {key: field for field, key in forms.PLAIN.items()}
        wrong |= {names.get(key, _TABLES.get(key, key)): sentence for key, sentence in answer["problems"].items()}
        return _form(what, typed, wrong, id, offer=offer), 422
    flash(done, "good")
    row = web.db().conn.execute("SELECT id FROM items WHERE name = ?", (answer["receipt"],)).fetchone()
    return redirect(url_for("plans.one", id=row[0]), code=303)


_TABLES = {"deadline": "deadlines", "period": "periods", "reason": copying.REASON}


def _form(
    what: str, typed: forms.Form, errors: dict[str, str], id: str = "", *, offer: copying.Offer | None = None
) -> str:  # fmt: skip
    tree, area = web.tree(), my_area()
    unit = typed.given.get("don-vi", "")
    return render_template(
        "plan_form.html", what=what, form=typed.with_room(), given=typed.given, errors=errors, id=id, offer=offer,
        seen=meanwhile.shown(meanwhile.mark("plan", id)),
        units=labelled(offered(tree, area, unit if inside(tree, area, unit) else area)), old=_name_of(id), **_words(),
    )  # fmt: skip


@bp.post("/ke-hoach/<id>/thoi")
@may("plans.manage")
def close(id: str) -> Response | tuple[str, int]:
    """Say that a plan holds no longer from a day on; or, of one that is closed, that it holds again."""
    found, at = reached(id), now()
    given = {"ngay": request.form.get("ngay", "").strip(), "ly-do": request.form.get("ly-do", "").strip()}
    if request.form.get("do") == "open":
        given = {"ngay": "", "ly-do": ""}
    elif not given["ngay"]:
        return _one(id, given, {"ngay": _("Nhập ngày kế hoạch thôi áp dụng, ví dụ 30/6/2026.")}), 422
    asked = {"do": "close_plan", "plan": id, "on": typed_day(given["ngay"], local_day(at)), "reason": given["ly-do"]}
    answer = apply_one(web.db(), asked, author=g.user["id"], at=at)
    if answer["problems"]:
        words = {"on": "ngay", "reason": "ly-do"}
        return _one(id, given, {words.get(key, "ngay"): said for key, said in answer["problems"].items()}), 422
    if given["ngay"]:
        flash(_("Đã ghi: %(name)s thôi áp dụng.", name=found.name), "good")
    else:
        flash(_("%(name)s áp dụng lại.", name=found.name), "good")
    return redirect(url_for("plans.one", id=id), code=303)
