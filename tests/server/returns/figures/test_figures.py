"""The table of a return beside the page of the share inspected, as it is kept, and what stands under each number."""

import json
from dataclasses import replace
from datetime import date

import pytest

from schemas.units import Epoch
from server.arrivals.world import unit_tree
from server.coverage.ask import coverage
from server.returns import blanks, compiling
from server.returns.annex import Annex, annex
from server.returns.draft import Where
from server.returns.figures import figures
from server.returns.figures.days import asked_of
from server.returns.figures.tally import Tally, rows_of
from server.returns.figures.under import GONE, row_of, under
from server.returns.sentences import sentences
from server.returns.table import Figures

SAME = {
    "open": "open", "inspected": "inspected", "visits": "visits", "visits_with_violations": "visits_with_violations",
    "places_with_violations": "violating", "inspected_not_open": "not_open", "not_counted": "not_counted",
}  # fmt: skip
CASES = [
    ("old:397", date(2025, 1, 1), date(2025, 6, 14)),
    ("old:38", date(2023, 1, 1), date(2023, 12, 31)),
    ("new:38", date(2026, 1, 1), date(2026, 11, 20)),
    ("new:15664", date(2026, 1, 1), date(2026, 2, 28)),
]


@pytest.mark.parametrize(("unit", "first", "last"), CASES, ids=str)
@pytest.mark.parametrize("by", ["commune", "kind"])
def test_the_share_in_the_table_is_that_of_its_own_page_to_the_unit(sampled, unit, first, last, by):
    conn = sampled.db.conn
    tree, epoch = unit_tree(conn), Epoch(unit.partition(":")[0])
    told = figures(conn, tree, unit, first, last)
    page = coverage(conn, tree=tree, epoch=epoch, unit=unit, year=last.year, as_of=last, by=by)

    rows = {(row.unit, row.sure): row for row in told.of_units} if by == "commune" else {
        (row.kind.replace("unknown", ""), True): row for row in told.of_kinds
    }  # fmt: skip
    for theirs in (page.total, *page.rows):
        name = (theirs.key, theirs.label[0] == "unit") if by == "commune" else (theirs.kind, True)
        ours = told.total if theirs is page.total else rows[name]
        assert {ours_: ours.cells[ours_].value for ours_ in SAME.values()} == {
            ours_: getattr(theirs, name) for name, ours_ in SAME.items()
        }
        assert ours.cells["share"].value == (None if theirs.share is None else round(theirs.share * 10))
    assert told.target == page.total.target
    assert told.kinds == page.kinds


@pytest.mark.parametrize(("unit", "first", "last"), CASES, ids=str)
def test_what_is_frozen_is_read_back_exactly_and_counted_again_gives_the_same_bytes(sampled, unit, first, last):
    conn, tree = sampled.db.conn, unit_tree(sampled.db.conn)
    told, listed = figures(conn, tree, unit, first, last), annex(conn, tree, unit, first, last)

    kept, kept_list = (json.dumps(one.as_json(), sort_keys=True) for one in (told, listed))

    assert Figures.from_json(json.loads(kept)) == told
    assert Annex.from_json(json.loads(kept_list)) == listed
    assert json.dumps(figures(conn, tree, unit, first, last).as_json(), sort_keys=True) == kept


@pytest.mark.parametrize(("unit", "first", "last"), CASES, ids=str)
def test_the_annex_lists_the_visits_of_the_table_and_names_nobody(sampled, unit, first, last):
    conn, tree = sampled.db.conn, unit_tree(sampled.db.conn)
    told, listed = figures(conn, tree, unit, first, last), annex(conn, tree, unit, first, last)
    said = json.dumps(listed.as_json(), ensure_ascii=False)

    assert sorted(line.id for line in listed.lines) == list(told.total.cells["visits"].ids)
    assert sorted(one.item for one in listed.beside) == list(told.total.cells["not_counted"].ids)
    assert listed.lines == tuple(sorted(listed.lines, key=lambda line: (line.date, line.id)))
    assert {line.unit for line in listed.lines} - {""} == {
        row.unit for row in told.of_units if row.sure and row.cells["visits"].value
    }  # fmt: skip
    assert sum(len(line.violations) for line in listed.lines) == told.total.cells["violations"].value
    teams = [json.loads(text) for (text,) in conn.execute("SELECT state FROM things WHERE kind = 'team'")]
    people = {member["name"] for team in teams for path, member in team.items() if path.startswith("member/")}
    assert people
    assert not [name for name in people if name in said]


def test_under_each_number_stand_as_many_things_as_it_says_and_each_is_told(sampled):
    conn, tree = sampled.db.conn, unit_tree(sampled.db.conn)
    told = figures(conn, tree, "new:38", date(2026, 1, 1), date(2026, 11, 20))
    told_of = 0

    for row in (told.total, *told.of_kinds, *told.rows):
        for column in told.columns:
            for before in (False, True):
                found = under(conn, told, row, column.code, before=before)
                cell = row.cells[column.code]
                assert len(found.things) == found.total == len(cell.ids_before if before else cell.ids)
                assert all(one.name != GONE and one.thing for one in found.things), (row.kind, column.code)
                told_of += found.total
    assert told_of > 500


