"""What a line of `apply` is read with: the present state, and how it names things."""

import sqlite3
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from schemas.ids import is_id
from schemas.register import State, check_edit
from schemas.units import AdminUnit, epoch_on, unit_key
from server.arrivals.world import unit_tree
from server.office import Change, edit, state_of
from server.people.deputies import called

REQUIRED = "Chưa ghi mục này."
_AHEAD = timedelta(days=366)  # a change may be decided before its day


class Unclear(Exception):
    """A line that cannot be made: what is wrong, a sentence for each field."""

    def __init__(self, field: str, sentence: str) -> None:
        """Begin with one problem."""
        super().__init__(sentence)
        self.problems = {field: sentence}

    @classmethod
    def all(cls, problems: dict[str, str]) -> "Unclear":
        """Make one that says several problems at once."""
        unclear = cls("", "")
        unclear.problems = problems
        return unclear


@dataclass(frozen=True)
class Desk:
    """Who makes a change, on which day, over which database."""

    conn: sqlite3.Connection
    author: str
    today: date

    def establishment(self, asked: dict[str, Any], field: str = "establishment") -> tuple[str, State]:
        """Return the id and present state of the establishment that a line names by id or by code."""
        named = text(asked, field)
        ids = [named] if is_id(named) else self._by_code(named)
        if len(ids) > 1:
            raise Unclear(field, f"Có nhiều cơ sở mang mã {named}; ghi mã định danh thay cho mã cơ sở.")
        state = state_of(self.conn, "establishment", ids[0]) if ids else None
        if state is None:
            raise Unclear(field, f"Không có cơ sở “{named}”; xem lại mã.")
        return ids[0], state

    def _by_code(self, code: str) -> list[str]:
        rows = self.conn.execute("SELECT id, merged_into FROM establishments WHERE code = ? ORDER BY id", (code,))
        found = rows.fetchall()
        return [id for id, merged_into in found if not merged_into] or [id for id, _ in found]

    def operator(self, asked: dict[str, Any], field: str = "operator") -> tuple[str, State]:
        """Return the id and present state of the operator that a line names by id."""
        named = text(asked, field)
        state = state_of(self.conn, "operator", named)
        if state is None:
            raise Unclear(field, f"Không có chủ cơ sở mã “{named}”; ghi mã định danh của chủ cơ sở.")
        return named, state

    def unit(self, asked: dict[str, Any], field: str, on: date) -> AdminUnit:
        """Return the unit that a line names by code; the map is *epoch*, else the one in force on the day."""
        named = text(asked, field)
        epoch = text(asked, "epoch") if asked.get("epoch") else epoch_on(on).value
        unit = unit_tree(self.conn).get(named if ":" in named else unit_key(epoch, named))
        if unit is None:
            raise Unclear(field, f"Không có đơn vị mã {named} trên bản đồ {epoch}; xem lại mã và epoch.")
        return unit

    def any_day(self, asked: dict[str, Any], field: str) -> date:
        """Return a date that a line gives, however far ahead: that of a plan or a decision."""
        value = text(asked, field)
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise Unclear(field, "Ngày không đúng; ghi theo dạng năm-tháng-ngày, ví dụ 2026-11-05.") from None

    def day(self, asked: dict[str, Any], field: str, ahead: timedelta = _AHEAD) -> date:
        """Return a date that a line gives, at most so far *ahead*: a year, where nothing is said."""
        day = self.any_day(asked, field)
        if day > self.today + ahead:
            raise Unclear(field, f"Ngày {day:%d/%m/%Y} ở sau hôm nay quá xa; xem lại năm.")
        return day


def person(desk: Desk) -> str:
    """Return the name of who makes the change, as papers show it: the user's, or what a program calls itself."""
    return called(desk.conn, desk.author)


def text(asked: dict[str, Any], field: str) -> str:
    """Return the text that a line must give under *field*."""
    value = asked.get(field)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)  # a code that a script wrote as a number
    if not isinstance(value, str) or not value.strip():
        raise Unclear(field, REQUIRED)
    return value.strip()


def only(asked: dict[str, Any], *known: str) -> None:
    """Refuse what a line says and nobody would read: it is a typing error."""
    unknown = sorted(asked.keys() - set(known))
    if unknown:
        raise Unclear.all({field: f"Không có mục này; dùng: {', '.join(known)}." for field in unknown})


def checked_edit(kind: str, id: str, after: State, present: State) -> Change:
    """Return the edit that sets *after* over what stands at *present*, or raise what is wrong with it."""
    change = edit(kind, id, after, present)
    problems = check_edit(kind, change.body)
    if problems:
        raise Unclear.all({path.partition("/")[0]: sentence for path, sentence in problems.items()})
    return change
