"""Closing a visit for signature: once, with everything put right, as a visit or as an attempt; and correcting it."""

import json
import re
from datetime import UTC, datetime

import pytest

from field_client import drafts, rounds, visits
from field_client.clock import now
from field_client.pages import form
from tests.field_client.pages.furnish import DONG_DO, HOA_SEN, OTHER_VISIT, TEAM
from tests.field_client.pages.steps import do, fields, finalise, whole


def test_a_visit_is_closed_for_signature_and_waits_to_be_sent(reader, db):
    draft = reader.begin()
    whole(reader, draft, date="hôm nay", **{"answers.COM-01": "pass", "found_working": "1"})

    answer = finalise(reader, draft)

    assert answer.status_code == 303
    page = reader.text(answer.location)
    assert "Chờ gửi" in page
    assert "Sau khi chốt, muốn sửa phải đính chính" in page
    found = visits.find(db, draft)
    assert found.body["answers"] == {"COM-01": "pass"}
    assert found.body["team"] == TEAM
    assert found.body["found_working"] is True
    assert len(found.body["members"]) == 3
    assert drafts.all_drafts(db) == []


def test_closing_twice_and_saving_after_it_change_nothing(reader, db):
    draft = reader.begin()
    whole(reader, draft)
    finalise(reader, draft)
    before = [row["line"] for row in db["own"].rows]

    late = reader.save(draft, remark="lần ba")
    again = finalise(reader, draft, remark="lần hai")

    assert again.status_code == 303
    assert "không thay đổi gì" in reader.text(again.location)
    assert late.status_code == 409
    assert late.get_json()["finished"] is True
    assert [row["line"] for row in db["own"].rows] == before


def test_what_must_be_put_right_is_said_at_the_field_and_everything_typed_stays(reader, db):
    draft = reader.begin()
    sent = {"date": "31/2", "started": "khuya", "basis": "unscheduled", "workers.total": "mười", "remark": "đã gõ dài"}

    answer = finalise(reader, draft, **sent)

    assert answer.status_code == 422
    for sentence in ("Ngày không đúng; nhập ngày/tháng/năm, ví dụ 05/11/2026.", "Giờ không đúng", "Chọn kết quả.",
                     "Nhập một số nguyên"):  # fmt: skip
        assert sentence in answer.text, sentence
    for typed in ("31/2", "khuya", "mười", "đã gõ dài"):
        assert typed in answer.text
    assert 'data-focus="date"' in answer.text
    assert fields(db, draft)["remark"] == "đã gõ dài"
    assert db["own"].count == 0


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"outcome": "violations"}, "Kết quả là có vi phạm: chọn ít nhất một hành vi."),
        ({"basis": "unscheduled"}, "Chọn căn cứ đột xuất."),
        ({"basis": "unscheduled", "trigger": "signs"}, "Ghi rõ căn cứ"),
        ({"date": "1/1/2062"}, "ở sau hôm nay"),
        ({"date": "1/1/1999"}, "trước khi có Nghị định 178/2004"),
        ({"remark": "x" * 10_001}, "Dài quá 10000 ký tự"),
        ({"remark": "a\x00b"}, "ký tự không lưu được"),
        ({"informed": "2000000"}, "từ 0 đến 1.000.000"),
        ({"basis": "surprise"}, "Chọn hình thức kiểm tra."),
        ({"date": ""}, "Chưa nhập mục này."),
    ],
)
def test_each_rule_has_its_sentence(reader, sent, sentence):
    draft = reader.begin()
    whole(reader, draft)

    answer = finalise(reader, draft, **sent)

    assert answer.status_code == 422
    assert sentence in answer.text


def test_an_uncoded_act_needs_its_words(reader, db):
    draft = reader.begin()
    whole(reader, draft, outcome="violations")
    do(reader, draft, "add-violation")

    answer = finalise(reader, draft)
    assert answer.status_code == 422
    assert "ghi hành vi khác" in answer.text

    reader.save_fields(
        draft, {"violations.0.text": "Hành vi chưa có trong danh mục", "violations.0.citation": "NĐ 1/2026"}
    )
    assert finalise(reader, draft).status_code == 303
    assert visits.find(db, draft).body["violations"][0]["text"] == "Hành vi chưa có trong danh mục"


