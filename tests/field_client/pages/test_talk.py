"""What the office asks for on the laptop's pages: with its comment, an answer and a correction one click away."""

import re
from html import unescape

import pytest

from field_client import talk, visits
from field_client.store import get_meta
from field_client.store.mirror import Mirror
from schemas.language import LANGUAGE
from sync.wire import Change, Cursor, Page
from tests.english import left_in_vietnamese
from tests.field_client.pages.furnish import DONG_DO, OTHER_VISIT, visit_line
from tests.markup import faults

VISIT = f"/cuoc-kiem-tra/{OTHER_VISIT}"
REVIEW = "018f0000-0000-7000-8000-0000000000e1"
COMMENT = "018f0000-0000-7000-8000-0000000000e2"


@pytest.fixture
def asked(db):
    """The office asks for more of a visit of this team, and has written one comment."""
    item = visits.find(db, OTHER_VISIT).visit.item
    review = {"review": "issues", "comment": "Thiếu ảnh giấy phép", "item": item, "by": "Phạm Thị Mai", "id": REVIEW}
    said = {"inspection": OTHER_VISIT, "comment": "Chụp rõ ngày", "on": "2026-11-25", "by": "Phạm Thị Mai"}
    line = db.conn.execute("SELECT line FROM revisions WHERE id = ?", (OTHER_VISIT,)).fetchone()[0]
    tell(db, Change(900, "inspection", OTHER_VISIT, revisions=(("accepted", bytes(line)),), review=review),
         Change(901, "comment", COMMENT, {"inspection": OTHER_VISIT, "author": REVIEW, "said": said}))  # fmt: skip
    return item


def tell(db, *changes):
    held = Cursor.parse(get_meta(db.conn, "cursor"))
    cursor = Cursor(held.lineage, changes[-1].pos, held.seq, held.head, held.scope).text()
    Mirror(db).take(Page(cursor, changes, lineage=held.lineage, server_time=get_meta(db.conn, "server_time")))


def text(page):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_the_first_page_says_what_is_asked_for_and_leads_to_both_answers(reader, asked):
    page = reader.text("/")

    assert "cuộc kiểm tra ngày 12/03/2026 Yêu cầu bổ sung Thiếu ảnh giấy phép Phạm Thị Mai" in text(page)
    assert "Chụp rõ ngày" in text(page)
    assert f'action="{VISIT}/dinh-chinh"' in page
    assert f'{VISIT}?xem=da-chot#y-kien"' in page
    assert faults(page) == []


def test_an_answer_is_kept_shown_and_waits_to_be_sent(reader, db, asked):
    page = reader.text(VISIT)
    assert "Yêu cầu bổ sung : Thiếu ảnh giấy phép" in text(page)
    assert faults(page) == []

    assert reader.post(f"{VISIT}/y-kien", {"word": "Đã chụp lại"}, seen=VISIT).status_code == 303

    [answer] = [word for word in talk.of_visit(db, OTHER_VISIT) if not word.office]
    assert (answer.comment, answer.to, answer.standing) == ("Đã chụp lại", REVIEW, "waiting")
    assert "đã trả lời, chờ văn phòng" in text(reader.text("/"))
    assert "ý kiến về cuộc kiểm tra" in text(reader.text("/gui-nhan"))


def test_nothing_is_no_answer_and_data_about_a_person_is_pointed_out_once(reader, db, asked):
    empty = reader.post(f"{VISIT}/y-kien", {"word": " "}, seen=VISIT)
    assert empty.status_code == 422
    assert "Ghi ý kiến" in text(empty.text)

    warned = reader.post(f"{VISIT}/y-kien", {"word": "Gọi 0912345678"}, seen=VISIT)
    assert warned.status_code == 422
    assert "có vẻ là số điện thoại" in text(warned.text)
    assert ">Gọi 0912345678</textarea>" in warned.text
    assert faults(warned.text) == []

    again = {"word": "Gọi 0912345678", "seen": "Gọi 0912345678"}
    assert reader.post(f"{VISIT}/y-kien", again, seen=VISIT).status_code == 303


def test_a_correction_ends_what_was_asked_for(reader, db, asked):
    line = visit_line(DONG_DO, "2026-03-12", id=OTHER_VISIT, revision=2, reason="Bổ sung", ended="22:40")
    first = db.conn.execute("SELECT line FROM revisions WHERE id = ?", (OTHER_VISIT,)).fetchone()[0]
    review = {"review": "issues", "comment": "Thiếu ảnh giấy phép", "item": asked, "by": "", "id": REVIEW}
    both = (("accepted", bytes(first)), ("accepted", line))

    tell(db, Change(905, "inspection", OTHER_VISIT, revisions=both, review=review))

    assert talk.asked(db) == []
    assert "Yêu cầu bổ sung" not in text(reader.text("/"))
    assert "Đã bổ sung, chờ văn phòng xem lại: Thiếu ảnh giấy phép" in text(reader.text(VISIT))


def test_a_server_that_does_not_say_which_revision_it_means_is_believed(reader, db, asked):
    line = db.conn.execute("SELECT line FROM revisions WHERE id = ?", (OTHER_VISIT,)).fetchone()[0]
    old = {"review": "issues", "comment": "Thiếu ảnh"}

    tell(db, Change(905, "inspection", OTHER_VISIT, revisions=(("accepted", bytes(line)),), review=old))

    assert [one.visit.id for one in talk.asked(db)] == [OTHER_VISIT]


def test_what_is_asked_for_is_shown_in_english(reader, asked):
    reader.client.set_cookie(LANGUAGE, "en", domain="127.0.0.1")
    names = {"Karaoke Đông Đô", "Thiếu ảnh giấy phép", "Phạm Thị Mai", "Chụp rõ ngày", "Trần Đình Văn"}

    page = reader.text("/").partition('id="asked"')[2].partition("</section>")[0]

    assert left_in_vietnamese(page, names) == []
