"""All that is known of one visit: the minutes, their revisions, paper and files, and what was said since."""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from schemas.compare import Difference, differences
from schemas.findings import Finding, Seen, followed_on
from schemas.items import read
from schemas.minutes_code import short_of
from schemas.paper_events import Happened, Paper, paper, read_event
from server.office import state_of
from server.review import duties, findings
from server.review.duties import Task
from server.review.queue import Row, of_ids

Named = Callable[[str, str], str]


@dataclass(frozen=True)
class Revision:
    """One revision that was let in; *changed*: what it says otherwise than the one it was made from."""

    item: str
    number: int
    author: str
    received_at: str
    reason: str
    erased: bool
    void: bool
    changed: tuple[Difference, ...]


@dataclass(frozen=True)
class Word:
    """A review or a comment; *team*: it came from a laptop. *review* is empty for a comment."""

    id: str
    review: str
    comment: str
    who: str
    team: bool
    at: str
    to: str


@dataclass(frozen=True)
class Event:
    """An event of the paper, with the number of its revision where that is known, and when the office heard of it."""

    happened: Happened
    revision: int | None
    who: str


@dataclass(frozen=True)
class File:
    """A photo or a scan; *received*: its bytes are here."""

    sha256: str
    type: str
    role: str
    caption: str
    size: int
    received: bool


@dataclass(frozen=True)
class Aside:
    """A revision of the visit that stands beside the truth and waits for a decision."""

    item: str
    standing: str


@dataclass(frozen=True)
class Whole:
    """One visit with everything around it."""

    row: Row
    body: dict[str, Any]
    address: str
    seq: int
    received_at: str
    laptop: str
    author: str
    code: str
    revisions: tuple[Revision, ...]
    paper: Paper
    events: tuple[Event, ...]
    files: tuple[File, ...]
    tasks: tuple[Task, ...]
    left: tuple[Finding, ...]
    followed: tuple[tuple[Seen, Finding | None], ...]
    words: tuple[Word, ...]
    aside: tuple[Aside, ...]

    @property
    def last(self) -> Word | None:
        """The last review."""
        return next((word for word in reversed(self.words) if word.review), None)


def whole(conn: sqlite3.Connection, id: str, named: Named, at: datetime) -> Whole | None:
    """Return the visit *id*, or None where it has no truth here; called within one read transaction."""
    rows = of_ids(conn, [id])
    if not rows:
        return None
    row = rows[0]
    revisions, body = _revisions(conn, row, named)
    said = _said(conn, id)
    events = [one for one in (_event(conn, *cells, revisions) for cells in said if cells[1] == "paper") if one]
    files = _files(conn, row)
    scans = sum(role == "scan" for role in (file.role for file in files))
    known = {(one.inspection, one.key): one for one in findings.of_places(conn, [row.establishment])}
    here = revisions[-1]
    seq, device = conn.execute("SELECT seq, device FROM items WHERE name = ?", (row.item,)).fetchone()
    return Whole(
        row, body, _address(conn, row.establishment), seq, here.received_at,
        str((state_of(conn, "device", device) or {}).get("name") or ""), here.author, short_of(row.item).text(),
        tuple(revisions), paper([one.happened for one in events], row.item, scans), tuple(events), tuple(files),
        tuple(duties.of_visit(conn, id, at)),
        tuple(one for (inspection, _key), one in known.items() if inspection == id),
        tuple((seen, known.get((seen.inspection, seen.key))) for seen in followed_on(body)),
        tuple(_word(conn, *cells) for cells in said if cells[1] in ("review", "comment")), _aside(conn, id),
    )  # fmt: skip


def _revisions(conn: sqlite3.Connection, row: Row, named: Named) -> tuple[list[Revision], dict[str, Any]]:
    """Return the revisions that were let in, the truth last, and the body of the truth."""
    rows = conn.execute(
        "SELECT name, base, line, items.standing, at FROM items JOIN arrivals ON arrivals.seq = items.seq"
        " WHERE items.id = ? AND kind = 'inspection' AND items.standing IN ('accepted', 'erased')"
        " ORDER BY items.name = ?, items.seq",
        (row.id, row.item),
    ).fetchall()
    bodies: dict[str, dict[str, Any]] = {}
    found = []
    for name, base, line, standing, at in rows:
        item = read(line) if line else None
        bodies[name] = item.body if item else {}
        before = bodies.get(base or "")
        changed = tuple(differences(before, bodies[name], named)) if before and item else ()
        found.append(
            Revision(
                name, int(bodies[name].get("revision", 1)), who(conn, item.author) if item else "", at,
                str(bodies[name].get("reason") or ""), standing == "erased", bodies[name].get("void") is True, changed,
            )
        )  # fmt: skip
    return found, bodies.get(row.item, {})


Said = tuple[str, str, str, str, str]  # id, kind, author, body, moment of arrival


def _said(conn: sqlite3.Connection, id: str) -> list[Said]:
    """Return all that was said of a visit in the order in which the office heard it."""
    return conn.execute(
        "SELECT said.id, said.kind, said.author, said.said, arrivals.at FROM said_of_visits AS said"
        "  JOIN items ON items.name = said.item JOIN arrivals ON arrivals.seq = items.seq"
        " WHERE said.inspection = ? ORDER BY items.seq",
        (id,),
    ).fetchall()


def _event(
    conn: sqlite3.Connection, id: str, _kind: str, author: str, text: str, _at: str,
    revisions: list[Revision],
) -> Event | None:  # fmt: skip
    happened = read_event(id, author, "accepted", json.loads(text))
    numbers = {one.item: one.number for one in revisions}
    return Event(happened, numbers.get(happened.item), who(conn, author)) if happened else None


def _word(conn: sqlite3.Connection, id: str, kind: str, author: str, text: str, at: str) -> Word:
    body = json.loads(text)
    said = str(body.get("review") or "") if kind == "review" else ""
    team = not said and not body.get("by")
    return Word(id, said, str(body.get("comment") or ""), str(body.get("by") or "") or who(conn, author), team, at,
                str(body.get("to") or ""))  # fmt: skip


def who(conn: sqlite3.Connection, author: str) -> str:
    """Return what people call an author: an account's name, or the name itself that a laptop wrote."""
    user = state_of(conn, "user", author)
    return str(user["name"]) if user else author


def _files(conn: sqlite3.Connection, row: Row) -> list[File]:
    rows = conn.execute(
        "SELECT sha256, type, role, caption, size, received FROM attachments WHERE inspection = ?"
        " AND (role <> 'scan' OR revision IN ('', ?)) ORDER BY role DESC, id",
        (row.id, row.item),
    )
    return [
        File(sha256, type, role, caption, size, bool(received))
        for sha256, type, role, caption, size, received in rows.fetchall()
    ]


def _address(conn: sqlite3.Connection, establishment: str) -> str:
    state = state_of(conn, "establishment", establishment) or {}
    places = [value for path, value in state.items() if path.startswith("place/") and isinstance(value, dict)]
    last = max(places, key=lambda place: str(place.get("from") or ""), default={})
    return str(last.get("address") or "")


def _aside(conn: sqlite3.Connection, id: str) -> tuple[Aside, ...]:
    rows = conn.execute(
        "SELECT aside.item, aside.standing FROM aside JOIN items ON items.name = aside.item"
        " WHERE aside.id = ? AND aside.kind = 'inspection' AND aside.standing IN ('conflict', 'quarantined', 'held')"
        " ORDER BY items.seq",
        (id,),
    )
    return tuple(Aside(*cells) for cells in rows.fetchall())
