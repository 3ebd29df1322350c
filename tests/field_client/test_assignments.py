"""What a team is to visit; taking a place for tonight and letting go; with no line and over it."""

from datetime import UTC, datetime

import pytest

from field_client import assignments
from field_client.records import NotValid
from schemas.ids import new_id
from tests.field_client.conftest import AT, place_state

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)  # 12:00 in Viet Nam, the day after AT


def given(laptop, **changes):
    return {"establishment": laptop.place, "team": laptop.team, "basis": "planned", "given_on": "2026-11-10",
            "expires_on": "2026-12-10", "reserved": False, "withdrawn": False, **changes}  # fmt: skip


def told(laptop, **changes):
    """Let the server tell of an assignment."""
    id = new_id()
    laptop.line.knows("assignment", id, given(laptop, **changes))
    assert not laptop.sync().trouble
    return id


def to_visit(laptop, at=AT):
    return [one.id for one in assignments.of_team(laptop.db, laptop.team, at)]


def test_what_the_office_assigned_stands_until_its_last_day(laptop):
    id = told(laptop)

    assert to_visit(laptop) == [id]
    assert to_visit(laptop, datetime(2026, 12, 10, 16, 59, tzinfo=UTC)) == [id]
    assert to_visit(laptop, datetime(2026, 12, 10, 17, 0, tzinfo=UTC)) == []


def test_what_is_for_a_time_to_come_is_shown_a_week_before_and_not_done_by_a_visit_before_it(laptop):
    id = told(laptop, starts_on="2026-12-01")
    laptop.record(date="2026-11-15")

    assert to_visit(laptop, datetime(2026, 11, 23, 16, 59, tzinfo=UTC)) == []
    assert to_visit(laptop, datetime(2026, 11, 23, 17, 0, tzinfo=UTC)) == [id]


def test_what_is_taken_back_is_not_to_be_visited(laptop):
    id = told(laptop)
    laptop.line.knows("assignment", id, given(laptop, withdrawn=True))
    laptop.sync()

    assert to_visit(laptop) == []


@pytest.mark.parametrize(
    ("basis", "by", "done"),
    [("planned", "us", True), ("planned", "others", True), ("unscheduled", "us", True),
     ("unscheduled", "others", False), ("recheck", "others", False)],
)  # fmt: skip
def test_what_was_inspected_since_is_done(laptop, basis, by, done):
    id = told(laptop, basis=basis)
    laptop.record(date="2026-11-15", team=laptop.team if by == "us" else new_id())

    assert to_visit(laptop) == ([] if done else [id])


def test_a_visit_before_it_was_assigned_or_an_attempt_leaves_it_open(laptop):
    id = told(laptop)
    laptop.record(date="2026-11-09")
    laptop.record(date="2026-11-15", outcome="closed_tonight", remark="Cửa khóa")

    assert to_visit(laptop) == [id]


def test_a_place_is_taken_for_tonight_with_no_line_until_noon_of_the_next_day(laptop):
    laptop.line.cut = True
    kept = assignments.reserve(laptop.db, laptop.place, laptop.team, "planned", at=AT)

    (one,) = assignments.of_place(laptop.db, laptop.place, AT)
    assert (one.id, one.team, one.expires_on, one.reserved, one.standing) == (
        kept.id, laptop.team, "2026-11-21", True, "waiting",
    )  # fmt: skip
    assert to_visit(laptop) == [kept.id]
    assert to_visit(laptop, NOON) == []


def test_a_double_tap_takes_a_place_once(laptop):
    assignments.reserve(laptop.db, laptop.place, laptop.team, "planned", at=AT)

    assert assignments.reserve(laptop.db, laptop.place, laptop.team, "planned", at=AT) is None
    assert laptop.one("SELECT count(*) FROM own WHERE kind = 'assignment'") == 1


def test_two_teams_at_one_place_both_stand_there(laptop):
    other = told(laptop, team=new_id(), reserved=True, given_on="2026-11-20", expires_on="2026-11-21")
    ours = assignments.reserve(laptop.db, laptop.place, laptop.team, "planned", at=AT)

    assert {one.id for one in assignments.of_place(laptop.db, laptop.place, AT)} == {other, ours.id}
    assert to_visit(laptop) == [ours.id]


def test_what_is_let_go_is_free_and_can_be_taken_again(laptop):
    kept = assignments.reserve(laptop.db, laptop.place, laptop.team, "planned", at=AT)
    assignments.let_go(laptop.db, kept.id, at=AT)
    assert to_visit(laptop) == []

    again = assignments.reserve(laptop.db, laptop.place, laptop.team, "unscheduled", at=AT)
    assert to_visit(laptop) == [again.id]


def test_what_the_office_assigned_is_not_let_go_here(laptop):
    id = told(laptop)

    with pytest.raises(NotValid, match="văn phòng"):
        assignments.let_go(laptop.db, id, at=AT)
    assert to_visit(laptop) == [id]


def test_nobody_takes_a_place_where_no_team_is_known(laptop):
    with pytest.raises(NotValid, match="đội"):
        assignments.reserve(laptop.db, laptop.place, "", "planned", at=AT)


def test_an_assignment_of_a_merged_record_is_the_surviving_places(laptop):
    twin = new_id()
    laptop.line.knows("establishment", twin, place_state(merged_into=laptop.place, code="KAR-002"))
    id = told(laptop, establishment=twin)

    assert [one.id for one in assignments.of_place(laptop.db, laptop.place, AT)] == [id]
    laptop.record(date="2026-11-15")
    assert to_visit(laptop) == []


def test_a_copy_that_is_begun_again_keeps_what_was_taken_here(laptop):
    kept = assignments.reserve(laptop.db, laptop.place, laptop.team, "planned", at=AT)
    told(laptop, team=new_id())
    laptop.line.restores_from_nothing()
    laptop.sync()

    assert kept.id in to_visit(laptop)
