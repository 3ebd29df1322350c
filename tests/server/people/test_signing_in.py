"""Signing in: locks that grow, the second step, invitations, sessions that end."""

import base64
import re
from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidTag

from server.clock import now
from server.keys import read_keys
from server.people import invitations, lockout, second, sessions, totp
from server.store import writing
from tests.server.people.conftest import PASSWORD


def secret_of(page):
    """Return the secret that a page of set-up shows."""
    text = re.search(r'class="code-text">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    return base64.b32decode(text)


def code_of(secret, steps=0):
    return totp.code(secret, totp.step_at(now()) + steps)


def set_up(people, name="lan", role="police"):
    """Sign somebody in whose role asks for a phone, set one up, and return browser, secret and recovery codes."""
    browser = people.inside(name, role=role)
    secret = secret_of(browser.get("/").text)
    page = browser.post("/dang-nhap/ma", code=code_of(secret)).text
    return browser, secret, re.findall(r"<code>([A-Z2-9-]+)</code>", page)


@pytest.mark.parametrize("name", ["hạnh", "không có ai"])
def test_a_name_that_is_there_and_one_that_is_not_are_answered_alike(people, name):
    people.add()
    browser = people.browser()

    answers = [browser.sign_in(name, "sai mật khẩu") for _ in range(7)]

    assert [answer.status_code for answer in answers] == [422] * 4 + [429] * 3
    assert "không đúng; nhập lại" in answers[0].text
    assert "chờ 1 phút" in answers[-1].text
    assert int(answers[-1].headers["Retry-After"]) <= 61


def test_while_the_lock_holds_the_right_password_is_not_taken_either(people):
    people.add()
    browser = people.browser()
    for _ in range(5):
        browser.sign_in("hạnh", "sai mật khẩu")

    assert browser.sign_in("hạnh").status_code == 429
    assert people.log("sign_in_failed", "locked_out") == ["sign_in_failed"] * 5 + ["locked_out"]


def test_a_lock_doubles_with_each_failure_and_is_forgotten_after_a_day(central):
    at, door = now(), lockout.account("Hạnh")

    with writing(central.db) as conn:
        waits = [lockout.failed(conn, door, lockout.OF_ACCOUNT, at) for _ in range(13)]
        later = lockout.failed(conn, door, lockout.OF_ACCOUNT, at + timedelta(hours=25))

    minutes = [int(wait.total_seconds()) // 60 for wait in waits]
    assert minutes == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert later == timedelta()


def test_the_right_password_wipes_the_failures_of_the_account(people):
    people.add()
    browser = people.browser()
    for _ in range(4):
        browser.sign_in("hạnh", "sai mật khẩu")
    browser.sign_in("hạnh")

    assert people.central.one("SELECT count(*) FROM failures WHERE door LIKE 'account%'") == 0


def test_many_names_tried_from_one_address_shut_the_address(people):
    people.add()
    with writing(people.central.db) as conn:
        for _ in range(30):
            lockout.failed(conn, lockout.address("127.0.0.1"), lockout.OF_ADDRESS, now())

    assert people.browser().sign_in("hạnh").status_code == 429


def test_the_address_behind_a_proxy_is_believed_only_where_the_settings_name_one(people):
    browser = people.browser()
    browser.client.environ_base["HTTP_X_FORWARDED_FOR"] = "203.0.113.9"
    browser.sign_in("ai đó", "sai mật khẩu")

    doors = [row[0] for row in people.central.db.conn.execute("SELECT door FROM failures ORDER BY door")]
    assert doors == ["account ai do", "address 127.0.0.1"]


@pytest.mark.parametrize("role", ["police", "admin"])
def test_who_must_have_a_phone_goes_nowhere_before_it_is_set_up(people, role):
    browser = people.inside("lan", role=role)

    answers = [browser.client.get(path) for path in ("/", "/tai-khoan", "/ty-le-kiem-tra.csv", "/quyen")]

    assert [answer.status_code for answer in answers] == [302] * 4
    assert all(answer.location.startswith("/dang-nhap/ma") for answer in answers)
    assert browser.client.get("/api/v1/coverage").status_code == 401


def test_after_the_first_code_one_is_in_and_has_recovery_codes(people):
    browser, _secret, codes = set_up(people)

    assert len(set(codes)) == 8
    assert browser.client.get("/").status_code == 200
    assert people.log("second_set_up", "sign_in") == ["second_set_up", "sign_in"]


def test_the_secret_and_the_codes_stand_nowhere_in_clear(people):
    _browser, secret, codes = set_up(people)

    told = [secret, base64.b32encode(secret), secret.hex().encode(), *(code.encode() for code in codes)]
    assert people.no_secret_in_the_file(*told) == []


def test_a_code_is_taken_once(people):
    _browser, secret, _codes = set_up(people)
    other = people.browser()
    other.sign_in("lan")

    assert other.post("/dang-nhap/ma", code=code_of(secret)).status_code == 422  # the one that set the phone up
    assert other.client.get("/").status_code == 302
    assert other.post("/dang-nhap/ma", code=code_of(secret, 1)).status_code == 303
    assert other.client.get("/").status_code == 200


def test_a_recovery_code_is_taken_once(people):
    _browser, _secret, codes = set_up(people)

    first, again = people.browser(), people.browser()
    for browser in (first, again):
        browser.sign_in("lan")
    answers = [browser.post("/dang-nhap/ma", code=codes[0].lower()).status_code for browser in (first, again)]

    assert answers == [303, 422]


def test_guessing_the_code_locks_the_account_and_the_password_does_not_begin_anew(people):
    set_up(people)
    browser = people.browser()
    browser.sign_in("lan")

    guesses = [browser.post("/dang-nhap/ma", code="000000").status_code for _ in range(6)]

    assert guesses[-1] == 429
    assert people.browser().sign_in("lan").status_code == 429


def test_an_account_to_try_the_program_is_not_asked_and_says_so(people):
    browser = people.inside("thử", role="admin", demo=True)

    assert browser.client.get("/").status_code == 200
    assert "dùng thử" in browser.get("/nguoi-dung").text


def test_whoever_wants_may_set_a_phone_up_and_is_asked_from_then_on(people):
    browser = people.inside()
    secret = secret_of(browser.get("/tai-khoan/ma").text)
    browser.post("/tai-khoan/ma", code=code_of(secret))
    other = people.browser()

    assert other.sign_in("hạnh").location.startswith("/dang-nhap/ma")
    assert other.client.get("/").status_code == 302
    assert browser.client.get("/").status_code == 200


def test_whoever_wanted_a_phone_may_give_it_up_with_a_code(people):
    browser = people.inside()
    secret = secret_of(browser.get("/tai-khoan/ma").text)
    browser.post("/tai-khoan/ma", code=code_of(secret))

    assert browser.post("/tai-khoan/ma", code="000000", do="off").status_code == 422
    assert browser.post("/tai-khoan/ma", code=code_of(secret, 1), do="off").location == "/tai-khoan"
    assert people.browser().sign_in("hạnh").location == "/"


def test_whoever_must_have_a_phone_only_changes_it(people):
    browser, secret, _codes = set_up(people)

    assert "Thôi dùng" not in browser.get("/tai-khoan/ma").text
    answer = browser.post("/tai-khoan/ma", code=code_of(secret, 1), do="off")
    assert answer.location == "/tai-khoan/ma"
    assert secret_of(browser.get("/tai-khoan/ma").text) != secret


def invite(people, user, at=None):
    with writing(people.central.db) as conn:
        return invitations.invite(conn, user, at or now())


def test_who_holds_an_invitation_sets_the_password_once(people):
    id = people.add()
    made = invite(people, id)
    browser = people.browser()
    given = {"ma": made.code.lower(), "mat-khau": "bốn từ khác nhau", "nhap-lai": "bốn từ khác nhau"}

    assert "hạnh" in browser.get(f"/loi-moi?ma={made.code}").text
    assert browser.post("/loi-moi", **given).location == "/dang-nhap"
    assert browser.post("/loi-moi", **given).status_code == 422
    assert people.browser().sign_in("hạnh").status_code == 422
    assert people.browser().sign_in("hạnh", "bốn từ khác nhau").status_code == 303
    assert people.log("password_set") == ["password_set"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"mat-khau": "ngắn", "nhap-lai": "ngắn"}, "ngắn quá"),
        ({"mat-khau": "bốn từ khác nhau", "nhap-lai": "bốn từ"}, "không giống nhau"),
        ({"mat-khau": "matkhau12345", "nhap-lai": "matkhau12345"}, "dễ đoán"),
    ],
)
def test_a_password_that_is_not_taken_leaves_the_invitation_open(people, given, said):
    made = invite(people, people.add())
    browser = people.browser()

    answer = browser.post("/loi-moi", ma=made.code, **given)

    assert answer.status_code == 422
    assert said in answer.text
    right = dict.fromkeys(("mat-khau", "nhap-lai"), "bốn từ khác nhau")
    assert browser.post("/loi-moi", ma=made.code, **right).status_code == 303


