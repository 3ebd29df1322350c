"""Teams on their pages: made as the decision says, cards that run out, renewed, closed; laptops go with them."""

import re
from datetime import timedelta

import pytest

from server.arrivals.world import unit_tree
from server.changes import apply_one
from server.clock import local_day, now
from server.office import state_of, things
from server.teams.listing import Card, Standing, team, teams
from tests.server.pages.conftest import COMMUNE

TODAY = local_day(now())


def written(day):
    return f"{day:%d/%m/%Y}"


def post(client, path, form="", **data):
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(form or path).text)[1]
    return client.post(path, data={"csrf_token": token, **data})


def typed(**more):
    rows = {"cho": ["", "", ""], "ho-ten": ["Lê Thị Hạnh", "Ngô Văn Quý", "Đặng Thị Ước"], "co-quan": ["UBND xã"] * 3,
            "chuc-vu": ["Đội trưởng", "", ""], "the": ["TT-01", "TT-02", ""],
            "the-han": [written(TODAY - timedelta(days=1)), written(TODAY), ""]}  # fmt: skip
    return {"ten": "Đội 178 xã Triệu Sơn", "don-vi": COMMUNE, "quyet-dinh": "12/QĐ-UBND",
            "tu-ngay": f"01/01/{TODAY.year}", "den-ngay": f"31/12/{TODAY.year}", **rows, **more}  # fmt: skip


@pytest.fixture
def client(office):
    return office.client(area=COMMUNE)


def only(office):
    id, _state = next(iter(things(office.db.conn, "team").items()))
    return team(office.db.conn, id, TODAY)


def test_a_team_is_made_as_the_decision_says(office, client):
    answer = post(client, "/doi/them", **typed())

    made = only(office)
    assert answer.location == f"/doi/{made.id}"
    assert (made.level, made.decision, made.standing) == ("commune", "12/QĐ-UBND", Standing.WORKING)
    assert [member.name for member in made.members] == ["Lê Thị Hạnh", "Ngô Văn Quý", "Đặng Thị Ước"]


def test_a_card_runs_out_after_its_last_day(office, client):
    post(client, "/doi/them", **typed())

    assert [member.standing for member in only(office).members] == [Card.RUN_OUT, Card.SOON, Card.NONE]
    assert "1 thẻ kiểm tra đã hết hạn" in client.get(f"/doi/{only(office).id}").text
    assert "1 hết hạn" in client.get("/doi").text
    assert "Lê Thị Hạnh" in client.get("/doi.csv?the=1").text


def test_what_is_wrong_stands_in_its_row_with_everything_typed_still_there(office, client):
    wrong = typed(**{"ho-ten": ["", "Ngô Văn Quý", ""], "the-han": ["", "31/2/2027", ""]})
    wrong["co-quan"] = ["UBND xã", "", ""]

    answer = post(client, "/doi/them", **wrong)

    assert answer.status_code == 422
    assert "Nhập họ tên." in answer.text
    assert 'value="31/2/2027"' in answer.text
    assert things(office.db.conn, "team") == {}


def test_a_team_that_ends_before_it_begins_is_not_made(client):
    answer = post(client, "/doi/them", **typed(**{"den-ngay": "01/01/2020"}))

    assert answer.status_code == 422
    assert "ở trước ngày có hiệu lực" in answer.text


def test_more_rows_are_given_without_losing_what_was_typed(office, client):
    answer = post(client, "/doi/them", **typed(do="more"))

    assert answer.status_code == 200
    assert answer.text.count('name="ho-ten"') == 6
    assert things(office.db.conn, "team") == {}


def test_members_are_changed_taken_out_and_added_and_the_history_says_so(office, client):
    post(client, "/doi/them", **typed())
    made = only(office)
    change = typed(**{"cho": [*(member.seat for member in made.members), ""], "the-han": [""] * 4})
    change |= {"ho-ten": ["Lê Thị Hạnh", "", "Đặng Thị Ước", "Trần An"], "co-quan": ["UBND xã", "", "UBND xã", ""]}
    change |= {"chuc-vu": ["Đội phó", "", "", ""], "the": ["TT-01", "", "", ""]}

    post(client, f"/doi/{made.id}/sua", **change)

    assert [(one.name, one.role) for one in only(office).members] == [
        ("Lê Thị Hạnh", "Đội phó"), ("Đặng Thị Ước", ""), ("Trần An", ""),
    ]  # fmt: skip
    page = client.get(f"/doi/{made.id}").text
    assert "Họ và tên: Ngô Văn Quý" in page
    assert f"coordinator {COMMUNE}" in page


def test_a_team_is_renewed_by_a_copy_and_takes_its_laptops_and_accounts_over(office, client):
    post(client, "/doi/them", **typed())
    old = only(office)
    laptop = office.enter("device", {"name": "Máy 1", "epoch": "new", "area": "15664", "team": old.id})[0]
    user = office.users[office.user("team", COMMUNE)]
    apply_one(office.db, {"do": "user", "user": user, "team": old.id}, author="test", at=office.at)
    form = client.get(f"/doi/{old.id}/kien-toan").text
    next_year = {"tu-ngay": f"01/01/{TODAY.year + 1}", "den-ngay": f"31/12/{TODAY.year + 1}"}
    given = typed(**next_year, **{"quyet-dinh": "3/QĐ-UBND"})

    answer = post(client, f"/doi/{old.id}/kien-toan", **given | {"mang-theo": "1"})

    new = answer.location.rpartition("/")[2]
    assert f'value="01/01/{TODAY.year + 1}"' in form
    assert 'value="Lê Thị Hạnh"' in form
    made = team(office.db.conn, new, TODAY)
    assert (made.renews, made.standing, made.decision) == (old.id, Standing.TO_COME, "3/QĐ-UBND")
    assert len(made.members) == 3
    assert team(office.db.conn, old.id, TODAY).renewed_by == new
    assert {state_of(office.db.conn, kind, id)["team"] for kind, id in (("device", laptop), ("user", user))} == {new}


def test_a_team_is_closed_from_a_day_and_goes_on_again(office, client):
    id = office.team_of(COMMUNE)
    path = f"/doi/{id}/ngung"
    assert post(client, path, form=f"/doi/{id}", ngay="").status_code == 422

    post(client, path, form=f"/doi/{id}", ngay=written(TODAY), **{"ly-do": "Giải thể"})
    assert only(office).standing is Standing.CLOSED
    assert "Giải thể" in client.get(f"/doi/{id}").text
    post(client, path, form=f"/doi/{id}", do="open")
    assert only(office).standing is Standing.WORKING


@pytest.mark.parametrize(("first", "last", "standing"), [
    (0, 0, Standing.WORKING), (1, 9, Standing.TO_COME), (-9, -1, Standing.RUN_OUT), (-9, 0, Standing.WORKING),
])  # fmt: skip
def test_a_team_works_from_its_first_day_to_its_last(office, first, last, standing):
    office.team_of(COMMUNE, valid_from=str(TODAY + timedelta(days=first)), valid_to=str(TODAY + timedelta(days=last)))

    found = teams(office.db.conn, office_tree(office), COMMUNE, TODAY)

    assert [one.standing for one in found] == [standing]


def office_tree(office):
    return unit_tree(office.db.conn)


def test_a_team_that_is_closed_is_offered_to_nobody_anew(office):
    office.team_of(COMMUNE, name="Đội cũ", closed_on="2026-01-01")
    admin = office.client("admin", COMMUNE)

    assert "Đội cũ" not in admin.get("/nguoi-dung/them").text
