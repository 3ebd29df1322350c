"""The lock in a real browser: what is typed when it falls is saved once it is unlocked, by keyboard alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from field_client import drafts
from field_client.store import connect
from tests.browser.laptop import Program
from tests.closed import PASSPHRASE
from tests.field_client.pages.furnish import DONG_DO, furnish

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
SLOW = 30_000  # ms: opening takes as long as guessing must


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    """The program on an encrypted, furnished laptop, not started yet."""
    running = Program(furnish(tmp_path / "máy của đội"))
    yield running
    running.kill()


def unlocked(page: Page, program: Program) -> None:
    """Start it locked, and unlock it as a person does: the passphrase, who is there."""
    page.goto(program.start(passphrase=""))
    expect(page.locator("#passphrase")).to_be_focused()
    page.keyboard.type(PASSPHRASE)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Lê Thị Hạnh")).to_be_focused(timeout=SLOW)
    page.keyboard.press("Enter")
    expect(page.locator("details.person summary")).to_have_text("Lê Thị Hạnh")


def record(page: Page, program: Program) -> str:
    """Begin a record and return its draft's id."""
    page.goto(f"http://127.0.0.1:{program.port}/co-so/{DONG_DO}")
    page.get_by_role("button", name="Ghi cuộc kiểm tra").click()
    expect(page.locator("#remark")).to_be_attached()
    return page.url.rpartition("/")[2].partition("#")[0].partition("?")[0]


def saved(program: Program, draft: str) -> str:
    db = connect(program.settings.database, program.key)
    try:
        return str(drafts.load(db, draft).fields.get("remark", ""))
    finally:
        db.close()


def test_who_types_when_the_lock_falls_loses_nothing(page, context, program):
    unlocked(page, program)
    draft = record(page, program)
    other = context.new_page()
    other.goto(f"http://127.0.0.1:{program.port}/co-so")
    other.get_by_role("button", name="Khóa", exact=True).click()
    expect(other.locator("#passphrase")).to_be_focused()

    page.bring_to_front()
    page.locator("#remark").evaluate("one => one.focus()")
    page.keyboard.type("Gõ khi đã khóa")
    expect(page.locator("#locked")).to_be_visible()
    expect(page.locator("#unlock-passphrase")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#locked")).to_be_visible()
    page.keyboard.press("Control+A")
    page.keyboard.type(PASSPHRASE)
    page.keyboard.press("Enter")

    expect(page.locator("#locked")).to_be_hidden(timeout=SLOW)
    expect(page.locator("#saving")).to_have_class("done", timeout=SLOW)
    assert saved(program, draft).startswith("Gõ")
    assert saved(program, draft) == page.locator("#remark").input_value()


def test_unlocked_in_another_window_the_covered_page_goes_on(page, context, program):
    unlocked(page, program)
    record(page, program)
    other = context.new_page()
    other.goto(f"http://127.0.0.1:{program.port}/co-so")
    other.get_by_role("button", name="Khóa", exact=True).click()
    page.evaluate("look()")
    expect(page.locator("#locked")).to_be_visible()

    other.locator("#passphrase").fill(PASSPHRASE)
    other.keyboard.press("Enter")

    expect(other.locator("#tim")).to_be_visible(timeout=SLOW)
    expect(page.locator("#locked")).to_be_hidden(timeout=SLOW)


def test_killed_while_one_types_it_is_saved_once_it_is_unlocked_again(page, context, program):
    unlocked(page, program)
    draft = record(page, program)
    program.kill()
    page.locator("#remark").fill("Gõ khi máy tắt")
    expect(page.locator("#not-saved")).to_be_visible()

    again = context.new_page()
    again.goto(program.start(passphrase=""))
    again.locator("#passphrase").fill(PASSPHRASE)
    again.keyboard.press("Enter")
    expect(again.get_by_role("button", name="Lê Thị Hạnh")).to_be_visible(timeout=SLOW)

    page.bring_to_front()
    expect(page.locator("#saving")).to_have_class("done", timeout=SLOW)
    assert saved(program, draft) == "Gõ khi máy tắt"
