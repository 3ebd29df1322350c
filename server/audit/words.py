"""What a line of the log says to a person: what it was about, and what is noted beside it."""

import json
import sqlite3
from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from server.audit.events import EVENTS
from server.audit.find import Line
from server.jobs.listed import JOBS
from server.office import state_of
from server.pages.words import ROLES, day
from server.store import in_parts, marks

DETAILS = {
    "address": _l("địa chỉ máy"),
    "name": _l("tên"),
    "path": _l("trang"),
    "as_of": _l("tính đến ngày"),
    "by": _l("cách làm"),
    "units": _l("các đơn vị"),
    "rows": _l("số dòng"),
    "read": _l("mục đọc"),
    "reason": _l("lý do"),
    "ground": _l("căn cứ"),
    "role": _l("vai trò"),
    "disabled": _l("ngừng dùng"),
    "expires_at": _l("hạn"),
    "minutes": _l("số phút"),
    "count": _l("số lượng"),
    "form": _l("dạng tệp"),
    "second": _l("bước hai"),
    "for": _l("làm thay"),
    "from": _l("từ ngày"),
    "to": _l("đến ngày"),
    "data": _l("loại dữ liệu"),
}
SUBJECTS = {"item": _l("Hồ sơ"), "list": _l("Danh sách")}
WITHOUT_ID = {
    "token": _l("Mã truy cập"),
    "item": _l("Hồ sơ"),
    "list": _l("Danh sách"),
    "deputy": _l("Việc làm thay"),
    "inspection": _l("Cuộc kiểm tra"),
    "hold": _l("Yêu cầu giữ lại"),
    "tip": _l("Tin báo"),
    "repeat_list": _l("Danh sách tái phạm"),
}


def event(line: Line) -> str:
    """Return what was done."""
    known = EVENTS.get(line.what)
    return str(known.words) if known else line.what


def who(line: Line) -> str:
    """Return who did it; nobody was signed in where it is empty."""
    programs = {"": _("Chưa đăng nhập"), "restore": _("Lệnh khôi phục"), "audit": _("Máy chủ"), "jobs": _("Máy chủ"),
                "command": _("Lệnh trên máy chủ")}  # fmt: skip
    return programs.get(line.name, line.name)


def subjects(conn: sqlite3.Connection, lines: Iterable[Line]) -> dict[str, str]:
    """Return the words for what *lines* are about."""
    wanted = {line.subject for line in lines if line.subject}
    names = _names(conn, "establishment", wanted) | _names(conn, "operator", wanted)
    return {subject: names.get(subject) or _other(conn, subject) for subject in wanted}


def _names(conn: sqlite3.Connection, kind: str, wanted: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    ids = [subject.partition(":")[2] for subject in wanted if subject.startswith(f"{kind}:")]
    for some in in_parts(ids):
        rows = conn.execute(
            f"SELECT id, state FROM things WHERE kind = ? AND id IN ({marks(some)})", (kind, *some)
        )
        found |= {f"{kind}:{id}": str(json.loads(state).get("name", "")) for id, state in rows}
    return found


def _other(conn: sqlite3.Connection, subject: str) -> str:
    kind, _colon, id = subject.partition(":")
    if kind == "job":
        return str(JOBS[id].words) if id in JOBS else id
    if kind in WITHOUT_ID:
        return str(WITHOUT_ID[kind])
    if kind == "user":
        return str((state_of(conn, "user", id) or {}).get("name", ""))
    return f"{SUBJECTS[kind]} {id[:12] if kind == 'item' else id[:60]}" if kind in SUBJECTS else id


def details(line: Line) -> str:
    """Return what is noted beside it, as far as it has words."""
    said = [f"{DETAILS[key]}: {_value(key, value)}" for key, value in line.detail.items() if key in DETAILS]
    return "; ".join(said)


def _value(key: str, value: object) -> str:
    if key == "role":
        return str(ROLES.get(str(value), value))
    if key in {"from", "to", "expires_at"}:
        return day(str(value)) if value else "–"
    if isinstance(value, bool):
        return _("có") if value else _("không")
    return "–" if value is None else str(value)
