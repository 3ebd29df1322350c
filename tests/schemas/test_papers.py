"""The texts of papers: the program's own are sound, and what an office writes wrongly is said in a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import papers
from schemas.papers import Blank, Maybe, PaperError, Words, problem, read

BODY = "@nội dung\n"


@pytest.mark.parametrize("purpose", sorted(papers.PURPOSES))
def test_every_paper_of_the_program_can_be_read(purpose):
    text = papers.builtin_text(purpose)

    assert problem(purpose, text) == ""
    assert papers.builtin(purpose).signatures or purpose == "receipt"


def test_a_line_is_words_and_blanks_and_what_may_be_left_out():
    (line,) = read(BODY + "Số **{SỐ BIÊN BẢN|……}**[, __{ngày lập}__]").body

    assert line.pieces == (
        Words("Số "),
        Blank("số biên bản", "……", capitals=True, bold=True),
        Maybe((Words(", "), Blank("ngày lập", italic=True))),
    )


def test_lines_are_headings_items_rules_lists_and_blocks():
    lines = read(BODY + "# chú thích\n= Mục\n- gạch\n---\n*thành viên: {stt}. {họ tên}\n%phụ lục\n**đậm** thường").body

    assert [(line.shape, line.of) for line in lines] == [
        ("heading", ""), ("item", ""), ("rule", ""), ("text", "thành viên"), ("block", "phụ lục"), ("text", "")
    ]  # fmt: skip


def test_decomposed_letters_are_read_as_composed_ones():
    import unicodedata

    assert problem("minutes", unicodedata.normalize("NFD", BODY + "{tên cơ sở}")) == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "chưa có phần @nội dung"),
        ("chữ", "Dòng 1 của mẫu: chữ đứng trước phần đầu tiên"),
        ("@đầu", "không có phần “@đầu”"),
        (BODY + "{tên chủ quán}", "Dòng 2 của mẫu: không có chỗ trống {tên chủ quán}"),
        (BODY + "{họ tên}", "không có chỗ trống {họ tên}"),
        (BODY + "*nhân viên: {họ tên}", "không có danh sách “nhân viên”"),
        (BODY + "%bảng", "không có khối “%bảng”"),
        (BODY + "{tên cơ sở", "phải đi thành cặp"),
        (BODY + "[mở", "thêm dấu ]"),
        (BODY + "đóng]", "không có dấu ["),
        (BODY + "**đậm", "đi thành cặp"),
    ],
)
def test_what_is_wrong_is_one_sentence_with_its_line(text, said):
    found = problem("minutes", text)

    assert said in found
    assert found.endswith(".")


def test_a_purpose_that_there_is_not_is_refused():
    assert "Không có loại giấy tờ" in problem("invoice", papers.builtin_text("minutes"))


@given(st.text(alphabet="@{}[]*_|%=-# \nađtên cơsởnộidung", max_size=80))
def test_whatever_is_written_is_read_or_refused(text):
    try:
        read(BODY + text)
    except PaperError as error:
        assert str(error)
