"""Every page of the laptop, right or with something wrong in it, can be listened to and walked by keyboard."""

import pytest

from schemas.minutes_code import short_of
from tests.field_client.pages.furnish import DONG_DO, OPERATOR, OTHER_VISIT, furnish
from tests.markup import faults

PAGES = ["/", "/co-so", "/co-so?tim=dong", "/co-so?tim=khongco", f"/co-so/{DONG_DO}", "/co-so/moi", "/gui-nhan",
         f"/cuoc-kiem-tra/{OTHER_VISIT}", f"/cuoc-kiem-tra/{OTHER_VISIT}/bien-ban", "/mau-trong", "/gui-nhan/cac-lan",
         f"/mau-trong?co-so={DONG_DO}", "/khong-co", "/dang-ky", "/can-xem-lai", "/cap-nhat", "/co-so/in",
         f"/co-so/{DONG_DO}/sua", f"/chu-co-so/{OPERATOR}/sua", "/nguoi-ghi", "/mo-khoa",
         "/mo-khoa/quen", "/mo-khoa/dung-lai", "/bao-ve", "/the-mang-theo",
         "/kiem-chung", "/kiem-chung?ma=1", f"/kiem-chung?ma={short_of('0' * 64).digits}"]  # fmt: skip
NO_PAGES = {"/gui-nhan/tien-do", "/healthz", "/mau-trong.pdf", "/co-so/danh-sach", "/cap-nhat/tien-do", "/co-so.csv",
            "/co-so/moi/trung", "/chu-co-so/tim", "/mo-khoa/con-mo"}


@pytest.mark.parametrize("path", PAGES)
def test_a_page_can_be_listened_to(reader, path):
    assert faults(reader.get(path, follow_redirects=True).text) == []


def test_the_form_of_a_draft_can_be_listened_to_also_when_much_is_wrong(reader):
    draft = reader.begin()
    path = f"/cuoc-kiem-tra/{draft}"
    fresh = reader.text(path)
    reader.save(
        draft, date="31/2/2026", started="25:99", workers__total="nhiều", outcome="violations", basis="unscheduled",
        members__9__name="A", members__9__card="9" * 300, violations__0__text="x" * 5000, violations__0__code="",
    )  # fmt: skip

    wrong = reader.post(path, {"do": "finalise", "asked": "1"})

    assert wrong.status_code == 422
    assert faults(fresh) == []
    assert faults(wrong.text) == []


def test_the_form_of_an_attempt_and_the_question_before_a_draft_goes_can_be_listened_to(reader):
    draft = reader.begin(kind="attempt")

    assert faults(reader.text(f"/cuoc-kiem-tra/{draft}")) == []
    assert faults(reader.text(f"/cuoc-kiem-tra/{draft}/bo")) == []
    assert faults(reader.post(f"/cuoc-kiem-tra/{draft}", {"do": "finalise", "asked": "1"}).text) == []


def test_a_new_place_and_an_outing_with_nothing_in_them_can_be_listened_to(reader):
    assert faults(reader.post("/co-so/moi", {}).text) == []
    assert faults(reader.post("/dot-kiem-tra", {"decision": "x" * 200}).text) == []


def test_the_first_page_of_a_new_laptop_can_be_listened_to(open_pages, tmp_path):
    new = open_pages(furnish(tmp_path / "mới", enrolled=False))

    assert faults(new.text("/dang-ky")) == []
    assert faults(new.post("/dang-ky", {"code": "x"}, seen="/dang-ky").text) == []


def test_every_page_that_a_person_opens_is_among_them(reader):
    pages = {
        rule.rule for rule in reader.app.url_map.iter_rules() if "GET" in rule.methods and "<" not in rule.rule
    }  # fmt: skip

    assert pages - NO_PAGES <= set(PAGES)
