"""The calendar feed: read by a parser and byte by byte, with a secret of its own that opens nothing else."""

import logging
import re
from datetime import timedelta

import pytest
from icalendar import Calendar

from server.changes import apply_one
from server.clock import local_day, now
from server.people import deputies
from server.store import writing
from server.tokens import CALENDAR, make, of_user
from tests.server.pages.conftest import COMMUNE, DISTRICT

TODAY = local_day(now())
LAST = TODAY + timedelta(days=20)
PAST = "2026-01-01T00:00:00Z"
NAMED = LAST + timedelta(days=1)
REPORT = {
    "code": "X1", "name": "Báo cáo năm; gửi sớm, đủ\nsố liệu", "report": "year", "strict": True,
    "due": f"{NAMED:%m-%d}", "year": NAMED.year, "sender": "UBND các xã", "receiver": "Sở Y tế",
    "words": "gửi trước ngày đã nêu, " + "rất dài " * 20,
}  # fmt: skip


def typed(client, path, form, **data):
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(form).text)[1]
    return client.post(path, data={"csrf_token": token, **data})


@pytest.fixture
def plan(office):
    return office.plan(area=DISTRICT, year=TODAY.year, **{"deadline/1": REPORT})


def address_of(answer):
    return re.search(r'value="http[^"]*(/han-bao-cao\.ics\?ma=[^"]+)"', answer.text)[1]


def events(answer):
    return list(Calendar.from_ical(answer.data).walk("VEVENT"))


def test_a_calendar_is_made_read_and_ended(office, plan, caplog):
    caplog.set_level(logging.DEBUG)
    client = office.client("team", COMMUNE)
    made = typed(client, "/han-bao-cao/lich", "/han-bao-cao/lich", name="Điện thoại")
    address = address_of(made)
    stranger = office.app().test_client()

    read = stranger.get(address)

    assert read.content_type == "text/calendar; charset=utf-8"
    assert address not in client.get("/han-bao-cao/lich").text
    secret = address.partition("ma=")[2]
    dump = "\n".join(office.db.conn.iterdump())
    assert secret not in dump
    assert secret not in caplog.text
    id = re.search(r"/han-bao-cao/lich/([^/]+)/huy", client.get("/han-bao-cao/lich").text)[1]
    typed(client, f"/han-bao-cao/lich/{id}/huy", "/han-bao-cao/lich")
    assert stranger.get(address).status_code == 404
    told = [what for (what,) in office.db.conn.execute("SELECT what FROM audit ORDER BY seq")]
    assert [what for what in told if what.startswith("calendar")] == ["calendar_made", "calendar_ended"]


def test_made_while_acting_for_another_it_is_among_the_own_ones(office, plan):
    mine, other = (office.users[office.user(area=COMMUNE)] for _ in range(2))
    day = {"from": str(TODAY), "to": str(TODAY), "user": mine, "acts_for": other, "paper": "Giấy ủy quyền số 1"}
    (deputy,) = office.enter("deputy", day)
    client = office.signed_in(mine)
    typed(client, "/tai-khoan/lam-thay", "/", deputy=deputy)

    typed(client, "/han-bao-cao/lich", "/han-bao-cao/lich", name="Máy của tôi")
    listed = client.get("/han-bao-cao/lich").text
    id = re.search(r"/han-bao-cao/lich/([^/]+)/huy", listed)[1]

    assert "Máy của tôi" in listed
    assert [one.id for one in of_user(office.db.conn, mine, CALENDAR)] == [id]
    assert of_user(office.db.conn, deputies.author(mine, other), CALENDAR)
    assert of_user(office.db.conn, other, CALENDAR) == []


def feed(office, role="coordinator", area=COMMUNE):
    name = office.user(role, area)
    user = {"id": office.users[name], "role": role, "unit": area}
    return make(office.db, user, "lịch", 365, now(), scope=CALENDAR)


def test_what_it_says_is_what_a_calendar_reads(office, plan):
    client = office.app().test_client()
    text = feed(office)

    one, ends = events(client.get(f"/han-bao-cao.ics?ma={text}"))

    assert one["dtstart"].dt == LAST
    assert one["dtend"].dt == LAST + timedelta(days=1)
    assert str(one["summary"]) == f"{REPORT['name']} (trước ngày {NAMED.day}/{NAMED.month}/{NAMED.year})"
    assert REPORT["words"].strip() in str(one["description"])
    assert "Nơi nhận: Sở Y tế" in str(one["description"])
    hour = timedelta(hours=8)
    assert [alarm["trigger"].dt for alarm in one.walk("VALARM")] == [hour - timedelta(days=n) for n in (14, 7, 3, 1)]
    assert ends["dtstart"].dt - TODAY == timedelta(days=365)


def test_its_bytes_are_as_the_standard_has_them(office, plan):
    client = office.app().test_client()
    path = f"/han-bao-cao.ics?ma={feed(office)}"
    raw = client.get(path).data

    lines = raw.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-2:] == [b"END:VCALENDAR", b""]
    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode()  # no letter is cut in two by a fold
    whole = raw.replace(b"\r\n ", b"").decode()
    assert r"SUMMARY:Báo cáo năm\; gửi sớm\, đủ\nsố liệu" in whole
    assert f"DTSTART;VALUE=DATE:{LAST:%Y%m%d}" in whole
    assert whole.count("DTSTAMP:") == 2
    names = re.findall(r"UID:(\S+)", whole)
    assert names == re.findall(r"UID:(\S+)", client.get(path).data.replace(b"\r\n ", b"").decode())
    assert len(set(names)) == 2


def test_it_holds_the_own_area_only_and_no_figures(office, plan):
    office.plan(area="new:19", year=TODAY.year, **{"deadline/1": {**REPORT, "name": "Báo cáo nơi khác"}})
    office.fill()

    said = office.app().test_client().get(f"/han-bao-cao.ics?ma={feed(office)}").text

    assert "nơi khác" not in said
    assert "cơ sở" not in said


def test_one_secret_opens_one_door(office, plan):
    client = office.app().test_client()
    calendar, access = feed(office), make(
        office.db, {"id": office.users[office.user()], "role": "coordinator", "unit": DISTRICT}, "bảng", 30, now()
    )  # fmt: skip

    assert client.get(f"/han-bao-cao.ics?ma={access}").status_code == 404
    assert client.get("/han-bao-cao.ics").status_code == 404
    assert client.get("/api/v1/deadlines", headers={"Authorization": f"Bearer {calendar}"}).status_code == 401
    assert client.get("/api/v1/deadlines", headers={"Authorization": f"Bearer {access}"}).status_code == 200


def test_it_ends_with_its_year_and_with_the_account(office, plan):
    client = office.app().test_client()
    dated, path = f"/han-bao-cao.ics?ma={feed(office)}", f"/han-bao-cao.ics?ma={feed(office)}"
    with writing(office.db) as conn:
        conn.execute("UPDATE access_tokens SET expires_at = ? WHERE id = (SELECT min(id) FROM access_tokens)", (PAST,))

    assert [client.get(dated).status_code, client.get(path).status_code] == [404, 200]

    asked = {"do": "user", "user": list(office.users.values())[-1], "disabled": True}
    assert apply_one(office.db, asked, author="test", at=now())["problems"] == {}
    assert client.get(path).status_code == 404
