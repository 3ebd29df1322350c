"""Folding for search and sorting as a Vietnamese dictionary does."""

import unicodedata

import pytest

from schemas.text import fold, sort_key


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("dong do", "Đông Đô"), ("DONG  DO", "Đông Đô"), ("hoa", "hoà"), ("hoa", "hòa"), ("trieu son", "Triệu Sơn")],
)
def test_what_is_typed_finds_what_is_stored(typed, stored):
    assert fold(typed) == fold(stored)


def test_composed_and_decomposed_text_fold_and_sort_alike():
    name = "Nguyễn Đỗ Thuỳ Dương"

    assert fold(unicodedata.normalize("NFD", name)) == fold(name)
    assert sort_key(unicodedata.normalize("NFD", name)) == sort_key(name)


def test_names_sort_as_in_a_vietnamese_dictionary():
    names = ["Dương", "Đặng", "Ân", "Ăn", "An", "Ất", "Đường", "Ơn", "Ôn", "On", "Xã", "Xa"]

    assert sorted(names, key=sort_key) == [
        "An", "Ăn", "Ân", "Ất", "Dương", "Đặng", "Đường", "On", "Ôn", "Ơn", "Xa", "Xã",
    ]  # fmt: skip
