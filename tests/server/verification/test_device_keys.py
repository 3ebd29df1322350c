"""Whose signatures are good is told to every laptop, whatever its area, and stands up to a rebuild."""

import pytest
from sqlite_utils import Database

from server.arrivals.feed import page, scope_keys
from server.arrivals.verify import verify
from server.migrations import migrations
from server.office import state_of
from tests.conftest import ELSEWHERE


def told(central, device, area=ELSEWHERE, after=""):
    """Return the keys on a page of a laptop, and its cursor."""
    found = page(central.db.conn, scope_keys(central.db.conn, device, area), device, after, at="2026-11-20T15:00:00Z")
    assert not found.more
    return {c.id: c.state for c in found.changes if c.kind == "device_key"}, found.cursor


def lock(central, signing):
    state = state_of(central.db.conn, "device", signing.laptop.id)
    central.edit("device", signing.laptop.id, {"revoked_on": "2026-11-20", "revoked_reason": "Mất ở quán"}, state)


def test_a_laptop_of_another_province_has_the_key(central, printing):
    one, far = printing(), printing("new:01")

    keys, _ = told(central, far.laptop.id, "new:01")

    assert keys[one.laptop.id] == {"public_key": state_of(central.db.conn, "device", one.laptop.id)["public_key"]}
    assert keys.keys() == {one.laptop.id, far.laptop.id}


def test_names_reasons_and_laptops_without_a_key_are_told_to_nobody(central, printing):
    one, keyless = printing(), central.laptop()
    lock(central, one)

    keys, _ = told(central, keyless.id)

    assert keys.keys() == {one.laptop.id}
    assert keys[one.laptop.id].keys() == {"public_key", "revoked_on"}


def test_a_lock_reaches_laptops_that_had_the_key(central, printing):
    one, other = printing(), printing()
    _, cursor = told(central, other.laptop.id)
    lock(central, one)

    keys, _ = told(central, other.laptop.id, after=cursor)

    assert keys[one.laptop.id]["revoked_on"] == "2026-11-20"


def test_another_name_is_news_to_nobody(central, printing):
    one, other = printing(), printing()
    _, cursor = told(central, other.laptop.id)
    central.edit("device", one.laptop.id, {"name": "Máy mới sơn"}, {"name": "Máy thử"})

    assert told(central, other.laptop.id, after=cursor)[0] == {}


def test_it_is_what_a_rebuild_says(central, printing):
    lock(central, printing())
    printing()

    assert verify(central.db).problems == ()


@pytest.fixture
def older(central, printing):
    """A server from before keys were told: three laptops, one without a key, and a feed that others have read."""
    one, other, _ = printing(), printing(), central.laptop()
    central.db.conn.execute("DELETE FROM feed WHERE kind = 'device_key'")
    central.db.conn.execute("DELETE FROM _sqlite_migrations WHERE name = 'm012_device_keys'")
    return one, other


def test_an_older_server_tells_them_after_its_upgrade_to_who_has_read_all(central, older):
    one, other = older
    nothing, cursor = told(central, other.laptop.id)
    assert nothing == {}

    migrations.apply(Database(central.db.conn))

    assert told(central, other.laptop.id, after=cursor)[0].keys() == {one.laptop.id, other.laptop.id}
    assert verify(central.db).problems == ()


def test_a_cursor_from_before_still_holds(central, older):
    """The feed of all laptops is in no cursor: laptops go on where they were, and do not fetch all again."""
    _, other = older

    assert "laptops" not in scope_keys(central.db.conn, other.laptop.id, ELSEWHERE)
