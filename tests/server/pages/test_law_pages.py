"""The pages of the law: decisions, the repeat answer with its working, the catalogue, the uncoded queue."""

import io
import json
import re

import openpyxl
import pytest

from schemas.ids import new_id
from schemas.items import read
from server.arrivals.ingest import ingest
from server.arrivals.prepare import Sender
from server.law.catalogue import current
from tests.markup import faults

COMMUNE, ELSEWHERE = "new:15664", "new:15682"
LATE, LATCH = "ND38-15.5b", "ND38-15.6b"


class Reader:
    """Somebody signed in, who opens pages and sends forms."""

    def __init__(self, office, role="legal", area=COMMUNE):
        self.client = office.client(role, area)

    def text(self, path, status=200):
        answer = self.client.get(path)
        assert answer.status_code == status, answer.text
        return answer.text

    def sends(self, path, **form):
        page = self.client.get("/danh-muc").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        return self.client.post(path, data={"csrf_token": token, **form})


@pytest.fixture
def reader(office):
    return Reader(office)


@pytest.fixture
def operator(office):
    return office.enter("operator", {"name": "Hộ kinh doanh Đỗ Văn Được", "form": "household"})[0]


@pytest.fixture
def place(office, operator):
    return office.place(**{"operator/1": {"from": "2019-01-01", "operator": operator}})


@pytest.fixture
def decide(office, operator, place):
    """Return a function that enters a decision and returns its id."""

    def enter(**changes):
        state = {"number": "12/QĐ-XPHC", "authority": "Chủ tịch UBND xã", "operator": operator, "codes": [LATE],
                 "establishment": place, "decided_on": "2026-03-10", "sanction": "fine",
                 "ordered": ["main"]}  # fmt: skip
        return office.enter("decision", {**state, **changes})[0]

    return enter


@pytest.fixture
def found(office, place):
    """A visit that found one coded and one uncoded act: its id, and theirs."""
    acts = [{"id": new_id(), "code": LATE, "text": "Karaoke ngoài giờ"}, {"id": new_id(), "text": "Chưa niêm yết giá"}]
    line = office.line(place, outcome="violations", violations=acts)
    assert ingest(office.db, [line], Sender(office.device, None), office.at).answers[0].standing == "accepted"
    return read(line).id, [act["id"] for act in acts]


FORM = {"number": "7/QĐ-XPHC", "authority": "Chủ tịch UBND xã", "decided_on": "15/5/2026", "sanction": "fine",
        "ordered": ["main"], "main_known": "done", "main_done_on": "1/6/2026"}  # fmt: skip


def state(office, number="7/QĐ-XPHC"):
    row = office.db.conn.execute(
        "SELECT state FROM things JOIN decisions USING (id) WHERE kind = 'decision' AND number = ?", (number,)
    ).fetchone()
    return json.loads(row[0]) if row else None


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", {"1", "2", "3", "4", "5", "6"}),
        ("?tinh-trang=da-chap-hanh", {"1"}),
        ("?tinh-trang=dang-thi-hanh", {"2"}),
        ("?tinh-trang=chua-ro", {"3", "4", "5"}),
        ("?tinh-trang=khieu-nai", {"4"}),
        ("?tinh-trang=tron-tranh", {"5"}),
        ("?tinh-trang=da-huy", {"6"}),
        ("?nam=2025", {"3"}),
        ("?co-quan=Giám+đốc+Công+an+tỉnh", {"2"}),
        ("?so=5", {"5"}),
    ],
)
def test_the_list_is_filtered_and_its_files_hold_the_same(reader, decide, query, numbers):
    decide(number="N1", main_done_on="2026-04-01")
    decide(number="N2", main_done_on="no", authority="Giám đốc Công an tỉnh")
    decide(number="N3", decided_on="2025-03-10")
    decide(number="N4", complaint_from="2026-03-15")
    decide(number="N5", evasion_from="2026-04-15")
    decide(number="N6", cancelled_on="2026-04-15")

    page, csv = reader.text(f"/quyet-dinh{query}"), reader.text(f"/quyet-dinh.csv{query}")
    book = openpyxl.load_workbook(io.BytesIO(reader.client.get(f"/quyet-dinh.xlsx{query}").data))

    assert set(re.findall(r">N(\d)</a>", page)) == numbers
    assert set(re.findall(r"^N(\d),", csv.replace("﻿", ""), re.MULTILINE)) == numbers
    assert {row[0].value for row in book.worksheets[0].iter_rows(min_row=2)} == {f"N{n}" for n in numbers}


