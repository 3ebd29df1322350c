"""The office's pages in a real browser: by keyboard, in print, in the dark, enlarged, and without scripts."""

import threading
from dataclasses import dataclass

import pytest
from pypdfium2 import PdfDocument
from werkzeug.serving import make_server

from schemas.ids import new_id
from server.app import create_app
from server.clock import now
from server.people.users import add_user
from server.plans.issuing import as_issued, known

PASSWORD = "mot mat khau dai"
IN_2026 = "nam=2026&tinh-den=2026-11-20"
pytestmark = pytest.mark.browser


@dataclass
class Site:
    """A running server, and a browser to look at it with."""

    address: str
    browser: object

    def open(self, **how):
        """Open a window and return its page; what the browser complains of gathers in `page.complaints`."""
        page = self.browser.new_context(viewport={"width": 1280, "height": 720}, locale="vi-VN", **how).new_page()
        page.complaints = []
        page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        return page

    def sign_in(self, **how):
        """Sign in by keyboard alone."""
        page = self.open(**how)
        page.goto(f"{self.address}/dang-nhap")
        page.locator("#name:focus").wait_for()
        page.keyboard.type("lan")
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{self.address}/")
        return page


@pytest.fixture
def site(browser, central):
    """An office with five places in two communes, two of them inspected, and a target of half."""
    _fill(central)
    server = make_server("127.0.0.1", 0, create_app(central.settings), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Site(f"http://127.0.0.1:{server.port}", browser)
    server.shutdown()


def _fill(central):
    places = [central.place(name=f"Karaoke Ánh Dương {n}") for n in range(4)] + [central.place("new:15682")]
    laptop = central.laptop()
    assert set(laptop.sends(*(laptop.visit(place) for place in places[:2]))) == {"accepted"}
    plan = {"name": "Kế hoạch giả định", "epoch": "old", "area": "397", "from": "2026-01-01", "to": "2099-12-31"}
    targets = {"kinds": ["karaoke"], "targets": [{"year": 2026, "percent": 50}], "invented": True}
    central.edit("plan", new_id(), plan | targets)
    add_user(central.db, "lan", role="coordinator", unit="old:397", password=PASSWORD, author="test", at=now())


def wider_than_the_window(page):
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_opens_without_a_complaint(site, scheme):
    page = site.sign_in(color_scheme=scheme)

    for path in ("/", f"/ty-le-kiem-tra?{IN_2026}", f"/ty-le-kiem-tra/danh-sach?{IN_2026}"):
        page.goto(site.address + path)
        assert page.locator("h1").is_visible()
        assert not wider_than_the_window(page), path
    assert page.complaints == []


def test_the_figure_and_the_chart_are_read_at_a_glance(site):
    page = site.sign_in()

    page.goto(f"{site.address}/ty-le-kiem-tra?{IN_2026}")

    assert "2/5 cơ sở (40,0 %)" in page.locator(".figure").first.inner_text()
    assert page.locator(".figure").first.bounding_box()["y"] < 600
    chart = page.locator("svg.chart")
    assert chart.locator("title", has_text="Xã Triệu Sơn: 2/4").count() == 1
    inspected, open_ = (
        chart.locator(f"a:has-text('Xã Triệu Sơn') rect.{look}").bounding_box()["width"] for look in ("bar", "left")
    )
    assert inspected == pytest.approx(open_ / 2, abs=1)
    assert page.evaluate("getComputedStyle(document.querySelector('svg .bar')).fill") != "rgb(0, 0, 0)"


def test_the_filters_are_set_by_keyboard_alone(site):
    page = site.sign_in()
    page.goto(f"{site.address}/ty-le-kiem-tra")

    page.locator("#nam").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("2025")
    page.keyboard.press("Enter")

    page.wait_for_url("**nam=2025**")
    assert "0/5 cơ sở" in page.locator(".figure").first.inner_text()
    assert page.locator("#tinh-den").input_value() == "31/12/2025"
    assert page.get_by_text("Chưa có chỉ tiêu").is_visible()


def test_a_wrong_day_is_told_at_its_field_and_kept(site):
    page = site.sign_in()
    page.goto(f"{site.address}/ty-le-kiem-tra")

    page.fill("#tinh-den", "05/11/2062")
    page.get_by_role("button", name="Xem").click()

    field = page.locator("#tinh-den")
    assert field.input_value() == "05/11/2062"
    assert field.get_attribute("aria-invalid") == "true"
    assert "sau hôm nay" in page.locator(f"#{field.get_attribute('aria-describedby')}").inner_text()


def test_one_walks_from_the_area_to_a_commune_to_its_list(site):
    page = site.sign_in()
    page.goto(f"{site.address}/ty-le-kiem-tra?{IN_2026}")

    page.locator("table").first.get_by_role("link", name="Xã Triệu Sơn").press("Enter")
    page.wait_for_url("**don-vi=new:15664**")
    page.get_by_role("link", name="Danh sách 2 cơ sở chưa được kiểm tra").press("Enter")

    page.wait_for_url("**/danh-sach**")
    assert page.locator("tbody tr").count() == 2


def test_on_paper_there_are_figures_and_no_buttons(site):
    page = site.sign_in()
    page.goto(f"{site.address}/ty-le-kiem-tra?{IN_2026}")

    page.emulate_media(media="print")

    assert page.locator("svg.chart").is_visible()
    assert page.locator("table").first.is_visible()
    assert page.get_by_text("In lúc").is_visible()
    assert page.get_by_text("Số liệu giả định").is_visible()
    for hidden in (".top nav", ".filters", "button[data-print]"):
        assert not page.locator(hidden).first.is_visible()


def test_enlarged_to_twice_the_size_nothing_is_cut_off(site):
    page = site.sign_in()
    page.set_viewport_size({"width": 640, "height": 360})

    for path in ("/", f"/ty-le-kiem-tra?{IN_2026}", f"/ty-le-kiem-tra/danh-sach?{IN_2026}"):
        page.goto(site.address + path)
        assert not wider_than_the_window(page), path


def test_without_scripts_all_of_it_works_and_only_the_print_button_is_missing(site):
    page = site.sign_in(java_script_enabled=False)

    page.goto(f"{site.address}/ty-le-kiem-tra?{IN_2026}")

    assert "2/5 cơ sở" in page.locator(".figure").first.inner_text()
    assert not page.locator("button[data-print]").is_visible()


def test_signing_out_ends_it(site):
    page = site.sign_in()

    page.get_by_role("button", name="Đăng xuất").press("Enter")

    page.wait_for_url("**/dang-nhap")
    page.goto(f"{site.address}/ty-le-kiem-tra")
    assert "/dang-nhap?next=" in page.url


def test_the_board_is_one_screen_and_one_sheet_of_paper(site, central):
    plans = (as_issued(known(id)) for id in ("trieu-son-2021-2025", "thanh-hoa-2023"))
    for id, state in zip(ids := (new_id(), new_id()), plans, strict=True):
        central.edit("plan", id, state)
    page = site.sign_in()
    page.goto(f"{site.address}/bang-theo-doi?ke-hoach={ids[0]}&so-voi={ids[1]}&ky=year:2025-01-01:2025-12-14")

    assert page.locator(".tile:visible").count() == 15
    last = page.locator(".board .tile").last.bounding_box()
    assert last["y"] + last["height"] <= 720, "no scrolling for the indicators"
    assert not wider_than_the_window(page)
    sheets = PdfDocument(page.pdf(prefer_css_page_size=True))
    assert len(sheets) == 1
    words = " ".join(sheets[0].get_textpage().get_text_bounded().split())
    said = {"H5.1b", "Chưa có số", "Theo đơn vị", "trước ngày 20/12/2023"}
    assert {one for one in said if one not in words} == set()
