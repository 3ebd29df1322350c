"""What is said of a visit after its minutes: ours at once, theirs when it comes, and gone where it was declined."""

import pytest

from field_client.store import said, writing
from field_client.store.mirror import Mirror
from field_client.store.own import add
from schemas.ids import new_id
from sync.wire import Change, Cursor, Page
from tests.field_client.conftest import AT


def page(laptop, *changes, at=50):
    cursor = Cursor(laptop.line.lineage, at, at, "0" * 64).text()
    return Page(cursor, changes, False, laptop.line.lineage, "2026-11-20T15:00:00Z", 0)


@pytest.fixture
def visit():
    return new_id()


def body(visit, **more):
    return {"inspection": visit, "duty": "report", "on": "2026-11-06", **more}


def test_ours_stands_at_once_and_says_that_it_waits(laptop, visit):
    with writing(laptop.db) as conn:
        add(conn, "duty", new_id(), body(visit), author="Lê Thị Hạnh", at=AT)

    (found,) = said.of_visit(laptop.db.conn, visit, "duty")
    assert (found.author, found.standing, found.body["duty"]) == ("Lê Thị Hạnh", "waiting", "report")


def test_theirs_comes_with_a_page_and_goes_with_one(laptop, visit):
    id, mirror = new_id(), Mirror(laptop.db)
    mirror.take(page(laptop, Change(41, "duty", id, {"inspection": visit, "author": "Phòng", "said": body(visit)})))

    assert [one.author for one in said.of_visit(laptop.db.conn, visit, "duty")] == ["Phòng"]
    assert said.of_visit(laptop.db.conn, visit, "paper") == []

    mirror.take(page(laptop, Change(42, "duty", id, gone=True)))

    assert said.of_visit(laptop.db.conn, visit, "duty") == []
