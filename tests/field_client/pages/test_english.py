"""The laptop in English: every page, right or with much wrong in it, and the switch that leads there and back."""

import pytest

from schemas.language import LANGUAGE
from tests.english import left_in_vietnamese
from tests.field_client.pages.furnish import AREA, DONG_DO, HOA_SEN, MEMBERS, OPERATOR, OTHER_VISIT, SON_CA

NAMES = {
    *("Đội kiểm tra liên ngành 178 xã Triệu Sơn", "Máy đội xã Triệu Sơn", "Hộ kinh doanh Đỗ Văn Được"),
    *("Karaoke Đông Đô", "Xoa bóp Hoa Sen", "Nhà nghỉ Sơn Ca", "Phố Giắt, thị trấn cũ", "Thôn 3", "Đường tỉnh 514"),
    *(part for _key, *parts in MEMBERS for part in parts if part),
    *("Bình", "Cường"),
}  # fmt: skip
PAGES = ["/", "/co-so", "/co-so?tim=khongco", "/co-so/moi", "/gui-nhan", "/dang-ky", "/can-xem-lai", "/cap-nhat",
         "/gui-nhan/cac-lan", "/the-mang-theo",
         "/kiem-chung", "/kiem-chung?ma=1", "/khong-co", "/co-so/khong-co",
         "/co-so/in?tim=karaoke&loai=karaoke&ton-tai=1", f"/co-so/{DONG_DO}/sua", f"/chu-co-so/{OPERATOR}/sua",
         "/co-so/moi/trung?name=dong+do", "/chu-co-so/tim?tim=do+van",
         f"/co-so/{DONG_DO}", f"/co-so/{HOA_SEN}", f"/co-so/{SON_CA}",
         f"/cuoc-kiem-tra/{OTHER_VISIT}"]  # fmt: skip


@pytest.fixture
def english(reader):
    """A browser in which English was chosen."""
    reader.client.set_cookie(LANGUAGE, "en", domain="127.0.0.1")
    return reader


def left(answer):
    """List what an answer says in Vietnamese; citations of law stand as they are."""
    return [text for text in left_in_vietnamese(answer.text, NAMES) if not _is_citation(text)]


def _is_citation(text):
    return any(mark in text for mark in ("NĐ", "Đ.", "Đ1", "TT ", "Luật", "NQ"))


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_english_but_for_names_and_what_was_typed(english, path):
    answer = english.get(path)

    assert '<html lang="en"' in answer.text or "<html" not in answer.text
    assert left(answer) == []


def test_the_form_of_a_visit_is_english_also_when_much_is_wrong(english):
    draft = english.begin()
    fresh = english.get(f"/cuoc-kiem-tra/{draft}")
    saved = english.save(
        draft, date="31/2/2026", started="25:99", workers__total="many", outcome="violations", basis="unscheduled",
        ground="a worker named Lan, phone 0912345678", violations__0__text="x" * 5000, violations__0__code="",
        answers__COM_01="fail",
    )  # fmt: skip
    wrong = english.post(f"/cuoc-kiem-tra/{draft}", {"do": "finalise"})

    assert left(fresh) == []
    assert wrong.status_code == 422
    assert left(wrong) == []
    assert "looks like" in saved.get_json()["marks"]["ground"][0]


def test_an_attempt_its_end_and_its_draft_are_english(english):
    draft = english.begin(kind="attempt")
    pages = [english.get(f"/cuoc-kiem-tra/{draft}"), english.get(f"/cuoc-kiem-tra/{draft}/bo")]
    pages.append(english.post(f"/cuoc-kiem-tra/{draft}", {"do": "finalise"}))
    english.save(draft, outcome="closed_tonight", remark="locked")
    english.post(f"/cuoc-kiem-tra/{draft}", {"do": "finalise", "asked": "1"})
    visit = f"/cuoc-kiem-tra/{draft}"
    pages += [english.get(path) for path in (visit, "/", "/gui-nhan", f"{visit}/huy")]

    assert [left(page) for page in pages] == [[]] * len(pages)


def test_what_is_wrong_with_a_new_place_and_a_round_is_said_in_english(english):
    pages = [english.post("/co-so/moi", {}), english.post("/dot-kiem-tra", {"decision": "x" * 200}),
             english.post("/dang-ky", {"code": "x"}, seen="/dang-ky"), english.post("/gui-nhan/nhan-usb", {}),
             english.post("/co-so/moi", {"name": "Karaoke Đông Đô", "kinds": "karaoke", "unit": "new:15664",
                                         "phone": "0912 345 678"})]  # fmt: skip

    assert [left(page) for page in pages] == [[]] * len(pages)


