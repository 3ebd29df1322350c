"""A day of each role at the office, by keyboard alone, from the first page on: what it says to do is done."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from server.keys import read_keys
from server.settings import Settings
from server.store import connect
from tests.browser.day import Day, Sit, sit
from tests.browser.office import LATE, Office, filled
from tests.conftest import Central

pytestmark = pytest.mark.browser
__all__ = ["sit"]


@pytest.fixture(scope="module")
def office(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One office for all the days; each role has things of its own to do."""
    folder = tmp_path_factory.mktemp("office") / "server"
    shutil.copytree(template, folder)
    settings = Settings(folder)
    made = filled(Central(settings, connect(settings.database), read_keys(settings.keys)))
    with made.running():
        yield made


def test_the_team_sees_what_it_is_to_inspect_and_to_do(sit: Sit, office: Office) -> None:
    day = sit()
    day.signs_in("hanh")

    day.reads("1 phân công chưa kiểm tra, 0 đã quá hạn.")
    day.presses("Mở phân công")
    day.reads("Karaoke Thủy Tiên", "TS-0004", day.day(-60))
    expect(day.page.get_by_role("button", name="Bỏ phân công")).to_have_count(0)

    day.presses("Việc phải làm")
    day.reads("Lập biên bản vi phạm hành chính", "Karaoke Ánh Dương")
    expect(day.page.get_by_role("button", name="Ghi đã làm")).to_have_count(0)  # of the office, once it holds the paper
    day.presses("Karaoke Ánh Dương")
    day.reads("Chưa niêm yết giá dịch vụ", "Giấy tờ")
    expect(day.page.locator("#answer")).to_have_count(0)
    day.ends()


def test_the_coordinator_reviews_assigns_confirms_and_answers(sit: Sit, office: Office) -> None:
    day = sit()
    day.signs_in("lan")
    day.reads("2 cuộc kiểm tra mới nhận, chưa duyệt.", "1 tin báo quá hạn, chưa giải quyết.")

    left = int(day.page.locator(".figure").nth(1).locator("a").inner_text())
    day.presses(str(left))
    assert day.page.locator("tbody tr").count() == left == 3
    day.goes_home()

    _reviews(day)
    _assigns(day)
    _confirms_a_list(day)
    _answers_a_tip(day)

    assert _reviewed(office) == {"Karaoke Ánh Dương": "issues", "Karaoke Sao Đêm": "accepted"}
    given = office.central.one("SELECT count(*) FROM assignments WHERE establishment = ?", _id(office, "Hoàng Gia"))
    assert given == 1
    tip = office.state("tip", office.ids["the tip"])
    assert (tip["classification"], tip["verified"], tip["result"]) == ("conditions", "false", "nothing")
    day.ends()


def _reviews(day: Day) -> None:
    day.presses("Duyệt")
    day.submits()  # the one button that has the focus opens the first of the queue
    day.reads("Karaoke Ánh Dương")
    day.press("2")
    day.type("Thiếu ảnh biển hiệu")
    with day.page.expect_navigation():
        day.press("Control+Enter")
    day.reads("Karaoke Sao Đêm")
    with day.page.expect_navigation():
        day.press("1")
    day.goes_home()
    expect(day.page.get_by_text("mới nhận, chưa duyệt")).to_have_count(0)


def _assigns(day: Day) -> None:
    day.presses("Kiểm tra")
    day.go("Phân công một đội")
    day.fill("co-so", "TS-0003")
    day.choose("doi", "Đội 178 xã Triệu Sơn")
    day.fill("han", day.day(-45))
    day.presses("Phân công")
    day.reads("Karaoke Hoàng Gia", day.day(-45))
    day.goes_home()


