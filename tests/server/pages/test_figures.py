"""The pace, the age of the figures, and the sentences."""

from datetime import date

import pytest

from server.coverage.complete import Laptop
from server.coverage.figures import Coverage, Row
from server.coverage.outlook import outlook
from server.pages.figures import Line, change_in_words, chart_note, complete, in_words, is_wide, late, need, split
from server.pages.lists import Lists


def row(open=100, inspected=10, target=25, **more):
    facts = {"unit": "15664", "key": "new:15664", "name": "Xã Triệu Sơn", "visits": inspected}
    facts |= {"visits_with_violations": 0, "places_with_violations": 0, "inspected_not_open": 0, "not_counted": 0}
    facts |= {"complete_to": None}
    return Row(open=open, inspected=inspected, target=target, **facts | more)


def line(name="Xã Triệu Sơn", **more):
    return Line(row(**more), name)


def answer(total=None, laptops=(), as_of=date(2026, 11, 20)):
    return Coverage(
        total=total or row(), rows=(), by="unit", year=2026, since=date(2026, 1, 1), as_of=as_of, kinds=(), plan=None,
        holding_back=tuple(laptops),
    )  # fmt: skip


def laptop(name="Máy Đội 1", day=date(2026, 11, 3)):
    return Laptop("id", name, "new:15664", day, 0, 0)


def needed(total, as_of):
    return need(outlook(answer(total, as_of=as_of)), total.remaining or 0)


def test_what_is_needed_each_week_is_said_with_the_deadline():
    assert needed(row(inspected=10), date(2026, 11, 20)) == "cần 3 cơ sở mỗi tuần đến 31/12/2026"


def test_in_the_last_days_it_counts_days():
    assert needed(row(inspected=10), date(2026, 12, 28)) == "cần 15 cơ sở trong 3 ngày còn lại"


def test_nothing_is_needed_where_the_target_is_reached():
    assert needed(row(inspected=25), date(2026, 6, 1)) == ""


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        ((100, 25), (100, 22), "tăng 3,0"),
        ((100, 22), (100, 25), "giảm 3,0"),
        ((100, 25), (200, 50), "không đổi"),
        ((3, 1), (3, 0), "tăng 33,3"),
        ((0, 0), (3, 0), ""),
        ((3, 1), (0, 0), ""),
    ],
)
def test_the_share_is_compared_with_the_same_period_of_the_year_before(now, before, words):
    shares = (row(open=open, inspected=inspected) for open, inspected in (now, before))

    assert change_in_words(*shares) == words


def test_laptops_that_hold_the_figures_back_are_named_with_the_day():
    held = answer(row(complete_to=date(2026, 11, 3)), [laptop(), laptop("Máy Đội 2")])

    assert complete(held) == "03/11/2026"
    assert late(held) == "còn 2 máy chưa gửi từ 03/11: Máy Đội 1, Máy Đội 2"


def test_a_laptop_that_never_sent_is_named_too():
    held = answer(row(), [laptop(day=None)])

    assert complete(held) == "Chưa xác định"
    assert late(held) == "còn 1 máy chưa gửi lần nào: Máy Đội 1"


def test_many_laptops_are_counted():
    held = answer(row(complete_to=date(2026, 11, 3)), [laptop(f"Máy {n}") for n in range(7)])

    assert late(held).endswith("Máy 0, Máy 1, Máy 2, Máy 3 và 3 máy nữa")


def test_nobody_is_late_for_a_day_that_all_have_reported():
    held = answer(row(complete_to=date(2026, 11, 3)), [laptop()], as_of=date(2026, 11, 3))

    assert late(held) == ""


def test_an_area_without_laptops_says_so():
    assert complete(answer()) == "Chưa có máy tính nào của đội trong địa bàn"


def test_a_line_is_said_in_one_sentence():
    assert in_words(line()) == "Xã Triệu Sơn: 10/100 cơ sở được kiểm tra (10,0 %), còn phải kiểm tra 15"
    assert in_words(line(inspected=25)) == "Xã Triệu Sơn: 25/100 cơ sở được kiểm tra (25,0 %), đạt chỉ tiêu"
    assert in_words(line(target=None)) == "Xã Triệu Sơn: 10/100 cơ sở được kiểm tra (10,0 %)"
    assert in_words(line(open=0, inspected=0)) == "Xã Triệu Sơn: không có cơ sở"


def test_a_few_empty_units_stay_among_the_others_and_many_stand_below():
    few = [line(), *(line(open=0, inspected=0, visits=0) for _ in range(10))]
    many = [line(), *(line(open=0, inspected=0, visits=0) for _ in range(11))]

    assert split(few) == (few, [])
    assert split(many) == (many[:1], many[1:])


def test_a_unit_with_a_visit_and_no_open_place_is_not_empty():
    many = [line(open=0, inspected=0, visits=1), *(line(open=0, inspected=0, visits=0) for _ in range(11))]

    assert split(many)[0] == many[:1]


def test_the_note_counts_who_has_reached_the_target():
    assert chart_note([line(inspected=30), line()], "unit") == "1 đơn vị đạt chỉ tiêu, 1 chưa đạt."
    assert "một lần ở dòng tổng" in chart_note([line(kind="karaoke")], "kind")
    assert is_wide([line()] * 37)


def test_the_lists_of_an_area_are_counted_and_that_of_a_commune_is_named():
    assert Lists(2026, 8, ("Xã A", "Xã B")).words == "6/8 xã trong năm 2026"
    assert Lists(2026, 1, (), "2026-03-05", "Chủ tịch UBND xã").words == "05/03/2026, Chủ tịch UBND xã"
    assert Lists(2026, 1, ("Xã A",)).words == "Chưa rà soát, chốt danh sách"
