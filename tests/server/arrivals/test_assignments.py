"""Who hears that a team is to visit a place: the area of a planned visit, of an unscheduled one the team alone."""

from datetime import UTC, datetime

import pytest

from schemas.ids import new_id
from server.arrivals import feed
from server.arrivals.verify import verify

HERE, THERE = "new:15664", "new:15682"
AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


def make_team(central, name="Đội 178"):
    id = new_id()
    central.edit("team", id, {"name": name, "level": "commune", "epoch": "new", "area": "15664"})
    return id


def laptop_of(central, team, unit=HERE):
    laptop = central.laptop(unit)
    central.edit("device", laptop.id, {"team": team})
    return laptop


def given(place, team, **changes):
    return {"establishment": place, "team": team, "basis": "planned", "given_on": "2026-11-20",
            "expires_on": "2026-11-21", "reserved": True, "withdrawn": False, **changes}  # fmt: skip


def edit_body(after, was=None):
    return {"set": after, "was": {path: (was or {}).get(path) for path in after}}


def seen(central, laptop, unit=HERE):
    """Return the assignments that a laptop holds after a pull from the beginning, by id."""
    conn = central.db.conn
    page = feed.page(conn, feed.scope_keys(conn, laptop.id, unit), laptop.id, "", at="")
    held = {}
    for change in page.changes:
        if change.kind == "assignment":
            held.pop(change.id, None)
            if not change.gone:
                held[change.id] = change.text
    return set(held)


@pytest.fixture
def place(central):
    return central.place(HERE)


@pytest.fixture
def ours(central):
    return laptop_of(central, make_team(central, "Đội của xã"))


@pytest.fixture
def theirs(central):
    return laptop_of(central, make_team(central, "Đội của tỉnh"))


def team_of(central, laptop):
    return central.one("SELECT json_extract(state, '$.team') FROM things WHERE kind = 'device' AND id = ?", laptop.id)


def reserve(laptop, place, team, **changes):
    id = new_id()
    return id, laptop.sends(laptop.line("assignment", id, edit_body(given(place, team, **changes))))


def assign(central, place, team, **changes):
    id = new_id()
    central.edit("assignment", id, given(place, team, reserved=False, **changes))
    return id


@pytest.mark.parametrize("basis", ["planned", "recheck"])
def test_the_area_sees_a_planned_visit_and_a_recheck(central, place, ours, theirs, basis):
    id = assign(central, place, team_of(central, ours), basis=basis)

    assert seen(central, ours) == seen(central, theirs) == {id}
    assert seen(central, central.laptop(THERE), THERE) == set()


def test_an_unscheduled_visit_is_seen_by_its_team_alone(central, place, ours, theirs):
    id = assign(central, place, team_of(central, ours), basis="unscheduled")

    assert seen(central, ours) == {id}
    assert seen(central, theirs) == seen(central, central.laptop(HERE)) == set()


def test_two_teams_that_take_one_place_hear_of_each_other_and_both_are_kept(central, place, ours, theirs):
    one, _ = reserve(ours, place, team_of(central, ours), basis="unscheduled")
    assert seen(central, theirs) == set()
    other, standing = reserve(theirs, place, team_of(central, theirs), basis="unscheduled")

    assert standing == ["accepted"]
    assert seen(central, ours) == seen(central, theirs) == {one, other}
    assert seen(central, central.laptop(HERE)) == set()


def test_when_the_other_team_lets_go_the_unscheduled_visit_is_the_teams_own_again(central, place, ours, theirs):
    one, _ = reserve(ours, place, team_of(central, ours), basis="unscheduled")
    other, _ = reserve(theirs, place, team_of(central, theirs))
    theirs.sends(theirs.line("assignment", other, edit_body({"withdrawn": True}, {"withdrawn": False})))

    assert seen(central, theirs) == {other}
    assert seen(central, ours) == {one, other}


def test_visits_of_different_days_do_not_meet(central, place, ours, theirs):
    reserve(ours, place, team_of(central, ours), basis="unscheduled")
    later, _ = reserve(
        theirs, place, team_of(central, theirs), basis="unscheduled", given_on="2026-12-01", expires_on="2026-12-02"
    )

    assert seen(central, theirs) == {later}


