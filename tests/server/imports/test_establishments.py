"""A register of establishments comes from the office's spreadsheet, year after year."""

import csv
from pathlib import Path

import pytest

from server.imports import check_file
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


def test_a_row_becomes_a_place_with_its_spans_papers_and_operator(central, sheet, take):
    counts = take(sheet(ROW | {"closed_on": "31/12/2025", "lat": "19.82", "lon": "105,6"}))

    place = state(central, "TS-001")
    operator = state_of(central.db.conn, "operator", place["operator/1"]["operator"])
    assert numbers(counts) == (1, 0, 0, 0)
    assert counts.errors is None
    assert place["place/1"] == {
        "from": "2019-03-01", "epoch": "new", "unit": "15664", "address": "Phố Giắt", "lat": 19.82, "lon": 105.6
    }  # fmt: skip
    assert {place[path]["kind"] for path in place if path.startswith("kind/")} == {"karaoke", "lodging"}
    assert place["status/1"] == {"from": "2019-03-01", "status": "open"}
    assert place["status/2"] == {"from": "2025-12-31", "status": "closed"}
    assert place["licence/operating"] == {"type": "operating_licence", "number": "05/GP", "from": "2020-02-01"}
    assert operator == {"name": "Nguyễn Văn Đức", "form": "household"}


def test_the_same_file_again_changes_nothing(central, sheet, take):
    path = sheet(ROW, ROW | {"code": "TS-002", "name": "Nhà nghỉ Ý Yên"})
    take(path)
    before = central.one("SELECT count(*) FROM arrivals")

    assert numbers(take(path)) == (0, 0, 2, 0)
    assert central.one("SELECT count(*) FROM arrivals") == before


def test_a_correction_made_at_the_office_stands(central, sheet, take):
    take(sheet(ROW))
    place = state(central, "TS-001")
    id = central.one("SELECT id FROM establishments")
    central.edit("establishment", id, {"name": "Karaoke Đông Đô 2"}, place)

    counts = take(sheet(ROW | {"phone": "0900000000"}))

    assert numbers(counts) == (0, 1, 0, 0)
    assert state(central, "TS-001")["name"] == "Karaoke Đông Đô 2"
    assert state(central, "TS-001")["phone"] == "0900000000"


def test_a_field_changed_on_both_sides_is_kept_twice_and_reported_once(central, sheet, take):
    take(sheet(ROW))
    id = central.one("SELECT id FROM establishments")
    central.edit("establishment", id, {"name": "Tên của văn phòng"}, state(central, "TS-001"))
    path = sheet(ROW | {"name": "Tên của sổ", "phone": "1"})

    first, second = take(path), take(path)

    assert numbers(first) == (0, 0, 0, 1)
    assert numbers(second) == (0, 0, 1, 0)
    assert state(central, "TS-001")["name"] == "Tên của văn phòng"
    assert state(central, "TS-001")["phone"] == "1"
    assert second.errors is None


def test_the_report_of_a_field_changed_on_both_sides_names_both_values(central, sheet, take):
    take(sheet(ROW))
    id = central.one("SELECT id FROM establishments")
    central.edit("establishment", id, {"name": "Tên của văn phòng"}, state(central, "TS-001"))

    [(line, column, value, reason)] = errors(take(sheet(ROW | {"name": "Tên của sổ"})))

    assert (line, column, value) == ("2", "name", "Tên của sổ")
    assert "Tên của văn phòng" in reason


def test_what_the_source_takes_back_goes_away(central, sheet, take):
    take(sheet(ROW | {"closed_on": "2025-12-31"}))

    take(sheet(ROW))

    assert "status/2" not in state(central, "TS-001")


def test_a_column_that_a_file_does_not_have_is_not_touched(central, sheet, take):
    take(sheet(ROW))

    counts = take(sheet({"code": "TS-001", "phone": "0999"}, header=["code", "phone"]))

    assert numbers(counts) == (0, 1, 0, 0)
    assert state(central, "TS-001")["phone"] == "0999"
    assert state(central, "TS-001")["name"] == "Karaoke Đông Đô"


def test_a_register_that_goes_over_to_the_new_map_leaves_the_past_on_the_old_one(central, sheet, take):
    take(sheet(ROW | {"unit_epoch": "old"}))

    take(sheet(ROW | {"unit_epoch": "new"}))

    place = state(central, "TS-001")
    assert (place["place/1"]["epoch"], place["place/1"]["from"]) == ("old", "2019-03-01")
    assert (place["place/2"]["epoch"], place["place/2"]["from"]) == ("new", "2025-07-01")


@pytest.mark.parametrize(
    ("cells", "first"),
    [
        ({"opened_on": ""}, "2020-02-01"),
        ({"opened_on": "", "licence_from": ""}, "2026-01-01"),
        ({"opened_on": "", "licence_from": "", "closed_on": "2024-05-05"}, "2024-01-01"),
    ],
)
def test_a_place_without_a_first_day_is_open_from_its_oldest_paper_or_this_year(central, sheet, take, cells, first):
    take(sheet(ROW | cells))

    assert state(central, "TS-001")["status/1"]["from"] == first


def test_a_renewed_licence_does_not_move_the_first_day(central, sheet, take):
    take(sheet(ROW | {"opened_on": ""}))

    take(sheet(ROW | {"opened_on": "", "licence_from": "2026-03-01"}))

    assert state(central, "TS-001")["status/1"]["from"] == "2020-02-01"


