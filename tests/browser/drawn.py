"""Keys wait for the page: whoever presses one has seen the page drawn, with the focus where the page puts it.

A page's `load` comes before its first frame, and the focus of `autofocus` only with that frame: on a busy machine
a key pressed at once goes nowhere. A page whose clock a test holds draws no frame by itself: it is not waited for.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Error, Keyboard, Locator, Page

TRIES = 5  # a page may give way to the next one while it is asked
IS_DRAWN = """
() => window.drawn || !!window.__pwClock || new Promise((done) => {
  const after = (frames) => frames ? requestAnimationFrame(() => after(frames - 1)) : done(window.drawn = true);
  setTimeout(() => done(false), 10000);
  if (document.readyState === "complete") after(2);
  else addEventListener("load", () => after(2), { once: true });
})
"""


def wait_until_drawn(page: Page) -> None:
    """Return when the page is loaded and has been drawn, or gives no sign of it for ten seconds."""
    for _ in range(TRIES):
        try:
            page.evaluate(IS_DRAWN)
        except Error:
            page.wait_for_load_state()
        else:
            return


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
