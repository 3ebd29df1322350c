"""What must hold after every pull: the laptop's copy is the server's own query of its scope."""

import json
from collections import Counter, defaultdict
from typing import Any

from field_client.export import export
from field_client.store import register, visits
from schemas.items import name_of
from server.arrivals import feed
from server.export import scope
from server.office import state_of
from tests.simulator.differences import same
from tests.simulator.ends import CentralEnd, LaptopEnd


def after_a_pull(central: CentralEnd, laptop: LaptopEnd) -> None:
    """Compare a laptop's copy with the server's own query of its scope."""
    device = laptop.line.device
    lines = list(scope(central.conn, device))
    _same_things(central, laptop, lines)
    _same_visits(central, laptop)
    _same_checks_and_plans(central, laptop)
    _same_keys(central, laptop)
    _same_export(laptop, lines)
    _narrow_tables_are_what_they_show(laptop)


def _same_things(central: CentralEnd, laptop: LaptopEnd, lines: list[str]) -> None:
    rows = [json.loads(line) for line in lines]
    right = {(row["kind"], row["id"]): row["body"] for row in rows if row["kind"] != "inspection"}
    right |= {("assignment", id): state for id, state in _assignments(central, laptop).items()}
    kinds = ("assignment", "establishment", "operator", "team")
    held = {
        (kind, id): json.loads(state)
        for kind, id, state in laptop.all("SELECT kind, id, state FROM things WHERE gone = 0")
        if kind in kinds
    }
    same(f"{laptop.name}: things", held, right)


def _assignments(central: CentralEnd, laptop: LaptopEnd) -> dict[str, Any]:
    """Return what a laptop may know of assignments: of the area's places but for secrets, and of its team's secrets.

    A secret is another team's to know as soon as that team takes the same place for a common day.
    """
    device = state_of(central.conn, "device", laptop.line.device) or {}
    inside, team = _places(central, laptop), device.get("team")
    known = {id: json.loads(state) for id, state in central.all("SELECT id, state FROM things WHERE kind='assignment'")}

    def meets(one: dict[str, Any]) -> bool:
        return any(
            other["team"] == team and other["establishment"] == one["establishment"]
            and not (one.get("withdrawn") or other.get("withdrawn"))
            and one["given_on"] <= other["expires_on"] and other["given_on"] <= one["expires_on"]
            for other in known.values()
        )  # fmt: skip

    return {
        id: one for id, one in known.items()
        if (one["establishment"] in inside if one["basis"] != "unscheduled" else one["team"] == team or meets(one))
    }  # fmt: skip


def _unit(state: dict[str, Any]) -> str:
    return f"{state['epoch']}:{state['area']}"


def _keys(central: CentralEnd, laptop: LaptopEnd) -> frozenset[str]:
    state = state_of(central.conn, "device", laptop.line.device) or {}
    return feed.scope_keys(central.conn, laptop.line.device, f"{state['epoch']}:{state['area']}")


def _places(central: CentralEnd, laptop: LaptopEnd) -> set[str]:
    keys = _keys(central, laptop)
    return {place for place, commune in central.all("SELECT establishment, commune FROM placements") if commune in keys}


def _same_visits(central: CentralEnd, laptop: LaptopEnd) -> None:
    inside = _places(central, laptop)
    right, reviews, truths = {}, {}, {}
    for id, place, item, counting in central.all("SELECT id, establishment, item, counting FROM visits"):
        if place in inside:
            told = feed.revisions_for(central.conn, id, laptop.line.device)
            right[id] = [name_of(line) for standing, line in told if standing == "accepted"]
            columns = "review, comment, about, reviewer, review_id"
            row = central.all(f"SELECT {columns} FROM reviews WHERE inspection = ?", id)
            reviews[id] = dict(zip(("review", "comment", "item", "by", "id"), row[0], strict=True)) if row else None
            truths[id] = (item, counting)
    held: dict[str, list[str]] = defaultdict(list)
    for id, name, standing in laptop.all("SELECT id, name, standing FROM revisions ORDER BY id, place"):
        if standing == "accepted":
            held[id].append(name)
    same(f"{laptop.name}: revisions", dict(held), right)
    there = laptop.all("SELECT id, state FROM things WHERE kind = 'inspection' AND gone = 0")
    same(f"{laptop.name}: reviews", {id: json.loads(state) if state else None for id, state in there}, reviews)
    waiting = {row[0] for row in laptop.all("SELECT id FROM own WHERE kind = 'inspection' AND waiting = 1")}
    shown = {
        id: (item, counting)
        for id, item, counting in laptop.all("SELECT id, item, counting FROM visits")
        if id in truths and id not in waiting
    }
    same(f"{laptop.name}: truths", shown, {id: truth for id, truth in truths.items() if id not in waiting})


