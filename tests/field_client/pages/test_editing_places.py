"""Correcting a place and its operator by their pages, and what happens to a place from a day on."""

import json
import re
from html import unescape

import pytest

from field_client import records
from field_client.places import find
from field_client.states import kinds_on, last_span, spans
from schemas.register import State
from tests.field_client.conftest import AT
from tests.field_client.pages.furnish import AREA, DONG_DO, HOA_SEN, NEXT_COMMUNE, OPERATOR, SON_CA
from tests.markup import faults

EDIT = f"/co-so/{DONG_DO}/sua"


def state(db, id=DONG_DO, kind="establishment") -> State:
    return find(db, kind, id).state


def opened(reader, path=EDIT):
    """Return the fields of a form as it was opened."""
    seen = re.search(r'name="seen" value="([^"]*)"', reader.text(path))
    return json.loads(unescape(seen[1])) | {"seen": unescape(seen[1])}


def save(reader, path=EDIT, **changes):
    return reader.post(path, opened(reader, path) | changes, seen=path)


def edits(db):
    return [json.loads(row[0])["body"] for row in db.conn.execute("SELECT line FROM own ORDER BY local")]


def test_the_form_shows_what_stands_and_saved_as_it_is_it_changes_nothing(reader, db):
    page = reader.text(EDIT)

    for value in ("Karaoke Đông Đô", "KTV-001", "0912 345 678", "Phố Giắt, thị trấn cũ", "12/GP", "01/01/2024"):
        assert f'value="{value}"' in page
    assert save(reader).status_code == 303
    assert db["own"].count == 0


@pytest.mark.parametrize(
    ("changes", "path", "value"),
    [
        ({"name": "Karaoke Đông Đô 2"}, "name", "Karaoke Đông Đô 2"),
        ({"phone": ""}, "phone", None),
        ({"code": "KTV-009"}, "code", "KTV-009"),
        ({"licence/1.to": "31/12/2027"}, "licence/1",
         {"type": "operating_licence", "number": "12/GP", "from": "2019-01-01", "to": "2027-12-31"}),
        ({"licence/1.gone": "1"}, "licence/1", None),
        ({"status/1.from": "1/6/2019"}, "status/1", {"from": "2019-06-01", "to": None, "status": "open"}),
        ({"kind/0.to": "5/11/2026"}, "kind/0", {"from": "2019-01-01", "to": "2026-11-05", "kind": "karaoke"}),
        ({"operator/1.gone": "1"}, "operator/1", None),
    ],
)  # fmt: skip
def test_every_field_is_reached_and_only_what_was_changed_is_said(reader, db, changes, path, value):
    assert save(reader, **changes).status_code == 303

    (edit,) = edits(db)
    assert edit["set"] == {path: value}


def test_commune_address_and_point_correct_where_the_place_stands_now(reader, db):
    save(reader, unit=NEXT_COMMUNE, address="Số 7, Thôn 5", point="19.8075, 105,7764")

    assert last_span(state(db), "place") == {
        "from": "2019-01-01", "to": None, "epoch": "new", "unit": NEXT_COMMUNE[4:], "address": "Số 7, Thôn 5",
        "lat": 19.8075, "lon": 105.7764,
    }  # fmt: skip
    assert len(spans(state(db), "place")) == 1


