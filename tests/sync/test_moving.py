"""A pin follows the server's key from move to move, and nothing else."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from sync.moving import MOST, follow, move

A, B, C, STRANGER = (ec.generate_private_key(ec.SECP256R1()) for _ in range(4))
SINCE = "2026-11-20T15:00:00Z"


def pin(key):
    return move(key, "", SINCE).pin


def step(old, new):
    return move(old, pin(new), SINCE).as_dict()


def test_a_pin_follows_one_move_and_many():
    assert follow(pin(A), [step(A, B)]) == pin(B)
    assert follow(pin(A), [step(A, B), step(B, C)]) == pin(C)
    assert follow(pin(B), [step(B, C), step(A, B)]) == pin(C)


def test_a_pin_that_nobody_moved_stays():
    assert follow(pin(A), []) == pin(A)
    assert follow(pin(A), [step(B, C)]) == pin(A)


@pytest.mark.parametrize(
    "changes",
    [{"new": pin(STRANGER)}, {"since": "2020-01-01T00:00:00Z"}, {"signature": step(STRANGER, B)["signature"]},
     {"signature": "?"}, {"old": step(STRANGER, B)["old"]}, {"old": "bm8ga2V5"}, {"old": 3}],
)  # fmt: skip
def test_a_move_that_the_old_key_did_not_sign_moves_nothing(changes):
    assert follow(pin(A), [{**step(A, B), **changes}]) == pin(A)


@pytest.mark.parametrize("raw", [None, "x", [], {}, 7])
def test_what_is_no_move_is_passed_over(raw):
    assert follow(pin(A), [raw, step(A, B)]) == pin(B)


def test_moves_in_a_circle_end():
    assert follow(pin(A), [step(A, B), step(B, A)]) == pin(B)


def test_no_more_moves_are_read_than_an_honest_server_makes():
    assert follow(pin(A), [None] * MOST + [step(A, B)]) == pin(A)
