"""What holds of the rule whatever is decided: learning more only narrows, and days follow each other in one order."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from schemas.repeat import Answer, Basis, look_up, window
from server.law.bounds import bounds
from server.law.decision import read
from server.law.months import add_months
from server.law.windows import windows

CODE = "ND38-15.5b"
DAYS = st.dates(date(2022, 1, 1), date(2026, 12, 31))
PARTS = ("main", "additional", "remedies")
ORDER = (Answer.REPEAT, Answer.CANNOT_TELL, Answer.NOT_FOUND)


@st.composite
def states(draw):
    """Draw a decision of one act, its parts done, not done or not known."""
    decided = draw(DAYS)
    state = {
        "number": "1", "codes": [CODE], "decided_on": decided.isoformat(),
        "sanction": draw(st.sampled_from(("warning", "fine"))), "ordered": draw(st.lists(st.sampled_from(PARTS))),
    }  # fmt: skip
    for part in PARTS:
        said = draw(st.sampled_from(("", "no", "on")))
        if said == "on":
            said = (decided + timedelta(days=draw(st.integers(0, 900)))).isoformat()
        if said:
            state[f"{part}_done_on"] = said
    if draw(st.booleans()):
        state["evasion_from"] = draw(DAYS).isoformat()
        if draw(st.booleans()):
            state["evasion_to"] = max(draw(DAYS).isoformat(), state["evasion_from"])
    if draw(st.booleans()):
        state["committed_on"] = (decided - timedelta(days=draw(st.integers(0, 500)))).isoformat()
    return state


def asked(day, *states):
    decisions = (read(str(place), state) for place, state in enumerate(states))
    return look_up(windows(one for one in decisions if one), CODE, day.isoformat())


@given(states(), DAYS, st.integers(0, 60))
def test_no_day_comes_before_the_decision_and_the_answers_follow_each_other_in_one_order(state, day, later):
    assert asked(date.fromisoformat(state["decided_on"]) - timedelta(days=1), state).answer is Answer.NOT_FOUND
    if day.isoformat() >= state["decided_on"]:
        first, then = asked(day, state).answer, asked(day + timedelta(days=later), state).answer
        assert ORDER.index(first) <= ORDER.index(then)


@given(states(), st.sampled_from(PARTS), st.integers(0, 365), DAYS)
def test_a_part_that_becomes_known_within_the_limit_only_narrows(state, part, after, day):
    path = f"{part}_done_on"
    unknown = {key: value for key, value in state.items() if key != path} | {"ordered": [*state["ordered"], part]}
    done = min(
        date.fromisoformat(state["decided_on"]) + timedelta(days=after),
        add_months(date.fromisoformat(state["decided_on"]), 12),
    )
    before = asked(day, unknown).answer
    for known in (done.isoformat(), "no"):
        now = asked(day, unknown | {path: known}).answer
        assert before is Answer.CANNOT_TELL or now is before


@given(states(), DAYS)
def test_nobody_is_said_to_be_unsure_without_what_is_missing(state, day):
    found = asked(day, state)
    assert bool(found.missing) == (found.answer is Answer.CANNOT_TELL)


@given(st.lists(states(), max_size=4), DAYS)
def test_one_more_decision_never_takes_a_repeat_away(some, day):
    *fewer, _ = [*some, None]
    for left_out in range(len(fewer)):
        others = [state for place, state in enumerate(fewer) if place != left_out]
        assert ORDER.index(asked(day, *fewer).answer) <= ORDER.index(asked(day, *others).answer)


@given(st.lists(states(), max_size=4), DAYS)
def test_the_day_from_which_it_is_cleared_is_clean_of_every_decision_known_then(some, day):
    found = asked(day, *some)
    if found.answer is not Answer.NOT_FOUND and found.cleared_on:
        until = date.fromisoformat(found.cleared_on)
        known_then = [state for state in some if state["decided_on"] <= day.isoformat()]
        assert asked(until, *known_then).answer is Answer.NOT_FOUND


@given(states())
def test_the_bounds_are_in_order_and_nothing_is_missing_where_they_meet(state):
    decision = read("d", state)
    found = bounds(decision)
    assert decision.decided_on <= found.earliest <= found.latest
    assert bool(found.lacks) == (found.earliest < found.latest)
    assert found.basis is not Basis.EVASION or found.latest == date.max


@given(st.lists(states(), max_size=4))
def test_windows_are_read_on_the_other_end_as_they_were_told(some):
    told = windows(read(str(place), state) for place, state in enumerate(some))
    assert [window(one.as_json()) for one in told] == told
