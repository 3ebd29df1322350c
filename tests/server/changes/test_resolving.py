"""The office says that a finding is resolved: as papers show it, with when and what was seen."""

import json
from datetime import UTC, datetime

import pytest

from schemas.items import read
from server.changes import apply_lines

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


@pytest.fixture
def visit(central):
    """A visit of 5 November on which COM-13 failed."""
    laptop = central.laptop()
    line = laptop.visit(central.place(), answers={"COM-13": "fail"}, date="2026-11-05")
    assert laptop.sends(line) == ["accepted"]
    return read(line).id


@pytest.fixture
def resolve(central, visit):
    """Return a function that resolves the finding, with changes, and returns the answer."""

    def run(**changes):
        asked = {"do": "resolve", "inspection": visit, "finding": "COM-13", "on": "2026-11-10",
                 "seen": "Bản cam kết đã ký", **changes}  # fmt: skip
        return next(iter(apply_lines(central.db, [json.dumps(asked)], author="test", at=AT)))

    return run


def test_a_finding_is_resolved_on_papers_and_laptops_are_told(central, visit, resolve):
    assert resolve()["standing"] == "accepted"

    said = central.one("SELECT said FROM said_of_visits WHERE inspection = ?", visit)
    assert json.loads(said) == {
        "inspection": visit, "finding": "COM-13", "on": "2026-11-10", "how": "papers", "seen": "Bản cam kết đã ký",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"finding": "COM-01"}, "finding"),
        ({"on": "2026-11-04"}, "on"),
        ({"on": "2026-11-21"}, "on"),
        ({"how": "by ear"}, "how"),
        ({"seen": ""}, "seen"),
        ({"inspection": "x"}, "inspection"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_is_not_clear_is_said_at_its_field(central, resolve, changes, field):
    answer = resolve(**changes)

    assert list(answer["problems"]) == [field]
    assert central.one("SELECT count(*) FROM said_of_visits") == 0