def test_an_invitation_ends_by_its_day_by_a_newer_one_and_with_the_account(people):
    id = people.add()
    old = invite(people, id, now() - timedelta(days=8))
    assert invitations.invited(people.central.db.conn, old.code, now()) is None
    first, newer = invite(people, id), invite(people, id)
    assert invitations.invited(people.central.db.conn, first.code, now()) is None
    people.central.edit("user", id, {"disabled": True})

    answer = people.browser().post("/loi-moi", ma=newer.code, **{"mat-khau": "bốn từ khác nhau"})
    assert "không đúng, đã dùng hoặc quá hạn" in answer.text


def test_no_invitation_stands_in_clear(people):
    made = invite(people, people.add())

    assert people.no_secret_in_the_file(made.code.encode(), made.code.replace("-", "").encode()) == []


def test_a_changed_password_ends_the_other_sessions_and_not_this_one(people):
    here, there = people.inside(), people.browser()
    there.sign_in("hạnh")
    given = {"cu": PASSWORD, "mat-khau": "bốn từ khác nhau", "nhap-lai": "bốn từ khác nhau"}

    assert here.post("/tai-khoan/mat-khau", form="/tai-khoan", **given | {"cu": "sai"}).status_code == 422
    assert there.client.get("/").status_code == 200
    assert here.post("/tai-khoan/mat-khau", form="/tai-khoan", **given).status_code == 303

    assert [browser.client.get("/").status_code for browser in (here, there)] == [200, 302]


