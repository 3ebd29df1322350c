"""What of decisions goes down to laptops: to whom, when, and how it follows merges and changes of hands."""

import json
from datetime import UTC, datetime

import pytest

from schemas.ids import new_id
from schemas.repeat import Answer, look_up, window
from server.arrivals import feed
from server.arrivals.verify import verify
from server.office import Change, make

HERE, THERE = "new:15664", "new:15682"
AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
CODE = "ND38-15.5b"


class Told:
    """What a laptop of an area holds of decisions, as pages bring it."""

    def __init__(self, central, unit=HERE):
        self.conn = central.db.conn
        self.laptop = central.laptop(unit)
        self.keys = feed.scope_keys(self.conn, self.laptop.id, unit)
        self.cursor, self.held = "", {}

    def pull(self):
        """Fetch what is new, and return the ids of operators of whom something was told."""
        told = []
        more = True
        while more:
            page = feed.page(self.conn, self.keys, self.laptop.id, self.cursor, at="")
            self.cursor, more = page.cursor, page.more
            for change in page.changes:
                if change.kind in {"repeat", "decisions_held"}:
                    told.append(change.id)
                    self.held[change.id] = None if change.gone else json.loads(json.dumps(change.state))
        return told

    def answer(self, operator, day="2026-06-01", code=CODE):
        """Look up an act as a laptop does."""
        state = self.held.get(operator) or {"windows": []}
        return look_up([window(one) for one in state["windows"]], code, day).answer


@pytest.fixture
def told(central):
    """Return a function that makes a laptop that hears of decisions."""
    return lambda unit=HERE: Told(central, unit)


@pytest.fixture
def runs(central):
    """Return a function that enters an operator with a place in a commune, and returns its id."""

    def enter(unit=HERE, name="Hộ kinh doanh Đỗ Văn Được", **state):
        operator = new_id()
        central.edit("operator", operator, {"name": name, "form": "household", **state})
        central.place(unit, **{"operator/1": {"from": "2019-01-01", "operator": operator}})
        return operator

    return enter


@pytest.fixture
def decide(central, decision):
    """Return a function that enters a decision about an operator, and returns its id."""

    def enter(operator, **changes):
        id = new_id()
        paid = {"decided_on": "2026-03-10", "main_done_on": "2026-04-01"}
        assert central.edit("decision", id, decision(operator=operator, **{**paid, **changes})).standing == "accepted"
        return id

    return enter


def test_a_decision_reaches_the_laptops_of_its_operators_communes_and_no_others(central, told, runs, decide):
    here, there = told(HERE), told(THERE)
    operator = runs(HERE)

    decide(operator)

    assert operator in here.pull()
    assert here.answer(operator) is Answer.REPEAT
    assert operator not in there.pull()
    assert verify(central.db).problems == ()


def test_no_amount_and_no_file_goes_down(told, runs, decide):
    laptop, operator = told(), runs()
    decide(operator, amount=12_500_000)

    laptop.pull()

    assert "12500000" not in json.dumps(laptop.held)
    assert set(laptop.held[operator]) == {"windows", "distinct"}


def test_everybody_hears_whose_decisions_are_held_and_from_which_day(told, runs, decide):
    far, operator = told("new:00070"), runs()
    decide(operator, authority="Chủ tịch UBND xã Triệu Sơn")
    decide(operator, number="2", authority="Giám đốc Công an tỉnh", decided_on="2025-01-02")

    far.pull()

    assert far.held["all"] == {
        "from": "2025-01-02",
        "authorities": [
            {"authority": "Giám đốc Công an tỉnh", "from": "2025-01-02"},
            {"authority": "Chủ tịch UBND xã Triệu Sơn", "from": "2026-03-10"},
        ],
        "more": 0,
    }


def test_one_more_decision_of_the_same_authority_tells_nobody_that_more_is_held(told, runs, decide):
    far, operator = told("new:00070"), runs()
    decide(operator)
    far.pull()

    decide(operator, number="2", decided_on="2026-05-01")

    assert far.pull() == []


def test_a_part_that_was_carried_out_is_told_again(central, told, runs, decide):
    laptop, operator = told(), runs()
    id = decide(operator, decided_on="2025-03-10", main_done_on=None)
    laptop.pull()
    assert laptop.answer(operator, "2026-03-20") is laptop.answer(operator, "2026-04-01") is Answer.CANNOT_TELL

    central.edit("decision", id, {"main_done_on": "2025-04-01"})

    assert laptop.pull() == [operator]
    assert laptop.answer(operator, "2026-03-20") is Answer.REPEAT
    assert laptop.answer(operator, "2026-04-01") is Answer.NOT_FOUND


