"""On the pages: what is known at the door, earlier findings, duties, children, and what is asked before closing."""

import pytest

from field_client import duties, findings, visits
from field_client.clock import now
from field_client.records import record
from schemas.ids import new_id
from tests.field_client.pages.furnish import DONG_DO, HOA_SEN, TEAM
from tests.field_client.pages.steps import do, fields, finalise, whole

THREE = [{"name": name, "card": "1"} for name in ("An", "Bình", "Cường")]


@pytest.fixture
def earlier(db):
    """A visit of last month that left one item and one violation open."""
    body = {"establishment": DONG_DO, "team": TEAM, "date": "2026-10-05", "basis": "planned", "members": THREE,
            "outcome": "violations", "answers": {"COM-13": "fail"}, "notes": {"COM-13": "Bản cũ năm 2019"},
            "violations": [{"code": "ND38-15.2", "facts": "Không đeo biển tên"}]}  # fmt: skip
    return record(db, new_id(), body, at=now()).id


def row(db, visit, finding):
    return f"followed.{visit}_{finding}".replace("-", "_")


def test_the_place_and_the_record_say_what_is_open_and_how_old_that_is(reader, earlier):
    for page in (reader.text(f"/co-so/{DONG_DO}"), reader.text(f"/cuoc-kiem-tra/{reader.begin()}")):
        assert "Cần biết tại cơ sở" in page
        assert "02 tồn tại chưa khắc phục" in page
        assert "Không đạt: Có bản cam kết của chủ cơ sở với UBND cấp xã" in page
        assert "hết hạn ngày 01/01/2024" in page
        assert "Theo số liệu nhận về lúc" in page


def test_a_finding_is_marked_in_the_form_and_stands_in_the_record(reader, db, earlier):
    draft = reader.begin()
    name = row(db, earlier, "COM-13")

    reader.save_fields(draft, {f"{name}.resolved": "1"})
    told = reader.save_fields(draft, {f"{name}.seen": "Đã ký ngày 01/11"}).get_json()

    assert f"{name}.resolved" not in told["missing"]
    whole(reader, draft)
    assert finalise(reader, draft).status_code == 303
    assert visits.find(db, draft).body["followed"] == [
        {"inspection": earlier, "finding": "COM-13", "resolved": True, "seen": "Đã ký ngày 01/11"}
    ]
    assert [one.code for one in findings.open_at(db, DONG_DO)] == ["ND38-15.2"]
    assert "Đã ký ngày 01/11" in reader.text(f"/cuoc-kiem-tra/{draft}")


def test_what_is_taken_back_in_the_form_says_nothing(reader, db, earlier):
    draft = reader.begin()
    name = row(db, earlier, "COM-13")

    reader.save_fields(draft, {f"{name}.seen": "x"})
    reader.save_fields(draft, {f"{name}.seen": ""})

    assert not [path for path in fields(db, draft) if path.startswith("followed")]


def test_what_was_seen_without_saying_whether_it_is_resolved_is_asked_for_at_its_field(reader, db, earlier):
    draft = reader.begin()
    name = row(db, earlier, "COM-13")
    whole(reader, draft, **{f"{name}.seen": "Đang làm"})

    page = finalise(reader, draft)

    assert page.status_code == 422
    assert f'data-error-for="{name}.resolved"' in page.text
    assert "Chưa nhập mục này." in page.text


def test_a_finding_that_nobody_knows_cannot_be_sent_in(reader, db, earlier):
    draft = reader.begin()

    reader.save_fields(draft, {"followed.x.resolved": "1"})

    assert not [path for path in fields(db, draft) if path.startswith("followed")]


def test_a_correction_keeps_what_was_followed_and_can_change_it(reader, db, earlier):
    draft = reader.begin()
    reader.save_fields(draft, {f"{row(db, earlier, 'COM-13')}.resolved": "1"})
    whole(reader, draft)
    finalise(reader, draft)

    reader.post(f"/cuoc-kiem-tra/{draft}/dinh-chinh", {}, seen=f"/cuoc-kiem-tra/{draft}")
    reader.save_fields(draft, {"followed.0.resolved": "0", "reason": "Đánh dấu nhầm"})
    assert finalise(reader, draft).status_code == 303

    [said] = visits.find(db, draft).body["followed"]
    assert (said["finding"], said["resolved"]) == ("COM-13", False)
    assert len(findings.open_at(db, DONG_DO)) == 2


def test_a_finding_is_resolved_from_the_place_s_page(reader, db, earlier):
    form = {"inspection": earlier, "finding": "COM-13", "on": "hôm nay", "how": "papers", "seen": "Bản cam kết mới"}

    wrong = reader.post(f"/co-so/{DONG_DO}/khac-phuc", {**form, "seen": " "}, seen=f"/co-so/{DONG_DO}")
    assert wrong.status_code == 422
    assert "Ghi đã thấy gì" in wrong.text
    late = reader.post(f"/co-so/{DONG_DO}/khac-phuc", {**form, "on": "1/1/2062"}, seen=f"/co-so/{DONG_DO}")
    assert "ở sau hôm nay" in late.text

    assert reader.post(f"/co-so/{DONG_DO}/khac-phuc", form, seen=f"/co-so/{DONG_DO}").status_code == 303
    page = reader.text(f"/co-so/{DONG_DO}")
    assert "01 tồn tại đã khắc phục" in page
    assert "qua tài liệu: Bản cam kết mới" in page
    assert "Còn 2 hồ sơ chờ gửi" in reader.text("/gui-nhan")


