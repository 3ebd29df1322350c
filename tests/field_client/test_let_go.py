"""What leaves a laptop: bytes that the office erased, and what was made for an area that was left. Not more."""

import pytest

from field_client import records, visits
from field_client.places import NotKnown
from field_client.status import receipts
from field_client.store import put_meta, writing
from field_client.store.mirror import Mirror
from schemas.ids import new_id
from sync.errors import BadReply, OtherScope
from sync.wire import Change, Cursor, Page
from tests.field_client.conftest import AT


@pytest.fixture
def sent(laptop):
    """A visit that the server has and the copy does not: its place is elsewhere by now."""
    kept = records.record(laptop.db, new_id(), laptop.body(remark="ghi chú"), at=AT)
    assert not laptop.sync().trouble
    return kept


def line_of(laptop, name):
    return bytes(laptop.db.conn.execute("SELECT line FROM own WHERE name = ?", (name,)).fetchone()[0])


def page(laptop, *changes, at=90, scope="", since=0, safe_to=0, lineage=None):
    lineage = lineage or laptop.line.lineage
    return Page(Cursor(lineage, at, at, "0" * 64, scope).text(), changes, False, lineage, "", safe_to, since)


def test_an_erased_item_loses_its_bytes_and_keeps_its_receipt(laptop, sent):
    told = {"standing": "erased", "detail": {"by": "Phạm Văn Lâm", "ground": "Công văn số 12"}}

    Mirror(laptop.db).take(page(laptop, Change(80, "standing", sent.item, told)))

    assert line_of(laptop, sent.item) == b""
    assert [(row["item"], row["standing"]) for row in receipts(laptop.db)] == [(sent.item, "erased")]
    with pytest.raises(NotKnown):
        visits.find(laptop.db, sent.id)


def test_an_erased_item_is_not_offered_to_a_server_with_another_history(laptop, sent):
    Mirror(laptop.db).take(page(laptop, Change(80, "standing", sent.item, {"standing": "erased", "detail": None})))

    Mirror(laptop.db).start_over()

    assert laptop.db.conn.execute("SELECT count(*) FROM own WHERE waiting = 1").fetchone()[0] == 0


@pytest.mark.parametrize(("safe_to", "left"), [(0, False), (10**6, True)])
def test_what_was_made_for_an_area_that_was_left_goes_when_a_backup_holds_it(laptop, sent, safe_to, left):
    mirror = Mirror(laptop.db)

    mirror.leave_area()
    mirror.take(page(laptop, scope="other", safe_to=safe_to))

    assert (line_of(laptop, sent.item) == b"") is left
    assert len(receipts(laptop.db)) == 1


def test_what_still_waits_or_needs_a_person_stays_whatever_is_safe(laptop):
    waits = records.record(laptop.db, new_id(), laptop.body(), at=AT)
    aside = records.record(laptop.db, new_id(), laptop.body(), at=AT)
    with writing(laptop.db) as conn:
        conn.execute("UPDATE own SET waiting = 0, seq = 5, standing = 'conflict' WHERE name = ?", (aside.item,))
    mirror = Mirror(laptop.db)

    mirror.leave_area()
    mirror.take(page(laptop, scope="other", safe_to=10**6))

    assert line_of(laptop, waits.item) and line_of(laptop, aside.item)


def test_nothing_goes_while_the_team_stays_where_it_is(laptop, sent):
    Mirror(laptop.db).take(page(laptop, safe_to=10**6))

    assert line_of(laptop, sent.item)


def test_a_page_of_an_area_that_was_left_is_not_mixed_in(laptop):
    mirror = Mirror(laptop.db)
    mirror.leave_area()
    mirror.take(page(laptop, scope="new"))

    with pytest.raises(OtherScope):
        mirror.take(page(laptop, at=95, scope="old"))


def test_a_page_that_begins_later_than_the_copy_ends_is_refused(laptop):
    mirror = Mirror(laptop.db)
    with writing(laptop.db) as conn:
        put_meta(conn, "cursor", "")

    with pytest.raises(BadReply):
        mirror.take(page(laptop, since=40))

    assert mirror.cursor() == ""
