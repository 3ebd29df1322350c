"""Every page of both ends in both colours and both languages: axe-core finds nothing, nothing is cut off."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from field_client import web
from field_client.app import create_app as create_laptop
from field_client.settings import Settings
from field_client.vault.office import learn, wrap
from schemas.ids import new_id
from schemas.indicators import value_id
from schemas.items import name_of, read
from schemas.language import LANGUAGE
from server.api.reads import READS
from server.app import create_app as create_office
from server.arrivals.world import unit_tree
from server.changes import apply_one
from server.clock import local_day, now
from server.imports.jobs import Area, keep
from server.office import things
from server.people.users import add_user
from server.planning import keeping
from server.planning.survey import Asked
from sync.recovery_key import make
from tests.browser.axe import faults, is_wider_than_the_window
from tests.closed import PASSPHRASE, close, opened
from tests.field_client.pages.furnish import DONG_DO, OPERATOR, OTHER_VISIT, furnish

pytestmark = pytest.mark.browser
PASSWORD = "mot mat khau dai"
WAYS = [("light", "vi"), ("dark", "en")]
# Asked for by programs, or answered with a file or another address; they are no pages.
NO_PAGES = {
    "laptop": {
        *("look.look", "look.healthz", "look.open_session", "places.fragment", "update.progress"),
        *("places.as_file", "new_place.twins", "operators.found", "lock.how_long"),
        *("files.listed", "files.small", "files.whole", "going.now", "history.file"),
        *("paper.pdf", "paper.page", "paper.slip", "blanks.of_place", "blanks.several"),
    },
    "office": {
        *("look.look", "health.healthz", "door.key", "door.changes", "door.own_items", "door.reconcile"),
        *("history.place_file", "history.operator_file", "history.repeated_file", "history.requests_file"),
        *("history.log_file", "coverage.file", "coverage.api", "under.file", "laptops.file", "file_view.show"),
        *("clients.offered", "clients.part", "review.file", "duties.file"),
        *("audit.file", "jobs.file", "reminders.file", "api.openapi"),
        *("jobs.page", "retention.page"),  # of the admin alone: tests/browser/test_pages_of_the_admin.py
        *(f"api.{name}" for name in READS),
        *("indicators.file", "indicators.attachment", "records.file"),
        *("assignments.file", "planning.file", "tips.file", "acts.file", "decisions.file"),
        *("register.file", "confirming.file", "quality.file", "imports.file"),
        *("managing.file", "teams.file", "plans.file", "plan_files.file", "boards.file"),
        *("managing.file", "teams.file", "plans.file", "plan_files.file"),
        *("due.file", "due.one_file", "due.letter"),
        *("returns.file", "return_files.document", "return_files.figures", "return_files.restated"),
        *("return_files.figure_file", "return_below.file"),
        *("work.file", "work.attachment", "unit_inspections.file", "unit_inspections.minutes", "list_reviews.file"),
        *("list_reviews.proposals_file",),
    },
}


WHILE_LOCKED = {"lock.form": "/mo-khoa", "forgotten.form": "/mo-khoa/quen", "forgotten.choose": "/mo-khoa/dung-lai"}


@dataclass
class Site:
    """A running end, its pages, and the browser to look at them with."""

    app: Flask
    address: str
    browser: Browser
    pages: dict[str, str]  # address by endpoint
    enter: Any

    def open(self, colours: str, language: str) -> Page:
        """Open a window in which somebody has come in."""
        context = self.browser.new_context(viewport={"width": 1280, "height": 720}, color_scheme=colours)
        context.add_cookies([{"name": LANGUAGE, "value": language, "url": self.address}])
        page = context.new_page()
        self.enter(page)
        return page


def serve(app: Flask) -> Any:
    """Answer requests to *app* from a thread, on a port of its own."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def closed(folder: Path) -> Settings:
    """Return an encrypted laptop with a recovery key of the office."""
    settings = furnish(folder / "máy của đội")
    key = close(settings)
    db = opened(settings.data)
    learn(db.conn, make().public)
    wrap(settings, db.conn, key)
    db.close()
    return settings


@pytest.fixture
def locked(browser: Browser, tmp_path: Path) -> Iterator[Site]:
    """A laptop that nobody has unlocked."""
    app = create_laptop(closed(tmp_path))
    server = serve(app)
    address = f"http://127.0.0.1:{server.port}"
    yield Site(app, address, browser, dict(WHILE_LOCKED), lambda page: page.goto(address + web.door(app)))
    server.shutdown()


