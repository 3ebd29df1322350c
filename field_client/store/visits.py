"""What the mirror and our own items say together of visits: one narrow row each, of the revision that is shown."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from schemas.in_brief import duties_text, findings_text
from schemas.inspections import Outcome, counting
from schemas.items import SCHEMA
from schemas.parsing import parse
from schemas.versions import upgraded

COUNTS = frozenset(outcome.value for outcome in Outcome if outcome.counts)


class Revision(NamedTuple):
    """One revision of a visit as this laptop knows it; *standing* “waiting” until a receipt is stored."""

    name: str
    base: str | None
    standing: str
    own: bool
    body: dict[str, Any]
    author: str
    recorded_at: str
    seq: int | None = None
    detail: str = ""
    schema: int = SCHEMA

    @property
    def read_only(self) -> bool:
        """Whether a newer program wrote it: what is not understood here is not written over."""
        return self.schema > SCHEMA


def read_revision(name: str, line: bytes, standing: str, *, own: bool = False, seq: int | None = None,
                  detail: str = "") -> Revision:  # fmt: skip
    """Read a line that is known to be an item; a body of an earlier version comes as it would be written today."""
    raw = parse(line)
    body, schema = raw["body"], raw["schema"]
    if schema != SCHEMA:
        body = upgraded("inspection", body, schema, SCHEMA)
    return Revision(name, raw["base"], standing, own, body, raw["author"], raw["recorded_at"], seq, detail, schema)


def revisions(conn: sqlite3.Connection, id: str) -> list[Revision]:
    """Return every revision of a visit: those the server told in its order, then those still here only.

    Of an item of our own the outbox knows best how it stands.
    """
    own = {
        name: read_revision(name, line, standing or "waiting", own=True, seq=seq, detail=detail)
        for name, line, standing, seq, detail in conn.execute(
            "SELECT name, line, standing, seq, detail FROM own"
            " WHERE id = ? AND kind = 'inspection' AND length(line) > 0 ORDER BY local",
            (id,),
        )
    }
    told = [
        own.get(name) or read_revision(name, line, standing)
        for name, line, standing in conn.execute(
            "SELECT name, line, standing FROM revisions WHERE id = ? ORDER BY place", (id,)
        )
    ]
    names = {revision.name for revision in told}
    return told + [revision for revision in own.values() if revision.name not in names]


def truth(found: Iterable[Revision]) -> Revision | None:
    """Return the accepted revision that no other accepted one was made from."""
    accepted = [revision for revision in found if revision.standing == "accepted"]
    bases = {revision.base for revision in accepted}
    leaves = [revision for revision in accepted if revision.name not in bases]
    return (leaves or accepted)[-1] if accepted else None


def shown(found: Sequence[Revision]) -> Revision | None:
    """Return the revision a person sees: what still waits here, else the truth, else our last one."""
    if len(found) == 1:
        return found[0]
    waiting = [revision for revision in found if revision.standing == "waiting"]
    if waiting:
        return waiting[-1]
    own = [revision for revision in found if revision.own]
    return truth(found) or (own or list(found) or [None])[-1]  # type: ignore[list-item]


def aside(found: Sequence[Revision], seen: Revision) -> str:
    """Return how our last revision stands when it is not the one *seen*, empty when it is or when that is settled."""
    own = [revision for revision in found if revision.own]
    if not own or own[-1].name == seen.name or own[-1].standing in {"accepted", "declined", "erased"}:
        return ""
    return own[-1].standing


def refresh(conn: sqlite3.Connection, ids: Iterable[str]) -> None:
    """Bring the rows of the visits *ids* up to what the mirror and our own items now say."""
    for id in ids:
        found = revisions(conn, id)
        seen = shown(found)
        if seen is None:
            conn.execute("DELETE FROM visits WHERE id = ?", (id,))
            continue
        state = conn.execute(
            "SELECT state FROM things WHERE kind = 'inspection' AND id = ? AND gone = 0", (id,)
        ).fetchone()
        own = any(revision.own for revision in found)
        insert(conn, [row(id, seen, json.loads(state[0]) if state and state[0] else None, own, aside(found, seen))])


_COLUMNS = (
    "id", "item", "establishment", "team", "date", "basis", "outcome", "revision", "members", "violations",
    "found_working", "void", "counting", "standing", "aside", "own", "review", "review_comment", "review_item",
    "review_by", "review_id", "findings", "duties",
)  # fmt: skip
_INSERT = (
    f"INSERT INTO visits ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
    f" ON CONFLICT (id) DO UPDATE SET {', '.join(f'{c} = excluded.{c}' for c in _COLUMNS[1:])}"
)


def insert(conn: sqlite3.Connection, rows: Iterable[tuple[Any, ...]]) -> None:
    """Write rows made by `row`."""
    conn.executemany(_INSERT, rows)


def row(id: str, seen: Revision, review: dict[str, Any] | None, own: bool, beside: str = "") -> tuple[Any, ...]:
    """Return the row of a visit; a quarantined body may hold anything, so nothing in it is trusted."""
    body = seen.body
    members, void, outcome = _length(body, "members"), int(body.get("void") is True), _text(body, "outcome")
    said, comment = (review["review"], review["comment"]) if review else ("", "")
    about, by, name = (str((review or {}).get(key) or "") for key in ("item", "by", "id"))
    return (
        id, seen.name, _text(body, "establishment"), _text(body, "team"), _text(body, "date"), _text(body, "basis"),
        outcome, revision if type(revision := body.get("revision", 1)) is int else 1, members,
        _length(body, "violations"), working if type(working := body.get("found_working")) is bool else None, void,
        counting(outcome in COUNTS, void, members, said, comment), seen.standing, beside, int(own), said, comment,
        about, by, name, findings_text(body), duties_text(body),
    )  # fmt: skip


def _length(body: dict[str, Any], key: str) -> int:
    return len(value) if isinstance(value := body.get(key), list) else 0


def _text(body: dict[str, Any], key: str) -> str:
    value = body.get(key)
    return value if isinstance(value, str) else ""
