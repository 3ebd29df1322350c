"""Histories behind a purpose: asked for, checked, kept for a time, in the log, and of the own area only."""

import re
from datetime import timedelta
from html import unescape

import pytest

from schemas.ids import new_id
from schemas.language import LANGUAGE
from server.audit.log import GENESIS, link
from server.clock import now
from server.history import purpose
from server.history.lookups import WHATS
from server.store import marks, writing
from tests.english import left_in_vietnamese
from tests.server.pages.conftest import COMMUNE, DISTRICT, PROVINCE

WHY = "Công văn số 12/CV-CAX ngày 20/11/2026"
ELSEWHERE = "new:16000"


def text(answer):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())



@pytest.fixture
def operator(office):
    state = {"name": "Hộ kinh doanh Đỗ Thị Hòa", "form": "household", "registration": "26H8-00123",
             "phone": "0912345678", "address": "Số 3, ngõ Vắng"}  # fmt: skip
    return office.enter("operator", state)[0]


@pytest.fixture
def place(office, operator):
    return office.place(**{"operator/1": {"from": "2019-01-01", "operator": operator}})


@pytest.fixture
def police(office):
    return office.client("police", COMMUNE)


def give(client, path, why=WHY):
    form = client.get(path).text
    known = re.search(r'name="csrf_token" value="([^"]+)"', form)[1]
    return client.post(path, data={"csrf_token": known, "ly-do": why})


def log(office):
    return office.db.conn.execute(
        f"SELECT what, role, subject, unit, purpose FROM audit WHERE what IN ({marks(WHATS)}) ORDER BY seq", WHATS
    ).fetchall()


def test_a_history_opens_only_after_a_purpose_and_every_opening_is_in_the_log(office, place, police):
    office.visit(place, outcome="no_violation")
    path = f"/co-so/{place}/lich-su"
    asked = text(police.get(path))
    answer = give(police, path)
    shown = text(police.get(answer.location))

    assert "Lý do tra cứu" in asked
    assert "Không phát hiện vi phạm" not in asked
    assert answer.location == path
    assert "Không phát hiện vi phạm" in shown
    assert WHY in shown
    police.get(path)
    assert log(office) == [("history.open", "police", f"establishment:{place}", COMMUNE, WHY)] * 2


def test_the_log_of_look_ups_is_chained(office, place, police):
    give(police, f"/co-so/{place}/lich-su")
    police.get(f"/co-so/{place}/lich-su")
    row = office.db.conn.execute("SELECT * FROM audit").fetchone()

    assert row[-1] == link(GENESIS, tuple(row[:-1]))


@pytest.mark.parametrize("why", ["", "   ", "abc", "xem", "tra cứu", "kiểm tra nghiệp vụ", "aaaaaaaaaa", "x" * 401])
def test_a_purpose_that_says_nothing_is_asked_for_again_with_what_was_typed(office, place, police, why):
    answer = give(police, f"/co-so/{place}/lich-su", why)

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert f'value="{why}"' in answer.text
    assert log(office) == []


@pytest.mark.parametrize("why", [WHY, "Vụ việc tiếp nhận ngày 20/11", "KH 86/KH-UBND", "QĐ 15/QĐ-ĐKT"])
def test_a_document_or_a_case_is_a_purpose(place, police, why):
    assert give(police, f"/co-so/{place}/lich-su", why).status_code == 303


def test_a_purpose_holds_for_one_person_one_subject_and_some_hours(office, place, operator, police):
    other, colleague = office.place("Karaoke Sao Đêm"), office.client("police", COMMUNE)
    path = f"/co-so/{place}/lich-su"
    give(police, path)

    assert "Diễn biến" in police.get(path).text
    assert "Diễn biến" not in colleague.get(path).text
    assert "Diễn biến" not in police.get(f"/co-so/{other}/lich-su").text
    assert "Diễn biến" not in police.get(f"/chu-co-so/{operator}").text
    with writing(office.db) as conn:
        conn.execute("UPDATE purposes SET until = '2026-01-01T00:00:00Z'")
    assert "Diễn biến" not in police.get(path).text


def test_the_hours_are_those_of_the_file(office):
    at = now()
    with writing(office.db) as conn:
        purpose.give(conn, "u", "establishment:x", WHY, at)

    assert purpose.given(office.db.conn, "u", "establishment:x", at + timedelta(hours=7, minutes=59)) == WHY
    assert purpose.given(office.db.conn, "u", "establishment:x", at + timedelta(hours=8)) == ""


def test_no_purpose_stands_in_an_address(place, police):
    give(police, f"/co-so/{place}/lich-su")
    page = police.get(f"/co-so/{place}/lich-su")

    assert not re.search(r'(?:href|action)="[^"]*ly-do', page.text)
    assert "Diễn biến" not in police.get(f"/chu-co-so/{place}?ly-do={WHY}").text