def test_a_duty_is_done_on_the_first_page_and_taken_back_on_the_visit_s(reader, db):
    draft = reader.begin(HOA_SEN)
    whole(reader, draft)
    finalise(reader, draft)
    assert "Việc phải làm sau kiểm tra" in reader.text("/")

    reader.post("/viec-phai-lam", {"duty": "report-results", "inspection": draft, "do": "done"})
    assert "Việc phải làm sau kiểm tra" not in reader.text("/")
    assert "Đã làm" in reader.text(f"/cuoc-kiem-tra/{draft}")

    back = reader.post("/viec-phai-lam", {"duty": "report-results", "inspection": draft, "do": "undo", "back": draft})
    assert draft in back.location
    assert [task.due.row.id for task in duties.to_do(db, now())] == ["report-results"]


def test_a_limit_that_nobody_confirmed_says_so(reader):
    draft = reader.begin(HOA_SEN)
    whole(reader, draft)
    finalise(reader, draft)

    assert "thời hạn chưa có xác nhận của pháp chế" in reader.text("/")


def test_people_under_18_open_the_steps_and_ask_for_a_call(reader, db):
    draft = reader.begin()
    assert "việc làm ngay" not in reader.text(f"/cuoc-kiem-tra/{draft}")

    told = reader.save(draft, workers__under_18="2").get_json()

    assert "child_called" in told["missing"]
    page = reader.text(f"/cuoc-kiem-tra/{draft}")
    assert "Có 02 người dưới 18 tuổi: việc làm ngay" in page
    assert "<strong>111</strong>" in page
    reader.save(draft, child_called="1", child_called_at="2310")
    assert fields(db, draft)["child_called_at"] == "23:10"
    whole(reader, draft)
    finalise(reader, draft)
    body = visits.find(db, draft).body
    assert (body["workers"]["under_18"], body["child_called"], body["child_called_at"]) == (2, True, "23:10")


def test_what_is_pointed_out_is_asked_about_once_and_then_closed_as_it_is(reader, db):
    draft = reader.begin()
    whole(reader, draft, remark="Nhân viên Nguyễn Thị Hoa vắng mặt")

    asked = reader.post(f"/cuoc-kiem-tra/{draft}", {"do": "finalise"})

    assert asked.status_code == 303
    page = reader.text(asked.location)
    assert "trước khi chốt" in page
    assert "mục của nội dung kiểm tra chưa trả lời" in page
    assert "có vẻ là tên người lao động" in page
    assert 'data-focus="finalise"' in page
    assert finalise(reader, draft).status_code == 303


def test_what_is_wrong_is_said_before_what_is_only_pointed_out(reader):
    draft = reader.begin()

    page = reader.post(f"/cuoc-kiem-tra/{draft}", {"do": "finalise"}).text

    assert "Chưa chốt được" in page
    assert "to-ask" not in page


def test_personal_data_is_covered_by_a_button_without_the_script(reader, db):
    draft = reader.begin()
    reader.save(draft, remark="Nhân viên Nguyễn Thị Hoa, 0912345678")

    do(reader, draft, "cover:remark")

    assert fields(db, draft)["remark"] == "[đã che], [đã che]"


def test_the_rest_is_taken_back_where_nobody_has_changed_it_since(reader, db):
    draft = reader.begin()
    reader.save_fields(draft, {"answers.COM-01": "fail"})

    done = do(reader, draft, "rest-pass")
    assert "Hoàn tác: bỏ" in reader.text(done.location)
    reader.save_fields(draft, {"answers.COM-02": "na"})
    do(reader, draft, "rest-back:COM-02.COM-03.COM-04")

    kept = fields(db, draft)
    assert (kept["answers.COM-01"], kept["answers.COM-02"]) == ("fail", "na")
    assert "answers.COM-03" not in kept
    assert kept["answers.COM-05"] == "pass"


def test_a_second_check_in_the_year_asks_for_ground_and_evidence(reader, db):
    draft = reader.begin()

    told = reader.save(draft, started="2100").get_json()

    assert {"ground", "evidence"} <= set(told["missing"])
    assert told["marks"]["basis"][0].startswith("Cơ sở đã được kiểm tra trong năm")
    told = reader.save(draft, ground="Đơn số 12", evidence="Đơn, ảnh").get_json()
    assert "basis" not in told["marks"]
    assert "ground" not in told["missing"]


def test_signs_of_crime_lead_to_the_hand_over(reader, db):
    draft = reader.begin(HOA_SEN)

    told = reader.save(draft, crime_signs="1").get_json()

    assert "24 giờ" in told["marks"]["crime_signs"][0]
    whole(reader, draft)
    finalise(reader, draft)
    assert visits.find(db, draft).body["crime_signs"] is True
    assert "Chuyển hồ sơ có dấu hiệu tội phạm" in reader.text("/")


def test_a_re_check_asks_for_its_findings_and_not_for_the_whole_list(reader, db, earlier):
    draft = reader.begin()

    told = reader.save(draft, basis="recheck").get_json()

    assert not [name for name in told["missing"] if name.startswith("answers.")]
    assert f"{row(db, earlier, 'COM-13')}.resolved" in told["missing"]
