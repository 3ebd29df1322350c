"""At the keys of the record page: letters put together, the rest in one stroke, findings, covering, closing."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from field_client import rounds
from field_client.clock import now
from field_client.records import record
from field_client.store import connect
from schemas.ids import new_id
from tests.browser.laptop import Program, body_of, draft_of, focused, id_of, open_record, tab_to
from tests.field_client.pages.furnish import DONG_DO, HOA_SEN, TEAM, furnish

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
THREE = [{"name": name, "card": "1"} for name in ("An", "Bình", "Cường")]


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    """The program on a furnished laptop, not started yet."""
    running = Program(furnish(tmp_path / "máy của đội"))
    yield running
    running.kill()


@pytest.fixture
def earlier(program: Program) -> str:
    """A visit of an earlier year that left one item open."""
    db = connect(program.settings.database, program.key)
    body = {"establishment": HOA_SEN, "team": TEAM, "date": "2025-10-05", "basis": "planned", "members": THREE,
            "outcome": "no_violation", "answers": {"COM-13": "fail"}}  # fmt: skip
    try:
        return record(db, new_id(), body, at=now()).id
    finally:
        db.close()


def saved(page: Page) -> None:
    """Wait until everything is saved."""
    expect(page.locator("#saving")).to_have_class("done")


# A key as it comes while an input method puts a letter together: Windows says 229 for it, others isComposing.
COMPOSED = """
([key, how]) => {
  const at = document.activeElement;
  const told = { key, bubbles: true, cancelable: true, ...(how === "229" ? { keyCode: 229 } : { isComposing: true }) };
  return at.dispatchEvent(new KeyboardEvent("keydown", told));
}
"""


@pytest.mark.parametrize("how", ["229", "isComposing"])
def test_keys_of_a_letter_that_is_being_put_together_do_nothing_else(page, program, how):
    open_record(page, program, HOA_SEN)
    page.locator("[id='answers.COM-01']").focus()

    for key in ("1", "2", "0", "d", "Enter", "ArrowDown", "F2"):
        assert page.evaluate(COMPOSED, [key, how]), f"{key} was taken while composing"
    assert focused(page) == "answers.COM-01"
    assert page.locator(".item input:checked").count() == 0

    page.keyboard.press("Enter")
    page.evaluate(COMPOSED, ["Enter", how])
    page.evaluate(COMPOSED, ["Escape", how])
    assert focused(page) == "notes.COM-01"


def test_a_letter_put_together_in_a_note_is_kept_whole(page, program):
    """Telex in a browser that composes: dd becomes đ by a composition, digits in it answer nothing."""
    open_record(page, program, HOA_SEN)
    page.locator("[id='answers.COM-01']").focus()
    page.keyboard.press("Enter")
    session = page.context.new_cdp_session(page)

    session.send("Input.imeSetComposition", {"text": "d", "selectionStart": 1, "selectionEnd": 1})
    session.send("Input.imeSetComposition", {"text": "đ", "selectionStart": 1, "selectionEnd": 1})
    session.send("Input.insertText", {"text": "đủ 3 bản"})
    saved(page)

    expect(page.locator("[id='notes.COM-01']")).to_have_value("đủ 3 bản")
    assert draft_of(program, id_of(page))["notes.COM-01"] == "đủ 3 bản"
    assert page.locator(".item input:checked").count() == 0


def test_letters_answer_nothing(page, program):
    open_record(page, program, HOA_SEN)
    page.locator("[id='answers.COM-01']").focus()

    page.keyboard.type("ddkx")

    assert focused(page) == "answers.COM-01"
    assert page.locator(".item input:checked").count() == 0


def test_the_rest_is_passed_in_one_stroke_and_taken_back_in_one(page, program):
    open_record(page, program, HOA_SEN)
    page.locator("[id='answers.COM-01']").focus()
    page.keyboard.type("20")

    expect(page.get_by_text("Đã trả lời 41/51 mục")).to_be_visible()
    expect(page.locator("[id='answers.MAS-06']")).to_be_focused()
    assert page.locator(".item input[value=fail]:checked").count() == 1

    page.keyboard.press("Control+z")
    expect(page.get_by_text("Đã trả lời 1/51 mục")).to_be_visible()


def test_one_key_goes_through_what_is_missing(page, program):
    open_record(page, program, HOA_SEN)
    expect(page.locator("#missing")).to_contain_text("mục chưa trả lời")

    seen = []
    for _ in range(4):
        page.keyboard.press("F2")
        seen.append(focused(page))

    assert seen == ["started", "ended", "decision", "add-member"]


def test_a_finding_is_followed_up_by_keyboard(page, program, earlier):
    open_record(page, program, HOA_SEN)
    name = f"followed.{earlier}_COM-13".replace("-", "_")

    tab_to(page, f"{name}.resolved")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Đã ký cam kết mới")
    saved(page)

    kept = draft_of(program, id_of(page))
    assert (kept[f"{name}.resolved"], kept[f"{name}.seen"]) == ("1", "Đã ký cam kết mới")
    assert (kept[f"{name}.inspection"], kept[f"{name}.finding"]) == (earlier, "COM-13")


def test_personal_data_is_covered_by_one_key_and_uncovered_by_the_same(page, program):
    open_record(page, program, HOA_SEN)
    page.locator("#remark").focus()
    page.keyboard.type("Nhân viên Nguyễn Thị Hoa vắng mặt")
    expect(page.locator("[data-cover=remark]")).to_be_visible()

    page.keyboard.press("F8")
    expect(page.locator("#remark")).to_have_value("[đã che] vắng mặt")
    saved(page)
    assert draft_of(program, id_of(page))["remark"] == "[đã che] vắng mặt"

    page.keyboard.press("F8")
    expect(page.locator("#remark")).to_have_value("Nhân viên Nguyễn Thị Hoa vắng mặt")
    page.keyboard.press("F8")
    expect(page.locator("#remark")).to_have_value("[đã che] vắng mặt")
    page.keyboard.press("Control+z")
    expect(page.locator("#remark")).to_have_value("Nhân viên Nguyễn Thị Hoa vắng mặt")


def test_focus_stays_where_it_is_when_a_part_is_drawn_anew(page, program):
    open_record(page, program, DONG_DO)
    page.locator("#date").fill("1/3/2025")
    page.keyboard.press("Tab")
    saved(page)
    expect(page.locator("#add-member")).to_be_visible()
    assert focused(page) == "started"

    page.locator("[id='answers.KAR-04']").focus()
    page.keyboard.press("2")
    page.keyboard.type("111")
    expect(page.get_by_text("Từ các mục không đạt")).to_be_visible()
    assert focused(page) == "answers.KAR-08"


def test_the_outing_is_entered_once_by_keyboard_and_stands_in_the_record(page, program):
    page.goto(program.start())
    tab_to(page, "decision")
    page.keyboard.type("Số 178/QĐ-UBND")
    for _ in range(12):
        if page.evaluate("document.activeElement.textContent").strip() == "Lưu đợt kiểm tra":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Đã lưu đợt kiểm tra")).to_be_visible()

    page.goto(f"http://127.0.0.1:{program.port}/co-so/{HOA_SEN}")
    page.keyboard.press("Enter")

    expect(page.locator("#decision")).to_have_value("Số 178/QĐ-UBND")
    expect(page.get_by_text("Đủ thành phần (tối thiểu 03 người)")).to_be_visible()


def test_a_planned_visit_without_findings_from_first_key_to_closed_text(page, program):
    """Everything of an ordinary visit, with tonight's outing entered: few keys, and nothing is asked at the end."""
    db = connect(program.settings.database, program.key)
    members = [{"name": name, "card": "1"} for name in ("Lê Thị Hạnh", "Nguyễn Văn Được", "Trần Thị Mỹ Linh")]
    rounds.start(db, team=TEAM, decision="Số 178/QĐ-UBND", leader="Lê Thị Hạnh", members=members, at=now())
    db.close()
    open_record(page, program, HOA_SEN)
    pressed = []

    def press(*keys):
        for key in keys:
            page.keyboard.press(key)
            pressed.append(key)

    def type_(text):
        page.keyboard.type(text)
        pressed.extend(text)

    press("Tab")
    type_("0010")
    press("Tab")
    type_("0150")
    press("F2")
    type_("Chủ cơ sở")
    press("F2")
    type_("0")
    expect(page.get_by_text("Đã trả lời 41/51 mục")).to_be_visible()
    type_("3333333333")
    expect(page.get_by_text("Đã trả lời 51/51 mục")).to_be_visible()
    press("F2")
    assert focused(page) == "workers.total"
    type_("7")
    press("F2")
    assert focused(page) == "outcome"
    press("Space")
    press("F2")
    assert focused(page) == "found_working"
    press("Space")
    expect(page.locator("#missing")).to_have_text("Đã trả lời đủ các mục")
    press("F2")
    assert focused(page) == "finalise"
    press("Enter")

    expect(page.get_by_text("Đã chốt nội dung")).to_be_visible()
    body = body_of(program, page)
    assert len(body["answers"]) == 51
    assert (body["started"], body["ended"], body["outcome"]) == ("00:10", "01:50", "no_violation")
    assert len(pressed) < 60


def test_half_a_second_after_a_letter_it_is_on_its_way_to_the_disk_however_fast_one_types(page, program):
    """On the page's own clock, so that a busy machine changes nothing: twenty letters a second, without a pause."""
    page.clock.install()
    open_record(page, program, HOA_SEN)
    page.locator("#remark").focus()
    page.clock.pause_at(datetime.fromtimestamp(page.evaluate("Date.now()") / 1000 + 5, UTC))
    sent = []

    def note(asked):
        if asked.url.endswith("/luu"):
            sent.append(asked.post_data_json["fields"])

    page.on("request", note)

    text = "Phòng hát số 3 sửa chữa, cửa mở, đèn sáng. "
    for letter in text:
        page.keyboard.type(letter)
        page.clock.run_for(50)
        page.wait_for_function("() => sending === null")

    reached = [len(fields["remark"]) for fields in sent if "remark" in fields]
    assert max(after - before for before, after in pairwise([0, *reached, len(text)])) <= 11
    program.kill()
    kept = str(draft_of(program, id_of(page))["remark"])
    assert text.startswith(kept)
    assert len(kept) >= len(text) - 11