def _same_checks_and_plans(central: CentralEnd, laptop: LaptopEnd) -> None:
    inside, keys = _places(central, laptop), _keys(central, laptop)
    columns = "SELECT id, establishment, date, agency, paper FROM outside_checks"
    same(f"{laptop.name}: outside checks", {*map(tuple, laptop.all(columns))},
         {tuple(row) for row in central.all(columns) if row[1] in inside})  # fmt: skip
    plans = {id: json.loads(state) for id, state in central.all("SELECT id, state FROM things WHERE kind = 'plan'")}
    units = {id: json.loads(state) for id, state in central.all("SELECT id, state FROM things WHERE kind = 'unit'")}
    for kind, right in (
        ("plan", {id: plan for id, plan in plans.items() if _unit(plan) in keys}),
        ("unit", {id: unit for id, unit in units.items() if id in keys}),
    ):
        rows = laptop.all("SELECT id, state FROM things WHERE kind = ? AND gone = 0", kind)
        same(f"{laptop.name}: {kind}", {id: json.loads(state) for id, state in rows}, right)


def _same_keys(central: CentralEnd, laptop: LaptopEnd) -> None:
    """Every laptop holds the key of every other, whatever their areas, and whether it is closed."""
    fields = ("public_key", "revoked_on", "retired_on")
    devices = {id: json.loads(state) for id, state in central.all("SELECT id, state FROM things WHERE kind = 'device'")}
    right = {
        id: {field: state[field] for field in fields if state.get(field)}
        for id, state in devices.items()
        if state.get("public_key")
    }
    rows = laptop.all("SELECT id, state FROM things WHERE kind = 'device_key' AND gone = 0")
    same(f"{laptop.name}: keys", {id: json.loads(state) for id, state in rows}, right)


def _same_export(laptop: LaptopEnd, lines: list[str]) -> None:
    """Compare both exports, apart from what is not settled here and what this laptop let go when it left an area."""
    unsettled = {
        (kind, id)
        for kind, id, standing, mirrored, length in laptop.all(
            "SELECT own.kind, own.id, CASE WHEN waiting = 0 THEN own.standing END, things.id, length(own.line) FROM own"
            " LEFT JOIN things ON things.kind = own.kind AND things.id = own.id"
        )
        if (standing in {None, "held"} and (kind != "inspection" or standing is None))
        or (kind != "inspection" and standing != "accepted" and mirrored is None)
        or (length == 0 and standing != "erased")
    }
    here = Counter(line for line in export(laptop.conn) if _key(line) not in unsettled and _key(line)[0] != "draft")
    there = Counter(line for line in lines if _key(line) not in unsettled)
    only_here, only_there = [*(here - there)][:2], [*(there - here)][:2]
    assert here == there, f"{laptop.name}: export: only here {only_here}; only there {only_there}"


def _key(line: str) -> tuple[str, str]:
    row = json.loads(line)
    return row["kind"], row["id"]


def _narrow_tables_are_what_they_show(laptop: LaptopEnd) -> None:
    """Write every narrow row again; nothing may change by it."""
    conn, tables = laptop.conn, ("operators", "establishments", "visits", "assignments")

    def everything() -> dict[str, set[Any]]:
        found = {table: {*map(tuple, laptop.all(f"SELECT * FROM {table}"))} for table in tables}
        known = {row[0] for row in found["operators"]}
        found["establishments"] = {  # an operator that left keeps its name where it is still named
            row if row[12] in known else (*row[:13], "", "", *row[15:]) for row in found["establishments"]
        }
        return found

    before = everything()
    conn.execute("BEGIN IMMEDIATE")
    try:
        for kind in register.KINDS:
            ids = laptop.all("SELECT id FROM things WHERE kind = ?1 UNION SELECT id FROM own WHERE kind = ?1", kind)
            register.refresh(conn, kind, [row[0] for row in ids])
        ids = laptop.all("SELECT id FROM revisions UNION SELECT id FROM own WHERE kind = 'inspection'")
        visits.refresh(conn, [row[0] for row in ids])
        after = everything()
    finally:
        conn.execute("ROLLBACK")
    for table in tables:
        same(f"{laptop.name}: narrow {table}", before[table], after[table])
