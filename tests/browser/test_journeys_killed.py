"""The program is killed in the middle of typing: it is unlocked again and the visit finished, by keyboard."""

import pytest
from playwright.sync_api import expect

from tests.browser.hands import Hands, opened
from tests.browser.laptop import Program, body_of, draft_of, id_of
from tests.browser.teams import ours
from tests.closed import PASSPHRASE
from tests.field_client.conftest import served

__all__ = ["ours", "served"]  # fixtures
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
SLOW = 30_000  # ms: opening takes as long as guessing must
TEXT = "Phòng hát số 3 đang sửa chữa, cửa mở; lối thoát nạn thông thoáng. "


def unlocks(hands: Hands) -> None:
    """The passphrase, and who is at the keys."""
    hands.at("passphrase")
    hands.type(PASSPHRASE)
    hands.press("Enter")
    expect(hands.page.get_by_role("button", name="Lê Thị Hạnh")).to_be_focused(timeout=SLOW)
    hands.press("Enter")
    expect(hands.page.get_by_role("link", name="Kiểm tra một cơ sở")).to_be_focused()


def test_kill_9_in_the_middle_of_typing_then_everything_goes_on(page, context, ours: Program):
    hands = opened(page, ours)
    hands.open_place("hoang gia")
    hands.press("Enter")
    hands.at("date")
    hands.press("Tab")
    hands.type("2130")
    hands.to("answers.COM-01")
    hands.type("112")
    hands.to("remark")
    draft = id_of(page)
    page.keyboard.type(TEXT, delay=30)
    ours.kill()
    page.keyboard.type("Gõ khi máy tắt.", delay=30)
    expect(page.locator("#not-saved")).to_be_visible()
    kept = draft_of(ours, draft)
    assert TEXT.startswith(kept["remark"])
    assert len(kept["remark"]) > len(TEXT) - 34, "at most a second of typing"
    page.close()

    again = context.new_page()
    again.goto(ours.start(passphrase=""))
    hands = Hands(again)
    unlocks(hands)
    hands.go("Karaoke Hoàng Gia")
    hands.at("date")
    expect(again.locator("#remark")).to_have_value(kept["remark"])
    expect(again.locator("#started")).to_have_value("21:30")
    expect(again.get_by_text("Đã trả lời 3/40 mục")).to_be_visible()
    hands.to("remark")
    hands.press("Control+End")
    hands.type(TEXT[len(kept["remark"]) :] + "Hết.")
    hands.to("outcome", "Shift+Tab")
    hands.press("Space")
    hands.finalise()

    body = body_of(ours, again)
    assert body["remark"] == TEXT + "Hết."
    assert body["answers"] == {"COM-01": "pass", "COM-02": "pass", "COM-03": "fail"}
