"""Tips on pages and by apply: received, verified, handled in time, linked to a visit, and nobody named."""

import re
from datetime import timedelta
from html import unescape

import pytest

from schemas.privacy import informer
from server.arrivals.verify import verify
from server.changes import apply_one
from server.clock import local_day, now
from server.office import things
from tests.markup import faults

COMMUNE, ELSEWHERE, PROVINCE = "new:15664", "new:15682", "new:38"
PATH = "/tin-bao"
TODAY = local_day(now())


def text(answer):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def post(client, path, **given):
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(f"{PATH}/moi").text)[1]
    return client.post(path, data={"csrf_token": token, **given})


def entered(**more):
    """Return a form that is filled in; days as people write them."""
    return {"number": "12/TB", "received_on": f"{TODAY:%d/%m/%Y}", "channel": "hotline", "unit": COMMUNE,
            "address": "Karaoke Sao Đêm, phố Giắt", "content": "Mở quá giờ"} | more  # fmt: skip


def apply(office, **more):
    """Enter a tip by apply and return the answer."""
    line = {"do": "tip", "number": "1", "received_on": "2026-05-01", "channel": "letter"} | more
    return apply_one(office.db, line, author="test", at=office.at)


def test_a_tip_is_entered_shown_and_carried_on_to_its_end(office):
    office.at = now()
    place = office.place(code="TS-001")
    office.visit(place, TODAY.isoformat())
    client = office.client(area=COMMUNE)

    assert post(client, f"{PATH}/moi", **entered(establishment="TS-001", unit="")).location == PATH
    ((id, state),) = things(office.db.conn, "tip").items()
    assert (state["establishment"], state["unit"], state["due_on"]) == (
        place, "15664", (TODAY + timedelta(days=30)).isoformat()
    )  # fmt: skip
    page = client.get(f"{PATH}/{id}")
    assert "Chưa có xác nhận của pháp chế" in text(page)
    assert faults(page.text) == []
    visit = re.search(r'<option value="([0-9a-f-]{36})">Ngày', page.text)[1]
    day = f"{TODAY:%d/%m/%Y}"
    done = entered(
        establishment="TS-001", unit="", classification="crime", verified="true", verified_on=day, handled_on=day,
        result="inspected", inspection=visit,
    )  # fmt: skip

    assert post(client, f"{PATH}/{id}", **done).status_code == 303

    state = things(office.db.conn, "tip")[id]
    assert (state["inspection"], state["due_on"]) == (visit, (TODAY + timedelta(days=20)).isoformat())
    assert "1 / 1 tin báo (100,0 %)" in text(client.get(PATH))
    assert verify(office.db).problems == ()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Người báo tin là chị Nguyễn Thị Hoa, nhà gần đó", "Người báo tin là chị Nguyễn Thị Hoa"),
        ("Theo ông Tư, quán mở cả đêm", "ông Tư"),
        ("Gọi lại số 0912345678", "0912345678"),
        ("CCCD 038123456789", "038123456789"),
    ],
)
def test_who_told_is_pointed_out_and_what_was_typed_stays_until_somebody_has_looked(office, words, said):
    client = office.client(area=COMMUNE)

    answer = post(client, f"{PATH}/moi", **entered(content=words))

    assert answer.status_code == 422
    at_field = unescape(re.search(r'id="wrong-content"[^>]*>([^<]*)<', answer.text)[1])
    assert said in at_field or said.capitalize() in at_field
    assert words in unescape(answer.text)
    assert faults(answer.text) == []
    assert things(office.db.conn, "tip") == {}
    assert post(client, f"{PATH}/moi", **entered(content=words, checked="1")).status_code == 303


