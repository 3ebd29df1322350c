"""Visits from the first key to the paper handed over, by keyboard alone, and what the server says of the paper."""

import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from field_client.printing.events import of_visit
from field_client.store import connect
from schemas.minutes_code import MARK
from server.arrivals.verify import verify
from tests.browser.hands import Hands, opened
from tests.browser.laptop import Program, body_of, id_of
from tests.browser.teams import NAMES, line, ours
from tests.field_client.conftest import served
from tests.field_client.printing.look import Looked
from tests.pictures import jpeg

__all__ = ["ours", "served"]  # fixtures
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
decode = pytest.importorskip("pyzbar.pyzbar", reason="zbar is missing", exc_type=ImportError).decode
MATCHES = "Khớp với bản đã chốt."
FACTS = {
    "ND38-15.5b": "00 giờ 40 còn 02 phòng hát có khách",
    "ND38-15.6b": "Cửa phòng 2 có chốt trong",
    "ND106-24.2": "Thùng bia chắn lối thoát nạn tầng 2",
    "ND283-11.1d": "Không xuất trình sổ quản lý lao động",
}


def enters_tonight(hands: Hands) -> None:
    """Enter tonight's outing once for all places: its decision; all of the team are there until one says otherwise."""
    hands.to("Đến đợt kiểm tra tối nay", "Shift+Tab")
    hands.press("Enter")
    hands.fill("decision", "Số 178/QĐ-UBND")
    hands.to("Lưu đợt kiểm tra")
    with hands.page.expect_navigation():
        hands.press("Enter")
    expect(hands.page.get_by_text("Đủ thành phần (tối thiểu 03 người)")).to_be_visible()


def is_signed(hands: Hands) -> None:
    """Print it, read it back, and say that it is signed."""
    expect(hands.page.get_by_role("link", name="In biên bản")).to_be_focused()
    hands.press("Enter")
    expect(hands.page.get_by_role("link", name="Mở tệp PDF để in")).to_be_focused()
    hands.go("Đã in xong, sang đọc lại")
    expect(hands.page.get_by_role("button", name="Đã đọc lại, đúng")).to_be_focused()
    hands.press("Enter")
    expect(hands.page.get_by_role("button", name="Đã ký", exact=True)).to_be_focused()


def printed(page: Page) -> Looked:
    """Return the paper that the link on the page opens."""
    address = page.get_by_role("link", name="Mở tệp PDF để in").get_attribute("href")
    return Looked(page.request.get(f"http://{urlsplit(page.url).netloc}{address}").body())


def happenings(program: Program, visit: str) -> list[str]:
    """Return what has happened to the paper of a visit."""
    db = connect(program.settings.database, program.key)
    try:
        return [one.happening.value for one in of_visit(db.conn, visit)]
    finally:
        db.close()


def test_a_planned_visit_without_findings_with_thirty_answers_one_by_one(page, ours):
    hands = opened(page, ours)
    enters_tonight(hands)
    before = hands.pressed
    hands.open_place("hoang gia")
    hands.press("Enter")
    hands.at("date")
    hands.press("Tab")
    hands.type("2130")
    hands.press("Tab")
    hands.type("2245")
    hands.gaps_to("representative")
    hands.type("Chủ cơ sở")
    hands.gaps_to("answers.COM-01")
    hands.type("1" * 20 + "3" * 10)
    hands.type("0")
    expect(page.get_by_text("Đã trả lời 40/40 mục")).to_be_visible()
    hands.gaps_to("workers.total")
    hands.type("7")
    hands.gaps_to("outcome")
    hands.press("Space")
    hands.gaps_to("found_working")
    hands.press("Space")
    hands.gaps_to("finalise")
    hands.press("Enter")
    expect(page.get_by_text("Đã chốt nội dung")).to_be_visible()
    is_signed(hands)
    hands.press("Enter")
    expect(page.get_by_role("button", name="Đã giao bản")).to_be_focused()
    hands.press("Enter")
    expect(page.get_by_text("Đã giao 01 bản")).to_be_visible()

    body = body_of(ours, page)
    assert [body[name] for name in ("started", "ended", "outcome", "decision")] == [
        "21:30", "22:45", "no_violation", "Số 178/QĐ-UBND"
    ]  # fmt: skip
    assert [one["name"] for one in body["members"]] == list(NAMES)
    assert len(body["answers"]) == 40
    assert happenings(ours, id_of(page)) == ["original", "read_back", "signed", "handed_over"]
    assert hands.pressed - before < 120, "about two keys a second make five minutes; this is one minute of them"


