"""Findings carried over at a place: open until resolved, through corrections, voids, merges and papers."""

import pytest

from field_client import findings, open_findings
from field_client.places import NotKnown, find_establishment
from field_client.records import NotValid
from schemas.ids import new_id
from tests.field_client.conftest import AT, place_state

FAILED = {"COM-13": "fail"}
PAPERS = {"on": "2026-11-10", "how": "papers", "seen": "Bản cam kết đã ký"}


def open_keys(laptop, place=None, **asked):
    return [(one.inspection, one.key) for one in findings.open_at(laptop.db, place or laptop.place, **asked)]


def looked_at(inspection, resolved, seen="", finding="COM-13"):
    return [{"inspection": inspection, "finding": finding, "resolved": resolved, "seen": seen}]


def test_what_a_visit_left_open_is_carried_over(laptop):
    visit = laptop.record(answers=FAILED, notes={"COM-13": "chưa ký"})

    [finding] = findings.open_at(laptop.db, laptop.place)

    assert (finding.inspection, finding.key, finding.words) == (visit.id, "COM-13", "chưa ký")
    assert finding.date == "2026-11-05"
    assert finding.title == "Không đạt: Có bản cam kết của chủ cơ sở với UBND cấp xã"
    assert open_findings.places(laptop.db) == {laptop.place}


def test_a_later_visit_resolves_it_and_another_opens_it_again(laptop):
    first = laptop.record(answers=FAILED).id
    laptop.record(date="2026-11-10", followed=looked_at(first, True, "Đã ký"))
    assert open_keys(laptop) == []
    assert open_findings.places(laptop.db) == set()

    laptop.record(date="2026-11-12", followed=looked_at(first, False, "Bản ký đã rút lại"))

    [finding] = findings.open_at(laptop.db, laptop.place)
    assert (finding.resolved, finding.last_on, finding.last_seen) == (False, "2026-11-12", "Bản ký đã rút lại")


def test_the_visit_that_is_written_down_and_later_days_do_not_speak_yet(laptop):
    first = laptop.record(answers=FAILED).id
    second = laptop.record(date="2026-11-10", followed=looked_at(first, True)).id

    assert open_keys(laptop, until="2026-11-09") == [(first, "COM-13")]
    assert open_keys(laptop, but=second) == [(first, "COM-13")]
    assert open_keys(laptop, but=first) == []


def test_a_resolution_on_papers_closes_it_with_who_and_what(laptop):
    visit = laptop.record(answers=FAILED).id

    findings.resolve(laptop.db, visit, "COM-13", PAPERS, at=AT)

    assert open_keys(laptop) == []
    [finding] = findings.of_place(laptop.db, laptop.place)
    assert (finding.resolved, finding.how, finding.last_on, finding.last_seen) == (
        True, "papers", "2026-11-10", "Bản cam kết đã ký",
    )  # fmt: skip
    assert laptop.one("SELECT count(*) FROM own WHERE kind = 'resolution' AND waiting = 1") == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [({**PAPERS, "seen": ""}, "seen"), ({**PAPERS, "how": "?"}, "how"), ({**PAPERS, "on": "mai"}, "on"),
     ({**PAPERS, "on": "2026-11-04"}, "on")],
)  # fmt: skip
def test_a_resolution_says_when_how_and_what_was_seen(laptop, said, field):
    visit = laptop.record(answers=FAILED).id

    with pytest.raises(NotValid) as wrong:
        findings.resolve(laptop.db, visit, "COM-13", said, at=AT)

    assert list(wrong.value.problems) == [field]
    assert open_keys(laptop) == [(visit, "COM-13")]


def test_a_resolution_needs_its_visit_here(laptop):
    with pytest.raises(NotKnown):
        findings.resolve(laptop.db, new_id(), "COM-13", PAPERS, at=AT)


def test_a_voided_visit_leaves_nothing_open_and_says_nothing(laptop):
    first = laptop.record(answers=FAILED).id
    second = laptop.record(date="2026-11-10", followed=looked_at(first, True)).id

    laptop.record(second, date="2026-11-10", followed=looked_at(first, True), void=True, reason="Ghi nhầm cơ sở")
    assert open_keys(laptop) == [(first, "COM-13")]

    laptop.record(first, answers=FAILED, void=True, reason="Ghi nhầm cơ sở")
    assert open_keys(laptop) == []


def test_a_correction_changes_what_is_open(laptop):
    visit = laptop.record(answers=FAILED).id

    laptop.record(visit, answers={"COM-13": "pass", "COM-10": "fail"}, reason="Ghi nhầm mục")

    assert open_keys(laptop) == [(visit, "COM-10")]


def test_a_declined_visit_leaves_nothing_open(laptop):
    laptop.record(answers=FAILED)
    laptop.db.conn.execute("UPDATE visits SET standing = 'declined'")

    assert open_keys(laptop) == []
    assert open_findings.places(laptop.db) == set()


def test_what_others_wrote_is_heard_once_it_is_accepted_and_not_while_the_lease_has_ended(laptop):
    visit = laptop.record(answers=FAILED).id
    laptop.db.conn.execute("UPDATE visits SET own = 0, standing = 'accepted'")
    assert open_keys(laptop) == [(visit, "COM-13")]
    assert open_keys(laptop, ours=True) == []

    laptop.db.conn.execute("UPDATE visits SET standing = 'conflict'")
    assert open_keys(laptop) == []


def test_findings_of_merged_records_are_those_of_one_place(laptop):
    other = merged(laptop)
    visit = laptop.record(establishment=other, answers=FAILED).id

    assert open_keys(laptop) == [(visit, "COM-13")]
    assert open_keys(laptop, other) == [(visit, "COM-13")]
    assert open_findings.places(laptop.db) == {laptop.place}


def merged(laptop):
    """Return a record that the server merged into the place."""
    other = new_id()
    laptop.line.knows("establishment", other, place_state("Karaoke Đông Đô 2", merged_into=laptop.place))
    assert not laptop.sync().trouble
    assert find_establishment(laptop.db, other)["merged_into"] == laptop.place
    return other
