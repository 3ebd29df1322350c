"""The pictures of the guide: `make pictures` makes them, a test run shows that they still say what the pages say."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from field_client import web
from field_client.app import create_app as create_laptop
from field_client.settings import Settings
from schemas.fields import instant_text
from server.app import create_app as create_office
from server.clock import now
from server.people.users import add_user
from server.sample import generate
from tests import guide
from tests.browser.at_the_office import CALLED, MADE, OF_TODAY, OFFICE
from tests.browser.in_the_guide import LAPTOP, PASSWORD, evening, morning, night
from tests.browser.test_every_page import closed, serve
from tests.closed import PASSPHRASE, opened
from tests.server.pages.conftest import PROVINCE, Office, office

__all__ = ["office"]  # a fixture
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
AFTER_A_NIGHT = ("gui-nhan", "can-xem-lai")
AT_THE_OFFICE = ("may-tinh", "can-duyet", "hai-ban", "trung-co-so", "phan-cong")


@pytest.fixture
def laptop(tmp_path: Path, page: Page, request: pytest.FixtureRequest) -> Iterator[str]:
    """A laptop as the picture needs it: locked, without an enrolment, or in the middle of a night; come in to."""
    name = request.node.callspec.params["name"]
    settings = Settings(tmp_path / "mới") if name == "dang-ky" else closed(tmp_path)
    app = create_laptop(settings)
    if name != "mo-khoa":
        web.gate(app).unlock(PASSPHRASE)
    if name not in ("mo-khoa", "dang-ky"):
        db = opened(settings.data)
        evening(db)
        if name in AFTER_A_NIGHT:
            night(db)
        db.close()
    server = serve(app)
    address = f"http://127.0.0.1:{server.port}"
    page.goto(address + web.door(app))
    yield address
    server.shutdown()


@pytest.fixture
def signed_in(office: Office, page: Page) -> Iterator[tuple[str, dict[str, str]]]:
    """An office in the morning, somebody signed in; its address, and those of its pages in the guide."""
    addresses = morning(office)
    server = serve(create_office(office.settings))
    address = f"http://127.0.0.1:{server.port}"
    page.goto(f"{address}/dang-nhap")
    page.fill("#name", "lan")
    page.fill("#password", PASSWORD)
    page.locator("button.main").click()
    page.wait_for_url(f"{address}/")
    yield address, addresses
    server.shutdown()


@pytest.fixture
def invented(office: Office, page: Page, request: pytest.FixtureRequest) -> Iterator[str]:
    """The office of the demo, somebody of the role that the picture needs signed in; its address."""
    name = request.node.callspec.params["name"]
    role, _ = OFFICE[name]
    generate(office.db, "demo", 178, now() if name in OF_TODAY else MADE)
    app = create_office(office.settings)
    office.laptop("Máy Đội 178 xã Triệu Sơn", PROVINCE, at=instant_text(now()))
    user = add_user(office.db, CALLED[role], role=role, unit=PROVINCE, password=PASSWORD, author="test", at=office.at)
    cookie = office.signed_in(user, app).get_cookie("doi178")
    server = serve(app)
    address = f"http://127.0.0.1:{server.port}"
    assert cookie
    page.context.add_cookies([{"name": "doi178", "value": cookie.value, "url": address}])
    yield address
    server.shutdown()


def as_in_the_guide(page: Page, name: str, which: str = guide.SIGNS) -> None:
    """Make the picture if that was asked for; then see that it shows what the page says."""
    if guide.MAKE:
        guide.make(page, name, which)
    assert (guide.PICTURES / f"huong-dan-{name}.png").exists(), "make pictures"
    shown = guide.signs(page, which)
    assert shown == guide.kept(name), "the page has changed: make pictures, look at it, mind the guide"


@pytest.mark.parametrize("name", LAPTOP)
def test_a_picture_of_the_laptop_shows_the_page_as_it_is(laptop, page, name):
    LAPTOP[name](page, laptop)

    as_in_the_guide(page, name)


@pytest.mark.parametrize("name", AT_THE_OFFICE)
def test_a_picture_of_the_office_shows_the_page_as_it_is(signed_in, page, name):
    address, addresses = signed_in

    page.goto(address + addresses[name])

    as_in_the_guide(page, name)


@pytest.mark.parametrize("name", OFFICE)
def test_a_picture_of_the_invented_office_shows_the_page_as_it_is(invented, office, page, name):
    _, way = OFFICE[name]

    way(page, invented, office.db)

    as_in_the_guide(page, name, guide.STEADY)


def test_each_picture_of_the_guide_is_made_here_and_shown_there():
    made = {f"huong-dan-{name}.png" for name in (*LAPTOP, *AT_THE_OFFICE, *OFFICE)}

    assert made == guide.referenced()
