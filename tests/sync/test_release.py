"""A release is believed only as the server signed it, and 0.10 comes after 0.9."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.release import PIECE, Release, order, proven, read

KEY = Ed25519PrivateKey.generate()
RELEASE = Release("0.2.0", "windows-amd64", "ab" * 32, 2 * PIECE + 1, 3, 1)


def test_what_the_server_signed_is_believed():
    assert proven(RELEASE.signed(KEY), KEY.public_key()) == RELEASE
    assert proven(RELEASE.signed(KEY), Ed25519PrivateKey.generate().public_key()) is None


@pytest.mark.parametrize("change", [{"version": "0.3.0"}, {"platform": "linux-x86_64"}, {"sha256": "cd" * 32},
                                    {"size": 7}, {"schema": 4}, {"reads_from": 2}])  # fmt: skip
def test_nothing_of_it_can_be_changed(change):
    statement = RELEASE.signed(KEY) | change

    assert proven(statement, KEY.public_key()) is None


@pytest.mark.parametrize("wrong", [None, [], {}, {"version": "../x"}, {"size": True}, {"size": 0}, {"sha256": "x"},
                                   {"size": 10**12}, {"platform": "a/b"}])  # fmt: skip
def test_what_is_no_release_is_none(wrong):
    said = wrong if not isinstance(wrong, dict) or not wrong else {**RELEASE.signed(KEY), **wrong}

    assert read(said) is None


def test_versions_follow_each_other_as_numbers():
    assert sorted(["0.10.0", "0.9.1", "1.0", "0.9"], key=order) == ["0.9", "0.9.1", "0.10.0", "1.0"]
    assert order("") == order("dev") == ()


def test_the_last_piece_is_what_is_left():
    assert RELEASE.pieces == 3
    assert replace(RELEASE, size=2 * PIECE).pieces == 2
