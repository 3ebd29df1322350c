"""What must hold: after every pull the copy is the server's own query; at the end nothing is lost or doubled."""

import json
from base64 import b64decode
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from field_client.export import export
from field_client.store import get_meta, places, visits
from schemas.items import REGISTER_KINDS, name_of, read
from schemas.units import Epoch
from server.arrivals import feed
from server.arrivals.decide import needs
from server.arrivals.fold_register import last_span
from server.arrivals.verify import verify
from server.arrivals.world import World
from server.coverage.ask import coverage
from server.export import scope
from server.office import state_of
from server.store import reading
from sync.chain import Receipt, Seal, walk
from sync.merge import overlaps
from sync.wire import rows_hash
from tests.simulator.ends import CentralEnd, LaptopEnd

if TYPE_CHECKING:
    from tests.simulator.engine import Schedule


def after_a_pull(central: CentralEnd, laptop: LaptopEnd) -> None:
    """Compare a laptop's copy with the server's own query of its scope."""
    device = laptop.line.device
    lines = [line for line in scope(central.conn, device) if _is_told(central, line)]
    _same_things(central, laptop, lines)
    _same_visits(central, laptop)
    _same_checks_and_plans(central, laptop)
    _same_export(laptop, lines, central.roads)
    _narrow_tables_are_what_they_show(laptop)


def _is_told(central: CentralEnd, line: str) -> bool:
    """Leave out the teams of units whose successors changed: no feed tells of a changed scope yet."""
    row = json.loads(line)
    return row["kind"] != "team" or f"{row['body']['epoch']}:{row['body']['area']}" not in central.roads


def same(what: str, held: Any, right: Any) -> None:
    """Raise with the difference unless two dicts or sets are equal."""
    if held == right:
        return
    if isinstance(held, dict):
        keys = [key for key in held.keys() | right.keys() if held.get(key) != right.get(key)]
        parts = [f"{key}: held {held.get(key)} / right {right.get(key)}" for key in sorted(keys, key=str)[:3]]
    else:
        parts = [f"too much {sorted(held - right, key=str)[:3]}", f"missing {sorted(right - held, key=str)[:3]}"]
    raise AssertionError(f"{what}: {'; '.join(parts)}")


def _same_things(central: CentralEnd, laptop: LaptopEnd, lines: list[str]) -> None:
    rows = [json.loads(line) for line in lines]
    right = {(row["kind"], row["id"]): row["body"] for row in rows if row["kind"] != "inspection"}
    kinds = ("establishment", "operator", "team")
    held = {
        (kind, id): json.loads(state)
        for kind, id, state in laptop.all("SELECT kind, id, state FROM things WHERE gone = 0")
        if kind in kinds and not (kind == "team" and _unit(json.loads(state)) in central.roads)
    }
    same(f"{laptop.name}: things", held, right)


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
            row = central.all("SELECT review, comment FROM reviews WHERE inspection = ?", id)
            reviews[id] = {"review": row[0][0], "comment": row[0][1]} if row else None
            truths[id] = (item, counting)
    held: dict[str, list[str]] = defaultdict(list)
    for id, name, standing in laptop.all("SELECT id, name, standing FROM revisions ORDER BY id, place"):
        if standing == "accepted":
            held[id].append(name)
    same(f"{laptop.name}: revisions", dict(held), right)
    there = laptop.all("SELECT id, state FROM things WHERE kind = 'inspection' AND gone = 0")
    same(f"{laptop.name}: reviews", {id: json.loads(state) if state else None for id, state in there}, reviews)
    waiting = {row[0] for row in laptop.all("SELECT id FROM own WHERE kind = 'inspection' AND seq IS NULL")}
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
        ("plan", {id: plan for id, plan in plans.items() if _unit(plan) in keys - central.roads}),
        ("unit", {id: unit for id, unit in units.items() if id in keys - central.roads}),
    ):
        rows = laptop.all("SELECT id, state FROM things WHERE kind = ? AND gone = 0", kind)
        held = {id: json.loads(state) for id, state in rows}
        known = {id for id, state in held.items() if (id if kind == "unit" else _unit(state)) in central.roads}
        same(f"{laptop.name}: {kind}", {id: held[id] for id in held.keys() - known}, right)


def _same_export(laptop: LaptopEnd, lines: list[str], roads: set[str]) -> None:
    """Compare both exports, apart from what is not settled here."""
    unsettled = {
        (kind, id)
        for kind, id, standing, mirrored in laptop.all(
            "SELECT own.kind, own.id, own.standing, things.id FROM own"
            " LEFT JOIN things ON things.kind = own.kind AND things.id = own.id"
        )
        if (standing in {None, "held"} and (kind != "inspection" or standing is None))
        or (kind != "inspection" and standing != "accepted" and mirrored is None)
    }
    here = Counter(line for line in export(laptop.conn) if _key(line) not in unsettled and _key(line)[0] != "draft"
                   and not (_key(line)[0] == "team" and _unit(json.loads(line)["body"]) in roads))
    there = Counter(line for line in lines if _key(line) not in unsettled)
    only_here, only_there = [*(here - there)][:2], [*(there - here)][:2]
    assert here == there, f"{laptop.name}: export: only here {only_here}; only there {only_there}"