def test_a_place_elsewhere_is_refused_and_one_that_is_not_there_not_found(office, police):
    other = office.place("Ở nơi khác", unit="new:15682")

    for path in (f"/co-so/{other}/lich-su", f"/co-so/{other}/lich-su.csv"):
        assert police.get(path).status_code == 403
    assert police.get("/co-so/khong-co/lich-su").status_code == 404


def test_an_operator_without_a_place_here_is_refused(office, operator, police):
    office.place(unit="new:15682", **{"operator/1": {"from": "2019-01-01", "operator": operator}})

    assert police.get(f"/chu-co-so/{operator}").status_code == 403


def test_a_households_page_holds_neither_its_telephone_nor_its_home(place, operator, police):
    give(police, f"/chu-co-so/{operator}")
    page = text(police.get(f"/chu-co-so/{operator}"))

    assert "26H8-00123" in page
    assert "0912345678" not in page
    assert "ngõ Vắng" not in page
    assert "dữ liệu cá nhân" in page


def test_an_operators_places_elsewhere_are_counted_and_not_named(office, place, operator, police):
    other = office.place("Quán Ở Xa", unit="new:15682", **{"operator/1": {"from": "2019-01-01", "operator": operator}})
    office.visit(other)
    decision = {"number": "7/QĐ", "authority": "UBND xã khác", "operator": operator, "establishment": other,
                "codes": ["ND38-15.5b"], "decided_on": "2026-05-10", "sanction": "fine"}  # fmt: skip
    office.enter("decision", decision)
    give(police, f"/chu-co-so/{operator}")
    page = text(police.get(f"/chu-co-so/{operator}"))

    assert "Quán Ở Xa" not in page
    assert "Ngoài địa bàn còn 1 cơ sở, 1 lượt kiểm tra" in page
    assert "Quyết định số 7/QĐ của UBND xã khác" in page
    assert "tại cơ sở ngoài địa bàn" in page
    assert "Có căn cứ xác định tái phạm" in page


def test_visits_of_the_operator_before_are_not_those_of_the_new_one(office, operator, police):
    new = office.enter("operator", {"name": "Công ty TNHH Mới", "form": "enterprise"})[0]
    spans = {"operator/1": {"from": "2019-01-01", "operator": operator},
             "operator/2": {"from": "2026-05-06", "operator": new}}  # fmt: skip
    place = office.place(**spans)
    office.visits([(place, "2026-05-05"), (place, "2026-05-06")])
    for one, mine, others in ((operator, "05/05/2026 Kiểm tra", "06/05/2026 Kiểm tra"),
                              (new, "06/05/2026 Kiểm tra", "05/05/2026 Kiểm tra")):  # fmt: skip
        give(police, f"/chu-co-so/{one}")
        page = text(police.get(f"/chu-co-so/{one}"))
        assert mine in page
        assert others not in page


def test_files_are_handed_out_after_the_purpose_and_noted(office, place, police):
    before = police.get(f"/co-so/{place}/lich-su.csv")
    give(police, f"/co-so/{place}/lich-su")
    sheet = police.get(f"/co-so/{place}/lich-su.csv")
    book = police.get(f"/co-so/{place}/lich-su.xlsx")

    assert before.location == f"/co-so/{place}/lich-su"
    assert sheet.get_data().startswith(b"\xef\xbb\xbf")
    assert book.get_data().startswith(b"PK")
    assert [row[0] for row in log(office)] == ["history.file"] * 2


def test_an_extract_carries_a_code_that_the_auditor_finds(office, place, police):
    path = f"/co-so/{place}/lich-su"
    give(police, path)
    known = re.search(r'name="csrf_token" value="([^"]+)"', police.get(path).text)[1]
    printed = police.post(f"{path}/ban-trich", data={"csrf_token": known})
    auditor = office.client("auditor", COMMUNE)
    code = re.search(r"Mã tra cứu: ([\d ]{19})", text(auditor.get("/nhat-ky/tra-cuu")))[1]

    assert printed.get_data().startswith(b"%PDF")
    found = text(auditor.get("/nhat-ky/tra-cuu", query_string={"ma": code, "tu-ngay": "1/1/2020"}))
    assert "1 lần tra cứu" in found
    assert WHY in found
    wrong = auditor.get("/nhat-ky/tra-cuu", query_string={"ma": code[:-1] + str((int(code[-1]) + 1) % 10)})
    assert wrong.status_code == 422
    assert "Không có mã tra cứu này" in text(wrong)