def test_a_page_of_what_stands_under_a_number(sampled):
    conn, tree = sampled.db.conn, unit_tree(sampled.db.conn)
    told = figures(conn, tree, "new:38", date(2026, 1, 1), date(2026, 11, 20))
    row = row_of(told, kind="karaoke")

    whole = under(conn, told, row, "open")
    page = under(conn, told, row, "open", offset=2, limit=3)

    assert page.total == whole.total
    assert page.things == whole.things[2:5]
    assert under(conn, told, row, "no_such_column") is None
    assert row_of(told, "new:38") is None


@pytest.mark.parametrize("last", [date(2025, 12, 31), date(2025, 10, 31)])  # the cut-off of the return of the period
def test_more_than_a_year_is_the_whole_period_of_its_plan_and_has_no_year_before(sampled, last):
    conn, tree, first = sampled.db.conn, unit_tree(sampled.db.conn), date(2021, 1, 1)

    told = figures(conn, tree, "old:397", first, last)
    page = coverage(conn, tree=tree, epoch=Epoch.OLD, unit="old:397", year=2025, as_of=last, period=(first, last))

    assert told.before is None
    assert told.target == 100
    assert (told.total.cells["open"].value, told.total.cells["inspected"].value) == (
        page.total.open, page.total.inspected,
    )  # fmt: skip
    assert {cell.before for cell in told.total.cells.values()} == {None}
    assert Figures.from_json(json.loads(json.dumps(told.as_json()))) == told


def test_part_of_a_plan_or_days_past_its_end_are_not_its_whole_period(sampled):
    conn, tree = sampled.db.conn, unit_tree(sampled.db.conn)

    half, later = (figures(conn, tree, "old:397", *days).target for days in (
        (date(2021, 1, 1), date(2021, 6, 14)), (date(2022, 1, 1), date(2025, 10, 31)),
    ))  # fmt: skip

    assert 100 not in (half, later)


def counted(conn, tree, unit, things, target=None):
    """Return a table of *unit* in which stand *things*: the commune, the column and an id."""
    days, tally = (date(2025, 1, 1), date(2025, 6, 14)), Tally()
    for commune, column, id in things:
        tally.put((("unit", commune), "karaoke"), column, id)
    rows = rows_of(replace(asked_of(conn, tree, unit, *days), target=target), tally, None)
    told = figures(conn, tree, unit, *days)
    return replace(told, target=target, rows=rows.rows, of_units=rows.of_units, of_kinds=rows.of_kinds,
                   total=rows.total)  # fmt: skip


def test_a_share_just_below_the_target_is_nowhere_written_as_the_target(sampled):
    conn, tree = sampled.db.conn, unit_tree(sampled.db.conn)
    things = [("old:15691", column, str(n)) for column, count in (("open", 10_000), ("inspected", 2499))
              for n in range(count)]  # fmt: skip

    told = counted(conn, tree, "old:397", things, target=25)

    assert {row.cells["share"].value for row in (told.total, told.of_units[0], *told.of_kinds)} - {None} == {249}
    assert blanks.of_figures(told)["tỷ lệ kiểm tra"] == "24,9\u00a0%"
    said = sentences(told)["kiem-tra"]
    assert said.count("24,9 %") == 2  # of all, and of karaoke
    assert "25,0 %" not in said


def test_who_runs_places_in_two_communes_of_a_unit_is_one_and_is_not_added_up_over_units(sampled):
    conn, tree = sampled.db.conn, unit_tree(sampled.db.conn)
    things = [("old:15691", "repeat_operators", "a"), ("old:15673", "repeat_operators", "a"),
              ("old:15691", "visits", "b"), ("old:15673", "visits", "c")]  # fmt: skip
    state = {"epoch": "old", "area": "38", "report": "year", "from": "2025-01-01", "to": "2025-06-14"}

    found = compiling.below(Where(conn, tree, None, date(2025, 6, 14)), state, counted(conn, tree, "old:38", things))

    own = next(one.own for one in found if one.unit == "old:397")
    assert (own["repeat_operators"], own["visits"]) == (1, 2)
    assert set(compiling.summed(found, ["repeat_operators", "visits"])) == {"visits"}


def test_a_commune_without_places_says_so(sampled):
    conn, tree = sampled.db.conn, unit_tree(sampled.db.conn)

    told = figures(conn, tree, "new:15667", date(2026, 1, 1), date(2026, 6, 14))

    assert told.total.cells["open"].value == 0
    assert told.total.cells["share"].value is None
    assert told.total.cells["share"].difference is None