def _key(line: str) -> tuple[str, str]:
    row = json.loads(line)
    return row["kind"], row["id"]


def _narrow_tables_are_what_they_show(laptop: LaptopEnd) -> None:
    """Write every narrow row again; nothing may change by it."""
    conn, tables = laptop.conn, ("operators", "establishments", "visits")

    def everything() -> dict[str, set[Any]]:
        found = {table: {*map(tuple, laptop.all(f"SELECT * FROM {table}"))} for table in tables}
        known = {row[0] for row in found["operators"]}
        found["establishments"] = {  # an operator that left keeps its name where it is still named
            row if row[12] in known else (*row[:13], "", "", row[15]) for row in found["establishments"]
        }
        return found

    before = everything()
    conn.execute("BEGIN IMMEDIATE")
    try:
        for kind in ("operator", "establishment"):
            ids = laptop.all("SELECT id FROM things WHERE kind = ?1 UNION SELECT id FROM own WHERE kind = ?1", kind)
            places.refresh(conn, kind, [row[0] for row in ids])
        ids = laptop.all("SELECT id FROM revisions UNION SELECT id FROM own WHERE kind = 'inspection'")
        visits.refresh(conn, [row[0] for row in ids])
        after = everything()
    finally:
        conn.execute("ROLLBACK")
    for table in tables:
        same(f"{laptop.name}: narrow {table}", before[table], after[table])


def at_the_end(run: "Schedule") -> None:
    """Check everything that must hold when all has settled."""
    central = run.central
    problems = verify(central.db).problems
    assert problems == (), problems
    _aside_and_needs(central)
    _placements(central)
    _truths_are_chains(central)
    _no_edit_overwrote_what_it_did_not_see(central)
    for laptop in run.laptops:
        _nothing_is_lost(central, laptop)
        _receipts_are_proven(central, laptop)
        _no_holes(central, laptop)
    _coverage_adds_up(run)


def _nothing_is_lost(central: CentralEnd, laptop: LaptopEnd) -> None:
    """Every item ever finished is on the laptop and once on the server, with its bytes and the same standing."""
    own = laptop.all("SELECT name, line, standing FROM own")
    here = {name: (bytes(line), standing) for name, line, standing in own}
    assert here.keys() == laptop.finished.keys(), f"{laptop.name}: own items came or went"
    rows = central.all("SELECT name, line, standing FROM items WHERE device = ?", laptop.line.device)
    assert len(rows) == len({row[0] for row in rows})
    same(f"{laptop.name}: items", here, {name: (bytes(line), standing) for name, line, standing in rows})
    assert laptop.all("SELECT count(*) FROM own WHERE waiting = 1")[0][0] == 0


def _receipts_are_proven(central: CentralEnd, laptop: LaptopEnd) -> None:
    """Prove every receipt from what the laptop stored, as it would in court."""
    key = Ed25519PublicKey.from_public_bytes(b64decode(get_meta(laptop.conn, "server_key")))
    proofs = {row[0]: row[1:] for row in laptop.all(
        "SELECT id, lineage, first, last, before, after, receipts, signature, rows FROM proofs")}  # fmt: skip
    under: dict[int, list[Any]] = defaultdict(list)
    for row in laptop.all("SELECT proof, seq, name, first_standing, first_detail FROM own ORDER BY seq"):
        under[row[0]].append(row[1:])
    for id, found in under.items():
        lineage, first, last, before, after, receipts, signature, rows = proofs[id]
        assert Seal(lineage, first, last, before, after, receipts).signed_by(key, signature)
        kept = [Receipt(name, seq, standing, json.loads(detail) if detail else None)
                for seq, name, standing, detail in found]  # fmt: skip
        said = json.loads(rows) if rows else [
            [one.seq, one.standing, *([one.detail] if one.detail else [])] for one in kept
        ]  # fmt: skip
        assert rows_hash(said) == receipts, f"{laptop.name}: proof {id} does not prove its rows"
        known = {row[0]: (row[1], row[2] if len(row) > 2 else None) for row in said}
        assert all(known[one.seq] == (one.standing, one.detail) for one in kept), f"{laptop.name}: a receipt changed"
        inside = [one for one in kept if first <= one.seq <= last]
        if len(inside) == last - first + 1 and first:
            assert walk(before, inside) == after, f"{laptop.name}: the chain of proof {id} does not lead on"
        else:
            assert rows, f"{laptop.name}: proof {id} lacks items of its own"
        for one in kept:
            row = central.all("SELECT item, standing FROM arrivals WHERE seq = ?", one.seq)
            assert row == [(one.item, one.standing)], f"{laptop.name}: the server's arrival {one.seq} is another"


