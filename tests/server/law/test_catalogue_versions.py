"""Versions of the catalogue by the role legal: laid over what was shipped, told to laptops, used by every answer."""

import json

import pytest

from schemas.acts import laid_over
from schemas.ids import new_id
from schemas.violations import amount_range, packaged
from server.arrivals.verify import verify
from server.changes import apply_one
from server.law.asking import ask
from server.law.catalogue import current
from tests.conftest import AT

LATE, LATCH = "ND38-15.5b", "ND38-15.6b"
ROW = f"{LATE}@2021-06-01"
BY = {"confirmed_by": "Trần Thị Pháp, Sở Tư pháp", "confirmed_on": "2026-11-19"}


@pytest.fixture
def apply(central):
    """Return a function that does one line of `apply`."""
    return lambda **asked: apply_one(central.db, asked, author="test", at=AT)


@pytest.fixture
def operator(central):
    id = new_id()
    central.edit("operator", id, {"name": "Hộ kinh doanh Đỗ Văn Được", "form": "household"})
    central.place(**{"operator/1": {"from": "2019-01-01", "operator": id}})
    return id


def answer(central, operator, code, day="2026-06-01"):
    return ask(central.db.conn, operator, code, day).finding.answer


def test_a_row_is_confirmed_as_a_new_version_and_the_shipped_one_stays(central, apply):
    assert apply(do="act", row=ROW, household_as="individual", mark="V", **BY)["problems"] == {}

    row = current(central.db.conn).find(LATE, AT.date())
    assert (row.confirmed_by, row.confirmed_on.isoformat(), row.name_vi) == (
        BY["confirmed_by"], "2026-11-19", packaged().find(LATE, AT.date()).name_vi,
    )  # fmt: skip
    assert amount_range(row, "household") == (10_000_000, 15_000_000)
    assert amount_range(packaged().find(LATE, AT.date()), "household") is None
    assert verify(central.db).problems == ()


def test_whoever_changes_a_confirmed_row_confirms_it_again(central, apply):
    apply(do="act", row=ROW, **BY)

    apply(do="act", row=ROW, ind_max=16_000_000)

    row = current(central.db.conn).find(LATE, AT.date())
    assert (row.ind_max, row.confirmed_by) == (16_000_000, "")
    assert central.one("SELECT count(*) FROM things WHERE kind = 'act'") == 2


