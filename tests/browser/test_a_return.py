"""One return from the commune's entry to the province's signature, in Vietnamese, by keyboard alone."""

import json
import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook
from playwright.sync_api import expect

from field_client import records
from field_client.store import open_store
from field_client.syncing import sync_now
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
NOTE, ASKS = "Theo số thôn sau khi sắp xếp", "Thôn 3 chưa tuyên truyền; xem lại"
TYPED = ("numerator-T1", "denominator-T1", "note-T1", "numerator-T2", "denominator-T2")
HARD = "Xã có nhiều cơ sở ở xa trung tâm; đề nghị bổ sung 01 chuyên trách."


FIGURES = {"places": "Số cơ sở tại ngày cuối kỳ (cơ sở)", "inspected": "Tổng số (cơ sở)",
           "violations": "Số hành vi vi phạm (hành vi)"}  # fmt: skip


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
    _enters(commune)
    _writes_and_sends(commune)
    _returns_one_figure(province)
    _mends(commune)
    _accepts_and_compiles(province)
    _numbers(clerk)
    _takes_the_papers(province, office)
    _a_visit_comes_late(office, tmp_path)
    _sees_what_changed(province)
    for day in (commune, province, clerk):
        day.ends()


def _enters(day: Day) -> None:
    """Open what the first page says is due, and enter its figures: the first time with a slip."""
    day.signs_in("lan")
    day.reads("Báo cáo năm: còn ")  # five days, or four once midnight is over
    day.presses("Lập báo cáo")
    day.submits()
    day.reads("Đã mở bản nháp báo cáo.", "2 chỉ tiêu chưa có số liệu: T1, T2.")
    day.presses("Nhập chỉ tiêu")
    day.fill("numerator-T1", "21")
    day.fill("denominator-T1", "12")
    day.fill("note-T1", NOTE)
    day.fill("numerator-T2", "40")
    day.fill("denominator-T2", "64")
    day.presses("Ghi và gửi lên")
    day.at("numerator-T1")
    day.reads("Số đạt lớn hơn tổng số; xem lại cả hai ô.")
    typed = [day.page.locator(f"#{name}").input_value() for name in TYPED]
    assert typed == ["21", "12", NOTE, "40", "64"]
    day.fill("numerator-T1", "11")
    day.presses("Ghi và gửi lên")
    day.reads("Đã ghi và gửi lên 2 chỉ tiêu.")


def _writes_and_sends(day: Day) -> None:
    day.presses("Mở báo cáo")
    day.reads("11/12", "40/64")
    day.fill("loi-kho-khan", HARD)
    day.presses("Lưu, rồi gửi báo cáo")
    day.presses("Gửi báo cáo và chốt số liệu")
    day.reads("Báo cáo đã chốt số liệu", "Chờ cấp số", HARD)


def _returns_one_figure(day: Day) -> None:
    day.signs_in("hung")
    day.reads("2 số liệu chỉ tiêu chờ duyệt")
    day.presses("Duyệt số liệu")
    day.presses("Duyệt: Xã Triệu Sơn")
    day.reads("11/12", NOTE)
    day.fill("comment-T1", ASKS)
    day.presses("Trả lại T1")
    day.reads("Đã trả lại để đơn vị sửa.")
    day.presses("Chấp nhận T2")


def _mends(day: Day) -> None:
    day.goes_home()
    day.presses("Sửa số liệu")
    day.reads(ASKS)
    day.fill("numerator-T1", "10")
    day.presses("Ghi và gửi lên")
    day.reads("Đã ghi và gửi lên 1 chỉ tiêu.")
    day.presses("Báo cáo")
    day.choose("nam", str(day.office.day(1).year))  # on 1 January the report is of the year before
    day.presses("Xem")
    day.presses("Báo cáo năm Xã Triệu Sơn " + day.day(1))
    line = day.page.locator("#dieu-chinh tr", has_text="Chỉ tiêu T1")
    expect(line.locator(".number")).to_have_text(["11", "10", "−1"])
    expect(day.page.locator("#chi-tieu")).to_contain_text("11/12")


