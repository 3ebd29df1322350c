"""Who looked at sanctions on a laptop, and why, is kept at the office."""

from datetime import UTC, datetime

import pytest

from schemas.ids import new_id
from server.arrivals.verify import verify
from server.changes.desk import Desk
from server.changes.erasing import erase

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
PURPOSE = "Quyết định kiểm tra số 12/QĐ-ĐKT"


@pytest.fixture
def looked(central):
    """Return a function that sends that somebody looked, about a place in a commune, from a laptop of Triệu Sơn."""

    def send(unit="new:15664", **changes):
        laptop, place = central.laptop(), central.place(unit)
        body = {"establishment": place, "what": "sanctions", "purpose": PURPOSE, **changes}
        (standing,) = laptop.sends(laptop.line("access", new_id(), body))
        return standing

    return send


def test_a_look_up_is_kept_with_who_what_and_why(central, looked):
    assert looked() == "accepted"
    assert central.db.conn.execute("SELECT author, what, purpose FROM accesses").fetchall() == [
        ("Lê Thị Hạnh", "sanctions", PURPOSE)
    ]
    assert verify(central.db).problems == ()


def test_no_laptop_is_told_of_it(central, looked):
    looked()

    assert central.one("SELECT count(*) FROM feed WHERE kind = 'access'") == 0


def test_one_about_a_place_elsewhere_or_without_a_purpose_is_not_taken(central, looked):
    assert looked("new:00070") == "quarantined"
    assert looked(purpose="") == "quarantined"
    assert central.one("SELECT count(*) FROM accesses") == 0


def test_its_words_can_be_erased(central, looked):
    looked()
    name = central.one("SELECT name FROM items WHERE kind = 'access'")

    erase(central.db, Desk(central.db.conn, "test", AT.date()), {"item": name, "ground": "Có tên người"}, AT)

    assert central.one("SELECT author FROM accesses") == ""
    assert PURPOSE not in central.one("SELECT purpose FROM accesses")
    assert verify(central.db).problems == ()
