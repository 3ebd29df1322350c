"""Day deltas against the recount: after any change, in any order, and while a year is being added."""

import random
from datetime import date, timedelta

import pytest

from schemas.ids import new_id
from schemas.units import Epoch
from server.coverage import facts, years
from server.coverage.adding import Adding, add_counted
from server.coverage.cells import total
from server.coverage.deltas import Deltas, stored
from server.coverage.question import ask
from server.coverage.steps import Counts
from server.coverage.years import add_year, recount
from server.store import writing

UNITS = ("new:N1", "new:N2", "new:N3", "new:N4", "old:A1", "old:A3", "new:X1")
YEARS = (2023, 2024)


class Chance:
    """Seeded changes to a register, each with its differences, as a hard day would bring them."""

    def __init__(self, register, seed):
        self.register, self.dice = register, random.Random(seed)
        self.places, self.visits = [], {}

    def day(self):
        return (date(2022, 11, 1) + timedelta(days=self.dice.randrange(880))).isoformat()

    def spans(self, values, most, *, apart=True):
        starts = sorted({self.day() for _ in range(self.dice.randint(1, most))})
        found = []
        for start in starts:
            last = (date.fromisoformat(start) + timedelta(days=self.dice.randrange(90))).isoformat()
            found.append((self.dice.choice(values), start, *([last] if self.dice.random() < 0.3 else [])))
        return found if apart else [span for span in found for _ in range(self.dice.randint(1, 2))]

    def state(self):
        return {
            "status": self.spans(("open", "open", "paused", "closed"), 4),
            "units": self.spans(UNITS, 3),
            "kinds": self.spans(("karaoke", "massage", "lodging"), 3, apart=False),
        }

    def one(self, deltas):
        """Make one change, telling *deltas* first, as the fold does."""
        act = self.dice.choice([self.enter, self.edit, self.visit, self.visit, self.unvisit, self.merge, self.unmerge])
        if act is self.enter or not self.places:
            act = self.enter
        act(deltas)

    def enter(self, deltas):
        id = new_id()[::-1]  # in no order, so that a year in the making meets them on both sides of its mark
        deltas.before(id)
        self.places.append(self.register.place(id, **self.state()))

    def edit(self, deltas):
        place = self.dice.choice(self.places)
        deltas.before(self.root(place))
        self.register.place(place, **self.state())

    def visit(self, deltas):
        place, day = self.dice.choice(self.places), self.day()
        deltas.before(self.root(place), int(day[:4]))
        found = self.register.visit(
            place, day, violations=self.dice.randrange(2), found_working=self.dice.choice([None, 0, 1]),
            team=self.dice.choice(["team-1", "team-2"]), basis=self.dice.choice(["planned", "unscheduled"]),
        )  # fmt: skip
        self.visits[found] = place, day

    def unvisit(self, deltas):
        if self.visits:
            id = self.dice.choice(sorted(self.visits))
            place, day = self.visits[id]
            deltas.before(self.root(place), int(day[:4]))
            self.register.conn.execute("UPDATE visits SET counting = 1 - counting WHERE id = ?", (id,))

    def merge(self, deltas):
        one, into = self.dice.choice(self.places), self.dice.choice(self.places)
        if one not in self.line(into):  # a circle is refused at the door
            for root in {self.root(one), self.root(into), one}:
                deltas.before(root)
            self.register.merge(one, into)

    def unmerge(self, deltas):
        one = self.dice.choice(self.places)
        deltas.before(self.root(one))
        deltas.before(one)
        self.register.merge(one, None)

    def root(self, place):
        return self.register.conn.execute("SELECT root FROM establishments WHERE id = ?", (place,)).fetchone()[0]

    def line(self, place):
        """List a record and those it is merged into, one after the other."""
        found = [place]
        while into := self.register.conn.execute(
            "SELECT merged_into FROM establishments WHERE id = ?", (found[-1],)
        ).fetchone()[0]:
            found.append(into)
        return found

    def transaction(self, changes):
        with writing(self.register.db) as conn:
            deltas = Deltas(conn)
            for _ in range(changes):
                self.one(deltas)
            deltas.flush()


