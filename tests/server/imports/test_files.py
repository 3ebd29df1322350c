"""What may come as a spreadsheet, and what a person is told when it is none."""

import csv
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from server.imports import BadFile
from server.office import state_of

HEADER = [
    *(
        "code",
        "name",
        "kinds",
        "unit_epoch",
        "unit_code",
        "address",
        "phone",
        "operator",
        "operator_form",
        "operator_no",
    ),
    *("licence_no", "licence_from", "licence_to", "antt_no", "antt_from", "antt_to", "opened_on", "closed_on"),
    *("lat", "lon"),
]
ROW = {
    "code": "TS-001", "name": "Karaoke Đông Đô", "kinds": "karaoke lodging", "unit_epoch": "new", "unit_code": "15664",
    "address": "Phố Giắt", "phone": "0912345678", "operator": "Nguyễn Văn Đức", "operator_form": "household",
    "licence_no": "05/GP", "licence_from": "2020-02-01", "opened_on": "2019-03-01",
}  # fmt: skip


def numbers(counts):
    return counts.added, counts.changed, counts.same, counts.bad


def state(central, code):
    id = central.one("SELECT id FROM establishments WHERE code = ?", code)
    return state_of(central.db.conn, "establishment", id)


def errors(counts):
    with Path(counts.errors).open(encoding="utf-8-sig", newline="") as file:
        return [tuple(row) for row in csv.reader(file)][1:]


def test_what_excel_would_take_for_a_formula_is_harmless_in_the_report(central, sheet, take):
    counts = take(sheet(ROW | {"kinds": "=cmd()"}))

    assert errors(counts)[0][2] == "'=cmd()"


def test_headers_are_found_in_vietnamese_under_a_title_in_any_spelling(central, tmp_path, take):
    path = tmp_path / "so.csv"
    path.write_text(
        "SỔ THEO DÕI CƠ SỞ NĂM 2026;;;;\n\nSTT;MA CO SO;Tên cơ sở;Loại hình;Mã xã;Bản đồ\n"
        "1;TS-7;Vũ trường Mỹ Lệ;vũ trường;15664;mới\n",
        encoding="utf-8",
    )

    assert numbers(take(path)) == (1, 0, 0, 0)
    assert state(central, "TS-7")["kind/dance_hall"]["kind"] == "dance_hall"


def test_a_header_map_says_which_column_is_meant(central, sheet, take):
    header = ["Ký hiệu", "Tên", *HEADER[2:]]
    row = {**ROW, "Ký hiệu": "TS-5", "Tên": "Karaoke"}
    row = {key: value for key, value in row.items() if key in header}

    counts = take(sheet(row, header=header), header_map={"code": "KÝ HIỆU"})

    assert numbers(counts) == (1, 0, 0, 0)
    with pytest.raises(BadFile, match="Ô khác"):
        take(sheet(row, header=header), header_map={"code": "Ký hiệu", "phone": "Ô khác"})
    with pytest.raises(BadFile, match="tên lạ"):
        take(sheet(row, header=header), header_map={"codes": "Ký hiệu"})


def test_xlsx_and_csv_say_the_same(central, sheet, take, tmp_path):
    book = Workbook()
    book.active.append(HEADER)
    cells = ROW | {
        "unit_code": 15664,
        "opened_on": date(2019, 3, 1),
        "licence_from": "01/02/2020",
        "phone": "0912345678",
    }
    book.active.append([cells.get(column) for column in HEADER])
    path = tmp_path / "so.xlsx"
    book.save(path)
    take(path)

    assert numbers(take(sheet(ROW))) == (0, 0, 1, 0)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_any_csv_that_excel_writes_is_read(central, sheet, take, delimiter, encoding):
    row = ROW | {"address": "Thôn 1, xã A, huyện B, tỉnh C\u2028tầng 2", "name": 'Quán "Đỗ\nQuyên"; số 2'}

    assert numbers(take(sheet(row, delimiter=delimiter, encoding=encoding))) == (1, 0, 0, 0)
    assert state(central, "TS-001")["name"] == 'Quán "Đỗ Quyên"; số 2'


@pytest.mark.parametrize("code", ["15664.0", "15664"])
def test_a_code_that_excel_made_a_number_is_read_whole(central, sheet, take, code):
    take(sheet(ROW | {"unit_code": code}))

    assert state(central, "TS-001")["place/1"]["unit"] == "15664"


def test_zeros_that_excel_dropped_are_put_back(central, sheet, take):
    take(sheet(ROW | {"unit_code": "4"}))

    assert state(central, "TS-001")["place/1"]["unit"] == "00004"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "trống"),
        (b"\n \n", "trống"),
        (b"%PDF-1.7 \x00\x01", "không phải bảng tính"),
        (b"PK\x03\x04 broken", "không mở được như một bảng tính"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Excel kiểu cũ"),
        ("mã;tên\nA;Khách sạn Đẹp".encode("utf-16"), "UTF-8"),
        ("code,name,note\nA,Caf\u00e9,x".encode("cp1258"), "UTF-8"),
        ("tên,loại hình\nA,karaoke".encode(), "“code”"),
        (b"<html><table></table></html>", "không phải bảng tính"),
    ],
)
def test_what_is_no_table_gets_one_clear_sentence(central, tmp_path, take, content, words):
    path = tmp_path / "so.csv"
    path.write_bytes(content)

    with pytest.raises(BadFile, match=words) as caught:
        take(path)

    assert "\n" not in str(caught.value)
    assert central.one("SELECT count(*) FROM establishments") == 0


def test_a_file_that_is_not_there_gets_a_sentence_too(tmp_path, take):
    with pytest.raises(BadFile, match="Không mở được tệp"):
        take(tmp_path / "khong-co.csv")


def test_the_report_never_overwrites_the_file_itself(sheet, take):
    path = sheet(ROW)

    with pytest.raises(BadFile, match="trùng"):
        take(path, errors=path)


def test_a_comma_too_many_is_seen(central, tmp_path, take):
    path = tmp_path / "so.csv"
    path.write_text("code,name,kinds,unit_epoch,unit_code\nA,Quán, số 3,karaoke,new,15664\n", encoding="utf-8")

    counts = take(path)

    assert counts.bad == 1
    assert "dấu ngoặc kép" in " ".join(reason for *_, reason in errors(counts))


def test_progress_goes_up_to_all_rows(sheet, take):
    heard = []

    take(
        sheet(*(ROW | {"code": f"TS-{n}"} for n in range(320))),
        progress=lambda done, total: heard.append((done, total)),
    )

    assert [done for done, _ in heard] == sorted({done for done, _ in heard})
    assert heard[-1] == (320, 321)


def test_a_laptop_can_send_meanwhile(central, sheet, take):
    laptop, place = central.laptop(), central.place()
    standings = []

    take(
        sheet(*(ROW | {"code": f"TS-{n}"} for n in range(320))),
        progress=lambda done, total: standings.extend(laptop.sends(laptop.visit(place))),
    )

    assert standings == ["accepted"] * 3
