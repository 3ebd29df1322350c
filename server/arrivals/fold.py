"""How an accepted item changes what is known. Nothing is judged here, so that a rebuild says the same."""

import json
from collections.abc import Callable
from typing import Any

from schemas.inspections import QUORUM, Outcome
from schemas.items import REGISTER_KINDS, Item
from schemas.register import State
from schemas.text import fold as folded
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
        _fold_visit(world, item)
    else:
        _EVENTS[item.kind](world, item)


def _fold_edit(world: World, item: Item, detail: dict[str, Any] | None, seq: int) -> None:
    left_out = (detail or {}).get("fields", {})
    before = world.state(item.kind, item.id) or {}
    applied = {path: value for path, value in item.body["set"].items() if path not in left_out}
    after = apply(before, applied)
    if item.kind == "establishment":
        _remember_coverage(world, item.id, applied)
    world.conn.execute(
        "INSERT INTO things (kind, id, seq, state) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (kind, id) DO UPDATE SET seq = excluded.seq, state = excluded.state",
        (item.kind, item.id, seq, json.dumps(after, ensure_ascii=False, separators=(",", ":"))),
    )
    _note_conflicts(world, item, left_out)
    _REGISTER.get(item.kind, _nothing_more)(world, item, before, after)
    if not before:
        world.arrived.append((item.kind, item.id))


def _note_conflicts(world: World, item: Item, left_out: dict[str, Any]) -> None:
    for path in left_out:
        world.conn.execute(
            "INSERT INTO field_conflicts (kind, id, path, item, device, value) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (kind, id, path, item) DO NOTHING",
            (item.kind, item.id, path, item.name, item.device, json.dumps(item.body["set"][path], ensure_ascii=False)),
        )


def _nothing_more(world: World, item: Item, before: State, after: State) -> None:
    """Some things have no table of their own and are told to nobody."""


def _establishment(world: World, item: Item, before: State, after: State) -> None:
    id = item.id
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
        _root_again(world, id)
    place_again(world, id, after)
    for commune in world.communes(id):
        world.stamp(commune, "establishment", id)
        for operator in operators:
            _enter(world, commune, "operator", operator)


def _root_again(world: World, id: str) -> None:
    """Give every record that is merged into *id*, and itself, the root at the end of its chain."""
    root = end_of_chain(world, "establishment", id)
    members = {id}
    frontier = [id]
    while frontier:
        rows = world.conn.execute("SELECT id FROM establishments WHERE merged_into = ?", (frontier.pop(),))
        for (member,) in rows.fetchall():
            if member not in members:
                members.add(member)
                frontier.append(member)
    world.conn.executemany(
        "UPDATE establishments SET root = ? WHERE id = ?", [(root, member) for member in sorted(members)]
    )


def end_of_chain(world: World, kind: str, id: str) -> str:
    """Follow merges to the surviving record; a circle, which the door refuses, ends where it began."""
    seen = {id}
    while (into := (world.state(kind, id) or {}).get("merged_into")) and into not in seen:
        seen.add(into)
        id = into
    return id


def _remember_coverage(world: World, id: str, applied: dict[str, Any]) -> None:
    groups = {path.partition("/")[0] for path in applied}
    if not groups & {"place", "kind", "status", "merged_into"}:
        return
    row = world.conn.execute("SELECT root FROM establishments WHERE id = ?", (id,)).fetchone()
    world.deltas.before(row[0] if row else id)
    if "merged_into" in applied:
        world.deltas.before(id)
        if applied["merged_into"]:
            world.deltas.before(end_of_chain(world, "establishment", applied["merged_into"]))


def place_again(world: World, id: str, state: State) -> None:
    """File a place under the present communes where it may stand; what leaves one is told there as gone."""
    place = last_span(state, "place")
    key = f"{place['epoch']}:{place['unit']}" if place else ""
    now = world.tree.present(key) if key else frozenset()
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
    stands = _communes_of(world, operator)
    for commune in left:
        if commune not in stands:
            world.stamp(commune, "operator", operator, 1)
    for commune in stands:
        world.stamp(commune, "operator", operator)


def _communes_of(world: World, operator: str) -> list[str]:
    rows = world.conn.execute(
        "SELECT DISTINCT commune FROM operator_places JOIN placements USING (establishment)"
        " WHERE operator = ? ORDER BY commune",
        (operator,),
    )
    return [row[0] for row in rows.fetchall()]


def _enter(world: World, commune: str, kind: str, id: str) -> None:
    """Tell a commune of a thing it does not have yet."""
    row = world.conn.execute(
        "SELECT gone FROM feed WHERE commune = ? AND kind = ? AND id = ?", (commune, kind, id)
    ).fetchone()
    if row is None or row[0]:
        world.stamp(commune, kind, id)


def _operator(world: World, item: Item, before: State, after: State) -> None:
    for commune in _communes_of(world, item.id) or [f"device:{item.device}"]:
        world.stamp(commune, "operator", item.id)


def _of_an_area(world: World, item: Item, before: State, after: State) -> None:
    was, now = (f"{state.get('epoch')}:{state.get('area')}" for state in (before, after))
    if before and was != now:
        world.stamp(was, item.kind, item.id, 1)
    world.stamp(now, item.kind, item.id)


def _unit(world: World, item: Item, before: State, after: State) -> None:
    world.stamp(item.id, "unit", item.id)
    world.unit_changed(item.id)


