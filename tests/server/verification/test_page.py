"""The public page: anybody may ask, four sentences answer, and nothing of the visit stands on it."""

import logging

import pytest
from werkzeug.test import Client

from schemas.items import name_of
from schemas.minutes_code import short_of
from server.app import create_app

SENTENCES = {
    "matches": "Khớp với bản đã chốt.",
    "replaced": "đã được thay hoặc đã hủy.",
    "not_received": "văn phòng chưa nhận biên bản vào hồ sơ.",
    "no_match": "Không khớp với bản đã chốt nào",
}


@pytest.fixture
def client(central):
    app = create_app(central.settings)
    app.config.update(TESTING=True, PROPAGATE_FAULTS=True)
    return app.test_client()


@pytest.fixture
def papers(central, printing):
    """Return a code for each answer."""
    one, place = printing(), central.place(name="Karaoke Bí Mật")
    said = {"remark": "Nhận xét riêng", "representative": "Nguyễn Văn Đại Diện"}
    first = one.laptop.visit(place, **said)
    second = one.laptop.visit(place, base=first, revision=2, reason="Sai ngày", **said)
    unsent = one.laptop.visit(place, **said)
    assert one.laptop.sends(first, second) == ["accepted"] * 2
    return {
        "matches": one.code(second).text(), "replaced": one.code(first).text(), "not_received": one.code(unsent).text(),
        "no_match": one.code(second, revision=9).text(),
    }  # fmt: skip


def says(text):
    """Return which of the four a page says; exactly one of them."""
    found = [answer for answer, sentence in SENTENCES.items() if sentence in text]
    assert len(found) == 1, text
    return found[0]


@pytest.mark.parametrize("answer", SENTENCES)
def test_it_answers_one_of_four_and_discloses_nothing_else(client, papers, answer):
    page = client.get(f"/v/{papers[answer]}")

    assert (page.status_code, says(page.text)) == (200, answer)
    for secret in ("Bí Mật", "riêng", "Đại Diện", "2026", "Phố Giắt", "Lê Thị Hạnh", "Máy thử", "Đông Đô"):
        assert secret not in page.text


def test_two_codes_with_one_answer_get_the_same_page(central, printing, client, papers):
    one = printing()
    other = one.laptop.visit(central.place(name="Massage Hoa Sen"), date="2026-03-04")
    assert one.laptop.sends(other) == ["accepted"]

    codes = (papers["matches"], one.code(other).text())
    pages = {client.get(f"/v/{code}").text.replace(code, "") for code in codes}

    assert len(pages) == 1


def test_the_digits_are_enough(client, central, printing):
    one = printing()
    line = one.laptop.visit(central.place())
    one.laptop.sends(line)

    page = client.post("/v", data={"ma": short_of(name_of(line)).text()}, follow_redirects=True)

    assert says(page.text) == "matches"


def test_digits_that_are_not_here_may_be_of_minutes_on_their_way(client):
    page = client.get(f"/v/{short_of('0' * 64).digits}")

    assert says(page.text) == "no_match"
    assert "có thể chưa gửi về văn phòng" in page.text


def test_a_link_in_capitals_leads_here_too(client, papers):
    assert says(client.get(f"/V/{papers['matches'].removeprefix('D178:')}").text) == "matches"


@pytest.mark.parametrize("wrong", ["", "xin chào", "1234 5678 9012 3456 7890", "D178:AAAA", "x" * 100_000, "\x00"])
def test_a_slip_is_no_answer_and_stands_at_the_field(client, wrong):
    page = client.post("/v", data={"ma": wrong})

    assert page.status_code == 422
    assert not any(sentence in page.text for sentence in SENTENCES.values())
    assert 'aria-describedby="hint-ma wrong-ma"' in page.text
    assert "Mã không đúng" in page.text or "Nhập mã" in page.text


def test_a_slip_in_a_link_says_the_same(client, papers):
    page = client.get(f"/v/{papers['matches'][:-1]}")

    assert page.status_code == 422
    assert "kiểm tra lại từng ký tự" in page.text


def test_nobody_gets_a_session_and_nothing_foreign_runs(client, papers):
    answers = [client.get("/v"), client.get(f"/v/{papers['matches']}"), client.post("/v", data={"ma": "x"})]

    assert not any("Set-Cookie" in answer.headers for answer in answers)
    assert all("unsafe" not in answer.headers["Content-Security-Policy"] for answer in answers)
    assert all(answer.headers["Cache-Control"] == "no-store" for answer in answers)


def test_who_asks_too_often_is_slowed_down_and_others_are_not(client, papers):
    path = f"/v/{papers['matches']}"
    asked = [client.get(path).status_code for _ in range(61)]

    assert asked == [200] * 60 + [429]
    assert client.get(path, environ_base={"REMOTE_ADDR": "203.0.113.9"}).status_code == 200


def test_where_a_question_came_from_is_not_kept_in_clear(client, central, papers):
    client.get(f"/v/{papers['matches']}", environ_base={"REMOTE_ADDR": "203.0.113.9"})

    doors = [row[0] for row in central.db.conn.execute("SELECT door FROM tries")]
    assert len(doors) == 2
    assert not any("203.0.113.9" in door for door in doors)


def test_asking_writes_no_code_into_the_log(client, papers, caplog):
    caplog.set_level(logging.DEBUG)
    client.get(f"/v/{papers['matches']}")

    assert papers["matches"] not in caplog.text


def test_asking_changes_nothing(client, central, papers):
    before = central.one("SELECT count(*) FROM arrivals"), central.one("SELECT max(pos) FROM feed")

    assert isinstance(client, Client)
    for code in papers.values():
        client.get(f"/v/{code}")

    assert (central.one("SELECT count(*) FROM arrivals"), central.one("SELECT max(pos) FROM feed")) == before