def _no_holes(central: CentralEnd, laptop: LaptopEnd) -> None:
    runs: dict[str, list[int]] = defaultdict(list)
    for name, number in laptop.all("SELECT run, device_seq FROM own ORDER BY device_seq"):
        runs[name].append(number)
    for name, numbers in runs.items():
        assert numbers == list(range(1, len(numbers) + 1)), f"{laptop.name}: holes in {numbers}"
        told = central.all("SELECT last_seq, items FROM runs WHERE device = ? AND run = ?", laptop.line.device, name)
        assert told == [(len(numbers), len(numbers))], f"{laptop.name}: the server counts {told}, not {len(numbers)}"


def _aside_and_needs(central: CentralEnd) -> None:
    """What is not in the truth stands aside; what is held lacks something; verify looks at neither."""
    standing = {name: said for name, said in central.all("SELECT name, standing FROM items") if said != "accepted"}
    same("aside", dict(map(tuple, central.all("SELECT item, standing FROM aside"))), standing)
    world = World(central.conn, "")
    wanted: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for item, kind, id in central.all("SELECT item, kind, id FROM needs"):
        wanted[item].add((kind, id))
    lacks = {name: set(needs(world, read(line)))
             for name, line in central.all("SELECT name, line FROM items WHERE standing = 'held'")}  # fmt: skip
    same("needs", dict(wanted), lacks)
    assert all(lacks.values()), "an item is held and lacks nothing"


def _placements(central: CentralEnd) -> None:
    tree = feed.unit_tree(central.conn)
    held: dict[str, set[str]] = defaultdict(set)
    for place, commune in central.all("SELECT establishment, commune FROM placements"):
        held[place].add(commune)
    right = {}
    for id, text in central.all("SELECT id, state FROM things WHERE kind = 'establishment'"):
        place = last_span(json.loads(text), "place")
        if place:
            right[id] = set(tree.present(f"{place['epoch']}:{place['unit']}"))
    same("placements", dict(held), right)


def _truths_are_chains(central: CentralEnd) -> None:
    """Of each visit the accepted revisions are one chain, and its end is the truth."""
    accepted: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
    for id, name, base in central.all(
        "SELECT id, name, base FROM items WHERE kind = 'inspection' AND standing = 'accepted'"
    ):
        accepted[id].append((name, base))
    truths = dict(map(tuple, central.all("SELECT id, item FROM visits")))
    assert truths.keys() == accepted.keys()
    for id, found in accepted.items():
        names = {name for name, _ in found}
        bases = [base for _, base in found if base in names]
        roots = [name for name, base in found if base not in names]
        assert len(roots) == 1 and len(bases) == len(set(bases)), f"visit {id} has two truths"
        assert {truths[id]} == names - set(bases), f"the truth of visit {id} is not its last revision"


def _no_edit_overwrote_what_it_did_not_see(central: CentralEnd) -> None:
    """Replay every edit by the rule of docs/sync.md 9.2, written here a second time."""
    states: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)
    beside: set[tuple[str, str, str, str]] = set()
    rows = central.all(
        "SELECT arrivals.standing, arrivals.detail, line FROM arrivals JOIN items ON items.name = arrivals.item"
        " WHERE arrivals.standing IN ('accepted', 'conflict') ORDER BY arrivals.seq"
    )
    for standing, detail, line in rows:
        item = read(line)
        if item.kind not in REGISTER_KINDS:
            continue
        state = states[item.kind, item.id]
        aside = json.loads(detail)["fields"] if standing == "conflict" else {}
        for path, value in item.body["set"].items():
            now = state.get(path)
            if path in aside:
                open_here = (item.kind, item.id, path, item.device)
                seen = now in (item.body["was"][path], value) and not overlaps(state, {}, path, value)
                assert not seen or open_here in beside, f"{item.kind} {item.id} {path}: no conflict with {now}"
                beside.add(open_here)
                continue
            assert now in (item.body["was"][path], value), f"{item.kind} {item.id} {path}: {now} was overwritten"
            state[path] = value
    right = {key: {path: value for path, value in state.items() if value is not None} for key, state in states.items()}
    held = {(kind, id): json.loads(state) for kind, id, state in central.all("SELECT kind, id, state FROM things")}
    same("register", held, right)


def _coverage_adds_up(run: "Schedule") -> None:
    with reading(run.central.db) as conn:
        tree = feed.unit_tree(conn)
        for unit in (None, "new:38", "old:38"):
            epoch = Epoch.OLD if unit == "old:38" else Epoch.NEW
            today = run.today()
            told = coverage(conn, tree=tree, epoch=epoch, year=today.year, as_of=today, unit=unit, by="commune")
            for part in ("open", "inspected", "visits", "inspected_not_open", "not_counted"):
                total, parts = getattr(told.total, part), [getattr(row, part) for row in told.rows]
                assert total == sum(parts), f"coverage of {unit}: {part} is {total}, its communes {sum(parts)}"
