"""The office's page of assignments: what is open in the area, sending a team, taking that back."""

import re
from datetime import timedelta
from html import unescape

import pytest

from server.clock import local_day, now
from server.office import state_of, things
from tests.markup import faults

COMMUNE, ELSEWHERE = "new:15664", "new:15682"
SOON = local_day(now()) + timedelta(days=30)
PATH = "/phan-cong"


@pytest.fixture
def team(office):
    return office.enter("team", {"name": "Đội 178", "level": "commune", "epoch": "new", "area": "15664"})[0]


def post(client, path=PATH, **form):
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(PATH).text)[1]
    return client.post(path, data={"csrf_token": token, **form})


def given(team, **changes):
    return {"co-so": "TS-001", "doi": team, "hinh-thuc": "planned", "han": SOON.isoformat(), **changes}


def text(answer):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def test_a_team_is_sent_and_the_page_says_so_until_it_is_taken_back(office, team):
    office.place(code="TS-001")
    client = office.client(area=COMMUNE)

    assert post(client, **given(team)).location == PATH
    page = client.get(PATH)
    assert "1 phân công còn hạn" in text(page)
    assert f"Karaoke Đông Đô TS-001 Xã Triệu Sơn Đội 178 Theo kế hoạch {SOON:%d/%m/%Y} chưa" in text(page)
    assert faults(page.text) == []

    (id,) = things(office.db.conn, "assignment")
    assert post(client, f"{PATH}/{id}/bo").location == PATH
    assert "Chưa có phân công nào còn hạn" in text(client.get(PATH))
    assert state_of(office.db.conn, "assignment", id)["withdrawn"] is True


def test_the_coordinator_sees_an_unscheduled_visit_that_a_team_took(office, team):
    reserved = {"establishment": office.place(), "team": team, "basis": "unscheduled", "given_on": "2026-11-20",
                "expires_on": SOON.isoformat(), "reserved": True, "withdrawn": False}  # fmt: skip
    office.enter("assignment", reserved)

    assert "Đội đã nhận kiểm tra Đột xuất" in text(office.client(area=COMMUNE).get(PATH))
    assert "Đột xuất 12:00" not in text(office.client(area=ELSEWHERE).get(PATH))


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"co-so": "TS-999"}, "co-so", "Không có cơ sở"),
        ({"co-so": ""}, "co-so", "Chưa ghi mục này."),
        ({"doi": ""}, "doi", "Chưa ghi mục này."),
        ({"han": "2020-01-01"}, "han", "Hạn thực hiện ở trước ngày phân công"),
        ({"han": ""}, "han", "Chưa ghi mục này."),
        ({"hinh-thuc": "tối nay"}, "hinh-thuc", "Chọn hình thức kiểm tra."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_chosen_stays(office, team, changes, field, sentence):
    office.place(code="TS-001")

    answer = post(office.client(area=COMMUNE), **given(team, **{"ghi-chu": "Đợt cuối năm"} | changes))

    assert answer.status_code == 422
    assert sentence in unescape(re.search(rf'id="wrong-{field}"[^>]*>([^<]*)<', answer.text)[1])
    assert 'value="Đợt cuối năm"' in answer.text
    assert faults(answer.text) == []
    assert things(office.db.conn, "assignment") == {}


def test_a_second_planned_visit_in_a_year_is_refused_with_the_day_of_the_first(office, team):
    this_year = local_day(now()).year
    office.visit(office.place(code="TS-001"), f"{this_year}-01-06")

    answer = post(office.client(area=COMMUNE), **given(team, han=f"{this_year}-12-31"))

    assert answer.status_code == 422
    assert f"06/01/{this_year}" in text(answer)


def test_a_place_elsewhere_is_neither_given_nor_taken_back(office, team):
    place = office.place(code="TS-001", unit=ELSEWHERE)
    state = {"establishment": place, "team": team, "basis": "planned", "given_on": "2026-11-20",
             "expires_on": SOON.isoformat()}  # fmt: skip
    (id,) = office.enter("assignment", state)
    client = office.client(area=COMMUNE)

    assert post(client, **given(team)).status_code == 403
    assert post(client, f"{PATH}/{id}/bo").status_code == 403
    assert "TS-001" not in client.get(PATH).text
