"""At the door: would an act that is picked be a repeat in law; in words, with decision, date, article and age."""

import re
from datetime import date, timedelta

import pytest

from field_client import clock
from field_client.law import subject
from field_client.places import find
from field_client.store import get_meta, put_meta, writing
from field_client.store.mirror import Mirror
from schemas.items import read
from schemas.language import LANGUAGE
from schemas.repeat import Answer, Lacks
from sync.wire import Change, Cursor, Page
from tests.english import left_in_vietnamese
from tests.field_client.pages.furnish import DONG_DO, HOA_SEN, OPERATOR, SERVER_TIME
from tests.field_client.pages.test_english import NAMES

LATE, LATCH = "ND38-15.5b", "ND38-15.6b"
TWIN = "018f0000-0000-7000-8000-0000000000b2"
REPEAT, NOT_FOUND, CANNOT_TELL = (
    "Có căn cứ xác định tái phạm", "Không thấy căn cứ tái phạm trong dữ liệu hiện có", "Chưa đủ thông tin để xác định",
)  # fmt: skip
REFERENCE = "Để tham khảo; người có thẩm quyền xử phạt quyết định."
TODAY = clock.local_day(clock.now())


def window(**changes):
    """Return a window as the server tells it: a fine of a month ago, paid, that holds for most of a year."""
    decided = TODAY - timedelta(days=30)
    until = TODAY + timedelta(days=330)
    return {
        "act_group": LATE, "codes": [LATE], "from": decided.isoformat(), "to": until.isoformat(), "answer": "repeat",
        "decision": "d1", "number": "12/QĐ-XPHC", "decided_on": decided.isoformat(), "authority": "Chủ tịch UBND xã",
        "basis": "completed", "cleared_on": until.isoformat(), **changes,
    }  # fmt: skip


@pytest.fixture
def tell(db):
    """Return a function that brings things down from the server."""

    def take(*things):
        at = Cursor.parse(get_meta(db.conn, "cursor")).pos
        changes = tuple(Change(at + n, kind, id, state) for n, (kind, id, state) in enumerate(things, 1))
        end = at + len(changes)
        Mirror(db).take(Page(Cursor("L", end, end, "0" * 64).text(), changes, False, "L", SERVER_TIME, 0))

    return take


@pytest.fixture
def decided(tell):
    """Return a function that tells of windows of the operator of Karaoke Đông Đô."""

    def bring(*windows, operator=OPERATOR, distinct=()):
        tell(
            ("repeat", operator, {"windows": list(windows), "distinct": list(distinct)}),
            ("decisions_held", "all", {"from": "2025-01-02", "more": 0,
                                       "authorities": [{"authority": "Chủ tịch UBND xã", "from": "2025-01-02"}]}),
        )  # fmt: skip

    return bring


def law_of(html, key="0"):
    """Return what stands beside one picked act, as text."""
    found = re.search(rf'data-part="law-{key}">(.*?)</div>', html, re.DOTALL)
    assert found, "no answer on the page"
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


def record(reader, place=DONG_DO, code=LATE, **fields):
    draft = reader.begin(place)
    reader.save_fields(draft, {"violations.0.code": code, **{f"violations.0.{k}": v for k, v in fields.items()}})
    return draft, reader.text(f"/cuoc-kiem-tra/{draft}")


def test_a_picked_act_that_would_be_a_repeat_says_by_which_decision_and_until_when(reader, decided):
    decided(window())

    _, html = record(reader)

    said = law_of(html)
    until = TODAY + timedelta(days=330)
    assert said.startswith(REPEAT)
    assert "Quyết định số 12/QĐ-XPHC ngày" in said
    assert "NĐ 38/2021 Đ.15.5.b" in said
    assert f"Được coi là chưa bị xử phạt từ ngày {until:%d/%m/%Y} (tính từ ngày chấp hành xong)." in said
    assert REFERENCE in said
    assert "Số liệu nhận về lúc" in said


def test_the_fine_range_is_not_shown_while_nobody_has_confirmed_it(reader, decided):
    decided(window())

    said = law_of(record(reader)[1])

    assert said.endswith("Chưa có xác nhận của pháp chế – không in mức phạt")


def test_another_act_is_not_found_and_says_where_it_was_looked(reader, decided):
    decided(window())

    said = law_of(record(reader, code=LATCH)[1])

    assert said.startswith(NOT_FOUND)
    assert "Máy chủ giữ quyết định của 1 cơ quan, từ ngày 02/01/2025." in said


def test_what_nobody_can_tell_names_what_is_missing(reader, decided):
    decided(window(answer="cannot_tell", missing=[["main", "12/QĐ-XPHC"]]))

    said = law_of(record(reader)[1])

    assert said.startswith(CANNOT_TELL)
    assert "Thiếu ngày chấp hành xong của Quyết định số 12/QĐ-XPHC: hình thức xử phạt chính." in said


