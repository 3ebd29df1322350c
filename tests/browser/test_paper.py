"""From the closed text to the copy handed over, by keyboard, in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from field_client import drafts
from field_client.clock import now
from field_client.printing.events import of_visit
from field_client.store import connect
from tests.browser.laptop import Program
from tests.field_client.pages.furnish import DONG_DO, furnish
from tests.field_client.printing.conftest import body

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    """The program on a furnished laptop, not started yet."""
    running = Program(furnish(tmp_path / "máy của đội"))
    yield running
    running.kill()


def finished(program: Program, page: Page) -> str:
    """Finish a draft with four violations by its button, and return the visit."""
    db = connect(program.settings.database, program.key)
    found = {key: value for key, value in body().items() if key not in ("establishment", "followed")}
    draft = drafts.start(db, DONG_DO, at=now(), given=found)
    db.close()
    page.goto(f"http://127.0.0.1:{program.port}/cuoc-kiem-tra/{draft}")
    page.locator("#finalise").press("Enter")
    page.locator("#to-ask").wait_for()
    page.locator("#finalise").press("Enter")
    return draft


def test_the_paper_is_printed_read_back_refused_and_handed_over_by_keyboard(page: Page, program: Program):
    page.goto(program.start())
    visit = finished(program, page)

    expect(page.get_by_role("link", name="In biên bản")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Mở tệp PDF để in")).to_be_focused()
    expect(page.locator("img.printed-page").first).to_have_js_property("naturalWidth", 794)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Đã đọc lại, đúng")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Đã ký", exact=True)).to_be_focused()
    page.locator("summary", has_text="Từ chối ký").press("Enter")
    page.get_by_label("Đại diện UBND cấp xã").press("Space")
    page.get_by_role("button", name="Ghi từ chối ký").press("Enter")
    expect(page.get_by_role("button", name="Đã giao bản")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_text("Đã giao 01 bản")).to_be_visible()
    db = connect(program.settings.database, program.key)
    assert [one.happening.value for one in of_visit(db.conn, visit)] == [
        "original", "read_back", "signature_refused", "handed_over"
    ]  # fmt: skip
    db.close()
