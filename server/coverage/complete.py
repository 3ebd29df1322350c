"""How far the laptops have reported: “Đã nhận đủ số liệu đến ngày”, and which of them hold it back."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from schemas.units import UnitTree
from server.clock import local_day
from server.store import get_meta


@dataclass(frozen=True)
class Laptop:
    """A laptop and how far it has reported; *day* is None when it never made contact."""

    id: str
    name: str
    area: str
    day: date | None
    drafts: int
    unsent: int


class Reported:
    """How far all laptops have reported that may write in an area, on either map.

    The office's own device writes at the server and holds nothing back. A laptop leaves
    the sum only when a person retires it (`retired_on`); a locked one stays in.
    """

    def __init__(self, conn: sqlite3.Connection, tree: UnitTree) -> None:
        """Read the laptops and their last contacts."""
        self._everywhere = tuple(_laptops(conn))
        self._by_unit: dict[str, list[Laptop]] = {}
        for laptop in self._everywhere:
            for unit in tree.scope(laptop.area):
                self._by_unit.setdefault(unit, []).append(laptop)

    def to(self, unit: str | None) -> date | None:
        """Return the day up to which everything of *unit* has been received (None: everything everywhere).

        None when a laptop never made contact, or there is no laptop.
        """
        laptops = self._of(unit)
        if not laptops:
            return None
        days = [laptop.day for laptop in laptops]
        known = [day for day in days if day is not None]
        return min(known) if known and len(known) == len(days) else None

    def holding_back(self, unit: str | None) -> tuple[Laptop, ...]:
        """List the laptops that set that day: those never heard of, else those that reported least far."""
        day = self.to(unit)
        return tuple(laptop for laptop in self._of(unit) if laptop.day == day)

    def silent(self, unit: str | None, day: date) -> tuple[Laptop, ...]:
        """List the laptops of *unit* that have not reported up to *day*, or never."""
        return tuple(laptop for laptop in self._of(unit) if laptop.day is None or laptop.day < day)

    def _of(self, unit: str | None) -> tuple[Laptop, ...] | list[Laptop]:
        return self._by_unit.get(unit, []) if unit else self._everywhere


def reported_to(at: str, earliest: str | None) -> date:
    """Return how far a report speaks: to the day of contact, or to before the earliest visit still kept back."""
    day = local_day(at)
    return min(day, date.fromisoformat(earliest) - timedelta(days=1)) if earliest else day


def _laptops(conn: sqlite3.Connection) -> Iterator[Laptop]:
    office = get_meta(conn, "office_device")
    for id, text, at, drafts, unsent, earliest in conn.execute(
        "SELECT id, state, at, drafts, unsent, earliest FROM things"
        "  LEFT JOIN contacts ON contacts.device = things.id WHERE kind = 'device' ORDER BY id"
    ):
        state = json.loads(text)
        if id == office or not state.get("area") or state.get("retired_on"):
            continue
        day = reported_to(at, earliest) if at else None
        yield Laptop(id, state["name"], f"{state['epoch']}:{state['area']}", day, drafts or 0, unsent or 0)
