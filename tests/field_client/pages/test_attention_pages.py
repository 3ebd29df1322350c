"""What became of a record, in words, with the one thing to do next: the list, the visit, the place, the first page."""

import json

import pytest

from field_client import matters, records
from field_client.clock import now
from field_client.store.mirror import Mirror
from field_client.store.outbox import Outbox
from schemas.ids import new_id
from schemas.items import name_of
from sync.chain import Receipt, Seal
from sync.wire import Change, Cursor, Page, Reply
from tests.field_client.pages.furnish import DONG_DO, OTHER_VISIT, visit_line
from tests.markup import faults

LIST = "/can-xem-lai"


def finished(reader, **fields):
    """Record a visit and return its id."""
    draft = reader.begin()
    reader.save_fields(draft, {"outcome": "no_violation", **fields})
    reader.post(f"/cuoc-kiem-tra/{draft}", {"do": "finalise", "asked": "1"})
    return draft


def settle(db, standing="accepted", detail=None, seq=41):
    """Receive a receipt for all that waits, and return the items' names."""
    names = [row["name"] for row in db["own"].rows_where("waiting = 1")]
    receipts = tuple(Receipt(name, seq + at, standing, detail) for at, name in enumerate(names))
    seal = Seal("L", seq, seq + len(names) - 1, "0" * 64, "1" * 64, "2" * 64)
    Outbox(db).settle(Reply(seal, "x", receipts, (), "2026-11-24T16:41:00Z", 0))
    return names


def hear(db, *changes, pos=9000, time="2026-11-25T01:00:00Z"):
    """Take a page with *changes*, each (kind, id, state or revisions)."""
    told = []
    for at, (kind, id, said) in enumerate(changes, pos):
        told.append(Change(at, kind, id, revisions=said) if kind == "inspection" else Change(at, kind, id, said))
    Mirror(db).take(Page(Cursor("L", pos + 10, pos, "0" * 64).text(), tuple(told), False, "L", time, 0))


def stands(db, name, standing, **detail):
    """Hear from the server how an own item stands now."""
    hear(db, ("standing", name, {"standing": standing, "detail": detail or None}))


@pytest.mark.parametrize(
    ("standing", "detail", "happened", "todo"),
    [
        ("held", {"needs": [["establishment", new_id()]]}, "Còn chờ: một cơ sở chưa có trên máy này", "Chưa cần"),
        ("held", {"needs": [["item", "0" * 64]]}, "Còn chờ: bản trước của biên bản này", "Chưa cần làm gì"),
        ("conflict", None, "Nơi khác đã sửa cùng nội dung", "văn phòng đối chiếu"),
        ("quarantined", {"reason": "content", "problems": {"date": "Nhập lại ngày."}}, "Nhập lại ngày.", "Mở để sửa"),
        ("quarantined", {"reason": "right"}, "ngoài địa bàn", "chờ văn phòng quyết định"),
        ("quarantined", {"reason": "schema"}, "chưa đọc được", "nâng cấp xong thì tự được nhận"),
        ("quarantined", {"reason": "server-fault", "reference": "7f2a"}, "mã lỗi 7f2a", "báo mã lỗi"),
        ("declined", {"by": "Lê Thị Hạnh", "why": "Ghi nhầm xã"}, "Lê Thị Hạnh không đưa", "ghi đính chính"),
        ("declined", {"by": "x", "why": "", "settled": "theirs"}, "giữ bản trên máy chủ", "ghi đính chính"),
        ("declined", {"replaced_by": "0" * 64}, "Bản đính chính đã thay bản này.", "Không cần làm gì thêm."),
    ],
)  # fmt: skip
def test_each_standing_says_what_happened_and_what_to_do_next(reader, db, standing, detail, happened, todo):
    visit = finished(reader)
    settle(db, standing, detail)

    page = reader.text(LIST)

    assert happened in page
    assert todo in page
    assert faults(page) == []
    assert happened in reader.text(f"/cuoc-kiem-tra/{visit}")
    assert ("Mở để sửa</button>" in page) is ((detail or {}).get("reason") == "content")


@pytest.mark.parametrize(
    ("detail", "words"),
    [({"by": "Lê Thị Hạnh", "ground": "Luật 91/2025"}, "của Lê Thị Hạnh, căn cứ: Luật 91/2025."),
     ({"by": new_id(), "ground": ""}, "của văn phòng.")],
)  # fmt: skip
def test_what_was_erased_is_told_by_whom_and_nothing_of_it_is_shown(reader, db, detail, words):
    finished(reader, remark="Chị A")
    settle(db, "erased", detail)

    page = reader.text(LIST)

    assert f"Nội dung đã được xóa theo quyết định {words}" in page
    assert "Hồ sơ đã xóa nội dung" in page
    assert "Xem biên bản" not in page
    assert faults(page) == []


