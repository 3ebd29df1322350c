"""How what is not plainly in the truth gets in or out of it: each end is an arrival, and reaches who sent the item."""

import json

import pytest

from schemas.ids import new_id
from schemas.items import name_of
from server.arrivals import acting
from server.arrivals.verify import verify
from server.changes import apply_lines
from tests.conftest import AT, ELSEWHERE, place_state


@pytest.fixture
def decide(central):
    """Return a function that applies one line and answers with its standing, or its problems."""

    def act(do, **asked):
        (answer,) = apply_lines(central.db, [json.dumps({"do": do, **asked})], author="Phạm Văn Lâm", at=AT)
        return answer["problems"] or answer["standing"]

    return act


@pytest.fixture
def standings(central):
    """Return a function that says how lines stand now."""
    return lambda *lines: [central.one("SELECT standing FROM items WHERE name = ?", name_of(one)) for one in lines]


@pytest.fixture
def parted(central):
    """Two laptops corrected one visit; the second correction stands beside the truth and has a child of its own."""
    one, other, place = central.laptop(), central.laptop(), central.place()
    first = one.visit(place)
    theirs = other.visit(place, base=first, revision=2, reason="a")
    mine = one.visit(place, base=first, revision=2, reason="b", remark="bản của đội")
    child = one.visit(place, base=mine, revision=3, reason="c", members=[])
    one.sends(first)
    other.sends(theirs)
    assert one.sends(mine, child) == ["conflict", "conflict"]
    return one, first, theirs, mine, child


def told(central, laptop):
    """Name the items that the laptop is told of, and how they stand."""
    own = f"device:{laptop.id}"
    rows = central.db.conn.execute("SELECT id FROM feed WHERE commune = ? AND kind = 'standing'", (own,))
    return {central.one("SELECT standing FROM items WHERE name = ?", name) for (name,) in rows}


def clean(central):
    return verify(central.db).problems == ()


def test_keeping_the_truth_declines_the_whole_branch_and_tells_its_laptop(central, decide, standings, parted):
    laptop, first, theirs, mine, child = parted

    assert decide("settle", item=name_of(child), keep="theirs") == "accepted"

    assert standings(first, theirs, mine, child) == ["accepted", "accepted", "declined", "declined"]
    assert central.one("SELECT item FROM visits") == name_of(theirs)
    assert told(central, laptop) == {"declined"}
    assert clean(central)


def test_keeping_the_branch_makes_its_last_revision_the_truth_and_declines_what_it_replaces(
    central, decide, standings, parted
):
    _, first, theirs, mine, child = parted

    assert decide("settle", item=name_of(child), keep="mine") == "accepted"

    assert standings(first, theirs, mine, child) == ["accepted", "declined", "accepted", "accepted"]
    assert central.one("SELECT item FROM visits") == name_of(child)
    assert central.one("SELECT count(*) FROM visits") == 1
    assert clean(central)


def test_a_branch_named_by_its_first_revision_comes_with_what_was_made_from_it(central, decide, standings, parted):
    *_, mine, child = parted

    decide("settle", item=name_of(mine), keep="mine")

    assert standings(mine, child) == ["accepted", "accepted"]
    assert central.one("SELECT item FROM visits") == name_of(child)


def test_both_corrections_of_one_visit_are_never_kept(decide, parted):
    assert "keep" in decide("settle", item=name_of(parted[-1]), keep="both")


def test_a_settlement_of_what_has_moved_since_a_person_looked_is_refused_and_changes_nothing(
    central, decide, standings, parted
):
    _, first, theirs, _mine, child = parted

    problems = decide("settle", item=name_of(child), keep="mine", **{"with": name_of(first)})

    assert "with" in problems
    assert standings(theirs, child) == ["accepted", "conflict"]
    assert "item" in decide("settle", item=name_of(theirs), keep="mine")


def test_what_arrives_after_a_settlement_is_judged_by_the_new_truth(central, decide, parted):
    laptop, _, theirs, _, child = parted
    decide("settle", item=name_of(child), keep="mine")
    place = central.one("SELECT establishment FROM visits")

    assert laptop.sends(laptop.visit(place, base=child, revision=4, reason="d")) == ["accepted"]
    assert laptop.sends(laptop.visit(place, base=theirs, revision=3, reason="e")) == ["conflict"]
    assert clean(central)


