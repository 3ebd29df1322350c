"""What an inspection must satisfy to be let in, and that what was let in can always be read."""

import json

import pytest
from marshmallow import ValidationError

from schemas.fields import labels, messages
from schemas.ids import new_id
from schemas.inspections import Inspection, InspectionSchema, NewInspectionSchema, Outcome


def body(**changes) -> dict:
    return {
        "establishment": new_id(),
        "team": new_id(),
        "date": "2026-11-05",
        "basis": "planned",
        "outcome": "no_violation",
        "members": [{"name": name} for name in ("An", "Bình", "Cường")],
        **changes,
    }


def wrong(**changes) -> dict[str, str]:
    with pytest.raises(ValidationError) as caught:
        NewInspectionSchema().load(body(**changes))
    return messages(caught.value)


def test_a_plain_visit_is_let_in_and_has_a_quorum():
    visit = NewInspectionSchema().load(body())

    assert isinstance(visit, Inspection)
    assert visit.quorum


def test_fewer_than_three_members_is_marked_and_never_blocked():
    assert not NewInspectionSchema().load(body(members=[{"name": "An"}])).quorum


def test_what_is_written_down_is_read_back_the_same():
    visit = NewInspectionSchema().load(
        body(
            outcome="violations",
            answers={"COM-01": "pass", "KAR-04": "fail"},
            violations=[{"id": new_id(), "code": "ND38-15.6b", "committed_on": "2026-11-05"}],
            workers={"total": 7, "under_18": 0},
            found_working=True,
        )
    )

    written = json.dumps(InspectionSchema().dump(visit))

    assert InspectionSchema().load(json.loads(written)) == visit


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"date": "2003-01-01"}, "date"),
        ({"date": "5/11/2026"}, "date"),
        ({"date": "2026-W45-4"}, "date"),  # ISO too, and as text in no order with the others
        ({"basis": "unscheduled"}, "trigger"),
        ({"basis": "unscheduled", "trigger": "signs"}, "ground"),
        ({"outcome": "violations"}, "violations"),
        ({"violations": [{"id": new_id(), "text": "x"}]}, "outcome"),
        ({"outcome": "violations", "violations": [{"id": new_id()}]}, "violations.0.text"),
        ({"outcome": "closed_tonight"}, "remark"),
        ({"void": True}, "reason"),
        ({"answers": {"COM-01": "yes"}}, "answers"),
        ({"answers": {"gì đó": "pass"}}, "answers"),
        ({"workers": {"total": -1}}, "workers.total"),
        ({"workers": {"total": True}}, "workers.total"),
        ({"remark": "a\x00b"}, "remark"),
        ({"remark": "a\ud800b"}, "remark"),
        ({"outcome": "fine"}, "outcome"),
        ({"surprise": 1}, "surprise"),
        ({"started": "25:00"}, "started"),
    ],
)
def test_bad_input_is_one_sentence_at_its_field(changes, field):
    found = wrong(**changes)

    assert field in found
    assert found[field].endswith((".", ";")) and found[field][0].isupper()


def test_every_field_a_person_fills_in_has_a_label_in_both_languages():
    technical = {"revision", "round", "checklists"}

    assert set(InspectionSchema._declared_fields) - technical == set(labels(InspectionSchema))


def test_only_a_visit_that_inspected_something_counts():
    assert [outcome for outcome in Outcome if outcome.counts] == [Outcome.NO_VIOLATION, Outcome.VIOLATIONS]
