"""The office in English: every page, right or with something wrong in it, and the switch that leads there and back."""

import re

import pytest

from schemas.ids import new_id
from schemas.issued_plans import issued
from schemas.items import name_of, read
from schemas.language import LANGUAGE
from schemas.work import standing_tasks, unit_checklist
from server.arrivals.ingest import ingest
from server.arrivals.prepare import Sender
from server.changes import apply_one
from server.clock import local_day, now
from tests.english import left_in_vietnamese
from tests.server.pages.conftest import COMMUNE, DISTRICT, NAMES
from tests.server.pages.test_markup import PAGES, pages_of_the_register

ISSUED = {text for one in issued() for text in (one.name, one.issued_by, one.number_note)}  # in the plans' own words
KNOWN = {
    *ISSUED,
    *NAMES, "Máy A", "Máy B", "Máy C", "Kế hoạch phòng, chống mại dâm", "Số 12, phố Giắt", "QUÁN KARAOKE ĐÔNG ĐÔ",
    "Lê Thị Hạnh", "Nguyễn Văn An", "Lê Thị Bình", "Trần Văn Cường", "Hộ bà Hạnh", "86/KH-UBND", "Văn phòng",
    "Theo ông Tư, gọi 0912345678", "ông Tư", *(one.source for one in (*standing_tasks(), *unit_checklist().questions)),
}  # fmt: skip


@pytest.fixture
def english(busy):
    """A coordinator's browser in which English was chosen, and a year's work to look at."""
    client = busy.client()
    client.set_cookie(LANGUAGE, "en")
    return client


def left(answer):
    """List what an answer says in Vietnamese; citations of law stand as they are."""
    return [text for text in left_in_vietnamese(answer.text, KNOWN) if not _is_citation(text)]


def _is_citation(text):
    return any(mark in text for mark in ("NĐ", "Đ.", "Luật")) or re.match(r"ND[0-9]+-[\w.đ-]+($|: [a-z]|[ ,]+ND)", text)


def token(client):
    return client.get("/").text.partition('name="csrf_token" value="')[2].partition('"')[0]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_english_but_for_names(english, path):
    answer = english.get(path)

    assert '<html lang="en"' in answer.text
    assert left(answer) == []


def test_signing_in_is_english_also_after_a_slip(busy):
    client = busy.app().test_client()
    client.set_cookie(LANGUAGE, "en")
    form = client.get("/dang-nhap")
    known = form.text.partition('name="csrf_token" value="')[2].partition('"')[0]
    again = client.post("/dang-nhap", data={"csrf_token": known, "name": "someone", "password": "wrong"})

    assert [left(form), left(again)] == [[], []]
    assert "not right" in again.text


def test_the_pages_of_one_place_are_english_also_after_a_slip(busy, english):
    pages = pages_of_the_register(busy, english)

    known = KNOWN | {"Mã cơ sở", "Tên cơ sở", "Loại hình", "Mã xã", "Bản đồ"}  # headers of the file that was sent
    assert [left_in_vietnamese(page.text, known) for page in pages] == [[]] * len(pages)


def test_laptops_and_what_is_asked_before_one_goes_are_english(busy, english):
    ids = [
        busy.laptop("Máy A", at="2026-11-19T15:00:00Z", unsent=2, earliest="2026-11-05", clock_offset_s=-4000),
        busy.laptop("Máy B", at="2026-10-01T15:00:00Z", drafts=1, version="0.0.9"), busy.laptop("Máy C"),
    ]  # fmt: skip
    paths = ["/may-tinh", "/", *(f"/may-tinh/{id}/{what}" for id in ids for what in ("khoa", "ngung-dung"))]
    pages = [english.get(path) for path in paths]
    pages += [english.post(path, data={"csrf_token": token(english)}) for path in paths[2:]]
    english.post(f"/may-tinh/{ids[0]}/khoa", data={"csrf_token": token(english), "reason": "lost"})
    form = {"csrf_token": token(english), "don-vi": DISTRICT}
    pages += [english.get("/may-tinh"), english.post("/may-tinh/dang-ky", data=form),
              english.post("/may-tinh/goi-du-lieu/nhan", data=form)]  # fmt: skip

    assert [left(page) for page in pages] == [[]] * len(pages)


