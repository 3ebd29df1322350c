"""Finding a place: with and without marks, by any of its names; and what is left to inspect."""

import unicodedata

import pytest

from field_client import records
from field_client.places import communes, members_of_root, unit_name, units
from field_client.search import Asked, establishments, ids
from field_client.visits import of_place
from schemas.ids import new_id
from tests.field_client.conftest import AT, COMMUNE, place_state

SINCE = {"from": "2019-01-01"}


def names(laptop, *args, **kwargs):
    return [row.name for row in establishments(laptop.db, Asked(*args, **kwargs))]


def enters(laptop, name, **state):
    id = new_id()
    laptop.line.knows("establishment", id, place_state(name, **{"code": None, **state}))
    laptop.sync()
    return id


@pytest.mark.parametrize("typed", ["dong do", "Đông Đô", "ĐÔNG  đô", "kar-001", "pho giat", "do dong", "don"])
def test_a_place_is_found_by_name_code_and_address(laptop, typed):
    assert names(laptop, typed) == ["Karaoke Đông Đô"]


@pytest.mark.parametrize("typed", ["hoa", "hoà", "HÒA"])
def test_old_and_new_tone_marks_find_the_same(laptop, typed):
    enters(laptop, "Karaoke Hoà Bình")

    assert names(laptop, typed) == ["Karaoke Hoà Bình"]


@pytest.mark.parametrize(
    "typed", ["Thuỷ Tiên", "thủy tiên", "THUY TIEN", "ðức", unicodedata.normalize("NFD", "Đức Thủy")]
)
def test_a_name_is_found_however_keyboard_and_program_spell_it(laptop, typed):
    enters(laptop, unicodedata.normalize("NFD", "Karaoke Thủy Tiên Đức"))

    assert [unicodedata.normalize("NFC", name) for name in names(laptop, typed)] == ["Karaoke Thủy Tiên Đức"]


def test_places_stand_as_in_a_vietnamese_dictionary(laptop):
    for name in ("Đêm Trắng", "Dạ Lan", "Ấn Tượng", "Ánh Dương", "Hòa An", "Hoà Bình", "Hoa Ban"):
        enters(laptop, name)

    assert names(laptop) == [
        "Ánh Dương", "Ấn Tượng", "Dạ Lan", "Đêm Trắng", "Hòa An", "Hoa Ban", "Hoà Bình", "Karaoke Đông Đô",
    ]  # fmt: skip


@pytest.mark.parametrize("typed", ["0912345678", "0912 345", "345"])
def test_a_telephone_is_found_however_it_is_spaced(laptop, typed):
    enters(laptop, "Karaoke Sóng Biển", phone="0912 345 678")

    assert names(laptop, typed) == ["Karaoke Sóng Biển"]


def test_a_place_is_found_by_its_operator_whichever_came_first(laptop):
    before, after = new_id(), new_id()
    laptop.line.knows("operator", before, {"name": "Công ty TNHH Ngọc Lan", "form": "enterprise"})
    enters(laptop, "Karaoke Một", **{"operator/1": {**SINCE, "operator": before}})
    enters(laptop, "Karaoke Hai", **{"operator/1": {**SINCE, "operator": after}})
    laptop.line.knows("operator", after, {"name": "Hộ ông Lê Văn Ngọc Lân", "form": "household"})
    laptop.sync()

    assert names(laptop, "ngoc lan") == ["Karaoke Hai", "Karaoke Một"]


def test_an_operator_is_renamed_in_every_list(laptop):
    operator = new_id()
    laptop.line.knows("operator", operator, {"name": "Tên cũ", "form": "household"})
    enters(laptop, "Karaoke Một", **{"operator/1": {**SINCE, "operator": operator}})

    records.edit(laptop.db, "operator", operator, {"name": "Tên mới"}, at=AT)

    assert names(laptop, "ten moi") == ["Karaoke Một"]


def test_what_is_typed_word_for_word_comes_first(laptop):
    enters(laptop, "Karaoke Đông Á")

    assert names(laptop, "dong do") == ["Karaoke Đông Đô", "Karaoke Đông Á"]


def test_lists_stand_in_the_order_of_a_vietnamese_dictionary(laptop):
    for name in ("Đại Dương", "Dạ Hương", "Ánh Sao", "An Bình"):
        enters(laptop, name)

    assert names(laptop) == ["An Bình", "Ánh Sao", "Dạ Hương", "Đại Dương", "Karaoke Đông Đô"]


