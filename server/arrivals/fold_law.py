"""What follows from decisions, acts that were found and the catalogue: who is told what is a repeat."""

import json
from collections.abc import Iterable
from typing import Any

from schemas.acts import laid_over
from schemas.items import Item
from schemas.register import State
from schemas.violations import packaged
from server.arrivals.merges import root_again
from server.arrivals.world import EVERY_LAPTOP, STAMP, World
from server.law.catalogue import current
from server.law.execution import facts
from server.law.held import coded_in
from server.register.keep import keep_decision

REPEAT, HELD, ALL = "repeat", "decisions_held", "all"  # kinds of the feed; the second is one thing, under the id ALL


_TEXTS = ("operator", "number", "authority", "decided_on", "establishment", "inspection")
DECISION = (
    "INSERT INTO decisions (id, operator, number, authority, decided_on, establishment, inspection, execution, done_on,"
    " cancelled, complaint, evasion) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (id) DO UPDATE SET operator = excluded.operator, number = excluded.number,"
    " authority = excluded.authority, decided_on = excluded.decided_on, establishment = excluded.establishment,"
    " inspection = excluded.inspection, execution = excluded.execution, done_on = excluded.done_on,"
    " cancelled = excluded.cancelled, complaint = excluded.complaint, evasion = excluded.evasion"
)
FOUND = "INSERT INTO found_acts (inspection, violation, code, committed_on) VALUES (?, ?, ?, ?)"


def decision_row(id: str, state: State) -> tuple[Any, ...]:
    """Return the row of a decision that stands at *state*."""
    found = facts(state)
    marks = (found.execution.value, found.done_on, found.cancelled, found.complaint, found.evasion)
    return (id, *(state.get(path) or "" for path in _TEXTS), *marks)


def _acts_of(world: World, decision: str, state: State) -> None:
    """Keep the codes that a decision is about, those that a legal officer gave to uncoded acts too."""
    codes = {*(state.get("codes") or ()), *coded_in(world.conn, {decision: state}).get(decision, ())}
    world.conn.execute("DELETE FROM decision_acts WHERE decision = ?", (decision,))
    rows = [(decision, code) for code in sorted(codes)]
    world.conn.executemany("INSERT INTO decision_acts (decision, code) VALUES (?, ?)", rows)


def act_rows(item: Item) -> tuple[tuple[Any, ...], ...]:
    """Return what a visit found, each act without its words; of one that is void, nothing."""
    body = item.body
    if body.get("void"):
        return ()
    found = {one["id"]: one for one in body.get("violations", ()) if "id" in one}  # of one that was erased once: none
    return tuple(
        (item.id, id, one.get("code") or "", one.get("committed_on") or body["date"]) for id, one in found.items()
    )


def keep_acts(world: World, item: Item) -> None:
    """Keep what the truth of a visit found; a decision on an act that was uncoded, or is now, is told again."""
    world.conn.execute("DELETE FROM found_acts WHERE inspection = ?", (item.id,))
    world.conn.executemany(FOUND, act_rows(item))
    _decided_again(world, item.id)


def coded(world: World, item: Item) -> None:
    """Keep which act a legal officer sees in an uncoded violation; decisions on it are told again."""
    body = item.body
    world.conn.execute(
        "INSERT INTO codings (violation, inspection, code, item) VALUES (?, ?, ?, ?) ON CONFLICT (violation)"
        " DO UPDATE SET inspection = excluded.inspection, code = excluded.code, item = excluded.item",
        (body["violation"], body["inspection"], body.get("code") or "", item.name),
    )
    _decided_again(world, body["inspection"])


def _decided_again(world: World, inspection: str) -> None:
    query = "SELECT id FROM decisions WHERE inspection = ? AND inspection <> '' ORDER BY id"  # as its index has it
    rows = world.conn.execute(query, (inspection,)).fetchall()
    for (decision,) in rows:
        state = world.state("decision", decision) or {}
        if state.get("violations"):
            _acts_of(world, decision, state)
            tell_of_repeats(world, filter(None, (state.get("operator"),)))


def fold_act(world: World, item: Item, before: State, after: State) -> None:
    """Tell every laptop of a version of a catalogue row: what is in force, and what may be said of a fine."""
    world.stamp(EVERY_LAPTOP, "act", item.id)


def fold_group(world: World, item: Item, before: State, after: State) -> None:
    """Tell every laptop of a version of a group, and again of whoever was sanctioned for an act of it."""
    world.stamp(EVERY_LAPTOP, "act_group", item.id)
    codes = sorted(touched(world, item.id, after))
    rows = world.conn.execute(
        "SELECT DISTINCT feed.commune, feed.id, feed.gone FROM decision_acts"
        "  JOIN decisions ON decisions.id = decision_acts.decision"
        "  JOIN operators AS its ON its.id = decisions.operator JOIN operators AS one ON one.root = its.root"
        "  JOIN feed ON feed.kind = 'operator' AND feed.id = one.id"
        f" WHERE code IN ({', '.join('?' * len(codes))}) ORDER BY feed.id, feed.commune",
        codes,
    ).fetchall()
    world.conn.executemany(
        STAMP, [(commune, REPEAT, id, pos, gone) for pos, (commune, id, gone) in enumerate(rows, world.pos + 1)]
    )
    world.pos += len(rows)


