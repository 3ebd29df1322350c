"""Sending by itself: how long to wait, and that no failure ends it."""

import threading

import pytest

from field_client.jobs import AT_MOST, EVERY, Courier, delay
from field_client.store.own import NotEnrolled
from field_client.syncing import Outcome, Trouble


@pytest.mark.parametrize(
    ("trouble", "failures", "retry_after", "seconds"),
    [
        (Trouble.NONE, 0, None, EVERY),
        (Trouble.OFFLINE, 1, None, 2 * EVERY),
        (Trouble.OFFLINE, 3, None, 8 * EVERY),
        (Trouble.OFFLINE, 5, None, AT_MOST),
        (Trouble.OFFLINE, 500, None, AT_MOST),
        (Trouble.LATER, 1, 2.0, 2.5),
        (Trouble.LATER, 3, 2.0, 10.0),
        (Trouble.LATER, 500, 2.0, 1.25 * EVERY),
        (Trouble.LATER, 1, 1000.0, 1250.0),
    ],
)
def test_the_next_try_is_later_the_longer_nobody_answers(trouble, failures, retry_after, seconds):
    assert delay(trouble, failures, retry_after, 0.5) == pytest.approx(seconds)


def test_laptops_do_not_come_all_at_once():
    assert delay(Trouble.NONE, 0, None, 0) == pytest.approx(0.8 * EVERY)
    assert delay(Trouble.NONE, 0, None, 1) == pytest.approx(1.2 * EVERY)
    assert delay(Trouble.LATER, 1, 10.0, 1) == pytest.approx(1.5 * delay(Trouble.LATER, 1, 10.0, 0))


def test_never_before_the_server_asked_for():
    assert delay(Trouble.LATER, 0, 500.0, 0) >= 500.0


@pytest.fixture
def courier(laptop):
    made = []

    def build(sync):
        made.append(Courier(laptop.settings, sync))
        return made[-1]

    yield build
    for one in made:
        one.stop()


def test_it_sends_by_itself_once_started(courier):
    sent = threading.Event()
    one = courier(lambda db, **_: sent.set() or Outcome())

    one.start(first=0)

    assert sent.wait(10)


def test_what_was_saved_is_sent_soon(courier):
    sent = threading.Event()
    one = courier(lambda db, **_: sent.set() or Outcome())
    one.start(first=3600)

    one.soon()

    assert sent.wait(10)


def test_a_try_that_fell_over_is_not_the_last(courier):
    def falls(db, **_):
        raise ZeroDivisionError

    one = courier(falls)
    one.go()

    assert one.next_try() is not None


def test_a_laptop_that_is_not_enrolled_asks_again_later(courier):
    def nobody(db, **_):
        raise NotEnrolled

    one = courier(nobody)
    one.go()

    assert one.next_try() is not None


def test_failures_are_counted_and_forgotten_when_it_goes_through(courier):
    answers = [Outcome(trouble=Trouble.OFFLINE), Outcome(trouble=Trouble.OFFLINE), Outcome()]
    one = courier(lambda db, **_: answers.pop(0))
    counts = []

    for _ in range(3):
        one.go()
        counts.append(one.failures)

    assert counts == [1, 2, 0]
