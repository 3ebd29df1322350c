"""The rule for one place against the same rule told naively, day by day, as the design has it."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.coverage.facts import _together, with_visits
from server.coverage.spans import FOREVER, day_after, read_state, unite
from server.coverage.steps import Counts, Step, Visit, added_steps, plus, standing, steps

FIRST, DAYS = date(2024, 2, 20), 18  # over a leap day
WINDOW = (date(2024, 2, 24), date(2024, 3, 5))


def day(n):
    return (FIRST + timedelta(days=n)).isoformat()


@st.composite
def spans(draw, values, most):
    """Draw spans with starts of their own; some end before the next begins, some last past it."""
    starts = sorted(draw(st.lists(st.integers(0, DAYS), min_size=1, max_size=most, unique=True)))
    lengths = [draw(st.none() | st.integers(0, 6)) for _ in starts]
    return [
        {"from": day(n), "to": None if length is None else day(n + length), "is": draw(st.sampled_from(values))}
        for n, length in zip(starts, lengths, strict=True)
    ]


visits = st.builds(
    Visit, st.integers(0, DAYS).map(day), st.integers(0, 1), st.sampled_from([None, 0, 1]),
    st.sampled_from(["team-1", "team-2"]), st.sampled_from(["planned", "unscheduled"]),
)  # fmt: skip
PARTS = ("", "team-1", "team-2", "planned", "unscheduled")
statuses = spans(("open", "paused", "closed"), 4)
registers = st.fixed_dictionaries(
    {
        "records": st.lists(statuses, min_size=1, max_size=3),
        "places": spans(("A", "B", "C"), 4),
        "kinds": spans(("karaoke", "massage"), 3),
        "visits": st.lists(visits, max_size=4),
    }
)


def facts_of(register):
    """Put a drawn register through the code under test: states as stored, merged, with visits."""
    records = {}
    for n, chain in enumerate(register["records"]):
        state = {f"status/{k}": {**span, "status": span["is"]} for k, span in enumerate(chain)}
        if n == 0:
            state |= {f"place/{k}": {**s, "epoch": "new", "unit": s["is"]} for k, s in enumerate(register["places"])}
            state |= {f"kind/{k}": {**s, "kind": s["is"]} for k, s in enumerate(register["kinds"])}
        records[str(n)] = read_state(json.dumps(state))
    return _together("0", records, register["visits"])


def holds(span, on):
    return span["from"] <= on <= (span["to"] or FOREVER)


def naive_open(register, on):
    """Say whether the place was open on a day: by any record's last span begun, or as a visit found it."""
    for chain in register["records"]:
        begun = [span for span in chain if span["from"] <= on]
        if begun and begun[-1]["is"] == "open" and holds(begun[-1], on):
            return True
    return any(visit.date == on and visit.found_working for visit in register["visits"])


def naive_unit(register, on):
    begun = [span for span in register["places"] if span["from"] <= on]
    return "new:" + (begun[-1] if begun else register["places"][0])["is"]


def naive_kinds(register, on):
    """Return the kinds of a day; without any, those of the nearest day before, else of the first day with any."""
    before = [d for n in range(DAYS + 30) if (d := day(n)) <= on]
    for d in [*reversed(before), *(day(n) for n in range(DAYS + 30))]:
        kinds = {span["is"] for span in register["kinds"] if holds(span, d)}
        if kinds:
            return " ".join(sorted(kinds))
    raise AssertionError("a register names at least one kind")


def naive(register, since, on, part=""):
    """Count a place as of a day, one day after the other; of a part only its visits, and nothing of being open."""
    window = [day(n) for n in range(DAYS + 1) if since <= day(n) <= on]
    open_days = [d for d in window if naive_open(register, d)]
    seen = [v for v in register["visits"] if since <= v.date <= on and part in ("", v.team, v.basis)]
    stands = open_days[-1] if open_days else on
    counts = Counts(
        open=int(bool(open_days and not part)),
        inspected=int(bool(open_days and seen)),
        violating=int(bool(open_days and any(visit.violations for visit in seen))),
        inspected_not_open=int(bool(seen and not open_days)),
        visits=len(seen),
        with_violations=sum(1 for visit in seen if visit.violations),
    )
    return (naive_unit(register, stands), naive_kinds(register, stands)), counts


