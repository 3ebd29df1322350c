"""Past sanction decisions come from a spreadsheet, so that they are known at the door."""

import csv
import json
from pathlib import Path

import pytest

from schemas.ids import new_id
from server.arrivals.verify import verify
from server.imports import check_file, import_file
from server.office import state_of

AUTHORITY = "Chủ tịch UBND xã Triệu Sơn"
ROW = {
    "number": "12/QĐ-XPHC", "authority": AUTHORITY, "operator": "GĐ-001", "codes": "ND38-15.5b",
    "decided_on": "10/03/2026", "sanction": "Phạt tiền", "amount": "12.500.000", "ordered": "main, remedies",
    "main_done_on": "20/03/2026", "remedies_done_on": "chưa",
}  # fmt: skip
HEADER = [*ROW, "establishment", "committed_on", "delivered_on", "additional_done_on", "cancelled_on", "sanctions",
          "evasion_from", "evasion_to"]  # fmt: skip


@pytest.fixture
def operator(central):
    """An operator with a registration number, and a karaoke of code TS-001."""
    id = new_id()
    central.edit("operator", id, {"name": "Hộ kinh doanh Đỗ Văn Được", "form": "household", "registration": "GĐ-001"})
    central.place(code="TS-001", **{"operator/1": {"from": "2019-01-01", "operator": id}})
    return id


@pytest.fixture
def sheet(tmp_path):
    """Return a function that writes rows as a CSV and returns its path."""

    def write(*rows, header=HEADER):
        path = tmp_path / "quyet-dinh.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header, restval="", extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write


@pytest.fixture
def take(central, at, operator):
    """Return a function that imports a file of decisions."""
    return lambda path, **options: import_file(central.db, "decisions", path, author="test", at=at, **options)


def numbers(counts):
    return counts.added, counts.changed, counts.same, counts.bad


def decisions(central):
    rows = central.db.conn.execute("SELECT state FROM things WHERE kind = 'decision' ORDER BY id")
    return [json.loads(row[0]) for row in rows]


def errors(counts):
    with Path(counts.errors).open(encoding="utf-8-sig", newline="") as file:
        return [tuple(row) for row in csv.reader(file)][1:]


def test_a_row_becomes_a_decision_of_its_operator(central, operator, sheet, take):
    assert numbers(take(sheet(ROW))) == (1, 0, 0, 0)
    assert decisions(central) == [
        {
            "number": "12/QĐ-XPHC", "authority": AUTHORITY, "decided_on": "2026-03-10", "sanction": "fine",
            "main_done_on": "2026-03-20", "remedies_done_on": "no", "operator": operator, "codes": ["ND38-15.5b"],
            "amount": 12_500_000, "ordered": ["main", "remedies"],
        }
    ]  # fmt: skip
    assert verify(central.db).problems == ()


def test_the_same_file_again_changes_nothing(central, sheet, take):
    path = sheet(ROW, ROW | {"number": "13"})
    take(path)
    before = central.one("SELECT count(*) FROM arrivals")

    assert numbers(take(path)) == (0, 0, 2, 0)
    assert central.one("SELECT count(*) FROM arrivals") == before


def test_a_later_file_that_knows_more_changes_the_decision(central, sheet, take):
    take(sheet(ROW))

    assert numbers(take(sheet(ROW | {"remedies_done_on": "2026-04-01"}))) == (0, 1, 0, 0)
    assert [one["remedies_done_on"] for one in decisions(central)] == ["2026-04-01"]


def test_what_an_office_person_corrected_since_stands_beside_a_file_that_says_otherwise(central, sheet, take):
    take(sheet(ROW))
    id = central.one("SELECT id FROM decisions")
    central.edit("decision", id, {"main_done_on": "2026-03-25"}, {"main_done_on": "2026-03-20"})

    assert numbers(take(sheet(ROW | {"amount": "12500000", "ordered": "main"}))) == (0, 1, 0, 0)
    assert decisions(central)[0]["main_done_on"] == "2026-03-25"


def test_the_same_number_of_another_authority_is_another_decision(central, sheet, take):
    assert numbers(take(sheet(ROW, ROW | {"authority": "Giám đốc Công an tỉnh"}))) == (2, 0, 0, 0)


def test_without_an_operator_it_is_who_ran_the_place_on_that_day(central, operator, sheet, take):
    later = new_id()
    central.edit("operator", later, {"name": "Công ty TNHH Ánh Dương", "form": "enterprise"})
    place = central.one("SELECT id FROM establishments")
    central.edit("establishment", place, {"operator/2": {"from": "2026-03-10", "operator": later}})
    row = ROW | {"operator": "", "establishment": "TS-001"}

    take(sheet(row | {"committed_on": "2026-03-09"}, row | {"number": "13", "committed_on": "2026-03-10"}))

    assert {one["number"]: one["operator"] for one in decisions(central)} == {"12/QĐ-XPHC": operator, "13": later}


