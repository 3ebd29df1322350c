"""The list of establishments, the page of one, and entering a new one."""

import csv
import io
import re

import pytest

from field_client import clock, records, search
from field_client.clock import now
from field_client.pages.words import moment
from field_client.places import find
from schemas.ids import new_id
from tests.field_client.pages.furnish import (
    AREA,
    DONG_DO,
    HOA_SEN,
    NEXT_COMMUNE,
    OPERATOR,
    OTHER_VISIT,
    SERVER_TIME,
    SON_CA,
    TEAM,
)
from tests.markup import faults


@pytest.mark.parametrize(
    "typed",
    ["Đông Đô", "dong do", "DONG", "đồng", "ktv-001", "pho giat", "0912345678", "0912 345", "do van duoc", "Được"],
)
def test_a_place_is_found_by_name_code_address_phone_and_operator(reader, typed):
    found = reader.get("/co-so/danh-sach", query_string={"tim": typed}).text

    assert "Karaoke Đông Đô" in found
    assert "Hoa Sen" not in found


def test_the_filters_stand_in_the_address(reader):
    page = reader.text(f"/co-so?xa={NEXT_COMMUNE}&loai=lodging&chua-kiem-tra=1")

    assert "Xoa bóp Hoa Sen" in page
    assert "Sơn Ca" not in page
    assert f'value="{NEXT_COMMUNE}" selected' in page
    assert 'value="lodging" selected' in page
    assert '<option value="1" selected>Chưa kiểm tra năm' in page


def test_a_place_inspected_this_year_is_left_out_where_that_is_asked(reader):
    assert "Đông Đô" in reader.text("/co-so")
    assert "Đông Đô" not in reader.text("/co-so?chua-kiem-tra=1")


@pytest.mark.parametrize(
    "query", ["trang=0", "trang=-1", "trang=999999", "trang=x", "loai=casino", "xa=%F0", "tim=%00"]
)
def test_an_address_that_makes_no_sense_asks_for_nothing(reader, query):
    assert reader.get(f"/co-so?{query}").status_code == 200


def test_nothing_found_offers_to_add_it(reader):
    page = reader.text("/co-so?tim=Quán+Mới")

    assert "Không có cơ sở nào khớp" in page
    assert "/co-so/moi?ten=Qu%C3%A1n+M%E1%BB%9Bi" in page


def test_long_lists_come_in_pages(reader, db):
    for n in range(31):
        add(reader, name=f"Quán số {n:02d}")

    first, second = reader.text("/co-so?tim=quan+so"), reader.text("/co-so?tim=quan+so&trang=2")

    assert "trang 1/2" in first
    assert "/co-so?tim=quan+so&amp;trang=2" in first
    assert "Quán số 30" in second
    assert "Quán số 00" not in second


def test_what_is_typed_cannot_become_markup(reader):
    assert "<b>x" not in reader.text("/co-so?tim=<b>x")


def test_a_place_shows_its_facts_visits_and_what_has_expired(reader):
    page = reader.text(f"/co-so/{DONG_DO}")

    for words in ("Phố Giắt", "Xã Triệu Sơn", "Hộ kinh doanh Đỗ Văn Được", "Hết hạn ngày 01/01/2024", "0912 345 678"):
        assert words in page
    assert f"/cuoc-kiem-tra/{OTHER_VISIT}" in page
    assert "Hết hạn" not in reader.text(f"/co-so/{HOA_SEN}")


def test_a_place_inspected_this_year_says_who_when_and_how_old_that_is(reader):
    page = reader.text(f"/co-so/{DONG_DO}")

    assert "Đã được kiểm tra trong năm – trùng lặp" in page
    assert "12/03/2026</a> – Đội kiểm tra liên ngành 178 xã Triệu Sơn: Không phát hiện vi phạm" in page
    assert f"số liệu nhận về lúc {moment(SERVER_TIME)}" in page
    assert "trùng lặp" not in reader.text(f"/co-so/{HOA_SEN}")


def test_a_place_is_found_by_its_code_too(reader):
    assert "Karaoke Đông Đô" in reader.text("/co-so/KTV-001")


NEW = {"name": "Karaoke Ánh Dương", "kinds": ["karaoke"], "unit": AREA, "address": "Thôn 5", "status": "open"}


def add(reader, **changes):
    return reader.post("/co-so/moi", NEW | changes)


