"""The sending page in a real browser, over a line of 50 kbit/s to a real server: progress, a pause, going on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from field_client.settings import Settings
from schemas.ids import new_id
from tests.browser.laptop import Program
from tests.field_client.conftest import place_state
from tests.journeys.conftest import LaptopEnd, Line, line, new_laptop, passphrase, server_end
from tests.pictures import plain_jpeg

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
SLOW = 50_000 // 8  # bytes a second
FIXTURES = (server_end, line, new_laptop, passphrase)  # of the journeys


@pytest.fixture
def laptop(server_end, new_laptop, tmp_path: Path) -> LaptopEnd:
    """A laptop with a visit and two photos that wait."""
    place = new_id()
    server_end.central.edit("establishment", place, place_state())
    made = new_laptop()
    visit = made.records(place)
    for seed in (1, 2):
        (tmp_path / "anh.jpg").write_bytes(plain_jpeg(seed, at_least=200_000))
        made.call("attach", visit, str(tmp_path / "anh.jpg"))
    return made


@pytest.fixture
def program(laptop: LaptopEnd) -> Iterator[Program]:
    """The program on that laptop, not started yet."""
    running = Program(Settings(laptop.data))
    yield running
    running.kill()


def opened(page: Page, program: Program) -> None:
    """Open the sending page."""
    link = program.start()
    page.goto(link)
    page.goto(f"{link.partition('/mo/')[0]}/gui-nhan")


def wait_until_some_went(page: Page) -> None:
    """Wait until the bar has moved."""
    for _ in range(300):
        if page.locator("#going-part").evaluate("bar => bar.value") > 5:
            return
        page.wait_for_timeout(200)
    raise AssertionError("nothing went")


def test_on_a_slow_line_the_page_says_how_far_it_is_and_a_pause_loses_nothing(page, program, laptop, line: Line):
    line.rate = SLOW
    opened(page, program)
    expect(page.locator("#badge")).to_have_text("Còn 1 hồ sơ, 2 tệp chờ gửi")

    page.locator("#line").locator("..").get_by_role("button", name="Gửi và nhận").click()
    expect(page.locator("#going")).to_be_visible()
    expect(page.locator("#going-sentence")).to_contain_text("Đang gửi ảnh, bản quét: xong 0 trên 2 tệp", timeout=30_000)
    expect(page.locator("#badge")).to_have_text("Còn 2 tệp chờ gửi")
    page.evaluate("scrollTo(0, 200)")
    expect(page.locator("#going-detail")).to_contain_text("mỗi giây; còn", timeout=30_000)
    wait_until_some_went(page)
    assert page.evaluate("scrollY") == 200

    page.get_by_role("button", name="Tạm dừng").click()
    expect(page.locator("#going")).to_be_hidden()
    expect(page.locator("#paused")).to_be_visible()
    assert laptop.status()["files_waiting"] == 2

    line.rate = None
    page.get_by_role("button", name="Gửi ngay").first.click()
    expect(page.get_by_text("Máy chủ đã nhận 2 tệp đính kèm.")).to_be_visible()
    expect(page.locator("#badge")).to_be_hidden()
    assert laptop.status()["files_waiting"] == 0


def test_the_badge_follows_what_a_command_does_while_the_page_is_open(page, program, laptop, line: Line):
    line.down = True
    opened(page, program)
    expect(page.locator("#badge")).to_have_text("Còn 1 hồ sơ, 2 tệp chờ gửi")
    page.evaluate("window.stays = true")

    line.down = False
    laptop.call("sync")

    expect(page.locator("#badge")).to_be_hidden(timeout=20_000)
    expect(page.locator("[data-fresh=received]")).to_contain_text("Mã tiếp nhận", timeout=20_000)
    assert page.evaluate("window.stays") is True


def test_killed_in_the_middle_of_a_photo_it_goes_on_where_it_was(page, program, laptop, line: Line):
    line.rate = SLOW
    opened(page, program)
    page.get_by_role("button", name="Gửi ngay").first.click()
    wait_until_some_went(page)

    program.kill()
    line.rate = None
    opened(page, program)
    page.get_by_role("button", name="Gửi ngay").first.click()

    expect(page.locator("#badge")).to_be_hidden(timeout=20_000)
    assert laptop.status()["files_waiting"] == 0