def touched(world: World, version: str, state: State) -> set[str]:
    """Return the codes of which *version* of a group may change with which others they are one act."""
    now = current(world.conn)
    rows = world.conn.execute(
        "SELECT state FROM things WHERE kind = 'act_group' AND id <> ? ORDER BY seq", (version,)
    ).fetchall()
    earlier = laid_over(packaged(), (), (json.loads(text) for (text,) in rows))
    codes = set(state.get("codes") or ()) | {row.code for row in now.rows}
    day = "9999-12-31"
    was, is_ = ({code: one.group_of(code, day) for code in codes} for one in (earlier, now))
    moved = {code for code in codes if was[code] != is_[code]}
    groups = {was[code] for code in moved} | {is_[code] for code in moved}
    return {code for code in codes if {was[code], is_[code]} & groups - {""}} | moved


def fold_decision(world: World, item: Item, before: State, after: State) -> None:
    """Keep the row of a decision, and tell all who have its operator, or had."""
    news = _is_news(world, before, after)
    world.conn.execute(DECISION, decision_row(item.id, after))
    _acts_of(world, item.id, after)
    keep_decision(world.conn, item.id, after)
    tell_of_repeats(world, filter(None, (before.get("operator"), after.get("operator"))))
    if news:
        world.stamp(EVERY_LAPTOP, HELD, ALL)


def _is_news(world: World, before: State, after: State) -> bool:
    """Say whether more than one decision more is held: another authority, or an earlier day."""
    said = (after.get("authority") or "", after.get("decided_on") or "")
    if before and (before.get("authority") or "", before.get("decided_on") or "") != said:
        return True
    row = world.conn.execute("SELECT min(decided_on) FROM decisions WHERE authority = ?", said[:1]).fetchone()
    return row[0] is None or said[1] < row[0]


def fold_operator(world: World, item: Item, before: State, after: State) -> None:
    """Keep the row of an operator; a merge, or its end, unites or parts what was decided of them."""
    world.conn.execute(
        "INSERT INTO operators (id, root, merged_into) VALUES (?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET merged_into = excluded.merged_into",
        (item.id, item.id, after.get("merged_into")),
    )
    if before.get("merged_into") == after.get("merged_into"):
        return
    were = united(world, item.id)
    root_again(world, "operator", item.id)
    tell_of_repeats(world, dict.fromkeys([*were, *united(world, item.id)]))


def united(world: World, operator: str) -> list[str]:
    """Return the ids of all operators that merges have made one with *operator*, itself too."""
    rows = world.conn.execute(
        "SELECT id FROM operators WHERE root = (SELECT root FROM operators WHERE id = ?) ORDER BY id", (operator,)
    )
    return [row[0] for row in rows.fetchall()]


def tell_of_repeats(world: World, operators: Iterable[str]) -> None:
    """Tell of *operators*, and of who is one with them, wherever the operator itself was told of, or left."""
    for operator in dict.fromkeys(member for one in operators for member in united(world, one)):
        rows = world.conn.execute(
            "SELECT commune, gone FROM feed WHERE kind = 'operator' AND id = ? ORDER BY commune", (operator,)
        )
        for commune, gone in rows.fetchall():
            world.stamp(commune, REPEAT, operator, gone)


def decided(world: World, operator: str) -> bool:
    """Say whether there is a decision about *operator*, or about who is one with it."""
    row = world.conn.execute(
        "SELECT 1 FROM operators JOIN decisions ON decisions.operator = operators.id"
        " WHERE operators.root = (SELECT root FROM operators WHERE id = ?) LIMIT 1",
        (operator,),
    ).fetchone()
    return row is not None


def stamp_operator(world: World, commune: str, operator: str, gone: int = 0) -> None:
    """Tell a commune of an operator that came, changed or left (*gone*), and of what was decided about it."""
    world.stamp(commune, "operator", operator, gone)
    if decided(world, operator):
        world.stamp(commune, REPEAT, operator, gone)


def communes_of(world: World, operator: str) -> list[str]:
    """Return the present communes in which an operator runs a place, or ran one."""
    rows = world.conn.execute(
        "SELECT DISTINCT commune FROM operator_places JOIN placements USING (establishment)"
        " WHERE operator = ? ORDER BY commune",
        (operator,),
    )
    return [row[0] for row in rows.fetchall()]