def test_a_decision_elsewhere_is_in_no_list_and_opens_to_nobody_here(office, decide):
    id = decide()
    there = Reader(office, area=ELSEWHERE)

    assert "12/QĐ-XPHC" not in there.text("/quyet-dinh")
    assert "12/QĐ-XPHC" not in there.text("/quyet-dinh.csv")
    assert there.client.get(f"/quyet-dinh/{id}").status_code == 403
    assert there.client.get(f"/quyet-dinh/{id}/sua").status_code == 403
    assert there.client.get(f"/quyet-dinh/{new_id()}").status_code == 404


def test_a_decision_is_entered_against_the_violations_of_a_visit(office, reader, found, operator, place):
    visit, (late, other) = found

    page = reader.text(f"/quyet-dinh/moi?cuoc-kiem-tra={visit}")
    assert late in page
    assert "hành vi khác, chưa có mã" in page
    form = {**FORM, "inspection": visit, "operator": operator, "establishment": place, "violations": [late, other]}
    answer = reader.sends("/quyet-dinh/moi", **form, antt_certificate_from="1/6/2026",
                          antt_certificate_to="30/9/2026", suspended=["antt_certificate"])  # fmt: skip

    assert answer.status_code == 303
    kept = state(office)
    assert (kept["codes"], kept["violations"], kept["operator"]) == ([LATE], [late, other], operator)
    assert (kept["decided_on"], kept["main_done_on"]) == ("2026-05-15", "2026-06-01")
    assert kept["suspension/antt_certificate"] == {"what": "antt_certificate", "from": "2026-06-01", "to": "2026-09-30"}
    shown = reader.text(answer.location)
    assert "đã chấp hành xong ngày 01/06/2026" in shown
    assert "Có căn cứ xác định tái phạm" in shown


