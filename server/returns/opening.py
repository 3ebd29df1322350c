"""Opening a return: one draft for a unit, a report and its days; what stands in it before anybody writes."""

import sqlite3
import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from schemas.plans import Report
from schemas.register import State
from schemas.returns import ReturnStanding
from schemas.units import UnitTree
from server.documents.templates import filled, template
from server.office import state_of
from server.pages.areas import inside
from server.plans.listing import Plan, plan
from server.returns import blanks
from server.returns.days import Days, days_of, deadline_of, epoch_of, issuing, quarter_days

_NAMES = uuid.UUID("0b7d9c62-6a53-5a43-9d1f-d0178d0178d0")  # of returns: the same one asked for twice has one id
HEAD = ("issuer_above", "issuer", "symbol", "place", "authority", "signing", "role", "signer")
COPIED = ("plan", "deadline", "report", "epoch", "area", "from", "to", "due", "strict", "receivers", "title", *HEAD)


class CannotOpen(Exception):
    """A return that cannot be opened: the field, and what to do in a sentence."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Asked:
    """Which return: of *unit*, a *report* of *year*; *deadline* by its code; *since* and *until* where one chooses."""

    unit: str
    report: Report
    year: int
    plan: str = ""
    deadline: str = ""
    quarter: int = 0
    since: date | None = None
    until: date | None = None


def opened(conn: sqlite3.Connection, tree: UnitTree, asked: Asked, today: date) -> tuple[str, State]:
    """Return the id and first state of the return that is asked for; both are the same however often it is asked."""
    if tree.get(asked.unit) is None:
        raise CannotOpen("unit", f"Không có đơn vị {asked.unit}; xem lại mã và bản đồ.")
    under = _plan(conn, tree, asked, today)
    days, deadline = _days(under, asked)
    if days.until < days.since:
        raise CannotOpen("to", "Ngày chốt số liệu ở trước ngày đầu kỳ; nhập lại.")
    epoch, area = epoch_of(asked.unit)
    state: State = {
        "plan": under.id if under else None, "deadline": (deadline.code or deadline.place) if deadline else None,
        "report": asked.report.value, "epoch": epoch.value, "area": area,
        "from": days.since.isoformat(), "to": days.until.isoformat(),
        "due": days.due.isoformat() if days.due else None, "strict": days.strict,
        "receivers": _receivers(deadline.receiver) if deadline else [],
        **issuing(tree, asked.unit), **last_head(conn, asked.unit),
        "standing": ReturnStanding.DRAFT.value, "version": 1,
    }  # fmt: skip
    named = {"name": under.name, "number": under.number} if under else {}
    text = template(conn, tree, asked.unit, asked.report.value)
    state["title"] = filled(text, blanks.of_state(tree, state, named)).title
    return return_id(state), state


def return_id(state: State) -> str:
    """Return the id of the return with these days, of this unit, plan, report and version."""
    key = [state.get(name) or "" for name in ("epoch", "area", "plan", "report", "from", "to", "version")]
    return str(uuid.uuid5(_NAMES, "|".join(map(str, key))))


def _plan(conn: sqlite3.Connection, tree: UnitTree, asked: Asked, today: date) -> Plan | None:
    if not asked.plan:
        if asked.report in (Report.QUARTER, Report.AD_HOC):
            return None
        raise CannotOpen("plan", "Chọn kế hoạch của báo cáo này.")
    state = state_of(conn, "plan", asked.plan)
    if state is None:
        raise CannotOpen("plan", f"Không có kế hoạch mã “{asked.plan}”; xem mã ở trang Kế hoạch.")
    found = plan(conn, asked.plan, today)
    if not inside(tree, found.unit, asked.unit):
        raise CannotOpen("plan", f"Kế hoạch {found.name} không áp dụng cho đơn vị này; chọn kế hoạch khác.")
    if not int(found.since[:4]) <= asked.year <= int(found.until[:4]):
        raise CannotOpen("year", f"Kế hoạch {found.name} không có năm {asked.year}; chọn năm khác.")
    return found


def _days(under: Plan | None, asked: Asked) -> tuple[Days, Any]:
    deadline = deadline_of(under, asked.report, asked.unit, asked.deadline) if under else None
    if asked.deadline and deadline is None:
        raise CannotOpen("deadline", f"Kế hoạch không có hạn “{asked.deadline}”; xem lại ký hiệu.")
    if asked.since and asked.until:
        due = days_of(under, asked.report, deadline, asked.year) if under else None
        return Days(asked.since, asked.until, due.due if due else None, due.strict if due else False), deadline
    if asked.report is Report.QUARTER:
        if asked.quarter not in (1, 2, 3, 4):
            raise CannotOpen("quarter", "Chọn quý, từ 1 đến 4.")
        return quarter_days(asked.year, asked.quarter), deadline
    if asked.report is Report.AD_HOC or under is None:
        raise CannotOpen("from", "Nhập ngày đầu kỳ và ngày chốt số liệu của báo cáo đột xuất.")
    return days_of(under, asked.report, deadline, asked.year), deadline


def _receivers(said: str) -> list[str]:
    return [part.strip() for part in said.split(";") if part.strip()]


def last_head(conn: sqlite3.Connection, unit: str) -> State:
    """Return issuing body, symbol, place and who signs from the unit's newest return; nothing where it has none."""
    row = conn.execute("SELECT id FROM returns WHERE unit = ? ORDER BY until DESC, id LIMIT 1", (unit,)).fetchone()
    state = (state_of(conn, "return", row[0]) or {}) if row else {}
    return {field: state.get(field) for field in HEAD} if state else {}


def next_version(state: State, id: str, reason: str) -> tuple[str, State]:
    """Return the id and first state of the return that takes the place of the one that was sent, with its texts."""
    kept = {path: value for path, value in state.items() if path in COPIED or path.startswith("part/")}
    kept |= {"standing": ReturnStanding.DRAFT.value, "version": state["version"] + 1, "replaces": id, "reason": reason}
    return return_id(kept), kept
