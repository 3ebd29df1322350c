"""Past inspections come from the paper files, so that earlier years count."""

import csv
import json
from pathlib import Path

import pytest

from schemas.ids import new_id
from schemas.items import read
from server.imports import import_file

HEADER = ["code", "establishment", "date", "team", "basis", "outcome", "found_working", "violations", "number"]
ROW = {
    "code": "BB-1", "establishment": "TS-001", "date": "12/05/2024", "team": "Đội 178 Triệu Sơn",
    "basis": "planned", "outcome": "no_violation", "found_working": "1", "number": "01/BB",
}  # fmt: skip


@pytest.fixture
def sheet(tmp_path):
    """Return a function that writes rows as a CSV and returns its path."""

    def write(*rows, header=HEADER):
        path = tmp_path / "kiem-tra.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header, restval="")
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write


@pytest.fixture
def take(central, at):
    """Return a function that imports a file of inspections into a server with one place and one team."""
    central.place(code="TS-001")
    state = {"name": "Đội 178 Triệu Sơn", "level": "district", "epoch": "old", "area": "397"}
    central.edit("team", new_id(), state)

    def run(path):
        return import_file(central.db, "inspections", path, author="test", at=at)

    return run


def numbers(counts):
    return counts.added, counts.changed, counts.same, counts.bad


def errors(counts):
    with Path(counts.errors).open(encoding="utf-8-sig", newline="") as file:
        return [tuple(row) for row in csv.reader(file)][1:]


def body(central):
    line = central.one("SELECT line FROM visits JOIN items ON items.name = visits.item")
    return read(bytes(line)).body


def test_a_past_inspection_counts_though_nobody_is_made_up_for_it(central, sheet, take):
    counts = take(sheet(ROW))

    assert numbers(counts) == (1, 0, 0, 0)
    assert central.one("SELECT counting FROM visits") == 1
    assert central.one("SELECT members FROM visits") == 0
    assert central.one("SELECT comment FROM reviews") == "Nhập từ hồ sơ giấy"
    assert body(central)["found_working"] is True
    assert body(central)["number"] == "01/BB"


def test_the_same_file_again_changes_nothing(central, sheet, take):
    path = sheet(ROW, ROW | {"code": "BB-2", "date": "2023-03-03"})
    take(path)
    before = central.one("SELECT count(*) FROM arrivals")

    assert numbers(take(path)) == (0, 0, 2, 0)
    assert central.one("SELECT count(*) FROM arrivals") == before


def test_two_rows_of_one_place_and_day_are_two_inspections(central, sheet, take):
    take(sheet(ROW, ROW | {"code": "BB-2"}))

    assert central.one("SELECT count(*) FROM visits") == 2


def test_a_changed_row_corrects_the_inspection_it_made(central, sheet, take):
    take(sheet(ROW))

    counts = take(sheet(ROW | {"date": "13/05/2024"}))

    assert numbers(counts) == (0, 1, 0, 0)
    assert central.one("SELECT revision FROM visits") == 2
    assert central.one("SELECT date FROM visits") == "2024-05-13"
    assert central.one("SELECT counting FROM visits") == 1
    assert "20/11/2026" in body(central)["reason"]


def test_a_violation_keeps_its_id_through_a_correction(central, sheet, take):
    row = ROW | {"outcome": "violations", "violations": "ND38-15.5b; Mở quá giờ"}
    take(sheet(row))
    before = body(central)["violations"]

    take(sheet(row | {"number": "02/BB"}))

    assert body(central)["violations"] == before


def test_codes_in_force_that_day_are_coded_and_all_else_keeps_its_text(central, sheet, take):
    take(sheet(ROW | {"outcome": "violations", "violations": "nd38-15.5B;ND106-9.1; Mở quá giờ ;"}))

    acts = [(act.get("code", ""), act["text"]) for act in body(central)["violations"]]
    assert acts[0][0] == "ND38-15.5b"
    assert acts[1:] == [("", "ND106-9.1"), ("", "Mở quá giờ")]  # the first came into force in 2025


