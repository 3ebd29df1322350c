"""After an upgrade, what the program before could not take in goes in by itself; nothing is asked of anybody."""

import json
from unittest.mock import patch

import pytest

import schemas.items
from schemas.items import name_of
from server.arrivals import acting, prepare
from server.arrivals.upgrade import judge_what_waits_for_us
from server.arrivals.verify import verify
from server.changes import apply_lines
from server.changes.desk import Desk, Unclear
from server.changes.erasing import erase
from server.clock import local_day
from tests.conftest import AT


def of_the_next_version(line):
    """Return the line as the next program would write it."""
    now, then = (f'"schema":{schemas.items.SCHEMA + more}'.encode() for more in (0, 1))
    return line.replace(now, then)


def after_an_upgrade():
    """The same server, run by the next program."""
    then = schemas.items.SCHEMA + 1
    return patch.object(schemas.items, "SCHEMA", then), patch.object(prepare, "SCHEMA", then)


def test_items_of_a_newer_schema_go_in_once_the_server_reads_it(central):
    laptop, place = central.laptop(), central.place()
    first = of_the_next_version(laptop.visit(place))
    assert laptop.sends(first) == ["quarantined"]
    assert judge_what_waits_for_us(central.db, AT) == 0

    one, other = after_an_upgrade()
    with one, other:
        assert judge_what_waits_for_us(central.db, AT) == 1
        assert judge_what_waits_for_us(central.db, AT) == 0

    assert laptop.sends(first) == ["accepted"]
    assert verify(central.db).problems == ()


def test_what_the_program_fell_over_goes_in_once_it_does_not(central, monkeypatch):
    laptop, place = central.laptop(), central.place()
    bad = laptop.visit(place)
    real = acting.fold_arrival

    def falls_over(world, item, arrival):
        if item.kind == "inspection":
            raise KeyError("a slip of ours")
        real(world, item, arrival)

    monkeypatch.setattr(acting, "fold_arrival", falls_over)
    assert laptop.sends(bad) == ["quarantined"]
    assert judge_what_waits_for_us(central.db, AT) == 0, "one more fall is no news"
    monkeypatch.setattr(acting, "fold_arrival", real)

    assert judge_what_waits_for_us(central.db, AT) == 1

    assert central.one("SELECT standing FROM items WHERE name = ?", name_of(bad)) == "accepted"
    assert central.one("SELECT count(*) FROM feed WHERE commune = ?", f"device:{laptop.id}") == 1
    assert verify(central.db).problems == ()


DECISIONS = ("settlement", "release", "decline", "erasure")


@pytest.fixture
def upgrade(monkeypatch):
    """The program falls over whatever an office person decides; call it for the next program."""
    real = acting.fold_arrival

    def falls_over(world, item, arrival):
        if item.kind in DECISIONS:
            raise KeyError("a slip of ours")
        real(world, item, arrival)

    monkeypatch.setattr(acting, "fold_arrival", falls_over)
    return lambda: monkeypatch.setattr(acting, "fold_arrival", real)


def decide(central, do, line, **asked):
    (answer,) = apply_lines(
        central.db, [json.dumps({"do": do, "item": name_of(line), "reason": "Đã hỏi đội", **asked})], author="P", at=AT
    )
    return answer["standing"]


def corrected_twice(central):
    """A visit, its correction, and another that did not know of it."""
    laptop, place = central.laptop(), central.place()
    first = laptop.visit(place, remark="Số căn cước của chủ")
    one, other = (laptop.visit(place, base=first, revision=2, reason=why) for why in "ab")
    assert laptop.sends(first, one, other) == ["accepted", "accepted", "conflict"]
    return first, one, other


def test_a_settlement_that_the_program_fell_over_is_carried_out_after_the_upgrade(central, upgrade):
    _, one, other = corrected_twice(central)
    assert decide(central, "settle", other, keep="mine") == "quarantined"

    upgrade()
    judge_what_waits_for_us(central.db, AT)

    assert central.one("SELECT item FROM visits") == name_of(other)
    assert central.one("SELECT standing FROM items WHERE name = ?", name_of(one)) == "declined"
    assert verify(central.db).problems == ()


def test_an_erasure_that_the_program_fell_over_is_carried_out_after_the_upgrade(central, upgrade):
    first, *_ = corrected_twice(central)
    with pytest.raises(Unclear):
        erase(central.db, Desk(central.db.conn, "P", local_day(AT)), {"item": name_of(first), "ground": "Căn cước"}, AT)

    upgrade()
    judge_what_waits_for_us(central.db, AT)

    assert central.one("SELECT length(line) FROM items WHERE name = ?", name_of(first)) == 0
    assert verify(central.db).problems == ()