@pytest.fixture
def new(browser: Browser, tmp_path: Path) -> Iterator[Site]:
    """A laptop that has no passphrase yet."""
    app = create_laptop(Settings(tmp_path / "mới"))
    server = serve(app)
    address = f"http://127.0.0.1:{server.port}"
    yield Site(app, address, browser, dict(WHILE_LOCKED), lambda page: page.goto(address + web.door(app)))
    server.shutdown()


@pytest.fixture
def laptop(browser: Browser, tmp_path: Path) -> Iterator[Site]:
    """A laptop with a few places and a draft."""
    app = create_laptop(closed(tmp_path))
    web.gate(app).unlock(PASSPHRASE)
    server = serve(app)
    address = f"http://127.0.0.1:{server.port}"
    pages = {
        "today.page": "/", "places.page": "/co-so", "place.page": f"/co-so/{DONG_DO}", "new_place.page": "/co-so/moi",
        "record.page": f"/cuoc-kiem-tra/{OTHER_VISIT}", "sending.page": "/gui-nhan", "enrol.form": "/dang-ky",
        "attention.page": "/can-xem-lai", "update.page": "/cap-nhat", "places.on_paper": "/co-so/in",
        "edit_place.page": f"/co-so/{DONG_DO}/sua", "operators.page": f"/chu-co-so/{OPERATOR}/sua",
        "verification.page": "/kiem-chung?ma=1", "lock.who": "/nguoi-ghi", "protection.page": "/bao-ve",
        "history.page": "/gui-nhan/cac-lan", "sanctions.ask": f"/co-so/{DONG_DO}/xu-phat",
        "blanks.choose": "/mau-trong", "bag_card.page": "/the-mang-theo",
    }  # fmt: skip

    def enter(page: Page) -> None:
        page.goto(address + web.door(app))
        finished = begin(page)
        page.locator("[name=outcome][value=no_violation]").check()
        page.locator("[name='answers.COM-13'][value=fail]").check()
        page.locator("#finalise").click()
        page.locator("#to-ask").wait_for()
        page.locator("#finalise").click()
        page.locator(".banner.good").wait_for()
        draft = begin(page)
        page.locator("[id='workers.under_18']").fill("1")
        page.locator("#remark").fill("0912345678")
        page.locator("#s-child").wait_for()
        pages.update({"a draft": draft, "asked before closing": f"{draft}?hoi=1", "a finished visit": finished})
        pages.update({"record.ask_to_discard": f"{draft}/bo", "void.ask": f"{finished}/huy"})
        pages.update({"paper.preview": f"{finished}/bien-ban", "paper of a draft": f"{draft}/bien-ban"})

    def begin(page: Page) -> str:
        page.goto(f"{address}/co-so/{DONG_DO}")
        page.locator("main form[action$=ghi] button").first.click()
        page.wait_for_url("**/cuoc-kiem-tra/**")
        return page.url.removeprefix(address)

    yield Site(app, address, browser, pages, enter)
    server.shutdown()


def opened_history(central: Any, place: str) -> tuple[str, str]:
    """Give a place an operator with two decisions on one act, and a request; open all of it to everybody."""
    operator, request = new_id(), new_id()
    central.edit("operator", operator, {"name": "Hộ bà Hạnh", "form": "household", "registration": "26H8-1"})
    central.edit("establishment", place, {"operator/1": {"from": "2019-01-01", "operator": operator}})
    for number, committed, decided in (("1/QĐ", "2026-01-02", "2026-01-10"), ("2/QĐ", "2026-06-01", "2026-06-20")):
        central.edit("decision", new_id(), {
            "number": number, "authority": "UBND xã", "operator": operator, "establishment": place, "sanction": "fine",
            "codes": ["ND38-15.5b"], "committed_on": committed, "decided_on": decided, "ordered": ["main"],
        })  # fmt: skip
    central.edit("data_request", request, {"operator": operator, "paper": "05/ĐN", "asks": "see",
                                           "received_on": "2026-11-01", "due_on": "2026-11-16"})  # fmt: skip
    subjects = (f"establishment:{place}", f"operator:{operator}", "repeat_list:old:397")
    central.db["purposes"].insert_all(
        {"user": user, "subject": subject, "purpose": "Công văn số 12/CV-CAX", "given_at": "2026-11-20T00:00:00Z",
         "until": "2099-01-01T00:00:00Z"}
        for user in things(central.db.conn, "user") for subject in subjects
    )  # fmt: skip
    return operator, request


def _return_of(central: Any, until: str) -> str:
    """Open a return of the old district, and return its id."""
    asked = {"do": "return", "unit": "old:397", "report": "ad_hoc", "from": "2026-01-01", "to": until}
    answer = apply_one(central.db, asked, author="test", at=now())
    return str(central.one("SELECT id FROM items WHERE name = ?", answer["receipt"]))


