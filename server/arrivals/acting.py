"""What follows from a decision: folding, setting aside, releasing what waited, and every later change of standing."""

import json
import logging
import sqlite3
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from schemas.fields import is_day
from schemas.ids import is_id, new_id
from schemas.items import REGISTER_KINDS, Item, name_of, read
from schemas.units import UnitTree
from server.arrivals.decide import Decision, decide
from server.arrivals.fold import Arrival, fold_arrival
from server.arrivals.prepare import Prepared, Sender, prepare
from server.arrivals.world import World, unit_tree
from server.clock import local_day
from server.store import get_meta
from sync.chain import detail_text
from sync.judge import Reason, Standing

log = logging.getLogger(__name__)
Done = TypeVar("Done")


def ready(line: bytes, today: date) -> Prepared | str:
    """Read and check one line (a hash: unreadable); an error of ours in doing so stands at that item alone."""
    try:
        return prepare(line, today)
    except Exception as error:  # whatever it is, the other lines of the batch must go in
        return Prepared(read(line), {}, Reason.SERVER_FAULT, fault=reference(line, error))


def reference(line: bytes, error: Exception) -> str:
    """Log an error of ours with one item, and return what it is found by in the log."""
    reference = new_id()[-12:]
    log.error("Item %s fell over, reference %s", name_of(line), reference, exc_info=error)
    return reference


def isolated(world: World, one: Prepared, act: Callable[[], Done], otherwise: Callable[[Decision], Done]) -> Done:
    """Do *act* about one item; an error of ours undoes it, and *otherwise* keeps the item under a reference."""
    return undone_if_it_fails(world, act, lambda error: otherwise(faulty(reference(one.item.line, error))))


def undone_if_it_fails(world: World, act: Callable[[], Done], otherwise: Callable[[Exception], Done]) -> Done:
    """Do *act* in a savepoint; an error of ours undoes it, and *otherwise* is done about that."""
    world.conn.execute("SAVEPOINT item")
    kept = world.remember()
    try:
        done = act()
    except Exception as error:  # whatever it is, the other items of the batch must go in
        if not world.conn.in_transaction:  # a full disk has rolled everything back: nothing of the batch is kept
            raise
        world.conn.execute("ROLLBACK TO item")
        world.undo(kept)
        done = otherwise(error)
    world.conn.execute("RELEASE item")
    return done


def faulty(reference: str) -> Decision:
    """Quarantine an item for an error of ours, under a reference that the log explains."""
    return Decision(Standing.QUARANTINED, {"reason": Reason.SERVER_FAULT.value, "reference": reference})


def act_on(world: World, one: Prepared, decision: Decision, seq: int) -> None:
    """Fold what is in the truth, set aside what is not, and note what an item still needs."""
    item = one.item
    if decision.standing in {Standing.ACCEPTED, Standing.CONFLICT, Standing.ERASED}:
        fold_arrival(world, item, Arrival(seq, decision.standing, decision.detail))
    if decision.standing not in {Standing.ACCEPTED, Standing.ERASED}:
        put_aside(world, item, decision.standing, decision.detail)
    for kind, id in decision.needs:
        world.conn.execute(
            "INSERT INTO needs (item, kind, id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (item.name, kind, id)
        )
    if decision.standing is not Standing.HELD:
        world.arrived.append(("item", item.name))
    if decision.standing is Standing.ACCEPTED and (found := _mended_by(world, item)):
        world.mended.append((item.name, found))


def _mended_by(world: World, item: Item) -> list[str]:
    """Return what was quarantined for content and is said again rightly by *item*: by its own device, or from it."""
    rows = world.conn.execute(
        "SELECT item, device, detail FROM aside WHERE id = ? AND kind = ? AND standing = 'quarantined'",
        (item.id, item.kind),
    ).fetchall()
    return [
        name
        for name, device, detail in rows
        if json.loads(detail).get("reason") == Reason.CONTENT and (device == item.device or name == item.base)
        if item.kind == "inspection" or _says_again(item, _kept(world, name))
    ]


def _kept(world: World, name: str) -> Item:
    (line,) = world.conn.execute("SELECT line FROM items WHERE name = ?", (name,)).fetchone()
    return read(line)


def _says_again(item: Item, before: Item) -> bool:
    """Say whether a register edit sets every field that an earlier one set."""
    earlier = before.body.get("set")
    return item.kind in REGISTER_KINDS and isinstance(earlier, dict) and earlier.keys() <= item.body["set"].keys()


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


