"""The laptops of an area as the office sees them: last contact, what is left on them, clock, run, state."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from schemas.items import SCHEMA
from server.arrivals.runs import clashes
from server.coverage.complete import reported_to
from server.store import get_meta


class State(StrEnum):
    """How a laptop stands; one that is locked and retired is retired."""

    IN_USE = "in_use"
    SILENT = "silent"  # enrolled, and never heard of
    LOCKED = "locked"
    RETIRED = "retired"


@dataclass(frozen=True)
class Laptop:
    """One laptop; *at* is the server's time of its last contact, empty before the first."""

    id: str
    name: str
    unit: str
    team: str
    at: str
    drafts: int
    unsent: int
    earliest: str | None
    version: str
    offset_s: int
    run: str
    schema: int
    missing: int  # items that its later ones say were written, and that have not come
    revoked_on: str
    revoked_reason: str
    revoked_by: str
    retired_on: str
    retired_by: str
    copied: int = 0  # items under a number that another has: the laptop was copied and is used in two places

    @property
    def state(self) -> State:
        """How it stands."""
        if self.retired_on:
            return State.RETIRED
        if self.revoked_on:
            return State.LOCKED
        return State.IN_USE if self.at else State.SILENT

    @property
    def day(self) -> date | None:
        """The day up to which it has reported; None before its first contact."""
        return reported_to(self.at, self.earliest) if self.at else None

    @property
    def outdated(self) -> bool:
        """Whether it says that it reads older schemas than this server writes."""
        return 0 < self.schema < SCHEMA


_CONTACT = ("at", "drafts", "unsent", "earliest", "version", "clock_offset_s", "run", "schema")
_SAID = ("at", "drafts", "unsent", "earliest", "version", "offset_s", "run", "schema")
_EMPTY = ("", 0, 0, None, "", 0, "", 0)
_LEFT = ("revoked_on", "revoked_reason", "revoked_by", "retired_on", "retired_by")


def laptops(conn: sqlite3.Connection) -> list[Laptop]:
    """Return every laptop, those that reported least far first; locked and retired ones at the end."""
    missing, copied = _missing(conn), Counter[str]()
    for clash in clashes(conn):
        copied[clash.device] += clash.items
    found = [
        replace(_laptop(id, state, said, missing.get(id, 0)), copied=copied[id]) for id, state, said in _rows(conn)
    ]
    order = {State.SILENT: 0, State.IN_USE: 0, State.LOCKED: 1, State.RETIRED: 2}
    return sorted(found, key=lambda one: (order[one.state], one.day or date.min, one.name, one.id))


def _rows(conn: sqlite3.Connection) -> Iterator[tuple[str, dict[str, Any], tuple[Any, ...]]]:
    office = get_meta(conn, "office_device")
    columns = ", ".join(f"contacts.{name}" for name in _CONTACT)
    for id, text, *said in conn.execute(
        f"SELECT things.id, things.state, {columns} FROM things"
        "  LEFT JOIN contacts ON contacts.device = things.id WHERE things.kind = 'device'"
    ):
        state = json.loads(text)
        if id != office and state.get("area"):
            yield id, state, tuple(said) if said[0] else _EMPTY


def _missing(conn: sqlite3.Connection) -> dict[str, int]:
    """Count the holes: a run's highest number above the count of what came."""
    rows = conn.execute("SELECT device, sum(last_seq - items) FROM runs WHERE last_seq > items GROUP BY device")
    return {device: int(count) for device, count in rows}


def _laptop(id: str, state: dict[str, Any], said: tuple[Any, ...], missing: int) -> Laptop:
    unit = f"{state['epoch']}:{state['area']}"
    told = dict(zip(_SAID, said, strict=True)) | {key: state.get(key) or "" for key in _LEFT}
    return Laptop(id, state["name"], unit, state.get("team") or "", missing=missing, **told)
