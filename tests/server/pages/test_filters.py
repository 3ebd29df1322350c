"""The filters: what is read, and the one sentence for what does not hold."""

from datetime import date

import pytest
from werkzeug.datastructures import MultiDict

from schemas.units import UnitTree, packaged_successors, packaged_units
from server.pages.filters import read
from server.problems import NotAllowed

TODAY = date(2026, 11, 20)
AREA = "old:397"


@pytest.fixture(scope="module")
def tree():
    return UnitTree(packaged_units(), packaged_successors())


@pytest.fixture
def ask(tree):
    return lambda **typed: read(
        MultiDict([(name.replace("_", "-"), value) for name, value in typed.items()]), tree, AREA, TODAY
    )


def test_without_filters_it_is_this_year_to_today_in_the_own_area(ask):
    filters, asked = ask()

    assert (filters.year, filters.as_of, filters.unit, filters.kinds, filters.by) == (2026, TODAY, AREA, (), "unit")
    assert asked.errors == {}


def test_a_past_year_is_asked_to_its_end(ask):
    assert ask(nam="2024")[0].as_of == date(2024, 12, 31)


def test_a_day_alone_says_the_year(ask):
    filters, _ = ask(tinh_den="15/6/2024")

    assert (filters.year, filters.as_of) == (2024, date(2024, 6, 15))


@pytest.mark.parametrize("text", ["2026-11-05", "05/11/2026", "5/11/2026", "5.11.2026", " 05-11-2026 "])
def test_a_day_may_be_typed_in_many_ways(ask, text):
    assert ask(tinh_den=text)[0].as_of == date(2026, 11, 5)


def test_a_day_after_the_year_is_cut_to_its_end(ask):
    assert ask(nam="2025", tinh_den="20/11/2026")[0].as_of == date(2025, 12, 31)


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"nam": "hai không"}, "nam", "bốn chữ số"),
        ({"nam": "٢٠٢٦"}, "nam", "bốn chữ số"),
        ({"nam": "26"}, "nam", "bốn chữ số"),
        ({"nam": "2003"}, "nam", "từ 2004"),
        ({"nam": "2062"}, "nam", "đến 2026"),
        ({"tinh_den": "5/11/2062"}, "tinh-den", "sau hôm nay (20/11/2026)"),
        ({"tinh_den": "31/12/2003"}, "tinh-den", "trước năm 2004"),
        ({"tinh_den": "30/2/2026"}, "tinh-den", "Ngày không đúng"),
        ({"tinh_den": "hôm qua"}, "tinh-den", "Ngày không đúng"),
        ({"nam": "2026", "tinh_den": "31/12/2025"}, "tinh-den", "trước năm 2026"),
        ({"don_vi": "new:99999"}, "don-vi", "Không có đơn vị"),
        ({"don_vi": "15664"}, "don-vi", "Không có đơn vị"),
        ({"don_vi": "\x00'; DROP"}, "don-vi", "Không có đơn vị"),
        ({"loai_hinh": "bar"}, "loai-hinh", "Không có loại hình"),
        ({"theo": "màu"}, "theo", "Chưa có cách xếp"),
    ],
)
def test_what_does_not_hold_gets_one_sentence_at_its_filter(ask, typed, field, words):
    filters, asked = ask(**typed)

    assert filters is None
    assert list(asked.errors) == [field]
    assert words in asked.errors[field]


def test_what_was_typed_is_kept(ask):
    _, asked = ask(nam="abc", tinh_den="5/11/2062", don_vi="zz")

    assert {name: text for name, text in asked.typed.items() if text} == {
        "nam": "abc", "tinh-den": "5/11/2062", "don-vi": "zz",
    }  # fmt: skip
    assert set(asked.errors) == {"nam", "tinh-den", "don-vi"}


def test_a_unit_beyond_the_area_is_refused(ask):
    with pytest.raises(NotAllowed, match="ngoài địa bàn"):
        ask(don_vi="new:38")


def test_kinds_come_in_the_order_of_the_house(tree):
    typed = MultiDict([("loai-hinh", "massage"), ("loai-hinh", "karaoke")])

    assert read(typed, tree, AREA, TODAY)[0].kinds == ("karaoke", "massage")


def test_filters_can_be_written_into_an_address_again(ask, tree):
    filters, _ = ask(nam="2024", tinh_den="5/11/2024", don_vi="new:15664", loai_hinh="karaoke", theo="doi")

    again = read(MultiDict(filters.query()), tree, AREA, TODAY)[0]

    assert again == filters
    assert filters.query(trang=2)["trang"] == 2
