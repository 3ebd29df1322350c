"""The lists under the numbers of the share inspected: each link opens one, as long as its number says."""

import csv
import io
import re
from html import unescape

import pytest

DISTRICT, PROVINCE, COMMUNE = "old:397", "new:38", "new:15664"
IN_2026 = "nam=2026&tinh-den=2026-11-20"


@pytest.fixture
def working(busy):
    """Triệu Sơn with a team, findings, an unscheduled visit, one that is not counted, and one of a closed place."""
    team = {"name": "Đội 178 xã Triệu Sơn", "level": "commune", "epoch": "new", "area": "15664"}
    busy.enter("team", team, ids=[busy.team])
    acts = {"outcome": "violations", "violations": [{"id": busy.team, "text": "Quá giờ"}]}
    grounds = {"basis": "unscheduled", "trigger": "signs", "ground": "Biên bản ghi nhận số 3"}
    busy.visit(busy.place("Có vi phạm"), **acts, **grounds)
    busy.visit(busy.place("Thiếu người"), members=[{"name": "Một người"}])
    busy.visit(busy.place("Đã nghỉ", **{"status/2": {"from": "2025-12-31", "status": "closed"}}))
    return busy


@pytest.mark.parametrize(
    "query",
    [
        f"{IN_2026}&theo={by}&don-vi={unit}"
        for by in ("don-vi", "ban-do-kia", "loai-hinh", "hinh-thuc", "doi")
        for unit in (DISTRICT, PROVINCE)
        if not (by == "ban-do-kia" and unit == PROVINCE)
    ]
    + [f"{IN_2026}&hinh-thuc=dot-xuat", f"{IN_2026}&loai-hinh=karaoke&don-vi={COMMUNE}"],
)
def test_every_number_opens_a_list_that_is_as_long_as_it_says(working, query):
    client = working.client(area=PROVINCE)
    page = client.get(f"/ty-le-kiem-tra?{query}").get_data(as_text=True)

    links = {(unescape(href), number) for href, number in re.findall(r'class="count" href="([^"]+)">([\d.]+)<', page)}

    assert len(links) > 3
    for href, number in links:
        listed = client.get(href)
        assert listed.status_code == 200, href
        length = re.search(r"<p><strong>([\d.]+)</strong>", listed.get_data(as_text=True))[1]
        if "muc=chua-kiem-tra" in href:
            assert int(length) >= int(number), href  # so many of these are still to be inspected
        else:
            assert length == number, href


def test_a_list_of_visits_says_who_went_why_and_what_was_found(working):
    page = working.client().get(f"/ty-le-kiem-tra/danh-sach?{IN_2026}&muc=luot-co-vi-pham").get_data(as_text=True)

    assert "Có vi phạm</a>" in page
    assert all(words in page for words in ("Đội 178 xã Triệu Sơn", "Đột xuất", "06/05/2026"))


def test_what_is_not_counted_says_why(working):
    page = working.client().get(f"/ty-le-kiem-tra/danh-sach?{IN_2026}&muc=chua-tinh").get_data(as_text=True)

    assert "Thiếu thành phần: mới có 01 người" in page


@pytest.mark.parametrize(("what", "lines"), [("luot", 16), ("hoat-dong", 42), ("chua-tinh", 1), ("khong-hoat-dong", 1)])
def test_a_list_comes_as_files(working, what, lines):
    client = working.client()

    table = client.get(f"/ty-le-kiem-tra/danh-sach.csv?{IN_2026}&muc={what}").data.decode("utf-8-sig")
    workbook = client.get(f"/ty-le-kiem-tra/danh-sach.xlsx?{IN_2026}&muc={what}")

    assert len(list(csv.reader(io.StringIO(table)))) == lines + 1
    assert workbook.data.startswith(b"PK")


@pytest.mark.parametrize(
    "query", ["muc=x", "muc=luot&dong=x:1", "muc=luot&dong=unit:new:99999", "dong=team:x&theo=doi"]
)
def test_a_list_that_there_is_not_is_said_to_be_missing(working, query):
    assert working.client().get(f"/ty-le-kiem-tra/danh-sach?{IN_2026}&{query}").status_code == 404


@pytest.mark.parametrize(
    ("query", "words"),
    [("doi=x", "Không có đội này"), ("hinh-thuc=x", "Không có hình thức kiểm tra này"), ("ky=2021", "Kỳ không đúng")],
)
def test_a_filter_that_does_not_hold_says_so_at_its_field(working, query, words):
    answer = working.client().get(f"/ty-le-kiem-tra?{query}")

    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)


def test_programs_read_the_same_list(working):
    client = working.client()

    places = client.get("/api/v1/coverage/list?year=2026&as_of=2026-11-20&what=violating").get_json()
    beside = client.get("/api/v1/coverage/list?year=2026&as_of=2026-11-20&what=not_counted").get_json()

    assert (places["total"], [row["name"] for row in places["rows"]]) == (1, ["Có vi phạm"])
    assert [(row["name"], row["why"]) for row in beside["rows"]] == [("Thiếu người", "short")]


def test_the_period_of_a_plan_stands_beside_the_year(office):
    office.plan(20, period_percent=100, **{"from": "2021-01-01", "to": "2026-12-31"})
    office.visit(office.place(), "2022-03-05")
    office.place()

    page = office.client().get(f"/ty-le-kiem-tra?{IN_2026}").get_data(as_text=True)
    whole = office.client().get(f"/ty-le-kiem-tra?{IN_2026}&ky=2021-01-01:2026-12-31").get_data(as_text=True)

    assert "Cả kỳ 01/01/2021 – 31/12/2026" in page
    assert "Chỉ tiêu cả kỳ" in page
    assert "(50,0 %)" in page
    assert "<strong class=\"nowrap\">100 %</strong>" in whole
