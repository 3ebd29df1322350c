"""What a program asks and gets: words that are not known, areas, pages, problems."""

import pytest

COMMUNE, ELSEWHERE = "new:15664", "new:15682"


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("surprise=1", "surprise"),
        ("year=2026&year=2025", "year"),
        ("year=", "year"),
        ("as_of=5/11/2026", "as_of"),
        ("kind=karaoke&kind=boat", "kind.1"),
        ("by=weather", "by"),
        ("unit=15664", "unit"),
        ("unit=new:99999", "unit"),
        ("as_of=2026-11-20%00", "as_of"),
    ],
)
def test_a_word_that_does_not_hold_is_named(office, query, word):
    answer = office.client().get(f"/api/v1/coverage?{query}")

    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["type"] == "/problems/invalid-input"
    assert list(answer.get_json()["errors"]) == [word]


def test_the_area_is_that_of_the_account_where_none_is_asked_for(office):
    office.place(unit=COMMUNE)
    office.place(unit=ELSEWHERE)

    answer = office.client("police", COMMUNE).get("/api/v1/coverage").get_json()

    assert (answer["total"]["key"], answer["total"]["open"]) == (COMMUNE, 1)


def test_an_area_that_is_not_the_own_is_not_answered(office):
    answer = office.client("police", COMMUNE).get(f"/api/v1/coverage?unit={ELSEWHERE}")

    assert (answer.status_code, answer.get_json()["type"]) == (403, "/problems/not-allowed")


def test_the_words_of_the_page_s_address_are_understood_too(office):
    client = office.client()

    assert client.get("/api/v1/coverage?nam=2025").get_json() == client.get("/api/v1/coverage?year=2025").get_json()


def test_nobody_reads_without_signing_in(office):
    answer = office.app().test_client().get("/api/v1/coverage")

    assert (answer.status_code, answer.get_json()["type"]) == (401, "/problems/sign-in-first")


def test_a_method_that_an_address_does_not_know_is_told_which_it_knows(office):
    answer = office.client().put("/api/v1/coverage")

    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