def test_the_switch_leads_to_the_other_language_and_back_to_the_same_page(reader):
    page = "/co-so?tim=dong"
    answer = reader.client.post("/hien-thi", data={"language": "en", "back": page}, base_url="http://127.0.0.1:8179")
    there = reader.text(page)
    reader.client.post("/hien-thi", data={"language": "vi", "back": page}, base_url="http://127.0.0.1:8179")

    assert answer.location == page
    assert "Search" in there
    assert ">Tiếng Việt</button>" in there
    assert ">English</button>" in reader.text(page)


@pytest.mark.parametrize("back", ["https://example.org/", "//example.org", "/\\example.org", "x", ""])
def test_the_switch_leads_nowhere_else(reader, back):
    answer = reader.client.post("/hien-thi", data={"language": "en", "back": back}, base_url="http://127.0.0.1:8179")

    assert answer.location == "/"


@pytest.mark.parametrize("asked", ["fr", "", "en; x", "../vi"])
def test_a_language_that_is_not_ours_is_vietnamese(reader, asked):
    reader.client.post("/hien-thi", data={"language": asked, "back": "/"}, base_url="http://127.0.0.1:8179")

    assert '<html lang="vi"' in reader.text("/")


AS_THE_MACHINE = "screen and (prefers-color-scheme: dark)"


@pytest.mark.parametrize(
    ("asked", "media"), [("", AS_THE_MACHINE), ("dark", "screen"), ("light", "not all"), ("pink", AS_THE_MACHINE)]
)
def test_the_dark_colours_hold_where_they_were_asked_for_and_never_on_paper(reader, asked, media):
    reader.client.post("/hien-thi", data={"look": asked, "back": "/"}, base_url="http://127.0.0.1:8179")

    assert f'dark.css" media="{media}"' in reader.text("/")


def test_correcting_a_place_is_english_also_when_much_is_wrong(english):
    path = f"/co-so/{DONG_DO}/sua"
    form = {"name": "", "phone": "9" * 99, "unit": "", "point": "x", "seen": "{}", "new.number": "1",
            "licence/1.from": "x", "status/1.from": ""}  # fmt: skip
    wrong = english.post(path, form, seen=path)
    steps = [
        english.post(f"/co-so/{DONG_DO}/tu-ngay", {"what": what, f"{what}.from": "x"}, seen=path)
        for what in ("status", "operator", "place", "kinds")
    ]
    english.post(f"/co-so/{DONG_DO}/tu-ngay", {"what": "status", "status": "paused"}, seen=path)

    assert wrong.status_code == 422
    assert [left(page) for page in (wrong, *steps, english.get(path))] == [[]] * 6


def test_a_new_place_with_much_wrong_in_it_is_english(english):
    form = {"operator": "x", "opened_on": "1/1/2040", "point": "200, 200", "operating_licence.from": "2/2/2026",
            "operating_licence.to": "1/1/2026"}  # fmt: skip
    wrong = english.post("/co-so/moi", form)
    alike = english.post("/co-so/moi", {"name": "Dong Do", "kinds": "karaoke", "unit": AREA, "status": "open"})

    assert (wrong.status_code, alike.status_code) == (422, 422)
    assert (left(wrong), left(alike)) == ([], [])


def test_taking_a_place_and_letting_go_are_english(english, db):
    pages = [english.post(f"/co-so/{HOA_SEN}/nhan", {}), english.get(f"/co-so/{HOA_SEN}"), english.get("/co-so")]
    (id,) = [row[0] for row in db.conn.execute("SELECT id FROM assignments")]
    pages += [english.get("/"), english.get("/gui-nhan"), english.post(f"/phan-cong/{id}/bo", {}), english.get("/")]

    assert [left(page) for page in pages] == [[]] * len(pages)


def test_what_is_open_and_to_be_done_is_english(english):
    draft = english.begin(DONG_DO)
    english.save_fields(
        draft,
        {"outcome": "violations", "answers.COM-13": "fail", "violations.0.text": "x", "workers.under_18": "1",
         "crime_signs": "1", "basis": "unscheduled", "trigger": "signs", "ground": "y"},
    )  # fmt: skip
    asked = english.post(f"/cuoc-kiem-tra/{draft}", {"do": "finalise"})
    assert left(english.get(asked.location)) == []
    english.post(f"/cuoc-kiem-tra/{draft}", {"do": "finalise", "asked": "1"})
    again = english.begin(DONG_DO, kind="recheck")

    for path in (f"/cuoc-kiem-tra/{draft}", f"/cuoc-kiem-tra/{again}", f"/co-so/{DONG_DO}", "/"):
        assert left(english.get(path)) == [], path
