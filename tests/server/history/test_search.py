"""The search forgives: marks, đ, old and new tone places, a slip of the hand, a name that no longer stands."""

import json

import pytest

from schemas.ids import new_id
from schemas.items import name_of
from schemas.minutes_code import short_of
from server.arrivals.verify import verify
from server.arrivals.world import unit_tree
from server.changes import apply_lines
from server.changes.desk import Desk
from server.changes.erasing import erase
from server.clock import local_day
from server.history.reach import area_of
from server.history.search import search
from tests.conftest import AT, COMMUNE, ELSEWHERE


@pytest.fixture
def find(central):
    """Return a function that searches in an area and returns what was found, as (name, by what)."""

    def ask(asked, area=COMMUNE):
        tree = unit_tree(central.db.conn)
        found = search(central.db.conn, tree, asked, area_of(tree, area))
        return [(hit.name, hit.by) for hit in found.hits]

    return ask


@pytest.fixture
def place(central):
    """A karaoke with everything that can be looked for."""
    operator = new_id()
    central.edit("operator", operator, {"name": "Hộ kinh doanh Đỗ Thị Hòa", "form": "household",
                                        "registration": "26H8-00123"})  # fmt: skip
    return central.place(
        name="Karaoke Thủy Tiên", code="TS-0042",
        **{
            "place/1": {"from": "2019-01-01", "epoch": "new", "unit": COMMUNE[4:], "address": "Số 12, đường Lê Lợi"},
            "operator/1": {"from": "2019-01-01", "operator": operator},
            "licence/1": {"type": "antt_certificate", "number": "158/GCN-ANTT"},
        },
    )  # fmt: skip


@pytest.mark.parametrize("asked", [
    "Karaoke Thủy Tiên", "karaoke thuỷ tiên", "KARAOKE THUY TIEN", "thuy tien", "thủi tiên", "karaoek thủy tiên",
    "karaoke thuy tein", "karaokethuytien", "karao ke thủy tiên", "thủy tiên thọ bình", "kara", "tiên thủy",
])  # fmt: skip
def test_a_name_is_found_however_it_is_typed(central, place, find, asked):
    if "thọ bình" in asked:
        unit = unit_tree(central.db.conn).get(COMMUNE).name
        asked = asked.replace("thọ bình", unit)

    assert ("Karaoke Thủy Tiên", "name") in find(asked)


@pytest.mark.parametrize(("asked", "by"), [
    ("12 lê lợi", "address"), ("158/GCN-ANTT", "licence"), ("158 gcn antt", "licence"), ("158GCNANT", "licence"),
    ("158/GCN-ATNT", "licence"), ("TS-0042", "code"), ("ts0042", "code"),
])  # fmt: skip
def test_a_place_is_found_by_its_papers_and_its_address(place, find, asked, by):
    assert find(asked) == [("Karaoke Thủy Tiên", by)]


@pytest.mark.parametrize(("asked", "by"), [
    ("đỗ thị hoà", "name"), ("do thi hoa", "name"), ("ðỗ thị hòa", "name"), ("26H8-00123", "registration"),
])  # fmt: skip
def test_an_operator_is_found_by_name_and_number(place, find, asked, by):
    assert ("Hộ kinh doanh Đỗ Thị Hòa", by) in find(asked)


def test_a_name_that_no_longer_stands_is_found_and_said_to_be_old(central, place, find):
    central.edit("establishment", place, {"name": "Karaoke Ánh Dương"}, {"name": "Karaoke Thủy Tiên"})

    assert find("thủy tiên") == [("Karaoke Ánh Dương", "old_name")]
    assert find("ánh dương") == [("Karaoke Ánh Dương", "name")]


def test_an_address_that_was_left_is_found_and_said_to_be_old(central, place, find):
    span = {"from": "2026-05-01", "epoch": "new", "unit": COMMUNE[4:], "address": "Số 7, đường Bà Triệu"}
    central.edit("establishment", place, {"place/2": span})

    assert find("12 lê lợi") == [("Karaoke Thủy Tiên", "old_address")]


def test_the_best_stands_first(central, find):
    for name in ("Karaoke Đông Đô Mới", "Karaoke Đông Đông", "Karaoke Đông Đô"):
        central.place(name=name)

    assert next(name for name, _ in find("karaoke đông đô")) == "Karaoke Đông Đô"