def test_a_visit_that_becomes_unscheduled_leaves_the_area_and_stays_with_the_team(central, place, ours, theirs):
    id = assign(central, place, team_of(central, ours))
    central.edit("assignment", id, {"basis": "unscheduled"}, {"basis": "planned"})

    assert seen(central, ours) == {id}
    assert seen(central, theirs) == set()


def test_a_planned_visit_moves_with_its_place(central, place, ours):
    id = assign(central, place, team_of(central, ours))
    central.edit("establishment", place, {"place/2": {"from": "2026-11-10", "epoch": "new", "unit": "15682"}})

    assert seen(central, ours) == set()
    assert seen(central, central.laptop(THERE), THERE) == {id}


def test_a_laptop_that_goes_to_another_team_begins_its_copy_again(central, place, ours, theirs):
    conn = central.db.conn
    mine = assign(central, place, team_of(central, theirs), basis="unscheduled")
    cursor = feed.page(conn, feed.scope_keys(conn, ours.id, HERE), ours.id, "", at="").cursor
    central.edit("device", ours.id, {"team": team_of(central, theirs)}, {"team": team_of(central, ours)})

    with pytest.raises(feed.OtherScope):
        feed.page(conn, feed.scope_keys(conn, ours.id, HERE), ours.id, cursor, at="")
    assert seen(central, ours) == {mine}


def test_a_laptop_reserves_in_its_area_only(central, ours):
    _, standing = reserve(ours, central.place(THERE), team_of(central, ours))

    assert standing == ["quarantined"]


def test_a_laptop_does_not_assign_and_does_not_take_back_what_the_office_assigned(central, place, ours):
    _, standing = reserve(ours, place, team_of(central, ours), reserved=False)
    id = assign(central, place, team_of(central, ours))
    taken_back = ours.line("assignment", id, edit_body({"withdrawn": True}, {"withdrawn": False}))

    assert standing == ["quarantined"]
    assert ours.sends(taken_back) == ["quarantined"]


def test_a_laptop_lets_go_of_its_own_reservation_and_of_no_other_teams(central, place, ours, theirs):
    id, _ = reserve(ours, place, team_of(central, ours))
    let_go = edit_body({"withdrawn": True}, {"withdrawn": False})

    assert theirs.sends(theirs.line("assignment", id, let_go)) == ["quarantined"]
    assert ours.sends(ours.line("assignment", id, let_go)) == ["accepted"]


def test_a_reservation_of_a_place_that_has_not_arrived_is_held_and_so_is_letting_go_of_it(central, ours):
    place, id = new_id(), new_id()
    made = ours.line("assignment", id, edit_body(given(place, team_of(central, ours))))
    let_go = ours.line("assignment", id, edit_body({"withdrawn": True}, {"withdrawn": False}))
    assert ours.sends(made, let_go) == ["held", "held"]

    new_place = {"name": "Karaoke Mới", "place/1": {"from": "2026-11-20", "epoch": "new", "unit": "15664"},
                 "kind/1": {"from": "2026-11-20", "kind": "karaoke"},
                 "status/1": {"from": "2026-11-20", "status": "open"}}  # fmt: skip
    ours.sends(ours.line("establishment", place, edit_body(new_place)))

    assert central.one("SELECT withdrawn FROM assignments WHERE id = ?", id) == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"team": new_id()}, "team"), ({"expires_on": "2026-11-19"}, "expires_on")],
    ids=["a team that nobody knows", "an end before the beginning"],
)
def test_what_is_wrong_with_an_assignment_is_said_at_the_field(central, place, ours, wrong, field):
    line = ours.line("assignment", new_id(), edit_body(given(place, team_of(central, ours)) | wrong))
    answers = central.ingest(line, device=ours.id).answers

    assert answers[0].standing == "quarantined"
    assert set(answers[0].detail["problems"]) == {field}


def test_what_is_known_of_assignments_is_what_their_items_say(central, place, ours, theirs):
    reserve(ours, place, team_of(central, ours), basis="unscheduled")
    other, _ = reserve(theirs, place, team_of(central, theirs))
    theirs.sends(theirs.line("assignment", other, edit_body({"withdrawn": True}, {"withdrawn": False})))
    assign(central, place, team_of(central, ours), basis="recheck")
    central.edit("establishment", place, {"place/2": {"from": "2026-11-10", "epoch": "new", "unit": "15682"}})

    assert verify(central.db).problems == ()
