"""What can be done with an account from its page: each act says what is wrong, field by field, or what is so now."""

from collections.abc import Callable
from typing import Any

from flask import g, request
from flask_babel import gettext as _

from server import web
from server.access import caller
from server.audit import Entry, note
from server.changes import apply_one
from server.clock import local_day, now
from server.office import state_of
from server.pages.areas import inside
from server.pages.asking import my_area
from server.pages.typed_days import day as typed_day
from server.people import deputies, invitations, lockout, second, sessions
from server.problems import InvalidInput, NotAllowed
from server.store import writing

DEPUTY_FIELDS = {"nguoi": "user", "tu-ngay": "from", "den-ngay": "to", "van-ban": "paper"}
Done = dict[str, str] | str  # what is wrong, field by field, or what is so now


def entry(what: str, id: str, state: dict[str, Any], **detail: Any) -> Entry:
    """Return the line of the log for what an admin does with an account."""
    unit = f"{state['epoch']}:{state['area']}"
    about = {"name": state["name"], "address": caller(), **detail}
    return Entry(what, g.user["id"], g.user["role"], f"user:{id}", unit, detail=about)


def at_fields(problems: dict[str, str], names: dict[str, str]) -> dict[str, str]:
    """Put each problem at its field of the form; one that is at none stands above."""
    words = {key: field for field, key in names.items()}
    return {words.get(key, ""): sentence for key, sentence in problems.items()}


def _able(id: str, state: dict[str, Any]) -> Done:
    disabled = not state.get("disabled")
    asked = {"do": "user", "user": id, "disabled": disabled}
    answer = apply_one(web.db(), asked, author=g.user["id"], at=now())
    if answer["problems"]:
        return {"": next(iter(answer["problems"].values()))}
    if disabled:
        with writing(web.db()) as conn:
            sessions.end_all(conn, id)
            invitations.end(conn, id)
        return _("Đã ngừng dùng tài khoản %(name)s; mọi lần đăng nhập đã kết thúc.", name=state["name"])
    return _("Tài khoản %(name)s dùng lại được.", name=state["name"])


def _unlock(id: str, state: dict[str, Any]) -> Done:
    with writing(web.db()) as conn:
        lockout.forget(conn, lockout.account(state["name"]))
        note(conn, entry("unlocked", id, state), now())
    return _("Đã mở khóa đăng nhập cho %(name)s.", name=state["name"])


def _second_off(id: str, state: dict[str, Any]) -> Done:
    with writing(web.db()) as conn:
        second.remove(conn, id)
        sessions.end_all(conn, id)
        note(conn, entry("second_removed", id, state), now())
    return _("Đã đặt lại mã 6 số của %(name)s; lần đăng nhập sau cài lại từ đầu nếu vai trò cần.", name=state["name"])


def _end_sessions(id: str, state: dict[str, Any]) -> Done:
    which = request.form.get("session", "")
    with writing(web.db()) as conn:
        count = int(sessions.end(conn, id, which)) if which else sessions.end_all(conn, id)
        note(conn, entry("sessions_ended", id, state, count=count), now())
    every = _("Đã kết thúc mọi lần đăng nhập của %(name)s.", name=state["name"])
    return _("Đã kết thúc lần đăng nhập.") if which else every


def _deputy(id: str, state: dict[str, Any]) -> Done:
    given = {field: request.form.get(field, "").strip() for field in DEPUTY_FIELDS}
    today = local_day(now())
    asked = {key: typed_day(given[field], today) if key in ("from", "to") else given[field]
             for field, key in DEPUTY_FIELDS.items() if given[field]}  # fmt: skip
    who = state_of(web.db().conn, "user", given["nguoi"])
    if who and not inside(web.tree(), my_area(), f"{who['epoch']}:{who['area']}"):
        raise NotAllowed(_("Tài khoản này ngoài địa bàn của người quản trị; hỏi quản trị cấp trên."))
    answer = apply_one(web.db(), {"do": "deputy", "acts_for": id, **asked}, author=g.user["id"], at=now())
    if answer["problems"]:
        return at_fields(answer["problems"], DEPUTY_FIELDS)
    return _("Đã giao việc làm thay. Người làm thay chọn “Làm thay” ở đầu trang; hết ngày cuối là tự thôi.")


def _end_deputy(id: str, state: dict[str, Any]) -> Done:
    named = request.form.get("deputy", "")
    if named not in {one.id for one in deputies.every(web.db().conn) if one.acts_for == id}:
        raise InvalidInput(_("Trang đã cũ; tải lại trang rồi chọn lại."))
    apply_one(web.db(), {"do": "end_deputy", "deputy": named}, author=g.user["id"], at=now())
    return _("Đã thôi việc làm thay.")


DOES: dict[str, Callable[[str, dict[str, Any]], Done]] = {
    "able": _able,
    "unlock": _unlock,
    "second-off": _second_off,
    "end": _end_sessions,
    "deputy": _deputy,
    "end-deputy": _end_deputy,
}
