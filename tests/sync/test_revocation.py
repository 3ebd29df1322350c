"""A laptop is locked by the server's own word on it, and by nothing else."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.revocation import Revocation, proven

KEY, OTHER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
SAID = Revocation("máy 1", "2026-11-20", "L")


def test_the_server_s_word_on_this_laptop_is_taken():
    assert proven(SAID.signed(KEY), KEY.public_key(), "máy 1") == SAID


def test_the_exact_bytes_that_are_signed():
    assert SAID.text() == "doi178-revoked-1\nL\nmáy 1\n2026-11-20".encode()


@pytest.mark.parametrize(
    "statement",
    [None, "x", {}, SAID.signed(OTHER), {**SAID.signed(KEY), "revoked_on": "2026-11-21"},
     {**SAID.signed(KEY), "signature": "?"}, {**SAID.signed(KEY), "signature": None}],
)  # fmt: skip
def test_anything_else_is_not(statement):
    assert proven(statement, KEY.public_key(), "máy 1") is None


def test_what_was_said_of_another_laptop_locks_no_other():
    assert proven(SAID.signed(KEY), KEY.public_key(), "máy 2") is None
