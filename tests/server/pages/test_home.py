"""The first page: what each role is asked to do today."""

import re
from datetime import timedelta
from html import unescape

import pytest

from schemas.fields import instant_text
from schemas.ids import new_id
from server.arrivals import runs
from server.clock import local_day, now
from server.rights import ROLES

COMMUNE, DISTRICT = "new:15664", "old:397"


def text(page):
    plain = re.sub(r'<a class="count"[^>]*>([^<]*)</a>', r"\1", page.get_data(as_text=True))
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", plain)).split())


@pytest.fixture
def today(office):
    """The day of the clock, on which the office works too."""
    office.at = now()
    return local_day(office.at)


def read(office, role="coordinator", area=DISTRICT):
    return text(office.client(role, area).get("/"))


def test_it_says_the_share_the_target_and_what_is_left(office, today):
    office.place()
    office.visit(office.place(), today.isoformat())
    office.plan(100, year=today.year)

    page = read(office)

    assert f"Huyện Triệu Sơn (cũ), năm {today.year}" in page
    assert "1/2 cơ sở (50,0 %)" in page
    assert "Còn phải kiểm tra 1 cơ sở để đạt chỉ tiêu" in page
    assert f"Tính đến ngày {today:%d/%m/%Y}" in page


def test_who_is_here_stands_at_the_top(office):
    assert "Điều phối · Huyện Triệu Sơn (cũ)" in read(office)
    assert "Công an · Xã Triệu Sơn" in read(office, "police", COMMUNE)


def test_a_laptop_long_silent_is_told_to_who_can_act(office, today):
    office.laptop("Máy cũ", earliest=(today - timedelta(days=20)).isoformat(), unsent=3)

    assert "lâu chưa gửi Máy cũ" in read(office)
    assert "còn 3 hồ sơ chờ gửi, 0 bản nháp" in read(office, "admin")
    assert "lâu chưa gửi" not in read(office, "team")
    assert "lâu chưa gửi" not in read(office, "police")


def test_a_laptop_that_sent_yesterday_is_no_task(office, today):
    office.laptop("Máy mới", at=(now() - timedelta(days=1)).isoformat())

    assert "Máy mới:" not in read(office).split("Việc cần làm")[1]


def test_a_laptop_that_never_sent_is_a_task(office):
    office.laptop("Máy chưa gửi")

    assert "Máy chưa gửi: đã đăng ký nhưng chưa gửi lần nào" in read(office)


def test_a_laptop_that_goes_on_in_two_places_is_a_task(office):
    id = office.laptop("Máy sao", area="new:15664", at=instant_text(now()))
    for name in ("một", "hai"):
        runs.count(office.db.conn, id, "đợt", [(1, name)], instant_text(now()))

    assert "Máy sao: hai bản sao của máy này cùng gửi" in office.client(area="new:15664").get("/").text
    assert "Máy sao: hai bản sao" not in office.client(area="new:15682").get("/").text


def test_what_was_received_and_does_not_count_is_a_task(office, today):
    office.visit(office.place(), today.isoformat(), members=[{"name": "Một người"}])

    assert "1 lượt đã nhận, chưa tính" in read(office).split("Việc cần làm")[1]


def test_communes_that_have_not_confirmed_their_list_are_named(office, today):
    office.confirm(COMMUNE, today.isoformat())

    page = read(office)

    assert "7 xã chưa rà soát, chốt danh sách năm nay: Xã An Nông, Xã Đồng Tiến" in page


WITH_A_TEXT = {"outcome": "violations", "violations": [{"id": new_id(), "text": "Hành vi lạ", "citation": "Điều 9"}]}


@pytest.mark.parametrize(
    ("role", "asked"),
    [
        ("coordinator", "2 cuộc kiểm tra mới nhận, chưa duyệt."),
        ("police", "Tra cứu cơ sở, chủ cơ sở hoặc mã trên biên bản."),
        ("legal", "1 hành vi chưa có mã: chưa tính được tái phạm."),
        ("clerk", "2 cuộc kiểm tra còn thiếu giấy tờ."),
        ("auditor", "dòng nhật ký trong 7 ngày qua."),
    ],
)
def test_each_role_is_told_what_waits_for_it_and_nothing_of_elsewhere(office, today, role, asked):
    office.visit(office.place(), today.isoformat())
    office.visit(office.place(), today.isoformat(), **WITH_A_TEXT)

    assert asked in read(office, role)
    elsewhere = read(office, role, "new:19")
    assert asked not in elsewhere or role in ("police", "auditor")


def test_every_task_leads_to_a_page_that_opens_for_the_role(office, today):
    office.visit(office.place(), today.isoformat(), **WITH_A_TEXT)
    for role in ROLES:
        client = office.client(role)
        page = client.get("/").get_data(as_text=True)
        to_do = page.partition("to-do")[2].partition("</ul>")[0]
        for href in re.findall(r'href="([^"]+)"', to_do):
            assert client.get(unescape(href)).status_code == 200, (role, href)


def test_a_commune_is_shown_by_kind(office):
    office.place()

    page = read(office, area=COMMUNE)

    assert "theo loại hình" in page
    assert "Hôm nay không còn việc nào chờ." not in page


def test_signing_in_keeps_the_name_and_says_one_sentence(office):
    client = office.app().test_client()
    page = client.get("/dang-nhap").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]

    answer = client.post("/dang-nhap", data={"name": "lan", "password": "sai", "csrf_token": token})

    assert answer.status_code == 422
    assert 'value="lan"' in answer.get_data(as_text=True)
    assert text(answer).count("Tên đăng nhập hoặc mật khẩu không đúng; nhập lại.") == 1


def test_signing_in_and_out_with_the_form(office):
    client, name = office.app().test_client(), office.user()

    def send(path, **data):
        page = client.get("/dang-nhap" if data else "/").get_data(as_text=True)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        return client.post(path, data={**data, "csrf_token": token})

    assert send("/dang-nhap?next=/ty-le-kiem-tra", name=name, password=office.password).location == "/ty-le-kiem-tra"
    assert client.get("/").status_code == 200
    assert send("/dang-xuat").location == "/dang-nhap"
    assert client.get("/").status_code == 302


def test_an_address_that_is_not_there_is_answered_by_a_page(office):
    answer = office.client().get("/khong-co")

    assert answer.status_code == 404
    assert "Không có trang này; kiểm tra lại địa chỉ. Về trang Tổng quan" in text(answer)
