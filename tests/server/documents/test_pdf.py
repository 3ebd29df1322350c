"""A paper as PDF: the layout of the decree, one whole face, the same bytes twice, and letters that stay letters."""

import re

import pypdfium2
import pytest

from schemas import faces
from server.documents.pdf import as_pdf
from tests.server.documents.conftest import NASTY, long_table, table

SIGNS = " ".join(faces.NEEDED[at : at + 20] for at in range(0, len(faces.NEEDED), 20)) + " 0123456789 …–−≥≤%“”·"


def opened(paper):
    return pypdfium2.PdfDocument(as_pdf(paper))


def words(page):
    return " ".join(page.get_textpage().get_text_bounded().split())


def lines(page):
    return [line.strip() for line in page.get_textpage().get_text_bounded().splitlines()]


def faces_of(document):
    return {
        thing.get_font().get_base_name().partition("+")[2].partition("-")[0]
        for page in document
        for thing in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT], max_depth=20)
    }


def test_the_head_is_that_of_the_decree(paper):
    said = lines(opened(paper())[0])

    for line in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Số: 12/BC-SYT",
                 "Thanh Hóa, ngày 09 tháng 02 năm 2026", "BÁO CÁO", "I. TÌNH HÌNH CHUNG",
                 "II. KẾT QUẢ", "1. Kiểm tra", "2. Xử phạt"):  # fmt: skip
        assert any(line in one for one in said), line


def test_the_nation_s_name_stands_on_one_line_beside_a_long_issuer(paper):
    one = paper(
        issuer="ĐOÀN KIỂM TRA LIÊN NGÀNH PHÒNG, CHỐNG TỆ NẠN XÃ HỘI HUYỆN TRIỆU SƠN", place="Thị trấn Triệu Sơn"
    )
    page = opened(one)[0].get_textpage()
    found = page.search("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM").get_next()
    boxes = [page.get_charbox(found[0] + place) for place in range(found[1])]

    assert max(top for _, _, _, top in boxes) - min(bottom for _, bottom, _, _ in boxes) < 20
    assert max(right for _, _, right, _ in boxes) < 595 - 15 * 72 / 25.4


def test_what_is_not_known_is_left_to_write_and_a_draft_says_so(paper):
    said = words(opened(paper(number="", day="2026", draft=True, code=""))[0])

    assert "Số: ……/BC-SYT" in said
    assert "ngày …… tháng …… năm 2026" in said
    assert "DỰ THẢO" in said
    assert "DỰ THẢO" not in words(opened(paper())[0])


def test_recipients_and_who_signs_stand_at_the_end(paper):
    document = opened(paper(authority="TM. ỦY BAN NHÂN DÂN"))
    said = words(document[len(document) - 1])

    for one in ("Nơi nhận:", "- UBND tỉnh (để b/c);", "- Lưu: VT.", "TM. ỦY BAN NHÂN DÂN", "KT. GIÁM ĐỐC",
                "PHÓ GIÁM ĐỐC", "Nguyễn Thị Hường"):  # fmt: skip
        assert one in said


def test_a_letter_has_its_matter_under_its_number_and_names_whom_it_is_to(paper):
    said = words(
        opened(paper(kind="", title="Đôn đốc gửi báo cáo", addressees=("Ủy ban nhân dân xã An Nông",), parts=()))[0]
    )

    assert "V/v đôn đốc gửi báo cáo" in said
    assert "Kính gửi: Ủy ban nhân dân xã An Nông" in said
    assert "BÁO CÁO" not in said
    assert "- Như trên;" in said


def test_figures_are_written_as_papers_do(paper):
    said = words(opened(paper())[0])

    for one in ("1.234", "33,3 %", "−8,5 %", "09/06/2026", "không có", "0,5 %"):
        assert one in said


def test_what_a_value_says_is_printed_letter_by_letter(paper):
    pages = opened(paper(title=NASTY, annexes=(table(title=NASTY, wide=True, notes=(NASTY,)),)))
    said = " ".join(words(page) for page in pages)

    for one in ("<b>Hoàng & Gia</b>", "#let x = 1", "$a^2$", "=1+1", "{{ 7*7 }}", "{% for %}", "{_{", "%_}", "@ref"):
        assert one in said
    assert "\u202e" not in said


def test_every_letter_is_of_one_face(paper):
    document = opened(paper(opening=(SIGNS, SIGNS.upper()), annexes=(table(wide=True),)))

    assert faces_of(document) == {faces.chosen()[0].replace(" ", "")}
    assert SIGNS in words(document[0])
    assert SIGNS.upper() in words(document[0])


def test_the_same_paper_gives_the_same_bytes(paper):
    assert as_pdf(paper()) == as_pdf(paper())


@pytest.fixture(scope="module")
def province(paper):
    return opened(paper(annexes=(long_table(60, 18), long_table(2, 4)), draft=True))


def test_an_annex_is_wide_says_whose_it_is_and_counts_its_own_pages(province):
    first = next(at for at, page in enumerate(province) if "Phụ lục I " in words(page))

    assert province[first].get_size()[0] > province[first].get_size()[1]
    assert "(Kèm theo Báo cáo số 12/BC-SYT ngày 09 tháng 02 năm 2026)" in words(province[first])
    assert words(province[first + 1]).startswith("2 ")
    assert "Phụ lục II" in words(province[len(province) - 1])
    assert not words(province[len(province) - 1]).startswith("2 ")


def test_heads_are_repeated_and_no_row_is_broken(province):
    pages = [words(page) for page in province if page.get_size()[0] > page.get_size()[1]][:-1]

    assert len(pages) > 3
    assert all("Đơn vị Loại hình" in said and "Số 17" in said for said in pages)
    rows = [row for said in pages for row in re.findall(r"Xã (\d{3})", said)]
    assert rows == [f"{commune:03d}" for commune in range(60) for _ in range(3)]


def test_a_table_that_is_wider_than_a_page_is_printed_in_pieces_with_what_its_rows_are_about(paper):
    document = opened(paper(annexes=(long_table(2, 44),)))
    pages = [words(page) for page in document if page.get_size()[0] > page.get_size()[1]]

    assert len(pages) > 1
    assert all("Xã 001 Khách sạn, nhà nghỉ" in said for said in pages)
    assert f"Phần 1/{len(pages)}: Nhóm 1; Nhóm 2" in pages[0]
    assert [said for said in pages if " 143" in said] == [pages[-1]]


def test_no_letter_is_smaller_than_can_be_read(paper):
    page = next(page for page in opened(paper(annexes=(long_table(2, 44),))) if page.get_size()[0] > page.get_size()[1])
    things = page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT], max_depth=20)

    assert min(thing.get_font_size() * thing.get_matrix().d for thing in things) >= 8
