"""One place at the office: its page, its forms, who changed what; operators beside it."""

import json
import re
from html import unescape

import pytest

from schemas.ids import new_id
from schemas.items import write
from server.arrivals.ingest import ingest
from server.arrivals.prepare import Sender
from server.office import edit, make, state_of

COMMUNE, ELSEWHERE = "new:15664", "new:15682"


def text(page):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.get_data(as_text=True))).split())


def fields(page):
    """Return what a browser would send back of the page's main form, as it is shown."""
    form = page.text[page.text.index('<form method="post" class="card"') :]
    found = dict(re.findall(r'<input id="([^"]+)" name="[^"]+" value="([^"]*)"', form))
    for name, options in re.findall(r'<select id="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    found["seen"] = re.search(r'name="seen" value="([^"]*)"', form)[1] if "seen" in form else ""
    found["csrf_token"] = re.search(r'name="csrf_token" value="([^"]+)"', form)[1]
    return {name: unescape(value) for name, value in found.items()}


def token(client):
    return re.search(r'name="csrf_token" value="([^"]+)"', client.get("/co-so/moi").text)[1]


def state(office, id, kind="establishment"):
    return state_of(office.db.conn, kind, id)


def spans(office, id, group):
    found = [value for path, value in state(office, id).items() if path.startswith(group + "/")]
    return sorted(found, key=lambda one: one["from"])


def operators(office, *names):
    return office.enter("operator", *({"name": name, "form": "household"} for name in names))


def from_a_day(office, place, what, **form):
    client = office.client()
    sent = {"csrf_token": token(client), "what": what, f"{what}.from": "05/11/2026", **form}
    return client.post(f"/co-so/{place}/tu-ngay", data=sent, follow_redirects=True)


def test_the_page_shows_facts_spans_papers_visits_and_assignments(office):
    old, new = operators(office, "Hộ Nam", "Cty Bắc")
    team = office.enter("team", {"name": "Đội 178 xã", "level": "commune", "epoch": "new", "area": "15664"})[0]
    office.team = team
    place = office.place(
        "Karaoke Đông Đô", phone="0912345678",
        **{"operator/1": {"from": "2019-01-01", "operator": old}, "operator/2": {"from": "2024-03-01", "operator": new},
           "licence/1": {"type": "antt_certificate", "number": "7/ANTT", "from": "2020-01-01", "to": "2025-01-01"}},
    )  # fmt: skip
    office.visit(place, "2026-05-06")
    office.enter("assignment", {"establishment": place, "team": team, "basis": "planned", "given_on": "2026-11-01",
                                "expires_on": "2099-12-31", "reserved": False, "withdrawn": False})  # fmt: skip

    page = office.client().get(f"/co-so/{place}")

    said = text(page)
    assert "Chủ cơ sở Cty Bắc 01/03/2024 nay" in said
    assert "Chủ cơ sở Hộ Nam 01/01/2019 29/02/2024" in said
    assert "số 7/ANTT" in said and "Đã hết hạn" in said
    assert "06/05/2026 Đội 178 xã Theo kế hoạch Không phát hiện vi phạm" in said
    assert "Hạn thực hiện 31/12/2099" in said
    assert re.search(r'href="/cuoc-kiem-tra/[0-9a-f-]+">06/05/2026', page.text)


@pytest.mark.parametrize(("what", "form", "group", "expected"), [
    ("status", {"status": "paused"}, "status", {"from": "2026-11-05", "status": "paused"}),
    ("place", {"unit": ELSEWHERE, "address": "Thôn 9"}, "place",
     {"from": "2026-11-05", "epoch": "new", "unit": "15682", "address": "Thôn 9"}),
    ("kinds", {"kinds": ["karaoke", "massage"]}, "kind", {"from": "2026-11-05", "kind": "massage"}),
])  # fmt: skip
def test_what_happens_from_a_day_is_a_span_from_that_day(office, what, form, group, expected):
    place = office.place()

    page = from_a_day(office, place, what, **form)

    assert "Đã lưu." in text(page)
    assert spans(office, place, group)[-1] == expected