def begins_unscheduled(hands: Hands) -> None:
    """The time, past midnight, the ground, and who stands for the place."""
    hands.press("Enter")
    hands.at("date")
    hands.press("Tab")
    hands.type("2330")
    hands.press("Tab")
    hands.type("0145")
    hands.to("basis")
    hands.press("ArrowRight")
    hands.to("trigger")
    hands.press("Space")
    hands.to("ground")
    hands.type("Đơn số 12/ĐTC")
    hands.to("evidence")
    hands.type("Bản sao đơn")
    hands.to("representative")
    hands.type("Quản lý ca")


def answers_with_fails(hands: Hands) -> None:
    """Three items that fail, with a note on one, and the rest that pass."""
    hands.to("answers.COM-01")
    hands.type("121112")
    hands.press("ArrowUp", "Enter")
    hands.type("Hết hạn từ tháng 3")
    hands.press("Escape", "ArrowDown")
    hands.type("0")
    expect(hands.page.get_by_text("Đã trả lời 40/40 mục")).to_be_visible()


def writes_down(hands: Hands) -> None:
    """Four violations by their codes, each with what was seen."""
    for nth, (code, facts) in enumerate(FACTS.items()):
        hands.to("act-search")
        hands.type(code.removeprefix("ND38-"))
        hands.press("Enter")
        hands.at(f"violations.{nth}.facts")
        hands.type(facts)


def attaches(hands: Hands, folder: Path) -> None:
    """Two photos, each looked at before it is kept."""
    files = [folder / f"anh-{n}.jpg" for n in (1, 2)]
    for n, file in enumerate(files):
        file.write_bytes(jpeg(n, where=True))
    hands.to("choose-files")
    hands.choose_files(*files)
    for n in (1, 2):
        expect(hands.page.get_by_text(f"Tệp {n} trên 2")).to_be_visible()
        hands.at("editor-keep")
        hands.press("Enter")
    expect(hands.page.locator(".thumb img")).to_have_count(2)
    expect(hands.page.locator("#choose-files")).to_be_focused()


def is_refused(hands: Hands) -> None:
    """The signature is refused; somebody of the commune signs instead."""
    hands.go("Từ chối ký")
    hands.to("witness")
    while not hands.page.get_by_label("Đại diện UBND cấp xã").is_checked():
        hands.press("ArrowDown")
    hands.to("note")
    hands.type("Không đồng ý với biên bản")
    hands.go("Ghi từ chối ký")
    expect(hands.page.get_by_role("button", name="Đã giao bản")).to_be_focused()
    hands.press("Enter")
    expect(hands.page.get_by_text("Đã giao 01 bản")).to_be_visible()


def sends(hands: Hands, program: Program, served) -> None:
    """The line is back: send everything from the page of the visit."""
    line(program, served.address)
    hands.sends()


def said_of(code: str, served) -> str:
    """Return the server's public page on the code of a paper."""
    with urllib.request.urlopen(f"{served.address}/v/{code.removeprefix(MARK)}") as answer:
        return str(answer.read().decode())


