"""A place that the register lacks: entered with no network, visited at once, found by another team after sync."""


import pytest
from playwright.sync_api import Page, expect

from field_client.places import find
from field_client.store import connect
from server.arrivals.verify import verify
from tests.browser.hands import Hands
from tests.browser.laptop import tab_to
from tests.browser.teams import line, ours, syncs, theirs
from tests.browser.test_field_pages import program
from tests.field_client.conftest import served
from tests.field_client.pages.furnish import HOA_SEN, OPERATOR

__all__ = ["ours", "program", "served", "theirs"]  # fixtures
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def open_by_keyboard(page: Page, words: str) -> None:
    """From the first page, find the one place with these words and open it."""
    page.keyboard.press("Enter")
    expect(page.locator("#tim")).to_be_focused()
    page.keyboard.type(words)
    expect(page.locator("a.hit")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Ghi cuộc kiểm tra")).to_be_focused()


def enter_a_place(page: Page) -> None:
    """Search, find nothing, and enter what was searched for; every key a person presses."""
    keys = page.keyboard
    keys.press("Enter")
    expect(page.locator("#tim")).to_be_focused()
    keys.type("Karaoke Ánh Dương")
    page.get_by_role("link", name="Thêm cơ sở “Karaoke Ánh Dương”").wait_for()
    Hands(page).go("Thêm cơ sở “Karaoke Ánh Dương”")
    expect(page.locator("#name")).to_be_focused()
    expect(page.locator("#name")).to_have_value("Karaoke Ánh Dương")
    keys.press("Tab")
    keys.press("Space")
    tab_to(page, "unit")
    keys.type("Xã Triệu")
    tab_to(page, "address")
    keys.type("Số 7, Thôn 5")
    tab_to(page, "operator")
    keys.type("Công ty Ánh Dương")
    tab_to(page, "form")
    keys.press("ArrowDown")
    tab_to(page, "registration")
    keys.type("2801234567")
    keys.press("Enter")


def visit_it(page: Page) -> None:
    """Record a visit without findings, and close it."""
    keys = page.keyboard
    expect(page.get_by_role("button", name="Ghi cuộc kiểm tra")).to_be_focused()
    keys.press("Enter")
    expect(page.locator("#date")).to_be_focused()
    for member in range(3):
        tab_to(page, f"roster.{member}")
        keys.press("Space")
    tab_to(page, "outcome")
    keys.press("Space")


def test_a_place_entered_offline_is_visited_at_once_and_found_by_another_team(page, ours, theirs, served):
    page.goto(ours.start())
    enter_a_place(page)
    expect(page.get_by_text("Đã thêm cơ sở; ghi cuộc kiểm tra được ngay.")).to_be_visible()
    expect(page.get_by_text("số đăng ký 2801234567")).to_be_visible()
    visit_it(page)
    Hands(page).finalise()
    expect(page.get_by_text("Còn 3 hồ sơ chờ gửi").first).to_be_visible()

    line(ours, served.address)
    page.goto(page.url.split("/cuoc")[0] + "/gui-nhan")
    Hands(page).go("Gửi ngay")
    expect(page.get_by_text("Máy chủ đã nhận 3 hồ sơ.")).to_be_visible()

    syncs(theirs)
    page.goto(theirs.start())
    open_by_keyboard(page, "anh duong")
    expect(page.get_by_role("heading", name="Karaoke Ánh Dương")).to_be_visible()
    expect(page.get_by_text("Đội 178 xã Triệu Sơn").first).to_be_visible()
    expect(page.get_by_text("Đã được kiểm tra trong năm – trùng lặp")).to_be_visible()
    assert verify(served.central.db).problems == ()


def test_a_place_that_is_there_is_offered_as_one_types_and_opened_by_keyboard(page, ours):
    page.goto(ours.start())
    page.goto(page.url.rstrip("/") + "/co-so/moi")
    page.keyboard.type("Quán Karaoke Hoàng Gia")
    here = page.get_by_role("link", name="Đây là cơ sở này")
    expect(here).to_be_visible()
    page.keyboard.press("Tab")
    expect(here).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Karaoke Hoàng Gia")).to_be_visible()


def test_who_walks_into_the_list_before_it_is_drawn_anew_stays_in_it(page, ours):
    page.goto(ours.start())
    page.keyboard.press("Enter")
    expect(page.locator("#tim")).to_be_focused()
    page.keyboard.type("hoang gia")
    page.keyboard.press("ArrowDown")
    expect(page.locator("a.hit")).to_be_focused()

    page.wait_for_url("**/co-so?tim=hoang+gia")

    expect(page.locator("a.hit")).to_be_focused()


def test_a_slash_leads_to_the_search_and_is_a_letter_within_a_field(page, ours):
    page.goto(ours.start())
    page.keyboard.press("Enter")
    expect(page.locator("#tim")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#new-place")).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#tim")).to_be_focused()
    page.keyboard.type("1/2")
    expect(page.locator("#tim")).to_have_value("1/2")


def test_two_teams_take_one_place_and_each_reads_of_the_other(page, ours, theirs, served):
    links = [program.start() for program in (ours, theirs)]
    for link in links:
        page.goto(link)
        open_by_keyboard(page, "hoang gia")
        tab_to(page, "take")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Đội này đã nhận kiểm tra, hết hạn 12:00")).to_be_visible()

    line(ours, served.address)
    for laptop in (ours, theirs, ours):
        syncs(laptop)

    page.reload()
    expect(page.get_by_text("Đội 178 xã Triệu Sơn đã nhận kiểm tra, hết hạn 12:00")).to_be_visible()
    page.goto(links[0])
    Hands(page).go("Karaoke Hoàng Gia")
    expect(page.get_by_text("Đội 178 tỉnh đã nhận kiểm tra, hết hạn 12:00")).to_be_visible()


def test_a_place_is_handed_to_an_operator_found_by_keyboard(page, program):
    page.goto(program.start())
    open_by_keyboard(page, "hoa sen")
    keys = page.keyboard
    Hands(page).go(page.locator("#step-operator summary").inner_text().strip())
    tab_to(page, "operator")
    keys.type("do van")
    option = page.get_by_role("option", name="Hộ kinh doanh Đỗ Văn Được")
    expect(option).to_be_visible()
    keys.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    keys.press("Enter")
    expect(page.get_by_text("Đã chọn chủ cơ sở có trên máy.")).to_be_visible()
    expect(page.locator("#form")).to_be_hidden()
    tab_to(page, "operator.from")
    keys.press("Control+A")
    keys.type("1/11/2026")
    keys.press("Enter")

    expect(page.get_by_text("Đã lưu; chờ gửi.")).to_be_visible()
    db = connect(program.settings.database, program.key)
    assert find(db, "establishment", HOA_SEN).spans("operator") == [{"from": "2026-11-01", "operator": OPERATOR}]
    db.close()
