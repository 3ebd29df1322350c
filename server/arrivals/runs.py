"""What each run of each laptop has sent: a hole shows as a number too few, one run in two places as a number twice."""

import sqlite3
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

Ranges = list[list[int]]  # [first, last] of each, in order, none touching the next


@dataclass(frozen=True)
class Clash:
    """A run that goes on in two places: its laptop was copied. Nothing was refused for it."""

    device: str
    run: str
    items: int
    at: str


def count(conn: sqlite3.Connection, device: str, run: str, came: Iterable[tuple[int, str]], at: str) -> None:
    """Count new items of a run (number and name), and note those whose number had come under another name.

    Of a run that was counted before numbers were kept, it only counts.
    """
    came = sorted(came)
    row = conn.execute("SELECT last_seq, items, held FROM runs WHERE device = ? AND run = ?", (device, run)).fetchone()
    last, items, held = row or (0, 0, "")
    if held is not None:
        ranges = _read(held)
        clashing = [(number, name) for number, name in came if not _add(ranges, number)]
        _note(conn, device, run, clashing, at)
        held = _write(ranges)
    conn.execute(
        "INSERT INTO runs (device, run, last_seq, items, held) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (device, run) DO UPDATE SET last_seq = excluded.last_seq, items = excluded.items,"
        " held = excluded.held",
        (device, run, max(last, came[-1][0]), items + len(came), held),
    )


def _note(conn: sqlite3.Connection, device: str, run: str, clashing: list[tuple[int, str]], at: str) -> None:
    conn.executemany(
        "INSERT INTO run_clashes (item, device, run, device_seq, at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (item) DO NOTHING",
        [(name, device, run, number, at) for number, name in clashing],
    )


def _read(text: str) -> Ranges:
    pairs = (part.partition("-") for part in text.split())
    return [[int(first), int(last or first)] for first, _, last in pairs]


def _write(ranges: Ranges) -> str:
    return " ".join(f"{first}-{last}" if last > first else str(first) for first, last in ranges)


def _add(ranges: Ranges, number: int) -> bool:
    """Put *number* among *ranges*; False when it is there already."""
    at = bisect_right(ranges, [number, 1 << 63])
    if at and ranges[at - 1][1] >= number:
        return False
    joins_left = at > 0 and ranges[at - 1][1] == number - 1
    joins_right = at < len(ranges) and ranges[at][0] == number + 1
    if joins_left and joins_right:
        ranges[at - 1][1] = ranges.pop(at)[1]
    elif joins_left:
        ranges[at - 1][1] = number
    elif joins_right:
        ranges[at][0] = number
    else:
        ranges.insert(at, [number, number])
    return True


def clashes(conn: sqlite3.Connection) -> list[Clash]:
    """Return the runs that go on in two places, the latest first, for the coordinator to see."""
    rows = conn.execute(
        "SELECT device, run, count(*), max(at) FROM run_clashes GROUP BY device, run ORDER BY max(at) DESC, run"
    )
    return [Clash(*row) for row in rows]