def test_a_new_place_can_be_inspected_at_once(reader, db):
    answer = add(reader, operator="Công ty Ánh Dương", form="enterprise")

    assert answer.status_code == 303
    place = answer.location.rpartition("/")[2]
    page = reader.text(answer.location)
    assert "Công ty Ánh Dương" in page
    assert "Chờ gửi" in page
    assert "KAR-01" in reader.text(f"/cuoc-kiem-tra/{reader.begin(place)}")
    assert [row.name for row in search.establishments(db, search.Asked(text="anh duong"))] == ["Karaoke Ánh Dương"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": " "}, "Nhập tên cơ sở."),
        ({"kinds": []}, "Chọn ít nhất một loại hình."),
        ({"unit": ""}, "Chọn xã trong địa bàn."),
        ({"unit": "new:99999"}, "Chọn xã trong địa bàn."),
        ({"operator": "Ông A"}, "Chọn hình thức của chủ cơ sở."),
        ({"name": "x" * 400}, "Dài quá 300 ký tự"),
        ({"address": "x" * 500}, "Dài quá 400 ký tự"),
        ({"phone": "x" * 100}, "Dài quá 60 ký tự"),
        ({"operator": "x" * 400, "form": "household"}, "Dài quá 300 ký tự"),
        ({"kinds": ["karaoke", "casino"]}, "Không có lựa chọn “casino”"),
        ({"status": "gone"}, "Không có lựa chọn “gone”"),
        ({"name": "a\x00b"}, "ký tự không lưu được"),
    ],
)
def test_a_new_place_that_is_not_right_says_so_at_the_field_and_keeps_what_was_typed(reader, db, changes, sentence):
    answer = add(reader, **{"address": "Số 7, Thôn 5", **changes})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert db["own"].count == 0
    if "address" not in changes:
        assert "Số 7, Thôn 5" in answer.text


def test_a_second_click_makes_no_second_place(reader, db):
    add(reader)

    again = add(reader)

    assert again.status_code == 422
    assert "Có thể trùng cơ sở" in again.text
    assert len(search.establishments(db, search.Asked(text="anh duong"))) == 1


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"name": "Quán KARAOKE Đông Đô"}, "Cùng tên"),
        ({"name": "Karaoke Đôngg Đô"}, "Tên gần giống"),
        ({"name": "Hoàng Gia", "phone": "+84 912 345 678"}, "Cùng số điện thoại"),
    ],
)
def test_a_place_that_may_be_there_already_is_offered_and_what_was_typed_stays(reader, db, changes, reason):
    here = db.conn.execute("SELECT unit FROM establishments WHERE id = ?", (DONG_DO,)).fetchone()[0]

    answer = add(reader, unit=here, address="Thôn 5", **changes)

    assert answer.status_code == 422
    assert f'href="/co-so/{DONG_DO}"' in answer.text
    assert "Đây là cơ sở này" in answer.text and "Vẫn thêm mới" in answer.text
    assert reason in answer.text
    assert 'value="Thôn 5"' in answer.text
    assert faults(answer.text) == []
    assert db["own"].count == 0


def test_a_place_at_the_same_point_is_offered_where_the_name_is_near_while_it_is_typed(reader, db):
    here = db.conn.execute("SELECT unit FROM establishments WHERE id = ?", (DONG_DO,)).fetchone()[0]
    add(reader, unit=here, name="Hoàng Gia", point="19.8075, 105.7764", new="1")
    typed = {"name": "Hoàng Gia Phát", "unit": here}

    near = reader.get("/co-so/moi/trung", query_string={**typed, "point": "19.8076, 105.7764"}).text
    further = reader.get("/co-so/moi/trung", query_string={**typed, "point": "19.8175, 105.7764"}).text
    half_typed = reader.get("/co-so/moi/trung", query_string={**typed, "point": "19.80"}).text

    assert "Tên gần giống · Gần nhau trên bản đồ" in " ".join(near.split())
    assert (further.strip(), half_typed.strip()) == ("", "")


def test_a_place_that_is_alike_in_another_commune_is_not_offered(reader, db):
    assert add(reader, name="Karaoke Đông Đô", unit=NEXT_COMMUNE).status_code == 303


def test_a_place_of_the_same_name_is_entered_when_a_person_says_it_is_another(reader, db):
    add(reader)

    assert add(reader, new="1").status_code == 303
    assert len(search.establishments(db, search.Asked(text="anh duong"))) == 2


