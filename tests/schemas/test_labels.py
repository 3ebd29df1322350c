"""Every value that a person sees has a label in both languages."""

import pytest

from schemas import labels
from schemas.inspections import Basis, Outcome, Trigger
from schemas.office import Review
from schemas.register import Form, Kind, LicenceType, Status


@pytest.mark.parametrize(
    ("enum", "named"),
    [
        (Kind, labels.KINDS),
        (Status, labels.STATUS),
        (Form, labels.FORMS),
        (LicenceType, labels.LICENCES),
        (Basis, labels.BASIS),
        (Trigger, labels.TRIGGERS),
        (Outcome, {**labels.INSPECTED, **labels.ATTEMPTS}),
        (Review, labels.REVIEWS),
    ],
)
def test_every_value_has_a_label_in_both_languages(enum, named):
    assert set(named) == set(enum)
    assert all(vietnamese and english for vietnamese, english in named.values())


def test_only_attempts_stand_among_the_attempts():
    assert not any(outcome.counts for outcome in labels.ATTEMPTS)
    assert all(outcome.counts for outcome in labels.INSPECTED)
