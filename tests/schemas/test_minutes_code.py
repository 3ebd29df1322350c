"""The code on minutes: what is written is read back, and whatever was changed is refused or proves nothing."""

from base64 import b32encode, b64encode
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as some

from schemas.minutes_answer import Answer, Key, Known, answer, key_of
from schemas.minutes_code import (
    DIGITS,
    LETTERS,
    MARK,
    Minutes,
    MinutesCode,
    ShortCode,
    WrongCode,
    _check,
    is_public,
    link,
    parse,
    short_of,
    sign,
)

LAPTOP, OTHER = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2))
MINUTES = Minutes(
    "018f0000-0000-7000-8000-0000000000c1", 2, "2026-11-05", "ab" * 32, "018f0000-0000-7000-8000-00000000d001"
)
names = some.binary(min_size=32, max_size=32).map(bytes.hex)
minutes = some.builds(
    Minutes,
    inspection=some.uuids().map(str),
    revision=some.integers(1, 65535),
    date=some.dates(date(2000, 1, 1), date(2179, 6, 6)).map(date.isoformat),
    name=names,
    device=some.uuids().map(str),
)


def public(key=LAPTOP):
    return b64encode(key.public_key().public_bytes_raw()).decode()


def code(said=MINUTES, key=LAPTOP):
    return sign(said, key.sign)


@given(minutes)
def test_what_is_written_is_read_back(said):
    made = code(said)

    assert parse(made.text()) == made
    assert made.signed_by(public())
    assert not made.signed_by(public(OTHER))


@given(names)
def test_a_short_code_finds_the_name_it_was_made_from(name):
    short = short_of(name)

    assert parse(short.text()) == short
    assert short.names[0] <= name <= short.names[1]


@given(names, names)
def test_a_short_code_finds_no_other_name(name, other):
    first, last = short_of(name).names

    assert (first <= other <= last) is (short_of(other) == short_of(name))


@pytest.mark.parametrize("name", ["0" * 64, "f" * 64])
def test_the_ends_of_all_names_have_short_codes_too(name):
    assert short_of(name).names[0] <= name <= short_of(name).names[1]


@pytest.mark.parametrize("change", [
    str.lower, lambda text: text.removeprefix(MARK), lambda text: f"  {text}\n",
    lambda text: "\n".join(text[at : at + 40] for at in range(0, len(text), 40)),
    lambda text: f"https://kiemtra.example.vn/v/{text.removeprefix(MARK)}",
    lambda text: f"HTTPS://KIEMTRA.EXAMPLE.VN/V/{text.removeprefix(MARK)}",
    lambda text: f"https://example.vn/doi178/v/{text.removeprefix(MARK)}?utm=x#y",
])  # fmt: skip
def test_how_a_code_was_brought_along_is_forgiven(change):
    assert parse(change(code().text())) == code()


def test_digits_may_be_typed_with_spaces_hyphens_or_dots():
    short = short_of("ab" * 32)

    assert {parse(short.text().replace(" ", between)) for between in ("", " ", "-", ".", " – ")} == {short}


def bound(said):
    """Return what a code proves to an end that holds MINUTES as the present truth, and knows the laptop's key."""
    known = Known.CURRENT if said.minutes == MINUTES else Known.NOTHING
    return answer(key_of(said, public(), closed=None), known)


def test_the_right_code_matches():
    assert bound(code()) is Answer.MATCHES