def test_a_new_place_takes_everything_that_its_papers_say(reader, db):
    answer = add(
        reader, code="KAR-77", phone="0911 222 333", point="19.8075, 105.7764", opened_on="1/3/2024",
        operator="Công ty Ánh Dương", form="enterprise", registration="2801234567",
        **{"operating_licence.number": "55/GP", "operating_licence.from": "1/3/2024",
           "antt_certificate.number": "9/GCN", "antt_certificate.to": "30/6/2028"},
    )  # fmt: skip

    place = find(db, "establishment", answer.location.rpartition("/")[2])
    assert (place["code"], place["phone"], place.place["lat"], place.place["from"]) == (
        "KAR-77", "0911 222 333", 19.8075, "2024-03-01",
    )  # fmt: skip
    assert {"type": "operating_licence", "number": "55/GP", "from": "2024-03-01"} in place.spans("licence")
    assert {"type": "antt_certificate", "number": "9/GCN", "to": "2028-06-30"} in place.spans("licence")
    assert find(db, "operator", place.operator)["registration"] == "2801234567"


def test_a_new_place_is_given_an_operator_who_is_on_this_laptop(reader, db):
    answer = add(reader, operator="Hộ kinh doanh Đỗ Văn Được", operator_id=OPERATOR)

    assert find(db, "establishment", answer.location.rpartition("/")[2]).operator == OPERATOR
    assert db["operators"].count == 1


def test_a_name_typed_over_a_chosen_operator_is_another_operator(reader, db):
    answer = add(reader, operator="Công ty Khác", operator_id=OPERATOR, form="enterprise")

    assert find(db, "establishment", answer.location.rpartition("/")[2]).operator != OPERATOR


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"opened_on": "1/1/2031"}, "opened_on", "ở sau hôm nay"),
        ({"opened_on": "hôm nọ"}, "opened_on", "Ngày không đúng"),
        ({"point": "105,19"}, "point", "vĩ độ ghi trước"),
        ({"operating_licence.from": "2/2/2026", "operating_licence.to": "1/1/2026"}, "operating_licence.to", "trước"),
        ({"antt_certificate.number": "9" * 100}, "antt_certificate.number", "Dài quá 80 ký tự"),
        ({"operator": "Hộ kinh doanh Đỗ Văn Được", "form": "household"}, "operator", "đã có chủ cơ sở tên này"),
    ],
)
def test_a_paper_a_day_or_a_point_that_is_not_right_says_so_at_the_field(reader, db, changes, field, sentence):
    answer = add(reader, **changes)

    assert answer.status_code == 422
    said = re.search(rf'id="wrong-{re.escape(field)}"[^>]*>([^<]*)<', answer.text)
    assert said and sentence in said[1]
    assert faults(answer.text) == []
    assert db["own"].count == 0


def test_places_that_may_be_it_are_offered_as_one_types(reader):
    by_name = reader.get("/co-so/moi/trung", query_string={"name": "quan karaoke dong do", "unit": AREA}).text
    no_commune = reader.get("/co-so/moi/trung", query_string={"name": "đông đô"}).text

    assert f'href="/co-so/{DONG_DO}"' in by_name and "Đây là cơ sở này" in by_name
    assert f'href="/co-so/{DONG_DO}"' in no_commune
    assert reader.get("/co-so/moi/trung", query_string={"name": "Hoàng Gia", "unit": AREA}).text.strip() == ""
    assert reader.get("/co-so/moi/trung").text.strip() == ""


def test_operators_are_found_as_one_types(reader):
    found = reader.get("/chu-co-so/tim", query_string={"tim": "do van duoc"}).text

    assert f'data-id="{OPERATOR}"' in found
    assert "1 cơ sở" in found
    assert reader.get("/chu-co-so/tim", query_string={"tim": "zzz"}).text.strip() == ""


# Filters, and the list on paper and as a file


def listed(reader, query):
    return re.findall(r'<a class="hit" href="/co-so/([^"]+)"', reader.text(f"/co-so?{query}"))


def visit(db, place, day, **changes):
    body = {"establishment": place, "team": TEAM, "date": day, "basis": "planned", "outcome": "no_violation",
            "members": [{"name": name} for name in ("An", "Bình", "Cường")], **changes}  # fmt: skip
    records.record(db, new_id(), body, at=now())


