"""The log as a page, as files and for programs; and the line that each list that is handed out leaves in it."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import Blueprint, current_app, g, render_template, request
from flask_babel import gettext as _
from marshmallow import fields
from werkzeug.wrappers import Response

from schemas.fields import Count, Day, Record, Text
from server import web
from server.access import may
from server.api import Caller, InArea, Paged, page_of, read
from server.api import Page as Part
from server.audit import Entry, note, words
from server.audit.events import EVENTS, GROUPS
from server.audit.find import Asked, Found, Line, find
from server.clock import local_day, now
from server.pages.areas import inside, name, offered
from server.pages.asking import labelled, my_area
from server.pages.pages import Pages
from server.pages.words import ROLES, moment
from server.problems import InvalidInput, NotAllowed, NotFound
from server.store import Busy, reading, writing
from server.tables import XLSX, Table, as_csv, as_xlsx

bp = Blueprint("audit", __name__)
FILES = {"csv": as_csv, "xlsx": as_xlsx}
MOST = 100_000  # lines of a file
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}))?|(\d{4})-(\d{2})-(\d{2})", re.ASCII)


@dataclass
class Typed:
    """The filters as they were typed, and a sentence for each that does not hold."""

    values: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    def query(self, **other: Any) -> dict[str, Any]:
        """Return the filters as they stand in an address."""
        return {word: value for word, value in self.values.items() if value} | other


@bp.get("/nhat-ky")
@may("lookups.see")
def page() -> tuple[str, int]:
    """Show the log of an area, the newest first."""
    asked, typed = _asked()
    pages = Pages.read(request.args.get("trang", ""))
    found = _find(asked, pages.offset, pages.limit) if asked else Found(0, ())
    tree, unit = web.tree(), asked.unit if asked else my_area()
    return render_template(
        "audit.html", lines=_shown(found.lines), typed=typed, pages=pages.of(found.total), groups=_groups(),
        units=labelled(offered(tree, my_area(), unit)), unit=unit, unit_name=name(tree, unit),
    ), 422 if asked is None else 200  # fmt: skip


@bp.get("/nhat-ky.<ending>")
@may("lookups.see")
def file(ending: str) -> Response:
    """Answer the same lines as a file."""
    if ending not in FILES:
        raise NotFound(_("Không có tệp dạng này; chọn csv hoặc xlsx."))
    asked, typed = _asked()
    if asked is None:
        raise InvalidInput(next(iter(typed.errors.values())), errors=typed.errors)
    return FILES[ending](_table(_find(asked, 0, MOST).lines, name(web.tree(), asked.unit)))


def _find(asked: Asked, offset: int, limit: int) -> Found:
    with reading(web.db()) as conn:
        return find(conn, web.tree(), g.user["role"], asked, offset=offset, limit=limit)


def _asked() -> tuple[Asked | None, Typed]:
    typed = Typed({word: request.args.get(word, "").strip()[:80] for word in ("don-vi", "ai", "viec", "tu", "den")})
    today, tree, area = local_day(now()), web.tree(), my_area()
    days = {word: _day(typed, word, today) for word in ("tu", "den")}
    unit, what = typed.values["don-vi"] or area, typed.values["viec"]
    if unit != area and not inside(tree, area, unit):
        raise NotAllowed(_("Đơn vị này ngoài địa bàn của tài khoản; chọn đơn vị khác, hoặc hỏi người quản trị."))
    if what and what not in EVENTS and what not in GROUPS:
        typed.errors["viec"] = _("Không có việc này; chọn trong danh sách.")
    if days["tu"] and days["den"] and days["den"] < days["tu"]:
        typed.errors["den"] = _("Đến ngày ở trước từ ngày; nhập lại.")
    return (None if typed.errors else Asked(unit, typed.values["ai"], what, days["tu"], days["den"])), typed


def _day(typed: Typed, word: str, today: date) -> date | None:
    """Read 15/3, 15/3/2026 or 2026-03-15; without a year it is the latest such day that has come."""
    text = typed.values[word]
    if not text:
        return None
    found = _DAY.fullmatch(text)
    try:
        if found and found[4]:
            return date(int(found[4]), int(found[5]), int(found[6]))
        if found:
            there = date(int(found[3] or today.year), int(found[2]), int(found[1]))
            return there if found[3] or there <= today else there.replace(year=today.year - 1)
    except ValueError:
        pass
    typed.errors[word] = _("Ngày không đúng; nhập ngày/tháng/năm, ví dụ 05/11/2026.")
    return None


def _shown(lines: tuple[Line, ...]) -> list[dict[str, Any]]:
    about, tree = words.subjects(web.db().conn, lines), web.tree()
    return [
        {
            "seq": line.seq, "at": moment(line.at), "event": words.event(line), "who": words.who(line),
            "role": ROLES.get(line.role, line.role), "subject": about.get(line.subject, ""),
            "unit": name(tree, line.unit) if line.unit else "", "purpose": line.purpose,
            "detail": words.details(line),
        }
        for line in lines
    ]  # fmt: skip


def _groups() -> list[tuple[str, str, list[tuple[str, str]]]]:
    return [
        (group, str(label), [(what, str(one.words)) for what, one in EVENTS.items() if one.group == group])
        for group, label in GROUPS.items()
    ]


def _table(lines: tuple[Line, ...], unit: str) -> Table:
    headings = [
        _("Dòng"), _("Lúc"), _("Việc"), _("Người làm"), _("Vai trò"), _("Về"), _("Đơn vị"), _("Lý do tra cứu"),
        _("Ghi thêm"),
    ]  # fmt: skip
    keys = ("seq", "at", "event", "who", "role", "subject", "unit", "purpose", "detail")
    rows = [[one["seq"], *(str(one[key]) for key in keys[1:])] for one in _shown(lines)]
    facts = [(_("Đơn vị"), unit), (_("Số dòng"), str(len(rows))), (_("Lấy lúc"), moment(now()))]
    return Table("nhat-ky", _("Nhật ký tra cứu và đăng nhập"), headings, rows, facts)


@bp.after_app_request
def note_lists(response: Response) -> Response:
    """Note each list that goes out as a file: no list leaves without its line in the log."""
    kinds = (XLSX, "text/csv")
    if response.status_code != 200 or response.mimetype not in kinds or not getattr(g, "user", None):
        return response
    user, unit = g.user, request.args.get("don-vi", "")
    mine = unit if unit and inside(web.tree(), user["unit"], unit) else user["unit"]
    path = request.full_path.rstrip("?")[:300]
    entry = Entry("list_exported", user["id"], user["role"], f"list:{request.path}", mine, detail={"path": path})
    try:
        with writing(web.db()) as conn:
            note(conn, entry, now())
    except Busy as busy:
        refused: Response = current_app.make_response(current_app.handle_user_exception(busy))
        return refused
    return response


class LogQuestion(Paged):
    """The filters of the page."""

    unit = InArea()
    who = Text(load_default="", limit=80, metadata={"description": "A part of the account's name."})
    what = Text(load_default="", limit=40, metadata={"description": f"One of {', '.join(EVENTS)}; or a group."})
    since = Day(load_default=None)
    until = Day(load_default=None)


class LogLineSchema(Record):
    """A line of the log; *unit* is whose data it was, empty where nobody's."""

    seq = Count(required=True, most=10**12)
    at = fields.String(required=True, metadata={"format": "date-time"})
    what = Text(required=True)
    who = Text(required=True)
    name = Text(required=True)
    role = Text(required=True)
    subject = Text(required=True)
    unit = Text(required=True)
    purpose = Text(required=True)
    detail = fields.Dict(keys=fields.String(), required=True)


