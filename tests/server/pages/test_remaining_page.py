"""The list still to inspect, page by page."""

import re
from html import unescape

import pytest

from server.pages.pages import MOST, SIZE, Pages

DISTRICT, COMMUNE = "old:397", "new:15664"
IN_2026 = "nam=2026&tinh-den=2026-11-20"


def text(page):
    plain = re.sub(r'<a class="count"[^>]*>([^<]*)</a>', r"\1", page.get_data(as_text=True))
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", plain)).split())


def read(office, query=IN_2026):
    return text(office.client().get(f"/ty-le-kiem-tra/danh-sach?{query}"))


def test_a_place_stands_there_with_what_is_needed_to_find_it(office):
    place = office.place("Đông Đô", kinds=("karaoke", "massage"))
    office.visit(place, "2025-03-12")

    page = read(office)

    assert "1 Đông Đô" in page
    assert "Karaoke, Xoa bóp (massage) Xã Triệu Sơn Số 12, phố Giắt 12/03/2025" in page


def test_a_place_never_visited_says_so_and_one_inspected_is_gone(office):
    office.place("Chưa ai đến")
    office.visit(office.place("Đã kiểm tra"))

    page = read(office)

    assert "Chưa ai đến" in page
    assert "chưa lần nào" in page
    assert "Đã kiểm tra " not in page.split("Kiểm tra lần gần nhất")[1]


def test_the_list_says_how_many_of_it_are_needed(office):
    office.fill()
    office.plan(60)

    assert "28 cơ sở có hoạt động trong kỳ và chưa được kiểm tra" in read(office)
    assert "Cần kiểm tra 12 cơ sở trong số này để đạt chỉ tiêu 60 %." in read(office)


def test_a_long_list_comes_in_pages_and_whole_for_paper(office):
    office.fill(places=120, inspected=1)
    client = office.client()

    first = client.get(f"/ty-le-kiem-tra/danh-sach?{IN_2026}")
    last = client.get(f"/ty-le-kiem-tra/danh-sach?{IN_2026}&trang=3")
    whole = client.get(f"/ty-le-kiem-tra/danh-sach?{IN_2026}&trang=tat-ca")

    assert "Trang 1/3" in text(first)
    assert text(first).count("phố Giắt") == SIZE
    assert text(last).count("phố Giắt") == 119 - 2 * SIZE
    assert "101 " in text(last)
    assert text(whole).count("phố Giắt") == 119


def test_pages_hold_each_place_once(office):
    office.fill(places=120, inspected=1)
    client = office.client()

    codes = []
    for page in (1, 2, 3):
        found = client.get(f"/ty-le-kiem-tra/danh-sach?{IN_2026}&trang={page}").get_data(as_text=True)
        codes += re.findall(r'quiet small">([0-9a-f]{8})<', found)

    assert len(codes) == len(set(codes)) == 119


def test_when_all_are_inspected_it_says_so(office):
    office.visit(office.place())

    assert "Mọi cơ sở có hoạt động trong kỳ đều đã được kiểm tra." in read(office)


def test_an_area_without_a_place_says_so(office):
    assert "Không có cơ sở" in read(office)


def test_beyond_the_last_page_it_says_how_many_there_are(office):
    office.place()

    assert "danh sách có 1 trang" in read(office, f"{IN_2026}&trang=9")


def test_the_unit_of_a_place_on_the_old_map_is_not_guessed(office):
    office.place(unit="old:15664")

    assert "Thị trấn Triệu Sơn (cũ)" in read(office)


@pytest.mark.parametrize(
    ("text", "number"), [("", 1), ("3", 3), ("-1", 1), ("x", 1), ("٣", 1), ("tat-ca", 0)]
)
def test_what_is_typed_as_a_page(text, number):
    assert Pages.read(text).number == number


def test_a_list_too_long_to_be_shown_at_once_is_cut_and_says_so():
    assert Pages(0).of(MOST + 1).cut
    assert not Pages(0).of(MOST).cut
    assert not Pages(1).of(MOST + 1).cut


def test_a_wrong_filter_gets_its_sentence_here_too(office):
    answer = office.client().get("/ty-le-kiem-tra/danh-sach?nam=abc")

    assert answer.status_code == 422
    assert "Năm không đúng" in text(answer)


def test_a_page_number_longer_than_any_number_is_the_first_page(busy):
    answer = busy.client().get("/ty-le-kiem-tra/danh-sach?trang=" + "9" * 5000)

    assert answer.status_code == 200