def _confirms_a_list(day: Day) -> None:
    day.presses("Chốt danh sách")
    day.choose("xa", "Xã Triệu Sơn")
    day.fill("nguoi-chot", "Chủ tịch UBND xã Triệu Sơn")
    day.presses("Ghi đã chốt danh sách")
    day.reads("1/", "Chủ tịch UBND xã Triệu Sơn")
    day.goes_home()


def _answers_a_tip(day: Day) -> None:
    day.presses("Xem tin báo quá hạn")
    day.presses("1/TB")
    day.choose("classification", "Về điều kiện kinh doanh")
    day.choose("verified", "Đã xác minh: không đúng")
    day.fill("verified_on", day.day(2))
    day.fill("handled_on", day.day(1))
    day.choose("result", "Không có căn cứ")
    day.presses("Lưu tin báo")
    day.reads("Đã ghi tin báo.")
    day.goes_home()


def _id(office: Office, name: str) -> str:
    return office.ids[f"Karaoke {name}"]


def _reviewed(office: Office) -> dict[str, str]:
    visits = {id: called.removeprefix("the visit to ") for called, id in office.ids.items()}
    found = office.central.db.conn.execute("SELECT inspection, review FROM reviews").fetchall()
    return {visits[visit]: review for visit, review in found}


def test_police_look_up_a_history_for_a_purpose_and_print_it(sit: Sit, office: Office) -> None:
    day = sit()
    day.signs_in("tuan")
    day.takes_the_second_step()

    day.presses("Tra cứu")
    _looks_up(day, "Công văn 45/CV-CAX")

    day.reads("Lịch sử cơ sở: Karaoke Đông Đô", "12/QĐ-XPHC", "Tái phạm, tính đến hôm nay", "Công văn 45/CV-CAX")
    assert day.page.locator(".answers .pill").first.inner_text() == "Có căn cứ xác định tái phạm"
    day.to("In bản trích")
    with day.page.expect_response("**/ban-trich") as answer, day.page.expect_navigation(wait_until="commit"):
        day.press("Enter")
    assert answer.value.headers["content-type"] == "application/pdf"
    day.page.goto(f"{office.address}/")
    done = office.central.db.conn.execute(
        "SELECT what FROM audit WHERE subject = ? AND who = ? ORDER BY seq",
        (f"establishment:{_id(office, 'Đông Đô')}", office.ids["tuan"]),
    ).fetchall()
    assert [what for (what,) in done] == ["history.open", "history.extract"]
    day.ends()


def _looks_up(day: Day, purpose: str) -> None:
    day.at("tim")
    day.type("karaoke dong dop")  # no marks, and a slip of the finger
    day.submits()
    day.presses("Karaoke Đông Đô")
    day.at("ly-do")
    day.type(purpose)
    day.submits()


def test_legal_codes_confirms_and_decides(sit: Sit, office: Office) -> None:
    day = sit()
    day.signs_in("mai")

    day.reads("1 hành vi chưa có mã")
    day.presses("Gắn mã")
    day.fill("code-1", "ND38-15.6b")
    day.presses("Xác định mã")
    day.goes_home()
    expect(day.page.get_by_text("chưa có mã")).to_have_count(0)

    day.presses("Mở danh mục")
    day.presses(LATE)
    day.fill("confirmed_by", "Trần Thị Mai, Sở Tư pháp")
    day.fill("confirmed_on", day.day(0))
    day.presses("Ghi phiên bản mới")
    day.reads("Trần Thị Mai, Sở Tư pháp")

    day.presses("Quyết định xử phạt")
    day.presses("Nhập quyết định")
    day.at("tim")
    day.type("TS-0001")
    day.submits()
    day.presses(f"Cuộc kiểm tra ngày {day.day(3)}: 2 vi phạm chưa có quyết định")
    day.fill("number", "56/QĐ-XPHC")
    day.fill("authority", "Chủ tịch UBND xã Triệu Sơn")
    day.fill("decided_on", day.day(0))
    day.presses("Ghi quyết định")
    day.reads("56/QĐ-XPHC", "ND38-15.6b")
    day.ends()