def test_a_correction_made_at_the_office_stands_and_the_row_is_kept_beside_it(central, sheet, take):
    take(sheet(ROW))
    laptop = central.laptop()
    first = bytes(central.one("SELECT line FROM items WHERE kind = 'inspection'"))
    place = central.one("SELECT id FROM establishments")
    laptop.sends(laptop.visit(place, base=first, revision=2, date="2024-05-20", reason="Sửa ngày"))

    counts = take(sheet(ROW | {"date": "13/05/2024"}))

    assert numbers(counts) == (0, 0, 0, 1)
    assert "giữ cả hai" in errors(counts)[0][3]
    assert central.one("SELECT date FROM visits") == "2024-05-20"


def test_an_attempt_does_not_count_and_needs_no_review(central, sheet, take):
    take(sheet(ROW | {"outcome": "đóng cửa", "found_working": ""}))

    assert central.one("SELECT outcome FROM visits") == "closed_tonight"
    assert central.one("SELECT counting FROM visits") == 0
    assert central.one("SELECT count(*) FROM reviews") == 0


def test_an_unscheduled_inspection_says_that_its_ground_is_on_the_paper(central, sheet, take):
    take(sheet(ROW | {"basis": "đột xuất"}))

    assert body(central)["basis"] == "unscheduled"
    assert "hồ sơ gốc" in body(central)["ground"]


def test_a_place_that_was_merged_away_stands_back_for_the_other_of_its_code(central, sheet, take):
    merged = central.place(code="TS-001")
    standing = central.one("SELECT id FROM establishments WHERE id <> ?", merged)
    central.edit("establishment", merged, {"merged_into": standing})

    take(sheet(ROW))

    assert central.one("SELECT establishment FROM visits") == standing


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"team": "Đội không có"}, "team", "Đội không có"),
        ({"establishment": "TS-404"}, "establishment", "Không có cơ sở mã TS-404"),
        ({"date": "05/11/2062"}, "date", "05/11/2062"),
        ({"date": "2004-11-06"}, "date", "178/2004"),
        ({"outcome": "đạt"}, "outcome", "Không có lựa chọn"),
        ({"outcome": "violations"}, "violations", "chưa ghi hành vi"),
        ({"violations": "Mở quá giờ"}, "outcome", "violations"),
        ({"basis": ""}, "basis", "Chưa ghi hình thức"),
        ({"found_working": "2"}, "found_working", "Không có lựa chọn"),
        ({"code": ""}, "code", "Chưa ghi mã"),
    ],
)
def test_a_bad_row_is_named_and_the_others_go_in(central, sheet, take, cells, column, words):
    counts = take(sheet(ROW | {"code": "BB-0"}, ROW | cells, ROW | {"code": "BB-9"}))

    found = errors(counts)
    assert numbers(counts) == (2, 0, 0, 1)
    assert [(line, name) for line, name, *_ in found] == [("3", column)]
    assert words in found[0][3]
    assert central.one("SELECT count(*) FROM aside") == 0


def test_a_team_name_that_two_teams_bear_is_asked_about(central, sheet, take):
    central.edit("team", new_id(), {"name": "ĐỘI 178 TRIỆU SƠN", "level": "commune", "epoch": "new", "area": "15664"})

    assert "nhiều đội" in errors(take(sheet(ROW)))[0][3]


def test_a_row_may_name_the_team_by_its_id(central, sheet, take):
    team = central.one("SELECT id FROM things WHERE kind = 'team'")

    assert numbers(take(sheet(ROW | {"team": team}))) == (1, 0, 0, 0)


def test_an_import_that_was_cut_short_makes_no_inspection_twice(central, sheet, take):
    path = sheet(ROW)
    take(path)
    central.db.execute("UPDATE import_rows SET said = ''")  # as if the power had gone before it was noted

    counts = take(path)

    assert numbers(counts) == (0, 0, 1, 0)
    assert central.one("SELECT count(*) FROM items WHERE kind = 'inspection'") == 1
    assert central.one("SELECT count(*) FROM aside") == 0
    assert json.loads(central.one("SELECT said FROM import_rows"))[1]["revision"] == 1
