"""The two maps that come with the program, and the ways between them."""

import csv
import unicodedata
from collections import Counter
from datetime import date
from importlib.resources import files

import pytest

from schemas.units import (
    AdminUnit,
    Epoch,
    Level,
    UnitTree,
    epoch_on,
    packaged_successors,
    packaged_units,
    unit_key,
)

TYPE_WORDS = {
    Level.PROVINCE: ("Tỉnh ", "Thành phố "),
    Level.DISTRICT: ("Huyện ", "Thị xã ", "Thành phố "),
    Level.COMMUNE: ("Xã ", "Phường ", "Thị trấn ", "Đặc khu "),
}
CODE_LENGTH = {Level.PROVINCE: 2, Level.DISTRICT: 3, Level.COMMUNE: 5}

TRIEU_SON = {
    ("15664", "Xã Triệu Sơn"): {
        "Thị trấn Triệu Sơn",
        "Xã Minh Sơn",
        "Xã Dân Lực",
        "Xã Dân Lý",
        "Xã Dân Quyền",
    },
    ("15667", "Xã Thọ Bình"): {"Xã Thọ Sơn", "Xã Thọ Bình", "Xã Bình Sơn"},
    ("15682", "Xã Hợp Tiến"): {"Xã Hợp Lý", "Xã Hợp Tiến", "Xã Hợp Thành", "Xã Triệu Thành", "Xã Hợp Thắng"},
    ("15715", "Xã Tân Ninh"): {"Xã Vân Sơn", "Xã Thái Hòa", "Thị trấn Nưa"},
    ("15724", "Xã Đồng Tiến"): {"Xã Đồng Lợi", "Xã Đồng Tiến", "Xã Đồng Thắng"},
    ("15754", "Xã Thọ Ngọc"): {"Xã Thọ Tiến", "Xã Xuân Thọ", "Xã Thọ Ngọc", "Xã Thọ Cường"},
    ("15763", "Xã Thọ Phú"): {"Xã Xuân Lộc", "Xã Thọ Dân", "Xã Thọ Tân", "Xã Thọ Phú", "Xã Thọ Thế"},
    ("15766", "Xã An Nông"): {"Xã An Nông", "Xã Tiến Nông", "Xã Khuyến Nông", "Xã Nông Trường"},
}
SPLIT = {"14758", "15016", "15271", "15328", "15637", "15772", "15793", "16264", "16273", "16435"}


@pytest.fixture(scope="module")
def tree():
    return UnitTree(packaged_units(), packaged_successors())


def names(tree, keys):
    return {tree.get(key).name for key in keys}


def make_unit(code, level, parent="", epoch=Epoch.NEW):
    return AdminUnit(epoch, code, f"Xã {code}", level, parent, None, None)


def test_the_files_have_the_columns_that_imports_use():
    data = files("schemas.data")

    units = next(csv.reader([data.joinpath("units.csv").read_text("utf-8").splitlines()[0]]))
    successors = next(csv.reader([data.joinpath("successors.csv").read_text("utf-8").splitlines()[0]]))

    assert units == ["epoch", "code", "name", "level", "parent", "valid_from", "valid_to"]
    assert successors == ["old_code", "new_code"]


def test_the_files_hold_thanh_hoa_before_and_the_country_after():
    count = Counter((unit.epoch, unit.level) for unit in packaged_units())

    assert count == {
        (Epoch.OLD, Level.PROVINCE): 1,
        (Epoch.OLD, Level.DISTRICT): 26,
        (Epoch.OLD, Level.COMMUNE): 547,
        (Epoch.NEW, Level.PROVINCE): 34,
        (Epoch.NEW, Level.COMMUNE): 3321,
    }


def test_no_key_is_there_twice():
    count = Counter(unit.key for unit in packaged_units())

    assert [key for key, times in count.items() if times > 1] == []