def edit_of(**values):
    """Return a register edit of values and what they replaced: {path: (value, was)}."""
    return {"set": {p: v for p, (v, _) in values.items()}, "was": {p: was for p, (_, was) in values.items()}}


@pytest.fixture
def two_names(central):
    """A name and a phone that the laptop changed without seeing the office's."""
    laptop, place = central.laptop(), central.place()
    central.edit("establishment", place, {"name": "Tên văn phòng"}, {"name": "Karaoke Đông Đô"})
    edit = laptop.line("establishment", place, edit_of(name=("Tên đội", "Karaoke Đông Đô"), phone=("0912", None)))
    assert laptop.sends(edit) == ["conflict"]
    return laptop, place, edit


def state(central, place):
    return json.loads(central.one("SELECT state FROM things WHERE id = ?", place))


@pytest.mark.parametrize(
    ("keep", "name", "stands"), [("mine", "Tên đội", "accepted"), ("theirs", "Tên văn phòng", "declined")]
)
def test_a_field_in_conflict_is_settled_either_way(central, decide, standings, two_names, keep, name, stands):
    laptop, place, edit = two_names

    assert decide("settle", item=name_of(edit), keep=keep) == "accepted"

    assert (state(central, place)["name"], state(central, place)["phone"]) == (name, "0912")
    assert standings(edit) == [stands]
    assert central.one("SELECT count(*) FROM field_conflicts") == 0
    assert told(central, laptop) == {stands}
    assert clean(central)


def test_what_the_laptop_said_last_of_a_field_is_its_side_of_the_conflict(central, decide, standings, two_names):
    laptop, place, edit = two_names
    later = laptop.line("establishment", place, edit_of(name=("Tên đội, sửa lại", "Tên đội")))
    assert laptop.sends(later) == ["conflict"]

    decide("settle", item=name_of(edit), keep="mine")

    assert state(central, place)["name"] == "Tên đội, sửa lại"
    assert standings(edit, later) == ["accepted", "accepted"]
    assert clean(central)


def test_a_span_that_is_kept_ends_the_one_it_lies_on(central, decide):
    laptop, place = central.laptop(), central.place()
    central.edit("establishment", place, {"status/2": {"from": "2026-05-01", "to": None, "status": "paused"}})
    closed = {"from": "2026-05-01", "status": "closed"}
    edit = laptop.line("establishment", place, edit_of(**{"status/3": (closed, None)}))
    assert laptop.sends(edit) == ["conflict"]

    decide("settle", item=name_of(edit), keep="mine")

    spans = {path: span["status"] for path, span in state(central, place).items() if path.startswith("status/")}
    assert spans == {"status/1": "open", "status/3": "closed"}
    assert clean(central)


def test_two_numbers_of_one_paper_can_both_be_kept(central, decide):
    laptop, place = central.laptop(), central.place()
    paper = {"type": "operating_licence", "number": "01"}
    central.edit("establishment", place, {"licence/1": paper})
    central.edit("establishment", place, {"licence/1": {**paper, "number": "02"}}, {"licence/1": paper})
    edit = laptop.line("establishment", place, edit_of(**{"licence/1": ({**paper, "number": "03"}, paper)}))
    assert laptop.sends(edit) == ["conflict"]

    assert decide("settle", item=name_of(edit), keep="both") == "accepted"

    numbers = {one["number"] for path, one in state(central, place).items() if path.startswith("licence/")}
    assert numbers == {"02", "03"}
    assert clean(central)


def test_two_names_of_one_place_cannot_both_be_kept(decide, two_names):
    assert "keep" in decide("settle", item=name_of(two_names[-1]), keep="both")


def test_what_had_no_right_is_released_and_then_judged_as_the_office_s_own(central, decide, standings):
    laptop, far = central.laptop(), central.place(ELSEWHERE)
    visit = laptop.visit(far)
    assert laptop.sends(visit) == ["quarantined"]

    assert decide("release", item=name_of(visit), reason="Đội được điều sang") == "accepted"

    assert standings(visit) == ["accepted"]
    assert told(central, laptop) == {"accepted"}
    assert laptop.sends(visit) == ["accepted"]
    assert clean(central)