def test_what_waits_for_a_decision_is_english(busy, english):
    wrong = busy.line(busy.place(unit=COMMUNE), outcome="fine", date="2026-13-01", members=[])
    missing = busy.line("018f0000-0000-7000-8000-00000000dead")
    ingest(busy.db, [wrong, missing], Sender(busy.device, None), busy.at)
    pages = [english.get(path) for path in ("/can-duyet", *(f"/can-duyet/{name_of(one)}" for one in (wrong, missing)))]
    pages += [english.post(f"/can-duyet/{name_of(wrong)}", data={"csrf_token": token(english), "do": "mend"})]

    assert "To be put right" in pages[0].text
    assert [left(page) for page in pages] == [[]] * len(pages)


def test_records_that_may_be_one_are_shown_in_english(busy, english):
    one, other = (busy.place(name, phone="0912 345 678") for name in ("Karaoke Đông Đô", "QUÁN KARAOKE ĐÔNG ĐÔ"))
    before = english.get("/can-duyet/trung")
    form = {"csrf_token": token(english), "kind": "establishment", "one": one, "other": other, "do": "keep-one"}
    after = english.post("/can-duyet/trung", data=form, follow_redirects=True)

    assert "Same telephone number" in before.text
    assert [left(before), left(after)] == [[], []]


def test_the_switch_leads_to_the_other_language_and_back_to_the_same_page(busy):
    client = busy.client()
    page = "/ty-le-kiem-tra?nam=2026"
    answer = client.post("/hien-thi", data={"language": "en", "back": page})
    there = client.get(page)
    client.post("/hien-thi", data={"language": "vi", "back": page})

    assert answer.location == page
    assert "Share inspected" in there.text
    assert "Tỷ lệ cơ sở được kiểm tra" in client.get(page).text


def test_nobody_has_to_sign_in_to_choose_and_no_session_begins(busy):
    client = busy.app().test_client()

    answer = client.post("/hien-thi", data={"language": "en", "look": "dark", "back": "/dang-nhap"})

    assert answer.location == "/dang-nhap"
    assert all(value.startswith("doi178-") for value in answer.headers.getlist("Set-Cookie"))
    assert 'data-look="dark"' in client.get("/dang-nhap").text


def test_assignments_are_english_also_when_one_is_refused(busy, english):
    team = busy.enter("team", {"name": "Đội 178", "level": "commune", "epoch": "new", "area": "15664"})[0]
    place = busy.place(code="TS-001")
    reserved = {"establishment": place, "team": team, "basis": "unscheduled", "given_on": "2026-11-20",
                "expires_on": "2099-12-31", "reserved": True, "withdrawn": False}  # fmt: skip
    (id,) = busy.enter("assignment", reserved)
    form = {"csrf_token": token(english), "co-so": "TS-999", "doi": team, "hinh-thuc": "planned", "han": "2026-12-01"}
    pages = [english.get("/phan-cong"), english.post("/phan-cong", data=form)]
    pages.append(english.post(f"/phan-cong/{id}/bo", data=form, follow_redirects=True))
    pages.append(english.get("/phan-cong/theo-doi"))

    assert [left(page) for page in pages] == [[]] * len(pages)