def test_the_clerk_numbers_minutes_and_records_what_was_carried_out(sit: Sit, office: Office) -> None:
    day = sit()
    day.signs_in("hoa")

    day.reads("2 biên bản chờ cấp số.")
    day.presses("Cấp số")
    day.submits()
    day.fill("number", "05/BB-KT")
    day.presses("Ghi số")
    day.reads("05/BB-KT")
    day.goes_home()
    day.reads("1 biên bản chờ cấp số.")

    day.presses("Ghi ngày chấp hành")
    day.presses("34/QĐ-XPHC")
    day.presses("Sửa quyết định")
    day.choose("main_known", "đã chấp hành xong")
    day.fill("main_done_on", day.day(20))
    day.presses("Ghi quyết định")
    day.reads(day.day(20))
    assert office.state("decision", office.ids["34/QĐ-XPHC"])["main_done_on"] == office.day(20).isoformat()
    day.ends()


def test_the_auditor_finds_who_looked_what_up_and_why(sit: Sit, office: Office) -> None:
    office.user("binh", "police", demo=True)
    police, day = sit(), sit()
    police.signs_in("binh")
    police.presses("Tra cứu")
    _looks_up(police, "Vụ việc số 7/2026")
    day.signs_in("duc")

    day.presses("Nhật ký tra cứu")
    day.reads("binh", "Karaoke Đông Đô", "Vụ việc số 7/2026")
    day.goes_home()
    day.presses("Đọc nhật ký")
    day.fill("ai", "binh")
    day.submits()
    day.reads("Vụ việc số 7/2026")
    day.to("Tệp CSV")
    with day.page.expect_download() as handed:
        day.press("Enter")
    assert "Vụ việc số 7/2026" in Path(handed.value.path()).read_text("utf-8-sig")
    day.ends()


def test_the_admin_invites_runs_a_job_and_locks_a_laptop(sit: Sit, office: Office) -> None:
    day, newcomer = sit(), sit()
    day.signs_in("son")

    day.presses("Quản trị")
    day.presses("Người dùng")
    _invites(day, newcomer)

    day.presses("Việc định kỳ")
    day.presses("Chạy ngay Kiểm chứng")
    row = day.page.locator("tr", has=day.page.get_by_role("button", name="Chạy ngay Kiểm chứng"))
    for _ in range(60):
        if row.locator(".pill.good").count():
            break
        day.page.wait_for_timeout(500)
        day.page.reload()
    expect(row.locator(".pill.good")).to_have_text("Xong")

    day.presses("Máy tính")
    day.presses("Khóa máy Máy Đội 1")
    day.at("reason")
    day.type(f"Máy bị mất ngày {day.day(1)}")
    day.presses("Khóa máy")
    day.reads("Máy Đội 1")
    assert office.state("device", office.ids["Máy Đội 1"])["revoked_on"] == office.day(0).isoformat()
    day.ends()


def _invites(day: Day, newcomer: Day) -> None:
    day.presses("Mời người mới")
    day.fill("ten", "thu")
    day.choose("vai-tro", "Văn thư")
    day.presses("Lập tài khoản và in phiếu mời")
    code = day.page.locator(".code-big").inner_text()
    assert re.fullmatch(r"([A-Z2-9]{5}-){3}[A-Z2-9]{5}", code)

    newcomer.page.goto(f"{day.office.address}/loi-moi")
    newcomer.fill("ma", code)
    newcomer.fill("mat-khau", "bốn từ không liên quan")
    newcomer.fill("nhap-lai", "bốn từ không liên quan")
    newcomer.presses("Đặt mật khẩu")
    newcomer.signs_in("thu", "bốn từ không liên quan")
    newcomer.reads("Việc cần làm", "biên bản chờ cấp số")
    newcomer.presses("Đăng xuất")
    day.wrong += newcomer.wrong