def test_what_had_no_right_is_declined_with_a_reason_that_its_laptop_hears(central, decide, standings):
    laptop, far = central.laptop(), central.place(ELSEWHERE)
    visit = laptop.visit(far)
    laptop.sends(visit)

    assert "reason" in decide("decline", item=name_of(visit), reason=" ")
    assert decide("decline", item=name_of(visit), reason="Ngoài địa bàn") == "accepted"

    assert standings(visit) == ["declined"]
    detail = json.loads(central.one("SELECT detail FROM arrivals WHERE first = 0 ORDER BY seq DESC"))
    assert detail == {"by": "Phạm Văn Lâm", "why": "Ngoài địa bàn"}
    assert "item" in decide("release", item=name_of(visit), reason="x")
    assert clean(central)


def test_what_waits_for_a_thing_that_never_comes_can_be_declined(central, decide, standings):
    laptop = central.laptop()
    lost = new_id()
    visit = laptop.visit(lost)
    assert laptop.sends(visit) == ["held"]

    decide("decline", item=name_of(visit), reason="Ghi nhầm")
    central.edit("establishment", lost, place_state())

    assert standings(visit) == ["declined"]
    assert clean(central)


def test_a_visit_said_again_rightly_takes_out_what_was_wrong_with_it(central, standings):
    laptop, place = central.laptop(), central.place()
    wrong = laptop.visit(place, outcome="fine")
    assert laptop.sends(wrong) == ["quarantined"]

    right = laptop.visit(place, base=wrong, revision=2, reason="sửa")
    assert laptop.sends(right) == ["accepted"]

    assert standings(wrong) == ["declined"]
    assert json.loads(central.one("SELECT detail FROM aside")) == {"replaced_by": name_of(right)}
    assert clean(central)


def test_an_edit_said_again_rightly_takes_out_what_was_wrong_with_it(central, standings):
    laptop, place = central.laptop(), central.place()
    wrong = laptop.line("establishment", place, edit_of(phone=("9" * 90, None)))
    other = laptop.line("establishment", place, edit_of(code=("9" * 90, None)))
    assert laptop.sends(wrong, other) == ["quarantined", "quarantined"]

    laptop.sends(laptop.line("establishment", place, edit_of(phone=("0912", None))))

    assert standings(wrong, other) == ["declined", "quarantined"]


def test_a_laptop_cannot_settle_or_release_anything(central, parted):
    laptop, *_, child = parted
    body = {"item": name_of(child), "with": None, "keep": "mine", "reason": "", "by": ""}

    assert laptop.sends(laptop.line("settlement", new_id(), body)) == ["quarantined"]
    assert laptop.sends(laptop.line("release", new_id(), {"item": name_of(child), "reason": "x"})) == ["quarantined"]


def test_what_waits_for_a_lost_place_is_pointed_at_the_one_that_is_meant(central, decide, standings):
    laptop, lost, place = central.laptop(), new_id(), central.place()
    visit = laptop.visit(lost)
    assert laptop.sends(visit) == ["held"]

    assert decide("point", item=name_of(visit), to=place) == "accepted"

    assert standings(visit) == ["accepted"]
    assert central.one("SELECT root FROM establishments WHERE id = ?", lost) == place
    assert "item" in decide("point", item=name_of(visit), to=place)
    assert clean(central)


def test_an_error_of_ours_in_letting_go_of_what_is_mended_refuses_nothing(central, standings, monkeypatch):
    laptop, place = central.laptop(), central.place()
    wrong = laptop.visit(place, outcome="fine")
    laptop.sends(wrong)
    real = acting.change_standing

    def falls_over(world, one, decision):
        real(world, one, decision)
        raise KeyError("a slip of ours")

    monkeypatch.setattr(acting, "change_standing", falls_over)
    right = laptop.visit(place, base=wrong, revision=2, reason="sửa")

    assert laptop.sends(right) == ["accepted"]
    assert standings(wrong, right) == ["quarantined", "accepted"]
    assert clean(central)


def test_a_laptop_that_came_back_under_another_name_hears_of_what_it_sent_under_the_old_one(central, decide, standings):
    old, new, place = central.laptop(), central.laptop(), central.place()
    visit = old.visit(place)
    assert new.sends(visit) == ["quarantined"]

    decide("release", item=name_of(visit), reason="Máy đăng ký lại sau khi mất khóa")

    assert standings(visit) == ["accepted"]
    assert told(central, new) == told(central, old) == {"accepted"}
    assert clean(central)
