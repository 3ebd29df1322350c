"""Access tokens of one's own account: made, shown once, taken back."""

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import fields
from werkzeug.wrappers import Response

from schemas.fields import Day, Id, Record, Text
from server import tokens, web
from server.access import SIGNED_IN, knock
from server.api import Caller, read
from server.clock import now
from server.problems import NotFound
from server.tokens import DAYS, MOST, Token

bp = Blueprint("tokens", __name__)
LONGEST_NAME = 60
WORDS = {30: _l("30 ngày"), 90: _l("90 ngày"), 365: _l("1 năm")}


@bp.get("/tai-khoan/ma-truy-cap")
@knock(SIGNED_IN)
def page() -> str:
    """Show the own tokens and the form for another."""
    return _page({"days": "90"}, {})


@bp.post("/tai-khoan/ma-truy-cap")
@knock(SIGNED_IN)
def make() -> tuple[str, int] | str:
    """Make a token and show it, this once; or show the form again with what to put right."""
    given = {"name": request.form.get("name", "").strip(), "days": request.form.get("days", "")}
    errors = _wrong(given, now())
    if errors:
        return _page(given, errors), 422
    made = tokens.make(web.db(), g.user, given["name"], int(given["days"]), now())
    return _page({"days": "90"}, {}, made)


def _wrong(given: dict[str, str], at: datetime) -> dict[str, str]:
    wrong = {}
    if not given["name"]:
        wrong["name"] = _("Ghi mã này dùng cho việc gì, ví dụ: bảng số liệu của phòng.")
    elif len(given["name"]) > LONGEST_NAME:
        wrong["name"] = _("Dài quá %(limit)s ký tự; rút ngắn lại.", limit=LONGEST_NAME)
    if given["days"] not in map(str, DAYS):
        wrong["days"] = _("Chọn thời hạn trong danh sách.")
    if sum(one.holds(at) for one in tokens.of_user(web.db().conn, g.user["id"])) >= MOST:
        wrong["name"] = _("Đã có %(most)s mã còn dùng được; hủy bớt mã cũ rồi tạo mã mới.", most=MOST)
    return wrong


@bp.post("/tai-khoan/ma-truy-cap/<id>/huy")
@knock(SIGNED_IN)
def revoke(id: str) -> Response:
    """Take a token back: the program that has it reads nothing more."""
    if not tokens.revoke(web.db(), g.user, id, now()):
        raise NotFound(_("Không có mã này; mở lại danh sách mã truy cập."))
    flash(_("Đã hủy mã truy cập; chương trình đang dùng mã này không đọc được nữa."))
    return redirect(url_for("tokens.page"), code=303)


def _page(given: dict[str, str], errors: dict[str, str], made: str = "") -> str:
    at = now()
    mine = [(one, _standing(one, at), one.holds(at)) for one in tokens.of_user(web.db().conn, g.user["id"])]
    return render_template("tokens.html", mine=mine, given=given, errors=errors, made=made, choices=WORDS)


def _standing(one: Token, at: datetime) -> str:
    if one.revoked_at:
        return _("Đã hủy")
    return _("Còn dùng được") if one.holds(at) else _("Hết hạn")


class TokenSchema(Record):
    """An access token of one's own, without its text."""

    id = Id(required=True)
    name = Text(required=True)
    ends_in = Text(required=True)
    made_at = fields.String(required=True)
    expires_at = fields.String(required=True)
    revoked_at = fields.String(required=True, allow_none=True)
    used_on = Day(required=True, allow_none=True)


class TokensSchema(Record):
    """The own tokens, and the addresses of the own calendar feed; the newest first."""

    tokens = fields.List(fields.Nested(TokenSchema), required=True)
    calendars = fields.List(fields.Nested(TokenSchema), required=True)


EXAMPLE = {
    "tokens": [
        {"id": "019a0000-0000-7000-8000-000000000003", "name": "Bảng số liệu của phòng", "ends_in": "x7Qa",
         "made_at": "2026-11-05T02:00:00Z", "expires_at": "2027-02-03T02:00:00Z", "revoked_at": None,
         "used_on": "2026-11-20"}
    ],
    "calendars": [],
}  # fmt: skip


@read(
    "/access_tokens", SIGNED_IN, says="The own access tokens and calendar addresses, without their text.",
    answer=TokensSchema, example=EXAMPLE, instead_of=("tokens.page", "due_feed.page"),
)  # fmt: skip
def access_tokens(caller: Caller, asked: dict[str, Any]) -> dict[str, Any]:
    """Answer the own tokens, and those of the calendar apart."""
    calendars = tokens.of_user(caller.conn, caller.id, tokens.CALENDAR)
    return {"tokens": tokens.of_user(caller.conn, caller.id), "calendars": calendars}
