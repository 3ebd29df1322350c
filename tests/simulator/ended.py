"""What must hold at the end: nothing is lost or doubled, and every receipt is proven."""

import json
from base64 import b64decode
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from field_client.store import get_meta
from schemas.items import REGISTER_KINDS, read
from schemas.units import Epoch
from server.arrivals import feed
from server.arrivals.decide import needs
from server.arrivals.fold_register import last_span
from server.arrivals.verify import verify
from server.arrivals.world import World
from server.coverage.ask import coverage
from server.store import reading
from sync.chain import Receipt, Seal, walk
from sync.merge import overlaps
from sync.wire import rows_hash
from tests.simulator.differences import same
from tests.simulator.ends import CentralEnd, LaptopEnd

if TYPE_CHECKING:
    from tests.simulator.engine import Schedule


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
