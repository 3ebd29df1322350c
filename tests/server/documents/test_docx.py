"""A paper as DOCX: what Word opens, says the same as the PDF, and goes on working with."""

import io
import shutil
import subprocess
import zipfile

import docx
import pypdfium2
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from server.documents.docx import as_docx
from tests.server.documents.conftest import NASTY, SENTENCE, long_table, table

SIGNS_OF_MARKUP = ("<b>Hoàng & Gia</b>", "#let x = 1", "=1+1", "{{ 7*7 }}", "{% for %}", "{_{", "%_}", "\\n")


def opened(made):
    return docx.Document(io.BytesIO(as_docx(made)))


def said(document):
    """Return every text of a document, those in tables too; a line's end within one is a space."""
    return [text for one in document.element.body.iter(qn("w:p"))
            if (text := "".join(run.text or " " for run in one.iter(qn("w:t"), qn("w:br"))))]  # fmt: skip


def test_it_says_all_of_the_paper_letter_by_letter(paper):
    found = said(opened(paper(draft=True)))

    for one in ("ỦY BAN NHÂN DÂN TỈNH THANH HÓA", "SỞ Y TẾ", "Số: 12/BC-SYT", "DỰ THẢO", "BÁO CÁO",
                "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "I. TÌNH HÌNH CHUNG",
                SENTENCE.replace(" %", "\u00a0%"),
                "Thanh Hóa, ngày 09 tháng 02 năm 2026", "1. Kiểm tra", "1.234", "33,3\u00a0%", "−8,5\u00a0%",
                "Nơi nhận:", "- UBND tỉnh (để b/c);", "- Lưu: VT.", "KT. GIÁM ĐỐC", "Nguyễn Thị Hường"):  # fmt: skip
        assert one in found, one


def test_what_a_value_says_is_written_letter_by_letter(paper):
    made = paper(title=NASTY, code=NASTY, annexes=(table(title=NASTY, wide=True, notes=(NASTY,)),))
    document = opened(made)
    foot = document.sections[0].footer.paragraphs[0].text

    for text in (*(one for one in said(document) if "Hoàng" in one), foot):
        for sign in SIGNS_OF_MARKUP:
            assert sign in text or sign.upper() in text, text
    assert sum("Hoàng" in one for one in said(document)) == 5
    assert document.core_properties.title == f"BÁO CÁO {NASTY[:-2]}"


def test_every_part_is_set_in_times_new_roman_of_every_script(paper):
    with zipfile.ZipFile(io.BytesIO(as_docx(paper()))) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist() if name.startswith("word/")}
    fonts = opened(paper()).styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:rFonts')}")

    assert {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia", "cs")} == {"Times New Roman"}
    assert sum(text.count("<w:rFonts") for text in parts.values()) == 1
    assert not any("Theme=" in text for text in parts.values())


def test_heads_are_repeated_rows_stay_whole_and_figures_stand_right(paper):
    found = opened(paper()).tables[1]
    marks = [(row._tr.trPr.find(qn("w:cantSplit")) is not None, row._tr.trPr.find(qn("w:tblHeader")) is not None)
             for row in found.rows]  # fmt: skip

    assert marks == [(True, True)] * 2 + [(True, False)] * 4
    assert [cell.text for cell in found.rows[1].cells] == ["Đơn vị", "Ngày", "Cơ sở", "Tỷ lệ", "Tăng, giảm"]
    assert found.rows[0].cells[2]._tc is found.rows[0].cells[4]._tc
    assert found.rows[2].cells[0]._tc is found.rows[2].cells[4]._tc
    styles = [cell.paragraphs[0].style.style_id[:3] for cell in found.rows[3].cells]
    assert styles == ["Chu", "Chu", "So1", "So1", "So1"]
    assert all(run.bold for cell in found.rows[5].cells for run in cell.paragraphs[0].runs)


def test_wide_annexes_stand_on_landscape_pages_that_count_by_themselves(paper):
    document = opened(paper(annexes=(long_table(2, 6), table(title="Hẹp"), long_table(3, 6))))
    sections = document.sections

    assert [one.orientation is WD_ORIENT.LANDSCAPE for one in sections] == [False, True, False, True]
    assert all(one._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1" for one in sections)
    assert all(one.different_first_page_header_footer for one in sections)
    assert [one for one in said(document) if one.startswith("Phụ lục ")] == ["Phụ lục I", "Phụ lục II", "Phụ lục III"]
    assert [one.orientation for one in opened(paper()).sections] == [WD_ORIENT.PORTRAIT]


def test_the_same_paper_gives_the_same_bytes(paper):
    assert as_docx(paper()) == as_docx(paper())


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not on this machine")
def test_an_office_program_opens_it_and_prints_as_many_annex_pages(paper, tmp_path):
    (tmp_path / "a.docx").write_bytes(as_docx(paper(annexes=(long_table(30, 12),))))
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf",
               "--outdir", str(tmp_path), str(tmp_path / "a.docx")]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    document = pypdfium2.PdfDocument(tmp_path / "a.pdf")
    pages = [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]

    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in pages[0]
    assert "Nguyễn Thị Hường" in pages[1] + pages[0]
    wide = [said for page, said in zip(document, pages, strict=True) if page.get_size()[0] > page.get_size()[1]]
    assert len(wide) > 1
    assert all("Đơn vị" in said for said in wide)