@pytest.mark.parametrize("change", [{"disabled": True}, {"role": "clerk"}, {"epoch": "new", "area": "15664"}])
def test_a_changed_account_signs_in_anew(people, change):
    id = people.add()
    browser = people.browser()
    browser.sign_in("hạnh")
    people.central.edit("user", id, change)

    assert browser.client.get("/").status_code == 302


def test_sessions_are_listed_with_the_machine_and_ended_one_by_one_or_all(people):
    here, there, third = people.inside(), people.browser(), people.browser()
    there.client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537 Edg/140"
    for browser in (there, third):
        browser.sign_in("hạnh")
    page = here.get("/tai-khoan").text
    assert "Edge, Windows" in page
    which = re.findall(r'name="session" value="(\w{16})"', page)

    here.post("/tai-khoan/dang-nhap", form="/tai-khoan", session=which[0])
    assert [browser.client.get("/").status_code for browser in (here, there, third)].count(302) == 1
    here.post("/tai-khoan/dang-nhap", form="/tai-khoan")
    assert [browser.client.get("/").status_code for browser in (here, there, third)] == [200, 302, 302]


def test_a_session_ends_when_it_is_not_used_and_after_a_week(people):
    user, at = people.add(), now()
    with writing(people.central.db) as conn:
        token = sessions.begin(conn, user, at, sessions.Browser())
    conn = people.central.db.conn

    assert sessions.find(conn, token, at + sessions.IDLE)
    assert sessions.find(conn, token, at + sessions.IDLE + timedelta(seconds=1)) is None
    with writing(people.central.db) as conn:
        for hours in range(10, 7 * 24 + 10, 10):
            sessions.note_use(conn, sessions.hash_of(token), at + timedelta(hours=hours))
    assert sessions.find(conn, token, at + sessions.LONGEST)
    assert sessions.find(conn, token, at + sessions.LONGEST + timedelta(seconds=1)) is None


def test_no_token_of_a_session_stands_in_clear(people):
    browser = people.inside()
    with browser.client.session_transaction() as session:
        token = session["token"]

    assert people.no_secret_in_the_file(token.encode()) == []


def test_reading_pages_writes_that_a_session_is_used_only_now_and_then(people):
    browser = people.inside()
    before = people.central.one("SELECT used_at FROM sessions")
    browser.client.get("/")
    assert people.central.one("SELECT used_at FROM sessions") == before
    with writing(people.central.db) as conn:
        sessions.note_use(conn, people.central.one("SELECT hash FROM sessions"), now() - timedelta(minutes=6))
    browser.client.get("/")
    assert people.central.one("SELECT used_at FROM sessions") >= before


def test_a_phone_s_secret_of_one_account_is_not_that_of_another(people, central):
    keys = read_keys(central.settings.keys)
    one, other = people.add("một hai"), people.add("ba bốn")
    with writing(central.db) as conn:
        second.new_secret(conn, keys, one)
        conn.execute("INSERT INTO second_factors (user, secret) SELECT ?, secret FROM second_factors", (other,))

    with pytest.raises(InvalidTag), writing(central.db) as conn:
        second.new_secret(conn, keys, other)
