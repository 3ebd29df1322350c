"""The laptops of an area as the office sees them: last contact, what is left on them, clock, run, copies, state."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from schemas.items import SCHEMA
from schemas.text import sort_key
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
    copied: int  # items that came under a number of another: it goes on in two places
    copied_at: str  # when the last of them came; empty when there is none
    revoked_on: str
    revoked_reason: str
    revoked_by: str
    retired_on: str
    retired_by: str

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
_NO_COPY: dict[str, Any] = {"copied": 0, "copied_at": ""}


def laptops(conn: sqlite3.Connection) -> list[Laptop]:
    """Return every laptop, those that reported least far first; locked and retired ones at the end."""
    missing, copied = _missing(conn), _copied(conn)
    found = [
        _laptop(id, state, said, {"missing": missing.get(id, 0), **copied.get(id, _NO_COPY)})
        for id, state, said in _rows(conn)
    ]
    order = {State.SILENT: 0, State.IN_USE: 0, State.LOCKED: 1, State.RETIRED: 2}
    return sorted(found, key=lambda one: (order[one.state], one.day or date.min, sort_key(one.name), one.id))


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


def _copied(conn: sqlite3.Connection) -> dict[str, dict[str, Any]]:
    """Sum up over its runs how often each laptop was seen in two places, and when last."""
    found: dict[str, dict[str, Any]] = {}
    for clash in clashes(conn):
        so_far = found.get(clash.device, _NO_COPY)
        found[clash.device] = {
            "copied": so_far["copied"] + clash.items, "copied_at": max(so_far["copied_at"], clash.at)
        }  # fmt: skip
    return found


def _laptop(id: str, state: dict[str, Any], said: tuple[Any, ...], counted: dict[str, Any]) -> Laptop:
    unit = f"{state['epoch']}:{state['area']}"
    told = dict(zip(_SAID, said, strict=True)) | {key: state.get(key) or "" for key in _LEFT}
    return Laptop(id, state["name"], unit, state.get("team") or "", **counted, **told)
