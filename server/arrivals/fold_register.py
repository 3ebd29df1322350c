"""What follows from a change of the register: where a place stands, who is told, what coverage must count again."""

from collections.abc import Callable
from typing import Any

from schemas.items import Item
from schemas.register import State
from schemas.text import fold as folded
from server.arrivals.fold_assignments import fold_assignment, that_move_with
from server.arrivals.fold_events import said_of
from server.arrivals.fold_indicators import fold_value
from server.arrivals.fold_law import communes_of, fold_act, fold_decision, fold_group, fold_operator, stamp_operator
from server.arrivals.fold_planning import fold_tip
from server.arrivals.fold_returns import fold_return
from server.arrivals.fold_work import fold_list_proposal, fold_unit_inspection, fold_year_task
from server.arrivals.merges import end_of_chain, root_again
from server.arrivals.world import EVERY_LAPTOP, World
from server.register.keep import judge_groups, keep_operator, keep_place


def nothing_more(world: World, item: Item, before: State, after: State) -> None:
    """Some things have no table of their own and are told to nobody."""


def _establishment(world: World, item: Item, before: State, after: State) -> None:
    id, stood_in = item.id, world.root(item.id)
    operators = {span["operator"] for span in spans(after, "operator")}
    latest = last_span(after, "operator")
    place = last_span(after, "place") or {}
    texts = (after["name"], after.get("code"), place.get("address"), after.get("phone"))
    search = folded(" ".join(filter(None, texts)))
    world.conn.execute(
        "INSERT INTO establishments (id, root, code, name, search, operator, merged_into) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET code = excluded.code, name = excluded.name, search = excluded.search,"
        " operator = excluded.operator, merged_into = excluded.merged_into",
        (
            id, id, after.get("code") or "", after["name"], search,
            latest["operator"] if latest else None, after.get("merged_into"),
        ),
    )  # fmt: skip
    for operator in operators - {span["operator"] for span in spans(before, "operator")}:
        world.conn.execute(
            "INSERT INTO operator_places (operator, establishment) VALUES (?, ?) ON CONFLICT DO NOTHING",
            (operator, id),
        )
    if before.get("merged_into") != after.get("merged_into"):
        root_again(world, "establishment", id)
        world.forget_roots()
    place_again(world, id, after)
    keep_place(world.conn, id, after)
    if stood_in and _judged_otherwise(before, after):
        judge_groups(world.conn, {stood_in, world.root(id) or id})
    for commune in world.communes(id):
        world.stamp(commune, "establishment", id)
        for operator in operators:
            _enter(world, commune, operator)


def _judged_otherwise(before: State, after: State) -> bool:
    """Say whether what changed is on which days the place was open, or with whom it is one."""
    if before.get("merged_into") != after.get("merged_into"):
        return True
    return spans(before, "status") != spans(after, "status")


def remember_coverage(world: World, id: str, applied: dict[str, Any]) -> None:
    groups = {path.partition("/")[0] for path in applied}
    if not groups & {"place", "kind", "status", "merged_into"}:
        return
    world.deltas.before(world.root(id) or id)
    if "merged_into" in applied:
        world.deltas.before(id)
        if applied["merged_into"]:
            world.deltas.before(end_of_chain(world, "establishment", applied["merged_into"]))


def place_again(world: World, id: str, state: State) -> None:
    """File a place under the present communes where it may stand; what leaves one is told there as gone."""
    key = _stands_at(state)
    _file_under(world, id, state, world.tree.present(key) if key else frozenset())


def _stands_at(state: State) -> str:
    place = last_span(state, "place")
    return f"{place['epoch']}:{place['unit']}" if place else ""


def _file_under(world: World, id: str, state: State, now: frozenset[str]) -> None:
    was = frozenset(world.communes(id))
    if now == was:
        return
    world.forget_place(id)
    world.conn.executemany(
        "DELETE FROM placements WHERE establishment = ? AND commune = ?", [(id, c) for c in was - now]
    )
    world.conn.executemany(
        "INSERT INTO placements (establishment, commune) VALUES (?, ?)", [(id, c) for c in sorted(now - was)]
    )
    if was:
        _tell_of_move(world, id, state, sorted(was - now), sorted(now if was - now else now - was))


