"""Everything about sending on one page: search among receipts, pages, the field to open, what goes on, the history."""

import csv
import io
import zipfile
from types import SimpleNamespace

import pytest

from field_client import drafts, made_here, progress, records
from field_client.attachments import attach_content
from field_client.clock import now
from field_client.jobs import PAUSE, Courier
from field_client.pages.going import duration
from field_client.syncing import BOTH, Half, Outcome, Trouble
from field_client.taking import Given
from schemas.attachments import Role
from schemas.ids import new_id
from tests.field_client.pages.furnish import DONG_DO, HOA_SEN, TEAM
from tests.field_client.pages.test_today_and_sending import finished, settle
from tests.markup import faults
from tests.pictures import plain_jpeg


def visit(db, place, date="2026-11-20"):
    body = {"establishment": place, "team": TEAM, "date": date, "basis": "planned", "outcome": "no_violation",
            "members": [{"name": name} for name in ("An", "Bình", "Cường")]}  # fmt: skip
    return records.record(db, new_id(), body, at=now()).id


def part(page, name):
    return page.partition(f'data-fresh="{name}"')[2].partition("</section>")[0]


@pytest.mark.parametrize(
    ("asked", "found"),
    [("Hoa Sen", 1), ("hoa sen", 1), ("dong do", 1), ("41", 1), ("99", 0), ("dong hoa", 0), ("%", 0), ("", 2)],
)
def test_receipts_are_searched_by_place_with_or_without_marks_and_by_number(reader, db, asked, found):
    visit(db, DONG_DO)
    visit(db, HOA_SEN)
    settle(db)

    page = part(reader.text(f"/gui-nhan?tim={asked}"), "received")

    assert page.count("Mã tiếp nhận ") == found


def test_receipts_are_shown_page_by_page(reader, db):
    for _ in range(made_here.PAGE + 3):
        records.edit(db, "establishment", DONG_DO, {"phone": f"0{_:09}"}, at=now())
    settle(db)

    first, second = (part(reader.text(f"/gui-nhan?trang={nth}"), "received") for nth in (1, 2))

    assert first.count("thông tin cơ sở") == made_here.PAGE
    assert second.count("thông tin cơ sở") == 3
    assert "Trang 2 trên 2" in second
    assert "Tất cả: 53 hồ sơ." in second


def test_every_record_that_waits_says_what_it_is_and_leads_there(reader, db):
    id = visit(db, DONG_DO)
    attach_content(db, id, plain_jpeg(), Given(Role.PHOTO), at=now())
    records.edit(db, "establishment", HOA_SEN, {"phone": "0912345678"}, at=now())

    page = part(reader.text("/gui-nhan"), "waiting")

    for said in (f"/cuoc-kiem-tra/{id}", "cuộc kiểm tra ngày 20/11/2026", "thông tin ảnh", f"/co-so/{HOA_SEN}"):
        assert said in page


def test_what_is_to_be_corrected_leads_to_the_field(reader, db):
    id = finished(reader)
    settle(db, "quarantined", {"reason": "content", "problems": {"date": "Ngày kiểm tra ở sau hôm nay."}})
    page = reader.text("/gui-nhan")
    assert 'name="muc" value="date">Ngày kiểm tra ở sau hôm nay.' in page

    answer = reader.post(f"/cuoc-kiem-tra/{id}/dinh-chinh", {"muc": "date"})

    assert answer.location == f"/cuoc-kiem-tra/{id}?tiep=date"
    assert 'data-focus="date"' in reader.text(answer.location)
    assert drafts.load(db, id).base


def test_the_badge_counts_records_and_files_apart_on_every_page(reader, db):
    id = visit(db, DONG_DO)
    for seed in (1, 2):
        attach_content(db, id, plain_jpeg(seed), Given(Role.PHOTO), at=now())

    for path in ("/", "/co-so", "/gui-nhan"):
        assert ">Còn 1 hồ sơ, 2 tệp chờ gửi</a>" in reader.text(path)
    assert reader.get("/gui-nhan/tien-do").json["badge"] == "Còn 1 hồ sơ, 2 tệp chờ gửi"
    settle(db)
    assert ">Còn 2 tệp chờ gửi</a>" in reader.text("/")
    db.conn.execute("UPDATE files SET state = 'sent'")
    assert reader.get("/gui-nhan/tien-do").json["badge"] == ""