def test_the_day_of_the_act_decides_not_that_of_the_visit(reader, decided):
    decided(window())
    eve = TODAY - timedelta(days=31)

    draft, html = record(reader, committed_on=f"{eve:%d/%m/%Y}")
    assert law_of(html).startswith(NOT_FOUND)

    reader.save_fields(draft, {"violations.0.committed_on": f"{eve + timedelta(days=1):%d/%m/%Y}"})
    assert law_of(reader.text(f"/cuoc-kiem-tra/{draft}")).startswith(REPEAT)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"basis": "enforcement_limit"}, "xử phạt chậm nhất từ ngày"),
        ({"basis": "evasion", "cleared_on": "", "to": ""}, "Đang trốn tránh thi hành: thời hiệu chưa bắt đầu tính."),
    ],
)
def test_what_the_day_is_counted_from_is_said(reader, decided, changes, words):
    decided(window(**changes))

    assert words in law_of(record(reader)[1])


def test_a_decision_under_complaint_is_marked(reader, decided):
    decided(window(complaint_from=TODAY.isoformat()))

    assert "đang khiếu nại, khởi kiện" in law_of(record(reader)[1])


def test_a_place_of_which_nobody_knows_the_operator_cannot_be_told(reader, decided):
    decided(window())

    said = law_of(record(reader, place=HOA_SEN)[1])

    assert said.startswith(CANNOT_TELL)
    assert "Chưa rõ chủ cơ sở vào ngày vi phạm." in said


def test_an_act_that_is_not_in_the_catalogue_gets_no_answer(reader, decided):
    decided(window())
    draft = reader.begin()
    reader.save_fields(draft, {"violations.0.text": "Hành vi khác"})

    html = reader.text(f"/cuoc-kiem-tra/{draft}")

    assert REFERENCE not in html


@pytest.mark.parametrize(
    ("twin", "distinct", "answer"),
    [
        ({"name": "Đỗ Văn Được", "form": "household", "phone": "0912 345 678"}, (), CANNOT_TELL),
        ({"name": "Đỗ Văn Được", "form": "household", "phone": "0912 345 678"}, (OPERATOR,), NOT_FOUND),
        ({"name": "Người khác", "form": "household", "phone": "0999 999 999"}, (), NOT_FOUND),
    ],
)
def test_a_record_that_may_be_the_same_operator_makes_it_unsure(reader, tell, decided, twin, distinct, answer):
    own = {"name": "Hộ kinh doanh Đỗ Văn Được", "form": "household", "phone": "0912 345 678"}
    tell(("operator", OPERATOR, own), ("operator", TWIN, twin))
    decided(window(), operator=TWIN, distinct=distinct)

    said = law_of(record(reader)[1])

    assert said.startswith(answer)
    assert ("Chưa rõ có cùng là một chủ cơ sở với “Đỗ Văn Được” hay không." in said) is (answer == CANNOT_TELL)


def test_a_record_that_was_merged_into_the_operator_is_no_other(reader, tell, decided):
    own = {"name": "Hộ kinh doanh Đỗ Văn Được", "form": "household", "phone": "0912 345 678"}
    tell(("operator", OPERATOR, own), ("operator", TWIN, {**own, "merged_into": OPERATOR}))
    decided(window(), operator=OPERATOR)
    decided(window(), operator=TWIN)

    assert law_of(record(reader, code=LATCH)[1]).startswith(NOT_FOUND)
    assert law_of(record(reader)[1]).startswith(REPEAT)


def test_on_the_day_it_changes_hands_the_new_operator_answers(db, tell, decided):
    decided(window())
    tell(("operator", TWIN, {"name": "Công ty TNHH Ánh Dương", "form": "enterprise"}))
    place = {**find(db, "establishment", DONG_DO).state, "operator/2": {"from": TODAY.isoformat(), "operator": TWIN}}

    day, eve = TODAY, TODAY - timedelta(days=1)

    assert subject(db, place, eve).find(LATE, eve.isoformat()).answer is Answer.REPEAT
    assert subject(db, place, day).find(LATE, day.isoformat()).answer is Answer.NOT_FOUND


def test_before_the_first_fetch_nobody_can_tell(db):
    place = find(db, "establishment", DONG_DO).state
    with writing(db) as conn:
        put_meta(conn, "cursor", "")

    assert subject(db, place, date(2026, 1, 1)).find(LATE, "2026-01-01").answer is Answer.CANNOT_TELL


def test_when_the_lease_has_ended_no_answer_is_shown_and_recording_goes_on(reader, db, decided):
    decided(window())
    with writing(db) as conn:
        put_meta(conn, "clock_seen", "2099-01-01T00:00:00Z")

    said = law_of(record(reader)[1])

    assert REPEAT not in said
    assert "12/QĐ-XPHC" not in said
    assert "Hạn kết nối lại đã hết" in said


def section(html):
    found = re.search(r'<section class="card law".*?</section>', html, re.DOTALL)
    assert found, "no section on the page"
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


