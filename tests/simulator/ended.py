"""What must hold at the end: nothing is lost or doubled, and everything stands where it should."""

import json
from bisect import insort
from collections import defaultdict
from typing import TYPE_CHECKING

from field_client.store import get_meta
from schemas.items import read
from schemas.units import Epoch
from server.arrivals import feed
from server.arrivals.decide import needs
from server.arrivals.fold_register import last_span
from server.arrivals.verify import verify
from server.arrivals.world import World
from server.coverage.ask import coverage
from server.store import reading
from tests.simulator import proven, replayed
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
    replayed.every_visit_stands_where_the_rule_says(central)
    replayed.truths_are_chains(central)
    replayed.no_edit_overwrote_what_it_did_not_see(central)
    proven.the_chain_is_what_the_page_says(central)
    there = {row[0] for row in central.all("SELECT name FROM items")}
    for laptop in run.laptops:
        laptop.lost -= there  # a stick, written before the laptop was restored, was handed in after: it is back
        _nothing_is_lost(central, laptop)
        proven.receipts_are_proven(central, laptop)
        _no_holes(central, laptop)
    _coverage_adds_up(run)


def _nothing_is_lost(central: CentralEnd, laptop: LaptopEnd) -> None:
    """Every item ever finished is on the laptop and once on the server, with its bytes and the same standing."""
    rows = laptop.all("SELECT name, line, standing, seq FROM own")
    own = [row for row in rows if row[0] not in laptop.lost or row[1]]  # of what was lost after it was erased, no more
    away = laptop.lost | _erased_meanwhile(central, laptop)
    assert {row[0] for row in own} == laptop.finished.keys() - away, f"{laptop.name}: own items came or went"
    rows = central.all("SELECT name, line, standing FROM items WHERE device = ?", laptop.line.device)
    assert len(rows) == len({row[0] for row in rows})
    there = {name: standing for name, _, standing in rows if name not in away or standing != "erased"}
    same(f"{laptop.name}: items", {name: standing for name, _, standing, _ in own}, there)
    for name, line, standing in rows:
        left = b"" if standing == "erased" else laptop.finished[name]
        assert bytes(line) == left, f"{laptop.name}: the server holds other bytes of {name}"
    safe_to = int(get_meta(laptop.conn, "safe_to") or 0)
    restored = bool(central.all("SELECT 1 FROM lineages"))  # an item that was let go may stand as it did before
    for name, line, standing, seq in own:
        settled = restored or standing in {"accepted", "declined"}
        let_go = standing == "erased" or (settled and seq <= safe_to)
        assert bytes(line) == laptop.finished[name] or (not line and let_go), f"{laptop.name}: {name} went too soon"
        assert not line or standing != "erased", f"{laptop.name}: {name} is erased and still here"
    assert laptop.all("SELECT count(*) FROM own WHERE waiting = 1")[0][0] == 0


def _erased_meanwhile(central: CentralEnd, laptop: LaptopEnd) -> set[str]:
    """Return what was erased after it was sent, and was not in the copy that a laptop was restored from."""
    if not laptop.restored:
        return set()
    here = {row[0] for row in laptop.all("SELECT name FROM own")}
    rows = central.all("SELECT name FROM items WHERE device = ? AND standing = 'erased'", laptop.line.device)
    return {row[0] for row in rows} - here


def _no_holes(central: CentralEnd, laptop: LaptopEnd) -> None:
    runs: dict[str, list[int]] = defaultdict(list)
    lost: dict[str, set[int]] = defaultdict(set)
    for name, number, item in laptop.all("SELECT run, device_seq, name FROM own ORDER BY device_seq"):
        if item in laptop.lost:
            lost[name].add(number)
        else:
            runs[name].append(number)
    for item in (read(laptop.finished[name]) for name in _erased_meanwhile(central, laptop)):
        insort(runs[item.run], item.device_seq)
    for line in (laptop.finished[name] for name in laptop.lost if laptop.finished[name]):
        lost[read(line).run].add(read(line).device_seq)
    for name, numbers in runs.items():
        drawn = sorted([*numbers, *lost[name]])
        assert drawn == list(range(1, len(drawn) + 1)), f"{laptop.name}: holes in {numbers}"
        told = central.all("SELECT last_seq, items FROM runs WHERE device = ? AND run = ?", laptop.line.device, name)
        assert told == [(numbers[-1], len(numbers))], f"{laptop.name}: the server counts {told}, not {len(numbers)}"
    assert central.all("SELECT * FROM run_clashes") == [], "one run in two places"


def _aside_and_needs(central: CentralEnd) -> None:
    """What is not in the truth stands aside; what is held lacks something; verify looks at neither."""
    rows = central.all("SELECT name, standing FROM items WHERE standing NOT IN ('accepted', 'erased')")
    standing = dict(map(tuple, rows))
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
