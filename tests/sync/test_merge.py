"""Register edits, merged field by field."""

import pytest

from sync.merge import Merge, apply, difference, merge


def status(since: str, what: str = "open", until: str | None = None) -> dict:
    return {"from": since, "to": until, "status": what}


def test_a_field_that_nobody_else_changed_is_applied():
    assert merge({"name": "A"}, {"set": {"name": "B"}, "was": {"name": "A"}}) == Merge({"name": "B"}, {})


def test_a_field_that_someone_else_changed_is_in_conflict_and_the_others_apply():
    edit = {"set": {"name": "B", "phone": "1"}, "was": {"name": "A", "phone": None}}

    assert merge({"name": "C"}, edit) == Merge({"phone": "1"}, {"name": "B"})


def test_two_who_made_the_same_change_agree():
    assert merge({"name": "B"}, {"set": {"name": "B"}, "was": {"name": "A"}}) == Merge()


def test_kinds_merge_as_additions_and_removals():
    present = {"kind/1": {"kind": "karaoke", "from": "2020-01-01", "to": None}}
    added = {"kind/2": {"kind": "massage", "from": "2026-01-01", "to": None}}

    assert merge(present, {"set": added, "was": {"kind/2": None}}) == Merge(added, {})


def test_the_same_kind_twice_at_once_is_in_conflict():
    present = {"kind/1": {"kind": "karaoke", "from": "2020-01-01", "to": None}}
    again = {"kind/2": {"kind": "karaoke", "from": "2026-01-01", "to": None}}

    assert merge(present, {"set": again, "was": {"kind/2": None}}) == Merge({}, again)


@pytest.mark.parametrize(
    ("other", "new", "together"),
    [
        (status("2026-01-01"), status("2026-03-01", "paused"), False),  # holds until the next begins
        (status("2026-01-01"), status("2026-01-01", "paused"), True),  # begin on one day
        (status("2026-01-01", until="2026-02-28"), status("2026-03-01", "paused"), False),
        (status("2026-01-01", until="2026-03-01"), status("2026-03-01", "paused"), True),  # lasts into it
        (status("2026-03-01"), status("2026-01-01", "paused", until="2026-03-01"), True),
    ],
)
def test_overlapping_spans_of_a_chain_conflict(other, new, together):
    merged = merge({"status/1": other}, {"set": {"status/2": new}, "was": {"status/2": None}})

    assert bool(merged.conflicts) is together


def test_a_difference_applied_is_the_state_after():
    before = {"name": "A", "phone": "1", "kind/1": {"kind": "karaoke", "from": "2020-01-01", "to": None}}
    after = {"name": "B", "kind/1": {"kind": "karaoke", "from": "2020-01-01", "to": "2026-01-01"}}

    assert apply(before, merge(before, difference(before, after)).applied) == after


PLACE = {"from": "2019-01-01", "epoch": "new", "unit": "15664", "address": "Phố Giắt"}
PAPER = {"type": "operating_licence", "number": "12/GP", "from": "2019-01-01"}
RUN_BY = {"from": "2019-01-01", "operator": "an"}


def kind(name: str, since: str = "2020-01-01", until: str | None = None) -> dict:
    return {"from": since, "to": until, "kind": name}


