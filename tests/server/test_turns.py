"""Turns at heavy work: who finds no room is sent away, and a place is never lost."""

import signal
import subprocess
import sys

import pytest

from server.running import THREADS
from server.store import Busy
from server.turns import ROOM, Turns


@pytest.fixture
def new_turns(tmp_path):
    """Return a function that makes the turns on one folder as one more process sees them."""
    return lambda **limits: Turns(tmp_path / "turns", "batch", **limits)


def test_who_finds_no_room_is_sent_away_whatever_process_it_came_to(new_turns):
    with new_turns(room=1).one(), pytest.raises(Busy) as sent_away, new_turns(room=1).one():
        pass

    assert sent_away.value.retry_after >= 1
    with new_turns(room=1).one():
        pass


def test_however_full_both_rooms_are_a_process_has_a_thread_left_to_send_others_away():
    assert 2 * ROOM < THREADS


def test_another_kind_of_work_has_a_room_of_its_own(tmp_path):
    batches, pages = (Turns(tmp_path / "turns", work, room=1) for work in ("batch", "page"))

    with batches.one(), pages.one():
        pass


def test_who_waits_too_long_in_the_room_is_sent_away(new_turns):
    turns = new_turns(at_once=1, patience=0.01)

    with turns.one(), pytest.raises(Busy), turns.one():
        pass

    with turns.one():
        pass


def test_work_that_falls_over_gives_its_place_back(new_turns):
    turns = new_turns(room=1, at_once=1, patience=0.01)

    with pytest.raises(ZeroDivisionError), turns.one():
        raise ZeroDivisionError

    with turns.one():
        pass


def test_a_process_that_is_killed_gives_its_place_back(new_turns, tmp_path):
    script = (
        "import sys, time; from pathlib import Path; from server.turns import Turns\n"
        "with Turns(Path(sys.argv[1]), 'batch', room=1).one(): print('held', flush=True); time.sleep(600)"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "turns")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(Busy), new_turns(room=1).one():
            pass
        holder.send_signal(signal.SIGKILL)

    with new_turns(room=1).one():
        pass


def test_who_is_sent_away_comes_back_later_the_longer_a_turn_takes(new_turns):
    quick, slow = new_turns(), new_turns()
    slow._took = 1.0

    assert max(quick._later() for _ in range(200)) <= 2
    assert max(slow._later() for _ in range(200)) > 2