def test_a_version_is_never_changed(central, apply):
    apply(do="act", row=ROW, **BY)
    id = central.one("SELECT id FROM things WHERE kind = 'act'")

    receipt = central.edit("act", id, {"ind_max": 1}, {"ind_max": 15_000_000})

    assert receipt.standing == "quarantined"
    assert "phiên bản" in next(iter(receipt.detail["problems"].values()))


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"row": "ND38-99@2021-06-01"}, "row"),
        ({"row": ROW, "ind_min": 20_000_000}, "ind_min"),
        ({"row": ROW, "ind_max": None}, "ind_max"),
        ({"row": ROW, "code": "ND38-1"}, "code"),
        ({"row": ROW, "confirmed_by": "Trần Thị Pháp"}, "confirmed_on"),
        ({"row": ROW, "confirmed_by": "Trần Thị Pháp", "confirmed_on": "2026-12-30"}, "confirmed_on"),
        ({"row": ROW, "effective_to": "2020-01-01"}, "effective_to"),
        ({"row": ROW, "kinds": ["bar"]}, "kinds"),
        ({"row": ROW, "mark": "?"}, "mark"),
        ({"row": ROW, "seen": new_id()}, "seen"),
        ({"code": LATE, "effective_from": "2026-01-01", "name_vi": "x", "citation": "y", "mark": "V"},
         "effective_from"),
        ({"code": "ND999-1", "effective_from": "2026-01-01"}, "name_vi"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_version_is_said_at_its_field(central, apply, asked, field):
    assert field in apply(do="act", **asked)["problems"]
    assert central.one("SELECT count(*) FROM things WHERE kind = 'act'") == 0


def test_an_amended_act_ends_and_begins_again_as_a_new_row(central, apply):
    apply(do="act", row=ROW, effective_to="2026-05-31")
    new = {"code": LATE, "effective_from": "2026-06-01", "name_vi": "Karaoke ngoài giờ", "citation": "NĐ X Đ.1"}

    assert apply(do="act", mark="V", ind_min=1, ind_max=2, **new)["problems"] == {}

    rows = current(central.db.conn)
    assert rows.citation(LATE, "2026-05-31") == "NĐ 38/2021 Đ.15.5.b"
    assert rows.citation(LATE, "2026-06-01") == "NĐ X Đ.1"


def test_two_acts_put_into_one_group_answer_for_each_other(central, apply, operator, decision):
    central.edit("decision", new_id(), decision(operator=operator, decided_on="2026-03-10", main_done_on="2026-04-01"))
    assert answer(central, operator, LATCH) == "not_found"

    apply(do="act_group", group="AG-test", codes=f"{LATE} {LATCH}", **BY)

    assert answer(central, operator, LATCH) == "repeat"
    assert ask(central.db.conn, operator, LATCH, "2026-06-01").finding.act_group == "AG-test"
    assert current(central.db.conn).is_confirmed("AG-test")
    assert verify(central.db).problems == ()


def test_a_code_taken_out_of_its_group_has_none_and_nobody_can_tell(central, apply, operator, decision):
    central.edit("decision", new_id(), decision(operator=operator, decided_on="2026-03-10", main_done_on="2026-04-01"))

    apply(do="act_group", group=LATE, codes=[])

    assert answer(central, operator, LATE) == "cannot_tell"


def test_the_group_of_a_replaced_decree_is_carried_over_to_its_successor(central, apply, operator, decision):
    old, new = "ND144-27.1", "ND282-X-loidung"
    central.edit(
        "decision", new_id(),
        decision(operator=operator, codes=[old], decided_on="2025-11-10", main_done_on="2026-01-05"),
    )  # fmt: skip
    assert answer(central, operator, new) == "cannot_tell"

    apply(do="act_group", group="AG-business-method", codes=[old, new], **BY)

    assert answer(central, operator, new, "2026-01-04") == "repeat"
    assert answer(central, operator, new, "2027-01-04") == "repeat"
    assert answer(central, operator, new, "2027-01-05") == "not_found"


def test_who_looks_at_an_old_page_writes_over_nothing(central, apply):
    apply(do="act_group", group="AG-test", codes=[LATE])

    assert "seen" in apply(do="act_group", group="AG-test", codes=[LATCH], seen="")["problems"]
    assert "codes" in apply(do="act_group", group="AG-test", codes=["ND38-99"])["problems"]


def test_laptops_hear_of_versions_and_again_of_every_operator_that_a_group_touches(central, apply, operator, decision):
    central.edit("decision", new_id(), decision(operator=operator, decided_on="2026-03-10", main_done_on="2026-04-01"))
    before = central.one("SELECT pos FROM feed WHERE kind = 'repeat' AND id = ?", operator)

    apply(do="act", row=ROW, **BY)
    apply(do="act_group", group="AG-test", codes=[LATE, LATCH])

    kinds = central.db.conn.execute("SELECT kind FROM feed WHERE commune = 'laptops' AND kind LIKE 'act%'").fetchall()
    assert sorted(kind for (kind,) in kinds) == ["act", "act_group"]
    assert central.one("SELECT pos FROM feed WHERE kind = 'repeat' AND id = ?", operator) > before


def test_a_confirmation_of_a_group_changes_no_window(central, apply, operator, decision):
    central.edit("decision", new_id(), decision(operator=operator))
    before = central.one("SELECT pos FROM feed WHERE kind = 'repeat' AND id = ?", operator)

    apply(do="act_group", group=LATE, codes=[LATE], **BY)

    assert central.one("SELECT pos FROM feed WHERE kind = 'repeat' AND id = ?", operator) == before
    assert current(central.db.conn).is_confirmed(LATE)


def test_both_ends_lay_versions_over_the_same_way(central, apply):
    apply(do="act", row=ROW, **BY)
    apply(do="act_group", group="AG-test", codes=[LATE, LATCH])
    rows = central.db.conn.execute("SELECT kind, state FROM things WHERE kind LIKE 'act%' ORDER BY seq").fetchall()
    states = [(kind, json.loads(text)) for kind, text in rows]

    again = laid_over(packaged(), *([state for kind, state in states if kind == one] for one in ("act", "act_group")))

    assert again.rows == current(central.db.conn).rows
    assert again.groups == current(central.db.conn).groups