def kept(register):
    return {key: counts for year in YEARS for key, counts in stored(register.conn, year)}


@pytest.mark.parametrize("seed", range(12))
def test_the_deltas_equal_the_recount_after_any_changes(register, seed, monkeypatch):
    monkeypatch.setattr(facts, "CHUNK", 4)
    for year in YEARS:
        add_year(register.db, year)
    chance = Chance(register, seed)

    for _ in range(40):
        chance.transaction(changes=chance.dice.randint(1, 6))

    assert register.problems() == []
    assert kept(register) == {key: counts for year in YEARS for key, counts in recount(register.conn, year).items()}
    assert kept(register)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kinds", [(), ("massage",)])
def test_what_is_known_of_a_year_is_what_stands_there_after_every_change(register, seed, kinds):
    for year in YEARS:
        add_year(register.db, year)
    chance, asked = Chance(register, seed), []

    for _ in range(25):
        chance.transaction(changes=4)
        for day in (date(2024, 6, 15), date(2024, 12, 31), date(2023, 12, 31)):
            question = ask(register.conn, register.tree, Epoch.NEW, "new:38", year=day.year, as_of=day, kinds=kinds)
            known = total(register.conn, question)
            counted = add_counted(register.conn, Adding(register.conn, question, "commune"))[0]
            assert Counts(*known) == Counts(*(getattr(counted, name) for name in Counts._fields))
            asked.append(tuple(known))

    assert len(set(asked)) > 3, "it is asked of years that change"


def test_what_was_known_before_a_change_that_was_rolled_back_is_known_after_it(register):
    place = register.place()
    add_year(register.db, 2024)
    question = ask(register.conn, register.tree, Epoch.NEW, "new:38", year=2024, as_of=date(2024, 12, 31))
    before = total(register.conn, question)

    with pytest.raises(RuntimeError), register.change(place, year=2024) as deltas:
        register.visit(place, "2024-03-05")
        deltas.flush()
        assert Counts(*total(register.conn, question)).inspected == 1
        raise RuntimeError

    assert total(register.conn, question) == before
    assert Counts(*before).inspected == 0


@pytest.mark.parametrize("seed", range(6))
def test_a_year_is_added_whole_while_places_change(register, seed, monkeypatch):
    monkeypatch.setattr(years, "PLACES", 3)
    chance = Chance(register, seed)
    chance.transaction(changes=60)

    while years._add_some(register.db, 2024):
        assert register.problems() == []
        assert not register.conn.execute("SELECT 1 FROM coverage_years").fetchone()
        chance.transaction(changes=2)

    assert register.problems() == []
    assert dict(stored(register.conn, 2024)) == recount(register.conn, 2024)
    assert register.conn.execute("SELECT year FROM coverage_years").fetchall() == [(2024,)]
    assert not register.conn.execute("SELECT 1 FROM meta").fetchone()


def test_a_year_that_was_cut_short_is_added_by_the_next_try(register, monkeypatch):
    monkeypatch.setattr(years, "PLACES", 2)
    places = [register.place() for _ in range(7)]
    years._add_some(register.db, 2024)

    with register.change(places[0], places[-1]):
        register.place(places[0], units="new:N2")
        register.place(places[-1], units="new:N4")
    add_year(register.db, 2024)
    add_year(register.db, 2024)

    assert register.problems() == []
    assert {row.unit: row.open for row in register.ask("2024-12-31").rows} == {"N1": 5, "N2": 1, "N3": 0, "N4": 1}


def test_no_step_of_adding_a_year_counts_more_places_than_one_reading(register):
    assert years.PLACES <= 500


def test_a_change_that_was_rolled_back_differs_in_nothing(register):
    add_year(register.db, 2024)
    with register.change() as deltas:
        register.conn.execute("SAVEPOINT item")
        deltas.before("018f-x")
        register.place("018f-x")
        register.conn.execute("ROLLBACK TO item")

    assert kept(register) == {}


