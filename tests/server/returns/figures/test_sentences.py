"""What the parts of a return say of their figures: shares, targets, comparisons, and nothing said in words."""

import re
from dataclasses import replace
from datetime import date

import pytest

from server.arrivals.world import unit_tree
from server.returns.figures import figures
from server.returns.sentences import PARTS, sentences
from server.returns.stood import Stood
from server.returns.table import Cell

DAYS = date(2025, 1, 1), date(2025, 6, 14)
NEVER = ("đối tượng", "tụ điểm", "nghi vấn", "nhạy cảm", "phức tạp", "gái", "tiếp viên", "bạn", "quý vị", "mẫu số")


@pytest.fixture(scope="module")
def told(sampled):
    """The half-year of Triệu Sơn in 2025."""
    return figures(sampled.db.conn, unit_tree(sampled.db.conn), "old:397", *DAYS)


def with_numbers(told, **numbers):
    """Return the figures with other numbers in the total: now, or now and before."""
    cells = dict(told.total.cells)
    for code, value in numbers.items():
        now, before = value if isinstance(value, tuple) else (value, 0)
        cells[code] = Cell(now, before, None if now is None or before is None else now - before)
    return replace(told, total=replace(told.total, cells=cells))


def stood(code, **more):
    """Return an indicator of which a figure was reported."""
    usual = {
        "name": "Xã có kế hoạch", "target": "≥ 80 %", "measure": "share", "numerator": 28, "denominator": 32,
        "share_tenths": 875, "growth_tenths": None, "text": "", "met": True, "as_of": "2025-06-14", "hidden": False,
        "entered": True, "source": "entered",
    }  # fmt: skip
    return Stood(code, **{**usual, **more})


def test_every_part_is_there_and_the_difficulties_are_for_a_person_to_write(told):
    said = sentences(told)

    assert tuple(said) == PARTS
    assert said["kho-khan"] == ""
    assert all(said[part] for part in ("tinh-hinh", "tuyen-truyen", "kiem-tra", "xu-phat", "tin-bao", "phuong-huong"))


@pytest.mark.parametrize("report", ["half_year", "year", "quarter", "end_of_period", "ad_hoc", "other"])
@pytest.mark.parametrize("unit", ["old:397", "new:38", "new:15667"])
def test_the_text_is_whole_sentences_in_the_words_of_the_house(sampled, unit, report):
    told = figures(sampled.db.conn, unit_tree(sampled.db.conn), unit, date(2026, 1, 1), date(2026, 6, 14))

    for part in sentences(told, (stood("H2.1"), stood("H1.2", text="Đài xã phát 12 tin.")), report=report).values():
        for paragraph in part.split("\n") if part else ():
            assert paragraph[0].isupper()
            assert paragraph.endswith(".")
            assert not re.search(r"None|\{|\}|  | ,| \.|(?<!\d)-?\d+\.\d(?!\d\d)", paragraph), paragraph
            assert not re.search(r"\b00\b", paragraph), paragraph
            assert not [word for word in NEVER if re.search(rf"\b{word}\b", paragraph.lower())], paragraph


@pytest.mark.parametrize(("inspected", "says"), [
    (31, "đạt chỉ tiêu."),
    (30, "chưa đạt chỉ tiêu, còn phải kiểm tra 01 cơ sở."),
])  # fmt: skip
def test_a_target_is_reached_in_whole_numbers_rounded_up(told, inspected, says):
    said = sentences(with_numbers(told, inspected=(inspected, 20), open=(153, 150), share=(203, 133)))

    asked = "Chỉ tiêu năm 2025 là kiểm tra ít nhất 20 % số cơ sở (31 cơ sở): "
    assert f"{asked}{says}" in said["kiem-tra"].split("\n")
    assert f"Đã kiểm tra {inspected}/153 cơ sở" in said["kiem-tra"]


def test_a_share_just_below_the_target_is_not_written_as_the_target(told):
    said = sentences(with_numbers(replace(told, target=25), inspected=2499, open=10_000, share=250))

    assert "2.499/10.000 cơ sở (24,9 %)" in said["kiem-tra"]
    assert "chưa đạt chỉ tiêu, còn phải kiểm tra 01 cơ sở" in said["kiem-tra"]


