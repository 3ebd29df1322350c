"""Proof: the chain holds, every byte is there, and every projection is what its items say."""

import json
import sqlite3
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from server.arrivals.acting import tell_the_sender
from server.arrivals.erasing import read_kept, remains
from server.arrivals.fold import Arrival, fold_arrival, settle
from server.arrivals.proof import check_beside, check_bytes, check_chain
from server.arrivals.world import World
from server.coverage.years import check as check_coverage
from server.store import open_store, put_meta, reading, writing

REBUILT_TO = "rebuilt_to"  # in the meta of a rebuild: the last arrival in it, and the chain's head there

# Projections, and what of each is compared: feed positions depend on how arrivals came in batches.
PROJECTIONS = {
    "things": "kind, id, seq, state",
    "field_conflicts": "kind, id, path, item, device, value, seq",
    "releases": "item",
    "establishments": "id, root, code, name, search, operator, merged_into",
    "operators": "id, root, merged_into",
    "decisions": "id, operator, number, authority, decided_on, establishment, inspection, execution, done_on,"
    " cancelled, complaint, evasion",
    "decision_acts": "decision, code",
    "found_acts": "inspection, violation, code, committed_on",
    "codings": "violation, inspection, code, item",
    "placements": "establishment, commune",
    "operator_places": "operator, establishment",
    "register_rows": "id, sort, search, unit, kinds, status, status_from, status_before, expires_on",
    "operator_rows": "id, search",
    "flaws": "id, problem, day, establishment",
    "decisions_of_visits": "decision, inspection",
    "visits": "id, item, establishment, team, date, basis, outcome, revision, members, violations, found_working,"
    " void, counting, device, risk, findings, duties, state, paper",
    "reviews": "inspection, item, review, comment, about, reviewer, review_id",
    "list_confirmations": "unit, confirmed_on, confirmed_by",
    "outside_checks": "id, establishment, date, agency, paper",
    "said_of_visits": "id, kind, inspection, item, author, said",
    "accesses": "id, item, device, author, establishment, what, purpose, recorded_at",
    "lookup_texts": "item, kind, thing, what, text, shown",
    "assignments": "id, establishment, team, basis, given_on, expires_on, reserved, withdrawn, starts_on",
    "tips": "id, number, received_on, unit, establishment, classification, verified, due_on, handled_on, inspection",
    "indicator_values": "id, plan, indicator, unit, agency, report, since, until, numerator, denominator, standing,"
    " entered_on, file",
    "year_tasks": "id, unit, year, plan, code, standing",
    "unit_inspections": "id, unit, day, void, mend_by, mended_on",
    "list_proposals": "id, unit, year, standing",
    "drawings": "id, item, author, unit, year, drawn_on, seed, facts, list, places",
    "returns": "id, plan, deadline, report, unit, since, until, due, strict, standing, version, replaces, number,"
    " signed_on, title",
    "frozen_returns": "id, item, document, size, seq, sent_on, sent_by, author, sent_at",
    "distinct_pairs": "kind, one, other, item",
    "attachments": "id, item, inspection, revision, sha256, size, type, role, caption",
    "feed": "commune, kind, id, gone",
}


@dataclass(frozen=True)
class Verdict:
    """What verify found: how many arrivals, how many erased bodies, and every problem in words.

    *since*: the arrival up to which the rebuild was kept from the last time; 0: none of it was.
    """

    arrivals: int
    erased: int
    problems: tuple[str, ...]
    since: int = 0


def verify(db: Database) -> Verdict:
    """Check the chain, the bytes and the projections, all of one moment, from the beginning.

    The rebuild stands in a scratch file; memory stays flat at any size.
    """
    with reading(db) as conn:
        problems = check_chain(conn) + check_bytes(conn)
        if not problems:  # a rebuild of what was tampered with would only repeat it in other words
            problems = _check_projections(conn) + check_beside(conn) + check_coverage(conn)
        return Verdict(*counts(conn), tuple(problems))


def counts(conn: sqlite3.Connection) -> tuple[int, int]:
    """Count the arrivals, and the items whose bytes were erased."""
    arrivals = conn.execute("SELECT count(*) FROM arrivals").fetchone()[0]
    return arrivals, conn.execute("SELECT count(*) FROM items WHERE standing = 'erased'").fetchone()[0]


def _check_projections(conn: sqlite3.Connection) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="doi178-verify-") as folder:
        scratch = open_store(Path(folder) / "rebuilt.db")
        scratch.conn.execute("PRAGMA synchronous=OFF")
        rebuild(conn, scratch)
        problems = differences(conn, scratch.conn)
        scratch.close()
    return problems


def differences(conn: sqlite3.Connection, rebuilt: sqlite3.Connection) -> list[str]:
    """Compare every projection with its rebuild."""
    return [
        f"Bảng {table} khác với khi dựng lại ở {count} dòng."
        for table, columns in PROJECTIONS.items()
        if (count := _differences(conn, rebuilt, table, columns))
    ]


def rebuild(source: sqlite3.Connection, scratch: Database, after: int = 0) -> None:
    """Fold every arrival of *source* after *after*, in order, into *scratch*. Nothing is judged again.

    *scratch* is empty, or holds what the arrivals up to *after* made; it notes how far it goes.
    """
    left = remains(source)
    rows = source.execute(
        "SELECT arrivals.seq, first, arrivals.standing, arrivals.detail, arrivals.at,"
        "       name, kind, id, base, device, line"
        "  FROM arrivals JOIN items ON items.name = arrivals.item WHERE arrivals.seq > ? ORDER BY arrivals.seq",
        (after,),
    )
    while batch := rows.fetchmany(500):
        with writing(scratch) as conn:
            world = World(conn, batch[0][4])
            for seq, first, standing, detail, _, *kept in batch:
                world.seq = seq
                arrival = Arrival(seq, standing, json.loads(detail) if detail else None)
                item = read_kept(tuple(kept), left)
                fold_arrival(world, item, arrival)
                if not first:
                    tell_the_sender(world, item, source)
            settle(world)
            chain = source.execute("SELECT chain FROM arrivals WHERE seq = ?", (world.seq,)).fetchone()[0]
            put_meta(conn, REBUILT_TO, f"{world.seq} {chain}")


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
