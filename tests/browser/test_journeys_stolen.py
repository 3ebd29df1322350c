"""A laptop is stolen: who takes it sees one page and nothing on the disk; who knows the passphrase hears no more."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from field_client.store import connect, get_meta
from server.office import state_of
from tests.browser.hands import Hands, opened
from tests.browser.laptop import Program, body_of, draft_of, id_of
from tests.browser.teams import line, ours
from tests.closed import PASSPHRASE
from tests.field_client.conftest import place_state, served
from tests.pictures import jpeg

__all__ = ["ours", "served"]  # fixtures
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
SLOW = 30_000  # ms: opening takes as long as guessing must
NOTE = "Cửa phòng 2 có chốt trong"
KNOWN = ("Karaoke Hoàng Gia", "Lê Thị Hạnh", NOTE, "Đội 178 xã Triệu Sơn")


def visits(hands: Hands, folder: Path) -> str:
    """Begin a visit with a note and a photo, by keyboard, and return its draft."""
    hands.open_place("hoang gia")
    hands.press("Enter")
    hands.at("date")
    hands.to("remark")
    hands.type(NOTE)
    file = folder / "cua.jpg"
    file.write_bytes(jpeg())
    hands.to("choose-files")
    hands.choose_files(file)
    hands.at("editor-keep")
    hands.press("Enter")
    expect(hands.page.locator(".thumb img")).to_have_count(1)
    expect(hands.page.locator("#saving")).to_have_class("done")
    return id_of(hands.page)


def in_plain(folder: Path, words: str) -> list[str]:
    """Return the files in which *words* can be read by anybody, in either of the encodings a program keeps them in."""
    wanted = [words.encode(code) for code in ("utf-8", "utf-16-le")]
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if any(one in path.read_bytes() for one in wanted)]


def locked_by_the_office(served, device: str) -> None:
    """The office hears that the laptop is gone."""
    state = state_of(served.central.db.conn, "device", device)
    served.central.edit("device", device, {"revoked_on": "2026-11-20", "revoked_reason": "Mất"}, state)


def device_of(program: Program) -> str:
    """Return what the server calls the laptop."""
    db = connect(program.settings.database, program.key)
    try:
        return str(get_meta(db.conn, "device"))
    finally:
        db.close()


def test_who_takes_the_laptop_sees_the_page_that_asks_for_the_passphrase_and_reads_nothing_on_the_disk(
    page: Page, context, ours: Program, tmp_path
):
    draft = visits(opened(page, ours), tmp_path)
    ours.kill()
    page.close()
    assert [in_plain(ours.settings.data, words) for words in KNOWN] == [[]] * len(KNOWN)
    files = [path for path in ours.settings.data.rglob("*") if path.is_file()]
    assert not [path.name for path in files if path.read_bytes().startswith(b"\xff\xd8\xff")], "no photo is in plain"

    thief = context.new_page()
    link = ours.start(passphrase="")
    thief.goto(link)
    for path in ("/", "/co-so", "/gui-nhan", f"/cuoc-kiem-tra/{draft}"):
        thief.goto(f"http://127.0.0.1:{ours.port}{path}")
        expect(thief.get_by_role("heading", name="Mở khóa")).to_be_visible()
        assert not any(words in thief.content() for words in KNOWN)
    thief.keyboard.type("mật khẩu đoán mò")
    thief.keyboard.press("Enter")
    expect(thief.locator("#wrong-passphrase")).to_be_visible(timeout=SLOW)
    assert not any(words in thief.content() for words in KNOWN)

    hands = Hands(thief)
    hands.to("passphrase")
    hands.press("Control+A")
    hands.type(PASSPHRASE)
    hands.press("Enter")
    expect(thief.get_by_role("button", name="Lê Thị Hạnh")).to_be_focused(timeout=SLOW)
    assert draft_of(ours, draft)["remark"] == NOTE


def test_a_laptop_the_office_has_locked_hears_nothing_more_and_keeps_what_is_recorded(page, ours, served):
    line(ours, served.address)
    hands = opened(page, ours)
    hands.open_place("hoang gia")
    hands.press("Enter")
    hands.at("date")
    hands.to("outcome")
    hands.press("Space")
    hands.finalise()
    first = id_of(page)
    hands.sends()

    locked_by_the_office(served, device_of(ours))
    served.central.edit("establishment", "018f0000-0000-7000-8000-0000000000d9", place_state("Karaoke Mới Mở"))
    hands.sends("Gửi và nhận")
    expect(page.get_by_text("Văn phòng đã khóa máy này từ ngày 20/11/2026.")).to_be_visible(timeout=SLOW)

    page.goto(f"http://127.0.0.1:{ours.port}/co-so?tim=moi+mo")
    expect(page.locator("a.hit")).to_have_count(0)
    page.goto(f"http://127.0.0.1:{ours.port}/")
    hands.open_place("hoang gia")
    expect(page.get_by_text("lịch sử kiểm tra không hiện").first).to_be_visible()
    hands.press("Enter")
    hands.at("date")
    hands.to("outcome")
    hands.press("Space")
    hands.finalise()
    assert body_of(ours, page)["outcome"] == "no_violation"
    second = id_of(page)
    hands.sends()

    kept = "SELECT standing FROM items WHERE kind = 'inspection' AND id = ?"
    assert served.central.one(kept, first) == "accepted"
    assert served.central.one(kept, second) == "quarantined", "it is kept apart until the office looks at it"