def test_the_page_of_a_place_says_for_each_group_what_was_found(reader, decided):
    latch = {"act_group": LATCH, "codes": [LATCH], "decision": "d2", "number": "30/QĐ"}
    decided(window(), window(**latch, answer="cannot_tell", missing=[["remedies", "30/QĐ"]]))

    said = section(reader.text(f"/co-so/{DONG_DO}"))

    assert f"Karaoke hoạt động ngoài 8h-24h {REPEAT}" in said
    assert f"Đặt chốt cửa bên trong {CANNOT_TELL}" in said
    assert "Quyết định số 30/QĐ: biện pháp khắc phục hậu quả." in said
    assert REFERENCE in said


def test_the_page_of_a_place_without_any_decision_says_where_it_was_looked(reader, tell):
    said = section(reader.text(f"/co-so/{DONG_DO}"))

    assert NOT_FOUND in said
    assert "Máy chủ chưa giữ quyết định xử phạt nào." in said


def test_the_page_of_a_place_hides_it_when_the_lease_has_ended(reader, db, decided):
    decided(window())
    with writing(db) as conn:
        put_meta(conn, "clock_seen", "2099-01-01T00:00:00Z")

    said = section(reader.text(f"/co-so/{DONG_DO}"))

    assert REPEAT not in said
    assert "12/QĐ-XPHC" not in said


def table(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def accesses(db):
    rows = db.conn.execute("SELECT line FROM own WHERE kind = 'access' AND waiting = 1 ORDER BY local")
    return [read(row[0]).body for row in rows]


def test_the_sanctions_of_a_place_are_shown_once_it_is_written_down_why(reader, db, decided):
    open_end = {"from": "2027-01-01", "to": "", "answer": "cannot_tell", "missing": [["main", "12/QĐ-XPHC"]]}
    decided(window(), window(**open_end))
    path = f"/co-so/{DONG_DO}/xu-phat"

    assert "12/QĐ-XPHC" not in reader.text(path)
    answer = reader.post(path, {"purpose": "Quyết định kiểm tra số 12/QĐ-ĐKT"}, seen=path)

    said = table(answer.text)
    assert "Số 12/QĐ-XPHC ngày" in said
    assert "Karaoke hoạt động ngoài 8h-24h (NĐ 38/2021 Đ.15.5.b)" in said
    assert "01/01/2027 chưa có Chưa đủ thông tin để xác định" in said
    assert REFERENCE in said
    assert accesses(db) == [
        {"establishment": DONG_DO, "what": "sanctions", "purpose": "Quyết định kiểm tra số 12/QĐ-ĐKT"}
    ]
    assert "Nhật ký tra cứu xử phạt" in reader.text("/gui-nhan")


@pytest.mark.parametrize("purpose", ["", "  ", "x" * 301])
def test_without_a_purpose_nothing_is_shown_and_nothing_written(reader, db, decided, purpose):
    decided(window())
    path = f"/co-so/{DONG_DO}/xu-phat"

    answer = reader.post(path, {"purpose": purpose}, seen=path)

    assert answer.status_code == 422
    assert "12/QĐ-XPHC" not in answer.text
    assert 'id="wrong-purpose"' in answer.text
    assert accesses(db) == []


def test_when_the_lease_has_ended_the_sanctions_do_not_open(reader, db, decided):
    decided(window())
    with writing(db) as conn:
        put_meta(conn, "clock_seen", "2099-01-01T00:00:00Z")

    answer = reader.get(f"/co-so/{DONG_DO}/xu-phat")

    assert "Hạn kết nối lại đã hết" in answer.text
    assert 'name="purpose"' not in answer.text


def test_all_of_it_is_english_at_the_press_of_a_button(reader, decided):
    lacks = [[what.value, "12/QD"] for what in Lacks]
    ascii_only = {"number": "12/QD", "authority": "Chair", "complaint_from": TODAY.isoformat()}
    decided(window(**ascii_only, answer="cannot_tell", missing=lacks))
    reader.client.set_cookie(LANGUAGE, "en", domain="127.0.0.1")
    path = f"/co-so/{DONG_DO}/xu-phat"
    beside = record(reader)[1]
    part = re.search(r'data-part="law-0">.*?</div>', beside, re.DOTALL)
    section = re.search(r'<section class="card law".*?</section>', reader.text(f"/co-so/{DONG_DO}"), re.DOTALL)
    pages = [part[0], section[0].replace("Chủ tịch UBND xã", ""), reader.text(path)]
    pages.append(reader.post(path, {"purpose": ""}, seen=path).text)
    pages.append(reader.post(path, {"purpose": "12/QD"}, seen=path).text)

    left = [text for page in pages for text in left_in_vietnamese(page, NAMES) if "NĐ" not in text]

    assert left == []
    assert "Not enough is known to tell" in pages[0]
    assert "Day of full execution missing for Decision No. 12/QD: main sanction." in pages[0]
