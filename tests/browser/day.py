"""A day at the office by keyboard alone: somebody's hands on the pages of a running server, each page looked at."""

from base64 import b32decode
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from server.arrivals.verify import verify
from server.clock import now
from server.people import totp
from tests.browser.axe import faults
from tests.browser.hands import SLOW, Hands
from tests.browser.office import PASSWORD, Office

CHOSEN = "() => document.activeElement.selectedOptions[0].textContent.trim()"
HOME = "Tổng quan"


class Day(Hands):
    """Somebody's hands at the office; every page that opens is looked at, and its faults gather."""

    def __init__(self, page: Page, office: Office) -> None:
        super().__init__(page)
        self.office, self.wrong, self.seen = office, [], set()

    def look(self) -> None:
        """Look at the page that is open, once."""
        title = self.page.title()
        if title not in self.seen:
            self.seen.add(title)
            self.wrong += [f"{self.page.url}: {fault}" for fault in faults(self.page)]

    def presses(self, words: str, key: str = "Enter") -> None:
        """Go to a link or a button, press it, and look at the page that it opens."""
        self.to(words)
        with self.page.expect_navigation():
            self.press(key)
        self.look()

    def submits(self) -> None:
        """Press Enter where the focus is, and look at the page that follows."""
        with self.page.expect_navigation():
            self.press("Enter")
        self.look()

    def choose(self, name: str, label: str) -> None:
        """Go to a list and press the arrow until what is chosen begins with *label*."""
        self.to(name)
        self.press("Home")
        for _ in range(200):
            if str(self.page.evaluate(CHOSEN)).startswith(label):
                return
            self.press("ArrowDown")
        raise AssertionError(f"{name} has no {label}.")

    def reads(self, *words: str) -> None:
        """Find words on the page that is open."""
        for one in words:
            expect(self.page.locator("main")).to_contain_text(one)

    def goes_home(self) -> None:
        """Open the first page from the menu."""
        self.presses(HOME)
        self.reads("Việc cần làm")

    def day(self, ago: int) -> str:
        """Return a day as people write it."""
        return f"{self.office.day(ago):%d/%m/%Y}"

    def signs_in(self, name: str, password: str = PASSWORD) -> None:
        """Open the office and sign in."""
        self.page.goto(f"{self.office.address}/dang-nhap")
        self.at("name")
        self.type(name)
        self.press("Tab")
        self.type(password)
        self.submits()

    def takes_the_second_step(self) -> None:
        """Set up the telephone from the page and give its code."""
        secret = b32decode(self.page.locator(".code-text").inner_text().replace(" ", ""))
        self.at("code")
        self.type(totp.code(secret, totp.step_at(now())))
        self.submits()
        self.reads("Mã dự phòng")
        self.presses("Đã cất, tiếp tục")

    def ends(self) -> None:
        """Sign out; what stands in the store is proved, and nothing was wrong with the pages."""
        self.presses("Đăng xuất")
        assert verify(self.office.central.db).problems == ()
        assert self.wrong == [], "\n".join(self.wrong)


Sit = Callable[[], Day]


@pytest.fixture
def sit(browser: Browser, office: Office) -> Iterator[Sit]:
    """Return a function that sits somebody down in front of a browser of their own."""
    contexts = []

    def down() -> Day:
        context = browser.new_context(viewport={"width": 1280, "height": 720}, locale="vi-VN")
        context.set_default_timeout(SLOW)
        contexts.append(context)
        return Day(context.new_page(), office)

    yield down
    for context in contexts:
        context.close()
