"""At which places something is open: what is kept beside the visits says what working it out anew says."""

import pytest

from field_client import findings, open_findings
from schemas.ids import new_id
from tests.field_client.conftest import AT, place_state

FAILED = {"COM-13": "fail"}
PAPERS = {"on": "2026-11-10", "how": "papers", "seen": "Bản cam kết đã ký"}


def marked(laptop):
    return set(laptop.all("SELECT establishment FROM places_with_findings WHERE open IS NULL"))


def kept(laptop):
    """What a list says once the background has worked out what was marked, and the same without that."""
    before = open_findings.places(laptop.db)
    open_findings.work_out(laptop.db)
    assert marked(laptop) == set()
    every = laptop.all("SELECT id FROM establishments UNION SELECT establishment FROM visits")
    assert before == open_findings.places(laptop.db) == findings.worked_out(laptop.db, every)
    return before


def test_a_visit_with_findings_opens_its_place_and_one_without_marks_nothing(laptop):
    laptop.record()
    assert marked(laptop) == set()

    laptop.record(answers=FAILED)
    assert marked(laptop) == {laptop.place}
    assert kept(laptop) == {laptop.place}


def test_a_later_visit_and_a_paper_each_close_it(laptop):
    first = laptop.record(answers=FAILED).id
    assert kept(laptop) == {laptop.place}
    seen = [{"inspection": first, "finding": "COM-13", "resolved": True, "seen": "Đã ký"}]
    laptop.record(date="2026-11-10", followed=seen)
    assert kept(laptop) == set()

    third = laptop.record(date="2026-11-12", answers=FAILED).id
    assert kept(laptop) == {laptop.place}
    findings.resolve(laptop.db, third, "COM-13", PAPERS | {"on": "2026-11-13"}, at=AT)
    assert kept(laptop) == set()


def test_a_paper_that_is_taken_back_opens_it_again(laptop):
    visit = laptop.record(answers=FAILED).id
    findings.resolve(laptop.db, visit, "COM-13", PAPERS, at=AT)
    assert kept(laptop) == set()

    laptop.db.conn.execute("DELETE FROM said_of_visits")
    assert kept(laptop) == {laptop.place}


@pytest.mark.parametrize("change", ["standing = 'declined'", "void = 1", "findings = ''"])
def test_a_visit_that_no_longer_speaks_closes_what_it_opened(laptop, change):
    laptop.record(answers=FAILED)
    assert kept(laptop) == {laptop.place}

    laptop.db.conn.execute(f"UPDATE visits SET {change}")
    assert kept(laptop) == set()


def test_a_visit_that_goes_takes_what_it_opened_with_it(laptop):
    laptop.record(answers=FAILED)
    assert kept(laptop) == {laptop.place}

    laptop.db.conn.execute("DELETE FROM visits")
    assert kept(laptop) == set()


def test_a_correction_to_another_place_opens_that_one(laptop):
    other = new_id()
    laptop.line.knows("establishment", other, place_state("Karaoke Sao Mai"))
    assert not laptop.sync().trouble
    laptop.record(answers=FAILED)
    assert kept(laptop) == {laptop.place}

    laptop.db.conn.execute("UPDATE visits SET establishment = ?", (other,))
    assert kept(laptop) == {other}


def test_a_merge_and_its_end_count_for_the_place_that_stands(laptop):
    other = new_id()
    laptop.line.knows("establishment", other, place_state("Karaoke Đông Đô 2"))
    assert not laptop.sync().trouble
    laptop.record(establishment=other, answers=FAILED)
    assert kept(laptop) == {other}

    laptop.line.knows("establishment", other, place_state("Karaoke Đông Đô 2", merged_into=laptop.place))
    assert not laptop.sync().trouble
    assert kept(laptop) == {laptop.place}

    laptop.line.knows("establishment", other, place_state("Karaoke Đông Đô 2", merged_into=None))
    assert not laptop.sync().trouble
    assert kept(laptop) == {other}
