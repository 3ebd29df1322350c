"""Every figure of a return equals what plain loops over the lines of `export` count."""

import shutil
from collections import defaultdict
from datetime import UTC, date, datetime

import pytest

from schemas.ids import new_id
from server.arrivals.world import unit_tree
from server.export import whole
from server.keys import read_keys
from server.office import Change, make
from server.returns.figures import figures
from server.sample import generate
from server.settings import Settings
from server.store import connect
from tests.conftest import Central
from tests.server.returns.figures.by_hand import KINDS, Counting, Export, cell, counting_visits, share

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
CASES = [
    ("old:397", date(2025, 1, 1), date(2025, 6, 14)),
    ("old:397", date(2025, 1, 1), date(2025, 12, 14)),
    ("old:38", date(2023, 1, 1), date(2023, 12, 31)),
    ("new:38", date(2026, 1, 1), date(2026, 11, 20)),
    ("new:15664", date(2025, 12, 15), date(2026, 6, 14)),
    ("old:397", date(2026, 4, 1), date(2026, 6, 30)),
]


@pytest.fixture(scope="module")
def office(template, tmp_path_factory):
    """A server with the demo's sample, and with what the sample has not: a merge, a coding, odd decisions."""
    folder = tmp_path_factory.mktemp("returns") / "server"
    shutil.copytree(template, folder)
    settings = Settings(folder)
    central = Central(settings, connect(settings.database), read_keys(settings.keys))
    generate(central.db, "demo", 178, AT)
    export = Export(whole(central.db.conn))
    _merge(central, export)
    _code(central, export)
    _decide(central, export)
    _visit(central)
    return central


@pytest.fixture(scope="module")
def export(office):
    """What the server says of itself: the only thing that the hand reads."""
    return Export(whole(office.db.conn))


def _merge(central, export):
    """Make one of two places that were both inspected in 2025, in two communes."""
    seen = sorted({
        body["establishment"] for _, body in counting_visits(export)[2]
        if body["date"].startswith("2025")
    })  # fmt: skip
    one = seen[0]
    commune = place_of(export, one)
    other = next(id for id in seen if place_of(export, id) != commune)
    central.edit("establishment", one, {"merged_into": other})


def place_of(export, id):
    return next(value["unit"] for path, value in export.things["establishment"][id].items() if path == "place/1")


def _code(central, export):
    """Code an uncoded act of 2025 as what karaoke does at night."""
    visit, act = next(
        (id, act) for id, body in counting_visits(export)[2]
        for act in body.get("violations", ()) if body["date"].startswith("2025") and not act.get("code")
    )  # fmt: skip
    body = {"inspection": visit, "violation": act["id"], "code": "ND38-15.5b", "by": "Pháp chế", "on": "2025-06-01"}
    make(central.db, [Change("coding", new_id(), body)], author="test", at=AT)


def _decide(central, export):
    """Decide of operators in ways that the sample has not: no place named, act by act, cancelled, remedies alone."""
    operators = sorted(export.things["operator"])[:40:4]
    operators.insert(0, operators[0])  # twice, and nobody knows whether the first was paid
    common = {"authority": "Chủ tịch UBND", "codes": ["ND38-15.5b"], "ordered": ["main"], "sanction": "fine"}
    cases = [
        {"decided_on": "2024-05-01", "amount": 1_000_000},
        {"decided_on": "2025-05-20", "committed_on": "2025-05-15", "amount": 1_000_000},
        {"decided_on": "2025-02-03", "amount": 5_000_000},
        {"decided_on": "2025-06-14", "sanction": "warning", "ordered": []},
        {"decided_on": "2025-06-15", "sanction": "none", "ordered": ["remedies"], "codes": []},
        {"decided_on": "2024-12-31", "ordered": ["main", "remedies"], "remedies_done_on": "2025-06-14"},
        {"decided_on": "2024-11-30", "ordered": ["main", "remedies"], "remedies_done_on": "2025-06-15"},
        {"decided_on": "2025-03-03", "cancelled_on": "2025-04-04", "amount": 9_000_000},
        {"decided_on": "2025-04-04", "codes": ["ND38-15.5b", "ND38-15.6b"], "amount": 2_000_000,
         "sanctions": {"ND38-15.5b": "warning", "ND38-15.6b": "fine"},
         "suspension/activity": {"what": "activity", "from": "2025-05-31", "to": "2025-06-30"},
         "suspension/antt_certificate": {"what": "antt_certificate", "from": "2025-05-01", "to": "2025-07-31"}},
    ]  # fmt: skip
    for number, (operator, case) in enumerate(zip(operators, cases, strict=False)):
        state = {**common, "number": f"{number}/QĐ", "operator": operator, **case}
        central.edit("decision", new_id(), state)


