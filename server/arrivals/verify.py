"""Proof: the chain holds, every byte is there, and every projection is what its items say."""

import json
import sqlite3
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from schemas.items import Item, name_of
from server.arrivals.erasing import read_kept, remains
from server.arrivals.fold import Arrival, fold_arrival, settle
from server.arrivals.world import World
from server.coverage.years import check as check_coverage
from server.store import open_store, reading, writing
from sync.chain import GENESIS, link

# Projections, and what of each is compared: feed positions depend on how arrivals came in batches.
PROJECTIONS = {
    "things": "kind, id, seq, state",
    "field_conflicts": "kind, id, path, item, device, value, seq",
    "releases": "item",
    "establishments": "id, root, code, name, search, operator, merged_into",
    "placements": "establishment, commune",
    "operator_places": "operator, establishment",
    "visits": "id, item, establishment, team, date, basis, outcome, revision, members, violations, found_working,"
    " void, counting, device",
    "reviews": "inspection, item, review, comment",
    "list_confirmations": "unit, confirmed_on, confirmed_by",
    "outside_checks": "id, establishment, date, agency, paper",
    "distinct_pairs": "kind, one, other, item",
    "attachments": "id, item, inspection, revision, sha256, size, type, role, caption",
    "feed": "commune, kind, id, gone",
}


@dataclass(frozen=True)
class Verdict:
    """What verify found: how many arrivals, how many erased bodies, and every problem in words."""

    arrivals: int
    erased: int
    problems: tuple[str, ...]


def verify(db: Database) -> Verdict:
    """Check the chain, the bytes and the projections, all of one moment, from the beginning.

    The rebuild stands in a scratch file; memory stays flat at any size.
    """
    with reading(db) as conn:
        problems = _check_chain(conn) + _check_bytes(conn)
        if not problems:  # a rebuild of what was tampered with would only repeat it in other words
            problems = _check_projections(conn) + check_coverage(conn)
        arrivals = conn.execute("SELECT count(*) FROM arrivals").fetchone()[0]
        erased = conn.execute("SELECT count(*) FROM items WHERE standing = 'erased'").fetchone()[0]
    return Verdict(arrivals, erased, tuple(problems))


def _check_chain(conn: sqlite3.Connection) -> list[str]:
    head, last = GENESIS, 0
    rows = conn.execute("SELECT seq, item, standing, detail, chain FROM arrivals ORDER BY seq")
    for seq, item, standing, detail, chain in rows:
        if seq != last + 1:
            return [f"Arrivals {last + 1} to {seq - 1} are missing."]
        head, last = link(head, seq, item, standing, detail), seq
        if head != chain:
            return [f"The chain breaks at arrival {seq}: that row or one before it was changed."]
    return []


def _check_bytes(conn: sqlite3.Connection) -> list[str]:
    problems = [
        f"The bytes of item {name} are not those it was received with."
        for name, line in conn.execute("SELECT name, line FROM items WHERE standing <> 'erased'")
        if name_of(line) != name
    ]
    strayed = conn.execute("SELECT name FROM items WHERE standing = 'erased' AND length(line) > 0")
    problems += [f"The bytes of item {name} were to be erased and are there." for (name,) in strayed]
    missing = conn.execute(
        "SELECT item FROM arrivals LEFT JOIN items ON items.seq = arrivals.seq WHERE first = 1 AND items.seq IS NULL"
    )
    problems += [f"The bytes of item {item} are missing." for (item,) in missing]
    strayed = conn.execute(
        "SELECT items.name FROM items JOIN (SELECT item, max(seq) AS seq FROM arrivals GROUP BY item) AS latest"
        " ON latest.item = items.name JOIN arrivals ON arrivals.seq = latest.seq"
        " WHERE arrivals.standing <> items.standing"
    )
    return problems + [f"Item {name} does not stand as its last arrival says." for (name,) in strayed]


def _check_projections(conn: sqlite3.Connection) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="doi178-verify-") as folder:
        scratch = open_store(Path(folder) / "rebuilt.db")
        scratch.conn.execute("PRAGMA synchronous=OFF")
        rebuild(conn, scratch)
        problems = [
            f"Projection {table} differs from its rebuild in {count} rows."
            for table, columns in PROJECTIONS.items()
            if (count := _differences(conn, scratch.conn, table, columns))
        ]
        scratch.close()
    return problems


def rebuild(source: sqlite3.Connection, scratch: Database) -> None:
    """Fold every arrival of *source*, in order, into the empty database *scratch*. Nothing is judged again."""
    left = remains(source)
    rows = source.execute(
        "SELECT arrivals.seq, first, arrivals.standing, arrivals.detail, arrivals.at,"
        "       name, kind, id, base, device, line"
        "  FROM arrivals JOIN items ON items.name = arrivals.item ORDER BY arrivals.seq"
    )
    while batch := rows.fetchmany(500):
        with writing(scratch) as conn:
            world = World(conn, batch[0][4])
            for seq, first, standing, detail, _, *kept in batch:
                world.seq = seq
                arrival = Arrival(seq, standing, json.loads(detail) if detail else None)
                _fold_again(world, read_kept(tuple(kept), left), arrival, first)
            settle(world)


def _fold_again(world: World, item: Item, arrival: Arrival, first: int) -> None:
    fold_arrival(world, item, arrival)
    if not first:
        world.stamp(f"device:{item.device}", "standing", item.name)


def _differences(one: sqlite3.Connection, other: sqlite3.Connection, table: str, columns: str) -> int:
    query = f"SELECT {columns} FROM {table} ORDER BY {columns}"  # names from PROJECTIONS only
    left, right = one.execute(query), other.execute(query)
    differences = 0
    a, b = left.fetchone(), right.fetchone()
    while a is not None or b is not None:
        if a == b:
            a, b = left.fetchone(), right.fetchone()
            continue
        differences += 1
        if b is None or (a is not None and _order(a) < _order(b)):
            a = left.fetchone()
        else:
            b = right.fetchone()
    return differences


def _order(row: tuple[object, ...]) -> list[tuple[bool, str]]:
    return [(value is not None, str(value)) for value in row]
