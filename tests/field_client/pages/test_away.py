"""A laptop that was away too long, was locked, or has a wrong clock: what its pages say, and what still works."""

from datetime import datetime, timedelta

import pytest
from itsdangerous import TimestampSigner

from field_client import drafts, visits
from field_client.clock import now
from field_client.store import put_meta, writing
from schemas.fields import instant_text
from tests.field_client.pages.furnish import DONG_DO, OTHER_VISIT
from tests.field_client.pages.steps import fields, finalise, whole

YEAR = 31_557_600


def heard(db, *, days=0, offset=0):
    """Let the last contact be so many days ago, with a clock that was ahead by *offset* seconds."""
    with writing(db) as conn:
        put_meta(conn, "server_time", instant_text(now() - timedelta(days=days, seconds=offset)))
        put_meta(conn, "clock_offset_s", offset)
        put_meta(conn, "clock_seen", "")


def test_after_the_lease_the_history_is_hidden_and_the_place_is_not(reader, db):
    heard(db, days=61)

    page = reader.text(f"/co-so/{DONG_DO}")

    assert "Hạn kết nối lại đã hết từ ngày" in page
    assert "nối mạng hoặc nhận gói USB từ văn phòng" in page
    assert OTHER_VISIT not in page
    for kept in ("Karaoke Đông Đô", "Phố Giắt", "Hộ kinh doanh Đỗ Văn Được", "Ghi cuộc kiểm tra"):
        assert kept in page


def test_before_its_end_the_history_is_there(reader, db):
    heard(db, days=59)

    assert OTHER_VISIT in reader.text(f"/co-so/{DONG_DO}")


def test_a_visit_of_another_laptop_is_not_opened_by_its_address_either(reader, db):
    heard(db, days=61)

    answer = reader.get(f"/cuoc-kiem-tra/{OTHER_VISIT}")

    assert answer.status_code == 403
    assert "Hạn kết nối lại đã hết" in answer.text


def test_what_was_recorded_here_is_shown_and_recording_goes_on(reader, db):
    heard(db, days=61)
    draft = reader.begin()
    whole(reader, draft)

    answer = finalise(reader, draft)

    assert answer.status_code == 303
    assert reader.get(answer.location).status_code == 200
    assert draft in reader.text(f"/co-so/{DONG_DO}")


def test_the_sending_page_names_the_day_and_today_warns_in_the_last_week(reader, db):
    heard(db, days=20)
    far = reader.text("/")
    assert f"trước ngày {now() + timedelta(days=40, hours=7):%d/%m/%Y}" in reader.text("/gui-nhan")

    heard(db, days=55)
    near = reader.text("/")

    assert "Hạn kết nối lại" not in far
    assert f"Hạn kết nối lại: trước ngày {now() + timedelta(days=5, hours=7):%d/%m/%Y}" in near


def test_a_locked_laptop_says_so_on_every_page_with_what_still_works(reader, db):
    with writing(db) as conn:
        put_meta(conn, "locked_on", "2026-11-20")

    for path in ("/", "/co-so", f"/co-so/{DONG_DO}", "/gui-nhan"):
        page = reader.text(path)
        assert "Văn phòng đã khóa máy này từ ngày 20/11/2026." in page, path
        assert "vẫn ghi và gửi được" in page, path
    assert OTHER_VISIT not in reader.text(f"/co-so/{DONG_DO}")
    assert reader.get(f"/cuoc-kiem-tra/{OTHER_VISIT}").status_code == 403


@pytest.mark.parametrize(
    ("offset", "words"),
    [(-16 * YEAR, "chậm 16 năm so với máy chủ"), (36 * YEAR, "nhanh 36 năm so với máy chủ"), (600, "nhanh 10 phút")],
)
def test_today_says_how_wrong_the_clock_is(reader, db, offset, words):
    heard(db, offset=offset)

    page = reader.text("/")

    assert words in page
    assert "chỉnh lại ngày giờ của máy" in page


@pytest.mark.parametrize("offset", [0, 250, -250])
def test_a_clock_that_is_nearly_right_is_not_spoken_of(reader, db, offset):
    heard(db, offset=offset)

    assert "Đồng hồ máy này" not in reader.text("/")


def test_the_day_is_asked_for_again_with_everything_kept_and_closed_once_confirmed(reader, db):
    heard(db, days=2, offset=-16 * YEAR)
    draft = reader.begin()
    whole(reader, draft, remark="đã gõ dài")
    today = (datetime.fromisoformat(instant_text(now())) + timedelta(seconds=16 * YEAR, hours=7)).date()

    asked = finalise(reader, draft)

    assert fields(db, draft)["date"] == today.isoformat()
    assert asked.status_code == 422
    assert "Đồng hồ máy này chậm 16 năm so với máy chủ; xem lịch, sửa ngày kiểm tra nếu sai" in asked.text
    assert 'name="date_confirmed"' in asked.text
    assert "đã gõ dài" in asked.text
    assert finalise(reader, draft, date="05/11/2026", date_confirmed="1").status_code == 303
    assert visits.find(db, draft).body["date"] == "2026-11-05"


def test_what_else_is_wrong_is_said_beside_it_and_the_mark_stays(reader, db):
    heard(db, offset=36 * YEAR)
    draft = reader.begin()

    asked = finalise(reader, draft)
    again = finalise(reader, draft, date_confirmed="1")

    assert "Chọn kết quả." in asked.text and "xác nhận ngày" in asked.text
    assert 'id="date_confirmed" value="1" checked' in again.text


def test_a_right_clock_asks_nothing(reader, db):
    heard(db)
    draft = reader.begin()

    page = reader.text(f"/cuoc-kiem-tra/{draft}")

    assert "date_confirmed" not in page
    assert drafts.load(db, draft).date == (now() + timedelta(hours=7)).date().isoformat()


@pytest.mark.parametrize("signed", [-20 * YEAR, 36 * YEAR])
def test_a_session_outlives_a_clock_that_was_set(reader, settings, open_pages, signed, monkeypatch):
    """The cookie was signed while the clock said 2062, and is shown after it was put right; or the other way round."""
    with monkeypatch.context() as then:
        moment = int(now().timestamp()) + signed
        then.setattr(TimestampSigner, "get_timestamp", lambda self: moment)
        other = open_pages(settings)

    assert other.get("/").status_code == 200
    assert other.begin()
