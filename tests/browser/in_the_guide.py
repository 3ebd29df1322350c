"""A laptop in the middle of a night, an office in the morning, and how a page is brought to what the guide shows."""

from datetime import timedelta
from typing import Any

from playwright.sync_api import Page, expect
from sqlite_utils import Database

from field_client import clock, records
from field_client.store import put_meta, writing
from field_client.store.own import AT_THE_KEYS
from schemas.fields import instant_text
from schemas.ids import new_id
from schemas.items import name_of, read
from server.clock import local_day
from server.office import Change, make
from server.people.users import add_user
from tests.browser.test_photos import drop, png
from tests.browser.test_two_versions import correct_what_the_office_corrected_too
from tests.field_client.pages.furnish import DONG_DO, HOA_SEN, SON_CA
from tests.field_client.pages.test_attention_pages import settle
from tests.field_client.printing.conftest import body
from tests.pictures import facade
from tests.server.pages.conftest import Office
from tests.server.pages.test_deciding_pages import SmallLaptop

PASSWORD = "mot mat khau dai"
WRONG = {"reason": "content", "problems": {"date": "Ngày kiểm tra ở trước ngày cơ sở hoạt động; nhập lại ngày."}}


def evening(db: Database) -> None:
    """Put somebody at the keys, and record two places, of which the server has one."""
    with writing(db) as conn:
        put_meta(conn, AT_THE_KEYS, "Lê Thị Hạnh")
    visit(db, DONG_DO)
    settle(db, "accepted", None, 41)
    visit(db, SON_CA, outcome="no_violation", violations=[])


def night(db: Database) -> None:
    """Go on, and hear that not all of it could be taken."""
    visit(db, HOA_SEN, outcome="no_violation", violations=[])
    settle(db, "quarantined", WRONG, 42)
    visit(db, SON_CA)
    settle(db, "held", {"needs": [["item", "0" * 64]]}, 43)
    correct_what_the_office_corrected_too(db)
    visit(db, HOA_SEN)


def visit(db: Database, place: str, **more: Any) -> None:
    """Record a visit of today."""
    at = clock.now()
    day = clock.local_day(at).isoformat()
    records.record(db, new_id(), body(establishment=place, date=day, followed=[], **more), at=at)


def begin(page: Page, address: str, place: str) -> None:
    """Begin a record at a place."""
    page.goto(f"{address}/co-so/{place}")
    page.get_by_role("button", name="Ghi cuộc kiểm tra").click()
    expect(page.locator("#date")).to_be_visible()


def an_outing(page: Page, address: str) -> None:
    """Enter tonight's outing."""
    page.goto(f"{address}/")
    page.fill("#decision", "Số 178/QĐ-UBND")
    for key in ("m1", "m2", "m3", "m4"):
        page.locator(f"[name=present][value={key}]").set_checked(key != "m3")
    page.get_by_role("button", name="Lưu đợt kiểm tra").click()


def today(page: Page, address: str) -> None:
    an_outing(page, address)
    page.goto(f"{address}/co-so/{HOA_SEN}")
    page.locator("#take").click()
    begin(page, address, HOA_SEN)
    page.goto(f"{address}/")


def search(page: Page, address: str) -> None:
    page.goto(f"{address}/co-so")
    expect(page.locator("a.hit")).to_have_count(3)
    page.locator("#tim").press_sequentially("karaoke dong")
    expect(page.locator("a.hit")).to_have_count(1)


def place(page: Page, address: str) -> None:
    page.goto(f"{address}/co-so/{DONG_DO}")


def record(page: Page, address: str) -> None:
    an_outing(page, address)
    begin(page, address, DONG_DO)
    page.locator("[id='answers.COM-01']").focus()
    page.keyboard.type("112")
    expect(page.locator("[id='answers.COM-04']")).to_be_focused()
    page.locator("#s-checklist").evaluate("part => part.scrollIntoView()")


def a_child(page: Page, address: str) -> None:
    begin(page, address, DONG_DO)
    page.locator("[id='workers.total']").fill("6")
    page.locator("[id='workers.under_18']").fill("1")
    page.keyboard.press("Tab")
    page.locator("#s-child").wait_for()
    page.locator("#s-workers").evaluate("part => part.scrollIntoView()")


