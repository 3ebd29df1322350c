"""Laptops are locked and taken out of use by lines of `apply` as by the page."""

import json
from datetime import UTC, datetime

import pytest

from server.arrivals.verify import verify
from server.changes import apply_lines
from server.office import state_of
from server.people.users import add_user

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


@pytest.fixture
def apply(central):
    """Return a function that applies one change, as a program or as a person, and returns its answer."""

    def run(author="command", **asked):
        return next(iter(apply_lines(central.db, [json.dumps(asked)], author=author, at=AT)))

    return run


def device(central, id):
    return state_of(central.db.conn, "device", id)


def test_a_laptop_is_locked_with_its_reason_and_day(central, apply):
    laptop = central.laptop()

    answer = apply(do="revoke_device", device=laptop.id, reason="Mất trộm", by="Lê Thị Hạnh")

    assert answer["standing"] == "accepted"
    state = device(central, laptop.id)
    assert (state["revoked_on"], state["revoked_reason"], state["revoked_by"]) == (
        "2026-11-20", "Mất trộm", "Lê Thị Hạnh",
    )  # fmt: skip
    assert verify(central.db).problems == ()


def test_a_laptop_is_named_by_its_name_where_that_is_its_alone(central, apply):
    first = central.laptop()
    assert apply(do="revoke_device", device="Máy thử", reason="Mất")["standing"] == "accepted"
    central.laptop()

    answer = apply(do="retire_device", device="Máy thử", by="Hạnh")

    assert "Có nhiều máy" in answer["problems"]["device"]
    assert "retired_on" not in device(central, first.id)


@pytest.mark.parametrize(
    ("asked", "field"),
    [({"do": "revoke_device"}, "reason"), ({"do": "retire_device"}, "by"),
     ({"do": "retire_device", "by": "Hạnh", "reason": "x"}, "reason"),
     ({"do": "revoke_device", "device": "x", "reason": "x"}, "device"),
     ({"do": "revoke_device", "reason": "x" * 301}, "reason"),
     ({"do": "revoke_device", "reason": "x", "by": "x" * 121}, "by"),
     ({"do": "retire_device", "by": "x" * 121}, "by")],
)  # fmt: skip
def test_what_is_missing_is_named(central, apply, asked, field):
    laptop = central.laptop()

    answer = apply(**{"device": laptop.id, **asked})

    assert set(answer["problems"]) == {field}
    assert device(central, laptop.id).keys() == {"name", "epoch", "area"}


def test_who_is_signed_in_is_the_person_who_retires_it(central, apply):
    laptop = central.laptop()
    hanh = add_user(central.db, "hanh", role="coordinator", unit="new:38", password="mot mat khau dai", author="test",
                    at=AT)  # fmt: skip

    answer = apply(author=hanh, do="retire_device", device=laptop.id)

    assert answer["standing"] == "accepted"
    assert (device(central, laptop.id)["retired_on"], device(central, laptop.id)["retired_by"]) == (
        "2026-11-20", "hanh",
    )  # fmt: skip


def test_twice_is_said_to_be_once(central, apply):
    laptop = central.laptop()
    for do in ("revoke_device", "retire_device"):
        more = {"reason": "x"} if do == "revoke_device" else {}
        apply(do=do, device=laptop.id, by="Hạnh", **more)

        again = apply(do=do, device=laptop.id, by="Hạnh", **more)

        assert "rồi" in again["problems"]["device"] or "từ trước" in again["problems"]["device"]


def test_the_office_s_own_device_is_no_laptop(central, apply):
    office = central.one("SELECT value FROM meta WHERE key = 'office_device'")

    assert "device" in apply(do="revoke_device", device=office, reason="x")["problems"]
