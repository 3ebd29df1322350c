"""The working of an answer: each decision with its parts and its two ends, and the counters that are no repeat."""

import pytest

from schemas.ids import new_id
from schemas.items import read
from schemas.repeat import Answer
from server.changes import apply_one
from server.law.counters import counters
from server.law.working import working
from tests.conftest import AT

LATE, LATCH = "ND38-15.5b", "ND38-15.6b"


@pytest.fixture
def operator(central):
    id = new_id()
    central.edit("operator", id, {"name": "Hộ kinh doanh Đỗ Văn Được", "form": "household"})
    return id


@pytest.fixture
def place(central, operator):
    return central.place(**{"operator/1": {"from": "2019-01-01", "operator": operator}})


@pytest.fixture
def decide(central, decision, operator):
    def enter(**changes):
        id = new_id()
        assert central.edit("decision", id, decision(operator=operator, **changes)).standing == "accepted"
        return id

    return enter


@pytest.fixture
def visit(central, place):
    """Return a function that sends a visit that found acts, and returns its id and theirs."""
    laptop = central.laptop()

    def send(*codes, date="2026-05-06", **more):
        acts = [{"id": new_id(), "code": code, "text": code} for code in codes]
        line = laptop.visit(place, date=date, outcome="violations", violations=acts, **more)
        assert laptop.sends(line) == ["accepted"]
        return read(line).id, [act["id"] for act in acts]

    return send


def test_it_names_each_part_both_ends_and_what_is_missing(central, operator, decide):
    decide(ordered=["main", "remedies"], remedies_done_on="2024-07-01", delivered_on="2024-03-12")

    found = working(central.db.conn, operator, LATE, "2025-08-01")

    assert found.answer is Answer.CANNOT_TELL
    assert [one.what.value for one in found.missing] == ["main"]
    (one,) = found.decisions
    assert [(part.part, part.ordered, part.done) for part in one.parts] == [
        ("main", True, ""), ("additional", False, ""), ("remedies", True, "2024-07-01"),
    ]  # fmt: skip
    assert (one.limit, one.earliest, one.latest) == ("2025-03-10", "2024-07-01", "2025-03-10")
    assert (one.sure_until, one.cleared_on, one.months, one.deciding) == ("2025-07-01", "2026-03-10", 12, True)
    assert one.articles == ("NĐ 38/2021 Đ.15.5.b",)
    assert (found.held_since, [(held.authority, held.decisions) for held in found.held]) == (
        "2024-03-10", [("Chủ tịch UBND xã", 1)],
    )  # fmt: skip


def test_a_cancelled_decision_stands_in_the_working_and_decides_nothing(central, operator, decide):
    decide(main_done_on="2024-04-20", cancelled_on="2024-08-01")

    found = working(central.db.conn, operator, LATE, "2024-05-01")

    assert found.answer is Answer.NOT_FOUND
    assert [(one.cancelled_on, one.deciding) for one in found.decisions] == [("2024-08-01", False)]


def test_decisions_about_other_acts_are_only_counted(central, operator, decide):
    decide(codes=[LATCH])
    decide(number="2", main_done_on="2024-04-20")

    found = working(central.db.conn, operator, LATE, "2024-05-01")

    assert ([one.number for one in found.decisions], found.others) == (["2"], 1)


def test_what_was_decided_of_the_visit_itself_is_no_earlier_sanction(central, operator, decide, visit):
    id, _ = visit(LATE, date="2026-03-01")
    decide(decided_on="2026-03-01", main_done_on="2026-03-05", inspection=id)

    assert working(central.db.conn, operator, LATE, "2026-03-01").answer is Answer.REPEAT
    assert working(central.db.conn, operator, LATE, "2026-03-01", but=id).answer is Answer.NOT_FOUND
    assert working(central.db.conn, operator, LATE, "2026-03-01", but=id).decisions == ()


def test_evasion_without_an_end_has_no_last_day(central, operator, decide):
    decide(main_done_on="no", evasion_from="2024-06-01")

    (one,) = working(central.db.conn, operator, LATE, "2030-01-01").decisions

    assert (one.limit, one.latest, one.cleared_on, one.basis) == ("", "", "", "evasion")


@pytest.mark.parametrize(
    ("day", "count"), [("2026-05-06", 0), ("2026-05-07", 1), ("2027-05-06", 1), ("2027-05-07", 0)]
)
def test_many_times_counts_acts_of_the_group_that_nobody_decided_on_within_a_year(central, operator, visit, day, count):
    visit(LATE, LATCH)

    found = counters(central.db.conn, operator, LATE, day)

    assert len(found.multiple) == count
    assert working(central.db.conn, operator, LATE, day).answer is Answer.NOT_FOUND


def test_an_act_that_was_decided_on_is_counted_no_more_and_again_once_that_is_cancelled(central, operator, visit):
    id, (late, _) = visit(LATE, LATCH)
    asked = {"do": "decision", "number": "9", "authority": "UBND", "inspection": id, "violations": [late]}
    apply_one(central.db, asked | {"decided_on": "2026-06-01", "sanction": "fine"}, author="test", at=AT)
    assert counters(central.db.conn, operator, LATE, "2026-07-01").multiple == ()
    assert len(counters(central.db.conn, operator, LATCH, "2026-07-01").multiple) == 1

    apply_one(central.db, asked | {"cancelled_on": "2026-06-15"}, author="test", at=AT)

    assert len(counters(central.db.conn, operator, LATE, "2026-07-01").multiple) == 1


def test_acts_of_the_operator_before_are_not_the_new_operators(central, operator, visit, place):
    other = new_id()
    central.edit("operator", other, {"name": "Hộ B", "form": "household"})
    visit(LATE)
    central.edit("establishment", place, {"operator/2": {"from": "2026-06-01", "operator": other}})

    assert counters(central.db.conn, other, LATE, "2026-07-01").multiple == ()
    assert len(counters(central.db.conn, operator, LATE, "2026-07-01").multiple) == 1


def test_two_security_sanctions_in_a_year_are_a_counter_of_their_own(central, operator, decide):
    decide(codes=["ND144-27.2"], decided_on="2025-06-10", main_done_on="2025-07-01")
    decide(number="2", codes=["ND282-X-antt"], decided_on="2026-02-10", main_done_on="2026-03-01")
    decide(number="3", codes=[LATE], decided_on="2026-02-11", main_done_on="2026-03-01")

    for day, count, reached in (("2026-06-09", 2, True), ("2026-06-10", 1, False), ("2026-02-09", 1, False)):
        found = counters(central.db.conn, operator, LATCH, day)
        assert (len(found.antt), found.antt_reached) == (count, reached), day


@pytest.mark.parametrize(
    ("date", "count"), [("2026-04-30", 0), ("2026-05-01", 1), ("2026-08-31", 1), ("2026-09-01", 0)]
)
def test_a_place_found_working_while_suspended_is_counted(central, decide, operator, place, visit, date, count):
    span = {"what": "antt_certificate", "from": "2026-05-01", "to": "2026-08-31"}
    decide(decided_on="2026-04-20", establishment=place, **{"suspension/antt_certificate": span})

    visit(LATCH, date=date, found_working=True)

    found = counters(central.db.conn, operator, LATCH, "2026-11-20").suspended
    assert [(one.date, one.what) for one in found] == [(date, "antt_certificate")] * count
