"""Who looked up what, when and why: the lines of the log and what laptops sent, of the units that own the data."""

import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from schemas.days import VIETNAM
from schemas.fields import instant_text
from server.history.code import code_of
from server.history.reach import Communes, root_of
from server.office import things
from server.store import in_parts, marks

WHATS = ("history.open", "history.file", "history.extract", "repeat_list.open", "repeat_list.file")
SANCTIONS = "sanctions"  # opened on a laptop


@dataclass(frozen=True)
class Asked:
    """Which look-ups: of which days (both in it), by whom (a part of the name), of which kind, of which thing."""

    since: date
    until: date
    who: str = ""
    what: str = ""
    subject: str = ""


@dataclass(frozen=True)
class Lookup:
    """One look-up. *seq* is its line in the log, 0 on a laptop; *code* is that of an extract."""

    seq: int
    at: str
    what: str
    who: str
    who_name: str
    role: str
    kind: str
    id: str
    name: str
    units: tuple[str, ...]
    purpose: str
    code: str = ""
    form: str = ""
    device: str = ""
    received_at: str = ""


def lookups(conn: sqlite3.Connection, units: Communes, lists: Collection[str], asked: Asked) -> list[Lookup]:
    """Return the look-ups of the data of *units*, the latest first.

    *lists*: the areas whose lists hold some of these data: the own one, and those above it.
    """
    names = {id: str(one.get("name") or "") for id, one in things(conn, "user").items()}
    found = [*_in_log(conn, units, lists, asked, names), *_on_laptops(conn, units, asked)]
    wanted = asked.who.casefold()
    kept = [one for one in found if wanted in one.who_name.casefold() and asked.what in ("", one.what)
            and asked.subject in ("", f"{one.kind}:{one.id}")]  # fmt: skip
    return sorted(kept, key=lambda one: (one.at, one.seq), reverse=True)


def bounds(asked: Asked) -> tuple[str, str]:
    """Return the first moment of the days asked for, and the first after them."""
    first, last = (datetime.combine(day, time(), VIETNAM) for day in (asked.since, asked.until + timedelta(days=1)))
    return instant_text(first), instant_text(last)


_COLUMNS = "seq, at, what, who, role, subject, unit, purpose, detail"


def _in_log(
    conn: sqlite3.Connection, units: Communes, lists: Collection[str], asked: Asked, names: dict[str, str]
) -> Iterator[Lookup]:
    since, until = bounds(asked)
    query = f"SELECT {_COLUMNS} FROM audit WHERE at >= ? AND at < ? AND what IN ({marks(WHATS)})"
    if units is None:
        rows = conn.execute(query, (since, until, *WHATS)).fetchall()
    else:
        rows = []
        for some in in_parts(sorted({*units, *lists})):
            seqs = f"SELECT lookup_units.seq FROM lookup_units WHERE lookup_units.unit IN ({marks(some)})"
            rows += conn.execute(f"{query} AND seq IN ({seqs})", (since, until, *WHATS, *some)).fetchall()
    for row in {row[0]: row for row in rows}.values():
        yield _of_log(conn, row, names)


def _of_log(conn: sqlite3.Connection, row: tuple[int, str, str, str, str, str, str, str, str], names: dict[str, str]
            ) -> Lookup:  # fmt: skip
    seq, at, what, who, role, subject, unit, purpose, told = row
    detail, (kind, _, id) = json.loads(told), subject.partition(":")
    return Lookup(
        seq, at, what, who, names.get(who, who), role, kind, id, _name(conn, kind, id),
        tuple(detail.get("units") or filter(None, [unit])), purpose,
        code=code_of(conn, seq) if what == "history.extract" else "", form=detail.get("form") or "",
    )  # fmt: skip


def by_number(conn: sqlite3.Connection, units: Communes, lists: Collection[str], seq: int) -> Lookup | None:
    """Return the look-up of one line of the log, None where it is another's data, or no look-up."""
    row = conn.execute(f"SELECT {_COLUMNS} FROM audit WHERE seq = ?", (seq,)).fetchone()
    if row is None or row[2] not in WHATS:
        return None
    owners = {unit for (unit,) in conn.execute("SELECT unit FROM lookup_units WHERE seq = ?", (seq,))}
    if units is not None and owners.isdisjoint({*units, *lists}):
        return None
    return _of_log(conn, row, {id: str(one.get("name") or "") for id, one in things(conn, "user").items()})


def _name(conn: sqlite3.Connection, kind: str, id: str) -> str:
    if kind not in ("establishment", "operator"):
        return ""
    row = conn.execute("SELECT state FROM things WHERE kind = ? AND id = ?", (kind, id)).fetchone()
    return str(json.loads(row[0]).get("name") or "") if row else ""


def _on_laptops(conn: sqlite3.Connection, units: Communes, asked: Asked) -> Iterator[Lookup]:
    """Yield what was opened on laptops, by their clocks; when the office heard of it stands beside."""
    devices = {id: str(one.get("name") or "") for id, one in things(conn, "device").items()}
    since, until = bounds(asked)
    query = (
        "SELECT DISTINCT accesses.id, accesses.author, accesses.device, accesses.establishment, accesses.purpose,"
        " recorded_at, arrivals.at, (SELECT min(commune) FROM placements"
        "  WHERE placements.establishment = accesses.establishment)"
        " FROM accesses JOIN items ON items.name = accesses.item JOIN arrivals ON arrivals.seq = items.seq"
        " {joined} WHERE coalesce(nullif(recorded_at, ''), arrivals.at) >= ?"
        "   AND coalesce(nullif(recorded_at, ''), arrivals.at) < ? {where}"
    )
    parts: Sequence[Sequence[str]] = [()] if units is None else list(in_parts(sorted(units)))
    for some in parts:
        joined = "" if units is None else "JOIN placements ON placements.establishment = accesses.establishment"
        where = "" if units is None else f"AND commune IN ({marks(some)})"
        for row in conn.execute(query.format(joined=joined, where=where), (since, until, *some)):
            id, author, device, place, purpose, recorded, received, commune = row
            root = root_of(conn, "establishment", place) or place
            yield Lookup(
                0, recorded or received, SANCTIONS, id, author, "team", "establishment", root,
                _name(conn, "establishment", root), tuple(filter(None, [commune])), purpose,
                device=devices.get(device, ""), received_at=received,
            )  # fmt: skip