def _accepts_and_compiles(day: Day) -> None:
    day.goes_home()
    day.presses("Duyệt số liệu")
    day.presses("Duyệt: Xã Triệu Sơn")
    day.presses("Chấp nhận T1")
    day.goes_home()
    day.presses("Lập báo cáo")
    day.submits()
    day.reads("Đã gửi: 1/166 đơn vị.", "10/12", "40/64")
    sums = day.page.locator("#tong-hop tr", has_text="Cơ sở được kiểm tra: Tổng số").locator("td")
    assert sums.all_inner_texts() == ["2", "2", "0"]
    day.fill("loi-kho-khan", HARD)
    day.presses("Lưu, rồi gửi báo cáo")
    day.presses("Gửi báo cáo và chốt số liệu")
    day.reads("Báo cáo đã chốt số liệu", HARD, "Số liệu hiện nay khớp với báo cáo đã gửi.")


def _numbers(day: Day) -> None:
    day.signs_in("hoa")
    day.reads("1 báo cáo đã gửi chưa có số.")
    day.presses("Ghi số báo cáo")
    day.at("so")
    day.type("125")
    day.fill("ngay-ky", day.day(0))
    day.presses("Ghi số")
    day.reads("Đã ghi số báo cáo.", "125")


def _takes_the_papers(day: Day, office: Office) -> None:
    """Compare what the page says with both papers, and with what is counted by hand in all that the server holds."""
    day.page.reload()
    day.reads("125")
    said = _on_the_page(day)
    word, sheet = _downloads(day, "Bản Word"), _downloads(day, "Bảng XLSX")
    assert _in_word(word) == said
    assert _in_sheet(sheet) == said
    assert "125/BC-UBND" in "".join(cell.text for row in Document(BytesIO(word)).tables[0].rows for cell in row.cells)
    places, visits = _exported(office, "establishment"), _exported(office, "inspection")
    assert {key: dict(said)[heading] for key, heading in FIGURES.items()} == {
        "places": len(places),
        "inspected": len({visit["establishment"] for visit in visits}),
        "violations": sum(len(visit.get("violations", ())) for visit in visits),
    }


def _on_the_page(day: Day) -> list[tuple[str, float]]:
    rows = day.page.locator("#so-lieu tbody tr").filter(has=day.page.locator("td"))
    cells = (line.locator("th, td").all_inner_texts() for line in rows.all())
    return [(" ".join(name.split()), _number(text)) for name, text, *_ in cells]


def _number(text: str) -> float:
    """Read a number as it is written: 1.500, or 50,0 %."""
    plain = text.replace("\xa0", " ").removesuffix(" %").replace(".", "").replace(",", ".")
    return float(plain)


def _downloads(day: Day, words: str) -> bytes:
    day.go("Đến nội dung chính")
    day.to(words)
    with day.page.expect_download() as handed:
        day.press("Enter")
    return Path(handed.value.path()).read_bytes()


def _in_word(raw: bytes) -> list[tuple[str, float]]:
    table = next(one for one in Document(BytesIO(raw)).tables if one.rows[0].cells[0].text == "Số liệu")
    lines = ([cell.text for cell in row.cells] for row in table.rows[1:])
    return [(name, _number(text)) for name, text, *_ in lines if name != text]


def _in_sheet(raw: bytes) -> list[tuple[str, float]]:
    sheet = load_workbook(BytesIO(raw))["So sánh"]
    lines = [row for row in sheet.iter_rows(min_col=1, max_col=2) if isinstance(row[1].value, int | float)]
    return [(str(name.value), round(found.value * (100 if "%" in found.number_format else 1), 1))
            for name, found in lines]  # fmt: skip


def _exported(office: Office, kind: str) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in whole(office.central.db.conn)]
    return [row["body"] for row in rows if row["kind"] == kind]


def _a_visit_comes_late(office: Office, folder: Path) -> None:
    """Let a team's laptop send a visit of the report's days, after the report was sent."""
    laptop = laptop_of(office, folder / "máy đội", office.ids["Đội 178"])
    db = open_store(laptop.database)
    told = {"date": office.day(5).isoformat(), "team": office.ids["Đội 178"]}
    records.record(db, new_id(), visit_body(office.ids["Karaoke Hoàng Gia"], **told), at=now())
    assert not sync_now(db).trouble
    db.close()


def _sees_what_changed(day: Day) -> None:
    before = _on_the_page(day)
    day.page.reload()
    line = day.page.locator("#dieu-chinh tr", has_text="Cơ sở được kiểm tra: Tổng số").first
    expect(line.locator("td").nth(1)).to_have_text("2")
    expect(line.locator("td").nth(2)).to_have_text("3")
    day.reads("Điều chỉnh sau khi chốt", f"Cuộc kiểm tra ngày {day.day(5)} tại Karaoke Hoàng Gia về sau khi chốt")
    assert _on_the_page(day) == before
