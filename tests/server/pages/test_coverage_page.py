"""The page of the share inspected: what stands on it, for whom, and what wrong filters get."""

import json
import re
from html import unescape

import pytest

DISTRICT, PROVINCE, COMMUNE, ELSEWHERE = "old:397", "new:38", "new:15664", "new:15682"
KEYS = (
    "unit kind open inspected share target required remaining met visits visits_with_violations not_counted"
    " inspected_not_open complete_to"
)
IN_2026 = "nam=2026&tinh-den=2026-11-20"


def text(page):
    """Return what a person reads of a page: no tags, one space between words."""
    plain = re.sub(r'<a class="count"[^>]*>([^<]*)</a>', r"\1", page.get_data(as_text=True))
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", plain)).split())


def read(office, query=IN_2026, area=DISTRICT, **more):
    return text(office.client(area=area, **more).get(f"/ty-le-kiem-tra?{query}"))


def test_the_heading_says_the_fraction_the_share_and_the_target(busy):
    page = read(busy)

    assert "12/40 cơ sở (30,0 %)" in page
    assert "Chỉ tiêu: 25 %" in page
    assert "Kế hoạch phòng, chống mại dâm, số 86/KH-UBND , năm 2026" in page
    assert "Đạt chỉ tiêu" in page
    assert "Số cơ sở phải kiểm tra: 10" in page


def test_below_the_target_it_says_how_many_and_how_fast(office):
    office.fill()
    office.plan(60)

    page = read(office)

    assert "Chưa đạt chỉ tiêu" in page
    assert "Còn phải kiểm tra 12 cơ sở Số cơ sở phải kiểm tra: 24" in page
    assert "Tiến độ: chậm cần 3 cơ sở mỗi tuần đến 31/12/2026" in page


def test_visits_stand_apart_from_places(busy):
    assert "Lượt kiểm tra 14 Lượt có vi phạm 0" in read(busy)


def test_a_year_without_a_plan_has_no_target(busy):
    page = read(busy, "nam=2024")

    assert "Chưa có chỉ tiêu" in page
    assert "Đạt chỉ tiêu" not in page


def test_an_area_without_a_place_says_so(office):
    page = read(office)

    assert "Không có cơ sở" in page
    assert "%)" not in page


def test_what_was_received_and_does_not_count_stands_beside(office):
    place = office.place()
    office.visit(place, members=[{"name": "Một người"}])

    page = read(office)

    assert "0/1 cơ sở (0,0 %)" in page
    assert "Đã nhận, chưa tính 1 lượt" in page


def test_a_place_inspected_while_it_was_closed_stands_beside(office):
    closed = {"status/2": {"from": "2025-12-31", "status": "closed"}}
    office.visit(office.place(**closed))

    assert "Đã kiểm tra nhưng không ở trạng thái hoạt động 1 cơ sở" in read(office)


def test_the_age_of_the_figures_stands_beside_the_day_asked_for(busy):
    busy.laptop(unsent=3, earliest="2026-11-04")
    busy.laptop("Máy Đội 2", at="2026-11-19T15:00:00Z")

    page = read(busy)

    assert "Tính đến ngày 20/11/2026 Đã nhận đủ số liệu đến ngày 03/11/2026" in page
    assert "còn 1 máy chưa gửi từ 03/11: Máy Đội 1" in page


def test_confirmed_lists_are_counted(busy):
    busy.confirm(COMMUNE)

    assert "Đã rà soát, chốt danh sách 1/8 xã trong năm 2026" in read(busy)
    assert "05/03/2026, Chủ tịch UBND xã" in read(busy, f"{IN_2026}&don-vi={COMMUNE}")


def test_an_old_district_is_shown_by_the_communes_of_today(busy):
    page = read(busy)

    assert "theo xã" in page
    assert all(name in page for name in ("Xã Triệu Sơn", "Xã An Nông", "Xã Thọ Bình"))
    assert "Chưa xác định xã" not in page


def test_places_that_are_in_no_commune_for_sure_stand_in_a_row_of_their_own(busy):
    page = read(busy, f"{IN_2026}&theo=don-vi")

    assert "Chưa xác định xã 12/40 30,0 %" in page


def test_the_rows_add_up_to_the_total(busy):
    client = busy.client()
    for by in ("don-vi", "ban-do-kia", "xa"):
        found = client.get(f"/ty-le-kiem-tra.json?{IN_2026}&theo={by}").get_json()
        for figure in ("open", "inspected", "visits", "not_counted", "inspected_not_open"):
            assert sum(row[figure] for row in found["rows"]) == found["total"][figure]


def test_a_place_of_two_kinds_is_once_in_each_and_once_in_the_total(office):
    office.place(kinds=("karaoke", "massage"))

    page = read(office, f"{IN_2026}&theo=loai-hinh")

    assert "Karaoke 0/1" in page
    assert "Xoa bóp (massage) 0/1" in page
    assert "Tổng 0/1" in page
    assert "một lần ở mỗi loại hình và một lần ở dòng tổng" in page


def test_kinds_are_a_filter(office):
    office.place()
    office.place(kinds=("massage",))

    assert "0/1 cơ sở" in read(office, f"{IN_2026}&loai-hinh=massage")
    assert "0/2 cơ sở" in read(office, f"{IN_2026}&loai-hinh=massage&loai-hinh=karaoke")


def test_by_team(office):
    team = {"name": "Đội 178 xã Triệu Sơn", "level": "commune", "epoch": "new", "area": "15664"}
    office.enter("team", team, ids=[office.team])
    office.visit(office.place())

    assert "Đội 178 xã Triệu Sơn 1/1 100,0 %" in read(office, f"{IN_2026}&theo=doi")