def test_a_decision_from_elsewhere_needs_no_visit(office, reader, operator, place):
    about = f"/quyet-dinh/moi?chu-co-so={operator}&co-so={place}"
    assert "Hộ kinh doanh Đỗ Văn Được" in reader.text(about)

    answer = reader.sends("/quyet-dinh/moi", **FORM, operator=operator, establishment=place, codes=f"{LATE} {LATCH}")

    assert answer.status_code == 303
    assert state(office)["codes"] == [LATE, LATCH]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": ""}, "number"),
        ({"decided_on": "31/2/2026"}, "decided_on"),
        ({"codes": "ND38-99"}, "codes"),
        ({"codes": ""}, "codes"),
        ({"main_done_on": "1/5/2026"}, "main_done_on"),
        ({"main_done_on": ""}, "main_done_on"),
        ({"amount": "nhiều"}, "amount"),
        ({"evasion_from": "1/7/2026", "evasion_to": "1/6/2026"}, "evasion_to"),
        ({"cancelled_on": "1/1/2026"}, "cancelled_on"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_what_was_typed_is_still_there(
    office, reader, operator, place, changes, field
):
    form = {**FORM, "operator": operator, "establishment": place, "codes": LATE, "delivered_on": "17/5/2026", **changes}

    answer = reader.sends("/quyet-dinh/moi", **form)

    assert answer.status_code == 422
    assert f'id="{field}-about"' in answer.text
    assert 'value="17/5/2026"' in answer.text
    assert state(office) is None


def test_a_suspension_that_ends_before_it_begins_is_said(office, reader, operator, place):
    form = {**FORM, "operator": operator, "establishment": place, "codes": LATE, "suspended": ["activity"]}

    answer = reader.sends("/quyet-dinh/moi", **form, activity_from="1/7/2026", activity_to="1/6/2026")

    assert answer.status_code == 422
    assert "Ngày cuối đình chỉ ở trước ngày đầu" in answer.text


def test_a_decision_is_edited_with_its_history_and_nobody_writes_over_what_was_not_seen(office, reader, decide):
    id = decide(delivered_on="2026-03-12")
    page = reader.text(f"/quyet-dinh/{id}/sua")
    seen = re.search(r'name="seen" value="(\d+)"', page)[1]
    form = {**FORM, "number": "12/QĐ-XPHC", "decided_on": "10/3/2026", "codes": LATE, "seen": seen}

    assert reader.sends(f"/quyet-dinh/{id}/sua", **form, complaint_from="20/3/2026").status_code == 303
    assert "Nơi khác vừa sửa" in reader.sends(f"/quyet-dinh/{id}/sua", **form).text

    kept = state(office, "12/QĐ-XPHC")
    assert (kept["main_done_on"], kept["complaint_from"]) == ("2026-06-01", "2026-03-20")
    assert "delivered_on" not in kept
    shown = reader.text(f"/quyet-dinh/{id}")
    assert "<s>12/03/2026</s> → bỏ trống" in shown
    assert "legal new:15664" in shown


def test_a_number_that_is_there_already_is_not_entered_twice(reader, decide, operator, place):
    decide()

    answer = reader.sends("/quyet-dinh/moi", **{**FORM, "number": "12/QĐ-XPHC"}, operator=operator, codes=LATE,
                          establishment=place)  # fmt: skip

    assert answer.status_code == 422
    assert 'id="number-about"' in answer.text


def test_the_places_to_choose_from_are_found_by_owner_and_show_visits_without_a_decision(reader, found):
    visit, _ = found

    page = reader.text("/quyet-dinh/moi?tim=do+van+duoc")

    assert f"cuoc-kiem-tra={visit}" in page
    assert "2 vi phạm chưa có quyết định" in page


def test_the_repeat_page_shows_answer_and_working_and_is_logged(office, reader, decide, operator):
    decide(main_done_on="2026-04-01")

    page = reader.text(f"/tai-pham?chu-co-so={operator}&ma={LATE}&ngay=1/6/2026")

    for words in (
        "Có căn cứ xác định tái phạm", "Quyết định số 12/QĐ-XPHC", "đã chấp hành xong ngày 01/04/2026",
        "NĐ 38/2021 Đ.15.5.b", "từ ngày 01/04/2027", "Máy chủ giữ quyết định của 1 cơ quan, từ ngày 10/03/2026",
        "Để tham khảo; người có thẩm quyền xử phạt quyết định.", "chờ pháp chế xác nhận",
        "Chưa có xác nhận của pháp chế – không in mức phạt",
    ):  # fmt: skip
        assert words in page, words
    noted = office.db.conn.execute("SELECT what, subject, detail FROM audit WHERE what = 'repeat'").fetchall()
    assert [row[:2] for row in noted] == [("repeat", f"operator:{operator}")]


def test_it_says_what_is_missing(reader, decide, operator):
    decide(decided_on="2025-03-10")

    page = reader.text(f"/tai-pham?chu-co-so={operator}&ma={LATE}&ngay=2026-03-20")

    assert "Chưa đủ thông tin để xác định" in page
    assert "Thiếu ngày chấp hành xong của Quyết định số 12/QĐ-XPHC: hình thức xử phạt chính." in page


def test_of_a_place_whoever_ran_it_on_the_day_is_asked(office, reader, decide, place):
    decide(main_done_on="2026-04-01")
    other = office.enter("operator", {"name": "Hộ mới", "form": "household"})[0]
    office.enter("establishment", {"operator/2": {"from": "2026-07-01", "operator": other}}, ids=[place])

    assert "Có căn cứ xác định tái phạm" in reader.text(f"/tai-pham?co-so={place}&ma={LATE}&ngay=30/6/2026")
    assert "Không thấy căn cứ tái phạm" in reader.text(f"/tai-pham?co-so={place}&ma={LATE}&ngay=1/7/2026")
    assert "Chưa rõ chủ cơ sở vào ngày vi phạm" in reader.text(f"/tai-pham?co-so={place}&ma={LATE}&ngay=1/1/2010")


def test_an_operator_elsewhere_is_asked_about_by_nobody_here(office, decide, operator, place):
    there = Reader(office, area=ELSEWHERE)

    assert there.client.get(f"/tai-pham?chu-co-so={operator}&ma={LATE}").status_code == 403
    assert there.client.get(f"/tai-pham?co-so={place}&ma={LATE}").status_code == 403
    assert there.client.get(f"/tai-pham?chu-co-so={new_id()}").status_code == 404
    assert there.client.get("/tai-pham?ma=ND38-99").status_code == 422


def test_a_confirmed_row_shows_its_range_by_legal_form(office, reader, operator, place):
    row = current(office.db.conn).find(LATE, office.at.date())
    form = {"row": row.key, "seen": "", "code": LATE, "citation": row.citation, "effective_from": "1/6/2021",
            "effective_from_certain": "1", "name_vi": row.name_vi, "kinds": ["karaoke"], "ind_min": "10.000.000",
            "ind_max": "15.000.000", "org_min": "20.000.000", "org_max": "30.000.000", "household_as": "individual",
            "mark": "V", "source": "Công báo", "confirmed_by": "Trần Thị Pháp",
            "confirmed_on": "19/11/2026"}  # fmt: skip

    answer = reader.sends("/danh-muc/hanh-vi", **form)

    assert answer.status_code == 303
    shown = reader.text(answer.location)
    assert "Trần Thị Pháp, 19/11/2026" in shown
    assert "kèm chương trình" in shown
    asked = reader.text(f"/tai-pham?chu-co-so={operator}&ma={LATE}")
    assert "Từ 10.000.000 đến 15.000.000 đồng" in asked
    assert "Nơi khác vừa lập phiên bản mới" in reader.sends("/danh-muc/hanh-vi", **form).text


def test_the_form_of_a_row_says_what_is_wrong_at_its_field(reader):
    answer = reader.sends("/danh-muc/hanh-vi", code="ND282-33.1", effective_from="hôm kia", name_vi="Hành vi mới")

    assert answer.status_code == 422
    for field in ("effective_from", "citation"):
        assert f'id="{field}-about"' in answer.text
    assert "Hành vi mới" in answer.text


def test_only_the_role_legal_edits_the_catalogue(office):
    other = Reader(office, role="coordinator")

    assert "Phiên bản mới" not in other.text(f"/danh-muc/hanh-vi/{LATE}@2021-06-01")
    assert other.client.get("/danh-muc/hanh-vi-moi").status_code == 403
    assert other.client.get("/danh-muc/chua-co-ma").status_code == 403
    for path in ("/danh-muc/hanh-vi", "/danh-muc/nhom", "/danh-muc/chua-co-ma"):
        assert other.client.post(path).status_code == 403


def test_a_replaced_decrees_group_is_carried_over_on_its_page(office, reader):
    old, new = "ND144-27.1", "ND282-X-loidung"

    answer = reader.sends("/danh-muc/nhom", group="AG-business-method", codes=f"{old} {new}", seen="", note="Văn bản",
                          confirmed_by="Trần Thị Pháp", confirmed_on="19/11/2026")  # fmt: skip

    assert answer.status_code == 303
    page = reader.text(answer.location)
    assert "Pháp chế đã xác nhận: Trần Thị Pháp" in page
    assert new in page
    assert current(office.db.conn).group_of(new, "2026-01-01") == "AG-business-method"
    assert new not in re.search(r"Chưa xác định nhóm:[^<]*|$", reader.text("/danh-muc/nhom"))[0]
    assert reader.sends("/danh-muc/nhom", group="AG-business-method", codes="ND38-99").status_code == 422


def test_an_uncoded_violation_leaves_the_queue_once_it_is_coded(office, reader, found):
    visit, (_, other) = found
    assert "Chưa niêm yết giá" in reader.text("/danh-muc/chua-co-ma")
    form = {"inspection": visit, "violation": other, "by": "Trần Thị Pháp", "do": "code"}

    assert reader.sends("/danh-muc/chua-co-ma", **form).status_code == 422
    assert reader.sends("/danh-muc/chua-co-ma", **{**form, "do": "none"}).status_code == 303
    assert "đã ghi: không hành vi nào phù hợp" in reader.text("/danh-muc/chua-co-ma")
    assert reader.sends("/danh-muc/chua-co-ma", **form, code=LATCH).status_code == 303

    assert "Chưa niêm yết giá" not in reader.text("/danh-muc/chua-co-ma")
    assert office.db.conn.execute("SELECT violation, code FROM codings").fetchall() == [(other, LATCH)]


def test_the_queue_of_another_area_is_another(office, found):
    visit, (_, other) = found
    there = Reader(office, area=ELSEWHERE)

    assert "Chưa niêm yết giá" not in there.text("/danh-muc/chua-co-ma")
    form = {"inspection": visit, "violation": other, "by": "x", "code": LATCH, "do": "code"}
    assert there.sends("/danh-muc/chua-co-ma", **form).status_code == 403


def test_the_catalogue_shows_no_amount_that_nobody_confirmed(reader):
    assert "15000000" not in reader.text("/danh-muc.csv")
    assert "15.000.000" not in reader.text("/danh-muc")


def test_programs_read_what_the_pages_show(office, reader, decide, operator, found):
    id = decide(main_done_on="2026-04-01")

    listed = reader.client.get("/api/v1/decisions?state=done&year=2026").json
    assert [(row["id"], row["states"]) for row in listed["rows"]] == [(id, ["done"])]
    one = reader.client.get(f"/api/v1/decisions/{id}").json
    assert (one["windows"][0]["from"], one["windows"][0]["to"]) == ("2026-03-10", "2027-04-01")
    asked = reader.client.get(f"/api/v1/repeat?operator={operator}&code={LATE}&on=2026-06-01").json
    assert (asked["answer"], asked["decisions"][0]["parts"][0]) == (
        "repeat", {"part": "main", "ordered": True, "done": "2026-04-01"},
    )  # fmt: skip
    assert reader.client.get("/api/v1/acts?text=latch").json["total"] == 0
    assert reader.client.get(f"/api/v1/acts?text={LATE}").json["rows"][0]["ind_min"] is None
    assert len(reader.client.get("/api/v1/act-groups").json["rows"]) > 10
    queue = reader.client.get("/api/v1/uncoded-violations").json
    assert [row["text"] for row in queue["rows"]] == ["Chưa niêm yết giá"]


def test_programs_of_another_area_read_nothing_of_it(office, decide, operator):
    id, there = decide(), Reader(office, area=ELSEWHERE)

    assert there.client.get("/api/v1/decisions").json["rows"] == []
    assert there.client.get(f"/api/v1/decisions/{id}").status_code == 403
    assert there.client.get(f"/api/v1/repeat?operator={operator}&code={LATE}").status_code == 403
    assert there.client.get(f"/api/v1/decisions?unit={COMMUNE}").status_code == 403


def test_every_page_of_the_law_can_be_listened_to_also_when_wrong(reader, decide, operator, place, found):
    id, (visit, (late, other)) = decide(complaint_from="2026-03-20", evasion_from="2026-04-01"), found
    paths = [
        f"/quyet-dinh/{id}", f"/quyet-dinh/{id}/sua", f"/quyet-dinh/moi?cuoc-kiem-tra={visit}",
        "/quyet-dinh?tinh-trang=x",
        f"/tai-pham?chu-co-so={operator}&ma={LATE}&ngay=1/6/2026", f"/tai-pham?cuoc-kiem-tra={visit}&ma={LATE}",
        f"/danh-muc/hanh-vi/{LATE}@2021-06-01", f"/danh-muc/nhom/{LATE}", "/danh-muc/hanh-vi-moi",
        "/danh-muc/chua-co-ma",
    ]  # fmt: skip
    read_aloud = [reader.text(path) for path in paths]
    forms = [
        reader.sends("/quyet-dinh/moi", operator=operator, establishment=place, inspection=visit, violations=[late]),
        reader.sends("/danh-muc/hanh-vi", code="x", confirmed_by="x"),
        reader.sends("/danh-muc/nhom", group=LATE, codes="ND38-99"),
        reader.sends("/danh-muc/chua-co-ma", inspection=visit, violation=other, do="code"),
    ]

    assert [answer.status_code for answer in forms] == [422] * 4
    assert [faults(page) for page in [*read_aloud, *(answer.text for answer in forms)]] == [[]] * 14
