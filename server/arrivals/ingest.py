"""Taking in a batch: every line is kept and answered, in one transaction, before any reply."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from schemas.fields import instant_text
from server.arrivals.acting import act_on, faulty, isolated, ready, release
from server.arrivals.decide import Decision, decide
from server.arrivals.fold import settle
from server.arrivals.plain import Plain, Runs, item_of, shortened
from server.arrivals.prepare import Prepared, Sender
from server.arrivals.runs import count as count_run
from server.arrivals.settling import carry_out
from server.arrivals.world import KEEP, World
from server.clock import local_day
from server.store import in_parts, marks, writing
from sync.chain import Receipt, detail_text
from sync.judge import Standing

Ready = Plain | Prepared | str  # a text: the hash of an unreadable line

@dataclass(frozen=True)
class Taken:
    """What became of a batch: an answer for every line, and the chain before and after."""

    answers: tuple[Receipt | str, ...]  # a text: the hash of an unreadable line
    first: int
    last: int
    before: str
    after: str


def _nothing(conn: sqlite3.Connection) -> None:
    """Most batches have nothing beside them."""


def ingest(
    db: Database, lines: Sequence[bytes], sender: Sender, at: datetime,
    beside: Callable[[sqlite3.Connection], None] = _nothing,
) -> Taken:  # fmt: skip
    """Keep every line of a batch and say what became of each; all of it, or nothing. *beside* is done with it.

    A line that came before is answered with its old receipt and its present standing.
    One bad item never blocks another: it is quarantined with its reason, and an error
    of ours is quarantined as such, with a reference.
    """
    today = local_day(at)
    prepared = [shortened(ready(line, today)) for line in lines]
    stamp = instant_text(at)
    with writing(db) as conn:
        world = World(conn, stamp)
        before, first = world.head, world.seq + 1
        answers = _take_all(world, prepared, lines, sender)
        last, after = world.seq, world.head
        _count_runs(world, prepared, answers, first)
        release(world)
        settle(world)
        beside(conn)
    return Taken(answers, first, last, before, after) if last >= first else Taken(answers, 0, 0, before, before)


def _keep_unreadable(world: World, hash: str, line: bytes, sender: Sender) -> str:
    world.conn.execute(
        "INSERT INTO unreadable (hash, device, at, line) VALUES (?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING",
        (hash, sender.device, world.at, line),
    )
    return hash


def _take_all(
    world: World, prepared: Sequence[Ready], lines: Sequence[bytes], sender: Sender
) -> tuple[Receipt | str, ...]:
    """Answer every line in order: plain visits in runs, whatever else comes one by one."""
    known = _known(world, [item_of(one).name for one in prepared if not isinstance(one, str)])
    runs = Runs(world, sender, [one for one in prepared if isinstance(one, Plain) and one.name not in known])

    def take(one: Plain | Prepared) -> Receipt:
        return _take(world, _whole(world, one), sender, known)

    answers: list[Receipt | str] = []
    for one, line in zip(prepared, lines, strict=True):
        if isinstance(one, Plain) and one.name not in known and runs.add(one):
            known.add(one.name)
            continue
        answers += runs.end(take)
        if isinstance(one, str):
            answers.append(_keep_unreadable(world, one, line, sender))
        else:
            answers.append(take(one))
            runs.spoken_for.add(item_of(one).id)
    return (*answers, *runs.end(take))


def _known(world: World, names: Sequence[str]) -> set[str]:
    """Return those of *names* that came before."""
    known: set[str] = set()
    for part in in_parts(names):
        rows = world.conn.execute(f"SELECT name FROM items WHERE name IN ({marks(part)})", part)
        known.update(row[0] for row in rows)
    return known


def _whole(world: World, one: Plain | Prepared) -> Prepared:
    """Read a plain visit again, body and all, to judge it."""
    if isinstance(one, Prepared):
        return one
    again = ready(one.line, local_day(world.at))
    assert isinstance(again, Prepared), "it was read before"
    return again


def _take(world: World, one: Prepared, sender: Sender, known: set[str]) -> Receipt:
    """Answer an item that came before with its old receipt, and take in any other; *known* are their names."""
    before = receipt_of(world.conn, one.item.name) if one.item.name in known else None
    if before:
        return before
    known.add(one.item.name)
    return isolated(
        world,
        one,
        lambda: _arrive(world, one, faulty(one.fault) if one.fault else decide(world, one, sender), sender),
        lambda fault: _arrive(world, one, fault, sender),
    )


def receipt_of(conn: sqlite3.Connection, name: str) -> Receipt | None:
    """Return the receipt of an item that has arrived, with its present standing; None when it has not."""
    row = conn.execute(
        "SELECT items.seq, arrivals.standing, arrivals.detail, items.standing"
        "  FROM items JOIN arrivals ON arrivals.seq = items.seq WHERE items.name = ?",
        (name,),
    ).fetchone()
    if row is None:
        return None
    seq, standing, detail, present = row
    return Receipt(name, seq, standing, json.loads(detail) if detail else None, present)


def _arrive(world: World, one: Prepared, decision: Decision, sender: Sender) -> Receipt:
    item = one.item
    seq = world.arrive(item.name, 1, decision.standing.value, detail_text(decision.detail))
    row = (seq, item.name, item.kind, item.id, item.base, item.device, decision.standing.value, item.line)
    world.conn.execute(KEEP, row)
    if item.device != sender.device:
        world.conn.execute("INSERT INTO carried (item, sender) VALUES (?, ?)", (item.name, sender.device))
    act_on(world, one, decision, seq)
    if decision.standing is Standing.ACCEPTED:
        carry_out(world, item)
    return Receipt(item.name, seq, decision.standing.value, decision.detail)


def _count_runs(world: World, prepared: Iterable[Ready], answers: Iterable[Receipt | str], first: int) -> None:
    """Count what each run has sent, so that a hole is seen: its last number is then above its count."""
    came: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for one, answer in zip(prepared, answers, strict=True):
        if not isinstance(one, str) and isinstance(answer, Receipt) and answer.seq >= first and not answer.present:
            item = item_of(one)
            came.setdefault((item.device, item.run), []).append((item.device_seq, item.name))
    for (device, run), numbers in sorted(came.items()):
        count_run(world.conn, device, run, numbers, world.at)
