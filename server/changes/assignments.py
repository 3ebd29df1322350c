"""The office sends a team to a place, and takes that back. A second planned visit in a year is refused here."""

import json
import sqlite3
from datetime import date, timedelta
from typing import Any

from schemas.ids import new_id
from schemas.register import State
from server.changes.desk import Desk, Unclear, checked_edit, only, text
from server.office import Change, state_of, things

PLANNED = "planned"
AHEAD = timedelta(days=2 * 366)  # next year's list is made this year


def assign(desk: Desk, asked: dict[str, Any]) -> Change:
    """Send a team to a place until a day; asked again for the same team and place, it changes what is open."""
    only(asked, "establishment", "team", "basis", "given_on", "starts_on", "expires_on", "note")
    place, _ = desk.establishment(asked)
    team = _team(desk, asked)
    given = desk.day(asked, "given_on") if asked.get("given_on") else desk.today
    starts = desk.day(asked, "starts_on", AHEAD) if asked.get("starts_on") else given
    until = desk.day(asked, "expires_on", AHEAD)
    if until < given:
        raise Unclear("expires_on", "Hạn thực hiện ở trước ngày phân công; ghi lại.")
    if until < starts:
        raise Unclear("starts_on", "Ngày bắt đầu ở sau hạn thực hiện; ghi lại.")
    basis = text(asked, "basis") if asked.get("basis") else PLANNED
    if basis == PLANNED:
        _once_a_year(desk.conn, place, starts, until)
    after: State = {"establishment": place, "team": team, "basis": basis, "given_on": given.isoformat(),
                    "expires_on": until.isoformat(), "reserved": False, "withdrawn": False}  # fmt: skip
    if asked.get("note"):
        after["note"] = text(asked, "note")
    if asked.get("starts_on"):
        after["starts_on"] = starts.isoformat()
    id, present = _open(desk, place, team, starts) or (new_id(), {})
    return checked_edit("assignment", id, after, present)


def unassign(desk: Desk, asked: dict[str, Any]) -> Change:
    """Take an assignment back, named by its id, or by place and team; a team's own reservation too."""
    only(asked, "assignment", "establishment", "team")
    if asked.get("assignment"):
        id = text(asked, "assignment")
        present = state_of(desk.conn, "assignment", id)
        if present is None:
            raise Unclear("assignment", f"Không có phân công mã “{id}”; xem lại mã.")
        return checked_edit("assignment", id, {"withdrawn": True}, present)
    place, _ = desk.establishment(asked)
    found = _open(desk, place, _team(desk, asked))
    if found is None:
        raise Unclear("establishment", "Đội này không có phân công còn hạn ở cơ sở này.")
    return checked_edit("assignment", found[0], {"withdrawn": True}, found[1])


def _team(desk: Desk, asked: dict[str, Any]) -> str:
    """Return the team that a line names by id, or by its exact name where only one has it."""
    named = text(asked, "team")
    if state_of(desk.conn, "team", named):
        return named
    found = [id for id, state in things(desk.conn, "team").items() if state.get("name") == named]
    if len(found) != 1:
        raise Unclear("team", f"Không rõ đội “{named}”; ghi mã định danh của đội.")
    return found[0]


def _open(desk: Desk, place: str, team: str, since: date = date.min) -> tuple[str, State] | None:
    """Return the latest assignment of a team to a place that is neither past nor taken back, and not over by *since*.

    What is to be done next year is another than what is to be done this year.
    """
    row = desk.conn.execute(
        "SELECT things.id, state FROM assignments JOIN things ON things.kind = 'assignment' AND things.id ="
        " assignments.id WHERE establishment = ? AND team = ? AND expires_on >= ? AND withdrawn = 0"
        " ORDER BY things.id DESC LIMIT 1",
        (place, team, max(desk.today, since).isoformat()),
    ).fetchone()
    return (row[0], json.loads(row[1])) if row else None


def _once_a_year(conn: sqlite3.Connection, place: str, given: date, until: date) -> None:
    """Refuse a planned visit where every year that it may fall in has its check: the law allows one."""
    checks = [_checked(conn, place, year) for year in range(given.year, until.year + 1)]
    if all(checks):
        day = date.fromisoformat(checks[0])
        raise Unclear(
            "establishment",
            f"Cơ sở đã được kiểm tra ngày {day:%d/%m/%Y}, mỗi năm không quá một lần (Nghị quyết 198/2025/QH15)."
            " Có dấu hiệu vi phạm rõ ràng thì phân công kiểm tra đột xuất.",
        )


def _checked(conn: sqlite3.Connection, place: str, year: int) -> str:
    """Return the day of the last check of a place in a year, by a team or another body; empty when there is none."""
    row = conn.execute(
        "WITH records AS (SELECT id FROM establishments"
        "                  WHERE root = (SELECT root FROM establishments WHERE id = :place)),"
        "     checks AS (SELECT date FROM visits WHERE counting = 1 AND establishment IN (SELECT id FROM records)"
        "                UNION ALL"
        "                SELECT date FROM outside_checks WHERE establishment IN (SELECT id FROM records))"
        " SELECT max(date) FROM checks WHERE date >= :since AND date < :until",
        {"place": place, "since": f"{year:04d}-01-01", "until": f"{year + 1:04d}-01-01"},
    ).fetchone()
    return row[0] or ""