def test_while_a_sync_runs_the_page_says_how_far_it_is(reader, db, settings):
    visit(db, DONG_DO)
    line = SimpleNamespace(bytes_up=120_000, bytes_down=40_000)

    with progress.watched(db, settings.database, line) as going:
        going.stage = progress.Stage.SEND
        told = reader.get("/gui-nhan/tien-do").json
        page = reader.text("/gui-nhan")

    assert (told["running"], told["part"]) == (True, 0)
    assert told["sentence"] == "Đang gửi hồ sơ: máy chủ đã nhận 0 trên 1."
    assert told["detail"] == "Đã chuyển lên 0,1 MB, nhận về 40 KB."
    assert told["sentence"] in page
    assert faults(page) == []
    assert reader.get("/gui-nhan/tien-do").json["running"] is False


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(5, "còn dưới 1 phút"), (61, "còn khoảng 2 phút"), (5400, "còn khoảng 1 giờ 30 phút")],
)
def test_a_time_that_is_left_is_said_roughly(reader, seconds, said):
    with reader.app.test_request_context():
        assert duration(seconds) == said


@pytest.fixture
def courier(reader, settings):
    """A courier whose syncs do what a test says, working for the pages."""
    made = Courier(settings, lambda db, halves: made.does(halves))
    made.does = lambda halves: Outcome(sent=2)
    reader.app.extensions["doi178-courier"] = made
    made.start(first=1000)
    yield made
    made.stop()


def test_a_button_asks_the_courier_and_says_what_came_of_it(reader, courier):
    asked = []
    courier.does = lambda halves: asked.append(halves) or Outcome(sent=2)

    answer = reader.post("/gui-nhan", {"half": "send", "back": "today"})

    assert answer.location == "/"
    assert "Máy chủ đã nhận 2 hồ sơ." in reader.text("/")
    assert asked == [frozenset({Half.SEND})]
    told = reader.get("/gui-nhan/tien-do").json
    assert (told["last"], told["said"]) == (1, "Máy chủ đã nhận 2 hồ sơ.")


def test_both_halves_go_together(reader, courier):
    asked = []
    courier.does = lambda halves: asked.append(halves) or Outcome()

    reader.post("/gui-nhan", {"half": "both"})

    assert asked == [BOTH]


def test_paused_it_begins_nothing_by_itself_until_somebody_asks(reader, courier):
    assert reader.post("/gui-nhan/tam-dung", {}).location == "/gui-nhan"

    courier.soon()
    assert PAUSE - 60 < courier.next_try() <= PAUSE
    assert "Đã tạm dừng gửi trong 30 phút" in reader.text("/gui-nhan").partition('id="paused">')[2]
    reader.post("/gui-nhan", {"half": "send"})

    assert reader.get("/gui-nhan/tien-do").json["paused"] is False
    assert courier.next_try() < PAUSE / 2


def test_a_sync_that_falls_over_keeps_nobody_waiting(reader, courier):
    def falls(halves):
        raise RuntimeError

    courier.does = falls

    assert reader.post("/gui-nhan", {"half": "send"}).status_code == 303


def test_the_history_is_a_page_and_files_on_the_same_path(reader, db):
    reader.app.extensions["doi178-sync"] = lambda db, halves: Outcome()
    for nth in range(103):
        db.conn.execute(
            "INSERT INTO syncs (at, way, began, sent, received, waiting, bytes_up, bytes_down, trouble, words, files)"
            " VALUES ('2026-11-20T15:00:00Z', 'send', '2026-11-20T14:59:00Z', ?, 0, 0, 5, 6, ?, ?, 1)",
            (nth, "offline" if nth else "", "=Không có mạng" if nth else ""),
        )

    page, second = reader.text("/gui-nhan/cac-lan"), reader.text("/gui-nhan/cac-lan?trang=2")
    table = list(csv.reader(io.StringIO(reader.get("/gui-nhan/cac-lan.csv").data.decode("utf-8-sig"))))
    book = zipfile.ZipFile(io.BytesIO(reader.get("/gui-nhan/cac-lan.xlsx").data))

    assert "103 lần; giữ 400 ngày." in page
    assert (page.count("Chưa xong"), second.count("Chưa xong"), second.count("Xong")) == (100, 2, 1)
    assert faults(page) == []
    assert len(table) == 104
    assert table[1] == ["22:00 20/11/2026", "Gửi", "60", "102", "1", "0", "0", "0", "5", "6", "Chưa xong",
                        "'=Không có mạng"]  # fmt: skip
    assert "xl/worksheets/sheet1.xml" in book.namelist()
    assert reader.get("/gui-nhan/cac-lan.pdf").status_code == 404


def test_stopped_by_a_person_is_said_calmly(reader):
    reader.app.extensions["doi178-sync"] = lambda db, halves: Outcome(sent=1, trouble=Trouble.STOPPED, words="Đã dừng.")
    reader.post("/gui-nhan", {"half": "send"})

    assert "Máy chủ đã nhận 1 hồ sơ. Đã dừng." in reader.text("/gui-nhan")