@pytest.mark.parametrize(
    ("reason", "words"),
    [("content", "Đã nhận, cần sửa"), ("right", "Đã nhận, chờ văn phòng quyết định"),
     ("schema", "Đã nhận, chờ nâng cấp máy chủ"), ("server-fault", "Đã nhận, máy chủ gặp lỗi")],
)  # fmt: skip
def test_only_what_the_team_can_put_right_is_said_to_need_it(reader, db, reason, words):
    visit = finished(reader)
    settle(db, "quarantined", {"reason": reason})

    for page in (reader.text(LIST), reader.text("/"), reader.text(f"/cuoc-kiem-tra/{visit}")):
        assert words in page


def test_what_can_be_put_right_here_comes_first(reader, db):
    finished(reader)
    settle(db, "quarantined", {"reason": "content", "problems": {"date": "Nhập lại ngày."}})
    finished(reader)
    settle(db, "conflict", seq=50)

    page = reader.text(LIST)

    assert page.index("Nhập lại ngày.") < page.index("Xem hai bản")


def test_what_waits_on_this_laptop_is_sent_from_here(reader, db):
    finished(reader)
    settle(db, "held", {"needs": [["establishment", DONG_DO]]})
    records.edit(db, "establishment", DONG_DO, {"phone": "0912345678"}, at=now())

    page = reader.text(LIST)

    assert "cơ sở “Karaoke Đông Đô”, trên máy này chưa gửi" in page
    assert ">Gửi ngay</button>" in page


def test_a_change_is_news_until_somebody_has_looked(reader, db):
    finished(reader)
    [name] = settle(db, "quarantined", {"reason": "right"})
    assert "1 hồ sơ có thay đổi từ lần xem trước" in reader.text("/")
    assert '<h2 id="attention">Cần xem lại</h2>' in reader.text("/gui-nhan")
    assert ">mới</span>" in reader.text(LIST)

    assert "có thay đổi từ lần xem trước" not in reader.text("/")
    assert ">mới</span>" not in reader.text(LIST)
    stands(db, name, "declined", by="Văn phòng xã", why="Ngoài địa bàn")

    assert "1 hồ sơ có thay đổi từ lần xem trước" in reader.text("/")
    assert "Văn phòng xã không đưa hồ sơ này vào kết quả. Lý do: Ngoài địa bàn" in reader.text(LIST)


def test_what_was_accepted_at_once_is_no_news(reader, db):
    finished(reader)
    settle(db)

    assert "có thay đổi từ lần xem trước" not in reader.text("/")
    assert "Không có hồ sơ nào cần xem lại." in reader.text(LIST)


def test_a_settled_conflict_is_told_as_done(reader, db):
    finished(reader)
    [name] = settle(db, "conflict")
    stands(db, name, "accepted", settled="mine", by="Lê Thị Hạnh")

    page = reader.text(LIST)

    assert "Không có hồ sơ nào cần xem lại." in page
    assert "Đã xong trong 30 ngày qua" in page
    assert "Lê Thị Hạnh đã đối chiếu và giữ bản của máy này." in page
    assert matters.unsettled(db) == []


def test_a_revision_put_right_takes_the_place_of_the_one_that_was_not(reader, db):
    visit = finished(reader)
    settle(db, "quarantined", {"reason": "content", "problems": {"date": "Nhập lại ngày."}})
    reader.post(f"/cuoc-kiem-tra/{visit}/dinh-chinh", {})
    reader.save_fields(visit, {"remark": "Đã sửa", "reason": "Sai ngày"})
    reader.post(f"/cuoc-kiem-tra/{visit}", {"do": "finalise", "asked": "1"})
    assert matters.unsettled(db) == []

    settle(db, seq=60)

    assert matters.unsettled(db) == []
    assert "Nhập lại ngày." not in reader.text(LIST)


def test_a_conflicting_revision_stands_beside_the_truth_with_what_differs(reader, db):
    ours = records.record(
        db, OTHER_VISIT, {**body_of(db, OTHER_VISIT), "remark": "Của máy này", "reason": "Thiếu"}, at=now()
    )
    settle(db, "conflict")
    truth = visit_line(DONG_DO, "2026-03-12", id=OTHER_VISIT)
    theirs = truth.replace(b'"base":null', f'"base":"{name_of(truth)}"'.encode())
    theirs = theirs.replace(b'"basis"', '"remark":"Của văn phòng","basis"'.encode())
    line = db.conn.execute("SELECT line FROM own WHERE name = ?", (ours.item,)).fetchone()[0]
    hear(db, ("inspection", OTHER_VISIT, (("accepted", truth), ("accepted", theirs), ("conflict", line))))

    page = reader.text(f"/cuoc-kiem-tra/{OTHER_VISIT}")

    assert "Hai bản khác nhau – chờ đối chiếu" in page
    table = page.partition('class="beside"')[2].partition("</table>")[0]
    assert "Của máy này" in table and "Của văn phòng" in table
    assert "Ngày kiểm tra" not in table  # the same on both sides
    assert faults(page) == []
    assert "Xem hai bản" in reader.text(LIST)


