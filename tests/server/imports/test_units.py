"""The maps come from a file, with what became of each old commune."""

import csv
from pathlib import Path

import pytest

from server.arrivals.world import unit_tree
from server.imports import import_file
from server.office import state_of

HEADER = ["epoch", "code", "name", "level", "parent", "valid_from", "valid_to"]
COMMUNE = {"epoch": "old", "code": "90001", "name": "Xã Giả Định", "level": "commune", "parent": "397"}
NEW = {"epoch": "new", "code": "90009", "name": "Xã Mới", "level": "xã", "parent": "38", "valid_from": "01/07/2025"}


@pytest.fixture
def take(central, at, tmp_path):
    """Return a function that imports rows of units, and pairs of codes."""

    def run(*rows, pairs=()):
        path, successors = tmp_path / "don-vi.csv", tmp_path / "ke-tiep.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, HEADER, restval="")
            writer.writeheader()
            writer.writerows(rows)
        successors.write_text("old_code,new_code\n" + "".join(f"{old},{new}\n" for old, new in pairs), encoding="utf-8")
        options = {"successors": successors} if pairs else {}
        return import_file(central.db, "units", path, author="test", at=at, **options)

    return run


def numbers(counts):
    return counts.added, counts.changed, counts.same, counts.bad


def reasons(counts):
    with Path(counts.errors).open(encoding="utf-8-sig", newline="") as file:
        return [row[3] for row in csv.reader(file)][1:]


def test_a_unit_comes_in_with_its_successors_whatever_the_order(central, take):
    district = {"epoch": "old", "code": "990", "name": "Huyện Giả", "level": "district", "parent": "38"}

    counts = take(COMMUNE | {"parent": "990"}, NEW, district, pairs=[("90001", "90009"), ("90001", "15664")])

    tree = unit_tree(central.db.conn)
    assert numbers(counts) == (3, 0, 0, 0)
    assert tree.ancestors("old:90001") == ("old:990", "old:38")
    assert tree.successors("old:90001") == ("new:15664", "new:90009")


def test_the_same_file_again_changes_nothing(take):
    rows = (COMMUNE, NEW)
    take(*rows, pairs=[("90001", "90009")])

    assert numbers(take(*rows, pairs=[("90001", "90009")])) == (0, 0, 2, 0)


def test_units_that_came_with_the_program_are_the_same_or_renamed(central, take):
    same = {"epoch": "new", "code": "15664", "name": "Xã Triệu Sơn", "level": "commune", "parent": "38"}
    renamed = {"epoch": "old", "code": "15667", "name": "Xã Tên Khác", "level": "commune", "parent": "397"}

    counts = take(same | {"valid_from": "2025-07-01"}, renamed | {"valid_to": "2025-06-30"})

    assert numbers(counts) == (0, 1, 1, 0)
    assert state_of(central.db.conn, "unit", "old:15667")["name"] == "Xã Tên Khác"
    assert state_of(central.db.conn, "unit", "old:15667")["successors"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (COMMUNE | {"parent": "15664"}, "không ở cấp trên"),
        (COMMUNE | {"parent": "40404"}, "Không có đơn vị mã 40404"),
        (COMMUNE | {"level": "thôn"}, "Không có lựa chọn"),
        (COMMUNE | {"name": ""}, "Chưa nhập"),
        (COMMUNE | {"valid_from": "2025-01-02", "valid_to": "2025-01-01"}, "trước ngày bắt đầu"),
        ({"epoch": "old", "code": "397", "name": "Huyện", "level": "commune", "parent": "38"}, "trực thuộc"),
    ],
)
def test_a_unit_that_would_break_the_map_is_refused_and_the_map_still_reads(central, take, row, words):
    counts = take(row, NEW)

    assert numbers(counts) == (1, 0, 0, 1)
    assert words in reasons(counts)[0]
    assert unit_tree(central.db.conn).get("new:90009")


def test_a_successor_that_is_not_there_is_named(take):
    assert "12345" in reasons(take(COMMUNE, pairs=[("90001", "12345")]))[0]
