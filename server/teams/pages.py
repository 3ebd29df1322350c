"""The pages of teams: the list with cards that run out, one team, making, changing, renewing and closing it."""

from typing import Any

from flask import Blueprint, flash, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from server import web
from server.access import may
from server.changes import apply_one
from server.clock import local_day, now
from server.office import state_of
from server.pages import meanwhile
from server.pages.areas import inside, name, offered
from server.pages.asking import labelled, my_area, typed_of
from server.pages.edit_words import LEVELS, told
from server.pages.pages import Pages
from server.pages.typed_days import day as typed_day
from server.pages.words import day
from server.problems import NotAllowed, NotFound
from server.rights import may as role_may
from server.tables import Table, as_csv, as_xlsx
from server.teams import form as forms
from server.teams.listing import Card, Standing, Team, chosen, count, team, teams

bp = Blueprint("teams", __name__)
FILES = {"csv": as_csv, "xlsx": as_xlsx}
STANDINGS = {
    Standing.WORKING: _l("Đang hoạt động"),
    Standing.TO_COME: _l("Chưa đến ngày hiệu lực"),
    Standing.RUN_OUT: _l("Hết hiệu lực"),
    Standing.CLOSED: _l("Đã ngừng"),
}
CARDS = {
    Card.GOOD: _l("còn hạn"),
    Card.SOON: _l("sắp hết hạn"),
    Card.RUN_OUT: _l("hết hạn"),
    Card.NONE: _l("chưa có thẻ"),
    Card.OPEN: _l("chưa ghi hạn"),
}


@bp.get("/doi")
@may("teams.manage")
def page() -> str:
    """Show the teams of the area."""
    every = _every()
    found, pages = _chosen(every), Pages.read(request.args.get("trang", ""))
    pages = pages.of(len(found))
    return render_template(
        "teams.html", rows=found[pages.offset : pages.offset + pages.limit], pages=pages, given=request.args,
        query=typed_of("tim", "tinh-trang", "the"),
        counts=count(every), run_out=[one for one in every if one.run_out and one.standing is Standing.WORKING],
        **_words(),
    )  # fmt: skip


def _words() -> dict[str, Any]:
    return {"STANDINGS": STANDINGS, "Standing": Standing, "CARDS": CARDS, "Card": Card, "LEVELS": LEVELS,
            "unit_name": lambda unit: name(web.tree(), unit), "area": name(web.tree(), my_area())}  # fmt: skip


def _every() -> list[Team]:
    return teams(web.db().conn, web.tree(), my_area(), local_day(now()))


def _chosen(every: list[Team]) -> list[Team]:
    text, standing, cards = (request.args.get(name, "").strip() for name in ("tim", "tinh-trang", "the"))
    return chosen(every, text=text, standing=standing, cards=cards)


@bp.get("/doi.<ending>")
@may("teams.manage")
def file(ending: str) -> Response:
    """Answer the same list as a file, one row a member: csv, xlsx; json: one thing a team."""
    found = _chosen(_every())
    if ending == "json":
        return jsonify({"teams": [_as_json(one) for one in found]})
    if ending not in FILES:
        raise NotFound(_("Không có tệp dạng này; chọn csv, xlsx hoặc json."))
    headings = [_("Đội"), _("Địa bàn"), _("Quyết định"), _("Từ ngày"), _("Đến ngày"), _("Tình trạng"), _("Họ và tên"),
                _("Cơ quan"), _("Chức vụ trong đội"), _("Số thẻ kiểm tra"), _("Thẻ hết hạn ngày"),
                _("Thẻ")]  # fmt: skip
    rows = [(*_cells(one), member.name, member.agency, member.role, member.card, day(member.expires_on),
             str(CARDS[member.standing])) for one in found for member in one.members]  # fmt: skip
    rows += [(*_cells(one), "", "", "", "", "", "") for one in found if not one.members]
    title = _("Đội kiểm tra – %(area)s", area=name(web.tree(), my_area()))
    return FILES[ending](Table("doi-kiem-tra", title, headings, rows))


