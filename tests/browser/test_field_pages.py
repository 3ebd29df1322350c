"""The laptop's pages in a real browser: a whole visit by keyboard, and a kill while one types."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from field_client.store import connect
from tests.browser.laptop import Program, body_of, draft_of, id_of, tab_to
from tests.field_client.pages.furnish import DONG_DO, HOA_SEN, furnish

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    """The program on a furnished laptop, not started yet."""
    running = Program(furnish(tmp_path / "máy của đội"))
    yield running
    running.kill()


def test_a_whole_visit_by_keyboard_alone(page, program):
    page.goto(program.start())
    keys = page.keyboard

    expect(page.get_by_role("link", name="Kiểm tra một cơ sở")).to_be_focused()
    keys.press("Enter")
    expect(page.locator("#tim")).to_be_focused()
    keys.type("xoa bop hoa")
    expect(page.locator("a.hit")).to_have_count(1)
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(page.get_by_role("button", name="Ghi cuộc kiểm tra")).to_be_focused()
    keys.press("Enter")

    expect(page.locator("#date")).to_be_focused()
    keys.press("Control+A")
    keys.type("20/11/2026")
    keys.press("Tab")
    keys.type("2130")
    keys.press("Tab")
    expect(page.locator("#started")).to_have_value("21:30")
    keys.type("2315")
    for member in ("m1", "m2", "m4"):
        tab_to(page, f"roster.{member}")
        keys.press("Space")
    tab_to(page, "answers.COM-01")
    keys.type("112")
    expect(page.locator("#answers\\.COM-04")).to_be_focused()
    keys.press("ArrowUp")
    keys.press("Enter")
    keys.type("Chưa có bản của năm nay")
    keys.press("Escape")
    keys.press("ArrowUp")
    keys.press("ArrowUp")
    keys.press("ArrowUp")
    expect(page.locator("#rest-pass")).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_text("Đã trả lời 41/51 mục")).to_be_visible()
    keys.press("Shift+Tab")
    keys.press("Enter")
    tab_to(page, "workers.total")
    keys.type("7")
    tab_to(page, "act-search")
    keys.type("ND282-X-antt")
    keys.press("Enter")
    expect(page.locator("[name='violations.0.facts']")).to_be_focused()
    keys.type("Giấy chứng nhận đã hết hạn")
    tab_to(page, "outcome")
    keys.press("ArrowRight")
    tab_to(page, "finalise")
    keys.press("Enter")
    expect(page.get_by_text("trước khi chốt")).to_be_visible()
    expect(page.locator("#finalise")).to_be_focused()
    keys.press("Enter")

    expect(page.get_by_text("Đã chốt nội dung")).to_be_visible()
    expect(page.locator(".pill", has_text="Chờ gửi").first).to_be_visible()
    body = body_of(program, page)
    assert (body["date"], body["started"], body["ended"]) == ("2026-11-20", "21:30", "23:15")
    assert [member["name"] for member in body["members"]] == ["Lê Thị Hạnh", "Nguyễn Văn Được", "Trần Thị Mỹ Linh"]
    assert body["answers"]["COM-03"] == "fail"
    assert body["notes"] == {"COM-03": "Chưa có bản của năm nay"}
    assert list(body["answers"].values()).count("pass") == 40
    assert body["workers"] == {"total": 7}
    assert body["violations"][0]["code"] == "ND282-X-antt"
    assert body["violations"][0]["facts"] == "Giấy chứng nhận đã hết hạn"
    assert body["outcome"] == "violations"


# Remembers every field that the page was told is saved, as it shows the time of it.
WATCH = """
() => {
  const ask = window.fetch;
  window.shown = {};
  window.fetch = async (address, sent) => {
    const answer = await ask(address, sent);
    if (answer.ok && sent) Object.assign(window.shown, JSON.parse(sent.body).fields);
    return answer;
  };
}
"""


@pytest.mark.parametrize("letters", [30, 110])
def test_a_kill_while_typing_loses_nothing_that_was_shown_as_saved(page, program, letters):
    page.goto(program.start())
    page.goto(f"http://127.0.0.1:{program.port}/co-so/{DONG_DO}")
    page.get_by_role("button", name="Ghi cuộc kiểm tra").click()
    page.evaluate(WATCH)
    text = "Phòng hát số 3 sửa chữa, cửa mở. " * 10

    page.locator("#statement").fill("Cơ sở đồng ý.")
    page.locator("#remark").focus()
    page.keyboard.type(text[:letters], delay=20)
    program.kill()
    page.keyboard.type(text[letters : letters + 20], delay=20)
    expect(page.locator("#not-saved")).to_be_visible()

    shown = page.evaluate("window.shown")
    draft = id_of(page)
    kept = draft_of(program, draft)
    assert shown["statement"] == "Cơ sở đồng ý." == kept["statement"]
    assert kept.get("remark", "").startswith(shown["remark"])
    assert len(shown["remark"]) > letters - 60, "about a second of typing at most is not saved yet"
    expect(page.locator("#saving")).to_have_text("Chưa lưu được – giữ nguyên trang này")

    program.start()
    expect(page.locator("#not-saved")).to_be_hidden()
    expect(page.locator("#saving")).to_have_class("done")
    assert draft_of(program, draft)["remark"] == text[: letters + 20]


def test_what_follows_from_another_field_is_drawn_anew_and_what_is_typed_stays(page, program):
    page.goto(program.start())
    page.goto(f"http://127.0.0.1:{program.port}/co-so/{DONG_DO}")
    page.get_by_role("button", name="Ghi cuộc kiểm tra").click()

    page.locator("[name='answers.KAR-04'][value=fail]").check()
    expect(page.get_by_text("Từ các mục không đạt")).to_be_visible()
    page.get_by_role("button", name="Đặt chốt cửa bên trong").click()
    expect(page.locator("[name='violations.0.facts']")).to_be_focused()
    page.keyboard.type("Phòng 2 có chốt trong")
    page.locator("#date").fill("1/3/2021")
    page.locator("#started").focus()

    expect(page.get_by_text("Không có hiệu lực vào ngày kiểm tra")).to_be_visible()
    expect(page.locator("[name='violations.0.facts']")).to_have_value("Phòng 2 có chốt trong")
    expect(page.locator("#date")).to_have_value("01/03/2021")


def test_the_ground_of_an_unscheduled_visit_appears_at_once_and_a_note_is_looked_at(page, program):
    page.goto(program.start())
    page.goto(f"http://127.0.0.1:{program.port}/co-so/{HOA_SEN}")
    page.get_by_role("button", name="Ghi cuộc kiểm tra").click()
    expect(page.locator("#ground")).to_be_hidden()

    page.get_by_text("Đột xuất", exact=True).click()
    page.locator("#ground").fill("Theo đơn của số 038123456789")

    expect(page.locator("[data-mark=ground]")).to_contain_text("số giấy tờ tùy thân")
    expect(page.locator("#saving")).to_have_class("done")


def test_a_second_press_of_the_last_button_and_the_way_back_make_one_record(page, program):
    page.goto(program.start())
    page.goto(f"http://127.0.0.1:{program.port}/co-so/{HOA_SEN}")
    page.get_by_role("button", name="Ghi cuộc kiểm tra").click()
    page.locator("[name=outcome][value=no_violation]").check()

    page.locator("#finalise").dblclick()
    expect(page.locator("#to-ask")).to_be_visible()
    page.locator("#finalise").dblclick()
    expect(page.get_by_text("Chờ gửi").first).to_be_visible()
    page.go_back()
    page.goto(page.url)

    db = connect(program.settings.database, program.key)
    assert db["own"].count == 1
    db.close()


def test_the_page_works_without_its_script(browser, program):
    plain = browser.new_context(java_script_enabled=False).new_page()
    plain.goto(program.start())
    plain.goto(f"http://127.0.0.1:{program.port}/co-so?tim=hoa+sen")
    plain.get_by_role("link", name="Xoa bóp Hoa Sen").click()
    plain.get_by_role("button", name="Ghi cuộc kiểm tra").click()

    plain.locator("[name='roster.m1'][type=checkbox]").check()
    plain.locator("[name='notes.COM-01']").fill("đủ")
    plain.get_by_role("button", name="Còn lại: Đạt").click()
    expect(plain.get_by_text("Đã trả lời 41/51 mục")).to_be_visible()
    plain.get_by_label("Thêm hành vi có hiệu lực").select_option("ND282-X-antt")
    plain.get_by_role("button", name="Thêm", exact=True).click()
    plain.locator("[name=outcome][value=violations]").check()
    plain.get_by_role("button", name="Chốt nội dung để ký").click()
    expect(plain.locator("#to-ask")).to_be_visible()
    plain.get_by_role("button", name="Chốt nội dung để ký").click()

    expect(plain.get_by_text("Đã chốt nội dung")).to_be_visible()
    plain.context.close()
