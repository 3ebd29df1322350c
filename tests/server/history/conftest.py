"""Operators, places and decisions for histories, with defaults, so that a test shows only what differs."""

from datetime import UTC, datetime

import pytest

from schemas.ids import new_id

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


@pytest.fixture
def operator(central):
    """A household."""
    id = new_id()
    central.edit("operator", id, {"name": "Hộ kinh doanh Đỗ Thị Hòa", "form": "household", "phone": "0912345678",
                                  "address": "Số 3, ngõ Vắng", "registration": "26H8-00123"})  # fmt: skip
    return id


@pytest.fixture
def place(central, operator):
    """A karaoke that the household has run since 2019."""
    return central.place(**{"code": "TS-0042", "operator/1": {"from": "2019-01-01", "operator": operator}})


@pytest.fixture
def decide(central, operator):
    """Return a function that enters a fine for an act of a day, decided nine days later and paid a month after that."""

    def enter(number, committed_on, decided_on, paid_on, **more):
        state = {
            "number": number, "authority": "Chủ tịch UBND xã Triệu Sơn", "operator": operator,
            "codes": ["ND38-15.5b"], "committed_on": committed_on, "decided_on": decided_on, "sanction": "fine",
            "ordered": ["main"], "main_done_on": paid_on, **more,
        }  # fmt: skip
        id = new_id()
        state = {key: value for key, value in state.items() if value is not None}
        assert central.edit("decision", id, state).standing == "accepted"
        return id

    return enter
