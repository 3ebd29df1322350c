"""The accounts of an area: who there is, letting somebody in, changing, disabling, and who acts for whom."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from schemas.qr import svg
from server import web
from server.access import may
from server.address import address_of, is_here
from server.audit import note
from server.changes import apply_one
from server.clock import local_day, now
from server.office import state_of, things
from server.pages.areas import inside, name, offered
from server.pages.asking import labelled, my_area
from server.pages.edit_words import told
from server.pages.pages import Pages
from server.pages.words import ROLES, moment
from server.people import deputies, invitations, second, sessions
from server.people.doing import DOES, at_fields, entry
from server.people.listing import Account, Standing, account, accounts, chosen
from server.problems import InvalidInput, NotAllowed, NotFound
from server.store import writing
from server.tables import Table, as_csv, as_xlsx

bp = Blueprint("managing", __name__)
FILES = {"csv": as_csv, "xlsx": as_xlsx}
STANDINGS = {
    Standing.IN_USE: _l("Đang dùng"),
    Standing.INVITED: _l("Đã mời, chưa đặt mật khẩu"),
    Standing.NO_PASSWORD: _l("Chưa có mật khẩu"),
    Standing.LOCKED: _l("Tạm khóa đăng nhập"),
    Standing.DISABLED: _l("Ngừng dùng"),
}
FIELDS = {"ten": "name", "vai-tro": "role", "don-vi": "area", "doi": "team"}


@dataclass(frozen=True)
class Slip:
    """A fresh invitation as it is handed over on paper; no message is sent anywhere."""

    name: str
    made: invitations.Invitation
    address: str
    here_only: bool

    @property
    def link(self) -> str:
        """The address that opens the page with the code filled in."""
        return f"{self.address}{url_for('joining.page', ma=self.made.code)}"

    @property
    def square(self) -> Any:
        """The link as a square to scan."""
        return svg(self.link, _("Lời mời dạng mã vuông"))


@bp.get("/nguoi-dung")
@may("people.manage")
def page() -> str:
    """Show the accounts of the area."""
    found, pages = _chosen(), Pages.read(request.args.get("trang", ""))
    pages = pages.of(len(found))
    return render_template(
        "users.html", rows=found[pages.offset : pages.offset + pages.limit], pages=pages, given=request.args,
        area=name(web.tree(), my_area()), STANDINGS=STANDINGS, ROLES=ROLES, unit_name=_unit_name, team_name=_team_name,
    )  # fmt: skip


@bp.get("/nguoi-dung.<ending>")
@may("people.manage")
def file(ending: str) -> Response:
    """Answer the same list as a file: csv, xlsx or json."""
    found = _chosen()
    if ending == "json":
        return jsonify({"users": [_as_json(one) for one in found]})
    if ending not in FILES:
        raise NotFound(_("Không có tệp dạng này; chọn csv, xlsx hoặc json."))
    headings = [_("Tên đăng nhập"), _("Vai trò"), _("Địa bàn"), _("Đội"), _("Tình trạng"), _("Mã 6 số từ"),
                _("Dùng gần nhất")]  # fmt: skip
    rows = [
        (one.name, str(ROLES.get(one.role, one.role)), _unit_name(one.unit), _team_name(one.team),
         str(STANDINGS[one.standing]), one.second_since and moment(one.second_since),
         one.used_at and moment(one.used_at))
        for one in found
    ]  # fmt: skip
    title = _("Người dùng – %(area)s", area=name(web.tree(), my_area()))
    return FILES[ending](Table("nguoi-dung", title, headings, rows))


def _chosen() -> list[Account]:
    found = accounts(web.db().conn, web.tree(), my_area(), now())
    asked = {key: request.args.get(word, "").strip() for word, key in
             (("tim", "text"), ("vai-tro", "role"), ("tinh-trang", "standing"))}  # fmt: skip
    return chosen(found, **asked)


def _as_json(one: Account) -> dict[str, Any]:
    return {"id": one.id, "name": one.name, "role": one.role, "unit": one.unit, "team": one.team or None,
            "standing": one.standing.value, "until": one.until or None, "second_since": one.second_since or None,
            "used_at": one.used_at or None}  # fmt: skip


def _unit_name(unit: str) -> str:
    return name(web.tree(), unit)


def _team_name(team: str) -> str:
    return str((state_of(web.db().conn, "team", team) or {}).get("name", "")) if team else ""


@bp.get("/nguoi-dung/them")
@may("people.manage")
def ask_for_new() -> str:
    """Show the form of a new account."""
    return _form({"don-vi": my_area()}, {})


@bp.post("/nguoi-dung/them")
@may("people.manage")
def make() -> tuple[str, int] | str:
    """Make an account and show its invitation, or show the form again with what is missing."""
    given = _given(request.form)
    _within(given["don-vi"])
    at = now()
    answer = apply_one(web.db(), {"do": "user", **_asked(given)}, author=g.user["id"], at=at)
    if answer["problems"]:
        return _form(given, at_fields(answer["problems"], FIELDS)), 422
    id = next(id for id, one in things(web.db().conn, "user").items() if one["name"] == given["ten"])
    return _invited(id, at)


def _given(form: MultiDict[str, str]) -> dict[str, str]:
    return {field: form.get(field, "").strip() for field in FIELDS}


def _asked(given: dict[str, str]) -> dict[str, Any]:
    return {**{key: given[field] for field, key in FIELDS.items() if given[field] and key != "team"},
            "team": given["doi"] or None}  # fmt: skip


def _within(unit: str) -> None:
    if unit and not inside(web.tree(), my_area(), unit):
        raise NotAllowed(_("Đơn vị này ngoài địa bàn của tài khoản; chọn đơn vị khác, hoặc hỏi người quản trị."))


def _form(given: dict[str, str], errors: dict[str, str]) -> str:
    return render_template("user_new.html", given=given, errors=errors, **_choices(given.get("don-vi", "")))


def _choices(unit: str) -> dict[str, Any]:
    tree, area = web.tree(), my_area()
    chosen_unit = unit if inside(tree, area, unit) else area
    teams = [(id, one["name"]) for id, one in things(web.db().conn, "team").items()
             if inside(tree, area, f"{one['epoch']}:{one['area']}") and not one.get("closed_on")]  # fmt: skip
    return {"units": labelled(offered(tree, area, chosen_unit)), "ROLES": ROLES,
            "teams": sorted(teams, key=lambda team: team[1])}  # fmt: skip


def _invited(id: str, at: datetime) -> str:
    """Invite an account anew and show the slip, this once."""
    state = state_of(web.db().conn, "user", id) or {}
    with writing(web.db()) as conn:
        made = invitations.invite(conn, id, at)
        note(conn, entry("invited", id, state), at)
    address = web.settings().public_url or address_of(web.settings().data)
    slip = Slip(state["name"], made, address, is_here(address))
    return render_template("invitation.html", slip=slip, id=id)


@bp.get("/nguoi-dung/<id>")
@may("people.manage")
def one(id: str) -> str:
    """Show one account with what can be done."""
    return _one_page(id, _state(id), {}, {})


def _state(id: str) -> dict[str, Any]:
    """Return the account of that id, or raise what a person must read."""
    state = state_of(web.db().conn, "user", id)
    if state is None:
        raise NotFound(_("Không có tài khoản này; mở lại danh sách người dùng."))
    if not inside(web.tree(), my_area(), f"{state['epoch']}:{state['area']}"):
        raise NotAllowed(_("Tài khoản này ngoài địa bàn của người quản trị; hỏi quản trị cấp trên."))
    return state


def _one_page(id: str, state: dict[str, Any], given: dict[str, str], errors: dict[str, str]) -> str:
    conn, at = web.db().conn, now()
    shown = account(conn, id, state, at)
    given = given or {"ten": shown.name, "vai-tro": shown.role, "don-vi": shown.unit, "doi": shown.team}
    mine = [one for one in deputies.every(conn) if one.acts_for == id]
    others = [(other.id, other.name) for other in accounts(conn, web.tree(), my_area(), at)
              if other.id != id and other.standing is not Standing.DISABLED]  # fmt: skip
    return render_template(
        "user_one.html", one=shown, given=given, errors=errors, sessions=sessions.of_user(conn, id, at),
        second=second.of_user(conn, id), deputies=mine, today=local_day(at), called=lambda who: _called(who),
        others=others, edits=told(conn, "user", id), STANDINGS=STANDINGS, Standing=Standing, unit_name=_unit_name,
        **_choices(given["don-vi"]),
    )  # fmt: skip


def _called(user: str) -> str:
    return deputies.called(web.db().conn, user)


@bp.post("/nguoi-dung/<id>")
@may("people.manage")
def change(id: str) -> tuple[str, int] | Response:
    """Change name, role, area and team; a changed account signs in anew."""
    state, given = _state(id), _given(request.form)
    _within(given["don-vi"])
    missing = {field: _("Chưa ghi mục này.") for field in ("ten", "vai-tro", "don-vi") if not given[field]}
    if missing:
        return _one_page(id, state, given, missing), 422
    answer = apply_one(web.db(), {"do": "user", "user": id, **_asked(given)}, author=g.user["id"], at=now())
    if answer["problems"]:
        return _one_page(id, state, given, at_fields(answer["problems"], FIELDS)), 422
    flash(_("Đã ghi. Người này đăng nhập lại từ lần sau."), "good")
    return redirect(url_for("managing.one", id=id), code=303)


@bp.post("/nguoi-dung/<id>/moi")
@may("people.manage")
def invite(id: str) -> str | tuple[str, int]:
    """Invite anew: a new password is set by whoever holds the slip; the old one stays good until then."""
    state = _state(id)
    if state.get("disabled"):
        return _one_page(id, state, {}, {"": _("Tài khoản đang ngừng dùng; bấm “Dùng lại” trước khi mời.")}), 422
    return _invited(id, now())


@bp.post("/nguoi-dung/<id>/lam")
@may("people.manage")
def do(id: str) -> tuple[str, int] | Response:
    """Do one of the things that the page of an account offers."""
    state, what = _state(id), request.form.get("do", "")
    if what not in DOES:
        raise InvalidInput(_("Trang đã cũ; tải lại trang rồi chọn lại."))
    wrong = DOES[what](id, state)
    if isinstance(wrong, dict):
        return _one_page(id, state, {}, wrong), 422
    flash(wrong, "good")
    return redirect(url_for("managing.one", id=id), code=303)
