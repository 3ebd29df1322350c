"""The calendar feed: the page on which a person makes and ends addresses of it, and the feed itself."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from server import tokens, web
from server.access import EVERYBODY, knock, may
from server.clock import local_day, now
from server.due.calendar import calendar
from server.due.lines import lines
from server.due.listing import due
from server.pages.areas import name
from server.problems import NotFound
from server.rights import may as may_do
from server.store import reading
from server.tokens import CALENDAR, MOST

bp = Blueprint("due_feed", __name__)
DAYS = 365
LOOK_BACK, LOOK_AHEAD = timedelta(days=60), timedelta(days=400)
LONGEST_NAME = 60


@bp.get("/han-bao-cao/lich")
@may("deadlines.see")
def page() -> str:
    """Show the own addresses of the calendar and the form for another."""
    return _page({}, {})


@bp.post("/han-bao-cao/lich")
@may("deadlines.see")
def make() -> tuple[str, int] | str:
    """Make an address and show it, this once; or show the form again with what to put right."""
    given = {"name": request.form.get("name", "").strip()}
    errors = _wrong(given)
    if errors:
        return _page(given, errors), 422
    text = tokens.make(web.db(), g.user, given["name"], DAYS, now(), scope=CALENDAR)
    root = web.settings().public_url or request.url_root
    return _page({}, {}, f"{root.rstrip('/')}{url_for('due_feed.feed')}?ma={text}")


def _wrong(given: dict[str, str]) -> dict[str, str]:
    if not given["name"]:
        return {"name": _("Ghi lịch này dùng ở đâu, ví dụ: điện thoại, Outlook ở phòng.")}
    if len(given["name"]) > LONGEST_NAME:
        return {"name": _("Dài quá %(limit)s ký tự; rút ngắn lại.", limit=LONGEST_NAME)}
    if sum(one.holds(now()) for one in tokens.of_user(web.db().conn, g.user["id"], CALENDAR)) >= MOST:
        return {"name": _("Đã có %(most)s địa chỉ còn dùng được; hủy bớt rồi tạo địa chỉ mới.", most=MOST)}
    return {}


@bp.post("/han-bao-cao/lich/<id>/huy")
@may("deadlines.see")
def end(id: str) -> Response:
    """End an address: whoever has it reads nothing more."""
    if not tokens.revoke(web.db(), g.user, id, now()):
        raise NotFound(_("Không có địa chỉ này; mở lại danh sách."))
    flash(_("Đã hủy địa chỉ lịch; máy đang dùng địa chỉ này không nhận được hạn báo cáo nữa."))
    return redirect(url_for("due_feed.page"), code=303)


@bp.get("/han-bao-cao.ics")
@knock(EVERYBODY)
def feed() -> Response:
    """Answer the deadlines of the area of whoever made the address; anything else is answered as not there."""
    at = now()
    found = tokens.holder_of(web.db(), request.args.get("ma", ""), at, CALENDAR)
    user = found.user if found else None
    if found is None or user is None or not may_do(user["role"], "deadlines.see"):
        raise NotFound(_("Địa chỉ lịch này không còn dùng được; tạo địa chỉ mới ở trang Hạn báo cáo."))
    today, tree = local_day(at), web.tree()
    with reading(web.db()) as conn:
        dues = due(conn, tree, user["unit"], today - LOOK_BACK, today + LOOK_AHEAD, today)
    title = f"Hạn báo cáo – {name(tree, user['unit'])}"
    body = calendar(lines(dues), title, at, local_day(found.expires_at))
    return Response(body, content_type="text/calendar; charset=utf-8")


def _page(given: dict[str, str], errors: dict[str, str], made: str = "") -> str:
    at = now()
    mine: list[tuple[Any, str, bool]] = [
        (one, _standing(one, at), one.holds(at)) for one in tokens.of_user(web.db().conn, g.user["id"], CALENDAR)
    ]
    return render_template(
        "due_feed.html", mine=mine, given=given, errors=errors, made=made,
        unit_name=name(web.tree(), g.user["unit"]),
    )  # fmt: skip


def _standing(one: tokens.Token, at: Any) -> str:
    if one.revoked_at:
        return _("Đã hủy")
    return _("Còn dùng được") if one.holds(at) else _("Hết hạn")