@pytest.fixture
def office(browser: Browser, central: Any) -> Iterator[Site]:
    """An office with places, visits and a laptop."""
    places = [central.place(name=f"Karaoke Ánh Dương {n}") for n in range(4)] + [central.place("new:15682")]
    device = central.laptop()
    visits = [device.visit(place) for place in places[:2]]
    assert set(device.sends(*visits)) == {"accepted"}
    visit = read(visits[0]).id
    wrong = device.visit(places[0], outcome="fine")
    assert device.sends(wrong) == ["quarantined"]
    account = {"role": "admin", "unit": "old:397", "password": PASSWORD, "also": {"demo": True}}
    lan = add_user(central.db, "lan", author="test", at=now(), **account)
    team, plan = new_id(), new_id()
    central.edit(
        "team",
        team,
        {
            "name": "Đội 178",
            "level": "commune",
            "epoch": "new",
            "area": "15664",
            "member/1": {"name": "Lê Thị Hạnh", "card": "TT-1", "card_expires_on": "2026-01-31"},
        },
    )
    central.edit("plan", plan, {"name": "Kế hoạch năm", "epoch": "old", "area": "397", "from": "2026-01-01",
                                "to": "2026-12-31", "targets": [{"year": 2026, "percent": 25}],
                                "deadline/1": {"report": "year", "due": "12-20", "sender": "UBND các xã",
                                               "receiver": "Sở"},
                                "indicator/H1.3a": {"name": "Người lao động được tuyên truyền", "measure": "share",
                                                    "source": "entered", "at_least": 70, "sentence": "Ít nhất 70%",
                                                    "reports": ["UBND các xã, thị trấn"]}})  # fmt: skip
    figure = value_id(plan, "H1.3a", "old:15691", "", ("2026-01-01", "2026-06-14"))
    central.edit("indicator_value", figure, {"plan": plan, "indicator": "H1.3a", "epoch": "old", "unit": "15691",
                                             "report": "half_year", "from": "2026-01-01", "to": "2026-06-14",
                                             "numerator": 42, "denominator": 60, "standing": "sent",
                                             "on": "2026-06-10"})  # fmt: skip
    ky = "ky=half_year:2026-01-01:2026-06-14"
    central.edit("assignment", new_id(), {"establishment": places[2], "team": team, "basis": "planned",
                                          "given_on": "2026-11-20", "expires_on": "2099-12-31"})  # fmt: skip
    tip = new_id()
    central.edit("tip", tip, {"number": "1/TB", "received_on": "2026-11-20", "channel": "letter", "epoch": "new",
                              "unit": "15664", "establishment": places[2], "due_on": "2026-12-20"})  # fmt: skip
    today = local_day(now())
    asked = Asked("new:15664", today.year + 1, today, 50)
    drawn = keeping.draw(central.db, unit_tree(central.db.conn), asked, author="test", at=now())
    listed = f"/phan-cong/de-xuat/{drawn}"
    line = keeping.lines(central.db.conn, drawn)[0].establishment
    operator, request = opened_history(central, places[0])
    fined, decision = new_id(), new_id()
    central.edit("operator", fined, {"name": "Hộ kinh doanh Đỗ Văn Được", "form": "household"})
    central.edit("establishment", places[1], {"operator/1": {"from": "2019-01-01", "operator": fined}})
    central.edit("decision", decision, {"number": "12/QĐ-XPHC", "authority": "UBND", "operator": fined,
                                        "codes": ["ND38-15.5b"], "decided_on": "2026-03-10", "sanction": "fine",
                                        "establishment": places[1], "ordered": ["main"]})  # fmt: skip
    looked_at, proposed = new_id(), new_id()
    central.edit("unit_inspection", looked_at, {"epoch": "new", "unit": "15664", "on": "2026-10-05", "body": "Sở Y tế",
                                                "members": 3, "version": 1, "mend_by": "2026-10-20",
                                                "answer/KTX-02": {"answer": "fail", "note": ""}})  # fmt: skip
    central.edit("list_proposal", proposed, {"epoch": "new", "unit": "15664", "year": local_day(now()).year,
                                             "asks": "other", "text": "Mở lớp", "proposed_on": "2026-10-05",
                                             "standing": "proposed"})  # fmt: skip
    report, reported = (_return_of(central, until) for until in ("2026-06-30", "2026-09-30"))
    apply_one(central.db, {"do": "freeze", "return": reported}, author="test", at=now())
    app = create_office(central.settings)
    server = serve(app)
    address = f"http://127.0.0.1:{server.port}"
    owner = new_id()
    central.edit("operator", owner, {"name": "Hộ bà Hạnh", "form": "household"})
    since = {"from": "2019-01-01"}
    run_by = central.place(name="Nhà nghỉ Ước Mơ", phone="12", **{"operator/1": {**since, "operator": owner}})
    tree = unit_tree(central.db.conn)
    communes = frozenset(tree.communes("new:38"))
    area = Area("old:397", communes, communes)
    sheet = "Mã cơ sở,Tên cơ sở,Loại hình,Mã xã,Bản đồ\nA-1,Ánh Dương,karaoke,15664,new\n".encode()
    imported = keep(central.settings, central.db, "establishments", area, ("so.csv", BytesIO(sheet)), "test")
    pages = {
        "history.find": "/tra-cuu?tim=anh+duong", "history.place": f"/co-so/{places[0]}/lich-su",
        "the purpose of a history": f"/co-so/{places[1]}/lich-su", "history.operator": f"/chu-co-so/{operator}",
        "history.repeated": "/tra-cuu/tai-pham", "history.requests": f"/tra-cuu/yeu-cau?chu-co-so={operator}",
        "history.one_request": f"/tra-cuu/yeu-cau/{request}", "history.log": "/nhat-ky/tra-cuu",
        "people.sign_in": "/dang-nhap", "home.home": "/", "coverage.page": "/ty-le-kiem-tra",
        "under.page": "/ty-le-kiem-tra/danh-sach", "deciding.page": "/can-duyet",
        "duplicates.page": "/can-duyet/trung", "laptops.page": "/may-tinh", "laptops.ask_for_code": "/may-tinh/dang-ky",
        "stick.page": "/may-tinh/goi-du-lieu", "laptops.ask_to_lock": f"/may-tinh/{device.id}/khoa",
        "laptops.ask_to_retire": f"/may-tinh/{device.id}/ngung-dung", "deciding.one": f"/can-duyet/{name_of(wrong)}",
        "review.page": "/can-duyet/cuoc-kiem-tra", "review.sure": f"/can-duyet/cuoc-kiem-tra/duyet?cuoc={visit}",
        "visits.page": f"/cuoc-kiem-tra/{visit}?duyet=1", "duties.page": "/viec-phai-lam",
        "audit.page": "/nhat-ky", "the log asked wrongly": "/nhat-ky?tu=31/2/2026", "reminders.page": "/nhac-viec",
        "tokens.page": "/tai-khoan/ma-truy-cap",
        "due.page": "/han-bao-cao", "due_feed.page": "/han-bao-cao/lich", "due_feed.feed": "/han-bao-cao.ics",
        "due.one": f"/han-bao-cao/{plan}/1/2026-12-18",
        "assignments.page": "/phan-cong", "assignments.print_page": "/phan-cong/theo-doi",
        "planning.page": "/phan-cong/de-xuat", "planning.one": listed, "planning.line": f"{listed}/{line}",
        "planning.weights": "/phan-cong/trong-so", "indicators.page": f"/chi-tieu?{ky}",
        "indicators.history": f"/chi-tieu/so/{figure}",
        "figures to be entered": f"/chi-tieu/nhap?{ky}", "records.page": "/chi-tieu/ho-so",
        "indicators.unit": f"/chi-tieu/nhap?{ky}&don-vi=old:15691", "tips.page": "/tin-bao", "tips.ask": "/tin-bao/moi",
        "tips.one": f"/tin-bao/{tip}", "verification.ask": "/v", "verification.show": "/v/1",
        "decisions.page": "/quyet-dinh", "decisions.new": "/quyet-dinh/moi?tim=anh+duong",
        "decisions.one": f"/quyet-dinh/{decision}", "decisions.edit": f"/quyet-dinh/{decision}/sua",
        "law.page": f"/tai-pham?chu-co-so={fined}&ma=ND38-15.5b&ngay=1/6/2026", "acts.page": "/danh-muc",
        "acts.row": "/danh-muc/hanh-vi/ND38-15.5b@2021-06-01", "acts.group_list": "/danh-muc/nhom",
        "acts.group": "/danh-muc/nhom/ND38-15.5b", "acts.new_row": "/danh-muc/hanh-vi-moi",
        "acts.queue": "/danh-muc/chua-co-ma",
        "people.second_step": "/dang-nhap/ma", "joining.page": "/loi-moi", "mine.page": "/tai-khoan",
        "mine.ask_for_second": "/tai-khoan/ma", "rights.page": "/quyen", "managing.page": "/nguoi-dung",
        "managing.ask_for_new": "/nguoi-dung/them", "managing.one": f"/nguoi-dung/{lan}", "teams.page": "/doi",
        "teams.ask_for_new": "/doi/them", "teams.one": f"/doi/{team}", "teams.ask_to_change": f"/doi/{team}/sua",
        "teams.ask_to_renew": f"/doi/{team}/kien-toan", "plans.page": "/ke-hoach",
        "plans.ask_for_new": "/ke-hoach/them", "plans.one": f"/ke-hoach/{plan}",
        "plans.ask_to_change": f"/ke-hoach/{plan}/sua", "plans.ask_to_copy": f"/ke-hoach/{plan}/chep",
        "boards.page": "/bang-theo-doi",
        "plans.ask_for_issued": "/ke-hoach/da-ban-hanh", "plan_parts.ask": f"/ke-hoach/{plan}/han/1",
        "plan_parts.ask_for_new": f"/ke-hoach/{plan}/chi-tieu/them",
        "verification.show_capitals": "/V/1", "work.page": "/viec-trong-nam",
        "work.one": "/viec-trong-nam/nhiem-vu/TD1",
        "unit_inspections.page": "/viec-trong-nam/kiem-tra-cong-tac",
        "unit_inspections.ask_for_new": "/viec-trong-nam/kiem-tra-cong-tac/them?xa=new:15664",
        "unit_inspections.one": f"/viec-trong-nam/kiem-tra-cong-tac/{looked_at}",
        "unit_inspections.ask_to_change": f"/viec-trong-nam/kiem-tra-cong-tac/{looked_at}/sua",
        "list_reviews.page": "/viec-trong-nam/ra-soat", "list_reviews.one": f"/viec-trong-nam/kien-nghi/{proposed}",
        "returns.page": "/bao-cao", "returns.ask": "/bao-cao/lap", "return_one.page": f"/bao-cao/{report}",
        "return_one.ask_to_send": f"/bao-cao/{report}/gui", "return_files.figure": f"/bao-cao/{report}/so/places",
        "return_below.page": f"/bao-cao/{report}/tong-hop", "a return that was sent": f"/bao-cao/{reported}",
        "register.page": "/co-so", "new_place.page": "/co-so/moi", "imports.page": "/co-so/nhap",
        "imports.one": f"/co-so/nhap/{imported}", "confirming.page": "/co-so/chot-danh-sach",
        "split.page": "/co-so/xa-da-chia", "quality.page": "/co-so/du-lieu-can-ra-soat",
        "place.page": f"/co-so/{run_by}", "edit_place.page": f"/co-so/{run_by}/sua",
        "place.changes": f"/co-so/{run_by}/thay-doi", "operator_edit.page": f"/chu-co-so/{owner}/sua",
        "what was typed wrong": "/ty-le-kiem-tra?nam=20&tinh-den=31/2/2026&don-vi=x&theo=x&loai-hinh=x",
    }  # fmt: skip

    def enter(page: Page) -> None:
        page.goto(f"{address}/dang-nhap")
        page.fill("#name", "lan")
        page.fill("#password", PASSWORD)
        page.locator("button.main").click()
        page.wait_for_url(f"{address}/")

    yield Site(app, address, browser, pages, enter)
    server.shutdown()


