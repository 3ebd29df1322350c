"""The recovery key: two halves open what a laptop wrapped, one opens nothing, and nothing is typed wrong unnoticed."""

import os
from hashlib import sha256

import pytest

from sync.recovery_key import BadText, Code, Kind, answer, make, recipient_of, wrap

KEY = bytes(range(32))


@pytest.fixture(scope="module")
def made():
    return make()


@pytest.fixture
def wrapped(made):
    return wrap(KEY, recipient_of(made.public))


def test_both_halves_in_either_order_open_it(made, wrapped):
    one, other = made.halves

    for halves in ((one, other), (other, one)):
        assert wrapped.open(answer(wrapped.request(), *halves)) == KEY
    assert type(wrapped).of(wrapped.as_dict()) == wrapped


def test_the_texts_are_sixteen_groups_of_four_letters(made, wrapped):
    for text in (made.public, *made.halves, wrapped.request(), answer(wrapped.request(), *made.halves)):
        groups = text.split()
        assert [len(group) for group in groups] == [4] * 16
        assert not set("".join(groups)) & set("0189")


def test_what_is_easily_misread_and_spaces_do_not_count(made, wrapped):
    typed = answer(wrapped.request(), *made.halves).translate(str.maketrans({"O": "0", "I": "1", "B": "8"})).lower()

    assert wrapped.open(typed.replace(" ", "-")) == KEY


def test_one_wrong_letter_anywhere_is_noticed(made, wrapped):
    told = answer(wrapped.request(), *made.halves).replace(" ", "")

    for at in range(64):
        with pytest.raises(BadText, match=r"xem lại|mã khác"):
            wrapped.open(told[:at] + ("A" if told[at] != "A" else "C") + told[at + 1 :])
    with pytest.raises(BadText, match="63 ký tự"):
        wrapped.open(told[1:])


def test_one_half_twice_or_of_another_key_opens_nothing(made, wrapped):
    one, other = made.halves
    stranger = make()

    for halves, words in (((one, one), "cả hai người"), ((one, stranger.halves[1]), "đúng phong bì")):
        with pytest.raises(BadText, match=words):
            answer(wrapped.request(), *halves)
    with pytest.raises(BadText, match="đúng phong bì"):
        answer(wrap(KEY, recipient_of(stranger.public)).request(), one, other)


def test_an_answer_is_good_for_the_wrapping_it_was_asked_for_alone(made, wrapped):
    told = answer(wrapped.request(), *made.halves)

    with pytest.raises(BadText, match="yêu cầu khác"):
        wrap(KEY, recipient_of(made.public)).open(told)


def test_an_answer_of_somebody_without_the_key_opens_nothing(wrapped):
    mark = Code.read(wrapped.request(), Kind.REQUEST)
    guessed = Code(Kind.ANSWER, sha256(mark.body).digest()[:3], os.urandom(32)).text()

    with pytest.raises(BadText, match="không mở được"):
        wrapped.open(guessed)


def test_a_text_of_another_kind_is_not_taken(made, wrapped):
    with pytest.raises(BadText, match="mã khác"):
        wrapped.open(made.public)
    with pytest.raises(BadText, match="mã khác"):
        recipient_of(made.halves[0])
