"""Keys wait for the page: whoever presses one has seen the page drawn, with the focus where the page puts it.

A page's `load` comes before its first frame, and the focus of `autofocus` only with that frame: on a busy machine
a key pressed at once goes nowhere.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Error, Keyboard, Locator, Page

LONGEST = 10.0  # seconds; after that the key is pressed all the same
# A page whose clock a test holds draws no frame by itself, and one without scripts tells of none.
IS_DRAWN = """
() => {
  if (window.drawn || window.__pwClock || matchMedia("(scripting: none)").matches) return true;
  const after = (frames) => frames ? requestAnimationFrame(() => after(frames - 1)) : (window.drawn = true);
  if (document.readyState === "complete" && !window.drawing) {
    window.drawing = true;
    after(2);
  }
  return false;
}
"""


def wait_until_drawn(page: Page) -> None:
    """Return when the page is loaded and has been drawn, or gives no sign of it for ten seconds."""
    last = time.monotonic() + LONGEST
    while time.monotonic() < last:
        try:
            if page.evaluate(IS_DRAWN):
                return
        except Error:  # it is just giving way to the next one
            page.wait_for_load_state()
        page.wait_for_timeout(10)


class Keys:
    """The keyboard of a page, pressed by someone who looks."""

    def __init__(self, page: Page, keyboard: Keyboard) -> None:
        self._page, self._keyboard = page, keyboard

    def press(self, *args: Any, **kwargs: Any) -> None:
        wait_until_drawn(self._page)
        self._keyboard.press(*args, **kwargs)

    def type(self, *args: Any, **kwargs: Any) -> None:
        wait_until_drawn(self._page)
        self._keyboard.type(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._keyboard, name)


@contextmanager
def looked_at() -> Iterator[None]:
    """Make every key of every page wait for that page."""
    bare, press = Page.keyboard.fget, Locator.press  # type: ignore[attr-defined]

    def pressed(at: Locator, *args: Any, **kwargs: Any) -> None:
        wait_until_drawn(at.page)
        press(at, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Page, "keyboard", property(lambda page: Keys(page, bare(page))))
        patch.setattr(Locator, "press", pressed)
        yield
