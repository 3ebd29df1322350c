"""The card for the laptop's bag, as a printer gets it: one sheet, in both languages, with the team's long name."""

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from field_client import web
from field_client.app import create_app
from schemas.language import LANGUAGE
from tests.browser.test_every_page import serve
from tests.field_client.pages.furnish import furnish

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
A4_ACROSS = (842, 595)


@pytest.fixture
def laptop(tmp_path: Path, page: Page) -> Iterator[str]:
    """A furnished laptop whose pages are open in the browser."""
    app = create_app(furnish(tmp_path / "máy"))
    server = serve(app)
    address = f"http://127.0.0.1:{server.port}"
    page.goto(address + web.door(app))
    yield address
    server.shutdown()


@pytest.mark.parametrize(("language", "says"), [("vi", "Khi không có mạng"), ("en", "Without a line")])
def test_the_card_is_one_sheet_across_with_the_teams_name(laptop, page, language, says):
    page.context.add_cookies([{"name": LANGUAGE, "value": language, "url": laptop}])
    page.goto(f"{laptop}/the-mang-theo")

    printed = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))

    assert len(printed) == 1
    assert tuple(round(side) for side in printed[0].get_size()) == A4_ACROSS
    text = printed[0].get_textpage().get_text_range()
    assert says in text
    assert "Đội kiểm tra liên ngành 178 xã Triệu Sơn" in text
    assert "Nền tối" not in text


def test_the_card_is_found_at_the_foot_of_a_page_and_a_key_prints_it(laptop, page):
    page.goto(f"{laptop}/co-so")

    page.get_by_role("link", name="Thẻ mang theo").press("Enter")

    expect(page.locator("[data-print]")).to_be_focused()
