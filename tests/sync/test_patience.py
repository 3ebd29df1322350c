"""A sync waits a while for a server that is busy, and not longer."""

import pytest

from sync.errors import Unreachable
from sync.patience import Patience


@pytest.fixture
def slept():
    return []


def patience(slept, in_all=25.0, chance=0.5):
    return Patience(in_all, sleep=slept.append, chance=lambda: chance)


def busy(seconds):
    return Unreachable("busy", retry_after=seconds)


@pytest.mark.parametrize(("chance", "seconds"), [(0.0, 2.0), (0.5, 2.5), (1.0, 3.0)])
def test_it_waits_as_long_as_the_server_asked_for_and_a_little_more(slept, chance, seconds):
    patience(slept, chance=chance).wait(busy(2.0))

    assert slept == [pytest.approx(seconds)]


def test_a_line_that_is_down_is_not_waited_for(slept):
    with pytest.raises(Unreachable):
        patience(slept).wait(busy(None))

    assert slept == []


def test_what_is_longer_than_it_has_left_is_for_another_sync(slept):
    one = patience(slept)

    with pytest.raises(Unreachable, match="busy"):
        one.wait(busy(26.0))

    assert (slept, one.left, one.waited) == ([], 25.0, 0.0)


def test_it_never_waits_more_in_all(slept):
    one = patience(slept, chance=1.0)

    with pytest.raises(Unreachable):
        while True:
            one.wait(busy(2.0))

    assert one.waited == pytest.approx(sum(slept))
    assert 23.0 < one.waited <= 25.0