def test_a_visit_its_answers_and_what_is_asked_before_several_are_accepted_are_english(busy, english):
    acts = [{"id": new_id(), "text": "Nguyễn Văn An"}]
    line = busy.line(busy.place(unit=COMMUNE), members=[], outcome="violations", violations=acts, started="20:00",
                     answers={"COM-13": "fail"}, notes={"COM-13": "Lê Thị Bình"}, workers={"under_18": 1}, informed=2,
                     found_working=True, basis="unscheduled", trigger="signs", crime_signs=True,
                     ground="Hộ bà Hạnh")  # fmt: skip
    assert [one.standing for one in ingest(busy.db, [line], Sender(busy.device, None), busy.at).answers] == ["accepted"]
    id = read(line).id
    for asked in (
        {"do": "correct", "changes": {"ended": "22:40"}, "reason": "Trần Văn Cường"},
        {"do": "review", "review": "issues", "comment": "Hộ bà Hạnh"}, {"do": "comment", "comment": "Văn phòng"},
        {"do": "paper", "happening": "original", "original": "handwritten"}, {"do": "duty", "duty": "violation-record"},
    ):  # fmt: skip
        assert apply_one(busy.db, {"inspection": id, **asked}, author="Lê Thị Hạnh", at=busy.at)["standing"], asked
    path = f"/cuoc-kiem-tra/{id}"
    pages = [english.get(one) for one in (f"{path}?duyet=1", "/can-duyet/cuoc-kiem-tra?trang-thai=tat-ca",
                                          f"/can-duyet/cuoc-kiem-tra/duyet?cuoc={id}")]  # fmt: skip
    form = {"csrf_token": token(english)}
    pages += [english.post(f"{path}/duyet", data=form | {"do": do}) for do in ("accepted", "issues", "rejected")]
    pages += [english.post(f"{path}/duyet", data=form | {"do": "issues", "comment": "0912 345 678"}),
              english.post(f"{path}/giay-to", data=form | {"do": "numbered"}),
              english.post(f"{path}/y-kien", data=form),
              english.post("/viec-phai-lam", data=form | {"inspection": id, "duty": "child-call"})]  # fmt: skip

    assert [page.status_code for page in pages] == [200] * 3 + [422] * 7
    assert [left(page) for page in pages] == [[]] * len(pages)


def test_lists_weights_and_tips_are_english_also_when_they_are_refused(busy, english):
    place = busy.place(code="TS-001", unit=COMMUNE)
    token_ = {"csrf_token": token(english)}
    year = local_day(now()).year
    drawn = english.post("/phan-cong/de-xuat", data=token_ | {"don-vi": COMMUNE, "nam": year + 1, "chi-tieu": "50"})
    listed = drawn.location
    line = re.search(rf"{listed}/([0-9a-f-]{{36}})", english.get(listed).text)[0]
    said = {"number": "1", "received_on": "1/5/2026", "channel": "letter", "establishment": "TS-001"}
    english.post("/tin-bao/moi", data=token_ | said)
    tip = re.search(r"/tin-bao/[0-9a-f-]{36}", english.get("/tin-bao?tu=1/1/2026").text)[0]

    pages = [
        *(english.get(path) for path in (listed, line, f"{listed}?tinh-lai=1", "/phan-cong/trong-so", tip)),
        english.get("/tin-bao?tu=1/1/2026"), english.get("/phan-cong/de-xuat"),
        english.post("/phan-cong/de-xuat", data=token_ | {"don-vi": COMMUNE, "nam": "2019", "chi-tieu": "500"}),
        english.post(line, data=token_ | {"viec": "doi", "tu": f"{year + 1}-05", "den": f"{year + 1}-01"}),
        english.post("/phan-cong/trong-so", data=token_ | {"tip": "x"}),
        english.post("/tin-bao/moi", data=token_ | said | {"content": "Theo ông Tư, gọi 0912345678", "verified": ""}),
        english.post("/tin-bao/moi", data=token_),
    ]  # fmt: skip

    assert place
    assert [left(page) for page in pages] == [[]] * len(pages)


