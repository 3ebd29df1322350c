"""Which records of an area may be the same: computed when asked, and again only after the register there changed."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from schemas.likeness import Likeness, Pair, Reason, Traits, likely, near_names, near_points, same_papers, traits
from server.store import get_meta, in_parts, marks

MOST = 20_000  # places of an area that are held against each other for one page
_KEPT = 16  # areas whose answer a process remembers
_known: dict[tuple[str, tuple[str, ...]], tuple[tuple[object, ...], list["Possible"]]] = {}
Blocks = Mapping[str, Mapping[str, Traits]]  # by commune, then by id


@dataclass(frozen=True)
class Possible:
    """Two records that may be one; *one* is the lesser id."""

    kind: str
    one: str
    other: str
    score: int
    reasons: tuple[Reason, ...]


def too_many(conn: sqlite3.Connection, communes: Sequence[str]) -> bool:
    """Say whether an area has too many places to be asked about at once."""
    found = 0
    for some in in_parts(communes):
        query = f"SELECT count(*) FROM placements WHERE commune IN ({marks(some)})"
        found += conn.execute(query, some).fetchone()[0]
    return found > MOST


def possible(conn: sqlite3.Connection, communes: Sequence[str]) -> list[Possible]:
    """Return the pairs in *communes* that may be one and of which nobody has said otherwise, the likeliest first.

    Places are held against each other within a commune (a place of a split one in both halves) and where they
    stand at one point of the map, operators by their numbers in all of *communes* and by their names within one.
    """
    settled = set(conn.execute("SELECT kind, one, other FROM distinct_pairs").fetchall())
    return [pair for pair in _all(conn, tuple(sorted(communes))) if (pair.kind, pair.one, pair.other) not in settled]


def remembered(conn: sqlite3.Connection, communes: Sequence[str]) -> list[Possible] | None:
    """Return what `possible` would, where this process need not compute anything for it; None where it must."""
    asked = tuple(sorted(communes))
    file = conn.execute("PRAGMA database_list").fetchone()[2]
    kept = _known.get((file, asked))
    return possible(conn, communes) if kept and kept[0] == _version(conn, asked) else None


def _all(conn: sqlite3.Connection, communes: tuple[str, ...]) -> list[Possible]:
    file = conn.execute("PRAGMA database_list").fetchone()[2]
    version = _version(conn, communes)
    kept = _known.pop((file, communes), None)
    if kept is None or kept[0] != version:
        kept = (version, _compute(conn, communes))
    _known[file, communes] = kept
    while len(_known) > _KEPT:
        _known.pop(next(iter(_known)))
    return kept[1]


def _version(conn: sqlite3.Connection, communes: tuple[str, ...]) -> tuple[object, ...]:
    """Return what is another value as soon as a place or operator of *communes* came, changed or left."""
    last = [
        conn.execute(
            "SELECT coalesce(max(pos), 0) FROM feed WHERE kind IN ('establishment', 'operator')"
            f" AND commune IN ({marks(some)})",
            some,
        ).fetchone()[0]
        for some in in_parts(communes)
    ]
    return get_meta(conn, "lineage"), max(last, default=0)


def _compute(conn: sqlite3.Connection, communes: tuple[str, ...]) -> list[Possible]:
    found = _of_places(_read(conn, communes, "establishment", _PLACES))
    pairs = [Possible("establishment", *pair, alike.score, alike.reasons) for pair, alike in found.items()]
    found = _of_operators(_read(conn, communes, "operator", _OPERATORS))
    pairs += [Possible("operator", *pair, alike.score, alike.reasons) for pair, alike in found.items()]
    return sorted(pairs, key=lambda pair: (-pair.score, pair.kind, pair.one, pair.other))


# CROSS JOIN, because SQLite then keeps the order: left to itself it begins with every place of the country.
_PLACES: Callable[[str], str] = (
    "SELECT placements.commune, things.id, things.state FROM placements CROSS JOIN things"
    " WHERE things.kind = 'establishment' AND things.id = placements.establishment AND placements.commune IN ({})"
).format
_OPERATORS: Callable[[str], str] = (
    "SELECT near.commune, things.id, things.state FROM"
    " (SELECT DISTINCT placements.commune, operator_places.operator FROM placements CROSS JOIN operator_places"
    "   WHERE operator_places.establishment = placements.establishment AND placements.commune IN ({})) AS near"
    " CROSS JOIN things WHERE things.kind = 'operator' AND things.id = near.operator"
).format


def _read(conn: sqlite3.Connection, communes: tuple[str, ...], kind: str, query: Callable[[str], str]) -> Blocks:
    """Read what is compared of each record, by commune; what was merged into another is that other."""
    blocks: dict[str, dict[str, Traits]] = defaultdict(dict)
    for some in in_parts(communes):
        for commune, id, text in conn.execute(query(marks(some)), some):
            one = _traits(kind, text)
            if one:
                blocks[commune][id] = one
    return blocks


@lru_cache(MOST)
def _traits(kind: str, text: str) -> Traits | None:
    """Return what is compared of a state; remembered, since after a decision all but one or two are as before."""
    state = json.loads(text)
    return None if state.get("merged_into") else traits(kind, state)


def _of_places(blocks: Blocks) -> dict[Pair, Likeness]:
    everyone = _everyone(blocks)
    pairs = near_points(everyone)
    for block in blocks.values():
        pairs |= same_papers(block) | near_names(block)
    return likely(everyone, pairs)


def _everyone(blocks: Blocks) -> dict[str, Traits]:
    return {id: one for block in blocks.values() for id, one in block.items()}


def _of_operators(blocks: Blocks) -> dict[Pair, Likeness]:
    everyone = _everyone(blocks)
    pairs = same_papers(everyone)
    for block in blocks.values():
        pairs |= near_names(block)
    return likely(everyone, pairs)
