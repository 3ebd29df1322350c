"""What a note is warned about, and the many things in a note that are nobody's secret."""

import unicodedata

import pytest

from schemas.privacy import Personal, covered, warnings


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("CCCD 038099001234", [Personal.ID_NUMBER]),
        ("CMND số 171234567.", [Personal.ID_NUMBER]),
        ("giấy tờ 038 099 001 234 đã xem", [Personal.ID_NUMBER]),
        ("gọi 0912345678", [Personal.PHONE]),
        ("gọi 0912 345 678 hoặc +84 912.345.678", [Personal.PHONE, Personal.PHONE]),
        ("máy bàn 0237 3852 123", [Personal.PHONE]),
        ("01 người dương tính", [Personal.HEALTH]),
        ("kết quả xét nghiệm HIV", [Personal.HEALTH, Personal.HEALTH]),
        ("KẾT QUẢ KHÁM của lao động", [Personal.HEALTH]),
        ("nhân viên Nguyễn Thị Hoa đang phục vụ", [Personal.PERSON]),
        ("khách tên là Trần Văn Đức ở phòng 3", [Personal.PERSON]),
        ("Nhân viên nữ Lê Thị Ánh, 0987654321", [Personal.PERSON, Personal.PHONE]),
    ],
)
def test_data_about_a_person_is_pointed_out(text, what):
    assert [found.what for found in warnings(text)] == what


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Có 05 nhân viên, 03 người có hợp đồng.",
        "Giấy phép số 12/2024/GP-UBND cấp ngày 05/11/2024",
        "Mã số doanh nghiệp 2801234567",
        "Phạt tiền 100.000.000 đồng",
        "nộp 150000000 đồng",
        "phòng 101, 102, 103",
        "Khách đang hát tại 02 phòng",
        "Chủ cơ sở Nguyễn Văn An có mặt",
        "lao động Việt",
        "Đã tổ chức khám sức khỏe ngày 01/10/2026",
        "năm 2024 2025 2026",
    ],
)
def test_ordinary_notes_are_left_in_peace(text):
    assert warnings(text) == []


def test_a_label_names_the_words_and_says_what_to_do():
    (found,) = warnings("CCCD 038099001234")

    assert "038099001234" in found.label
    assert "chỉ ghi số lượng" in found.label


def test_text_with_marks_apart_is_found_too():
    assert warnings(unicodedata.normalize("NFD", "kết quả xét nghiệm"))


def test_the_same_words_are_pointed_out_once():
    assert len(warnings("HIV … HIV")) == 1


def test_a_long_note_is_quick():
    assert warnings("Cơ sở chấp hành tốt. " * 2000) == []


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Nhân viên Nguyễn Thị Hoa, 038123456789, đang phục vụ", "[đã che], [đã che], đang phục vụ"),
        ("gọi 0912345678 rồi gọi lại 0912345678", "gọi [đã che] rồi gọi lại [đã che]"),
        ("Có 05 nhân viên, phòng 101.", "Có 05 nhân viên, phòng 101."),
        ("", ""),
    ],
)
def test_what_was_found_is_covered_and_the_rest_stays(text, left):
    assert covered(text) == left
    assert warnings(left) == []
