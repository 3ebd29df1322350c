"""The history of one place: every kind of event, in order, findings as they stand, and the answer of the law today."""

import pytest

from schemas.ids import new_id
from server.arrivals.world import unit_tree
from server.history.place import history_of_place
from server.office import Change, make
from tests.conftest import COMMUNE, ELSEWHERE
from tests.server.history.conftest import AT


@pytest.fixture
def read(central, place):
    """Return a function that reads the history of the place."""
    return lambda at=AT: history_of_place(central.db.conn, unit_tree(central.db.conn), place, at)


def days(history, what):
    return [one.day for one in history.timeline if one.what == what]


def test_everything_that_happened_stands_there_the_latest_first(central, place, operator, decide, read):
    new, double = new_id(), central.place(name="Quán Sao Đêm")
    central.edit("operator", new, {"name": "Công ty TNHH Mới", "form": "enterprise"})
    central.edit("establishment", place, {"operator/2": {"from": "2026-07-01", "operator": new}})
    central.edit("establishment", place, {"status/2": {"from": "2026-08-01", "status": "paused"}})
    central.edit("establishment", place, {"place/2": {"from": "2026-06-01", "epoch": "new", "unit": ELSEWHERE[4:],
                                                      "address": "Số 7, phố Mới"}})  # fmt: skip
    central.edit("establishment", place, {"name": "Karaoke Ánh Dương"}, {"name": "Karaoke Đông Đô"})
    central.edit("establishment", double, {"merged_into": place})
    check = {"establishment": double, "agency": "Thanh tra tỉnh", "date": "2026-03-04", "paper": "Kết luận số 3"}
    make(central.db, [Change("outside_check", new_id(), check)], author="test", at=AT)
    laptop = central.laptop(ELSEWHERE)
    assert laptop.sends(laptop.visit(place, date="2026-11-05")) == ["accepted"]
    decide("1/QĐ", "2026-05-01", "2026-05-10", "2026-05-20", establishment=place)
    history = read()

    assert days(history, "visit") == ["2026-11-05"]
    assert days(history, "decision") == ["2026-05-10"]
    assert days(history, "outside_check") == ["2026-03-04"]
    assert days(history, "operator") == ["2026-07-01", "2019-01-01"]
    assert days(history, "status") == ["2026-08-01", "2019-01-01"]
    assert days(history, "place") == ["2026-06-01", "2019-01-01"]
    assert [one.said["name"] for one in history.timeline if one.what == "name"] == ["Karaoke Ánh Dương"]
    assert [one.said["into"] for one in history.timeline if one.what == "merged"] == ["Karaoke Ánh Dương"]
    assert [one.day for one in history.timeline] == sorted((one.day for one in history.timeline), reverse=True)
    assert history.facts.operator == new
    assert history.today == ()  # the new operator starts clean


def test_a_finding_is_told_as_it_stands_now(central, place, read):
    laptop = central.laptop()
    acts = [{"id": new_id(), "code": code, "facts": "Thấy tại chỗ"} for code in ("ND38-15.5b", "ND38-15.6b")]
    first = laptop.visit(place, date="2026-05-05", outcome="violations", violations=acts)
    assert laptop.sends(first) == ["accepted"]
    (visit,) = [one for one in read().timeline if one.what == "visit"]
    assert [one["resolved"] for one in visit.said["findings"]] == [None, None]

    resolution = {"inspection": visit.said["id"], "finding": acts[0]["id"], "on": "2026-06-06", "how": "papers",
                  "seen": "Giấy phép mới"}  # fmt: skip
    make(central.db, [Change("resolution", new_id(), resolution)], author="test", at=AT)
    (visit,) = [one for one in read().timeline if one.what == "visit"]

    assert [(one["resolved"], one["on"], one["how"]) for one in visit.said["findings"]] == [
        (True, "2026-06-06", "papers"), (None, "", ""),
    ]  # fmt: skip
    assert visit.said["codes"] == ("ND38-15.5b", "ND38-15.6b")


def test_a_voided_visit_stands_there_and_leaves_no_finding(central, place, read):
    laptop = central.laptop()
    act = {"id": new_id(), "code": "ND38-15.5b", "facts": "Thấy tại chỗ"}
    first = laptop.visit(place, date="2026-05-05", outcome="violations", violations=[act])
    void = laptop.visit(place, base=first, date="2026-05-05", outcome="violations", violations=[act], revision=2,
                        void=True, reason="Lập nhầm cơ sở")  # fmt: skip
    assert laptop.sends(first, void) == ["accepted", "accepted"]
    (visit,) = [one for one in read().timeline if one.what == "visit"]

    assert (visit.said["void"], visit.said["findings"]) == (True, ())


@pytest.mark.parametrize(("day", "answer"), [
    ("2026-05-09", "not_found"), ("2026-05-10", "repeat"), ("2027-05-19", "repeat"), ("2027-05-20", "not_found"),
])  # fmt: skip
def test_the_answer_is_that_of_today(place, decide, read, day, answer):
    decide("1/QĐ", "2026-05-01", "2026-05-10", "2026-05-20")
    at = AT.replace(year=int(day[:4]), month=int(day[5:7]), day=int(day[8:]), hour=3)

    assert [one.finding.answer.value for one in read(at).today] == [answer]


def test_a_possible_duplicate_with_decisions_makes_it_unsure_and_is_named(central, place, operator, decide, read):
    double = new_id()
    central.edit("operator", double, {"name": "HỘ KINH DOANH ĐỖ THỊ HÒA", "form": "household",
                                      "phone": "0912 345 678"})  # fmt: skip
    decide("1/QĐ", "2026-05-01", "2026-05-10", "2026-05-20", operator=double)
    (unsure,) = read().today
    distinct = {"kind": "operator", "one": operator, "other": double}
    make(central.db, [Change("distinct", new_id(), distinct)], author="test", at=AT)

    assert unsure.finding.answer.value == "cannot_tell"
    assert [one.of for one in unsure.finding.missing] == ["HỘ KINH DOANH ĐỖ THỊ HÒA"]
    assert read().today == ()


def test_how_old_the_data_are_is_told(central, place, decide, read):
    decide("1/QĐ", "2026-05-01", "2026-05-10", "2026-05-20")
    laptop = central.laptop()
    laptop.sends(laptop.visit(place, date="2026-03-03"))
    said = {"device": laptop.id, "at": "2026-11-19T15:00:00Z", "drafts": 0, "unsent": 1, "earliest": "2026-11-05"}
    central.db["contacts"].insert({**said, "version": "0.1.0", "clock_offset_s": 0})
    age = read().age

    assert (age.visits_from, age.decisions_from, age.complete_to) == ("2026-03-03", "2026-05-10", "2026-11-04")
    assert age.authorities == (("Chủ tịch UBND xã Triệu Sơn", "2026-05-10"),)


def test_there_is_no_history_of_what_is_not_there(central):
    assert history_of_place(central.db.conn, unit_tree(central.db.conn), new_id(), AT) is None
    assert COMMUNE
