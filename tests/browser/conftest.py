"""A real Chromium, for tests at either end; where it is missing they are skipped, or fail if it is required."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.drawn import looked_at

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the tests of a file."""
    if not CHROMIUM.exists():
        sentence = f"Chromium is not at {CHROMIUM}: install the package chromium to run the browser tests."
        # On the machine that builds, a skipped test would say nothing.
        pytest.fail(sentence) if os.environ.get("DOI178_REQUIRE_BROWSER") == "1" else pytest.skip(sentence)
    with sync_playwright() as playwright, looked_at():
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh profile on the screen of an office laptop."""
    fresh = browser.new_context(viewport={"width": 1280, "height": 720}, locale="vi-VN")
    fresh.set_default_timeout(10_000)
    yield fresh
    fresh.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page; what falls over in its script, and what the content policy refuses, fails the test."""
    fresh = context.new_page()
    trouble: list[str] = []
    fresh.on("pageerror", lambda error: trouble.append(str(error)))
    fresh.on("console", lambda said: trouble.append(said.text) if "Content Security Policy" in said.text else None)
    yield fresh
    assert trouble == []
