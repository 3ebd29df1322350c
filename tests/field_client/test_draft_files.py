"""Photos and scans of a draft: they become attachments with it, go with it, and outlive a kill at any moment."""

import json

import pytest

from field_client import attachments, drafts
from field_client.store import draft_files
from field_client.store.shelf import Shelf
from field_client.taking import Given, take
from schemas.attachments import Role
from tests.field_client.conftest import AT
from tests.field_client.test_cut_anywhere import begun, dying_at_each, one
from tests.pictures import pdf, plain_jpeg


def add(laptop, draft, content, role=Role.PHOTO, caption=""):
    """Keep a file with a draft, and return its id."""
    taken = take(content, Given(role, caption))
    return draft_files.add(laptop.db, draft, taken.content, taken.body, at=AT)


def lying(laptop):
    return sorted(path.name for path in laptop.settings.files.iterdir())


@pytest.fixture
def draft(laptop):
    """A draft that could be finished."""
    return begun(laptop)


def test_closing_the_text_queues_its_files_as_attachments_of_that_revision(laptop, draft):
    photo, scan = add(laptop, draft, plain_jpeg(), caption="Cửa chính"), add(laptop, draft, pdf(), Role.SCAN)

    kept = drafts.finalise(laptop.db, draft, at=AT)

    lines = [json.loads(line) for line in laptop.all("SELECT line FROM own WHERE kind = 'attachment' ORDER BY local")]
    assert [line["id"] for line in lines] == [photo, scan]
    assert {line["body"]["item"] for line in lines} == {kept.item}
    assert [line["body"].get("caption") for line in lines] == ["Cửa chính", None]
    assert [one.role for one in attachments.of_visit(laptop.db, draft)] == ["photo", "scan"]
    assert laptop.sync().files_sent == 2


def test_killed_anywhere_while_finishing_the_files_are_the_draft_s_or_the_visit_s(laptop, draft):
    for content in (plain_jpeg(), plain_jpeg(7)):
        add(laptop, draft, content)

    for db in dying_at_each(laptop, lambda db: drafts.finalise(db, draft, at=AT)):
        finished = one(db, "SELECT count(*) FROM own WHERE id = ?", draft)
        assert one(db, "SELECT count(*) FROM draft_files") == 2 * (1 - finished)
        assert one(db, "SELECT count(*) FROM files") == 2 * finished
        drafts.finalise(db, draft, at=AT)
        assert one(db, "SELECT count(*) FROM own WHERE kind = 'attachment' AND waiting = 1") == 2
        assert one(db, "SELECT count(*) FROM files") == 2


def test_killed_anywhere_while_a_file_is_added_or_taken_away_none_is_spoken_of_that_is_not_there(laptop, draft):
    taken = take(plain_jpeg(), Given(Role.PHOTO))

    def add_and_remove(db):
        id = draft_files.add(db, draft, taken.content, taken.body, at=AT)
        draft_files.remove(db, draft, id)

    for db in dying_at_each(laptop, add_and_remove):
        for kept in draft_files.of_draft(db.conn, draft):
            assert (laptop.settings.files / kept.sha256).read_bytes() == taken.content


def test_a_draft_that_is_thrown_away_takes_its_files_with_it(laptop, draft):
    add(laptop, draft, plain_jpeg())

    drafts.discard(laptop.db, draft)

    assert lying(laptop) == []
    assert laptop.one("SELECT count(*) FROM draft_files") == 0


def test_a_file_that_two_drafts_have_stays_until_both_let_it_go(laptop, draft):
    other = drafts.start(laptop.db, laptop.place, at=AT, given={"remark": "khác"})
    ids = [add(laptop, one, plain_jpeg()) for one in (draft, other)]

    draft_files.remove(laptop.db, draft, ids[0])
    assert len(lying(laptop)) == 1
    draft_files.remove(laptop.db, other, ids[1])

    assert lying(laptop) == []


def test_the_file_of_a_finished_visit_stays_when_a_draft_lets_it_go(laptop, draft):
    visit = laptop.record().id
    attachments.attach_content(laptop.db, visit, plain_jpeg(), Given(Role.PHOTO), at=AT)
    id = add(laptop, draft, plain_jpeg())

    draft_files.remove(laptop.db, draft, id)

    assert len(lying(laptop)) == 1


def test_the_same_file_twice_is_once_in_the_draft(laptop, draft):
    assert add(laptop, draft, plain_jpeg()) == add(laptop, draft, plain_jpeg())
    assert len(draft_files.of_draft(laptop.db.conn, draft)) == 1


def test_a_correction_s_files_belong_to_the_correction_and_what_the_visit_had_is_not_attached_again(laptop, draft):
    add(laptop, draft, plain_jpeg())
    first = drafts.finalise(laptop.db, draft, at=AT)
    drafts.start_correction(laptop.db, draft, at=AT)
    for content in (plain_jpeg(), pdf()):
        add(laptop, draft, content)
    drafts.save(laptop.db, draft, {"remark": "Sửa", "reason": "Ghi sai"}, at=AT)

    second = drafts.finalise(laptop.db, draft, at=AT)

    assert first.item != second.item
    items = laptop.all("SELECT line FROM own WHERE kind = 'attachment' ORDER BY local")
    assert [json.loads(line)["body"]["item"] for line in items] == [first.item, second.item]
    assert laptop.one("SELECT count(*) FROM draft_files") == 0


def test_a_draft_that_is_gone_takes_no_file(laptop):
    assert add(laptop, "018f0000-0000-7000-8000-0000000000ff", plain_jpeg()) is None


def test_what_a_draft_has_is_no_stray(laptop, draft):
    add(laptop, draft, plain_jpeg())
    (laptop.settings.files / "stray").write_bytes(b"x")

    Shelf(laptop.db, laptop.settings.files).drop_strays(AT.replace(year=AT.year + 1))

    assert [one.sha256 for one in draft_files.of_draft(laptop.db.conn, draft)] == lying(laptop)


def test_a_scan_belongs_to_the_revision_that_was_signed(laptop, draft):
    first = drafts.finalise(laptop.db, draft, at=AT)
    drafts.start_correction(laptop.db, draft, at=AT)
    drafts.save(laptop.db, draft, {"remark": "Sửa", "reason": "Ghi sai"}, at=AT)
    second = drafts.finalise(laptop.db, draft, at=AT)

    for content, item in ((pdf(), first.item), (pdf(text="hai"), ""), (pdf(text="ba"), "không có")):
        attachments.attach_content(laptop.db, draft, content, Given(Role.SCAN), at=AT, item=item)

    lines = laptop.all("SELECT line FROM own WHERE kind = 'attachment' ORDER BY local")
    assert [json.loads(line)["body"]["item"] for line in lines] == [first.item, second.item, second.item]
