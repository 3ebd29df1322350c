"""One return from the commune's entry to the province's signature, in Vietnamese, by keyboard alone."""

import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook
from playwright.sync_api import expect

from field_client import records
from field_client.store import connect as on_the_laptop
from schemas.ids import new_id
from server.clock import now
from server.export import whole
from server.keys import read_keys
from server.settings import Settings
from server.store import connect
from tests.browser.day import Day, Sit, sit
from tests.browser.office import LATE, PROVINCE, Office
from tests.browser.teams import laptop_of
from tests.conftest import COMMUNE, Central, visit_body

pytestmark = pytest.mark.browser
__all__ = ["sit"]
REPORT = "Báo cáo năm"
HARD = "Xã có nhiều cơ sở ở xa trung tâm; đề nghị bổ sung 01 chuyên trách."


@pytest.fixture(scope="module")
def office(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A province with one commune that has places, and a plan by which both report in a few days."""
    folder = tmp_path_factory.mktemp("returns") / "server"
    shutil.copytree(template, folder)
    settings = Settings(folder)
    made = Office(Central(settings, connect(settings.database), read_keys(settings.keys)))
    _register(made)
    _plan(made)
    for name, role, unit in (("lan", "coordinator", COMMUNE), ("hung", "coordinator", PROVINCE),
                             ("hoa", "clerk", PROVINCE)):  # fmt: skip
        made.user(name, role, unit, demo=True)
    with made.running():
        yield made


def _register(office: Office) -> None:
    area = {"epoch": "new", "area": "15664"}
    team = office.enter("team", "Đội 178", {"name": "Đội 178 xã Triệu Sơn", "level": "commune", **area})
    office.enter("device", "Máy Đội 1", {"name": "Máy Đội 1", **area})
    for number, name in enumerate(("Ánh Dương", "Sao Đêm", "Hoàng Gia", "Thủy Tiên"), 1):
        office.place(f"Karaoke {name}", f"TS-000{number}")
    late = {"id": new_id(), "code": LATE, "text": "Karaoke ngoài giờ"}
    office.visit("Karaoke Ánh Dương", team, outcome="violations", violations=[late])
    office.visit("Karaoke Sao Đêm", team)


def _plan(office: Office) -> None:
    """Enter a plan whose report of the year covers ninety days up to yesterday; the commune has five days left."""
    year, of = office.day(0).year, {"receiver": "UBND tỉnh", "report": "year"}
    told = {"measure": "share", "source": "entered", "reports": ["UBND các xã"]}
    office.enter("plan", "the plan", {
        "name": "Kế hoạch phòng, chống mại dâm (giả định)", "epoch": "new", "area": "38",
        "from": f"{year - 1}-01-01", "to": f"{year + 1}-12-31", "kinds": ["karaoke"], "invented": True,
        "targets": [{"year": one, "percent": 100} for one in (year - 1, year, year + 1)],
        "indicator/T1": {"name": "Thôn được tuyên truyền", "numerator": "Số thôn được tuyên truyền",
                         "denominator": "Tổng số thôn", "at_least": 80, **told},
        "indicator/T2": {"name": "Người lao động được tuyên truyền", "numerator": "Số người được tuyên truyền",
                         "denominator": "Tổng số người lao động", **told},
        "deadline/1": {"code": "C1", "due": f"{office.day(-6):%m-%d}", "sender": "UBND các xã", **of,
                       "words": "UBND các xã báo cáo kết quả cả năm về UBND tỉnh."},
        "deadline/2": {"code": "C2", "due": f"{office.day(-9):%m-%d}", "compiles": "C1", **of},
        "period/1": {"report": "year", "first": f"{office.day(90):%m-%d}", "cut_off": f"{office.day(1):%m-%d}"},
    })  # fmt: skip


def test_goes_through_one_return_from_the_commune_s_entry_to_the_province_s_signature(
    sit: Sit, office: Office, tmp_path: Path
) -> None:
    commune, province, clerk = sit(), sit(), sit()
    for d, n in ((commune, "c"), (province, "p"), (clerk, "k")):
        d.n = n
    _enters(commune)
    print(commune.wrong)


N = [0]
def shot(day):
    N[0] += 1
    day.page.screenshot(path=f"/tmp/hand/{day.n}{N[0]:02}.png", full_page=True)


def _enters(day: Day) -> None:
    """Open what the first page says is due, and enter its figures: the first time with a slip."""
    day.signs_in("lan")
    day.reads("Báo cáo năm: còn 5 ngày, chưa gửi.")
    day.presses("Lập báo cáo")
    shot(day)
    day.submits()
    day.reads("Đã mở bản nháp báo cáo.", "2 chỉ tiêu chưa có số liệu: T1, T2.")
    shot(day)
    day.presses("Nhập chỉ tiêu")
    day.fill("numerator-T1", "21")
    day.fill("denominator-T1", "12")
    day.fill("note-T1", "Theo số thôn sau khi sắp xếp")
    day.fill("numerator-T2", "40")
    day.fill("denominator-T2", "64")
    day.presses("Ghi và gửi lên")
    shot(day)
    print(day.page.evaluate("document.activeElement.id"), day.wrong)
    day.reads("Số đạt lớn hơn tổng số")
    day.at("numerator-T1")
