"""How an accepted item changes what is known. Nothing is judged here, so that a rebuild says the same."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from schemas.items import REGISTER_KINDS, Item
from schemas.settling import Keep
from server.arrivals.conflicts import Word, last_words
from server.arrivals.fold_events import file_gone, fold_event, fold_visit
from server.arrivals.fold_register import THINGS, nothing_more, remember_coverage
from server.arrivals.fold_returns import forget_frozen
from server.arrivals.world import World
from server.history import texts
from sync.judge import Standing
from sync.merge import apply, prevailing, side_by_side


@dataclass(frozen=True)
class Arrival:
    """One row of arrivals as folding needs it: its sequence, how the item stood from then on, what stood beside it."""

    seq: int
    standing: str
    detail: dict[str, Any] | None = None

    @property
    def left_out(self) -> dict[str, Any]:
        """The fields of a register edit that are in conflict."""
        return (self.detail or {}).get("fields") or {}


def fold_arrival(world: World, item: Item, arrival: Arrival) -> None:
    """Fold what *arrival* says of *item* into the projections; most standings change nothing there.

    The body was checked at the door it came through; here it is only read. A register
    edit in conflict is folded but for the fields in conflict; when it is settled, the
    settlement itself carries what changes.
    """
    settled = "settled" in (arrival.detail or {})
    if arrival.standing == Standing.ERASED:
        world.conn.execute("DELETE FROM field_conflicts WHERE item = ?", (item.name,))
        file_gone(world, item)
        forget_frozen(world, item)
        texts.forget(world.conn, item.name)
    elif item.kind in REGISTER_KINDS:
        if not settled and arrival.standing in {Standing.ACCEPTED, Standing.CONFLICT}:
            _fold_edit(world, item, arrival)
    elif arrival.standing != Standing.ACCEPTED:
        return
    elif item.kind == "inspection":
        fold_visit(world, item)
    elif item.kind in FOLDED:
        FOLDED[item.kind](world, item, arrival.seq)
    else:
        fold_event(world, item)


def _fold_edit(world: World, item: Item, arrival: Arrival) -> None:
    applied = {path: value for path, value in item.body["set"].items() if path not in arrival.left_out}
    fold_state(world, item, applied, arrival.seq)
    texts.note(world.conn, item.name, item.kind, item.id, applied)
    _note_conflicts(world, item, arrival)


def fold_state(world: World, item: Item, applied: dict[str, Any], seq: int) -> None:
    """Set *applied* on the thing that *item* names (its kind and id), and let follow what follows from it."""
    before = world.state(item.kind, item.id) or {}
    after = apply(before, applied)
    if item.kind == "establishment":
        remember_coverage(world, item.id, applied)
    world.conn.execute(
        "INSERT INTO things (kind, id, seq, state) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (kind, id) DO UPDATE SET seq = excluded.seq, state = excluded.state",
        (item.kind, item.id, seq, json.dumps(after, ensure_ascii=False, separators=(",", ":"))),
    )
    THINGS.get(item.kind, nothing_more)(world, item, before, after)
    if not before:
        world.arrived.append((item.kind, item.id))


def _note_conflicts(world: World, item: Item, arrival: Arrival) -> None:
    for path in arrival.left_out:
        world.conn.execute(
            "INSERT INTO field_conflicts (kind, id, path, item, device, value, seq) VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (kind, id, path, item) DO NOTHING",
            (
                item.kind, item.id, path, item.name, item.device,
                json.dumps(item.body["set"].get(path), ensure_ascii=False), arrival.seq,
            ),
        )  # fmt: skip


def _fold_settlement(world: World, item: Item, seq: int) -> None:
    """End the conflict over fields of a thing: the device's last word on each is set, or both are kept, or it goes."""
    lasting = last_words(world, item.body["item"])
    if not lasting:
        return  # a visit's: the changes of standing say it all
    about = replace(item, kind=lasting[0].kind, id=lasting[0].id)
    if item.body["keep"] != Keep.THEIRS:
        state = world.state(about.kind, about.id) or {}
        values = {word.path: word.value for word in lasting}
        kept = side_by_side(values, item.body["item"]) if item.body["keep"] == Keep.BOTH else prevailing(state, values)
        fold_state(world, about, kept, seq)
        _note_texts(world, lasting, kept)
    for word in lasting:
        world.conn.execute(
            "DELETE FROM field_conflicts WHERE kind = ? AND id = ? AND path = ? AND device = ?",
            (word.kind, word.id, word.path, word.device),
        )


def _note_texts(world: World, lasting: list[Word], kept: dict[str, Any]) -> None:
    """Let the search find what a settlement set, as said by the items that are in the conflict."""
    for word in lasting:
        said = {path: value for path, value in kept.items() if value == word.value}
        texts.note(world.conn, word.item, word.kind, word.id, said)


def _fold_release(world: World, item: Item, seq: int) -> None:
    world.conn.execute("INSERT INTO releases (item) VALUES (?) ON CONFLICT DO NOTHING", (item.body["item"],))


def _nothing(world: World, item: Item, seq: int) -> None:
    """What a decline or an erasure changes are standings; each of these is an arrival of its own."""


FOLDED: dict[str, Callable[[World, Item, int], None]] = {
    "settlement": _fold_settlement,
    "release": _fold_release,
    "decline": _nothing,
    "erasure": _nothing,
}


def settle(world: World) -> None:
    """Finish a transaction: let the units be read again where one changed, and write coverage differences."""
    if world.changed_units:
        world.conn.execute(
            "INSERT INTO meta (key, value) VALUES ('units_version', ?)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (str(world.seq),),
        )
        world.changed_units.clear()
    world.deltas.flush()
