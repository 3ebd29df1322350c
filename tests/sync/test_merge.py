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
