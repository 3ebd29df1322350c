"""The tables of a paper as a workbook: the figures of the table as numbers, and no formula anywhere."""

import io
import zipfile
from datetime import date

import openpyxl

from server.documents import words
from server.documents.model import Percent, Points
from server.documents.xlsx import as_xlsx
from server.tables import Share
from tests.server.documents.conftest import NASTY, long_table, table


def opened(made):
    return openpyxl.load_workbook(io.BytesIO(as_xlsx(made)))


def test_each_table_has_its_sheet_with_its_figures_as_numbers(paper):
    book = opened(paper(annexes=(long_table(2, 6),)))
    one, two = book.worksheets

    assert (one.title, two.title) == ("Kết quả kiểm tra", "Số liệu theo xã và loại hình")
    assert [cell.value for cell in one[8]][2:] == [1234, 1 / 3, -0.085]
    assert one["B8"].value.date() == date(2026, 6, 9)
    assert [cell.value for cell in one[10]] == ["Tổng số", "–", 1234, 0.25, 0.005]
    assert one["A7"].value == "Miền núi"
    assert two.max_row - 6 >= 6
    assert [cell.value for cell in two[12]] == ["Xã 001", "Xoa bóp", 100, 101, 102, 103, 104, 105]


def test_numbers_are_shown_as_the_paper_writes_them(paper):
    row = opened(paper()).worksheets[0][8]

    assert [cell.number_format for cell in row] == ["@", "dd/mm/yyyy", "#,##0", "0.0%", "0.0%"]


def test_how_much_a_share_has_changed_is_in_points_and_a_target_not_reached_is_not_shown_as_reached(paper):
    row = type(table().rows[0])(("Xã", None, Points(-85), Share(2499, 10_000, 25), Percent(5)))
    sheet = opened(paper(parts=(), annexes=(table(rows=(row,)),))).worksheets[0]

    assert [(cell.value, cell.number_format) for cell in sheet[7]][2:4] == [(-8.5, '0.0" điểm %"'), (0.249, "0.0%")]
    assert [words.written(cell) for cell in row.cells[2:4]] == ["−8,5\u00a0điểm\u00a0%", "24,9\u00a0%"]


def test_nothing_becomes_a_formula(paper):
    starts = ("=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "{=1}", "https://example.org")
    rows = tuple(type(table().rows[0])((start, None, 1, None, None)) for start in starts)
    made = paper(parts=(), annexes=(table(title=NASTY, rows=rows, notes=("=1+1",)),), issuer="=1+1")
    sheet = opened(made).worksheets[0]
    with zipfile.ZipFile(io.BytesIO(as_xlsx(made))) as archive:
        raw = "".join(archive.read(name).decode() for name in archive.namelist() if "worksheets" in name)

    assert [sheet.cell(7 + at, 1).value for at in range(len(starts))] == list(starts)
    assert all(cell.data_type != "f" for line in sheet for cell in line)
    assert "<f>" not in raw
    assert "hyperlink" not in raw


def test_heads_are_merged_stay_in_sight_and_are_printed_on_each_page(paper):
    sheet = opened(paper()).worksheets[0]

    assert {"A5:A6", "B5:B6", "C5:E5", "A2:E2"} <= {str(one) for one in sheet.merged_cells.ranges}
    assert sheet.freeze_panes == "A7"
    assert sheet.print_title_rows == "$5:$6"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) in ((None, 0), (1, 0))  # one page wide


def test_sheets_have_names_that_a_spreadsheet_allows_and_none_twice(paper):
    sheets = tuple(table(title=title) for title in ("a/b[c]:*?", "History", "Bảng", "bảng", "'", "x" * 40))
    names = opened(paper(parts=(), annexes=sheets)).sheetnames

    assert len({name.lower() for name in names}) == 6
    assert all(0 < len(name) <= 31 for name in names)


def test_a_paper_without_tables_is_a_workbook_all_the_same(paper):
    assert len(opened(paper(parts=())).sheetnames) == 1


def test_the_same_paper_gives_the_same_bytes(paper):
    assert as_xlsx(paper()) == as_xlsx(paper())
