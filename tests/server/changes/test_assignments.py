"""The office sends a team to a place by a line of `apply`, and takes that back."""

import json
from datetime import UTC, datetime

import pytest

from schemas.ids import new_id
from server.changes import apply_lines
from server.office import things

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


@pytest.fixture
def place(central):
    return central.place(code="TS-001")


@pytest.fixture
def team(central):
    id = new_id()
    central.edit("team", id, {"name": "Đội 178", "level": "commune", "epoch": "new", "area": "15664"})
    return id


@pytest.fixture
def apply(central):
    def run(**asked):
        return next(iter(apply_lines(central.db, [json.dumps(asked)], author="test", at=AT)))

    return run


def assigned(central):
    return [
        (state["team"], state["basis"], state["expires_on"], state["withdrawn"])
        for state in things(central.db.conn, "assignment").values()
    ]


def test_a_team_is_sent_to_a_place_by_its_name_until_a_day(central, apply, place, team):
    answer = apply(do="assign", establishment="TS-001", team="Đội 178", expires_on="2026-12-15", note="Đợt cuối năm")

    assert answer["standing"] == "accepted"
    assert assigned(central) == [(team, "planned", "2026-12-15", False)]


def test_asked_again_the_open_assignment_gets_the_new_day_and_is_not_doubled(central, apply, place, team):
    apply(do="assign", establishment=place, team=team, expires_on="2026-12-15")
    apply(do="assign", establishment=place, team=team, expires_on="2026-12-20")

    assert assigned(central) == [(team, "planned", "2026-12-20", False)]


@pytest.mark.parametrize("named", ["by its id", "by place and team"])
def test_an_assignment_is_taken_back(central, apply, place, team, named):
    apply(do="assign", establishment=place, team=team, expires_on="2026-12-15")
    (id,) = things(central.db.conn, "assignment")
    by = {"assignment": id} if named == "by its id" else {"establishment": "TS-001", "team": "Đội 178"}

    assert apply(do="unassign", **by)["standing"] == "accepted"
    assert assigned(central) == [(team, "planned", "2026-12-15", True)]
    assert apply(do="unassign", establishment=place, team=team)["problems"].keys() == {"establishment"}


def test_a_second_planned_visit_in_a_year_is_refused_and_an_unscheduled_one_is_not(central, apply, place, team):
    laptop = central.laptop()
    laptop.sends(laptop.visit(place, date="2026-03-12"))

    refused = apply(do="assign", establishment=place, team=team, expires_on="2026-12-15")
    assert refused["receipt"] is None
    assert "12/03/2026" in refused["problems"]["establishment"]
    for basis in ("unscheduled", "recheck"):
        answer = apply(do="assign", establishment=place, team=team, basis=basis, expires_on="2026-12-15")
        assert answer["standing"] == "accepted"


def test_a_check_by_another_body_or_at_a_merged_record_uses_up_the_year(central, apply, place, team):
    twin = central.place(code="TS-002")
    apply(do="outside_check", establishment=twin, agency="Công an tỉnh", date="2026-05-05")
    apply(do="merge", establishment=twin, into=place)

    answer = apply(do="assign", establishment=place, team=team, expires_on="2026-12-15")
    assert answer["problems"].keys() == {"establishment"}


def test_a_visit_may_be_planned_for_the_next_year(central, apply, place, team):
    laptop = central.laptop()
    laptop.sends(laptop.visit(place, date="2026-03-12"))

    answer = apply(do="assign", establishment=place, team=team, given_on="2026-12-20", expires_on="2027-01-31")
    assert answer["standing"] == "accepted"


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"team": "Đội không có"}, "team"),
        ({"establishment": "TS-999"}, "establishment"),
        ({"expires_on": "2026-11-19"}, "expires_on"),
        ({"expires_on": "15/12"}, "expires_on"),
        ({"basis": "tối nay"}, "basis"),
        ({"until": "2026-12-15"}, "until"),
    ],
)
def test_what_makes_no_assignment_is_said_at_the_field(central, apply, place, team, asked, field):
    line = {"establishment": place, "team": team, "expires_on": "2026-12-15", **asked}

    assert field in apply(do="assign", **line)["problems"]
    assert assigned(central) == []
