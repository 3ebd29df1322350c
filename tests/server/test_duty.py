"""The jobs are one process's, and another's once that one leaves them."""

import threading

from server.duty import Duty
from sync.locks import alone


def holder(central):
    file = central.settings.data / "jobs.pid"
    return file.read_text() if file.exists() else ""


def wait_until(true):
    for _ in range(1000):
        if true():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it never came true")


def test_who_comes_first_does_them(central):
    duty = Duty(central.settings)
    wait_until(lambda: holder(central))

    duty.stop()


def test_who_comes_second_does_them_when_the_first_has_left(central):
    with alone(central.settings.data / "jobs.lock"):
        duty = Duty(central.settings, again=0.01)
        threading.Event().wait(0.1)
        assert not holder(central)

    wait_until(lambda: holder(central))
    duty.stop()


def test_who_is_not_needed_can_be_stopped(central):
    with alone(central.settings.data / "jobs.lock"):
        duty = Duty(central.settings)
        duty.stop()

    assert not holder(central)
