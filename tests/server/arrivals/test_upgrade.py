"""After an upgrade, what the program before could not take in goes in by itself; nothing is asked of anybody."""

from unittest.mock import patch

import schemas.items
from schemas.items import name_of
from server.arrivals import acting, prepare
from server.arrivals.upgrade import judge_what_waits_for_us
from server.arrivals.verify import verify
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