@pytest.mark.parametrize("words", ["Quán mở quá 0 giờ", "Cơ sở ở phố Giắt, gần chợ", "Chủ cơ sở không treo giấy phép"])
def test_words_about_a_place_point_to_nobody(words):
    assert informer(words) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": ""}, "number"),
        ({"received_on": "31/02/2026"}, "received_on"),
        ({"received_on": f"{TODAY + timedelta(days=2):%d/%m/%Y}"}, "received_on"),
        ({"channel": ""}, "channel"),
        ({"unit": ""}, "unit"),
        ({"address": ""}, "address"),
        ({"establishment": "TS-999"}, "establishment"),
        ({"verified": "true"}, "verified_on"),
        ({"handled_on": f"{TODAY:%d/%m/%Y}"}, "result"),
        ({"verified": "true", "verified_on": "01/01/2020"}, "verified_on"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(office, changes, field):
    answer = post(office.client(area=COMMUNE), f"{PATH}/moi", **entered(**changes))

    assert answer.status_code == 422
    assert re.search(rf'id="wrong-{field}">[^<]+<', answer.text), text(answer)
    assert faults(answer.text) == []


def test_the_share_is_of_the_tips_received_in_the_period_and_leads_to_each_list(office):
    place = office.place(code="TS-001")
    handled = {"establishment": place, "result": "nothing"}
    for number, more in enumerate((
        {"received_on": "2026-05-01", "handled_on": "2026-05-31"},  # the last day in time
        {"received_on": "2026-05-01", "handled_on": "2026-06-01"},
        {"received_on": "2026-05-02", "handled_on": None, "result": None},
        {"received_on": "2026-04-30", "handled_on": "2026-05-01"},  # before the period
    )):  # fmt: skip
        said = {key: value for key, value in (handled | more).items() if value}
        assert apply(office, **{"number": str(number)} | said)["standing"] == "accepted"
    client = office.client(area=COMMUNE)

    page = client.get(f"{PATH}?tu=1/5/2026&den=30/6/2026")

    assert "1 / 3 tin báo (33,3 %)" in text(page)
    assert "Trễ hạn: 1 · Quá hạn, chưa giải quyết: 1 · Còn hạn: 0" in text(page)
    link = unescape(re.search(r'href="([^"]*trang-thai=dung-han[^"]*)"', page.text)[1])
    assert re.findall(r'<th scope="row"[^>]*><a[^>]*>(\w+)<', client.get(link).text) == ["0"]
    rows = client.get(f"{PATH}.csv?tu=2026-05-01&den=2026-06-30").text.splitlines()
    assert len(rows) == 4
    assert faults(page.text) == []


def test_a_period_that_does_not_hold_is_said_at_its_field(office):
    answer = office.client(area=COMMUNE).get(f"{PATH}?tu=32/5&den=1/1/2026")

    assert answer.status_code == 422
    assert "Ngày không đúng" in text(answer)


def test_a_tip_elsewhere_is_neither_seen_nor_entered_nor_changed(office):
    far = office.place(code="TS-001", unit=ELSEWHERE)
    apply(office, establishment=far, content="Bí mật của xã bên")
    (id,) = things(office.db.conn, "tip")
    client = office.client("police", COMMUNE)

    assert client.get(f"{PATH}/{id}").status_code == 403
    assert post(client, f"{PATH}/{id}", **entered()).status_code == 403
    assert post(client, f"{PATH}/moi", **entered(unit=ELSEWHERE)).status_code == 403
    assert post(client, f"{PATH}/moi", **entered(establishment="TS-001", unit="")).status_code == 403
    assert "TS-001" not in client.get(f"{PATH}?tu=1/1/2026").text
    assert len(things(office.db.conn, "tip")) == 1


def test_that_a_tip_was_opened_is_noted(office):
    apply(office, establishment=office.place())
    (id,) = things(office.db.conn, "tip")
    client = office.client("police", COMMUNE)

    client.get(f"{PATH}/{id}")

    assert office.db.conn.execute("SELECT what, subject, unit FROM audit").fetchall()[-1] == (
        "tip.open", f"tip:{id}", COMMUNE
    )  # fmt: skip


def test_a_tip_is_told_to_no_laptop(office):
    apply(office, establishment=office.place(), content="Mở quá giờ")

    assert office.db.conn.execute("SELECT count(*) FROM feed WHERE kind = 'tip'").fetchone() == (0,)


def test_files_of_tips_hold_none_of_their_words(office):
    apply(office, establishment=office.place(), content="Mở quá giờ", address="Cạnh chợ")

    rows = office.client("police", COMMUNE).get(f"{PATH}.csv?tu=1/1/2026").text

    assert "2026-05-01" in rows
    assert "quá giờ" not in rows
    assert "chợ" not in rows


def test_by_apply_a_tip_is_changed_where_it_is_named_and_null_takes_back(office):
    apply(office, establishment=office.place(), content="Mở quá giờ")
    (id,) = things(office.db.conn, "tip")

    line = {"do": "tip", "tip": id, "classification": "violation", "content": None}
    assert apply_one(office.db, line, author="test", at=office.at)["standing"] == "accepted"

    state = things(office.db.conn, "tip")[id]
    assert (state["classification"], state.get("content"), state["received_on"]) == ("violation", None, "2026-05-01")


@pytest.mark.parametrize("field", ["informer", "reporter", "phone", "name"])
def test_there_is_no_field_for_who_told(office, field):
    assert field in apply(office, establishment=office.place(), **{field: "x"})["problems"]