EXAMPLE = {
    "total": 1,
    "rows": [
        {"seq": 178, "at": "2026-11-05T14:30:00Z", "what": "history.open",
         "who": "019a0000-0000-7000-8000-000000000004", "name": "lan", "role": "police",
         "subject": "establishment:019a0000-0000-7000-8000-000000000005",
         "unit": "new:15664", "purpose": "Công văn số 12/CV-CAX", "detail": {}}
    ],
}  # fmt: skip


@read(
    "/log", "lookups.see", says="The log of look-ups, sign-ins and exports of an area, the newest first.",
    question=LogQuestion, answer=page_of(LogLineSchema), example=EXAMPLE, instead_of=("audit.page", "audit.file"),
)  # fmt: skip
def log(caller: Caller, asked: dict[str, Any]) -> Part:
    """Answer a page of the log."""
    if asked["what"] and asked["what"] not in EVENTS and asked["what"] not in GROUPS:
        sentence = "Không có việc này; xem danh sách trong mô tả."
        raise InvalidInput(sentence, errors={"what": sentence})
    question = Asked(asked["unit"], asked["who"], asked["what"], asked["since"], asked["until"])
    with reading(caller.db) as conn:
        found = find(conn, caller.tree, caller.role, question, offset=asked["offset"], limit=asked["limit"])
    return Part(found.total, found.lines)
