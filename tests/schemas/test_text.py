"""Folding for search and sorting as a Vietnamese dictionary does."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.text import fold, sort_key


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("dong do", "Đông Đô"), ("DONG  DO", "Đông Đô"), ("hoa", "hoà"), ("hoa", "hòa"), ("trieu son", "Triệu Sơn"),
        ("thuỷ", "thủy"), ("Khoẻ", "khỏe"), ("đường", "Ðường"), ("quang truong", "QUẢNG TRƯỜNG"), ("o u", "Ơ Ư"),
    ],
)  # fmt: skip
def test_what_is_typed_finds_what_is_stored(typed, stored):
    assert fold(typed) == fold(stored)


def test_composed_and_decomposed_text_fold_and_sort_alike():
    name = "Nguyễn Đỗ Thuỳ Dương"

    assert fold(unicodedata.normalize("NFD", name)) == fold(name)
    assert sort_key(unicodedata.normalize("NFD", name)) == sort_key(name)


def test_the_tone_counts_for_its_word_wherever_it_is_written():
    names = ["Hoạ", "Hòa", "Hoá", "Hoà", "Hỏa", "Hoa", "Hoã"]

    assert sort_key("Hoà Bình") == sort_key("Hòa Bình")
    assert sorted(names, key=sort_key) == ["Hoa", "Hòa", "Hoà", "Hỏa", "Hoã", "Hoá", "Hoạ"]


def test_letters_come_before_tones_and_words_before_longer_ones():
    names = ["Bằng", "Bang", "Bâng", "Bá Ngọc", "Ba Vì", "Bà Rịa", "Bạc Liêu", "Đa Lộc", "Da Lộc", "D"]

    assert sorted(names, key=sort_key) == [
        "Bá Ngọc", "Bà Rịa", "Ba Vì", "Bạc Liêu", "Bang", "Bằng", "Bâng", "D", "Da Lộc", "Đa Lộc",
    ]  # fmt: skip


@given(st.text(alphabet="aàạăằâấdđeêoôơớuưyý hH", max_size=12))
def test_any_spelling_of_the_same_letters_sorts_and_folds_alike(text):
    apart, together = unicodedata.normalize("NFD", text), unicodedata.normalize("NFC", text)

    assert sort_key(apart) == sort_key(together)
    assert fold(apart) == fold(together) == fold(fold(apart))
    assert fold(text).isascii()


def test_names_sort_as_in_a_vietnamese_dictionary():
    names = ["Dương", "Đặng", "Ân", "Ăn", "An", "Ất", "Đường", "Ơn", "Ôn", "On", "Xã", "Xa"]

    assert sorted(names, key=sort_key) == [
        "An", "Ăn", "Ân", "Ất", "Dương", "Đặng", "Đường", "On", "Ôn", "Ơn", "Xa", "Xã",
    ]  # fmt: skip