def test_every_unit_has_its_type_word_its_code_length_and_nfc():
    for unit in packaged_units():
        assert unit.name.startswith(TYPE_WORDS[unit.level]), unit
        assert unit.code.isdigit(), unit
        assert len(unit.code) == CODE_LENGTH[unit.level], unit
        assert unicodedata.is_normalized("NFC", unit.name), unit
        assert unit.name == " ".join(unit.name.split()), unit


def test_every_unit_but_a_province_lies_in_a_unit_of_its_own_map(tree):
    for unit in packaged_units():
        assert (unit.parent == "") == (unit.level is Level.PROVINCE), unit
        assert not unit.parent or tree.get(unit.parent_key), unit


def test_the_old_map_ends_the_day_before_the_new_one_begins():
    ends = {unit.valid_to for unit in packaged_units() if unit.epoch is Epoch.OLD}
    starts = {unit.valid_from for unit in packaged_units() if unit.epoch is Epoch.NEW}

    assert ends == {date(2025, 6, 30)}
    assert starts == {date(2025, 7, 1)}


@pytest.mark.parametrize(
    ("day", "epoch"),
    [
        (date(2025, 6, 30), Epoch.OLD),
        (date(2025, 7, 1), Epoch.NEW),
        (date(2025, 7, 2), Epoch.NEW),
    ],
)
def test_the_new_map_is_in_force_from_the_first_of_july(day, epoch):
    assert epoch_on(day) is epoch


def test_thanh_hoa_has_166_communes_now(tree):
    communes = tree.communes("new:38")

    assert Counter(tree.get(key).name.split()[0] for key in communes) == {"Xã": 147, "Phường": 19}


def test_every_old_commune_of_thanh_hoa_went_somewhere_and_every_new_one_came_from_somewhere(tree):
    gone = {key for old in tree.communes("old:38") for key in tree.successors(old)}

    assert all(tree.successors(old) for old in tree.communes("old:38"))
    assert gone == set(tree.communes("new:38"))


def test_ten_old_communes_were_split(tree):
    split = {key for key in tree.communes("old:38") if tree.is_split(key)}

    assert split == {unit_key(Epoch.OLD, code) for code in SPLIT}
    assert names(tree, tree.successors("old:15772")) == {"Xã Thiệu Hóa", "Xã Thiệu Quang", "Xã Thiệu Trung"}


def test_trieu_son_district_became_eight_communes(tree):
    old = tree.communes("old:397")
    became = {key for commune in old for key in tree.successors(commune)}

    assert tree.get("old:397").name == "Huyện Triệu Sơn"
    assert len(old) == 32
    assert {
        (tree.get(key).code, tree.get(key).name): names(tree, tree.predecessors(key)) for key in became
    } == TRIEU_SON


def test_a_code_that_stands_on_both_maps_is_two_units(tree):
    assert tree.get("old:15766").name == "Xã Nông Trường"
    assert tree.get("new:15766").name == "Xã An Nông"


def test_the_units_above_come_nearest_first(tree):
    assert tree.ancestors("old:15667") == ("old:397", "old:38")
    assert tree.ancestors("new:15667") == ("new:38",)
    assert tree.ancestors("new:38") == ()


def test_the_units_below_begin_with_the_unit_itself(tree):
    below = tree.descendants("old:397")

    assert below[0] == "old:397"
    assert set(below[1:]) == set(tree.children("old:397")) == set(tree.communes("old:397"))
    assert tree.descendants("new:15667") == tree.communes("new:15667") == ("new:15667",)
    assert len(tree.descendants("old:38")) == 1 + 26 + 547


def test_successors_are_asked_of_the_old_map_and_predecessors_of_the_new(tree):
    assert tree.successors("new:15667") == ()
    assert tree.predecessors("old:15667") == ()
    assert tree.successors("old:15667") == ("new:15667",)