def test_a_new_operator_is_entered_with_the_change_of_hands(office):
    place = office.place()

    from_a_day(office, place, "operator", operator="Cty Ánh Dương", form="enterprise", registration="2801234567")

    (span,) = spans(office, place, "operator")
    assert state(office, span["operator"], "operator") == {
        "name": "Cty Ánh Dương", "form": "enterprise", "registration": "2801234567"
    }  # fmt: skip


def test_an_operator_of_that_name_in_the_area_is_offered_before_a_second_one_is_made(office):
    known = office.enter("operator", {"name": "Cty Ánh Dương", "form": "enterprise"})[0]
    office.place("Nơi khác của chủ này", **{"operator/1": {"from": "2019-01-01", "operator": known}})
    place = office.place()

    page = from_a_day(office, place, "operator", operator="CTY ANH DUONG", form="enterprise")

    assert page.status_code == 422
    assert f'value="{known}"' in page.text
    from_a_day(office, place, "operator", operator="CTY ANH DUONG", operator_id=known)
    assert spans(office, place, "operator")[0]["operator"] == known


@pytest.mark.parametrize(("what", "form", "sentence"), [
    ("status", {"status": "sleeping"}, "Chọn tình trạng hoạt động."),
    ("status", {"status": "closed", "status.from": "31/02/2026"}, "Ngày không đúng"),
    ("place", {"unit": "new:1"}, "Chọn xã trong địa bàn."),
    ("kinds", {}, "Chọn ít nhất một loại hình."),
    ("operator", {}, "Nhập tên chủ cơ sở mới."),
    ("operator", {"operator": "Cty Mới"}, "Chọn hình thức của chủ cơ sở."),
])  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_changed(office, what, form, sentence):
    place = office.place()
    before = state(office, place)

    page = from_a_day(office, place, what, **form)

    assert page.status_code == 422
    assert sentence in text(page)
    assert state(office, place) == before
    assert not office.db.conn.execute("SELECT 1 FROM things WHERE kind = 'operator'").fetchone()


def test_every_field_is_corrected_on_one_form(office):
    place = office.place("Karaoke Đông Đô", **{"licence/a": {"type": "antt_certificate", "number": "1"}})
    client = office.client()
    form = fields(client.get(f"/co-so/{place}/sua"))
    form |= {"name": "Karaoke Đông Đô 2", "phone": "0373 123 456", "address": "Số 9", "point": "19,8075; 105,7764",
             "status/1.from": "01/02/2018", "licence/a.number": "2/ANTT", "licence/a.to": "15/3/2027",
             "new.type": "operating_licence", "new.number": "88/GP"}  # fmt: skip

    client.post(f"/co-so/{place}/sua", data=form)

    now = state(office, place)
    assert (now["name"], now["phone"]) == ("Karaoke Đông Đô 2", "0373 123 456")
    assert (now["place/1"]["address"], now["place/1"]["lat"]) == ("Số 9", 19.8075)
    assert now["status/1"]["from"] == "2018-02-01"
    assert now["licence/a"] == {"type": "antt_certificate", "number": "2/ANTT", "to": "2027-03-15"}
    assert {"type": "operating_licence", "number": "88/GP"} in now.values()


def test_only_what_was_touched_is_part_of_the_edit(office):
    place = office.place()
    client = office.client()

    client.post(f"/co-so/{place}/sua", data=fields(client.get(f"/co-so/{place}/sua")) | {"phone": "0912345678"})

    (line,) = office.db.conn.execute("SELECT line FROM items ORDER BY seq DESC LIMIT 1").fetchone()
    assert list(json.loads(line)["body"]["set"]) == ["phone"]