def test_an_operator_is_found_by_name_and_where_many_bear_it_by_the_place(central, operator, sheet, take):
    other = new_id()
    central.edit("operator", other, {"name": "Hộ kinh doanh Đỗ Văn Được", "form": "household"})
    named = ROW | {"operator": "hộ kinh doanh đỗ văn được"}

    counts = take(sheet(named, named | {"number": "13", "establishment": "TS-001"}))

    assert numbers(counts) == (1, 0, 0, 1)
    assert [one["operator"] for one in decisions(central)] == [operator]
    assert "Có nhiều chủ cơ sở" in errors(counts)[0][3]


def test_an_operator_that_was_merged_away_is_the_one_that_survives(central, operator, sheet, take):
    surviving = new_id()
    central.edit("operator", surviving, {"name": "Hộ kinh doanh Đỗ Văn Được", "form": "household"})
    central.edit("operator", operator, {"merged_into": surviving})

    take(sheet(ROW))

    assert [one["operator"] for one in decisions(central)] == [surviving]


def test_the_sanction_of_each_act_is_read(central, sheet, take):
    row = ROW | {"codes": "nd38-15.5B; ND38-15.6b", "sanctions": "ND38-15.5b=phạt tiền; nd38-15.6b=cảnh cáo"}

    take(sheet(row))

    assert decisions(central)[0]["codes"] == ["ND38-15.5b", "ND38-15.6b"]
    assert decisions(central)[0]["sanctions"] == {"ND38-15.5b": "fine", "ND38-15.6b": "warning"}


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"codes": "ND38-99"}, "codes", "Không có mã hành vi ND38-99"),
        ({"codes": ""}, "codes", "Chưa ghi mã hành vi"),
        ({"authority": ""}, "authority", "Chưa ghi cơ quan"),
        ({"sanction": "tịch thu"}, "sanction", "ghi một trong: warning, fine, none"),
        ({"sanctions": "ND38-15.5b=giam"}, "sanctions", "Không hiểu “giam”"),
        ({"sanctions": "ND38-15.6b=fine"}, "sanctions", "không có trong codes"),
        ({"operator": "Người lạ"}, "operator", "Không có chủ cơ sở “Người lạ”"),
        ({"operator": ""}, "operator", "chưa rõ ai là chủ"),
        ({"establishment": "TS-404"}, "establishment", "Không có cơ sở mã TS-404"),
        ({"main_done_on": "09/03/2026"}, "main_done_on", "trước ngày quyết định"),
        ({"committed_on": "11/03/2026"}, "committed_on", "sau ngày quyết định"),
        ({"evasion_from": "01/06/2026", "evasion_to": "01/05/2026"}, "evasion_to", "trước ngày bắt đầu"),
        ({"decided_on": "10/03/2062"}, "decided_on", "xem lại năm"),
        ({"amount": "nhiều"}, "amount", "Số tiền không đúng"),
        ({"ordered": "tù"}, "ordered", "ghi một trong: main, additional, remedies"),
    ],
)
def test_a_row_that_cannot_be_is_reported_and_stops_no_other(central, sheet, take, cells, column, words):
    counts = take(sheet(ROW | cells, ROW | {"number": "13"}))

    assert numbers(counts) == (1, 0, 0, 1)
    line, found, _, reason = errors(counts)[0]
    assert (line, found) == ("2", column)
    assert words in reason


def test_a_dry_run_writes_nothing(central, at, operator, sheet):
    counts = check_file(central.db, "decisions", sheet(ROW, ROW | {"codes": ""}), author="test", at=at)

    assert numbers(counts) == (1, 0, 0, 1)
    assert decisions(central) == []


def test_headers_that_offices_write_are_understood(central, operator, sheet, take):
    header = ["Số quyết định", "Cơ quan ra quyết định", "Chủ cơ sở", "Mã hành vi", "Ngày quyết định", "Hình thức"]
    row = dict(zip(header, ("12", AUTHORITY, "GĐ-001", "ND38-15.5b", "10/03/2026", "Cảnh cáo"), strict=True))

    assert numbers(take(sheet(row, header=header))) == (1, 0, 0, 0)
    assert decisions(central)[0]["sanction"] == "warning"


def test_a_decision_entered_by_hand_is_the_one_that_a_row_names(central, operator, sheet, take):
    state = {"number": "12/QĐ-XPHC", "authority": AUTHORITY, "operator": operator, "codes": ["ND38-15.5b"],
             "decided_on": "2026-03-10", "sanction": "fine"}  # fmt: skip
    id = new_id()
    central.edit("decision", id, state)

    assert numbers(take(sheet(ROW))) == (0, 1, 0, 0)
    assert state_of(central.db.conn, "decision", id)["main_done_on"] == "2026-03-20"