def test_the_log_is_read_by_the_auditor_and_by_whose_data_it_was_and_by_nobody_else(office, place, police):
    give(police, f"/co-so/{place}/lich-su")
    police.get(f"/co-so/{place}/lich-su")

    for role, area, count in (("auditor", COMMUNE, 1), ("coordinator", COMMUNE, 1), ("auditor", DISTRICT, 1),
                              ("coordinator", "new:15682", 0), ("auditor", PROVINCE, 1)):  # fmt: skip
        assert f"{count} lần tra cứu" in text(office.client(role, area).get("/nhat-ky/tra-cuu")), (role, area)
    assert police.get("/nhat-ky/tra-cuu").status_code == 403


def test_what_was_opened_on_a_laptop_stands_in_the_same_log(office, place):
    from server.office import Change, make

    body = {"establishment": place, "what": "sanctions", "purpose": "Quyết định kiểm tra số 5/QĐ-ĐKT"}
    make(office.db, [Change("access", new_id(), body)], author="Lê Thị Hạnh", at=now())
    page = text(office.client("auditor", COMMUNE).get("/nhat-ky/tra-cuu"))

    assert "Lê Thị Hạnh" in page
    assert "Mở quyết định xử phạt trên máy của đội" in page
    assert "Quyết định kiểm tra số 5/QĐ-ĐKT" in page
    assert "1 lần tra cứu" not in text(office.client("auditor", "new:15682").get("/nhat-ky/tra-cuu"))


@pytest.mark.parametrize(("query", "count"), [
    ({}, 1), ({"ai": "police"}, 1), ({"ai": "khác"}, 0), ({"viec": "history.open"}, 1), ({"viec": "history.file"}, 0),
    ({"den-ngay": "1/1/2024"}, 0),
])  # fmt: skip
def test_the_log_is_narrowed(office, place, police, query, count):
    give(police, f"/co-so/{place}/lich-su")
    police.get(f"/co-so/{place}/lich-su")
    auditor = office.client("auditor", COMMUNE)

    assert f"{count} lần tra cứu" in text(auditor.get("/nhat-ky/tra-cuu", query_string=query))
    rows = auditor.get("/nhat-ky/tra-cuu.csv", query_string=query).get_data(as_text=True).splitlines()
    assert len(rows) == count + 1


def test_the_list_of_repeats_asks_for_a_purpose_and_its_file_is_noted(office, place, operator, police):
    for number, committed, decided, paid in (("1/QĐ", "2025-01-02", "2025-01-10", "2025-02-15"),
                                             ("2/QĐ", "2025-06-01", "2025-06-20", "2025-08-01")):  # fmt: skip
        office.enter("decision", {
            "number": number, "authority": "UBND xã", "operator": operator, "codes": ["ND38-15.5b"],
            "committed_on": committed, "decided_on": decided, "sanction": "fine", "ordered": ["main"],
            "main_done_on": paid,
        })  # fmt: skip
    path = "/tra-cuu/tai-pham?tinh-den=31/7/2026"
    asked = text(police.get(path))
    answer = give(police, path)
    stands, gone = text(police.get(answer.location)), text(police.get("/tra-cuu/tai-pham?tinh-den=1/8/2026"))
    sheet = police.get("/tra-cuu/tai-pham.csv?tinh-den=31/7/2026").get_data(as_text=True)

    assert "Karaoke Đông Đô" not in asked
    assert "Karaoke Đông Đô" in stands
    assert "Được coi là chưa bị xử phạt từ ngày 01/08/2026" in stands
    assert "Karaoke Đông Đô" not in gone
    assert "Karaoke Đông Đô" in sheet
    assert [row[0] for row in log(office)] == ["repeat_list.open"] * 2 + ["repeat_list.file"]


def test_a_request_of_an_operator_is_recorded_with_its_deadline_and_answered(office, place, operator):
    legal = office.client("legal", COMMUNE)
    known = re.search(r'name="csrf_token" value="([^"]+)"', legal.get("/tra-cuu/yeu-cau").text)[1]
    form = {"csrf_token": known, "chu-co-so": "26h8 00123", "so-van-ban": "05/ĐN-HKD", "ngay-nhan": "5/11/2026",
            "yeu-cau": "correct", "noi-dung": "Sửa số đăng ký"}  # fmt: skip
    refused = legal.post("/tra-cuu/yeu-cau", data=form | {"noi-dung": "", "ngay-nhan": "31/2/2026"})
    lacking = legal.post("/tra-cuu/yeu-cau", data=form | {"noi-dung": ""})
    legal.post("/tra-cuu/yeu-cau", data=form)
    page = legal.get("/tra-cuu/yeu-cau")
    path = re.search(r'href="(/tra-cuu/yeu-cau/[^"]+)"', page.text)[1]
    said = {"csrf_token": known, "ket-qua": "corrected", "ngay-tra-loi": "hôm nay", "so-tra-loi": "9/UBND"}
    empty = legal.post(path, data={"csrf_token": known})
    done = legal.post(path, data=said)

    assert (refused.status_code, lacking.status_code, empty.status_code, done.status_code) == (422, 422, 422, 303)
    assert "Ngày không đúng" in text(refused)
    assert "Ghi cần sửa nội dung nào" in text(lacking)
    assert "20/11/2026" in text(page)
    assert "Đã sửa" in text(legal.get("/tra-cuu/yeu-cau"))
    assert "05/ĐN-HKD" in legal.get("/tra-cuu/yeu-cau.csv").get_data(as_text=True)
    assert "05/ĐN-HKD" not in office.client("legal", "new:15682").get("/tra-cuu/yeu-cau").text
    assert office.client("legal", "new:15682").get(path).status_code == 403