def _tell_of_move(world: World, id: str, state: State, left: list[str], stands: list[str]) -> None:
    """Tell the communes that a place has left, then those where it stands: the last word is where it is."""
    operators = sorted({span["operator"] for span in spans(state, "operator")})
    visits = [row[0] for row in world.conn.execute("SELECT id FROM visits WHERE establishment = ? ORDER BY id", (id,))]
    checks = world.conn.execute("SELECT id FROM outside_checks WHERE establishment = ? ORDER BY id", (id,)).fetchall()
    under = [("establishment", id), *(("inspection", v) for v in visits), *(("outside_check", c[0]) for c in checks)]
    under += [said for visit in visits for said in said_of(world, visit)]
    under += that_move_with(world, id)
    for commune in left:
        for kind, thing in under:
            world.stamp(commune, kind, thing, 1)
    for commune in stands:
        for kind, thing in under:
            world.stamp(commune, kind, thing)
    for operator in operators:
        _tell_of_operator(world, operator, left)


def _tell_of_operator(world: World, operator: str, left: list[str]) -> None:
    """Tell the communes that an operator's place has left, then all where one stands: a laptop may follow both."""
    stands = communes_of(world, operator)
    for commune in left:
        if commune not in stands:
            stamp_operator(world, commune, operator, 1)
    for commune in stands:
        stamp_operator(world, commune, operator)


def _enter(world: World, commune: str, operator: str) -> None:
    """Tell a commune of an operator that it does not have yet."""
    row = world.conn.execute(
        "SELECT gone FROM feed WHERE commune = ? AND kind = 'operator' AND id = ?", (commune, operator)
    ).fetchone()
    if row is None or row[0]:
        stamp_operator(world, commune, operator)


def _operator(world: World, item: Item, before: State, after: State) -> None:
    """An operator without a place is sent to nobody: whoever made it has it as its own."""
    fold_operator(world, item, before, after)
    keep_operator(world.conn, item.id, after)
    for commune in communes_of(world, item.id):
        world.stamp(commune, "operator", item.id)


def _of_an_area(world: World, item: Item, before: State, after: State) -> None:
    was, now = (f"{state.get('epoch')}:{state.get('area')}" for state in (before, after))
    if before and was != now:
        world.stamp(was, item.kind, item.id, 1)
    world.stamp(now, item.kind, item.id)


KEY_FIELDS = ("public_key", "revoked_on", "retired_on")  # all that other laptops are told of one


def _device(world: World, item: Item, before: State, after: State) -> None:
    """Whose signature on minutes is good is told to every laptop: paper is shown anywhere in the country."""
    was, now = ([state.get(field) for field in KEY_FIELDS] for state in (before, after))
    if after.get("public_key") and was != now:
        world.stamp(EVERY_LAPTOP, "device_key", item.id)


def _unit(world: World, item: Item, before: State, after: State) -> None:
    world.stamp(item.id, "unit", item.id)
    world.unit_changed(item.id)
    was, now = (_present(item.id, state) for state in (before, after))
    if was != now:
        _stand_elsewhere(world, item.id, was, now)


def _present(key: str, unit: State) -> frozenset[str]:
    """Say which present communes an old one went into, as UnitTree.present does; any other is itself."""
    after = unit.get("successors") or () if key.startswith("old:") else ()
    return frozenset(f"new:{code}" for code in after) or frozenset({key})


def _stand_elsewhere(world: World, key: str, was: frozenset[str], now: frozenset[str]) -> None:
    """Place again, at once and not when the batch ends, what stands at a unit of which something else became."""
    marks = ", ".join("?" * len(was))
    rows = world.conn.execute(
        f"SELECT DISTINCT establishment FROM placements WHERE commune IN ({marks}) ORDER BY establishment", sorted(was)
    )
    for (id,) in rows.fetchall():
        state = world.state("establishment", id) or {}
        if _stands_at(state) == key:
            _file_under(world, id, state, now)


THINGS: dict[str, Callable[[World, Item, State, State], None]] = {
    "establishment": _establishment,
    "operator": _operator,
    "decision": fold_decision,
    "act": fold_act,
    "act_group": fold_group,
    "team": _of_an_area,
    "plan": _of_an_area,
    "template": _of_an_area,
    "unit": _unit,
    "device": _device,
    "assignment": fold_assignment,
    "tip": fold_tip,
    "indicator_value": fold_value,
    "return": fold_return,
    "year_task": fold_year_task,
    "unit_inspection": fold_unit_inspection,
    "list_proposal": fold_list_proposal,
}


def spans(state: State, group: str) -> list[dict[str, Any]]:
    """Return the spans of one chain of *state*, the earliest first."""
    found = [value for path, value in state.items() if path.partition("/")[0] == group and "/" in path]
    return sorted(found, key=lambda span: str(span.get("from")))


def last_span(state: State, group: str) -> dict[str, Any] | None:
    """Return the latest span of a chain, None when it has none."""
    found = spans(state, group)
    return found[-1] if found else None