def test_what_somebody_changed_meanwhile_is_asked_for_again_with_what_was_typed(office):
    place = office.place(phone="1")
    client = office.client()
    form = fields(client.get(f"/co-so/{place}/sua"))
    make(office.db, [edit("establishment", place, {"phone": "2"}, {"phone": "1"})], author="khác", at=office.at)

    page = client.post(f"/co-so/{place}/sua", data=form | {"phone": "3", "name": "Tên mới"})

    assert page.status_code == 422
    assert "Mục này vừa được đổi thành “2”" in text(page)
    assert 'value="Tên mới"' in page.text
    assert state(office, place)["phone"] == "2"


@pytest.mark.parametrize(("changed", "sentence"), [
    ({"name": ""}, "Nhập tên cơ sở."),
    ({"status/1.from": "32/1/2020"}, "Ngày không đúng"),
    ({"unit": "new:1"}, "Chọn xã trong địa bàn."),
    ({"point": "200, 300"}, "vĩ độ ghi trước"),
    ({"new.number": "5"}, "Chọn loại giấy."),
])  # fmt: skip
def test_a_correction_that_does_not_hold_comes_back_at_its_field(office, changed, sentence):
    place = office.place()
    client = office.client()

    page = client.post(f"/co-so/{place}/sua", data=fields(client.get(f"/co-so/{place}/sua")) | changed)

    assert page.status_code == 422
    assert sentence in text(page)


def new_place(client, **more):
    form = {"csrf_token": token(client), "name": "Massage Ánh Dương", "kinds": "massage", "unit": COMMUNE,
            "status": "open", "opened_on": "15/3/2026", "address": "Số 5", **more}  # fmt: skip
    return client.post("/co-so/moi", data=form)


def test_a_new_place_is_entered_with_its_operator_and_papers(office):
    answer = new_place(office.client(), operator="Hộ Lan", form="household", **{"antt_certificate.number": "7/ANTT"})

    made = state(office, answer.location.rpartition("/")[2])
    assert made["name"] == "Massage Ánh Dương"
    spans_of = {path.partition("/")[0]: value for path, value in made.items() if "/" in path}
    assert spans_of["place"] == {"from": "2026-03-15", "epoch": "new", "unit": "15664", "address": "Số 5"}
    assert spans_of["licence"]["number"] == "7/ANTT"
    assert state(office, spans_of["operator"]["operator"], "operator")["name"] == "Hộ Lan"


def test_a_place_that_may_be_there_already_is_offered_and_entered_all_the_same_when_said_so(office):
    office.place("Đông Đô", phone="0912345678")
    client = office.client()

    page = new_place(client, name="Quán karaoke Đông Đô", kinds="karaoke", phone="0912 345 678")

    assert page.status_code == 422
    assert "Có thể cơ sở này đã có trong danh sách" in text(page)
    assert new_place(client, name="Quán karaoke Đông Đô", phone="0912345678", new="1").status_code == 303


@pytest.mark.parametrize(("changed", "sentence"), [
    ({"name": " "}, "Nhập tên cơ sở."), ({"kinds": ""}, "Chọn ít nhất một loại hình."),
    ({"unit": ""}, "Chọn xã trong địa bàn."), ({"opened_on": "xyz"}, "Ngày không đúng"),
    ({"phone": "9" * 61}, "60 ký tự"), ({"operator": "Cty"}, "Chọn hình thức"),
])  # fmt: skip
def test_a_new_place_that_does_not_hold_is_not_entered(office, changed, sentence):
    page = new_place(office.client(), **changed)

    assert page.status_code == 422
    assert sentence in text(page)
    assert not office.db.conn.execute("SELECT 1 FROM establishments").fetchone()


def test_who_changed_what_and_when_stands_with_what_was_there_before(office):
    place = office.place("Karaoke Đông Đô", phone="1")
    client = office.client()
    client.post(f"/co-so/{place}/sua", data=fields(client.get(f"/co-so/{place}/sua")) | {"phone": "0912345678"})

    page = client.get(f"/co-so/{place}/thay-doi?muc=phone")

    assert re.search(r"coordinator old:397 0 .*Điện thoại: 1 → 0912345678", text(page))
    assert "Tên cơ sở: Karaoke" not in text(page)


