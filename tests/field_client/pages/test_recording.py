"""Recording a visit: saved as one types, and nothing typed is ever lost."""

import pytest

from field_client.pages import form
from tests.field_client.pages.furnish import HOA_SEN
from tests.field_client.pages.steps import do, fields, finalise, whole


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
    assert told["marks"]["date"][0].startswith("Thứ sáu 20/11/2026")
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


def test_papers_of_the_representative_are_pointed_out_beside_the_name(reader):
    draft = reader.begin()

    told = reader.save_fields(draft, {"representative": "Nguyễn Văn A, 038123456789"}).get_json()

    assert "số giấy tờ tùy thân" in told["marks"]["representative"][0]
    assert 'data-mark="representative"' in reader.text(f"/cuoc-kiem-tra/{draft}")


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


def test_half_a_letter_in_a_pasted_text_does_not_stop_the_saving(reader):
    draft = reader.begin()

    answer = reader.save(draft, remark="Biển hiệu \ud83d cũ")

    assert answer.status_code == 200
    assert "Biển hiệu ? cũ" in reader.text(f"/cuoc-kiem-tra/{draft}")


def test_an_error_at_a_member_is_tied_to_the_field(reader):
    draft = reader.begin()
    reader.save(draft, members__7__name="A", members__7__card="9" * 300)

    page = reader.post(f"/cuoc-kiem-tra/{draft}", {"do": "finalise", "asked": "1"}).text

    assert 'id="wrong-members.7.card"' in page
    assert 'aria-describedby="wrong-members.7.card"' in page