def _visit(central):
    """Visit a place that had closed, and one that broke a decree which the table has no field for."""
    laptop, found = central.laptop("new:15664"), {"outcome": "violations", "date": "2025-03-03"}
    closed = central.place("old:15691", **{"status/1": {"from": "2019-01-01", "to": None, "status": "closed"}})
    lines = [laptop.visit(closed, date="2025-03-03"), laptop.visit(closed, date="2024-03-03")]
    lines += [laptop.visit(central.place("new:15664", ("karaoke", "lodging")), **found, violations=[
        {"id": new_id(), "code": "ND999-1"}, {"id": new_id(), "text": "Hành vi khác"},
    ])]  # fmt: skip
    assert laptop.sends(*lines) == ["accepted"] * 3


@pytest.mark.parametrize(("unit", "first", "last"), CASES, ids=lambda value: str(value))
def test_every_cell_is_what_a_hand_counts_from_the_export(office, export, unit, first, last):
    told = figures(office.db.conn, unit_tree(office.db.conn), unit, first, last)

    _compare(told, export, (unit, first, last))


def test_with_the_kinds_of_a_plan_it_is_about_these_places_and_all_tips(office, export):
    case = ("old:397", date(2025, 1, 1), date(2025, 12, 14))
    plan, kinds = new_id(), ["karaoke", "massage"]
    state = {"name": "Kế hoạch", "epoch": "old", "area": "38", "from": "2025-01-01", "to": "2025-12-31",
             "kinds": kinds, "targets": [{"year": 2025, "percent": 33}]}  # fmt: skip
    office.edit("plan", plan, state)

    told = figures(office.db.conn, unit_tree(office.db.conn), *case, plan=plan)

    assert (told.kinds, told.target, told.plan) == (("karaoke", "massage"), 33, plan)
    assert {row.kind for row in told.of_kinds} == {*kinds, "unknown"}
    _compare(told, export, case, kinds)


def _compare(told, export, case, kinds=KINDS):
    unit, first, last = case
    now = Counting(export, unit, first.isoformat(), last.isoformat(), kinds)
    before = Counting(export, unit, *(day.replace(year=day.year - 1).isoformat() for day in (first, last)), kinds)

    assert told.before == (before.first, before.last)
    for names, rows in (
        (lambda key: key, told.rows), (lambda key: key[0], told.of_units),
        (lambda key: key[1], told.of_kinds), (lambda key: "", [told.total]),
    ):  # fmt: skip
        assert _as_told(told, rows) == _as_counted(told, rows, names, (now, before))


def _as_told(told, rows):
    """Return every cell that says anything; of visits that are not counted how many there are."""
    return {
        (_key(row, rows, told), column.code): _comparable(column, row.cells[column.code])
        for row in rows for column in told.columns
    }  # fmt: skip


def _key(row, rows, told):
    if rows is told.rows:
        return (row.unit if row.sure else f"?{row.unit}", row.kind)
    if rows is told.of_units:
        return row.unit if row.sure else f"?{row.unit}"
    return row.kind


def _comparable(column, cell):
    numbers = (cell.value, cell.before, cell.difference)
    return numbers if column.things in ("item", "") else (*numbers, sorted(cell.ids), sorted(cell.ids_before))


def _as_counted(told, rows, names, counted):
    sums = [defaultdict(lambda: defaultdict(dict)) for _ in counted]
    for one, found in zip(counted, sums, strict=True):
        for key, columns in one.cells.items():
            for column, things in columns.items():
                found[names(key)][column] |= things
    keys = {_key(row, rows, told) for row in rows}
    assert keys >= sums[0].keys() | sums[1].keys()
    expected = {}
    for key in keys:
        for column in told.columns:
            pair = [found[key][column.code] for found in sums]
            value = cell(*pair, column.code)
            expected[key, column.code] = value[:3] if column.things == "item" else value
        seen = [(len(found[key]["inspected"]), len(found[key]["open"])) for found in sums]
        expected[key, "share"] = share(*seen)
    return expected


def test_every_column_says_something_in_one_of_the_cases(office):
    told = [figures(office.db.conn, unit_tree(office.db.conn), *case) for case in CASES]
    empty = {
        column.code for column in told[0].columns
        if not any(one.total.cells[column.code].value or one.total.cells[column.code].before for one in told)
    }  # fmt: skip

    assert empty == set()