_REGISTER: dict[str, Callable[[World, Item, State, State], None]] = {
    "establishment": _establishment,
    "operator": _operator,
    "team": _of_an_area,
    "plan": _of_an_area,
    "unit": _unit,
}


def _fold_visit(world: World, item: Item) -> None:
    body = item.body
    place, day, void = body["establishment"], body["date"], bool(body.get("void"))
    members, outcome = len(body.get("members", ())), Outcome(body["outcome"])
    before = world.conn.execute("SELECT establishment, date FROM visits WHERE id = ?", (item.id,)).fetchone()
    review = world.conn.execute("SELECT review, comment FROM reviews WHERE inspection = ?", (item.id,)).fetchone()
    if before:
        _touch(world, before[0], before[1])
    _touch(world, place, day)
    world.conn.execute(
        "INSERT INTO visits (id, item, establishment, team, date, basis, outcome, revision, members, violations,"
        " found_working, void, counting, device) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET item = excluded.item, establishment = excluded.establishment,"
        " team = excluded.team, date = excluded.date, basis = excluded.basis, outcome = excluded.outcome,"
        " revision = excluded.revision, members = excluded.members, violations = excluded.violations,"
        " found_working = excluded.found_working, void = excluded.void, counting = excluded.counting",
        (
            item.id, item.name, place, body["team"], day, body["basis"], outcome.value, body.get("revision", 1),
            members, len(body.get("violations", ())), body.get("found_working"), void,
            counting(outcome.counts, void, members, review), item.device,
        ),
    )  # fmt: skip
    if before and before[0] != place:
        for commune in world.communes(before[0]):
            world.stamp(commune, "inspection", item.id, 1)
    for commune in world.communes(place):
        world.stamp(commune, "inspection", item.id)


def counting(inspected: bool, void: bool | int, members: int, review: tuple[str, str] | None) -> int:
    """Say whether a visit counts: inspected, not void, not rejected, and a quorum or its acceptance with a reason."""
    said, comment = review or ("", "")
    quorum = members >= QUORUM or (said == "accepted" and bool(comment.strip()))
    return int(inspected and not void and said != "rejected" and quorum)


def _touch(world: World, establishment: str, day: str) -> None:
    row = world.conn.execute("SELECT root FROM establishments WHERE id = ?", (establishment,)).fetchone()
    if row:
        world.deltas.before(row[0], int(day[:4]))


def _review(world: World, item: Item) -> None:
    body = item.body
    row = world.conn.execute(
        "SELECT establishment, date, outcome, void, members FROM visits WHERE id = ?", (body["inspection"],)
    ).fetchone()
    establishment, day, outcome, void, members = row
    _touch(world, establishment, day)
    said = (body["review"], body.get("comment", ""))
    world.conn.execute(
        "INSERT INTO reviews (inspection, item, review, comment) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (inspection) DO UPDATE SET item = excluded.item, review = excluded.review,"
        " comment = excluded.comment",
        (body["inspection"], item.name, *said),
    )
    inspected = outcome in ("no_violation", "violations")
    world.conn.execute(
        "UPDATE visits SET counting = ? WHERE id = ?", (counting(inspected, void, members, said), body["inspection"])
    )
    for commune in world.communes(establishment):
        world.stamp(commune, "inspection", body["inspection"])


def _confirm_list(world: World, item: Item) -> None:
    body = item.body
    world.conn.execute(
        "INSERT INTO list_confirmations (unit, confirmed_on, confirmed_by) VALUES (?, ?, ?)"
        " ON CONFLICT (unit) DO UPDATE SET confirmed_on = excluded.confirmed_on, confirmed_by = excluded.confirmed_by",
        (f"{body['epoch']}:{body['unit']}", body["on"], body.get("by", "")),
    )


def _outside_check(world: World, item: Item) -> None:
    body = item.body
    world.conn.execute(
        "INSERT INTO outside_checks (id, establishment, date, agency, paper) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET date = excluded.date, agency = excluded.agency, paper = excluded.paper",
        (item.id, body["establishment"], body["date"], body["agency"], body.get("paper", "")),
    )
    for commune in world.communes(body["establishment"]):
        world.stamp(commune, "outside_check", item.id)


def _paper(world: World, item: Item) -> None:
    """Kept as it came; its page comes with the paper's own issue."""


_EVENTS: dict[str, Callable[[World, Item], None]] = {
    "review": _review,
    "confirm_list": _confirm_list,
    "outside_check": _outside_check,
    "paper": _paper,
}


def spans(state: State, group: str) -> list[dict[str, Any]]:
    """Return the spans of one chain of *state*, the earliest first."""
    found = [value for path, value in state.items() if path.partition("/")[0] == group and "/" in path]
    return sorted(found, key=lambda span: str(span.get("from")))


def last_span(state: State, group: str) -> dict[str, Any] | None:
    """Return the latest span of a chain, None when it has none."""
    found = spans(state, group)
    return found[-1] if found else None


def settle(world: World) -> None:
    """Finish a transaction: place again what stands at units that changed, and write coverage differences."""
    if world.changed_units:
        world.conn.execute(
            "INSERT INTO meta (key, value) VALUES ('units_version', ?)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (str(world.seq),),
        )
        for unit in sorted(world.changed_units):
            rows = world.conn.execute("SELECT establishment FROM placements WHERE commune = ?", (unit,))
            for (id,) in rows.fetchall():
                place_again(world, id, world.state("establishment", id) or {})
        world.changed_units.clear()
    world.deltas.flush()