@pytest.mark.parametrize(("colours", "language"), WAYS)
@pytest.mark.parametrize(
    ("end", "part", "parts"),
    [("laptop", 0, 1), ("locked", 0, 1), ("new", 0, 1), *(("office", part, 4) for part in range(4))],
)
def test_axe_finds_nothing_and_nothing_is_cut_off_at_twice_the_size(request, end, part, parts, colours, language):
    site = request.getfixturevalue(end)
    page = site.open(colours, language)
    wrong = []

    for path in list(site.pages.values())[part::parts]:
        page.set_viewport_size({"width": 1280, "height": 720})
        page.goto(site.address + path)
        wrong += [f"{path}: {fault}" for fault in faults(page)]
        wrong += [f"{path}: said in another language"] * (page.locator("html").get_attribute("lang") != language)
        page.set_viewport_size({"width": 640, "height": 360})
        wrong += [f"{path}: wider than the window"] * is_wider_than_the_window(page)

    page.context.close()
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("end", ["laptop", "office"])
def test_every_page_that_a_person_opens_is_looked_at(request, end):
    site = request.getfixturevalue(end)
    site.open("light", "vi").context.close()
    asked = [rule for rule in site.app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    answered = {rule.endpoint for rule in asked if not rule.rule.startswith("/api/")}  # asked for by programs

    assert answered - NO_PAGES[end] - {"static"} - set(site.pages) - set(WHILE_LOCKED) == set()
