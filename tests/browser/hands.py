"""Two hands on the keyboard and none on the mouse: every key they press is counted."""

from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Error, FileChooser, Page, expect

from tests.browser.laptop import Program, focused

MOST_TABS = 90
SLOW = 30_000  # ms: a busy machine
IS_THERE = """
(words) => {
  const at = document.activeElement;
  if (!at || at === document.body) return false;
  const said = [at.id, at.name, at.getAttribute("aria-label"), at.textContent.trim().replace(/\\s+/g, " ")];
  return said.includes(words);
}
"""


class Hands:
    """The keyboard of a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pressed = 0
        self.windows: list[FileChooser] = []
        # From the start: asked for too late, the window of the system would open.
        page.on("filechooser", lambda window: self.windows.append(window))

    def press(self, *keys: str) -> None:
        """Press keys, one after another."""
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def type(self, text: str) -> None:
        """Type letters and digits where the focus is."""
        self.page.keyboard.type(text)
        self.pressed += len(text)

    def at(self, name: str) -> None:
        """Wait until the page has put the focus where it is wanted next, by itself."""
        expect(self.page.locator(f"[id='{name}'], [name='{name}']").first).to_be_focused()

    def _is_at(self, words: str) -> bool:
        with suppress(Error):
            return bool(self.page.evaluate(IS_THERE, words))
        self.page.wait_for_load_state()  # the page was just giving way to the next one
        return bool(self.page.evaluate(IS_THERE, words))

    def to(self, words: str, key: str = "Tab") -> None:
        """Press Tab until the focus is on the field or the button with this id, name or words."""
        for _ in range(MOST_TABS):
            if self._is_at(words):
                return
            self.press(key)
        raise AssertionError(f"{key} does not reach {words}; it is at {focused(self.page)}.")

    def fill(self, name: str, text: str) -> None:
        """Go to a field and write over what stands in it."""
        self.to(name)
        self.press("Control+A")
        self.type(text)

    def members(self, count: int = 3) -> None:
        """Tick the first members of the team as present."""
        for member in range(count):
            self.to(f"roster.{member}")
            self.press("Space")

    def go(self, words: str) -> None:
        """Go to a link or a button and press it."""
        self.to(words)
        self.press("Enter")

    def gaps_to(self, name: str) -> None:
        """Go through what is missing until the focus is on *name*."""
        self.to(name, "F2")

    def open_place(self, words: str) -> None:
        """From the first page, find the one place with these words and open it."""
        expect(self.page.get_by_role("link", name="Kiểm tra một cơ sở")).to_be_focused()
        self.press("Enter")
        self.at("tim")
        self.type(words)
        expect(self.page.locator("a.hit")).to_have_count(1)
        self.press("ArrowDown")
        expect(self.page.locator("a.hit")).to_be_focused()
        self.press("Enter")
        expect(self.page.locator("#begin")).to_be_focused()

    def choose_files(self, *files: Path) -> None:
        """Press the button that has the focus and choose files, as the system's own window has them."""
        self.press("Enter")
        for _ in range(200):
            if self.windows:
                return self.windows.pop().set_files(list(files))
            self.page.wait_for_timeout(50)
        raise AssertionError(f"No window to choose files opened; the focus is at {focused(self.page)}.")

    def finalise(self) -> None:
        """Close the text, past what is asked once before."""
        self.to("finalise", "Shift+Tab" if not focused(self.page) else "Tab")
        self.press("Enter")
        expect(self.page.locator("#to-ask")).to_be_visible()
        self.at("finalise")
        self.press("Enter")
        expect(self.page.get_by_text("Đã chốt nội dung")).to_be_visible()


    def sends(self, button: str = "Gửi ngay") -> None:
        """Press a button that sends, and wait until nothing is left to send."""
        self.go("Đến nội dung chính")
        self.to(button)
        with self.page.expect_navigation():
            self.press("Enter")
        expect(self.page.locator("#going")).to_be_hidden(timeout=SLOW)
        expect(self.page.locator("#badge")).to_be_hidden(timeout=SLOW)


def opened(page: Page, program: Program) -> Hands:
    """Open the first page of a laptop that is started and unlocked."""
    page.goto(program.start())
    return Hands(page)