def release(world: World) -> None:
    """Judge again what was held for the things that have just arrived, until nothing more moves.

    What is mended is let go of. All this comes after the batch's own arrivals: those are what its seal is about.
    """
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
    for mending, names in world.mended:
        for name in names:
            _let_go(world, name, mending)
    world.mended.clear()


def _let_go(world: World, name: str, mending: str) -> None:
    """Decline what was said again rightly, unless that has happened; an error of ours leaves it where it stands."""
    still = "SELECT 1 FROM aside WHERE item = ? AND standing = 'quarantined'"
    if not world.conn.execute(still, (name,)).fetchone():
        return
    one = Prepared(_kept(world, name), {})
    told = Decision(Standing.DECLINED, {"replaced_by": mending})
    undone_if_it_fails(
        world, lambda: change_standing(world, one, told), lambda error: log.error("%s", reference(one.item.line, error))
    )


def _nothing_more(world: World, item: Item) -> None:
    """Most items say nothing of others."""


def judge_again(world: World, name: str, carry_out: Callable[[World, Item], None] = _nothing_more) -> None:
    """Judge a kept item anew, as what it waited for has come; a changed standing is an arrival.

    *carry_out* does what the item decides of others, once it is accepted.
    """
    line, standing, device = world.conn.execute(
        "SELECT line, standing, device FROM items WHERE name = ?", (name,)
    ).fetchone()
    one = ready(line, local_day(world.at))
    assert isinstance(one, Prepared), "only items are kept under a name"

    def act() -> None:
        decision = faulty(one.fault) if one.fault else decide(world, one, _judged_as(world, name, device))
        if decision.standing.value != standing or _is_news(decision.detail, _last_detail(world, name)):
            change_standing(world, one, decision)
            if decision.standing is Standing.ACCEPTED:
                carry_out(world, one.item)

    def fell_over(fault: Decision) -> None:
        if standing != Standing.QUARANTINED or _is_news(fault.detail, _last_detail(world, name)):
            change_standing(world, one, fault)

    isolated(world, one, act, fell_over)


def _is_news(detail: dict[str, Any] | None, before: dict[str, Any] | None) -> bool:
    """Say whether a detail tells more than the one before; the reference of one more error of ours does not."""
    return {**(detail or {}), "reference": ""} != {**(before or {}), "reference": ""}


def _judged_as(world: World, name: str, device: str) -> Sender:
    """Return whose right an item is judged by: the office's own once a person let it in."""
    released = world.conn.execute("SELECT 1 FROM releases WHERE item = ?", (name,)).fetchone()
    return Sender(device, None) if released else sender_of(world.conn, device, world.tree)


def _last_detail(world: World, name: str) -> dict[str, Any] | None:
    row = world.conn.execute("SELECT detail FROM aside WHERE item = ?", (name,)).fetchone()
    return json.loads(row[0]) if row and row[0] else None


def change_standing(world: World, one: Prepared, decision: Decision) -> None:
    """Append the change as an arrival, act on it, and tell the device that sent the item."""
    item = one.item
    seq = world.arrive(item.name, 0, decision.standing.value, detail_text(decision.detail))
    world.conn.execute("UPDATE items SET standing = ? WHERE name = ?", (decision.standing.value, item.name))
    world.conn.execute("DELETE FROM aside WHERE item = ?", (item.name,))
    act_on(world, one, decision, seq)
    tell_the_sender(world, item, world.conn)


def tell_the_sender(world: World, item: Item, conn: sqlite3.Connection) -> None:
    """Let the laptop that an item names hear of it, and the one that handed it in (*conn* knows which)."""
    row = conn.execute("SELECT sender FROM carried WHERE item = ?", (item.name,)).fetchone()
    for device in sorted({item.device, row[0] if row else item.device}):
        world.stamp(f"device:{device}", "standing", item.name)


def sender_of(conn: sqlite3.Connection, device: str, tree: UnitTree | None = None) -> Sender:
    """Return what the device named *device* may write about now; one that is not known, about nothing.

    *tree*: the units as a transaction sees them that may have changed some.
    """
    if device == get_meta(conn, "office_device"):
        return Sender(device, None)
    row = conn.execute("SELECT state FROM things WHERE kind = 'device' AND id = ?", (device,)).fetchone()
    state = json.loads(row[0]) if row else {}
    if not state.get("area"):
        return Sender(device, frozenset())
    scope = (tree or unit_tree(conn)).scope(f"{state['epoch']}:{state['area']}")
    return Sender(device, scope, revoked=bool(state.get("revoked_on") or state.get("retired_on")))
