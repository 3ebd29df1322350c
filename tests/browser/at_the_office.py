"""The office of the guide: the invented data of the demo, who looks at which page, and the way there."""

from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import Page
from sqlite_utils import Database

from server.sample.returns import returns_of

COORDINATOR, POLICE, LEGAL = "coordinator", "police", "legal"
MADE = datetime(2026, 11, 26, 3, tzinfo=UTC)
# Of the year that it is: their data are made up to today, others' to MADE.
OF_TODAY = ("tong-quan", "ty-le", "tin-bao", "bang-theo-doi")
PURPOSE = "Công văn số 12/CV-CAT"
FINED_TWICE = "SELECT operator, establishment FROM decisions WHERE number = '2/QĐ-XPHC-LAP'"


def at(path: str) -> Any:
    """Return a way that only opens a page."""
    return lambda page, address, db: page.goto(address + path)


def flaws(page: Page, address: str, db: Database) -> None:
    page.goto(f"{address}/co-so/du-lieu-can-ra-soat")
    page.get_by_role("link", name="Giấy phép, giấy chứng nhận hết hạn").click()


def the_list_of_next_year(page: Page, address: str, db: Database) -> None:
    page.goto(f"{address}/phan-cong/de-xuat")
    page.locator("[name=chi-tieu]").fill("25")
    page.get_by_role("button", name="Lập danh sách").click()
    page.locator("form.filters").evaluate("part => part.scrollIntoView()")


def a_visit(page: Page, address: str, db: Database) -> None:
    page.goto(f"{address}/can-duyet/cuoc-kiem-tra?trang-thai=moi")
    page.get_by_role("link", name="Xem lần lượt từ cuộc đầu").click()
    page.locator("#comment").wait_for()


def a_repeat(page: Page, address: str, db: Database) -> None:
    operator, place = db.execute(FINED_TWICE).fetchone()
    page.goto(f"{address}/tai-pham?chu-co-so={operator}&co-so={place}&ma=ND38-16.4&ngay=26/11/2026")


def a_history(page: Page, address: str, db: Database) -> None:
    _, place = db.execute(FINED_TWICE).fetchone()
    page.goto(f"{address}/co-so/{place}/lich-su")
    page.fill("#ly-do", PURPOSE)
    page.get_by_role("button", name="Mở lịch sử").click()
    page.get_by_text("In bản trích").wait_for()


def a_sent_return(page: Page, address: str, db: Database) -> None:
    returns_of(db, MADE)
    (sent,) = db.execute("SELECT id FROM returns WHERE standing = 'sent' AND unit = 'old:397'").fetchone()
    page.goto(f"{address}/bao-cao/{sent}")
    page.get_by_role("heading", name="Báo cáo đã chốt số liệu").evaluate("head => head.scrollIntoView()")


CALLED = {COORDINATOR: "hanh", POLICE: "nam", LEGAL: "lan"}
OFFICE = {
    "tong-quan": (COORDINATOR, at("/")),
    "ty-le": (COORDINATOR, at("/ty-le-kiem-tra")),
    "ra-soat": (COORDINATOR, flaws),
    "danh-sach-nam": (COORDINATOR, the_list_of_next_year),
    "duyet": (COORDINATOR, a_visit),
    "tai-pham": (LEGAL, a_repeat),
    "lich-su": (POLICE, a_history),
    "tin-bao": (POLICE, at("/tin-bao")),
    "bang-theo-doi": (COORDINATOR, at("/bang-theo-doi")),
    "bao-cao": (COORDINATOR, a_sent_return),
}