def test_a_cancelled_decision_takes_its_windows_back(central, told, runs, decide):
    laptop, operator = told(), runs()
    id = decide(operator)
    laptop.pull()

    central.edit("decision", id, {"cancelled_on": "2026-05-05"})
    laptop.pull()

    assert laptop.answer(operator) is Answer.NOT_FOUND


def test_merged_operators_answer_for_each_other_until_they_are_parted(central, told, runs, decide):
    laptop, one, other = told(), runs(), runs(name="Hộ kinh doanh khác")
    decide(one)
    laptop.pull()
    assert laptop.answer(other) is Answer.NOT_FOUND

    central.edit("operator", one, {"merged_into": other})
    laptop.pull()
    assert laptop.answer(other) is laptop.answer(one) is Answer.REPEAT
    assert verify(central.db).problems == ()

    central.edit("operator", one, {"merged_into": None}, {"merged_into": other})
    laptop.pull()
    assert laptop.answer(other) is Answer.NOT_FOUND
    assert laptop.answer(one) is Answer.REPEAT
    assert verify(central.db).problems == ()


def test_who_is_merged_through_a_third_is_one_with_both(central, told, runs, decide):
    laptop, one, middle, last = told(), runs(), runs(name="B"), runs(name="C")
    decide(one)
    central.edit("operator", middle, {"merged_into": last})

    central.edit("operator", one, {"merged_into": middle})
    laptop.pull()

    assert laptop.answer(last) is Answer.REPEAT


def test_a_place_that_is_taken_over_brings_its_new_operators_decisions_along(central, told, runs, decide):
    laptop, elsewhere = told(HERE), runs(THERE)
    decide(elsewhere)
    place = central.place(HERE)
    laptop.pull()
    assert elsewhere not in laptop.held

    central.edit("establishment", place, {"operator/2": {"from": "2026-11-01", "operator": elsewhere}})
    laptop.pull()

    assert laptop.answer(elsewhere) is Answer.REPEAT
    assert verify(central.db).problems == ()


def test_a_place_that_moves_away_takes_its_operators_decisions_with_it(central, told, runs, decide):
    laptop, there, operator = told(HERE), told(THERE), new_id()
    central.edit("operator", operator, {"name": "Hộ kinh doanh Đỗ Văn Được", "form": "household"})
    place = central.place(HERE, **{"operator/1": {"from": "2019-01-01", "operator": operator}})
    decide(operator)
    laptop.pull()

    central.edit("establishment", place, {"place/2": {"from": "2026-11-10", "epoch": "new", "unit": "15682"}})
    laptop.pull()
    there.pull()

    assert laptop.held[operator] is None
    assert there.answer(operator) is Answer.REPEAT
    assert verify(central.db).problems == ()


def test_that_two_operators_are_two_is_told(central, told, runs, decide):
    laptop, one, other = told(), runs(), runs()
    decide(one)
    laptop.pull()

    make(central.db, [Change("distinct", new_id(), {"kind": "operator", "one": one, "other": other})],
         author="test", at=AT)  # fmt: skip
    laptop.pull()

    assert laptop.held[one]["distinct"] == [other]


def test_a_decision_entered_for_the_wrong_operator_is_told_to_both(central, told, runs, decide):
    laptop, wrong, right = told(), runs(), runs(name="Hộ kinh doanh khác")
    id = decide(wrong)
    laptop.pull()

    central.edit("decision", id, {"operator": right}, {"operator": wrong})
    laptop.pull()

    assert laptop.answer(wrong) is Answer.NOT_FOUND
    assert laptop.answer(right) is Answer.REPEAT
    assert verify(central.db).problems == ()


def test_a_decision_about_an_operator_that_has_not_arrived_waits_for_it(central, decision):
    operator, id = new_id(), new_id()

    assert central.edit("decision", id, decision(operator=operator)).standing == "held"
    central.edit("operator", operator, {"name": "Hộ kinh doanh", "form": "household"})

    assert central.one("SELECT operator FROM decisions WHERE id = ?", id) == operator
    assert verify(central.db).problems == ()


@pytest.mark.parametrize("value", ["hôm qua", "2026-02-30", "yes", "31/12/2025"])
def test_a_part_is_done_on_a_day_or_not(central, runs, decision, value):
    receipt = central.edit("decision", new_id(), decision(operator=runs(), main_done_on=value))

    assert receipt.standing == "quarantined"
    assert list(receipt.detail["problems"]) == ["main_done_on"]