def test_too_few_members_are_marked_and_block_nothing(reader):
    draft = reader.begin()
    reader.save_fields(draft, {"outcome": "no_violation", "roster.m1": "1"})

    assert "Thiếu thành phần: mới có 01 người" in reader.text(f"/cuoc-kiem-tra/{draft}")
    assert finalise(reader, draft).status_code == 303


def test_an_attempt_says_why_and_leaves_out_what_was_not_inspected(reader, db):
    draft = reader.begin(HOA_SEN, kind="attempt")
    reader.save_fields(draft, {"answers.COM-01": "pass", "workers.total": "5"})
    do(reader, draft, "add-violation:ND282-X-antt")

    wrong = finalise(reader, draft)
    assert "Chọn lý do không kiểm tra được." in wrong.text
    wrong = finalise(reader, draft, outcome="closed_tonight")
    assert "Ghi lý do không kiểm tra được" in wrong.text
    assert form.rows(fields(db, draft), "violations"), "what was typed stays until the record is made"
    assert finalise(reader, draft, remark="Cửa khóa").status_code == 303

    body = visits.find(db, draft).body
    assert body["outcome"] == "closed_tonight"
    assert not {"answers", "violations", "workers"} & set(body)


def test_a_visit_becomes_an_attempt_and_a_visit_again_with_all_that_was_typed(reader, db):
    draft = reader.begin()
    reader.save_fields(draft, {"answers.COM-01": "fail", "statement": "đồng ý"})

    do(reader, draft, "to-attempt")
    assert "Lý do" in reader.text(f"/cuoc-kiem-tra/{draft}")
    do(reader, draft, "to-visit")

    page = reader.text(f"/cuoc-kiem-tra/{draft}")
    assert "đồng ý" in page
    assert fields(db, draft)["answers.COM-01"] == "fail"


def test_answers_that_are_not_asked_on_the_day_are_not_sent(reader, db):
    draft = reader.begin(HOA_SEN)
    drafts.save(db, draft, {"answers.KAR-01": "pass", "notes.KAR-01": "x", "answers.COM-01": "pass"}, at=now())
    whole(reader, draft)

    finalise(reader, draft)

    assert visits.find(db, draft).body["answers"] == {"COM-01": "pass"}


def test_a_correction_gives_its_reason_and_is_the_next_revision(reader, db):
    draft = reader.begin()
    whole(reader, draft)
    finalise(reader, draft)

    opened = reader.post(f"/cuoc-kiem-tra/{draft}/dinh-chinh", {})
    assert opened.location.endswith(draft)
    assert "Đính chính cuộc kiểm tra" in reader.text(opened.location)
    assert "Ghi lý do đính chính." in finalise(reader, draft, remark="bổ sung").text
    assert finalise(reader, draft, reason="ghi thiếu").status_code == 303

    found = visits.find(db, draft)
    assert (found.body["revision"], found.body["reason"], found.body["remark"]) == (2, "ghi thiếu", "bổ sung")
    assert "Lần 2" in reader.text(f"/cuoc-kiem-tra/{draft}")


def test_a_correction_that_changes_nothing_says_so_and_makes_no_revision(reader, db):
    draft = reader.begin()
    whole(reader, draft)
    finalise(reader, draft)
    reader.post(f"/cuoc-kiem-tra/{draft}/dinh-chinh", {})

    shown = reader.text(finalise(reader, draft).location)

    assert "không sửa mục nào" in shown
    assert "Đã chốt nội dung" not in shown
    assert len(visits.find(db, draft).revisions) == 1


def test_the_finished_visit_can_be_read_while_it_is_corrected(reader):
    draft = reader.begin()
    whole(reader, draft)
    finalise(reader, draft)
    reader.post(f"/cuoc-kiem-tra/{draft}/dinh-chinh", {})

    assert "Làm tiếp bản đính chính" in reader.text(f"/cuoc-kiem-tra/{draft}?xem=da-chot")