@pytest.mark.parametrize(
    ("key", "epoch", "where"),
    [
        ("old:15667", Epoch.OLD, {"old:15667"}),
        ("old:15667", Epoch.NEW, {"new:15667"}),
        ("old:16435", Epoch.NEW, {"new:14797", "new:16417"}),
        ("new:15772", Epoch.NEW, {"new:15772"}),
        ("new:00097", Epoch.OLD, set()),
        ("old:99999", Epoch.OLD, set()),
    ],
)
def test_a_commune_lies_in_what_is_possible_on_the_asked_map(tree, key, epoch, where):
    assert tree.in_tree(key, epoch) == where


def test_a_new_commune_may_lie_in_any_that_it_was_made_from(tree):
    found = tree.in_tree("new:15667", Epoch.OLD)

    assert names(tree, found) == {"Xã Thọ Sơn", "Xã Thọ Bình", "Xã Bình Sơn"}


def test_the_present_place_of_a_commune_is_its_successors_or_itself(tree):
    assert tree.present("old:15667") == {"new:15667"}
    assert tree.present("old:16435") == {"new:14797", "new:16417"}
    assert tree.present("new:15667") == {"new:15667"}
    assert tree.present("old:99999") == {"old:99999"}


@pytest.mark.parametrize(
    ("keys", "sure"),
    [
        (["old:15667"], "old:15667"),
        (["old:15664", "old:15667"], "old:397"),
        (["old:15667", "old:397"], "old:397"),
        (["old:15667", "old:14758"], "old:38"),
        (["new:14797", "new:16417"], "new:38"),
        (["new:14797", "new:00097"], None),
        (["old:15667", "new:15667"], None),
        (["old:15667", "old:99999"], None),
        ([], None),
    ],
)
def test_the_smallest_sure_unit_holds_all_that_is_possible(tree, keys, sure):
    assert tree.smallest_sure(keys) == sure


def test_a_commune_laptop_follows_its_commune_what_it_was_and_all_above(tree):
    scope = tree.scope("new:15667")

    assert scope == {"new:15667", "new:38", *tree.predecessors("new:15667"), "old:397", "old:38"}


def test_a_laptop_of_an_old_district_follows_what_the_district_became(tree):
    scope = tree.scope("old:397")

    became = {unit_key(Epoch.NEW, code) for code, _ in TRIEU_SON}
    assert scope == {*tree.descendants("old:397"), "old:38", *became, "new:38"}


def test_a_commune_made_across_districts_is_followed_into_both(tree):
    scope = tree.scope("new:15448")

    assert {"old:394", "old:398", "old:15793"} <= scope


def test_the_province_follows_both_maps_whole(tree):
    both = {*tree.descendants("new:38"), *tree.descendants("old:38")}

    assert tree.scope("new:38") == tree.scope("old:38") == both


def test_a_key_that_the_tree_does_not_hold_has_nothing_around_it(tree):
    assert tree.get("old:99999") is None
    assert tree.children("old:99999") == tree.ancestors("old:99999") == ()
    assert tree.descendants("old:99999") == tree.communes("old:99999") == ()
    assert tree.scope("old:99999") == frozenset()
    assert not tree.is_split("old:99999")


def test_a_tree_is_also_built_from_part_of_the_units_in_any_order():
    units = [make_unit("00002", Level.COMMUNE, "01"), make_unit("01", Level.PROVINCE)]
    lost = make_unit("00003", Level.COMMUNE, "77")

    tree = UnitTree(iter([*units, lost]), iter([("00009", "00002")]))

    assert tree.descendants("new:01") == ("new:01", "new:00002")
    assert tree.ancestors("new:00003") == ()
    assert tree.predecessors("new:00002") == ("old:00009",)
    assert tree.scope("new:00002") == {"new:00002", "new:01", "old:00009"}


def test_a_unit_that_lies_in_one_no_higher_is_refused():
    circle = [make_unit("00001", Level.COMMUNE, "00002"), make_unit("00002", Level.COMMUNE, "00001")]

    with pytest.raises(ValueError, match="new:00001"):
        UnitTree(circle, [])
