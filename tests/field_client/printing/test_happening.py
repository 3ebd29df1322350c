"""What happens to a paper is added and never changed; it opens and closes the door of changing without a reason."""

import pytest

from field_client import records, visits
from field_client.printing import happening
from field_client.printing.events import number_of, of_visit
from field_client.records import NotValid
from field_client.store import own, writing
from schemas.ids import new_id
from schemas.office import Original
from tests.field_client.printing.conftest import AT, body


@pytest.fixture
def told(db):
    """Return a function that writes down one event of a visit's shown revision."""

    def tell(id, what, **more):
        item = visits.find(db, id).visit.item
        return happening.tell(db, id, {"item": item, "happening": what, "on": "2026-11-06", **more}, at=AT)

    return tell


def stands(db, id):
    return happening.stands(db, id, visits.find(db, id).visit.item)


def test_one_after_another_they_say_how_the_paper_stands(db, record, told):
    id = record()
    assert not stands(db, id).closed

    told(id, "original", original="printed")
    told(id, "read_back")
    told(id, "signed")
    told(id, "handed_over", copies=1)
    told(id, "numbered", number="12/BB-ĐKT")

    now = stands(db, id)
    assert (now.original, now.read_back, now.closed, now.number) == (Original.PRINTED, True, True, "12/BB-ĐKT")
    assert now.handed_over.copies == 1
    assert [one.standing for one in of_visit(db.conn, id)] == ["waiting"] * 5


def test_a_double_tap_is_one_event(db, record, told):
    id = record()

    assert told(id, "signed") == told(id, "signed")
    assert len(of_visit(db.conn, id)) == 1


@pytest.mark.parametrize(
    ("what", "more", "field"),
    [
        ("signature_refused", {}, "witness"),
        ("signature_refused", {"witness": "none"}, "note"),
        ("numbered", {}, "number"),
        ("handed_over", {"copies": 0}, "copies"),
        ("original", {}, "original"),
        ("burnt", {}, "happening"),
        ("signed", {"on": "hôm kia"}, "on"),
    ],
)
def test_what_an_event_lacks_is_said_and_nothing_is_kept(db, record, told, what, more, field):
    id = record()

    with pytest.raises(NotValid) as wrong:
        told(id, what, **more)

    assert set(wrong.value.problems) == {field}
    assert of_visit(db.conn, id) == []


def test_an_event_of_an_earlier_revision_is_not_taken_for_one_of_the_present(db, record):
    id = record()
    first = visits.find(db, id).visit.item
    record(id, ended="00:20", reason="Ghi sai giờ")

    with pytest.raises(NotValid, match="lần mới"):
        happening.tell(db, id, {"item": first, "happening": "signed", "on": "2026-11-06"}, at=AT)


def test_read_back_and_changed_before_anyone_signs_asks_no_reason(db, record, told):
    id = record()
    told(id, "read_back", note="Sửa khi đọc lại")

    kept = records.record(db, id, body(ended="00:20"), at=AT)

    assert visits.find(db, id).visit.item == kept.item
    assert visits.find(db, id).visit.revision == 2
    assert not stands(db, id).read_back, "the new revision has a paper of its own"


@pytest.mark.parametrize(
    "closed", [("signed", {}), ("signature_refused", {"witness": "commune"}), ("handed_over", {"copies": 1})]
)
def test_once_signed_refused_or_handed_over_a_change_gives_its_reason(db, record, told, closed):
    id = record()
    told(id, "read_back")
    told(id, closed[0], **closed[1])

    with pytest.raises(NotValid) as wrong:
        records.record(db, id, body(ended="00:20"), at=AT)

    assert wrong.value.problems == {"reason": "Ghi lý do đính chính."}


def test_that_nothing_was_written_of_a_paper_does_not_show_that_nobody_signed_it(db, record):
    id = record()

    with pytest.raises(NotValid, match="lý do"):
        records.record(db, id, body(ended="00:20"), at=AT)


def test_a_handwritten_original_lacks_its_scan_until_there_is_one(db, record, told):
    id = record()
    told(id, "original", original="handwritten")
    assert [visit.id for visit in happening.lacking_scans(db)] == [id]

    told(id, "scanned")

    assert happening.lacking_scans(db) == []


def test_the_last_number_of_the_revision_counts(db, record, told):
    id = record()
    item = visits.find(db, id).visit.item
    told(id, "numbered", number="11")
    told(id, "numbered", number="12/BB-ĐKT")

    assert number_of(of_visit(db.conn, id), item) == "12/BB-ĐKT"
    assert number_of(of_visit(db.conn, id), "x") == ""


def test_a_correction_names_the_number_of_the_minutes_that_it_replaces(record, told, look):
    id = record()
    told(id, "numbered", number="12/BB-ĐKT")
    record(id, ended="00:20", reason="Ghi sai giờ")

    assert "thay biên bản lần 1 ngày 05 tháng 11 năm 2026, số 12/BB" in look(id).all


def test_minutes_changed_on_reading_back_say_that_the_first_was_never_signed(record, told, look, db):
    id = record()
    told(id, "read_back")
    records.record(db, id, body(ended="00:20"), at=AT)

    assert "(Lần 2 – thay bản lần 1, sửa khi đọc lại, chưa ai ký)" in look(id).all


def test_an_event_in_words_that_are_not_known_here_is_passed_over(db, record):
    id = record()
    with writing(db) as conn:
        said = {"inspection": id, "item": "x" * 64, "happening": "stamped"}
        own.add(conn, "paper", new_id(), said, author="A", at=AT)

    assert of_visit(db.conn, id) == []