def test_two_places_of_one_operator_name_it_once(central, sheet, take):
    take(sheet(ROW, ROW | {"code": "TS-002", "operator": "NGUYỄN VĂN ĐỨC"}))

    assert central.one("SELECT count(*) FROM things WHERE kind = 'operator'") == 1


def test_an_operator_spelt_in_two_ways_under_one_number_is_not_changed_at_every_import(central, sheet, take):
    path = sheet(
        ROW | {"operator": "Cty TNHH An", "operator_no": "28001"},
        ROW | {"code": "TS-002", "operator": "Công ty TNHH An", "operator_no": "28001"},
    )
    take(path)

    assert numbers(take(path)) == (0, 0, 2, 0)
    assert central.one("SELECT count(*) FROM items WHERE kind = 'operator'") == 1


def test_an_operator_that_is_given_a_number_later_stays_the_same(central, sheet, take):
    take(sheet(ROW))
    operator = state(central, "TS-001")["operator/1"]["operator"]

    take(sheet(ROW | {"operator_no": "28001"}))

    assert state(central, "TS-001")["operator/1"]["operator"] == operator
    assert state_of(central.db.conn, "operator", operator)["registration"] == "28001"


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"kinds": "casino"}, "kinds", "Không có loại hình “casino”"),
        ({"opened_on": "05/11/2062"}, "opened_on", "05/11/2062"),
        ({"opened_on": "31/02/2020"}, "opened_on", "Ngày không đúng"),
        ({"unit_code": "99999"}, "unit_code", "Không có xã mã 99999"),
        ({"unit_epoch": "old", "unit_code": "397"}, "unit_code", "Huyện Triệu Sơn"),
        ({"unit_epoch": ""}, "unit_epoch", "cả hai bản đồ"),
        ({"name": ""}, "name", "Chưa ghi tên"),
        ({"name": "K" * 301}, "name", "300"),
        ({"closed_on": "2018-01-01"}, "closed_on", "trước ngày hoạt động"),
        ({"lat": "19.8"}, "lat", "cả vĩ độ và kinh độ"),
        ({"lat": "119", "lon": "105"}, "lat", "±90"),
        ({"operator_form": "hội"}, "operator_form", "Không có lựa chọn"),
        ({"code": ""}, "code", "Chưa ghi mã"),
    ],
)
def test_a_bad_row_is_reported_with_line_column_and_reason_and_the_others_go_in(
    central, sheet, take, cells, column, words
):
    counts = take(sheet(ROW | {"code": "TS-000"}, ROW | cells, ROW | {"code": "TS-009"}))

    found = errors(counts)
    assert numbers(counts) == (2, 0, 0, 1)
    assert [(line, name) for line, name, _, _ in found] == [("3", column)]
    assert words in found[0][3]
    assert central.one("SELECT count(*) FROM aside") == 0


def test_a_bad_row_that_was_put_right_goes_in_and_its_report_goes_away(central, sheet, take):
    counts = take(sheet(ROW | {"kinds": "casino"}))

    again = take(sheet(ROW))

    assert numbers(again) == (1, 0, 0, 0)
    assert not Path(counts.errors).exists()


def test_a_code_twice_with_other_data_is_refused_the_second_time(central, sheet, take):
    counts = take(sheet(ROW, ROW | {"name": "Khác"}, ROW))

    assert numbers(counts) == (1, 0, 1, 1)
    assert "dòng 2" in errors(counts)[0][3]


def test_a_place_that_bears_the_code_already_is_that_place(central, sheet, take):
    id = central.place(code="TS-001")

    counts = take(sheet(ROW | {"phone": "0912"}))

    assert numbers(counts) == (0, 1, 0, 0)
    assert central.one("SELECT count(*) FROM establishments") == 1
    assert state_of(central.db.conn, "establishment", id)["phone"] == "0912"


def test_a_trial_counts_and_reports_and_writes_nothing_else(central, sheet, at):
    path = sheet(ROW, ROW | {"code": "TS-002", "kinds": "casino"})
    before = central.one("SELECT count(*) FROM arrivals")

    counts = check_file(central.db, "establishments", path, author="test", at=at)

    assert numbers(counts) == (1, 0, 0, 1)
    assert errors(counts)[0][0] == "3"
    assert central.one("SELECT count(*) FROM arrivals") == before
    assert central.one("SELECT count(*) FROM import_rows") == 0


def test_an_import_that_was_cut_short_makes_nothing_twice(central, sheet, take, monkeypatch):
    path = sheet(*(ROW | {"code": f"TS-{n:03d}", "operator": f"Chủ {n}"} for n in range(400)))
    steps = iter(range(100))

    def stop_after_two(done, total):
        if next(steps) == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take(path, progress=stop_after_two)
    # As if the power had gone between the change and the note of it.
    central.db.execute("UPDATE import_rows SET said = '' WHERE key IN ('TS-000', 'TS-200', 'name:chu 7|household')")

    counts = take(path)

    assert counts.added + counts.same == 400
    assert central.one("SELECT count(*) FROM establishments") == 400
    assert central.one("SELECT count(*) FROM things WHERE kind = 'operator'") == 400
    assert central.one("SELECT count(*) FROM aside") == 0
