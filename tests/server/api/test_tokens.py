"""Access tokens: whose rights they carry, what they never open, and how they end."""

import re
from datetime import timedelta

import pytest

from server import tokens
from server.clock import now
from server.store import writing

COMMUNE, ELSEWHERE = "new:15664", "new:15682"


@pytest.fixture
def account(office):
    """Who a token is made for: police of one commune."""
    id = office.users[office.user("police", COMMUNE)]
    return {"id": id, "role": "police", "unit": COMMUNE}


@pytest.fixture
def reads(office):
    """Ask with a token."""
    client = office.app().test_client()
    return lambda text, path="/api/v1/coverage": client.get(path, headers={"Authorization": f"Bearer {text}"})


def make(office, account, days=30, at=None):
    return tokens.make(office.db, account, "Bảng số liệu", days, at or now())


def test_a_token_reads_with_the_rights_and_the_area_of_its_owner(office, account, reads):
    text = make(office, account)

    assert reads(text).get_json()["total"]["key"] == COMMUNE
    assert reads(text, f"/api/v1/coverage?unit={ELSEWHERE}").status_code == 403


@pytest.mark.parametrize("text", ["", "doi178_wrong", "x" * 500])
def test_what_is_no_token_is_refused_even_where_a_session_would_do(office, text):
    answer = office.client().get("/api/v1/coverage", headers={"Authorization": f"Bearer {text}"})

    assert (answer.status_code, answer.get_json()["type"]) == (401, "/problems/bad-token")


def test_a_token_that_is_past_its_time_is_refused(office, account, reads):
    text = make(office, account, at=now() - timedelta(days=30, seconds=1))

    assert reads(text).status_code == 401


def test_a_token_of_an_account_that_was_disabled_is_refused(office, account, reads):
    text = make(office, account)
    office.enter("user", {"disabled": True}, ids=[account["id"]])

    assert reads(text).status_code == 401


def test_a_token_opens_no_page_and_changes_nothing(office, account, reads):
    text = make(office, account)

    assert reads(text, "/ty-le-kiem-tra").status_code == 302
    assert reads(text, "/ty-le-kiem-tra.json").status_code == 401
    answer = office.app().test_client().post("/dang-xuat", headers={"Authorization": f"Bearer {text}"})
    assert answer.status_code != 200


def test_a_token_is_no_laptop_and_a_laptop_is_no_token(office, account, reads):
    text = make(office, account)

    assert reads(text, "/api/v1/changes").get_json()["type"] == "/problems/unknown-device"
    assert reads("a laptop's credential").get_json()["type"] == "/problems/bad-token"


def test_what_a_token_reads_stands_in_the_log_once_a_day(office, account, reads):
    text = make(office, account)

    for _ in range(3):
        reads(text)

    rows = office.db.conn.execute("SELECT who, unit, detail FROM audit WHERE what = 'api_read'").fetchall()
    assert [row[:2] for row in rows] == [(account["id"], COMMUNE)]
    assert '"read": "coverage_figures"' in rows[0][2]


def test_only_a_hash_of_it_is_kept(office, account):
    text = make(office, account)

    assert text.startswith("doi178_")
    assert text not in "\n".join(office.db.conn.iterdump())


def test_after_a_restore_no_token_holds(office, account, reads):
    text = make(office, account)

    with writing(office.db) as conn:
        tokens.revoke_all(conn, now())

    assert reads(text).status_code == 401


def form(client, **given):
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/tai-khoan/ma-truy-cap").text)[1]
    return {"csrf_token": token, **given}


def test_the_page_shows_a_token_once_and_takes_it_back(office, reads):
    client = office.client("police", COMMUNE)

    made = client.post("/tai-khoan/ma-truy-cap", data=form(client, name="Bảng tính", days="30"))
    text = re.search(r'value="(doi178_[^"]+)"', made.text)[1]
    used = reads(text).status_code
    listed = client.get("/tai-khoan/ma-truy-cap").text
    id = re.search(r"ma-truy-cap/([0-9a-f-]{36})/huy", listed)[1]
    client.post(f"/tai-khoan/ma-truy-cap/{id}/huy", data=form(client))

    assert (used, text in listed) == (200, False)
    assert reads(text).status_code == 401
    assert "Đã hủy" in client.get("/tai-khoan/ma-truy-cap").text
    assert [row[0] for row in office.db.conn.execute("SELECT what FROM audit WHERE what LIKE 'token_%'")] == [
        "token_made", "token_revoked",
    ]  # fmt: skip


@pytest.mark.parametrize(("given", "says"), [
    ({"name": "", "days": "30"}, "Ghi mã này dùng cho việc gì"),
    ({"name": "x", "days": "9999"}, "Chọn thời hạn trong danh sách"),
])  # fmt: skip
def test_a_form_that_does_not_hold_comes_back_with_what_to_do(office, given, says):
    client = office.client()

    answer = client.post("/tai-khoan/ma-truy-cap", data=form(client, **given))

    assert answer.status_code == 422
    assert says in answer.text
    assert office.db["access_tokens"].count == 0


def test_nobody_takes_back_what_is_another_s(office, account):
    make(office, account)
    id = office.db.conn.execute("SELECT id FROM access_tokens").fetchone()[0]
    client = office.client("admin", COMMUNE)

    assert client.post(f"/tai-khoan/ma-truy-cap/{id}/huy", data=form(client)).status_code == 404
    assert office.db.conn.execute("SELECT revoked_at FROM access_tokens").fetchone()[0] is None