@settings(max_examples=150, deadline=None)
@given(registers)
def test_the_steps_up_to_any_day_are_what_the_design_says(register):
    since, until = (d.isoformat() for d in WINDOW)
    found = steps(facts_of(register), since, until)

    on = since
    while on < until:
        for part in PARTS:
            where, counts = naive(register, since, on, part)
            by_cell = {}
            for step in found:
                if step.day <= on and step.part == part:
                    by_cell.setdefault((step.unit, step.kinds), []).append(step.counts)
            sums = {cell: some for cell, many in by_cell.items() if any(some := plus(*many))}
            assert sums == ({where: counts} if any(counts) else {}), (on, part)
        on = day_after(on)


@settings(max_examples=100, deadline=None)
@given(registers)
def test_the_standing_at_the_end_is_the_sum_of_the_steps(register):
    since, until = (d.isoformat() for d in WINDOW)
    place = facts_of(register)

    unit, kinds, counts = standing(place, since, until)

    last = (date.fromisoformat(until) - timedelta(days=1)).isoformat()
    assert ((unit, kinds), counts) == naive(register, since, last)
    assert counts == plus(*(step.counts for step in steps(place, since, until) if not step.part))
    chosen = standing(place, since, until, lambda visit: visit.team == "team-1")
    assert chosen.counts._replace(open=0) == naive(register, since, last, "team-1")[1]


whole = {"from": day(0), "to": None}
still = st.fixed_dictionaries(
    {
        "records": st.lists(st.just([{**whole, "is": "open"}]) | statuses, min_size=1, max_size=2),
        "places": st.just([{**whole, "is": "A"}]),
        "kinds": st.just([{**whole, "is": "karaoke"}]),
        "visits": st.lists(visits, max_size=4),
    }
)


def summed(found):
    """Return what steps come to by unit, kinds and day."""
    sums = {}
    for step in found:
        cell = sums.setdefault((step.part, step.unit, step.kinds, step.day), [])
        cell.append(step.counts)
    return {cell: total for cell, many in sums.items() if any(total := plus(*many))}


@settings(max_examples=300, deadline=None)
@given(still | registers, st.lists(visits, min_size=1, max_size=4))
def test_steps_grow_by_what_visits_add(register, more):
    since, until = (d.isoformat() for d in WINDOW)
    before = facts_of(register)

    grown = added_steps(before, more, since, until)

    if grown is not None:
        now = steps(with_visits(before, more), since, until)
        assert summed([*steps(before, since, until), *grown]) == summed(now)


def test_of_a_place_that_stands_still_and_is_open_only_the_visits_are_looked_at():
    place = facts_of({"records": [[{**whole, "is": "open"}]], "places": [{**whole, "is": "A"}],
                      "kinds": [{**whole, "is": "karaoke"}], "visits": []})  # fmt: skip

    assert added_steps(place, [Visit(day(6), 1, None, "t", "planned")], day(4), day(9)) == [
        Step(part, "new:A", "karaoke", day(6), counts)
        for part in ("", "planned", "t")
        for counts in (Counts(visits=1, with_violations=1), Counts(inspected=1), Counts(violating=1))
    ]


def record(**groups):
    return read_state(
        json.dumps({f"{group}/{n}": span for group, many in groups.items() for n, span in enumerate(many)})
    )


def test_a_span_to_the_last_day_there_is_has_no_end():
    found = record(status=[{"status": "open", "from": "2020-01-01", "to": "9999-12-31"}])

    assert found.opens == (("2020-01-01", FOREVER),)


def test_a_place_of_which_no_unit_and_no_kind_is_known_stands_nowhere():
    found = record(status=[{"status": "open", "from": "2020-01-01"}])

    assert (found.places, found.kinds) == ((("", ""),), (("", ""),))


def test_a_kind_that_ends_leaves_the_other_one():
    kinds = [
        {"kind": "massage", "from": "2020-01-01", "to": None},
        {"kind": "karaoke", "from": "2021-01-01", "to": "2021-06-30"},
    ]

    assert record(kind=kinds).kinds == (("", "massage"), ("2021-01-01", "karaoke massage"), ("2021-07-01", "massage"))


def test_a_licence_of_the_same_state_is_nobodys_span():
    found = record(licence=[{"type": "operating_licence", "from": None}])

    assert found.opens == ()


@pytest.mark.parametrize(
    ("intervals", "united"),
    [
        ([("a", "c"), ("b", "d")], (("a", "d"),)),
        ([("c", "d"), ("a", "c")], (("a", "d"),)),
        ([("a", "b"), ("c", "d")], (("a", "b"), ("c", "d"))),
        ([("a", "z"), ("b", "c")], (("a", "z"),)),
        ([], ()),
    ],
)
def test_intervals_that_overlap_or_touch_are_one(intervals, united):
    assert unite(intervals) == united
