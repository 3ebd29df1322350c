"""The texts of returns: those that come with the program, what may be written, and what is refused in a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import return_texts, templates
from schemas.papers import PaperError
from schemas.return_texts import PART_KEYS, read

PART = "@phần kiem-tra: Kiểm tra\n{lời văn}\n"


@pytest.mark.parametrize("purpose", sorted(return_texts.PURPOSES))
def test_the_program_s_own_text_is_read_and_stands_for_itself(purpose):
    text = templates.builtin_text(purpose)

    assert templates.problem(purpose, text) == ""
    assert return_texts.builtin(purpose).opening
    assert return_texts.builtin(purpose).closing


@pytest.mark.parametrize("purpose", ["return_half_year", "return_year", "return_end_of_period"])
def test_the_great_returns_have_every_part_in_its_order(purpose):
    assert tuple(part.key for part in return_texts.builtin(purpose).parts) == PART_KEYS


def test_a_text_is_read_part_by_part():
    found = read(
        "# ghi chú\n@trích yếu\nKết quả {kỳ báo cáo}\n@mục: Kết quả\n@phần kiem-tra: Kiểm tra\n{lời văn}\n"
        "%bảng so sánh\n@mục:\n@phần kho-khan: Khó khăn\nKhông.\n@phụ lục\n%bảng số liệu\n"
    )

    assert [(part.key, part.heading, part.under, part.tables) for part in found.parts] == [
        ("kiem-tra", "Kiểm tra", "Kết quả", ("so sánh",)), ("kho-khan", "Khó khăn", "", ()),
    ]  # fmt: skip
    assert found.annexes == ("số liệu",)
    assert len(found.title) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Chữ trước.", "Dòng 1 của mẫu: chữ đứng trước phần đầu tiên"),
        (PART + "{tên cơ sở}", "không có chỗ trống {tên cơ sở}; xem các tên dùng được ở docs/documents.md."),
        (PART + "{đơn vị|{x}}", "dấu { và } phải đi thành cặp"),
        (PART + "{đơn vị.name}", "không có chỗ trống {đơn vị.name}"),
        (PART + "{{đơn vị}}", "dấu { và } phải đi thành cặp"),
        (PART + "{% for x in y %}", "không có chỗ trống {% for x in y %}"),
        (PART + "[thiếu", "có dấu [ mà không có dấu ]"),
        (PART + "**đậm**", "không có chữ đậm"),
        (PART + "*cơ sở: {tên}", "không có danh sách “cơ sở”"),
        (PART + "%bảng lương", "không có “%bảng lương”"),
        (PART + PART, "phần “kiem-tra” đã có ở trên"),
        ("@phần bi-mat: Bí mật\nA", "mã là một trong: tinh-hinh"),
        ("@lạ\nA", "không có phần “@lạ”"),
        ("@mở đầu\n{lời văn}", "không có chỗ trống {lời văn}"),
        ("@mở đầu\n%bảng so sánh", "bảng chỉ đứng trong một phần"),
        ("@phụ lục\nChữ.", "phần @phụ lục chỉ có bảng"),
        ("@mở đầu\nChào.", "Mẫu báo cáo chưa có phần nào"),
    ],
)
def test_what_is_wrong_is_one_sentence_that_says_where(text, said):
    found = templates.problem("return_year", text)

    assert said in found
    assert found.endswith(".")


def test_a_letter_needs_no_parts():
    assert templates.problem("return_reminder", "@mở đầu\nĐề nghị gửi {tên báo cáo}.") == ""
    assert "chưa có phần @mở đầu" in templates.problem("return_reminder", PART)


@given(st.text(alphabet="@{}[]*_|%:#= \nphầnkiem-tralờivăn", max_size=80))
def test_whatever_is_written_is_read_or_refused(text):
    try:
        read(PART + text)
    except PaperError as error:
        assert str(error)