def test_the_search_leads_to_the_histories(office, place, operator, police):
    page = police.get("/tra-cuu?tim=do thi hoa")

    assert f'href="/chu-co-so/{operator}"' in page.text
    assert "1 cơ sở trong địa bàn" in text(page)
    assert f'href="/co-so/{place}/lich-su"' in police.get("/tra-cuu?tim=dong do").text
    assert "Không thấy trong địa bàn" in text(police.get("/tra-cuu?tim=hoàng gia"))


def test_a_merged_record_leads_to_the_one_that_stands_for_it(office, place, police):
    double = office.place("Quán Sao Đêm")
    office.enter("establishment", {"merged_into": place}, ids=[double])

    assert police.get(f"/co-so/{double}/lich-su").location == f"/co-so/{place}/lich-su"
    give(police, f"/co-so/{place}/lich-su")
    assert "Gộp hồ sơ “Quán Sao Đêm” vào “Karaoke Đông Đô”" in text(police.get(f"/co-so/{place}/lich-su"))


def test_a_program_reads_a_history_only_after_the_purpose_was_given_and_it_is_noted(office, place, operator, police):
    for path, page in ((f"establishments/{place}/history", f"/co-so/{place}/lich-su"),
                       (f"operators/{operator}/history", f"/chu-co-so/{operator}"),
                       ("repeat-places", "/tra-cuu/tai-pham")):  # fmt: skip
        before = police.get(f"/api/v1/{path}")
        give(police, page)
        after = police.get(f"/api/v1/{path}")

        assert (before.status_code, before.get_json()["type"]) == (403, "/problems/purpose-needed")
        assert after.status_code == 200
    assert [row[0] for row in log(office)] == ["history.file", "history.file", "repeat_list.open"]
    assert police.get("/api/v1/establishments/x/history").status_code == 404


def test_a_program_searches_and_reads_requests_and_the_log(office, place, operator, police):
    office.enter("data_request", {"operator": operator, "paper": "05/ĐN", "asks": "see",
                                  "received_on": "2026-11-01", "due_on": "2026-11-16"})  # fmt: skip
    give(police, f"/co-so/{place}/lich-su")
    police.get(f"/co-so/{place}/lich-su")
    coordinator = office.client("coordinator", COMMUNE)

    assert police.get("/api/v1/search?text=dong do").get_json()["hits"][0]["id"] == place
    (asked,) = coordinator.get("/api/v1/data-requests").get_json()["rows"]
    assert coordinator.get(f"/api/v1/data-requests/{asked['id']}").get_json() == asked
    assert office.client("coordinator", "new:15682").get(f"/api/v1/data-requests/{asked['id']}").status_code == 403
    assert coordinator.get("/api/v1/lookups").get_json()["rows"][0]["purpose"] == WHY


def test_histories_are_english_but_for_names(office, place, operator):
    client = office.client("coordinator", COMMUNE)
    client.set_cookie(LANGUAGE, "en")
    office.visit(place, outcome="no_violation")
    office.enter("decision", {
        "number": "7/QĐ", "authority": "UBND", "operator": operator, "establishment": place, "codes": ["ND38-15.5b"],
        "decided_on": "2026-05-10", "sanction": "fine", "ordered": ["main"],
    })  # fmt: skip
    pages = []
    for path in (f"/co-so/{place}/lich-su", f"/chu-co-so/{operator}", "/tra-cuu/tai-pham"):
        pages += [client.get(path), give(client, path, "abc")]
        give(client, path)
        pages.append(client.get(path))
    pages += [client.get("/nhat-ky/tra-cuu"), client.get("/tra-cuu?tim=dong do"), client.get("/tra-cuu/yeu-cau")]
    known = {"Karaoke Đông Đô", "Hộ kinh doanh Đỗ Thị Hòa", "Số 12, phố Giắt", WHY, "7/QĐ",
             "Số 12, phố Giắt, Xã Triệu Sơn",
             "karaoke outside 08:00-24:00 (NĐ 38/2021 Đ.15.5.b): fine"}  # fmt: skip

    assert [left_in_vietnamese(page.text, known) for page in pages] == [[]] * len(pages)