def test_the_work_of_the_year_is_english_also_after_a_slip(busy):
    client, epoch = busy.client(area="new:38"), {"epoch": "new"}
    client.set_cookie(LANGUAGE, "en")
    form, year = {"csrf_token": token(client)}, local_day(now()).year
    one = busy.enter("unit_inspection", epoch | {
        "unit": "15664", "on": "2026-10-05", "body": "Văn phòng", "members": 3, "version": 1, "mend_by": "2026-10-06",
        "answer/KTX-02": {"answer": "fail", "note": ""}})[0]  # fmt: skip
    said = busy.enter("list_proposal", epoch | {"unit": "15664", "year": year, "asks": "other", "text": "ông Tư",
                                                "proposed_on": "2026-10-05", "standing": "proposed"})[0]  # fmt: skip
    here, path = "/viec-trong-nam", f"/viec-trong-nam/kiem-tra-cong-tac/{one}"
    pages = [client.get(each) for each in (here, f"{here}/nhiem-vu/TD1", f"{here}/kiem-tra-cong-tac", path,
                                           f"{path}/sua", f"{here}/ra-soat", f"{here}/kien-nghi/{said}",
                                           f"{here}/kiem-tra-cong-tac/them?xa={COMMUNE}")]  # fmt: skip
    wrong = {f"{here}/nhiem-vu/HD1": {"tinh-trang": "done"}, f"{path}/khac-phuc": {}, f"{path}/huy": {},
             f"{here}/kiem-tra-cong-tac/them": {}, f"{here}/ra-soat": {}, f"{here}/ra-soat/chot": {},
             f"{here}/kien-nghi/{said}": {"ket-qua": "refused"}}  # fmt: skip
    slips = [client.post(each, data=form | more) for each, more in wrong.items()]

    assert [page.status_code for page in (*pages, *slips)] == [200] * len(pages) + [422] * len(slips)
    assert [left(page) for page in (*pages, *slips)] == [[]] * len(pages + slips)


def test_the_law_is_english_also_when_a_form_is_sent_back(busy):
    operator = busy.enter("operator", {"name": "Ho A", "form": "household"})[0]
    place = busy.place(unit=COMMUNE, **{"operator/1": {"from": "2019-01-01", "operator": operator}})
    acts = [{"id": new_id(), "text": "X"}, {"id": new_id(), "code": "ND38-15.5b", "text": "X"}]
    line = busy.line(place, outcome="violations", violations=acts)
    assert [one.standing for one in ingest(busy.db, [line], Sender(busy.device, None), busy.at).answers] == ["accepted"]
    state = {"number": "1", "authority": "X", "operator": operator, "establishment": place, "codes": ["ND38-15.5b"],
             "decided_on": "2026-03-10", "sanction": "fine", "ordered": ["main"], "remedies_done_on": "no",
             "complaint_from": "2026-03-20", "evasion_from": "2026-04-01", "evasion_to": "2026-04-02",
             "suspension/activity": {"what": "activity", "from": "2026-04-01", "to": "2026-09-30"}}  # fmt: skip
    (id,), visit = busy.enter("decision", state), read(line).id
    client = busy.client("legal", COMMUNE)
    client.post("/hien-thi", data={"language": "en", "back": "/"})
    pages = [client.get(path) for path in (
        "/quyet-dinh", f"/quyet-dinh/{id}", f"/quyet-dinh/{id}/sua", "/quyet-dinh/moi?tim=ho+a",
        f"/quyet-dinh/moi?cuoc-kiem-tra={visit}", f"/tai-pham?chu-co-so={operator}&ma=ND38-15.5b&ngay=1/6/2026",
        "/danh-muc", "/danh-muc/hanh-vi/ND38-15.5b@2021-06-01", "/danh-muc/nhom", "/danh-muc/nhom/ND38-15.5b",
        "/danh-muc/hanh-vi-moi", "/danh-muc/chua-co-ma",
    )]  # fmt: skip
    form = {"csrf_token": token(client)}
    pages += [client.post("/quyet-dinh/moi", data=form | {"operator": operator, "establishment": place}),
              client.post("/danh-muc/hanh-vi", data=form), client.post("/danh-muc/nhom", data=form | {"codes": "x"}),
              client.post("/danh-muc/chua-co-ma",
                          data=form | {"inspection": visit, "violation": acts[0]["id"]})]  # fmt: skip

    source = "hồ sơ tổng hợp quy định 22/11/2026"  # what was read, by its own name
    typed = {"Karaoke hoạt động ngoài 8h-24h", source, f"read in a secondary source: {source}"}  # as in their fields

    assert [page.status_code for page in pages] == [200] * 12 + [422] * 4
    assert [set(left(page)) - typed for page in pages] == [set()] * len(pages)
