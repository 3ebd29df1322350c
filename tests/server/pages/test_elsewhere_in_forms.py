"""Ids in forms that no page of the area offers: teams and visits elsewhere are not taken."""

import re

from server.office import things

HERE, THERE = "new:15664", "new:01849"


def form(client, path, **given):
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)[1]
    return client.post(path, data={"csrf_token": token, **given})


def test_a_team_elsewhere_is_not_sent_to_a_place_here(office):
    place, far = office.place(unit=HERE), office.team_of(area=THERE, name="Đội xa")

    answer = form(office.client(area=HERE), "/phan-cong", **{"co-so": place, "doi": far, "han": "31/12"})

    assert answer.status_code == 422
    assert "Đội này không được cử trong địa bàn" in answer.text
    assert not things(office.db.conn, "assignment")


def test_an_account_is_not_put_into_a_team_elsewhere_and_keeps_the_one_it_has(office):
    far, near = office.team_of(area=THERE, name="Đội xa"), office.team_of(area=HERE)
    admin = office.client("admin", HERE)
    given = {"ten": "lan", "vai-tro": "team", "don-vi": HERE}

    refused = form(admin, "/nguoi-dung/them", **given, doi=far)
    made = form(admin, "/nguoi-dung/them", **given, doi=near)
    id = next(id for id, one in things(office.db.conn, "user").items() if one["name"] == "lan")
    moved = form(admin, f"/nguoi-dung/{id}", **given, doi=far)
    renamed = form(admin, f"/nguoi-dung/{id}", **given | {"ten": "lan hai"}, doi=near)

    assert [answer.status_code for answer in (refused, made, moved, renamed)] == [422, 200, 422, 303]
    assert things(office.db.conn, "user")[id]["team"] == near


def test_a_tip_is_not_linked_to_a_visit_elsewhere(office):
    office.visit(office.place(unit=THERE))
    visit = office.db.conn.execute("SELECT id FROM visits").fetchone()[0]
    given = {"number": "1", "received_on": "1/11/2026", "channel": "letter", "unit": HERE, "address": "Số 1"}

    answer = form(office.client(area=HERE), "/tin-bao/moi", **given, inspection=visit)

    assert answer.status_code == 403
    assert not things(office.db.conn, "tip")