def test_four_violations_two_photos_and_a_refusal_to_sign_are_printed_and_proven(page, ours, served, tmp_path):
    hands = opened(page, ours)
    enters_tonight(hands)
    hands.open_place("hoang gia")
    begins_unscheduled(hands)
    answers_with_fails(hands)
    hands.to("workers.total")
    hands.type("9")
    writes_down(hands)
    hands.to("outcome")
    hands.press("ArrowRight")
    hands.to("found_working")
    hands.press("Space")
    hands.to("statement")
    hands.type("Cơ sở không đồng ý")
    attaches(hands, tmp_path)
    hands.finalise()
    visit = id_of(page)
    expect(page.locator("#offline")).to_be_visible(timeout=30_000)  # the program tries after some seconds
    assert page.locator("header.top").bounding_box()["height"] < 90, "with all that it has to say, the bar stays a bar"
    is_signed(hands)
    is_refused(hands)

    body = body_of(ours, page)
    assert {one["code"]: one["facts"] for one in body["violations"]} == FACTS
    assert (body["started"], body["ended"], body["basis"]) == ("23:30", "01:45", "unscheduled")
    assert happenings(ours, visit) == ["original", "read_back", "signature_refused", "handed_over"]

    hands.go("In lại")
    paper = printed(page)
    assert all(facts in paper.all for facts in FACTS.values())
    (code,) = {found.data.decode() for at in range(len(paper)) for found in decode(paper.picture(at))}
    hands.go("Về trang cuộc kiểm tra")
    assert MATCHES not in said_of(code, served)
    sends(hands, ours, served)
    assert MATCHES in said_of(code, served)
    assert served.central.one("SELECT count(*) FROM items WHERE kind = 'attachment'") == 2
    assert verify(served.central.db).problems == ()


def test_a_closed_door_is_an_attempt_and_no_inspection(page, ours, served):
    hands = opened(page, ours)
    enters_tonight(hands)
    hands.open_place("hoang gia")
    hands.go("Không kiểm tra được")
    expect(page.get_by_role("heading", name="Không kiểm tra được")).to_be_visible()
    hands.to("outcome")
    hands.press("Space")
    hands.to("remark")
    hands.type("Cửa khóa, biển hiệu còn, gọi điện không có người nghe")
    hands.to("started")
    hands.type("2215")
    hands.to("finalise")
    hands.press("Enter")
    if page.locator("#to-ask").count():
        hands.at("finalise")
        hands.press("Enter")
    expect(page.get_by_text("Không kiểm tra được:")).to_be_visible()
    body = body_of(ours, page)
    assert (body["outcome"], body["started"]) == ("closed_tonight", "22:15")

    visit = id_of(page)
    sends(hands, ours, served)
    assert served.central.one("SELECT outcome FROM visits WHERE id = ?", visit) == "closed_tonight"


def test_a_correction_says_why_and_the_first_text_stays(page, ours, served):
    hands = opened(page, ours)
    enters_tonight(hands)
    hands.open_place("hoang gia")
    hands.press("Enter")
    hands.at("date")
    hands.to("outcome")
    hands.press("Space")
    hands.finalise()
    sends(hands, ours, served)

    hands.go("Karaoke Hoàng Gia")
    expect(page.get_by_role("heading", name="Karaoke Hoàng Gia")).to_be_visible()
    hands.go("Đính chính")
    expect(page.get_by_role("heading", name="Đính chính cuộc kiểm tra")).to_be_visible()
    hands.fill("started", "2145")
    hands.to("finalise")
    hands.press("Enter")
    expect(page.locator("#wrong")).to_contain_text("Ghi lý do đính chính.")
    hands.at("reason")
    hands.fill("reason", "Ghi thiếu giờ bắt đầu")
    hands.finalise()
    expect(page.get_by_text("Lý do: Ghi thiếu giờ bắt đầu")).to_be_visible()
    visit = id_of(page)
    assert body_of(ours, page)["started"] == "21:45"
    sends(hands, ours, served)

    assert served.central.one("SELECT count(*) FROM items WHERE kind = 'inspection' AND id = ?", visit) == 2
    assert verify(served.central.db).problems == ()
