"""Codes of six digits: the vectors of RFC 6238, and which steps are taken."""

from datetime import UTC, datetime, timedelta

import pytest

from server.people import totp

# Appendix B of RFC 6238: the seed is as long as the hash; eight digits.
SEEDS = {"sha1": b"12345678901234567890", "sha256": b"12345678901234567890123456789012",
         "sha512": b"1234567890123456789012345678901234567890123456789012345678901234"}  # fmt: skip
VECTORS = [
    (59, "94287082", "46119246", "90693936"),
    (1111111109, "07081804", "68084774", "25091201"),
    (1111111111, "14050471", "67062674", "99943326"),
    (1234567890, "89005924", "91819424", "93441116"),
    (2000000000, "69279037", "90698825", "38618901"),
    (20000000000, "65353130", "77737706", "47863826"),
]
AT = datetime(2026, 11, 20, 3, 0, 10, tzinfo=UTC)
SECRET = SEEDS["sha1"]


@pytest.mark.parametrize(("seconds", "sha1", "sha256", "sha512"), VECTORS)
def test_the_vectors_of_the_rfc(seconds, sha1, sha256, sha512):
    step = seconds // totp.STEP
    expected = {"sha1": sha1, "sha256": sha256, "sha512": sha512}

    assert {name: totp.code(seed, step, digits=8, digest=name) for name, seed in SEEDS.items()} == expected
    assert totp.code(SECRET, step) == sha1[-6:]


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_off_by_one_step(steps, taken):
    given = totp.code(SECRET, totp.step_at(AT) + steps)

    assert (totp.matching_step(SECRET, given, AT) is not None) is taken


def test_a_step_that_was_used_and_those_before_it_are_not_taken_again():
    step = totp.step_at(AT)

    assert totp.matching_step(SECRET, totp.code(SECRET, step), AT, after=step) is None
    assert totp.matching_step(SECRET, totp.code(SECRET, step - 1), AT, after=step) is None
    assert totp.matching_step(SECRET, totp.code(SECRET, step + 1), AT + timedelta(seconds=30), after=step) == step + 1


def test_what_is_no_code_fits_no_step():
    given = ("", "x", "12345", "\uff11" * 6, "đ" * 6)

    assert [totp.matching_step(SECRET, one, AT) for one in given] == [None] * 5


def test_the_phone_is_told_the_secret_as_it_reads_it():
    assert totp.in_text(SECRET) == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"
    assert "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" in totp.link(SECRET, "hạnh 1")
    assert "hạnh" not in totp.link(SECRET, "hạnh 1")
