"""The charts: what each shape says, and how long it is."""

from xml.etree.ElementTree import fromstring

import pytest

from server.charts import HIGH, NAMES, WIDTH, WORDS, Bar, Legend, bars, columns

LEGEND = Legend("Huyện: 3/10", "Đã kiểm tra", "Chưa kiểm tra", "Chỉ tiêu 25 %")


def bar(name="Xã Triệu Sơn", open=10, inspected=4, required=3, **more):
    return Bar(name, open, inspected, required, says=f"{name}: {inspected}/{open}", **more)


def shapes(svg, tag, look):
    return [shape for shape in fromstring(svg).iter(tag) if shape.get("class") == look]


def test_a_bar_is_as_long_as_its_places_and_dark_as_far_as_inspected():
    svg = bars([bar(open=20), bar(open=10)], LEGEND)

    left, done = shapes(svg, "rect", "left")[:2], shapes(svg, "rect", "bar")[:2]
    assert float(left[0].get("width")) == WIDTH - NAMES - WORDS
    assert float(left[1].get("width")) == float(left[0].get("width")) / 2
    assert float(done[1].get("width")) == pytest.approx(float(left[1].get("width")) * 0.4)


def test_the_target_is_marked_where_it_is_met():
    svg = bars([bar(open=10, required=5)], LEGEND)

    mark = shapes(svg, "line", "target")[0]
    assert mark.get("x1") == mark.get("x2") == str(NAMES + (WIDTH - NAMES - WORDS) // 2)


def test_without_a_target_there_is_no_mark_and_no_word_of_one():
    svg = bars([bar(required=None)], Legend("x", "Đã kiểm tra", "Chưa kiểm tra"))

    assert shapes(svg, "line", "target") == []
    assert "Chỉ tiêu" not in svg


def test_every_row_says_itself():
    rows = [bar("Xã An Nông"), bar("Xã Thọ Bình")]

    for svg in (bars(rows, LEGEND), columns(rows, LEGEND, 25)):
        titles = [title.text for title in fromstring(svg).iter("title")]
        assert sorted(titles) == ["Xã An Nông: 4/10", "Xã Thọ Bình: 4/10"]


def test_a_chart_says_itself_as_a_whole():
    assert fromstring(bars([], LEGEND)).get("aria-label") == "Huyện: 3/10"


def test_colours_are_left_to_the_stylesheet():
    svg = bars([bar(href="/x")], LEGEND) + columns([bar()], LEGEND, 25)

    assert "style=" not in svg
    assert "fill=" not in svg


def test_names_cannot_break_out():
    svg = bars([bar("<script>alert(1)</script>", href='/"><b>')], LEGEND)

    assert "<script>" not in svg
    assert fromstring(svg).find("a").get("href") == '/"><b>'


def test_columns_rise_from_the_least_share_and_leave_empty_units_out():
    rows = [bar("A", inspected=9), bar("B", inspected=1), bar("C", open=0, inspected=0, required=0)]

    svg = columns(rows, LEGEND, 25)

    titles = [title.text for title in fromstring(svg).iter("title")]
    heights = [float(shape.get("height")) for shape in shapes(svg, "rect", "bar")][:2]
    assert titles == ["B: 1/10", "A: 9/10"]
    assert heights == pytest.approx([HIGH * 0.1, HIGH * 0.9])


def test_an_empty_area_still_draws():
    assert fromstring(bars([bar(open=0, inspected=0, required=0)], LEGEND)) is not None
    assert fromstring(columns([], LEGEND, 25)) is not None


def test_a_long_name_is_cut_in_the_chart_and_whole_in_its_title():
    svg = bars([bar("Thị trấn Triệu Sơn phần phía đông")], LEGEND)

    assert "…" in svg
    assert "phía đông: 4/10" in svg