def test_never_inspected_is_more_than_not_this_year(reader, db):
    visit(db, HOA_SEN, "2024-05-05")

    assert listed(reader, "chua-kiem-tra=1") == [SON_CA, HOA_SEN]
    assert listed(reader, "chua-kiem-tra=chua-lan-nao") == [SON_CA]


def test_open_findings_and_expired_papers_are_filters(reader, db):
    visit(db, HOA_SEN, "2026-05-05", outcome="violations", violations=[{"text": "Không có hợp đồng lao động"}])

    assert listed(reader, "ton-tai=1") == [HOA_SEN]
    assert listed(reader, "het-han=1") == [DONG_DO]
    assert listed(reader, "het-han=1&ton-tai=1") == []


def test_a_paper_that_was_renewed_has_not_expired(reader, db):
    renewed = {"type": "operating_licence", "number": "13/GP", "from": "2024-01-02"}
    records.edit(db, "establishment", DONG_DO, {"licence/9": renewed}, at=now())

    assert listed(reader, "het-han=1") == []


def test_the_list_on_paper_says_what_it_is_of_and_how_old(reader):
    page = reader.text(f"/co-so/in?xa={AREA}&loai=karaoke")

    assert "Karaoke Đông Đô" in page and "Sơn Ca" not in page
    for words in ("Danh sách cơ sở", "Xã Triệu Sơn · Karaoke · 1 cơ sở", "Địa bàn: Tỉnh Thanh Hóa",
                  f"Theo số liệu nhận về lúc {moment(SERVER_TIME)}"):  # fmt: skip
        assert words in page


def test_the_list_as_a_file_holds_every_page_and_no_formula(reader, db):
    for n in range(31):
        add(reader, name=f"=Quán số {n:02d}")

    answer = reader.get("/co-so.csv?tim=quan+so")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))

    assert answer.content_type == "text/csv; charset=utf-8"
    assert rows[0][:3] == ["Mã cơ sở", "Tên cơ sở", "Loại hình"]
    assert [row[1] for row in rows[1:]] == [f"'=Quán số {n:02d}" for n in range(31)]


# Assignments


def take(reader, place=HOA_SEN, **form):
    return reader.post(f"/co-so/{place}/nhan", form, seen=f"/co-so/{place}")


def test_a_place_is_taken_for_tonight_shown_and_let_go_again(reader, db):
    assert take(reader).location == f"/co-so/{HOA_SEN}"
    page = reader.text(f"/co-so/{HOA_SEN}")
    assert "Đội này đã nhận kiểm tra, hết hạn 12:00 ngày" in page
    assert "Nhận kiểm tra tối nay" not in page
    assert listed(reader, "phan-cong=1") == [HOA_SEN]
    assert "Xoa bóp Hoa Sen" in reader.text("/")

    (id,) = [row[0] for row in db.conn.execute("SELECT id FROM assignments")]
    reader.post(f"/phan-cong/{id}/bo", {"back": "today"})
    assert listed(reader, "phan-cong=1") == []
    assert "Nhận kiểm tra tối nay" in reader.text(f"/co-so/{HOA_SEN}")


def test_a_place_is_taken_from_the_list_which_stays_where_it_was(reader):
    answer = take(reader, back="xa=new%3A15682&trang=2")

    assert answer.location == "/co-so?xa=new%3A15682&trang=2"


def test_a_place_that_was_inspected_this_year_is_taken_with_a_warning(reader):
    take(reader, DONG_DO)

    assert "đã được kiểm tra trong năm: chỉ kiểm tra lại khi có dấu hiệu" in reader.text(f"/co-so/{DONG_DO}")


def test_an_unscheduled_visit_is_taken_as_such(reader, db):
    take(reader, basis="unscheduled")

    assert db.conn.execute("SELECT basis, team FROM assignments").fetchall() == [("unscheduled", TEAM)]


def test_what_is_visited_leaves_the_list_of_today(reader, db):
    take(reader)
    visit(db, HOA_SEN, clock.local_day(now()).isoformat())

    assert "Chưa có phân công nào còn hạn" in reader.text("/")


def test_a_page_number_longer_than_any_number_is_the_first_page(reader):
    assert reader.get("/co-so?trang=" + "9" * 5000).status_code == 200