def test_a_draft_is_thrown_away_only_after_asking(reader, db):
    draft = reader.begin()

    assert "không lấy lại được" in reader.text(f"/cuoc-kiem-tra/{draft}/bo")
    assert len(drafts.all_drafts(db)) == 1
    reader.post(f"/cuoc-kiem-tra/{draft}/bo", {})
    assert drafts.all_drafts(db) == []
    gone = reader.save(draft, remark="x")
    assert gone.status_code == 404
    assert "Không có bản nháp này" in gone.get_json()["detail"]


def test_a_visit_of_another_laptop_is_read(reader):
    page = reader.text(f"/cuoc-kiem-tra/{OTHER_VISIT}")

    assert "Hồ sơ của máy khác" in page
    assert "Karaoke Đông Đô" in page


def test_the_place_that_was_inspected_this_year_asks_for_the_ground_at_once(reader):
    page = reader.text(f"/cuoc-kiem-tra/{reader.begin(DONG_DO)}")

    assert "trùng lặp" in page
    assert "only-unscheduled" not in page.split('name="ground"')[0].rpartition('<div class="fields')[2]


def test_it_works_without_the_script(reader, db):
    draft = reader.begin()

    answer = do(reader, draft, "save", remark="gõ tay", **{"roster.m1": ["", "1"]})

    assert answer.status_code == 303
    assert fields(db, draft)["remark"] == "gõ tay"
    assert "m1" in form.rows(fields(db, draft), "members")


def test_an_unknown_button_only_saves(reader, db):
    draft = reader.begin()

    assert do(reader, draft, "explode:all", remark="còn").status_code == 303
    assert fields(db, draft)["remark"] == "còn"


def test_a_visit_across_midnight_is_said_to_be_one(reader):
    told = reader.save(reader.begin(), started="2330", ended="0015").get_json()

    assert told["marks"]["ended"][0].startswith("Kết thúc vào ngày hôm sau")


@pytest.mark.parametrize(("day", "warned"), [("24/11/2026", False), ("25/11/2026", True)])
def test_after_midnight_a_start_still_to_come_points_to_the_day_before(reader, monkeypatch, day, warned):
    half_past_midnight = datetime(2026, 11, 24, 17, 30, tzinfo=UTC)
    monkeypatch.setattr("field_client.clock.best", lambda conn, at: half_past_midnight)

    told = reader.save(reader.begin(), date=day, started="2330", ended="0015").get_json()

    assert ("ghi ngày hôm trước" in told["marks"]["date"][0]) == warned


def test_a_record_too_long_to_send_is_refused_when_it_is_closed(reader, db):
    draft = reader.begin()
    whole(reader, draft)
    reader.save_fields(draft, {f"notes.COM-{n:02d}": "ă" * 999 for n in range(1, 25)})

    assert finalise(reader, draft).status_code == 303
    assert json.loads(next(iter(db["own"].rows))["line"])["kind"] == "inspection"


def test_the_leader_of_tonight_speaks_for_the_visit(reader, db):
    reader.post("/dot-kiem-tra", {"decision": "", "present": ["m1", "m2", "m4"]})
    draft = reader.begin()
    whole(reader, draft)
    finalise(reader, draft)

    assert rounds.current(db).leader == "Lê Thị Hạnh"
    assert json.loads(next(iter(db["own"].rows))["line"])["author"] == "Lê Thị Hạnh"


def test_an_outing_with_nobody_there_is_shown_again_as_it_was_ticked(reader):
    page = reader.post("/dot-kiem-tra", {"decision": "Số 9/QĐ", "present": [], "other_name": ["", ""]})

    assert page.status_code == 422
    assert "Chọn hoặc nhập ít nhất một người có mặt." in page.text
    assert 'name="present" value="m1"' in page.text
    assert not re.search(r'name="present"[^>]* checked', page.text)
    assert 'value="Số 9/QĐ"' in page.text
