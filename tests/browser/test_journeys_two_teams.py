"""Two teams meet at one place on one night: both visits stand, whoever sends first, by line or by stick."""

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from field_client.clock import now
from server.arrivals.verify import verify
from server.people.users import add_user
from tests.browser.hands import Hands, opened
from tests.browser.laptop import Program, id_of
from tests.browser.teams import NOBODY, line, ours, theirs
from tests.field_client.conftest import served

__all__ = ["ours", "served", "theirs"]  # fixtures
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PASSWORD = "mot mat khau dai"
CLASH = "Đã được kiểm tra trong năm – trùng lặp"
FOUND = ("no_violation", "violations")
TEAMS = ("Đội 178 xã Triệu Sơn", "Đội 178 tỉnh")


@pytest.fixture
def two(ours: Program, theirs: Program) -> tuple[Program, Program]:
    """Both laptops, out of reach of the server."""
    line(theirs, NOBODY)
    return ours, theirs


def visits(page: Page, program: Program, outcome: str) -> str:
    """Visit the place, by keyboard, with this outcome, and return the visit."""
    hands = opened(page, program)
    hands.open_place("hoang gia")
    expect(page.get_by_text(CLASH)).to_have_count(0)
    hands.press("Enter")
    hands.at("date")
    hands.press("Tab")
    hands.type("2130")
    hands.members()
    hands.to("outcome")
    hands.press("Space" if outcome == "no_violation" else "ArrowRight")
    if outcome == "violations":
        hands.to("act-search", "Shift+Tab")
        hands.type("15.6b")
        hands.press("Enter")
        hands.at("violations.0.facts")
        hands.type("Cửa phòng 2 có chốt trong")
    hands.finalise()
    return id_of(page)


def sends(page: Page, program: Program, address: str) -> None:
    """Send and get, from the page for it, by keyboard."""
    line(program, address)
    page.goto(f"http://127.0.0.1:{program.port}/gui-nhan")
    Hands(page).sends("Gửi và nhận")


def shows_both(page: Page, program: Program) -> None:
    """The page of the place says what both teams found, and that they met."""
    hands = opened_again(page, program)
    hands.open_place("hoang gia")
    expect(page.get_by_text(CLASH)).to_be_visible()
    rows = page.get_by_role("table").first.locator("tbody tr")
    expect(rows).to_have_count(2)
    for team, outcome in zip(TEAMS, ("Không phát hiện vi phạm", "Có vi phạm"), strict=True):
        expect(rows.filter(has_text=team)).to_contain_text(outcome)


def opened_again(page: Page, program: Program) -> Hands:
    """Return to the first page of a program that runs."""
    page.goto(f"http://127.0.0.1:{program.port}/")
    return Hands(page)


def nothing_is_lost(served, *both: str) -> None:
    """Check that the server holds both visits, as they were made, and counts one place."""
    central = served.central
    kept = {row[0]: row[1] for row in central.db.conn.execute("SELECT id, outcome FROM visits")}
    assert kept == dict(zip(both, FOUND, strict=True))
    standings = "SELECT DISTINCT standing FROM items WHERE kind = 'inspection'"
    assert central.db.conn.execute(standings).fetchall() == [("accepted",)]
    assert verify(central.db).problems == ()


@pytest.mark.parametrize("first", [0, 1], ids=["ours first", "theirs first"])
def test_two_teams_at_one_place_and_either_sends_first(page, two, served, first):
    both = [visits(page, program, outcome) for program, outcome in zip(two, FOUND, strict=True)]

    for program in (two[first], two[1 - first], two[first]):
        sends(page, program, served.address)

    for program in two:
        shows_both(page, program)
    nothing_is_lost(served, *both)


def signs_in(page: Page, served) -> None:
    """An officer comes to the page of the stick, by keyboard."""
    account = {"role": "admin", "unit": "new:38", "password": PASSWORD, "also": {"demo": True}}
    add_user(served.central.db, "lan", author="test", at=now(), **account)
    page.goto(f"{served.address}/dang-nhap")
    hands = Hands(page)
    hands.at("name")
    hands.type("lan")
    hands.press("Tab")
    hands.type(PASSWORD)
    hands.press("Enter")
    page.wait_for_url(f"{served.address}/")


def takes_out(page: Page, program: Program, stick: Path) -> Path:
    """Press “Xuất ra USB” and save the bundle on the stick."""
    hands = opened_again(page, program)
    page.goto(f"http://127.0.0.1:{program.port}/gui-nhan")
    hands.to("Xuất ra USB")
    with page.expect_download() as download:
        hands.press("Enter")
    file = stick / f"{program.port}-{download.value.suggested_filename}"
    download.value.save_as(file)
    return file


def is_handed_in(office: Page, served, file: Path) -> Path:
    """The officer takes a bundle in, and the return comes onto the stick."""
    office.goto(f"{served.address}/may-tinh/goi-du-lieu")
    hands = Hands(office)
    hands.to("bundle")
    hands.choose_files(file)
    hands.to("Nhận và tải gói trả về")
    with office.expect_download() as download:
        hands.press("Enter")
    back = file.with_name(f"ve-{file.name}")
    download.value.save_as(back)
    return back


def takes_in(page: Page, program: Program, back: Path) -> None:
    """The return comes home."""
    page.goto(f"http://127.0.0.1:{program.port}/gui-nhan")
    hands = Hands(page)
    hands.to("return")
    hands.choose_files(back)
    hands.go("Nhận từ USB")
    expect(page.locator(".banner.good")).to_contain_text("nhận về")


def test_two_teams_at_one_place_who_only_have_a_stick(page: Page, context: BrowserContext, two, served, tmp_path):
    both = [visits(page, program, outcome) for program, outcome in zip(two, FOUND, strict=True)]
    stick = tmp_path / "USB"
    stick.mkdir()
    office = context.new_page()
    signs_in(office, served)

    for program in (*two, two[0]):
        file = takes_out(page, program, stick)
        takes_in(page, program, is_handed_in(office, served, file))

    expect(page.locator("#badge")).to_be_hidden()
    for program in two:
        shows_both(page, program)
    nothing_is_lost(served, *both)
