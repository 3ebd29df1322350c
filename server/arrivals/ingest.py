"""Taking in a batch: every line is kept and answered, in one transaction, before any reply."""

import json
import logging
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlite_utils import Database

from schemas.fields import instant_text, is_day
from schemas.ids import is_id, new_id
from schemas.items import REGISTER_KINDS, Item, name_of, read
from server.arrivals.decide import Decision, decide
from server.arrivals.fold import fold, settle
from server.arrivals.prepare import Prepared, Sender, prepare
from server.arrivals.world import World, unit_tree
from server.clock import local_day
from server.store import get_meta, writing
from sync.chain import Receipt, detail_text
from sync.judge import Reason, Standing

log = logging.getLogger(__name__)
Done = TypeVar("Done")


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
    prepared = [_prepared(line, today) for line in lines]
    stamp = instant_text(at)
    with writing(db) as conn:
        world = World(conn, stamp)
        before, first = world.head, world.seq + 1
        known = _look_ahead(world, [one for one in prepared if isinstance(one, Prepared)])
        answers = tuple(
            _keep_unreadable(world, one, line, sender) if isinstance(one, str) else _take(world, one, sender, known)
            for one, line in zip(prepared, lines, strict=True)
        )
        last, after = world.seq, world.head
        _count_runs(world, prepared, answers, first)
        release(world)
        settle(world)
        beside(conn)
    return Taken(answers, first, last, before, after) if last >= first else Taken(answers, 0, 0, before, before)


def _prepared(line: bytes, today: date) -> Prepared | str:
    """Read and check one line; an error of ours in doing so stands at that item alone."""
    try:
        return prepare(line, today)
    except Exception as error:  # whatever it is, the other lines of the batch must go in
        return Prepared(read(line), {}, Reason.SERVER_FAULT, fault=_reference(line, error))


def _reference(line: bytes, error: Exception) -> str:
    reference = new_id()[-12:]
    log.error("Item %s fell over, reference %s", name_of(line), reference, exc_info=error)
    return reference


def _keep_unreadable(world: World, hash: str, line: bytes, sender: Sender) -> str:
    world.conn.execute(
        "INSERT INTO unreadable (hash, device, at, line) VALUES (?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING",
        (hash, sender.device, world.at, line),
    )
    return hash


def _look_ahead(world: World, prepared: Sequence[Prepared]) -> set[str]:
    """Read at once what the batch's items will ask for; return the names of those that came before."""
    known: set[str] = set()
    for start in range(0, len(prepared), 500):
        names = [one.item.name for one in prepared[start : start + 500]]
        rows = world.conn.execute(f"SELECT name FROM items WHERE name IN ({', '.join('?' * len(names))})", names)
        known.update(row[0] for row in rows)
    visits = [
        (one.item.body["establishment"], int(one.item.body["date"][:4]))
        for one in prepared
        if one.item.kind == "inspection" and not one.problems and not one.fault and one.item.name not in known
    ]
    world.know_roots(place for place, _ in visits)
    world.deltas.before_visits((root, year) for place, year in visits if (root := world.root(place)))
    return known


def _take(world: World, one: Prepared, sender: Sender, known: set[str]) -> Receipt:
    """Answer an item that came before with its old receipt, and take in any other; *known* are their names."""
    before = receipt_of(world.conn, one.item.name) if one.item.name in known else None
    if before:
        return before
    known.add(one.item.name)
    return _isolated(
        world,
        one,
        lambda: _arrive(world, one, _faulty(one.fault) if one.fault else decide(world, one, sender)),
        lambda fault: _arrive(world, one, fault),
    )


def _isolated(world: World, one: Prepared, act: Callable[[], Done], otherwise: Callable[[Decision], Done]) -> Done:
    """Do *act* about one item; an error of ours undoes it, and *otherwise* keeps the item under a reference."""
    world.conn.execute("SAVEPOINT item")
    world.remember()
    try:
        done = act()
    except Exception as error:  # whatever it is, the other items of the batch must go in
        if not world.conn.in_transaction:  # a full disk has rolled everything back: nothing of the batch is kept
            raise
        world.conn.execute("ROLLBACK TO item")
        world.undo()
        done = otherwise(_faulty(_reference(one.item.line, error)))
    world.conn.execute("RELEASE item")
    return done


def _faulty(reference: str) -> Decision:
    """Quarantine an item for an error of ours, under a reference that the log explains."""
    return Decision(Standing.QUARANTINED, {"reason": Reason.SERVER_FAULT.value, "reference": reference})


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


def _arrive(world: World, one: Prepared, decision: Decision) -> Receipt:
    item = one.item
    seq = world.arrive(item.name, 1, decision.standing.value, detail_text(decision.detail))
    world.conn.execute(
        "INSERT INTO items (seq, name, kind, id, base, device, standing, line) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (seq, item.name, item.kind, item.id, item.base, item.device, decision.standing.value, item.line),
    )
    _act_on(world, one, decision, seq)
    return Receipt(item.name, seq, decision.standing.value, decision.detail)


