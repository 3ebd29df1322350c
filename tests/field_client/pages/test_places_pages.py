"""The list of establishments, the page of one, and entering a new one."""

import pytest

from field_client import search
from field_client.pages.words import moment
from tests.field_client.pages.furnish import AREA, DONG_DO, HOA_SEN, NEXT_COMMUNE, OTHER_VISIT, SERVER_TIME
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
    assert "12/03/2026 – Đội kiểm tra liên ngành 178 xã Triệu Sơn" in page
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
    assert search.count(db, search.Asked(text="anh duong")) == 1


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


def test_a_place_that_is_alike_in_another_commune_is_not_offered(reader, db):
    assert add(reader, name="Karaoke Đông Đô", unit=NEXT_COMMUNE).status_code == 303


def test_a_place_of_the_same_name_is_entered_when_a_person_says_it_is_another(reader, db):
    add(reader)

    assert add(reader, new="1").status_code == 303
    assert search.count(db, search.Asked(text="anh duong")) == 2


def test_a_page_number_longer_than_any_number_is_the_first_page(reader):
    assert reader.get("/co-so?trang=" + "9" * 5000).status_code == 200
