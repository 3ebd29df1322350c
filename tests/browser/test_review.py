"""The review by keyboard alone: through the queue with arrows, an answer a key, and nothing while one types."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from schemas.ids import new_id
from schemas.items import read
from server.app import create_app
from server.clock import now
from server.people.users import add_user

pytestmark = pytest.mark.browser
PASSWORD = "mot mat khau dai"
VIOLATION = {"outcome": "violations", "violations": [{"id": new_id(), "text": "Chưa niêm yết giá dịch vụ"}]}


@pytest.fixture
def visits(central: Any) -> list[str]:
    """Three visits as the queue has them: a violation, two members, and nothing to note."""
    device = central.laptop()
    lines = [
        device.visit(central.place(name="Vi phạm"), **VIOLATION),
        device.visit(central.place(name="Hai người"), members=[{"name": "An"}, {"name": "Bình"}]),
        device.visit(central.place(name="Bình thường")),
    ]
    assert device.sends(*lines) == ["accepted"] * 3
    return [read(line).id for line in lines]


@pytest.fixture
def page(browser: Browser, central: Any, visits: list[str]) -> Iterator[Page]:
    """A window on the queue in which the coordinator has signed in."""
    add_user(central.db, "lan", role="coordinator", unit="old:397", password=PASSWORD, author="test", at=now())
    server = make_server("127.0.0.1", 0, create_app(central.settings), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    window = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
    window.goto(f"http://127.0.0.1:{server.port}/dang-nhap")
    window.locator("[name=name]").fill("lan")
    window.locator("[name=password]").fill(PASSWORD)
    window.keyboard.press("Enter")
    window.wait_for_url("**/")
    window.goto(f"http://127.0.0.1:{server.port}/can-duyet/cuoc-kiem-tra")
    yield window
    server.shutdown()


def opens(page: Page, place: str) -> None:
    """Wait for the page of a visit."""
    page.locator("h1", has_text=place).wait_for()


def said(central: Any, visit: str) -> Any:
    return central.db.conn.execute("SELECT review, comment FROM reviews WHERE inspection = ?", (visit,)).fetchone()


def test_the_queue_is_answered_without_a_mouse(page: Page, central: Any, visits: list[str]) -> None:
    page.keyboard.press("Enter")  # the one button that has the focus opens the first
    opens(page, "Vi phạm")

    page.keyboard.press("2")
    assert page.evaluate("document.activeElement.id") == "comment"
    page.keyboard.type("Thiếu 3 ảnh, 1 chữ ký")  # digits in a field are digits
    opens(page, "Vi phạm")
    page.keyboard.press("Control+Enter")
    opens(page, "Hai người")

    page.keyboard.press("1")
    page.keyboard.type("Một người báo ốm")
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    opens(page, "Bình thường")

    page.keyboard.press("3")
    page.keyboard.type("Không có quyết định")
    page.keyboard.press("Control+Enter")
    page.get_by_text("Không có cuộc kiểm tra nào như vậy").wait_for()
    assert [said(central, visit) for visit in visits] == [
        ("issues", "Thiếu 3 ảnh, 1 chữ ký"), ("accepted", "Một người báo ốm"), ("rejected", "Không có quyết định"),
    ]  # fmt: skip


def test_arrows_walk_through_the_queue_and_letters_do_nothing(page: Page, central: Any, visits: list[str]) -> None:
    page.keyboard.press("Enter")
    opens(page, "Vi phạm")

    page.keyboard.press("ArrowRight")
    opens(page, "Hai người")
    page.keyboard.press("ArrowLeft")
    opens(page, "Vi phạm")
    for key in ("d", "y", "n", "w", "[", "Shift+1"):
        page.keyboard.press(key)
    opens(page, "Vi phạm")
    assert [said(central, visit) for visit in visits] == [None] * 3


def test_an_answer_that_lacks_its_reason_comes_back_with_the_hands_in_its_field(page: Page) -> None:
    page.keyboard.press("Enter")
    opens(page, "Vi phạm")

    page.get_by_role("button", name="Yêu cầu bổ sung").click()

    page.get_by_text("Ghi cần bổ sung gì").wait_for()
    assert page.evaluate("document.activeElement.id") == "comment"
