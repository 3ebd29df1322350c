"""How an accepted item changes what is known. Nothing is judged here, so that a rebuild says the same."""

import json
from typing import Any

from schemas.items import REGISTER_KINDS, Item
from server.arrivals.fold_events import fold_event, fold_visit
from server.arrivals.fold_register import THINGS, nothing_more, remember_coverage
from server.arrivals.world import World
from sync.merge import apply


def fold(world: World, item: Item, detail: dict[str, Any] | None, seq: int) -> None:
    """Fold *item*, accepted (or a register edit partly in conflict), into the projections.

    *detail* is what stands on its arrival: the fields in conflict are left out. The body
    was checked at the door it came through; here it is only read.
    """
    if item.kind in REGISTER_KINDS:
        _fold_edit(world, item, detail, seq)
    elif item.kind == "inspection":
        fold_visit(world, item)
    else:
        fold_event(world, item)


def _fold_edit(world: World, item: Item, detail: dict[str, Any] | None, seq: int) -> None:
    left_out = (detail or {}).get("fields", {})
    before = world.state(item.kind, item.id) or {}
    applied = {path: value for path, value in item.body["set"].items() if path not in left_out}
    after = apply(before, applied)
    if item.kind == "establishment":
        remember_coverage(world, item.id, applied)
    world.conn.execute(
        "INSERT INTO things (kind, id, seq, state) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (kind, id) DO UPDATE SET seq = excluded.seq, state = excluded.state",
        (item.kind, item.id, seq, json.dumps(after, ensure_ascii=False, separators=(",", ":"))),
    )
    _note_conflicts(world, item, left_out)
    THINGS.get(item.kind, nothing_more)(world, item, before, after)
    if not before:
        world.arrived.append((item.kind, item.id))


def _note_conflicts(world: World, item: Item, left_out: dict[str, Any]) -> None:
    for path in left_out:
        world.conn.execute(
            "INSERT INTO field_conflicts (kind, id, path, item, device, value) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (kind, id, path, item) DO NOTHING",
            (item.kind, item.id, path, item.name, item.device, json.dumps(item.body["set"][path], ensure_ascii=False)),
        )


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
