"""The pages that only who looks after the server opens: axe finds nothing and nothing is cut off."""

import pytest

from server.audit import Who
from server.clock import now
from server.jobs import runs
from server.jobs.retention import Asked, hold
from tests.browser.axe import faults, is_wider_than_the_window
from tests.browser.test_every_page import serve
from tests.server.pages.conftest import PROVINCE, Office, busy, office

__all__ = ["Office", "busy", "office"]
PAGES = ("/viec-dinh-ky", "/viec-dinh-ky/luu-giu", "/nhat-ky", "/nhac-viec")


@pytest.fixture
def served(office):
    """The address of an office with runs and a hold, and the cookie of an admin."""
    runs.do_what_is_due(office.settings)
    hold(office.db, Asked("log", "Lê Thị Hạnh", "Công văn số 12"), Who("u", "admin", PROVINCE), now())
    app = office.app()
    client = office.client("admin", PROVINCE, app=app)
    server = serve(app)
    yield f"http://127.0.0.1:{server.port}", client.get_cookie("doi178").value
    server.shutdown()


@pytest.mark.browser
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_cut_off(browser, served, colours):
    address, cookie = served
    context = browser.new_context(viewport={"width": 1280, "height": 720}, color_scheme=colours, locale="vi-VN")
    context.add_cookies([{"name": "doi178", "value": cookie, "url": address}])
    page = context.new_page()
    wrong = []

    for path in PAGES:
        page.set_viewport_size({"width": 1280, "height": 720})
        assert page.goto(address + path).status == 200
        wrong += [f"{path}: {fault}" for fault in faults(page)]
        page.set_viewport_size({"width": 640, "height": 360})
        wrong += [f"{path}: wider than the window"] * is_wider_than_the_window(page)

    context.close()
    assert wrong == [], "\n".join(wrong)
