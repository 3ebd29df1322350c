"""The list of the register: found with and without marks, narrowed, in pages, and as a file."""

import csv
import io
import re
from html import unescape

import pytest

from server.arrivals.verify import verify
from server.office import edit, make, state_of

COMMUNE, ELSEWHERE, DISTRICT = "new:15664", "new:15682", "old:397"


def text(page):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.get_data(as_text=True))).split())


def names(client, query=""):
    page = client.get(f"/co-so{query}").text
    return re.findall(r'<th scope="row" class="plain"><a href="/co-so/[^"]+">([^<]+)', page)


@pytest.mark.parametrize("typed", ["đông đô", "DONG DO", "dong  karaoke", "0912", "pho giat", "12/GP", "hoang gia"])
def test_a_place_is_found_by_whatever_is_known_of_it_with_marks_or_without(office, typed):
    operator = office.enter("operator", {"name": "Công ty TNHH Hoàng Gia", "form": "enterprise"})[0]
    office.place(
        "Karaoke Đông Đô", phone="0912 345 678", **{"operator/1": {"from": "2019-01-01", "operator": operator}},
        **{"licence/1": {"type": "operating_licence", "number": "12/GP-UBND"}},
    )  # fmt: skip
    elsewhere = {"from": "2019-01-01", "epoch": "new", "unit": "15664", "address": "Thôn 3"}
    office.place("Massage Ánh Dương", kinds=("massage",), **{"place/1": elsewhere})

    assert names(office.client(), f"?tim={typed}") == ["Karaoke Đông Đô"]


def test_a_name_that_is_misspelt_is_offered_and_said_to_be_only_near(office):
    office.place("Karaoke Hoàng Hôn")
    office.place("Nhà nghỉ Sao Đêm")

    page = office.client().get("/co-so?tim=karaoke hoang hom")

    assert "Không có cơ sở nào khớp hẳn" in text(page)
    assert "Karaoke Hoàng Hôn" in text(page)
    assert "Sao Đêm" not in text(page)


def test_a_percent_sign_that_is_typed_means_itself(office):
    office.place("Karaoke 100%")
    office.place("Karaoke Đông Đô")

    assert names(office.client(), "?tim=100%25") == ["Karaoke 100%"]


def test_the_list_is_narrowed_by_kind_status_commune_and_what_was_inspected(office):
    since = {"from": "2019-01-01"}
    closed = {"status/1": {**since, "status": "open"}, "status/2": {"from": "2026-03-01", "status": "closed"}}
    one = office.place("Karaoke A")
    office.place("Massage B", kinds=("massage",), unit=ELSEWHERE)
    office.place("Karaoke C", **closed)
    last_year = office.place("Karaoke D")
    office.visit(one, "2026-05-06")
    office.visit(last_year, "2025-05-06")
    client = office.client()

    assert names(client, "?loai-hinh=massage") == ["Massage B"]
    assert names(client, "?loai-hinh=massage&loai-hinh=karaoke") == ["Karaoke A", "Karaoke C", "Karaoke D", "Massage B"]
    assert names(client, "?tinh-trang=closed") == ["Karaoke C"]
    assert names(client, f"?don-vi={ELSEWHERE}") == ["Massage B"]
    assert names(client, "?kiem-tra=nam-nay") == ["Karaoke C", "Karaoke D", "Massage B"]
    assert names(client, "?kiem-tra=chua-lan-nao") == ["Karaoke C", "Massage B"]


def test_a_place_that_closes_on_a_day_to_come_is_open_until_then(office):
    office.place("Karaoke A", **{"status/2": {"from": "2099-01-01", "status": "closed"}})

    assert names(office.client(), "?tinh-trang=open") == ["Karaoke A"]
    assert names(office.client(), "?tinh-trang=closed") == []


def test_a_visit_to_a_record_that_was_merged_is_a_visit_to_the_survivor(office):
    survivor, gone = office.place("Karaoke A"), office.place("Karaoke A2")
    office.visit(gone)
    make(office.db, [edit("establishment", gone, {"merged_into": survivor}, {})], author="test", at=office.at)

    assert names(office.client()) == ["Karaoke A"]
    assert names(office.client(), "?kiem-tra=chua-lan-nao") == []


def test_papers_that_have_expired_are_found_and_a_renewed_one_is_not(office):
    old = {"licence/1": {"type": "antt_certificate", "number": "1", "to": "2026-01-31"}}
    office.place("Hết hạn", **old)
    office.place("Đã cấp lại", **old, **{"licence/2": {"type": "antt_certificate", "number": "2", "to": "2099-01-31"}})

    assert names(office.client(), "?het-han=1") == ["Hết hạn"]


def test_what_the_filters_show_stands_in_the_address_and_in_the_files(office):
    office.place("Karaoke A")
    office.place("Massage B", kinds=("massage",))
    client = office.client()

    page = client.get("/co-so?loai-hinh=massage")
    rows = list(csv.reader(io.StringIO(client.get("/co-so.csv?loai-hinh=massage").data.decode("utf-8-sig"))))

    assert "/co-so.csv?loai-hinh=massage" in page.text
    assert [row[1] for row in rows] == ["Tên cơ sở", "Massage B"]
    assert client.get("/co-so.xlsx").status_code == 200
    assert client.get("/co-so.pdf").status_code == 404


def test_a_long_list_comes_in_pages_and_whole_to_be_printed(office):
    office.fill(places=60, inspected=0)
    client = office.client()

    assert len(names(client)) == 50
    assert len(names(client, "?trang=2")) == 10
    assert len(names(client, "?trang=tat-ca")) == 60
    assert "Không có trang này" in text(client.get("/co-so?trang=9"))


def test_the_list_tells_who_may_edit_and_nobody_else_how_to_add(office):
    assert "Thêm cơ sở" in text(office.client("coordinator").get("/co-so"))
    assert "Thêm cơ sở" not in text(office.client("police").get("/co-so"))


def test_the_rows_of_the_list_are_what_their_items_say(busy):
    place = busy.place("Karaoke Đông Đô", phone="12")
    was = state_of(busy.db.conn, "establishment", place)
    make(busy.db, [edit("establishment", place, {"name": "Hoàng Gia", "phone": None}, was)], author="test", at=busy.at)

    assert verify(busy.db).problems == ()