def body_of(db, visit):
    row = db.conn.execute("SELECT line FROM revisions WHERE id = ? ORDER BY place DESC", (visit,)).fetchone()
    return json.loads(row[0])["body"]


def test_fields_in_conflict_stand_beside_the_server_s_until_settled(reader, db):
    records.edit(db, "establishment", DONG_DO, {"name": "Tên của máy này", "phone": "1"}, at=now())
    state = json.loads(
        db.conn.execute("SELECT state FROM things WHERE kind = 'establishment' AND id = ?", (DONG_DO,)).fetchone()[0]
    )
    [name] = settle(db, "conflict", {"fields": {"name": "Tên của văn phòng"}})
    hear(db, ("establishment", DONG_DO, state | {"name": "Tên của văn phòng", "phone": "1"}))

    page = reader.text(f"/co-so/{DONG_DO}")

    assert "<h1>Tên của văn phòng</h1>" in page
    table = page.partition('class="beside"')[2].partition("</table>")[0]
    assert "Tên của máy này" in table and "Tên của văn phòng" in table
    assert "Điện thoại" not in table
    assert faults(page) == []

    stands(db, name, "declined", by="Lê Thị Hạnh", settled="theirs")

    assert "Tên của máy này" not in reader.text(f"/co-so/{DONG_DO}")
    assert "Lê Thị Hạnh đã đối chiếu và giữ bản trên máy chủ." in reader.text(LIST)


def test_a_span_in_conflict_is_shown_beside_the_one_it_lies_upon(reader, db):
    day = "2026-11-20"
    records.edit(db, "establishment", DONG_DO, {f"status/{new_id()}": {"from": day, "status": "paused"}}, at=now())
    row = db.conn.execute("SELECT state FROM things WHERE kind = 'establishment' AND id = ?", (DONG_DO,)).fetchone()
    [line] = [row["line"] for row in db["own"].rows]
    [path] = json.loads(line)["body"]["set"]
    settle(db, "conflict", {"fields": {path: None}})
    closed = {"status/x": {"from": day, "status": "closed"}}
    hear(db, ("establishment", DONG_DO, json.loads(row[0]) | closed))

    [found] = matters.fields_beside(db.conn, "establishment", DONG_DO, lambda kind, id: id)

    assert (found.label, found.one, found.other) == (
        "Tình trạng hoạt động", "Tạm ngừng, từ 20/11/2026", "Đã ngừng hoạt động, từ 20/11/2026",
    )  # fmt: skip


def test_minutes_are_taken_back_with_a_reason_and_nothing_they_said_is_lost(reader, db):
    visit = finished(reader)
    settle(db)
    assert f"/cuoc-kiem-tra/{visit}/huy" in reader.text(f"/cuoc-kiem-tra/{visit}")
    asked = reader.text(f"/cuoc-kiem-tra/{visit}/huy")
    assert faults(asked) == []

    refused = reader.post(f"/cuoc-kiem-tra/{visit}/huy", {"reason": "  "})
    assert refused.status_code == 422
    assert "Ghi lý do hủy biên bản." in refused.text
    assert faults(refused.text) == []
    answer = reader.post(f"/cuoc-kiem-tra/{visit}/huy", {"reason": "Ghi nhầm cơ sở"})

    assert answer.status_code == 303
    page = reader.text(f"/cuoc-kiem-tra/{visit}")
    assert "Đã hủy biên bản" in page
    assert "Lý do: Ghi nhầm cơ sở" in page
    last = json.loads(list(db["own"].rows)[-1]["line"])
    assert (last["body"]["void"], last["body"]["revision"]) == (True, 2)
    assert last["base"] == next(iter(db["own"].rows))["name"]
    assert "Biên bản này đã hủy từ trước." in reader.text(f"/cuoc-kiem-tra/{visit}/huy")


def test_an_attempt_may_be_taken_back_too(reader, db):
    draft = reader.begin(kind="attempt")
    reader.save_fields(draft, {"outcome": "closed_tonight", "remark": "Cửa khóa"})
    reader.post(f"/cuoc-kiem-tra/{draft}", {"do": "finalise", "asked": "1"})

    assert reader.post(f"/cuoc-kiem-tra/{draft}/huy", {"reason": "Nhầm nhà"}).status_code == 303
    assert db.conn.execute("SELECT void, counting FROM visits WHERE id = ?", (draft,)).fetchone() == (1, 0)


def test_minutes_are_not_taken_back_under_a_correction_that_is_being_written(reader, db):
    visit = finished(reader)
    reader.post(f"/cuoc-kiem-tra/{visit}/dinh-chinh", {})

    reader.post(f"/cuoc-kiem-tra/{visit}/huy", {"reason": "x"})

    assert db["drafts"].count == 1
    assert db["own"].count == 1
    assert "Có bản đính chính đang ghi dở" in reader.text("/")