def test_what_is_something_else_is_not_found(place, find):
    assert [find(asked) for asked in ("hoàng gia", "99/GCN-ANTT", "xyz", "", "  ", "'\"*", "%", "a", "–")] == [[]] * 9


def test_nothing_outside_the_area_is_found_and_an_operators_places_there_are_only_counted(central, place, find):
    operator = central.one("SELECT operator FROM operator_places")
    other = central.place(ELSEWHERE, name="Karaoke Thủy Tiên 2", **{"operator/1": {"from": "2020-01-01",
                                                                                   "operator": operator}})  # fmt: skip
    tree = unit_tree(central.db.conn)
    found = search(central.db.conn, tree, "đỗ thị hòa", area_of(tree, COMMUNE)).hits

    assert [name for name, _ in find("thủy tiên")] == ["Karaoke Thủy Tiên"]
    assert [(hit.here, hit.elsewhere) for hit in found] == [(1, 1)]
    assert other not in json.dumps([vars(hit) for hit in found])
    assert find("thủy tiên", "new:15754") == []


def test_a_merged_record_leads_to_the_one_that_stands_for_it(central, place, find):
    double = central.place(name="Quán Sao Đêm")
    central.edit("establishment", double, {"merged_into": place})

    assert find("sao đêm") == [("Karaoke Thủy Tiên", "old_name")]


def test_the_code_on_minutes_leads_to_the_place(central, place, find):
    laptop = central.laptop()
    line = laptop.visit(place)
    laptop.sends(line)
    digits = short_of(name_of(line)).text()
    tree = unit_tree(central.db.conn)

    assert find(digits) == [("Karaoke Thủy Tiên", "minutes")]
    assert find(digits, ELSEWHERE) == []
    wrong = search(central.db.conn, tree, digits[:-1] + str((int(digits[-1]) + 1) % 10), None)
    assert "Mã không đúng" in wrong.problem


def test_the_rows_of_the_search_are_proved_after_merges_conflicts_and_old_names(central, place):
    laptop = central.laptop()
    mine = laptop.line("establishment", place, {"set": {"name": "Của máy"}, "was": {"name": "Tên khác"}})
    laptop.sends(mine)
    central.edit("establishment", place, {"name": "Karaoke Ánh Dương"}, {"name": "Karaoke Thủy Tiên"})

    assert verify(central.db).problems == ()


def test_a_name_that_was_erased_is_found_no_more_and_the_rows_are_still_proved(central, place, find):
    wrong = central.edit("establishment", place, {"name": "Quán của bà Bí Mật"}, {"name": "Karaoke Thủy Tiên"})
    again = central.edit("establishment", place, {"name": "Karaoke Ánh Dương"}, {"name": "Quán của bà Bí Mật"})
    assert [wrong.standing, again.standing] == ["accepted", "accepted"]
    assert find("bí mật") == [("Karaoke Ánh Dương", "old_name")]

    desk = Desk(central.db.conn, "Phạm Văn Lâm", local_day(AT))
    erase(central.db, desk, {"item": wrong.item, "ground": "Công văn số 12", "keep_rest": True}, AT)

    assert find("bí mật") == []
    assert find("thủy tiên") == [("Karaoke Ánh Dương", "old_name")]
    assert find("ánh dương") == [("Karaoke Ánh Dương", "name")]
    assert verify(central.db).problems == ()
    files = b"".join(path.read_bytes() for path in central.settings.data.iterdir() if path.is_file())
    assert b"quan cua ba bi mat" not in files


def test_a_settled_name_is_found_and_proved(central, place, find):
    laptop = central.laptop()
    mine = laptop.line("establishment", place, {"set": {"name": "Tên của máy"}, "was": {"name": "Tên khác"}})
    assert laptop.sends(mine) == ["conflict"]
    assert find("tên của máy") == []
    (answer,) = apply_lines(
        central.db, [json.dumps({"do": "settle", "item": name_of(mine), "keep": "mine"})], author="test", at=AT
    )

    assert answer["standing"] == "accepted", answer
    assert find("tên của máy") == [("Tên của máy", "name")]
    assert verify(central.db).problems == ()
