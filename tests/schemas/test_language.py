"""Sentences of the library are known again in the catalogue, and what people typed is left alone."""

import pytest

from schemas.checklists import checklist
from schemas.language import english, english_parts, language
from schemas.violations import catalogue


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Chưa nhập mục này.", "Not filled in yet."),
        ("Dài quá 120 ký tự; rút ngắn lại.", "Longer than 120 characters; shorten it."),
        ("Đồng hồ máy này chậm 5 phút so với máy chủ", "This laptop's clock is 5 minute(s) slow against the server"),
        (
            "Không có “Karaoke” trên máy này; kiểm tra lại mã, hoặc bấm Nhận về.",
            "“Karaoke” is not on this laptop; check the code, or press Get.",
        ),
        ("Không có “Đạt” trên máy này; kiểm tra lại mã, hoặc bấm Nhận về.",
         "“Đạt” is not on this laptop; check the code, or press Get."),
    ],
)  # fmt: skip
def test_a_sentence_is_known_again_whatever_was_filled_in(said, meant):
    assert english(said) == meant


@pytest.mark.parametrize("typed", ["Karaoke Đông Đô", "Phòng số 3 sửa chữa", "", "Dài quá", "x" * 5000, "Mục {code}"])
def test_what_is_not_ours_stays_as_it_is(typed):
    assert english(typed) == typed


def test_the_legal_texts_have_an_english_of_their_own():
    item, act = checklist()[0], catalogue()[0]

    assert english(item.text_vi) == item.text_en
    assert english(act.name_vi) == act.name_en


def test_a_value_that_was_put_together_is_told_part_by_part():
    said = "Phố Giắt, Đang hoạt động, từ 01/01/2019"

    assert english_parts(said) == "Phố Giắt, Open, from 01/01/2019"


@pytest.mark.parametrize(("asked", "spoken"), [("en", "en"), ("vi", "vi"), ("fr", "vi"), ("", "vi"), (None, "vi")])
def test_a_language_that_is_not_ours_is_vietnamese(asked, spoken):
    assert language(asked) == spoken
