"""Who may knock: this machine, the browser that the program opened, an enrolled laptop."""

import functools

import pytest

from field_client import web
from field_client.app import create_app
from field_client.pages.access import ENROLLED, EVERYBODY, LOCKED, OPENED
from tests.field_client.pages.furnish import DONG_DO, furnish

HERE = "http://127.0.0.1:8179"


@pytest.fixture
def stranger(reader):
    """A program of this machine that has no session."""
    return reader.app.test_client()


def rules(app):
    """Return every rule of the URL map but the files."""
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def address(rule):
    """Return an address under *rule*."""
    parts = {"<id>": DONG_DO, "<name>": "doi178.css", "<key>": "x", "<number>": "1"}
    return functools.reduce(lambda path, part: path.replace(*part), parts.items(), rule.rule)


def method(rule):
    return "POST" if "POST" in rule.methods else "GET"


def test_every_page_says_who_may_knock(reader):
    marks = {
        rule.endpoint: getattr(reader.app.view_functions[rule.endpoint], "knock", None) for rule in rules(reader.app)
    }

    assert {endpoint for endpoint, mark in marks.items() if mark not in {EVERYBODY, OPENED, LOCKED, ENROLLED}} == set()
    assert {endpoint for endpoint, mark in marks.items() if mark == EVERYBODY} == {
        "look.look", "look.healthz", "look.open_session", "shown.switch"
    }  # fmt: skip
    assert {endpoint for endpoint, mark in marks.items() if mark == OPENED} == {
        "bag_card.page", "enrol.form", "enrol.redeem", "lock.somebody", "lock.who", "lock.sit_down", "protection.page",
        "protection.change",
    }  # fmt: skip
    assert {endpoint for endpoint, mark in marks.items() if mark == LOCKED} == {
        "lock.form", "lock.unlock", "lock.shut", "lock.how_long", "forgotten.form", "forgotten.recover",
        "forgotten.choose", "forgotten.restore",
    }  # fmt: skip


def test_nothing_opens_without_the_session_of_the_program(reader, stranger):
    for rule in rules(reader.app):
        if getattr(reader.app.view_functions[rule.endpoint], "knock", None) == EVERYBODY:
            continue
        answer = stranger.open(address(rule), method=method(rule), base_url=HERE)

        assert answer.status_code == 403, rule
        assert "biểu tượng" in answer.text


def test_nothing_is_changed_without_the_token(reader):
    for rule in rules(reader.app):
        if "POST" in rule.methods and rule.endpoint != "shown.switch":  # changes nothing but the look of pages
            answer = reader.client.post(address(rule), base_url=HERE, data={"half": "send"})

            assert answer.status_code == 400, rule
            assert "tải lại trang" in answer.text


@pytest.mark.parametrize(
    "host", ["doi178.example", "192.168.1.5:8179", "127.0.0.1.example", "[::1", "localhost.", "0.0.0.0"]
)
def test_a_name_that_is_not_this_machine_is_refused(reader, host):
    for path in ("/", "/healthz", "/look/doi178.css", "/static/page.js", "/khong-co"):
        answer = reader.client.get(path, base_url=HERE, headers={"Host": host})

        assert answer.status_code in {400, 403}, path
        assert "Đợt kiểm tra" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:9000", "localhost:8179"])
def test_this_machine_is_let_in_under_its_own_names(reader, host):
    assert reader.client.get("/healthz", base_url=HERE, headers={"Host": host}).text == "ok\n"


def test_a_wrong_key_opens_nothing(stranger):
    answer = stranger.get("/mo/kh%C3%B3a", base_url=HERE)

    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


def test_the_key_is_new_in_each_run_and_the_session_outlives_it(reader, settings):
    again = create_app(settings)
    client = again.test_client()
    cookie = reader.client.get_cookie(reader.app.config["SESSION_COOKIE_NAME"], domain="127.0.0.1")
    client.set_cookie(cookie.key, cookie.value, domain="127.0.0.1")

    assert web.door(again) != web.door(reader.app)
    assert client.get("/gui-nhan", base_url=HERE).status_code == 200


def test_the_cookie_of_one_laptop_opens_no_other(reader, tmp_path):
    other = create_app(furnish(tmp_path / "máy khác"))

    assert other.config["SESSION_COOKIE_NAME"] != reader.app.config["SESSION_COOKIE_NAME"]
    assert other.config["SECRET_KEY"] != reader.app.config["SECRET_KEY"]


def test_a_laptop_that_is_not_enrolled_is_led_to_enrolment(tmp_path, open_pages):
    new = open_pages(furnish(tmp_path / "mới", enrolled=False))

    for path in ("/", "/co-so", f"/co-so/{DONG_DO}", "/gui-nhan"):
        assert new.get(path).location == "/dang-ky"
    assert "Đăng ký máy" in new.text("/")


def test_no_page_lets_foreign_content_in_or_stays_in_a_cache(reader):
    headers = reader.get("/").headers

    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/khong-co", "Không có trang này"),
        ("/co-so/khong-co", "Không có “khong-co” trên máy này"),
        ("/cuoc-kiem-tra/khong-co", "Không có cuộc kiểm tra này trên máy"),
        ("/cuoc-kiem-tra/khong-co/bo", "Không có bản nháp này"),
        ("/look/secret", "Không có trang này"),
    ],
)
def test_what_is_not_there_is_said_in_one_sentence(reader, path, sentence):
    answer = reader.get(path)

    assert answer.status_code == 404
    assert sentence in answer.text
    assert "Traceback" not in answer.text


def test_a_page_that_falls_over_says_what_to_do(settings):
    app = create_app(settings)
    app.extensions["doi178-sync"] = None
    client = app.test_client()
    client.get(web.door(app), base_url=HERE)
    token = client.get("/gui-nhan", base_url=HERE).text.split('name="csrf_token" value="')[1].split('"')[0]

    answer = client.post("/gui-nhan", data={"csrf_token": token}, base_url=HERE)

    assert answer.status_code == 500
    assert "báo văn phòng mã" in answer.text
