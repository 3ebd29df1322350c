"""Our correction stands beside the truth in a real browser; what the server could not take is found and opened."""

import json

import pytest
from playwright.sync_api import expect

from field_client import records
from field_client.clock import now
from field_client.store import connect
from field_client.store.mirror import Mirror
from field_client.store.outbox import Outbox
from schemas.items import name_of
from sync.chain import Receipt, Seal
from sync.wire import Change, Cursor, Page, Reply
from tests.browser.test_field_pages import program
from tests.field_client.pages.furnish import DONG_DO, OTHER_VISIT, visit_line

__all__ = ["program"]  # a fixture
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
SAID, THEIRS = "Đã nhắc nhở bổ sung bình chữa cháy.", "Văn phòng bổ sung nhận xét."


def correct_what_the_office_corrected_too(db):
    """Make a correction here, and hear that another one is the truth by now."""
    base = visit_line(DONG_DO, "2026-03-12", id=OTHER_VISIT)
    body = json.loads(base)["body"]
    ours = records.record(db, OTHER_VISIT, {**body, "remark": SAID, "reason": "Thiếu nhận xét"}, at=now())
    seal = Seal("L", 105, 105, "0" * 64, "1" * 64, "2" * 64)
    receipts = (Receipt(ours.item, 105, "conflict", None),)
    Outbox(db).settle(Reply(seal, "x", receipts, (), "2026-11-24T16:41:00Z", 0))
    first = db.conn.execute("SELECT line FROM revisions WHERE id = ?", (OTHER_VISIT,)).fetchone()[0]
    theirs = json.loads(first)
    theirs |= {"base": name_of(first), "body": {**theirs["body"], "remark": THEIRS, "reason": "Bổ sung", "revision": 2}}
    line = db.conn.execute("SELECT line FROM own WHERE name = ?", (ours.item,)).fetchone()[0]
    told = (("accepted", first), ("accepted", json.dumps(theirs).encode()), ("conflict", line))
    change = Change(9000, "inspection", OTHER_VISIT, revisions=told)
    Mirror(db).take(Page(Cursor("L", 9000, 9000, "0" * 64).text(), (change,), False, "L", "2026-11-24T16:42:00Z", 0))


def test_a_correction_in_conflict_is_found_on_the_first_page_and_stands_beside_the_truth(page, program):
    db = connect(program.settings.database, program.key)
    correct_what_the_office_corrected_too(db)
    page.goto(program.start())

    page.get_by_role("link", name="1 hồ sơ có thay đổi từ lần xem trước").click()
    expect(page.get_by_text("Chưa cần làm gì: văn phòng đối chiếu và chọn giữ bản nào.")).to_be_visible()
    page.get_by_role("link", name="Xem hai bản").click()

    table = page.get_by_role("table").filter(has_text="Bản của máy này")
    row = table.get_by_role("row", name="Nhận xét, kiến nghị của đội")
    expect(row.get_by_role("cell")).to_have_text([SAID, THEIRS])
    expect(table.get_by_text("Ngày kiểm tra")).to_have_count(0)
    page.get_by_role("link", name="Hôm nay").click()
    expect(page.get_by_text("có thay đổi từ lần xem trước")).to_have_count(0)
    expect(page.get_by_role("heading", name="Cần xem lại")).to_be_visible()
