"""Returns: opened or carried on, a part written, sent, numbered. What was sent changes no more."""

import sqlite3
from pathlib import Path
from typing import Any

from schemas.ids import is_id
from schemas.plans import Report
from schemas.register import State
from schemas.returns import ReturnStanding
from server.arrivals.world import unit_tree
from server.changes.desk import Desk, Unclear, checked_edit, only, person, text
from server.office import Change, state_of
from server.returns import freezing, opening
from server.returns.draft import Where
from server.settings import Settings

WRITTEN = ("title", *opening.HEAD)
_OPENING = ("unit", "epoch", "plan", "report", "year", "quarter", "deadline", "from", "to")


def open_return(desk: Desk, asked: dict[str, Any]) -> Change:
    """Open a return, or another version of one that was sent (*replaces*, *reason*), or change the one named by its id.

    Opened twice it is the same draft, with what was written in it; one that was dropped is a draft again.
    """
    only(asked, "return", "replaces", "reason", "receivers", "drop", *_OPENING, *WRITTEN)
    if asked.get("return"):
        return _change(desk, asked)
    id, state = _version(desk, asked) if asked.get("replaces") else _first(desk, asked)
    present = state_of(desk.conn, "return", id)
    if present is None:
        return checked_edit("return", id, {path: value for path, value in state.items() if value is not None}, {})
    if present["standing"] == ReturnStanding.DROPPED:
        return checked_edit("return", id, {"standing": ReturnStanding.DRAFT.value}, present)
    return checked_edit("return", id, {"standing": present["standing"]}, present)


def _first(desk: Desk, asked: dict[str, Any]) -> tuple[str, State]:
    report = text(asked, "report")
    if report not in set(Report) - {Report.OTHER}:
        raise Unclear("report", "Chọn loại báo cáo: half_year, year, quarter, ad_hoc hoặc end_of_period.")
    since, until = (desk.any_day(asked, field) if asked.get(field) else None for field in ("from", "to"))
    year = _number(asked, "year") if asked.get("year") else (until or desk.today).year
    wanted = opening.Asked(
        desk.unit(asked, "unit", until or desk.today).key, Report(report), year, str(asked.get("plan") or ""),
        str(asked.get("deadline") or ""), _number(asked, "quarter") if asked.get("quarter") else 0, since, until,
    )  # fmt: skip
    try:
        return opening.opened(desk.conn, unit_tree(desk.conn), wanted, desk.today)
    except opening.CannotOpen as error:
        raise Unclear(error.field, str(error)) from None


def _number(asked: dict[str, Any], field: str) -> int:
    said = str(asked[field]).strip()
    if not (said.isascii() and said.isdigit() and len(said) < 5):
        raise Unclear(field, "Nhập một số.")
    return int(said)


def _version(desk: Desk, asked: dict[str, Any]) -> tuple[str, State]:
    id, present = find_return(desk, asked, "replaces")
    if present["standing"] == ReturnStanding.REPLACED:
        raise Unclear("replaces", "Báo cáo này đã có lần mới thay; mở lần mới nhất.")
    if present["standing"] != ReturnStanding.SENT:
        raise Unclear("replaces", "Báo cáo này chưa gửi; sửa ngay trên bản nháp.")
    return opening.next_version(present, id, text(asked, "reason"))


def _change(desk: Desk, asked: dict[str, Any]) -> Change:
    """Set what stands on paper around the parts, its days, or that nobody goes on with it."""
    id, present = find_return(desk, asked)
    after: State = {field: asked[field] or None for field in (*WRITTEN, "reason") if field in asked}
    after |= {field: desk.any_day(asked, field).isoformat() for field in ("from", "to") if asked.get(field)}
    if "receivers" in asked:
        after["receivers"] = _lines(asked["receivers"])
    if asked.get("drop"):
        after["standing"] = ReturnStanding.DROPPED.value
    for field in ("title", "issuer"):
        if field in after and not after[field]:
            raise Unclear(field, "Chưa ghi mục này.")
    if (present | after)["to"] < (present | after)["from"]:
        raise Unclear("to", "Ngày chốt số liệu ở trước ngày đầu kỳ; nhập lại.")
    changed = {path: value for path, value in after.items() if present.get(path) != value}
    return checked_edit("return", id, changed or {"standing": present["standing"]}, present)


def _lines(said: Any) -> list[str]:
    lines = said.splitlines() if isinstance(said, str) else list(said)
    return [str(line).strip() for line in lines if str(line).strip()]


def write_part(desk: Desk, asked: dict[str, Any]) -> Change:
    """Write one part of a draft; with an empty text the prefilled one stands again.

    *seen* is the text that stood there: where somebody else has written since, both are kept to be compared.
    """
    only(asked, "return", "part", "text", "seen")
    id, present = find_return(desk, asked)
    path = f"part/{text(asked, 'part')}"
    said = asked.get("text") or ""
    before = present.get(path)
    if "seen" in asked and (asked["seen"] or "") != ((before or {}).get("text") or ""):
        raise Unclear("text", "Người khác vừa sửa phần này; xem câu của họ ở dưới rồi ghi lại.")
    return checked_edit("return", id, {path: {"text": said} if str(said).strip() else None}, present)


def freeze(desk: Desk, asked: dict[str, Any]) -> list[Change]:
    """Send a return: what it says is written to a file first, then it is said that it was sent."""
    only(asked, "return")
    id, present = find_return(desk, asked)
    if present["standing"] != ReturnStanding.DRAFT:
        raise Unclear("return", "Báo cáo này đã gửi, hoặc không còn là bản nháp; mở lại danh sách báo cáo.")
    where = Where(desk.conn, unit_tree(desk.conn), files_beside(desk.conn), desk.today)
    return freezing.freeze(where, id, present, person(desk))


def files_beside(conn: sqlite3.Connection) -> Path:
    """Return the folder of files that belongs to a database."""
    data = Path(conn.execute("PRAGMA database_list").fetchone()[2]).parent
    return Settings(data).files


def number(desk: Desk, asked: dict[str, Any]) -> Change:
    """Write down the number that the clerk gave a return that was sent, and the day it was signed."""
    only(asked, "return", "number", "on")
    id, present = find_return(desk, asked)
    if present["standing"] not in {ReturnStanding.SENT, ReturnStanding.REPLACED}:
        raise Unclear("number", "Báo cáo chưa gửi; văn thư cấp số sau khi gửi.")
    after = {"number": text(asked, "number"), "signed_on": desk.day(asked, "on").isoformat()}
    return checked_edit("return", id, after, present)


def find_return(desk: Desk, asked: dict[str, Any], field: str = "return") -> tuple[str, State]:
    """Return the id and state of the return that a line names."""
    id = text(asked, field)
    state = state_of(desk.conn, "return", id) if is_id(id) else None
    if state is None:
        raise Unclear(field, f"Không có báo cáo mã “{id}”; xem mã ở trang Báo cáo.")
    return id, state
