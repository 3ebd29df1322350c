"""The files: the same figures as the page, and no cell that a spreadsheet would compute."""

import csv
from datetime import date
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from server.tables import Share, Table, as_csv, as_xlsx

IN_2026 = "nam=2026&tinh-den=2026-11-20"
COMMUNE = "new:15664"
DANGEROUS = ["=1+1", "+84 912", "-1", "@cmd", "\t=1", "\r=1"]


def rows_of(answer):
    data = answer.get_data()
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(data.decode("utf-8-sig"), newline="")))


def sheet_of(answer):
    return load_workbook(BytesIO(answer.get_data()))


def table(*rows):
    return Table("ten-tep", "Tiêu đề", ["Tên", "Số"], rows, [("Tính đến ngày", "20/11/2026")])


@pytest.mark.parametrize("cell", DANGEROUS)
def test_a_cell_that_would_be_computed_is_text(cell):
    assert rows_of(as_csv(table([cell, 1])))[1] == ["'" + cell, "1"]

    found = sheet_of(as_xlsx(table([cell.strip(), 1])))["Số liệu"]["A2"]
    assert (found.value, found.data_type) == (cell.strip(), "s")


def test_an_address_on_the_web_is_no_link():
    assert sheet_of(as_xlsx(table(["https://example.invalid/", 1])))["Số liệu"]["A2"].hyperlink is None


def test_numbers_days_and_shares_stay_what_they_are():
    row = [date(2026, 11, 20), Share(1, 3)]

    assert rows_of(as_csv(table(row)))[1] == ["2026-11-20", "33.3"]
    sheet = sheet_of(as_xlsx(table(row)))["Số liệu"]
    assert sheet["A2"].value.date() == date(2026, 11, 20)
    assert sheet["B2"].value == pytest.approx(1 / 3)
    assert sheet["B2"].number_format == "0.0%"


def test_a_share_of_nothing_is_empty():
    assert rows_of(as_csv(table(["x", Share(0, 0)])))[1] == ["x", ""]
    assert sheet_of(as_xlsx(table(["x", Share(0, 0)])))["Số liệu"]["B2"].value is None


def test_a_file_has_a_name_and_may_be_empty():
    assert 'filename="ten-tep.csv"' in as_csv(table()).headers["Content-Disposition"]
    assert sheet_of(as_xlsx(table()))["Ghi chú"]["A3"].value == "Tính đến ngày"


@pytest.mark.parametrize("by", ["don-vi", "ban-do-kia", "loai-hinh", "doi"])
def test_the_files_hold_what_the_page_shows(busy, by):
    client = busy.client()
    query = f"{IN_2026}&theo={by}"

    asked = client.get(f"/ty-le-kiem-tra.json?{query}").get_json()
    lines = rows_of(client.get(f"/ty-le-kiem-tra.csv?{query}"))
    sheet = sheet_of(client.get(f"/ty-le-kiem-tra.xlsx?{query}"))["Số liệu"]

    assert len(lines) == len(asked["rows"]) + 2
    assert lines[-1][:5] == ["Tổng", "397", "40", "12", "30.0"]
    assert [cell.value for cell in sheet[sheet.max_row]][:4] == ["Tổng", "397", 40, 12]
    assert sum(int(line[2]) for line in lines[1:-1]) == sum(row["open"] for row in asked["rows"])


def test_the_workbook_says_what_it_is_about(busy):
    busy.laptop(unsent=3, earliest="2026-11-04")

    notes = sheet_of(busy.client().get(f"/ty-le-kiem-tra.xlsx?{IN_2026}"))["Ghi chú"]

    said = {row[0].value: row[1].value for row in notes.iter_rows(min_row=3)}
    assert said["Chỉ tiêu"] == "25 %, Kế hoạch phòng, chống mại dâm 86/KH-UBND"
    assert said["Đã nhận đủ số liệu đến ngày"] == "03/11/2026 còn 1 máy chưa gửi từ 03/11: Máy Đội 1"


def test_the_list_still_to_inspect_is_whole_in_its_files(busy):
    client = busy.client()

    lines = rows_of(client.get(f"/ty-le-kiem-tra/danh-sach.csv?{IN_2026}"))
    sheet = sheet_of(client.get(f"/ty-le-kiem-tra/danh-sach.xlsx?{IN_2026}"))["Số liệu"]

    assert len(lines) == sheet.max_row == 1 + 28
    assert lines[0][:3] == ["Mã cơ sở", "Tên cơ sở", "Loại hình"]


def test_a_name_typed_by_somebody_does_no_harm_in_a_file(office):
    office.place('=HYPERLINK("x")')

    assert rows_of(office.client().get(f"/ty-le-kiem-tra/danh-sach.csv?{IN_2026}"))[1][1] == "'" + '=HYPERLINK("x")'


@pytest.mark.parametrize("path", ["/ty-le-kiem-tra", "/ty-le-kiem-tra/danh-sach"])
def test_files_refuse_what_the_page_refuses(office, path):
    client = office.client(area="new:15682")

    for ending in ("csv", "xlsx"):
        assert client.get(f"{path}.{ending}?don-vi={COMMUNE}").status_code == 403
        assert client.get(f"{path}.{ending}?nam=abc").status_code == 422
    assert client.get(f"{path}.pdf?{IN_2026}").status_code == 404