def minutes(page: Page, address: str) -> None:
    page.goto(f"{address}/co-so/{DONG_DO}")
    page.locator("table a[href*='/cuoc-kiem-tra/']").first.click()
    page.get_by_role("link", name="In biên bản").click()
    expect(page.locator("img.printed-page").first).to_have_js_property("naturalWidth", 794)


def covering(page: Page, address: str) -> None:
    begin(page, address, DONG_DO)
    drop(page, ("cua-chinh.png", "image/png", png(facade())))
    page.locator("#editor-caption").fill("Cửa chính, biển hiệu")
    page.locator("#editor-cover").click()
    for key, times in (("ArrowDown", 8), ("ArrowLeft", 3)):
        for _ in range(times):
            page.keyboard.press(key)


def at(path: str) -> Any:
    """Return a way that only opens a page."""
    return lambda page, address: page.goto(address + path)


LAPTOP = {
    "mo-khoa": at("/mo-khoa"),
    "dang-ky": at("/dang-ky"),
    "hom-nay": today,
    "tim-co-so": search,
    "co-so": place,
    "ghi": record,
    "duoi-18": a_child,
    "in-bien-ban": minutes,
    "che-anh": covering,
    "gui-nhan": at("/gui-nhan"),
    "can-xem-lai": at("/can-xem-lai"),
    "bao-ve": at("/bao-ve"),
}


def morning(office: Office) -> dict[str, str]:
    """Let an office find what teams sent in a night, and return the address of each page of the guide."""
    late, soon = (instant_text(clock.now() - timedelta(hours=hours)) for hours in (9 * 24, 2))
    office.team = office.enter("team", {"name": "Đội kiểm tra liên ngành 178 xã Triệu Sơn", "level": "commune",
                                        "epoch": "new", "area": "15664"})[0]  # fmt: skip
    office.laptop("Máy Đội 2", at=soon, unsent=3, drafts=1, earliest=local_day(clock.now()).isoformat())
    office.laptop("Máy Đội 3", at=late, clock_offset_s=-504_921_600)
    office.laptop("Máy dự phòng")
    one = office.place("Karaoke Đông Đô", phone="0912 345 678")
    office.place("QUÁN KARAOKE ĐÔNG ĐÔ", phone="+84912345678", kinds=("karaoke", "massage"))
    office.enter("assignment", {"establishment": one, "team": office.team, "basis": "planned",
                                "given_on": "2026-11-20", "expires_on": "2099-12-31"})  # fmt: skip
    mine = _decisions(office, SmallLaptop(office), one)
    add_user(office.db, "lan", role="coordinator", unit="old:397", password=PASSWORD, author="test", at=office.at)
    return {"may-tinh": "/may-tinh", "can-duyet": "/can-duyet", "hai-ban": f"/can-duyet/{name_of(mine)}",
            "trung-co-so": "/can-duyet/trung", "phan-cong": "/phan-cong"}  # fmt: skip


def _decisions(office: Office, laptop: SmallLaptop, place: str) -> bytes:
    """Send what needs a decision of each kind, and return the correction that stands beside the office's."""
    first = laptop.visit(place, remark="Phòng 2 thiếu đèn")
    laptop.sends(first)
    there = read(first)
    change = {**there.body, "revision": 2, "reason": "Sai ngày", "date": "2026-11-06"}
    make(office.db, [Change("inspection", there.id, change, there.name)], author="test", at=office.at)
    mine: bytes = laptop.visit(place, there.id, there.name, revision=2, reason="Bổ sung", remark="Đã thay đèn")
    elsewhere = laptop.visit(office.place("Massage Ánh Dương", "new:15682", kinds=("massage",)))
    held = laptop.visit(new_id())
    assert laptop.sends(mine, elsewhere, held, laptop.visit(place, outcome="fine")) == [
        "conflict", "quarantined", "held", "quarantined"
    ]  # fmt: skip
    return mine
