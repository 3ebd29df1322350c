"""Two people at one form: the second is told that somebody else wrote meanwhile, and nothing is written over."""

import re

import pytest

from schemas.planning import NUMBERS, PERCENTS
from server.clock import local_day, now
from server.office import things
from server.planning import keeping

PROVINCE = "new:38"
NEXT = local_day(now()).year + 1


def hidden(page):
    """Return the hidden fields of the form that says what it saw."""
    form = next(form for form in re.findall(r"<form.*?</form>", page, re.S) if 'name="seen"' in form)
    return dict(re.findall(r'type="hidden" name="(csrf_token|seen|don-vi)" value="([^"]*)"', form))


def team(office):
    return f"/doi/{office.team_of(area=PROVINCE)}/sua", {"ten": "Đội %s", "don-vi": PROVINCE}


def plan(office):
    return f"/ke-hoach/{office.plan(area=PROVINCE)}/sua", {
        "ten": "Kế hoạch %s", "don-vi": PROVINCE, "tu-ngay": "01/01/2026", "den-ngay": "31/12/2026",
        "loai-hinh": "karaoke", "nam": "2026", "phan-tram": "20",
    }  # fmt: skip


def user(office):
    name = office.user("clerk", PROVINCE)
    return f"/nguoi-dung/{office.users[name]}", {"ten": "lan %s", "vai-tro": "clerk", "don-vi": PROVINCE}


def tip(office):
    state = {"number": "1", "received_on": "2026-11-01", "channel": "letter", "epoch": "new", "unit": "15664",
             "address": "Số 1", "due_on": "2026-11-21"}  # fmt: skip
    return f"/tin-bao/{office.enter('tip', state)[0]}", {
        "number": "1", "received_on": "1/11/2026", "channel": "letter", "unit": "new:15664", "address": "Số %s",
    }  # fmt: skip


def weights(office):
    numbers = dict.fromkeys(NUMBERS, "7") | dict.fromkeys(PERCENTS, "0") | {"years_most": "3", "team_most": "50"}
    return "/phan-cong/trong-so", {**numbers, "note": "lý do %s"}


@pytest.mark.parametrize(("thing", "role"), [(team, "coordinator"), (plan, "coordinator"), (user, "admin"),
                                             (tip, "coordinator"), (weights, "coordinator")])  # fmt: skip
def test_who_comes_second_is_told_and_overwrites_nothing(office, thing, role):
    path, given = thing(office)
    one, other = office.client(role, PROVINCE), office.client(role, PROVINCE)
    seen = [hidden(client.get(path).text) for client in (one, other)]
    said = [{key: value.replace("%s", word) for key, value in given.items()} for word in ("một", "hai")]

    first = one.post(path, data=said[0] | seen[0])
    before = everything(office)
    second = other.post(path, data=said[1] | seen[1])
    again = other.post(path, data=said[1] | hidden(second.text))
    after = everything(office)
    anew = other.post(path, data=said[1] | hidden(other.get(path).text))

    assert [answer.status_code for answer in (first, second, again)] == [303, 422, 422]
    assert before == after
    assert "Người khác vừa sửa mục này" in second.text
    typed = next(value for value in said[1].values() if "hai" in value)
    assert typed in second.text
    assert anew.status_code == (303 if thing is not weights else 422)  # the same weights again change nothing


def everything(office):
    return {kind: things(office.db.conn, kind) for kind in ("team", "plan", "user", "tip", "weights")}


def test_a_line_of_the_years_list_that_somebody_changed_meanwhile_is_not_written_over(office):
    office.at = now()
    teams = [office.team_of(area=PROVINCE, name=name, valid_to=f"{NEXT}-12-31") for name in ("Đội A", "Đội B")]
    for n in range(4):
        office.place(f"Cơ sở {n}", code=f"CS-{n}")
    office.plan(50, area=PROVINCE, year=NEXT)
    one, other = office.client(area=PROVINCE), office.client(area=PROVINCE)
    lists = "/phan-cong/de-xuat"
    token = re.search(r'name="csrf_token" value="([^"]+)"', one.get(lists).text)[1]
    drawn = one.post(lists, data={"csrf_token": token, "don-vi": PROVINCE, "nam": str(NEXT)})
    id = drawn.location.rpartition("/")[2]
    line = keeping.lines(office.db.conn, id)[0]
    path = f"{lists}/{id}/{line.establishment}"
    seen = [hidden(client.get(path).text) for client in (one, other)]
    months = {"viec": "doi", "tu": f"{NEXT}-05", "den": f"{NEXT}-06"}

    first = one.post(path, data=months | {"doi": teams[0]} | seen[0])
    second = other.post(path, data=months | {"doi": teams[1]} | seen[1])

    assert (first.status_code, second.status_code) == (303, 422)
    assert "Người khác vừa sửa mục này" in second.text
    assert keeping.line(office.db.conn, id, line.establishment).team == teams[0]