def test_kinds_and_status_narrow_the_list(laptop):
    both = {"kind/2": {**SINCE, "kind": "massage"}}
    enters(laptop, "Hai loại hình", **both)
    enters(laptop, "Đã nghỉ", **{"status/2": {"from": "2026-01-01", "status": "closed"}})

    assert names(laptop, kind="massage") == ["Hai loại hình"]
    assert names(laptop, status="closed") == ["Đã nghỉ"]
    assert len(ids(laptop.db, Asked(kind="karaoke"))) == 3


def test_a_kind_that_ended_is_not_its_kind_any_more(laptop):
    ended = {"kind/1": {**SINCE, "kind": "karaoke", "to": "2024-12-31"}, "kind/2": {**SINCE, "kind": "lodging"}}
    enters(laptop, "Chỉ còn lưu trú", **ended)

    assert "Chỉ còn lưu trú" not in names(laptop, kind="karaoke")


def test_a_commune_is_asked_for_by_key_or_code_on_either_map(laptop):
    laptop.line.knows("unit", "old:15700", {"name": "Xã Minh Sơn", "level": "commune", "successors": ["15664"]})
    old = {"place/1": {**SINCE, "epoch": "old", "unit": "15700", "address": ""}}
    enters(laptop, "Ở bản đồ cũ", **old)

    assert names(laptop, unit=COMMUNE) == names(laptop, unit="15664") == ["Karaoke Đông Đô", "Ở bản đồ cũ"]
    assert names(laptop, unit="new:15682") == []


def test_not_inspected_this_year_is_this_year_only(laptop):
    laptop.record(date="2025-12-31")
    assert names(laptop, year=2026) == ["Karaoke Đông Đô"]

    laptop.record(date="2026-01-01")

    assert names(laptop, year=2026) == []
    assert names(laptop, year=2024) == ["Karaoke Đông Đô"]


@pytest.mark.parametrize(
    "changes",
    [
        {"outcome": "closed_tonight", "remark": "Đóng cửa"},
        {"void": True, "reason": "Nhầm cơ sở"},
        {"members": [{"name": "An"}, {"name": "Bình"}]},
    ],
)
def test_an_attempt_a_void_and_too_few_members_leave_the_place_to_inspect(laptop, changes):
    laptop.record(**changes)

    assert names(laptop, year=2026) == ["Karaoke Đông Đô"]


def test_a_merged_record_is_listed_once_with_all_visits(laptop):
    other = enters(laptop, "Karaoke Đông Đô 2")
    laptop.record(establishment=other)
    laptop.line.knows("establishment", other, {"merged_into": laptop.place})
    laptop.sync()

    assert names(laptop) == ["Karaoke Đông Đô"]
    assert names(laptop, year=2026) == []
    assert [visit.establishment for visit in of_place(laptop.db, laptop.place)] == [other]
    assert members_of_root(laptop.db, other) == [other, laptop.place]


def test_a_merge_undone_lists_both_again(laptop):
    other = enters(laptop, "Karaoke Đông Đô 2")
    laptop.record(establishment=other)
    for into in (laptop.place, None):
        laptop.line.knows("establishment", other, {"merged_into": into})
        laptop.sync()

    assert names(laptop, year=2026) == ["Karaoke Đông Đô"]
    assert len(names(laptop)) == 2


def test_a_circle_of_merges_ends(laptop):
    other = enters(laptop, "Karaoke Đông Đô 2")
    laptop.line.knows("establishment", other, {"merged_into": laptop.place})
    laptop.line.knows("establishment", laptop.place, {"merged_into": other})

    laptop.sync()

    assert names(laptop) == []


def test_pages_of_a_list_hold_every_place_once(laptop):
    for n in range(25):
        enters(laptop, f"Karaoke {n % 5}")

    pages = [establishments(laptop.db, Asked("karaoke"), limit=10, offset=at) for at in (0, 10, 20)]

    assert len({row.id for page in pages for row in page}) == 26 == len(ids(laptop.db, Asked("karaoke")))


def test_percent_and_underscore_are_letters_like_others(laptop):
    assert names(laptop, "%") == []
    assert names(laptop, "_") == []


def test_units_are_read_again_when_one_changes(laptop):
    assert unit_name(laptop.db, COMMUNE) == "Xã Triệu Sơn"
    laptop.line.knows("unit", COMMUNE, {"name": "Phường Triệu Sơn"})
    laptop.sync()

    assert unit_name(laptop.db, COMMUNE) == "Phường Triệu Sơn"
    assert [unit.key for unit in communes(laptop.db)] == [COMMUNE]
    assert unit_name(laptop.db, "new:99999") == "new:99999"
    assert units(laptop.db).get("new:99999") is None
