"""Recording a visit: saved as one types, closed for signature once, nothing typed is ever lost."""

import json

import pytest

from field_client import drafts, rounds, visits
from field_client.clock import now
from field_client.pages import form
from tests.field_client.pages.furnish import DONG_DO, HOA_SEN, OTHER_VISIT, TEAM


def fields(db, draft):
    return drafts.load(db, draft).fields


def finalise(reader, draft, **sent):
    return reader.post(f"/cuoc-kiem-tra/{draft}", {"do": "finalise", **sent})


def do(reader, draft, what, **sent):
    return reader.post(f"/cuoc-kiem-tra/{draft}", {"do": what, **sent})


def test_the_form_asks_what_the_place_s_kinds_ask_for(reader):
    page = reader.text(f"/cuoc-kiem-tra/{reader.begin(HOA_SEN)}")

    assert "MAS-06" in page
    assert "LUU-01" in page
    assert "KAR-01" not in page
    assert page.count("khuyến nghị</span>") == 10


def test_a_second_click_on_begin_opens_the_same_draft(reader):
    assert reader.begin() == reader.begin()
    assert reader.begin(HOA_SEN, kind="attempt") == reader.begin(HOA_SEN, kind="attempt")


def test_what_is_typed_is_saved_and_answered_with_how_it_reads(reader, db):
    draft = reader.begin()

    answer = reader.save(draft, date="20/11/2026", started="2130", workers__total="12", remark=" giữ nguyên ")

    told = answer.get_json()
    assert told["shown"] == {"started": "21:30"}
    assert told["marks"]["date"] == ["Thứ sáu 20/11/2026", ""]
    assert len(told["saved"]) >= 8
    kept = fields(db, draft)
    assert (kept["date"], kept["started"], kept["workers.total"], kept["remark"]) == (
        "2026-11-20", "21:30", 12, " giữ nguyên ",
    )  # fmt: skip
    assert 'value="20/11/2026"' in reader.text(f"/cuoc-kiem-tra/{draft}")


def test_what_cannot_be_read_is_kept_as_it_was_typed(reader, db):
    draft = reader.begin()

    reader.save(draft, date="31/2", started="khuya", informed="mười")

    page = reader.text(f"/cuoc-kiem-tra/{draft}")
    for typed in ("31/2", "khuya", "mười"):
        assert f'value="{typed}"' in page


@pytest.mark.parametrize("body", [[], [1], "x", 5, None])
def test_a_body_that_is_no_form_is_said_to_be_none(reader, body):
    answer = reader.client.post(
        f"/cuoc-kiem-tra/{reader.begin()}/luu",
        json=body,
        headers={"X-CSRFToken": reader.token("/gui-nhan")},
        base_url="http://127.0.0.1:8179",
    )

    assert answer.status_code == 400
    assert "tải lại trang" in answer.get_json()["detail"]


def test_what_looks_like_a_person_s_data_is_pointed_out_and_saved_all_the_same(reader, db):
    draft = reader.begin()

    told = reader.save_fields(draft, {"notes.COM-10": "Nhân viên Nguyễn Thị Hoa, 038123456789"}).get_json()

    words, kind = told["marks"]["notes.COM-10"]
    assert "số giấy tờ tùy thân" in words
    assert "tên người lao động" in words
    assert kind == "warn"
    assert fields(db, draft)["notes.COM-10"].endswith("038123456789")
    whole(reader, draft)
    assert finalise(reader, draft).status_code == 303


@pytest.mark.parametrize("sent", [None, [], "x", {"date": 5}, {"date": None}])
def test_what_is_no_form_is_not_saved(reader, sent):
    assert reader.save_fields(reader.begin(), sent).status_code == 400


def test_names_that_the_form_does_not_have_change_nothing(reader, db):
    draft = reader.begin()
    before = fields(db, draft)

    reader.save_fields(
        draft, {"establishment": HOA_SEN, "id": "x", "void": "1", "answers.x": "pass", "members.0.age": "5"}
    )

    assert fields(db, draft) == before


def test_an_emptied_field_stays_empty(reader, db):
    draft = reader.begin()
    reader.save(draft, remark="abc")

    reader.save(draft, remark="", workers__total="")

    assert fields(db, draft)["remark"] == ""
    assert "abc" not in reader.text(f"/cuoc-kiem-tra/{draft}")


def test_tonight_s_members_and_decision_go_with_each_visit(reader, db):
    reader.post("/dot-kiem-tra", {"decision": "12/QĐ-UBND", "present": ["m1", "m2", "m4"]})

    page = reader.text(f"/cuoc-kiem-tra/{reader.begin()}")

    assert "Đủ thành phần (tối thiểu 03 người)" in page
    assert 'value="12/QĐ-UBND"' in page
    assert page.count('value="1" checked') == 3