def _cells(one: Team) -> tuple[str, ...]:
    return (one.name, name(web.tree(), one.unit), one.decision, day(one.valid_from), day(one.valid_to),
            str(STANDINGS[one.standing]))  # fmt: skip


def _as_json(one: Team) -> dict[str, Any]:
    people = [{"name": member.name, "agency": member.agency, "role": member.role, "card": member.card,
               "card_expires_on": member.expires_on or None, "card_standing": member.standing.value}
              for member in one.members]  # fmt: skip
    return {"id": one.id, "name": one.name, "level": one.level, "unit": one.unit, "decision": one.decision or None,
            "valid_from": one.valid_from or None, "valid_to": one.valid_to or None, "standing": one.standing.value,
            "closed_on": one.closed_on or None, "members": people}  # fmt: skip


@bp.get("/doi/<id>")
@may("teams.manage")
def one(id: str) -> str:
    """Show one team with its members, what goes with it and its history."""
    return _one(id, {}, {})


def _one(id: str, given: dict[str, str], errors: dict[str, str]) -> str:
    found = _reached(id)
    before = _name_of(found.renews), _name_of(found.renewed_by)
    return render_template("team.html", team=found, edits=told(web.db().conn, "team", id), before=before, given=given,
                           errors=errors, sees_laptops=role_may(g.user["role"], "laptops.keep"),
                           sees_people=role_may(g.user["role"], "people.manage"), **_words())  # fmt: skip


def _name_of(id: str) -> str:
    return str((state_of(web.db().conn, "team", id) or {}).get("name", "")) if id else ""


def _reached(id: str) -> Team:
    """Return a team of the area, or raise what a person must read."""
    state = state_of(web.db().conn, "team", id)
    if state is None:
        raise NotFound(_("Không có đội này; mở lại danh sách đội."))
    if not inside(web.tree(), my_area(), f"{state['epoch']}:{state['area']}"):
        raise NotAllowed(_("Đội này ngoài địa bàn của tài khoản; hỏi người quản trị."))
    return team(web.db().conn, id, local_day(now()))


@bp.get("/doi/them")
@may("teams.manage")
def ask_for_new() -> str:
    """Show the form of a new team."""
    return _form("new", forms.Form({"don-vi": my_area()}), {})


@bp.post("/doi/them")
@may("teams.manage")
def make() -> Response | tuple[str, int] | str:
    """Make a team, or show the form again with what is wrong."""
    return _take("new", {"do": "team"}, _("Đã lập đội."))


@bp.get("/doi/<id>/sua")
@may("teams.manage")
def ask_to_change(id: str) -> str:
    """Show the form of a team as it stands."""
    return _form("change", forms.written(_reached(id)), {}, id)


@bp.post("/doi/<id>/sua")
@may("teams.manage")
def change(id: str) -> Response | tuple[str, int] | str:
    """Change a team, or show the form again with what is wrong."""
    _reached(id)
    return _take("change", {"do": "team", "team": id}, _("Đã ghi."), id)


@bp.get("/doi/<id>/kien-toan")
@may("teams.manage")
def ask_to_renew(id: str) -> str:
    """Show the form that makes the team of the next decision out of this one: another year, the same people."""
    filled = forms.written(_reached(id))
    year = _year_asked() or local_day(now()).year + 1
    filled.given |= {"quyet-dinh": "", "tu-ngay": f"01/01/{year}", "den-ngay": f"31/12/{year}"}
    return _form("renew", filled, {}, id)


def _year_asked() -> int:
    """Return the year that an address names for the next decision; 0: none, and then it is the year to come."""
    text = request.args.get("nam", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) == len("2026") else 0


@bp.post("/doi/<id>/kien-toan")
@may("teams.manage")
def renew(id: str) -> Response | tuple[str, int] | str:
    """Renew a team, and take its laptops and accounts over where that is asked, or show the form again."""
    _reached(id)
    return _take("renew", {"do": "renew_team", "team": id}, _("Đã kiện toàn đội."), id)