@pytest.mark.parametrize(("now", "before", "says"), [
    (12, 7, "12 quyết định, tăng 05 quyết định so với cùng kỳ năm trước (07)"),
    (7, 12, "07 quyết định, giảm 05 quyết định so với cùng kỳ năm trước (12)"),
    (7, 7, "07 quyết định, bằng cùng kỳ năm trước"),
    (7, 0, "07 quyết định, tăng 07 quyết định so với cùng kỳ năm trước (không có)"),
    (0, 0, "Không có quyết định xử phạt vi phạm hành chính nào trong kỳ (cùng kỳ năm trước cũng không có)."),
    (0, 3, "nào trong kỳ, giảm 03 quyết định so với cùng kỳ năm trước (03)."),
])  # fmt: skip
def test_a_number_stands_beside_that_of_the_same_days_of_the_year_before(told, now, before, says):
    assert says in sentences(with_numbers(told, decisions=(now, before)))["xu-phat"]


def test_communes_with_an_inspection_are_counted_among_those_with_places(told):
    seen = {row.unit for row in told.of_units if row.cells["inspected"].value}
    open = {row.unit for row in told.of_units if row.cells["open"].value}

    assert f"Đã kiểm tra tại {len(seen)}/{len(open)} xã, phường, thị trấn" in sentences(told)["kiem-tra"]


def test_figures_that_are_near_the_truth_say_so(told):
    assert "gần đúng" not in sentences(told)["tinh-hinh"]
    assert "số liệu là gần đúng." in sentences(replace(told, exact=False))["tinh-hinh"]


def test_amounts_are_written_out_and_say_what_is_missing(told):
    said = sentences(with_numbers(told, decisions=3, fines=3, fine_amount=12_500_000, fines_without_amount=1))

    assert "Tổng số tiền phạt: 12.500.000 đồng, tăng 12.500.000 đồng so với" in said["xu-phat"]
    assert "; chưa có số tiền của 01 quyết định." in said["xu-phat"]


def test_a_repeat_is_a_finding_and_not_a_verdict(told):
    for places in (0, 2):
        said = sentences(with_numbers(told, repeat_places=places, repeat_operators=places))
        assert "Để tham khảo; người có thẩm quyền xử phạt quyết định." in said["xu-phat"]


def test_without_a_place_nothing_is_counted_as_zero_percent(sampled):
    told = figures(sampled.db.conn, unit_tree(sampled.db.conn), "new:15667", date(2026, 1, 1), date(2026, 6, 14))

    said = sentences(told)

    assert said["tinh-hinh"] == "Tính đến ngày 14/06/2026, trên địa bàn xã Thọ Bình: Không có cơ sở."
    assert said["kiem-tra"].split("\n")[0] == "Không có cơ sở."
    assert "%" not in "".join(said.values())


@pytest.mark.parametrize(("indicator", "part", "says"), [
    (stood("H3.1", name="Tin báo được giải quyết", numerator=0, denominator=0, share_tenths=None, met=None),
     "tin-bao", "Tin báo được giải quyết: không phát sinh."),
    (stood("H3.2", name="Vụ việc được giải quyết", numerator=5, denominator=0, share_tenths=None, met=None),
     "xu-phat", "Vụ việc được giải quyết: 05."),
    (stood("H1.1"), "tuyen-truyen", "Xã có kế hoạch: 28/32 (87,5 %); chỉ tiêu ≥ 80 %: đạt."),
    (stood("T2.1", met=False, numerator=5, share_tenths=156), "viec-trong-nam",
     "Xã có kế hoạch: 05/32 (15,6 %); chỉ tiêu ≥ 80 %: chưa đạt."),
    (stood("H3.2", name="Tội phạm được xử lý", growth_tenths=85, numerator=None, target="5–8 %"), "xu-phat",
     "Tội phạm được xử lý: tăng 8,5 % so với năm trước; chỉ tiêu 5–8 %: đạt."),
    (stood("H1.2", name="Đài xã", numerator=None, denominator=None, met=None, text="Đã phát 12 tin.", target=""),
     "tuyen-truyen", "Đài xã: Đã phát 12 tin."),
    (stood("H4.2", name="Dịch vụ", hidden=True), "viec-trong-nam",
     "Dịch vụ: số nhỏ, không nêu để bảo vệ thông tin cá nhân."),
    (stood("H3.4", name="Cả kỳ"), "kiem-tra", "Cả kỳ: 28/32 (87,5 %); chỉ tiêu ≥ 80 %: đạt."),
])  # fmt: skip
def test_an_indicator_speaks_in_the_part_of_its_heading(told, indicator, part, says):
    assert says in sentences(told, [indicator])[part].split("\n")


def test_the_share_of_the_year_is_said_once_and_an_indicator_without_a_figure_not_at_all(told):
    silent = stood("H1.1", name="Im lặng", numerator=None, denominator=None, share_tenths=None, met=None,
                   source="")  # fmt: skip
    said = sentences(told, [stood("H3.3", name="Tỷ lệ năm"), silent])

    assert "Tỷ lệ năm" not in said["kiem-tra"]
    assert "Im lặng" not in said["tuyen-truyen"]