def _act_on(world: World, one: Prepared, decision: Decision, seq: int) -> None:
    """Fold what is in the truth, set aside what is not yet, and note what an item still needs."""
    item = one.item
    in_part = item.kind in REGISTER_KINDS and decision.standing is Standing.CONFLICT
    if decision.standing is Standing.ACCEPTED or in_part:
        fold(world, item, decision.detail, seq)
    if decision.standing is not Standing.ACCEPTED:
        put_aside(world, item, decision.standing, decision.detail)
    for kind, id in decision.needs:
        world.conn.execute(
            "INSERT INTO needs (item, kind, id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (item.name, kind, id)
        )
    if decision.standing is not Standing.HELD:
        world.arrived.append(("item", item.name))


def put_aside(world: World, item: Item, standing: Standing, detail: dict[str, Any] | None) -> None:
    """Keep an item that is not in the truth where people and figures can see it."""
    visit = item.body if item.kind == "inspection" else {}
    place, day = str(visit.get("establishment")), str(visit.get("date"))
    texts = (place if is_id(place) else None, day if is_day(day) else None)
    world.conn.execute(
        "INSERT INTO aside (item, kind, id, standing, detail, device, establishment, date)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (item) DO UPDATE SET standing = excluded.standing, detail = excluded.detail",
        (item.name, item.kind, item.id, standing.value, detail_text(detail), item.device, *texts),
    )


def _count_runs(world: World, prepared: Iterable[Prepared | str], answers: Iterable[Receipt | str], first: int) -> None:
    """Count what each run has sent, so that a hole is seen: its last number is then above its count."""
    runs: dict[tuple[str, str], list[int]] = {}
    for one, answer in zip(prepared, answers, strict=True):
        if isinstance(one, Prepared) and isinstance(answer, Receipt) and answer.seq >= first and not answer.present:
            runs.setdefault((one.item.device, one.item.run), []).append(one.item.device_seq)
    world.conn.executemany(
        "INSERT INTO runs (device, run, last_seq, items) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (device, run) DO UPDATE SET items = runs.items + excluded.items,"
        " last_seq = CASE WHEN excluded.last_seq > runs.last_seq THEN excluded.last_seq ELSE runs.last_seq END",
        [(device, run, max(numbers), len(numbers)) for (device, run), numbers in sorted(runs.items())],
    )


def release(world: World) -> None:
    """Judge again what was held for the things that have just arrived, until nothing more moves."""
    if not world.conn.execute("SELECT 1 FROM needs LIMIT 1").fetchone():
        world.arrived.clear()
    while world.arrived:
        kind, id = world.arrived.pop(0)
        rows = world.conn.execute("SELECT item FROM needs WHERE kind = ? AND id = ?", (kind, id)).fetchall()
        for (name,) in rows:
            world.conn.execute("DELETE FROM needs WHERE item = ? AND kind = ? AND id = ?", (name, kind, id))
            left = world.conn.execute("SELECT 1 FROM needs WHERE item = ? LIMIT 1", (name,)).fetchone()
            if not left:
                judge_again(world, name)


def judge_again(world: World, name: str) -> None:
    """Judge a kept item anew, as what it waited for has come; a changed standing is an arrival."""
    line, standing, device = world.conn.execute(
        "SELECT line, standing, device FROM items WHERE name = ?", (name,)
    ).fetchone()
    one = _prepared(line, local_day(world.at))
    assert isinstance(one, Prepared), "only items are kept under a name"

    def act() -> None:
        decision = _faulty(one.fault) if one.fault else decide(world, one, sender_of(world.conn, device))
        if decision.standing.value != standing or decision.standing is Standing.HELD:
            change_standing(world, one, decision)

    _isolated(world, one, act, lambda fault: change_standing(world, one, fault))


def change_standing(world: World, one: Prepared, decision: Decision) -> None:
    """Append the change as an arrival, act on it, and tell the device that sent the item."""
    item = one.item
    seq = world.arrive(item.name, 0, decision.standing.value, detail_text(decision.detail))
    world.conn.execute("UPDATE items SET standing = ? WHERE name = ?", (decision.standing.value, item.name))
    world.conn.execute("DELETE FROM aside WHERE item = ?", (item.name,))
    _act_on(world, one, decision, seq)
    world.stamp(f"device:{item.device}", "standing", item.name)


def sender_of(conn: sqlite3.Connection, device: str) -> Sender:
    """Return what the device named *device* may write about now; one that is not known, about nothing."""
    if device == get_meta(conn, "office_device"):
        return Sender(device, None)
    row = conn.execute("SELECT state FROM things WHERE kind = 'device' AND id = ?", (device,)).fetchone()
    state = json.loads(row[0]) if row else {}
    if not state.get("area"):
        return Sender(device, frozenset())
    scope = unit_tree(conn).scope(f"{state['epoch']}:{state['area']}")
    return Sender(device, scope, revoked=bool(state.get("revoked_on")))