def test_what_a_place_added_is_taken_out_when_it_goes(register):
    add_year(register.db, 2024)
    place, kept_one = "018f-a", "018f-b"
    with register.change(place, kept_one):
        register.visit(register.place(place), "2024-03-05")
        register.place(kept_one, status=[("closed", "2019-01-01")], units="new:N2")
    with register.change(place, kept_one):
        register.merge(place, kept_one)

    assert [(row.unit, row.open, row.inspected) for row in register.ask("2024-12-31").rows if row.open] == [
        ("N2", 1, 1)
    ]
    assert {unit for _, _, unit, _, _ in kept(register)} == {"new:N2"}


def test_a_visit_of_a_year_without_deltas_is_ignored(register):
    add_year(register.db, 2024)
    place = register.place("018f-a", status=[("closed", "2019-01-01")])
    with register.change(place, year=2021):
        register.visit(place, "2021-03-05")

    assert kept(register) == {}


def test_a_visit_that_arrives_late_counts_on_its_own_day(register):
    add_year(register.db, 2024)
    place = "018f-a"
    with register.change(place):
        register.place(place)
        register.visit(place, "2024-09-01")
    with register.change(place, year=2024):
        register.visit(place, "2024-02-01")

    assert register.ask("2024-02-01").total.inspected == 1
    assert (register.ask("2024-12-31").total.inspected, register.ask("2024-12-31").total.visits) == (1, 2)
    assert register.problems() == []


def test_the_check_names_what_differs(register):
    register.place()
    add_year(register.db, 2024)
    register.conn.execute("UPDATE coverage_deltas SET open = 2")
    register.conn.execute("INSERT INTO coverage_deltas VALUES (1999, '', '', '', '1999-01-01', 1, 0, 0, 0, 0, 0)")

    stray, wrong = register.problems()

    assert stray == "Tỷ lệ năm 1999: có số theo ngày của một năm không được đếm."
    assert wrong == (
        "Tỷ lệ năm 2024: đơn vị new:N1, loại hình karaoke, ngày 2024-01-01: đang giữ open +2, đếm lại được open +1."
    )


def test_the_check_names_a_row_that_should_not_be_there(register):
    add_year(register.db, 2024)
    register.conn.executemany(
        "INSERT INTO coverage_deltas VALUES (2024, '', 'new:N1', '', ?, 0, 0, 0, 0, 1, 0)",
        [(f"2024-01-{day:02d}",) for day in range(1, 32)],
    )

    problems = register.problems()

    assert problems[0] == (
        "Tỷ lệ năm 2024: đơn vị new:N1, loại hình không rõ, ngày 2024-01-01: đang giữ visits +1,"
        " đếm lại được không có gì."
    )
    assert problems[-1] == "Tỷ lệ năm 2024: còn 11 dòng nữa không khớp."


def test_real_items_leave_the_deltas_equal_to_the_recount(central):
    """Through the door and the fold: edits, visits, corrections, a merge and its undoing."""
    laptop = central.laptop()
    place, other = central.place(), central.place("new:15682", kinds=("massage",))
    first = laptop.visit(place, date="2026-03-05", found_working=True)
    assert laptop.sends(first) == ["accepted"]
    assert laptop.sends(laptop.visit(place, base=first, revision=2, date="2025-12-31", reason="Sai ngày")) == [
        "accepted"
    ]
    closed = {"status": "closed", "from": "2026-06-01", "to": None}
    assert central.edit("establishment", other, {"status/2": closed}).standing == "accepted"
    assert central.edit("establishment", place, {"merged_into": other}).standing == "accepted"

    assert years.check(central.db.conn) == []
    assert central.one("SELECT sum(open) FROM coverage_deltas WHERE part = '' AND year = 2026") == 1
    assert central.one("SELECT sum(inspected) FROM coverage_deltas WHERE part = '' AND year = 2025") == 1
    assert central.edit("establishment", place, {"merged_into": None}, {"merged_into": other}).standing == "accepted"
    assert years.check(central.db.conn) == []
    assert central.one("SELECT sum(open) FROM coverage_deltas WHERE part = '' AND year = 2026") == 2
