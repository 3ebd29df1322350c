"""What a run has sent: holes and late items are no clash, one run in two places is, and nothing is refused for it."""

import random

import pytest

from server.arrivals import runs
from server.arrivals.runs import clashes
from tests.conftest import Laptop


def come(conn, *numbers, at="2026-11-20T15:00:00Z"):
    """Let items of one run come, each under a name of its own."""
    named = [(number, f"{number} {random.random()}") for number in numbers]
    runs.count(conn, "máy", "đợt", named, at)


def held(conn):
    return conn.execute("SELECT last_seq, items, held FROM runs WHERE device = 'máy'").fetchone()


@pytest.mark.parametrize(
    ("batches", "kept"),
    [
        ([[1, 2, 3]], (3, 3, "1-3")),
        ([[3], [1], [2]], (3, 3, "1-3")),
        ([[5, 9], [7]], (9, 3, "5 7 9")),
        ([[1, 2], [4, 5], [3]], (5, 5, "1-5")),
        ([[2**40]], (2**40, 1, str(2**40))),
    ],
)
def test_numbers_come_in_any_order(central, batches, kept):
    for batch in batches:
        come(central.db.conn, *batch)

    assert held(central.db.conn) == kept
    assert clashes(central.db.conn) == []


def test_any_order_makes_the_same(central):
    numbers = list(range(1, 60))
    random.Random(178).shuffle(numbers)
    for start in range(0, 59, 7):
        come(central.db.conn, *numbers[start : start + 7])

    assert held(central.db.conn) == (59, 59, "1-59")


def test_a_run_that_was_counted_before_numbers_were_kept_tells_of_no_clash(central):
    conn = central.db.conn
    conn.execute("INSERT INTO runs (device, run, last_seq, items) VALUES ('máy', 'đợt', 9, 8)")
    come(conn, 9, 10)

    assert held(conn) == (10, 10, None)
    assert clashes(conn) == []


def test_a_copied_laptop_is_shown_and_nothing_of_it_is_refused(central):
    laptop, place = central.laptop(), central.place()
    laptop.sends(laptop.visit(place), laptop.visit(place))
    copy = Laptop(central, laptop.id, laptop.run, laptop.drawn)

    one, other = laptop.sends(laptop.visit(place), laptop.visit(place)), copy.sends(copy.visit(place))

    assert one + other == ["accepted"] * 3
    (clash,) = clashes(central.db.conn)
    assert (clash.device, clash.run, clash.items) == (laptop.id, laptop.run, 1)


def test_sending_again_is_no_clash(central):
    laptop, place = central.laptop(), central.place()
    visit = laptop.visit(place)

    laptop.sends(visit)
    laptop.sends(visit, visit)

    assert clashes(central.db.conn) == []