def test_a_unit_leads_to_its_own_page_with_the_filters(busy):
    page = busy.client().get(f"/ty-le-kiem-tra?{IN_2026}&loai-hinh=karaoke").get_data(as_text=True)

    href = unescape(re.search(r'<th scope="row" class="nowrap"><a href="([^"]+)">Xã Triệu Sơn', page)[1])
    assert "don-vi=new:15664" in href
    assert "loai-hinh=karaoke" in href
    assert "tinh-den=2026-11-20" in href


def test_the_chart_says_every_row_and_takes_no_inline_style(busy):
    page = busy.client().get(f"/ty-le-kiem-tra?{IN_2026}").get_data(as_text=True)

    assert page.count("<svg") == 1
    assert re.search(r"<title>Xã Triệu Sơn: \d+/\d+ cơ sở được kiểm tra \([\d,]+ %\), ", page)
    assert "style=" not in page
    assert "<script>" not in page


def test_many_units_are_drawn_as_columns_and_empty_ones_are_folded_away(busy):
    page = read(busy, area=PROVINCE)

    assert "158 đơn vị không có cơ sở" in page
    assert "Xã Triệu Sơn" in page


@pytest.mark.parametrize(
    ("query", "sentence", "kept"),
    [
        ("nam=hai+nghin", "Năm không đúng; nhập bốn chữ số, ví dụ 2026.", 'value="hai nghin"'),
        ("tinh-den=05/11/2062", "Ngày ở sau hôm nay", 'value="05/11/2062"'),
        ("tinh-den=06/11/2003", "Ngày ở trước năm 2004", 'value="06/11/2003"'),
        ("don-vi=new:99999", "Không có đơn vị hành chính này", "<option selected>new:99999</option>"),
        ("loai-hinh=bar", "Không có loại hình này", 'name="loai-hinh"'),
    ],
)
def test_a_wrong_filter_gets_one_sentence_and_keeps_what_was_typed(busy, query, sentence, kept):
    answer = busy.client().get(f"/ty-le-kiem-tra?{query}")
    page = answer.get_data(as_text=True)

    assert answer.status_code == 422
    assert page.count('class="error"') == 1
    assert sentence in page
    assert kept in page
    assert "<svg" not in page


def test_what_was_typed_cannot_break_out(office):
    page = office.client().get("/ty-le-kiem-tra?nam=%22%3E%3Cscript%3E&don-vi=%3Cb%3E").get_data(as_text=True)

    assert '"><script>' not in page
    assert "<b>" not in page


def test_beyond_the_area_there_is_one_sentence_and_nothing_else(busy):
    answer = busy.client(area=ELSEWHERE).get(f"/ty-le-kiem-tra?don-vi={COMMUNE}")

    assert answer.status_code == 403
    assert "ngoài địa bàn của tài khoản" in text(answer)
    assert "cơ sở (" not in text(answer)


def test_an_account_without_an_area_is_told_so(office):
    answer = office.client(area="new:99999").get("/ty-le-kiem-tra")

    assert answer.status_code == 403
    assert "chưa có địa bàn" in text(answer)


def test_who_is_not_signed_in_is_asked_to_and_comes_back(office):
    answer = office.app().test_client().get(f"/ty-le-kiem-tra?{IN_2026}")

    assert answer.status_code == 302
    assert "/dang-nhap?next=/ty-le-kiem-tra" in unescape(answer.location).replace("%2F", "/")


def test_the_page_and_the_program_say_the_same(busy):
    client = busy.client()

    page = client.get(f"/ty-le-kiem-tra.json?{IN_2026}&don-vi={COMMUNE}&theo=loai-hinh").get_json()
    program = client.get(f"/api/v1/coverage?year=2026&as_of=2026-11-20&unit={COMMUNE}&by=kind").get_json()

    assert page == program
    assert page["total"]["unit"] == "15664"
    assert set(KEYS.split()) <= set(page["total"])


def test_a_program_is_told_which_filter_does_not_hold(office):
    answer = office.client().get("/api/v1/coverage?year=abc")

    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert json.loads(answer.data)["errors"] == {"year": "Nhập một số nguyên từ 2004 đến 9998."}


def test_invented_figures_say_so_on_every_page(office):
    client = office.client()
    assert "Số liệu giả định" not in text(client.get("/"))

    office.plan(invented=True, **{"to": "2099-12-31"})

    for page in ("/", "/ty-le-kiem-tra", "/ty-le-kiem-tra/danh-sach"):
        assert "Số liệu giả định" in text(client.get(page))


def test_the_years_are_a_line_of_which_every_point_says_its_figures(busy):
    busy.visit(busy.place(), "2025-03-05")

    page = busy.client().get(f"/ty-le-kiem-tra?{IN_2026}").get_data(as_text=True)

    assert page.count("<svg") == 2
    assert "<title>Năm 2025, tính đến ngày 31/12/2025: 1/41 cơ sở được kiểm tra (2,4 %)</title>" in page
    assert "<title>Năm 2026, tính đến ngày 20/11/2026: 12/41 cơ sở được kiểm tra (29,3 %)</title>" in page
    assert "style=" not in page


def test_the_same_period_of_the_year_before_stands_beside(busy):
    busy.visit(busy.place(), "2025-03-05")

    page = read(busy)

    assert "So với cùng kỳ năm trước: tăng 26,8 điểm %" in page
    assert "( 1/41, 2,4 %)" in page or "(1/41, 2,4 %)" in page


def test_it_says_where_the_present_pace_ends(busy):
    page = read(busy)

    assert "Ước thực hiện cả năm: 13/40 (32,5 %) đạt" in page