@settings(max_examples=300)
@given(some.integers(0, LETTERS - 1), some.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
def test_one_wrong_letter_is_a_slip_and_no_answer(at, letter):
    letters = code().text().removeprefix(MARK)
    wrong = letters[:at] + letter + letters[at + 1 :]
    if wrong != letters:
        with pytest.raises(WrongCode, match="kiểm tra lại"):
            parse(wrong)


@given(some.integers(0, LETTERS - 2))
def test_two_letters_the_wrong_way_round_are_a_slip(at):
    letters = code().text().removeprefix(MARK)
    wrong = letters[:at] + letters[at + 1] + letters[at] + letters[at + 2 :]
    if wrong != letters:
        with pytest.raises(WrongCode):
            parse(wrong)


@settings(max_examples=300)
@given(some.data())
def test_no_change_of_what_a_code_holds_ever_matches(data):
    """Somebody who can work out the check, and has no key."""
    raw = bytearray(code().minutes.pack() + code().signature)
    bit = data.draw(some.integers(8, len(raw) * 8 - 1))  # the version apart: another one is no code
    raw[bit // 8] ^= 1 << bit % 8
    forged = MinutesCode(read_minutes(raw), bytes(raw[-64:]))

    assert parse(forged.text()) == forged
    assert bound(forged) is Answer.NO_MATCH


def read_minutes(raw):
    """Read the signed part as the parser does, by way of a code that fits it."""
    found = parse(b32encode(bytes(raw) + _check(bytes(raw))).decode())
    assert isinstance(found, MinutesCode)
    return found.minutes


@given(some.text(max_size=300))
def test_any_other_text_is_refused_with_a_sentence(text):
    try:
        found = parse(text)
    except WrongCode as wrong:
        assert str(wrong).startswith("Mã không đúng: ")
    else:
        assert isinstance(found, ShortCode)


@settings(max_examples=300)
@given(names, some.integers(0, DIGITS - 1), some.sampled_from("0123456789"))
def test_one_wrong_digit_is_a_slip(name, at, digit):
    digits = short_of(name).digits
    wrong = digits[:at] + digit + digits[at + 1 :]
    if wrong != digits:
        with pytest.raises(WrongCode):
            parse(wrong)


@given(names, some.integers(0, DIGITS - 2))
def test_two_digits_the_wrong_way_round_are_a_slip(name, at):
    digits = short_of(name).digits
    wrong = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
    if wrong != digits:
        with pytest.raises(WrongCode):
            parse(wrong)


def test_too_few_digits_are_counted():
    with pytest.raises(WrongCode, match="20 chữ số, đã nhập 19"):
        parse(short_of("ab" * 32).digits[:-1])


def test_what_an_input_method_made_of_a_code_says_to_turn_it_off():
    with pytest.raises(WrongCode, match="bộ gõ"):
        parse(code().text().replace("A", "Â", 1))


def test_a_code_of_a_newer_program_is_not_called_wrong():
    raw = b"\2" + (code().minutes.pack() + code().signature)[1:]

    with pytest.raises(WrongCode, match="bản mới hơn"):
        parse(b32encode(raw + _check(raw)).decode())


def test_a_signature_over_something_else_signs_no_minutes():
    assert not MinutesCode(MINUTES, LAPTOP.sign(MINUTES.pack())).signed_by(public())


@pytest.mark.parametrize("key", ["", "không phải khóa", "AAAA"])
def test_what_is_no_key_has_signed_nothing(key):
    assert not code().signed_by(key)


PUBLIC = ["https://kiemtra.thanhhoa.gov.vn", "https://kiemtra.thanhhoa.gov.vn:8443", "https://so.gov.vn/doi178"]
NOT_PUBLIC = [
    "", "http://kiemtra.gov.vn", "https://127.0.0.1:8178", "https://192.168.1.10", "https://[::1]", "https://may-chu",
    "https://doi178.local", "https://may.lan", "https://localhost",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_where_anybody_may_look_the_square_is_a_link(address):
    assert is_public(address)
    assert link(code(), address).lower().startswith(f"{address}/v/")
    assert parse(link(code(), address)) == code()


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_elsewhere_it_is_the_code_itself(address):
    assert link(code(), address) == code().text()


TABLE = [
    (Key.NOBODYS, Known.CURRENT, Answer.NO_MATCH),
    (Key.NOBODYS, Known.REPLACED, Answer.NO_MATCH),
    (Key.NOBODYS, Known.LATER, Answer.NO_MATCH),
    (Key.NOBODYS, Known.NOTHING, Answer.NO_MATCH),
    (Key.TRUSTED, Known.CURRENT, Answer.MATCHES),
    (Key.TRUSTED, Known.REPLACED, Answer.REPLACED),
    (Key.TRUSTED, Known.LATER, Answer.REPLACED),
    (Key.TRUSTED, Known.NOTHING, Answer.NOT_RECEIVED),
    (Key.CLOSED, Known.CURRENT, Answer.MATCHES),
    (Key.CLOSED, Known.REPLACED, Answer.REPLACED),
    (Key.CLOSED, Known.LATER, Answer.NO_MATCH),
    (Key.CLOSED, Known.NOTHING, Answer.NO_MATCH),
]


@pytest.mark.parametrize(("key", "known", "proven"), TABLE)
def test_what_is_proven_by_whose_word_and_by_what_is_known(key, known, proven):
    assert answer(key, known) is proven


def test_the_table_leaves_nothing_out():
    assert {(key, known) for key, known, _ in TABLE} == {(key, known) for key in Key for known in Known}


PRINTED = (  # paper lies in files for decades
    "D178:AEAY6AAAAAAHAAEAAAAAAAAAADAQAARGJWV2XK5LVOV2XK5LVOV2XK5LVOV2XK5LVOV2X"
    "K5LVOV2XK5LVOV2WAMPAAAAAADQACAAAAAAAAANAAJDHFZ6VRM2WKFLNNEEGOU6NFH2GA3PBJI"
    "HHEKBTOFREF3ZUY4A464HYQPXGYMTY7F6NEDXIR3F7VSHFMQ7QBUGVMX3U625W2C4T47AWKTT"
)


def test_what_was_once_printed_is_read_for_ever():
    said = parse(PRINTED)

    assert (said.minutes, said.signed_by(public())) == (MINUTES, True)


def test_digits_that_were_once_printed_name_the_same_item_for_ever():
    assert short_of("ab" * 32).text() == "6705 8823 5294 1176 4707"