def test_an_edit_that_did_not_see_what_stood_there_is_shown_beside_it(office):
    place = office.place(phone="1")
    make(office.db, [edit("establishment", place, {"phone": "2"}, {"phone": "1"})], author="test", at=office.at)
    late = write(kind="establishment", id=place, base=None, device=office.device, run=office.device, device_seq=900,
                 author="Lê Thị Hạnh", recorded_at="2026-11-19T15:00:00Z",
                 body={"set": {"phone": "3"}, "was": {"phone": "1"}})  # fmt: skip
    ingest(office.db, [late], Sender(office.device, None), office.at)

    said = text(office.client().get(f"/co-so/{place}/thay-doi"))

    assert "Lê Thị Hạnh" in said
    assert "Điện thoại: 1 → 3 hai bản khác nhau" in said


def test_a_place_elsewhere_is_refused_and_one_that_is_not_there_is_not_found(office):
    place = office.place(unit=ELSEWHERE)
    client = office.client("coordinator", COMMUNE)

    for path in ("", "/sua", "/thay-doi"):
        assert client.get(f"/co-so/{place}{path}").status_code == 403
        assert client.get(f"/co-so/{new_id()}{path}").status_code == 404
    sent = {"csrf_token": token(client), "what": "status", "status": "closed", "status.from": "01/01/2026"}
    assert client.post(f"/co-so/{place}/tu-ngay", data=sent).status_code == 403


def test_a_merged_record_leads_to_the_survivor_and_is_taken_apart_on_its_page(office):
    one, other = office.place("Karaoke A"), office.place("Karaoke B")
    make(office.db, [edit("establishment", other, {"merged_into": one}, {})], author="test", at=office.at)
    client = office.client()

    assert "Hồ sơ này đã gộp vào Karaoke A" in text(client.get(f"/co-so/{other}"))
    assert "Karaoke B" in text(client.get(f"/co-so/{one}"))
    client.post(f"/co-so/{other}/tach-lai", data={"csrf_token": token(client)})
    assert "merged_into" not in state(office, other)


def test_an_operator_is_corrected_with_its_places_from_day_to_day(office):
    owner, next_one = operators(office, "Hộ Nam", "Hộ Bắc")
    place = office.place("Karaoke A", **{"operator/1": {"from": "2019-01-01", "operator": owner},
                                         "operator/2": {"from": "2024-03-01", "operator": next_one}})  # fmt: skip
    client = office.client()

    page = client.get(f"/chu-co-so/{owner}/sua?co-so={place}")
    answer = client.post(f"/chu-co-so/{owner}/sua", data=fields(page) | {"registration": "26D8-1", "co-so": place})

    assert "Karaoke A 01/01/2019 29/02/2024" in text(page)
    assert answer.location == f"/co-so/{place}"
    assert state(office, owner, "operator")["registration"] == "26D8-1"
    assert "Số đăng ký: 26D8-1" in text(client.get(f"/chu-co-so/{owner}/sua"))


def test_an_operator_of_another_area_is_refused(office):
    owner = office.enter("operator", {"name": "Hộ Nam", "form": "household"})[0]
    office.place(unit=ELSEWHERE, **{"operator/1": {"from": "2019-01-01", "operator": owner}})

    assert office.client("coordinator", COMMUNE).get(f"/chu-co-so/{owner}/sua").status_code == 403


def test_an_operator_that_was_merged_is_taken_apart_on_its_page(office):
    one, other = office.enter("operator", {"name": "A", "form": "household"}, {"name": "B", "form": "household"})
    make(office.db, [edit("operator", other, {"merged_into": one}, {})], author="test", at=office.at)
    client = office.client()

    assert "đã gộp vào “A”" in text(client.get(f"/chu-co-so/{other}/sua"))
    client.post(f"/chu-co-so/{other}/tach-lai", data={"csrf_token": token(client)})
    assert "merged_into" not in state(office, other, "operator")