def test_a_draft_begun_before_tonight_s_outing_takes_it_over(reader, db):
    draft = reader.begin()
    reader.save(draft, remark="đã gõ")
    reader.post("/dot-kiem-tra", {"decision": "12/QĐ-UBND", "present": ["m1", "m2", "m4"]})

    do(reader, draft, "from-round")

    kept = fields(db, draft)
    assert [row["name"] for row in form.rows(kept, "members").values()] == [
        "Lê Thị Hạnh",
        "Nguyễn Văn Được",
        "Trần Thị Mỹ Linh",
    ]
    assert kept["decision"] == "12/QĐ-UBND"
    assert kept["remark"] == "đã gõ"


def test_a_member_is_ticked_and_unticked(reader, db):
    draft = reader.begin()

    told = reader.save_fields(draft, {"roster.m1": "1"}).get_json()
    assert told["marks"]["members"] == ["Thiếu thành phần: mới có 01 người", "warn"]
    assert form.rows(fields(db, draft), "members")["m1"]["card"] == "TH-012"

    reader.save_fields(draft, {"roster.m1": ""})
    assert form.rows(fields(db, draft), "members") == {}


def test_a_member_s_card_past_its_day_is_pointed_out(reader):
    assert "Thẻ hết hạn ngày 30/06/2025" in reader.text(f"/cuoc-kiem-tra/{reader.begin()}")


def test_somebody_who_is_not_in_the_team_s_list_is_added_and_taken_away(reader, db):
    draft = reader.begin()

    do(reader, draft, "add-member")
    reader.save_fields(draft, {"members.0.name": "Vũ Thị Khách"})
    assert "Vũ Thị Khách" in reader.text(f"/cuoc-kiem-tra/{draft}")

    do(reader, draft, "drop-member:0")
    assert form.rows(fields(db, draft), "members") == {}


def test_the_rest_passes_except_what_is_answered_or_only_advised(reader, db):
    draft = reader.begin(HOA_SEN)
    reader.save_fields(draft, {"answers.COM-01": "fail"})

    do(reader, draft, "rest-pass")

    kept = fields(db, draft)
    assert kept["answers.COM-01"] == "fail"
    assert kept["answers.COM-02"] == kept["answers.MAS-01"] == "pass"
    assert "answers.MAS-06" not in kept


def test_a_failed_item_leads_to_its_acts_and_an_advisory_one_to_none(reader):
    draft = reader.begin(HOA_SEN)
    reader.save_fields(draft, {"answers.COM-02": "fail", "answers.MAS-06": "fail"})

    page = reader.text(f"/cuoc-kiem-tra/{draft}")

    assert "Từ các mục không đạt" in page
    assert page.count('value="add-violation:') == 1


def test_acts_are_those_in_force_on_the_day_of_the_visit(reader):
    draft = reader.begin()

    reader.save(draft, date="1/3/2021")
    assert "ND38-15.2" not in reader.text(f"/cuoc-kiem-tra/{draft}")

    reader.save(draft, date="1/3/2026")
    assert "ND38-15.2" in reader.text(f"/cuoc-kiem-tra/{draft}")


def test_an_act_is_added_once_and_taken_away(reader, db):
    draft = reader.begin()

    first = do(reader, draft, "add-violation", add_code="ND38-15.6b")
    do(reader, draft, "add-violation:ND38-15.6b")
    rows = form.rows(fields(db, draft), "violations")
    assert [row["code"] for row in rows.values()] == ["ND38-15.6b"]
    assert first.location.endswith("?tiep=violations.0.facts")

    do(reader, draft, "drop-violation:0")
    assert form.rows(fields(db, draft), "violations") == {}


def test_no_fine_is_shown_where_a_visit_is_recorded(reader):
    draft = reader.begin()
    do(reader, draft, "add-violation:ND38-15.6b")

    page = reader.text(f"/cuoc-kiem-tra/{draft}")

    assert "000" not in page.split('id="s-violations"')[1].split("Kết luận")[0].replace(draft, "").replace("0000", "")
    assert "UNKNOWN" not in page


def test_an_act_that_is_not_in_force_any_more_is_pointed_out(reader):
    draft = reader.begin()
    do(reader, draft, "add-violation:ND38-15.6b")

    reader.save(draft, date="1/3/2021")

    assert "Không có hiệu lực vào ngày kiểm tra" in reader.text(f"/cuoc-kiem-tra/{draft}")


def whole(reader, draft, **changes):
    """Fill a draft in as far as it must be."""
    reader.save_fields(
        draft, {"outcome": "no_violation", "roster.m1": "1", "roster.m2": "1", "roster.m4": "1", **changes}
    )


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