def test_a_paper_is_added_on_the_empty_line(reader, db):
    save(reader, **{"new.type": "antt_certificate", "new.number": "9/GCN", "new.to": "30/6/2028"})

    assert {"type": "antt_certificate", "number": "9/GCN", "to": "2028-06-30"} in spans(state(db), "licence")


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"name": " "}, "name", "Nhập tên cơ sở."),
        ({"phone": "9" * 100}, "phone", "Dài quá 60 ký tự"),
        ({"unit": ""}, "unit", "Chọn xã trong địa bàn."),
        ({"point": "ở ngã ba"}, "point", "Vị trí bản đồ không đúng"),
        ({"point": "105.7, 190.8"}, "point", "vĩ độ ghi trước"),
        ({"status/1.from": "31/2/2026"}, "status/1.from", "Ngày không đúng"),
        ({"status/1.from": ""}, "status/1.from", "Nhập từ ngày nào."),
        ({"kind/0.to": "1/1/2018"}, "kind/0.to", "ở trước ngày bắt đầu"),
        ({"status/1.status": "gone"}, "status/1.from", "Không có lựa chọn"),
        ({"kind/0.gone": "1"}, "kind", "Phải còn ít nhất một loại hình."),
        ({"new.number": "7/GP"}, "new.type", "Chọn loại giấy."),
        ({"licence/1.from": "1/1/2025"}, "licence/1.to", "ở trước ngày"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(reader, db, changes, field, sentence):
    answer = save(reader, address="Số 7 mới gõ", **changes)

    assert answer.status_code == 422
    said = re.search(rf'<p class="error" id="wrong-{re.escape(field)}"[^>]*>([^<]*)<', answer.text)
    assert said and sentence in unescape(said[1])
    assert 'value="Số 7 mới gõ"' in answer.text
    assert faults(answer.text) == []
    assert db["own"].count == 0


def test_two_spans_that_begin_on_one_day_are_refused_at_their_line(reader, db):
    path = f"/co-so/{SON_CA}/sua"

    answer = save(reader, path, **{"status/2.from": "1/1/2019"})

    assert answer.status_code == 422
    assert "Trùng thời gian với mục đã có" in answer.text


def test_what_changed_since_the_form_was_opened_is_shown_and_not_written_over(reader, db):
    form = opened(reader)
    records.edit(db, "establishment", DONG_DO, {"phone": "0999 999 999"}, at=AT)

    answer = reader.post(EDIT, form | {"phone": "0911 111 111", "name": "Tên khác"}, seen=EDIT)

    assert answer.status_code == 422
    assert "vừa được đổi thành “0999 999 999”" in unescape(answer.text)
    assert 'value="0911 111 111"' in answer.text and 'value="Tên khác"' in answer.text
    assert state(db)["phone"] == "0999 999 999"

    again = unescape(re.search(r'name="seen" value="([^"]*)"', answer.text)[1])
    assert reader.post(EDIT, form | {"phone": "0911 111 111", "seen": again}, seen=EDIT).status_code == 303
    assert state(db)["phone"] == "0911 111 111"


def test_a_form_that_was_open_overnight_does_not_undo_what_it_did_not_touch(reader, db):
    form = opened(reader)
    records.edit(db, "establishment", DONG_DO, {"phone": "0999 999 999"}, at=AT)

    assert reader.post(EDIT, form | {"code": "KTV-010"}, seen=EDIT).status_code == 303
    assert (state(db)["phone"], state(db)["code"]) == ("0999 999 999", "KTV-010")


def test_what_this_laptop_changed_stands_below_the_form(reader):
    save(reader, name="Karaoke Đông Đô 2")
    page = reader.text(EDIT)

    assert "Những gì máy này đã sửa (1 lần)" in page
    assert "Karaoke Đông Đô →" in page
    assert "Chờ gửi" in page


def test_our_value_stands_beside_the_servers_at_its_field(reader, db):
    save(reader, phone="0911 111 111")
    db.execute(
        "UPDATE own SET waiting = 0, seq = 5, standing = 'conflict', standing_at = '2026-11-20T15:00:00Z',"
        " detail = ?", [json.dumps({"fields": {"phone": None}})],
    )  # fmt: skip
    db.conn.commit()

    assert "Máy này: 0911 111 111 · Máy chủ: 0912 345 678" in reader.text(EDIT)


def test_an_operator_is_corrected_at_every_place_it_runs(reader, db):
    path = f"/chu-co-so/{OPERATOR}/sua"
    answer = save(reader, path, name="Công ty Đỗ Văn Được", form="enterprise", registration="2801234567")

    assert answer.location == f"/co-so/{DONG_DO}"
    assert state(db, OPERATOR, "operator")["registration"] == "2801234567"
    assert "Công ty Đỗ Văn Được" in reader.text(f"/co-so/{DONG_DO}")
    assert save(reader, path, form="").status_code == 422


# From a day on


def step(reader, what, id=DONG_DO, **fields):
    return reader.post(f"/co-so/{id}/tu-ngay", {"what": what, **fields}, seen=f"/co-so/{id}")


def test_a_place_is_paused_closed_and_open_again_from_days(reader, db):
    for status, day in (("paused", "1/9/2026"), ("open", "1/10/2026"), ("closed", "15/11/2026")):
        assert step(reader, "status", status=status, **{"status.from": day}).status_code == 303

    said = [(span["from"], span["status"]) for span in spans(state(db), "status")]
    assert said == [("2019-01-01", "open"), ("2026-09-01", "paused"), ("2026-10-01", "open"), ("2026-11-15", "closed")]
    assert "Đã ngừng hoạt động" in reader.text(f"/co-so/{DONG_DO}")


def test_without_a_day_a_change_is_of_today(reader, db):
    step(reader, "status", status="paused", **{"status.from": ""})

    assert last_span(state(db), "status")["status"] == "paused"


def test_a_place_is_handed_to_an_operator_who_is_on_this_laptop(reader, db):
    fields = {"operator": "Hộ kinh doanh Đỗ Văn Được", "operator_id": OPERATOR, "operator.from": "1/11/2026"}
    step(reader, "operator", HOA_SEN, **fields)

    assert last_span(state(db, HOA_SEN), "operator") == {"from": "2026-11-01", "operator": OPERATOR}
    assert [json.loads(row[0])["kind"] for row in db.conn.execute("SELECT line FROM own")] == ["establishment"]


def test_a_place_is_handed_to_a_new_operator_with_form_and_number(reader, db):
    new = {"operator": "Công ty Biển Xanh", "form": "enterprise", "registration": "2801"}
    step(reader, "operator", **new, **{"operator.from": "1/11/2026"})

    operator = state(db, last_span(state(db), "operator")["operator"], "operator")
    assert operator == {"name": "Công ty Biển Xanh", "form": "enterprise", "registration": "2801"}


def test_an_operator_of_the_same_name_is_offered_before_one_more_is_made(reader, db):
    new = {"operator": "hộ kinh doanh đỗ văn được", "form": "household"}
    asked = step(reader, "operator", HOA_SEN, **new)

    assert asked.status_code == 422
    assert f'name="operator_id" value="{OPERATOR}"' in asked.text
    assert db["own"].count == 0
    assert step(reader, "operator", HOA_SEN, **new, operator_id="new").status_code == 303


def test_a_place_moves_and_its_old_address_stays_in_its_history(reader, db):
    step(reader, "place", unit=NEXT_COMMUNE, address="Chợ Nưa", **{"place.from": "1/11/2026"})

    old, new = spans(state(db), "place")
    assert (old["unit"], new["unit"], new["address"], new["from"]) == (
        AREA[4:], NEXT_COMMUNE[4:], "Chợ Nưa", "2026-11-01",
    )  # fmt: skip


def test_kinds_begin_and_end_on_a_day(reader, db):
    step(reader, "kinds", kinds=["karaoke", "massage"], **{"kinds.from": "1/11/2026"})
    step(reader, "kinds", kinds=["massage"], **{"kinds.from": "20/11/2026"})

    assert kinds_on(state(db), "2026-10-31") == ("karaoke",)
    assert kinds_on(state(db), "2026-11-19") == ("karaoke", "massage")
    assert kinds_on(state(db), "2026-11-20") == ("massage",)


@pytest.mark.parametrize(
    ("what", "fields", "wrong", "sentence"),
    [
        ("status", {"status": "gone"}, "status", "Chọn tình trạng hoạt động."),
        ("status", {"status": "paused", "status.from": "hôm kia"}, "status.from", "Ngày không đúng"),
        ("status", {"status": "paused", "status.from": "1/1/2031"}, "status.from", "sau hôm nay quá xa"),
        ("operator", {"operator": ""}, "operator", "Nhập tên chủ cơ sở mới."),
        ("operator", {"operator": "Công ty Mới"}, "form", "Chọn hình thức của chủ cơ sở."),
        ("place", {"unit": "new:99999"}, "unit", "Chọn xã trong địa bàn."),
        ("place", {"unit": AREA, "point": "xa"}, "point", "Vị trí bản đồ không đúng"),
        ("kinds", {"kinds": []}, "kinds", "Chọn ít nhất một loại hình."),
    ],
)
def test_a_step_that_is_not_right_says_so_at_the_field(reader, db, what, fields, wrong, sentence):
    answer = step(reader, what, **fields)

    assert answer.status_code == 422
    assert f'<details id="step-{what}" open>' in answer.text
    said = re.search(rf'<p class="error" id="wrong-{re.escape(wrong)}"[^>]*>([^<]*)<', answer.text)
    assert said and sentence in unescape(said[1])
    assert faults(answer.text) == []
    assert db["own"].count == 0


def test_a_step_that_does_not_exist_is_not_found(reader):
    assert step(reader, "burn").status_code == 404