def _take(what: str, asked: dict[str, Any], done: str, id: str = "") -> Response | tuple[str, int] | str:
    typed, today = forms.read(request.form), local_day(now())
    if request.form.get("do") == "more":
        return _form(what, typed, {}, id)
    unit = typed.given["don-vi"]
    if what != "renew" and unit and not inside(web.tree(), my_area(), unit):
        raise NotAllowed(_("Đơn vị này ngoài địa bàn của tài khoản; chọn đơn vị khác, hoặc hỏi người quản trị."))
    said = forms.asked(typed, today)
    if what == "renew":
        del said["area"]
    wrong = forms.wrong_rows(typed, today)
    if late := meanwhile.overtaken(meanwhile.mark("team", id)):
        wrong["seen"] = late
    needed = () if what == "renew" else ("ten", "don-vi")
    wrong |= {field: _("Chưa ghi mục này.") for field in needed if not typed.given[field]}
    answer = {"problems": wrong} if wrong else apply_one(web.db(), asked | said, author=g.user["id"], at=now())
    if answer["problems"]:
        names = {key: field for field, key in forms.PLAIN.items()}
        errors = {names.get(key, key): sentence for key, sentence in answer["problems"].items()}
        return _form(what, typed, errors, id), 422
    made = _id_of(str(answer["receipt"]))
    if what == "renew" and request.form.get("mang-theo"):
        _bring(id, made)
    flash(done, "good")
    return redirect(url_for("teams.one", id=made), code=303)


def _id_of(receipt: str) -> str:
    row = web.db().conn.execute("SELECT id FROM items WHERE name = ?", (receipt,)).fetchone()
    return str(row[0])


def _bring(old: str, new: str) -> None:
    """Take over what goes with the old team: its laptops and the accounts of its members."""
    found = team(web.db().conn, old, local_day(now()))
    for laptop, _name in found.laptops:
        asked = {"do": "device_team", "device": laptop, "team": new}
        apply_one(web.db(), asked, author=g.user["id"], at=now())
    for user, _name in found.users:
        apply_one(web.db(), {"do": "user", "user": user, "team": new}, author=g.user["id"], at=now())


def _form(what: str, typed: forms.Form, errors: dict[str, str], id: str = "") -> str:
    tree, area = web.tree(), my_area()
    unit = typed.given.get("don-vi", "")
    return render_template(
        "team_form.html", what=what, form=typed.with_room(), given=typed.given, errors=errors, id=id,
        seen=meanwhile.shown(meanwhile.mark("team", id)),
        units=labelled(offered(tree, area, unit if inside(tree, area, unit) else area)),
        old=team(web.db().conn, id, local_day(now())) if id else None,
    )  # fmt: skip


@bp.post("/doi/<id>/ngung")
@may("teams.manage")
def close(id: str) -> Response | tuple[str, int]:
    """Say that a team stops from a day on; or, of one that has stopped, that it goes on."""
    found, at = _reached(id), now()
    given = {"ngay": request.form.get("ngay", "").strip(), "ly-do": request.form.get("ly-do", "").strip()}
    if request.form.get("do") == "open":
        given = {"ngay": "", "ly-do": ""}
    elif not given["ngay"]:
        return _one(id, given, {"ngay": _("Nhập ngày đội ngừng hoạt động, ví dụ 31/12/2026.")}), 422
    asked = {"do": "close_team", "team": id, "on": typed_day(given["ngay"], local_day(at)), "reason": given["ly-do"]}
    answer = apply_one(web.db(), asked, author=g.user["id"], at=at)
    if answer["problems"]:
        words = {"on": "ngay", "reason": "ly-do"}
        return _one(id, given, {words.get(key, "ngay"): said for key, said in answer["problems"].items()}), 422
    if given["ngay"]:
        flash(_("Đã ghi: %(name)s ngừng hoạt động.", name=found.name), "good")
    else:
        flash(_("%(name)s hoạt động lại.", name=found.name), "good")
    return redirect(url_for("teams.one", id=id), code=303)