# Two who looked at the same state: what each set, and what of the second is applied and in conflict.
BOTH_ENDS = {
    "the address at one end, the map point at the other: they merge as one": (
        {"place/1": PLACE}, {"place/1": {**PLACE, "address": "Số 2"}}, {"place/1": {**PLACE, "lat": 19.8, "lon": 105}},
        [], ["place/1"],
    ),
    "the first and the last day of one status": (
        {"status/1": status("2026-01-01")}, {"status/1": status("2026-01-02")},
        {"status/1": status("2026-01-01", until="2026-02-01")}, [], ["status/1"],
    ),
    "one operator, handed over on two days": (
        {"operator/1": RUN_BY}, {"operator/2": {"from": "2026-01-01", "operator": "binh"}},
        {"operator/3": {"from": "2026-02-01", "operator": "cuong"}}, ["operator/3"], [],
    ),
    "one operator, handed over to two on one day": (
        {"operator/1": RUN_BY}, {"operator/2": {"from": "2026-01-01", "operator": "binh"}},
        {"operator/3": {"from": "2026-01-01", "operator": "cuong"}}, [], ["operator/3"],
    ),
    "moved at one end, handed over at the other": (
        {"place/1": PLACE, "operator/1": RUN_BY}, {"place/2": {**PLACE, "from": "2026-01-01", "unit": "15682"}},
        {"operator/2": {"from": "2026-01-01", "operator": "binh"}}, ["operator/2"], [],
    ),
    "two kinds added at both ends": (
        {"kind/1": kind("karaoke")}, {"kind/2": kind("massage")}, {"kind/3": kind("lodging")}, ["kind/3"], [],
    ),
    "one kind added at both ends": (
        {"kind/1": kind("karaoke")}, {"kind/2": kind("massage")}, {"kind/3": kind("massage", "2026-01-01")},
        [], ["kind/3"],
    ),
    "one kind ended and another added": (
        {"kind/1": kind("karaoke")}, {"kind/1": kind("karaoke", until="2026-01-01")}, {"kind/2": kind("massage")},
        ["kind/2"], [],
    ),
    "one kind ended at both ends on one day": (
        {"kind/1": kind("karaoke")}, {"kind/1": kind("karaoke", until="2026-01-01")},
        {"kind/1": kind("karaoke", until="2026-01-01")}, [], [],
    ),
    "one kind ended on two days": (
        {"kind/1": kind("karaoke")}, {"kind/1": kind("karaoke", until="2026-01-01")},
        {"kind/1": kind("karaoke", until="2026-02-01")}, [], ["kind/1"],
    ),
    "one paper changed at both ends": (
        {"licence/1": PAPER}, {"licence/1": {**PAPER, "number": "13/GP"}}, {"licence/1": {**PAPER, "to": "2027-01-01"}},
        [], ["licence/1"],
    ),
    "two papers added, alike or not": (
        {}, {"licence/1": PAPER}, {"licence/2": PAPER}, ["licence/2"], [],
    ),
    "a paper removed at one end and changed at the other": (
        {"licence/1": PAPER}, {"licence/1": None}, {"licence/1": {**PAPER, "to": "2027-01-01"}}, [], ["licence/1"],
    ),
    "a paper changed at one end and removed at the other": (
        {"licence/1": PAPER}, {"licence/1": {**PAPER, "to": "2027-01-01"}}, {"licence/1": None}, [], ["licence/1"],
    ),
    "a paper removed at both ends": ({"licence/1": PAPER}, {"licence/1": None}, {"licence/1": None}, [], []),
    "a field taken away at one end and changed at the other": (
        {"phone": "1"}, {"phone": None}, {"phone": "2"}, [], ["phone"],
    ),
    "merged into two records": (
        {"name": "A"}, {"merged_into": "x"}, {"merged_into": "y"}, [], ["merged_into"],
    ),
    "merged at one end, renamed at the other": (
        {"name": "A"}, {"merged_into": "x"}, {"name": "B"}, ["name"], [],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("base", "first", "second", "applied", "conflicts"), BOTH_ENDS.values(), ids=BOTH_ENDS)
def test_what_two_changed_who_looked_at_the_same(base, first, second, applied, conflicts):
    one, other = (difference(base, base | edit) for edit in (first, second))
    present = apply(base, merge(base, one).applied)

    merged = merge(present, other)

    assert (sorted(merged.applied), sorted(merged.conflicts)) == (applied, conflicts)


@pytest.mark.parametrize(("base", "first", "second", "applied", "conflicts"), BOTH_ENDS.values(), ids=BOTH_ENDS)
def test_whoever_comes_second_overwrites_nothing_that_the_first_set(base, first, second, applied, conflicts):
    one, other = (difference(base, base | edit) for edit in (first, second))
    present = apply(base, merge(base, one).applied)

    after = apply(present, merge(present, other).applied)

    assert {path: after.get(path) for path in one["set"]} == one["set"]
