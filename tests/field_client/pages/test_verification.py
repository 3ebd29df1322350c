"""The laptop's page for codes on minutes: four answers, the age of the keys, a slip at its field."""

import pytest

from field_client.minutes_code import code_of, short_code_of
from field_client.store.visits import revisions
from schemas.minutes_code import short_of
from tests.field_client.pages.furnish import OTHER_VISIT


@pytest.fixture
def revision(db):
    """A visit that the furnished laptop has received."""
    return revisions(db.conn, OTHER_VISIT)[-1]


def test_the_code_of_a_visit_that_is_here_matches_and_leads_to_it(reader, db, settings, revision):
    page = reader.text(f"/kiem-chung?ma={code_of(db, settings, revision)}")

    assert "Khớp với bản đã chốt." in page
    assert f'href="/cuoc-kiem-tra/{OTHER_VISIT}"' in page
    assert "Khóa của các máy nhận về lúc" in page


def test_the_digits_may_be_typed_as_they_are_printed(reader, revision):
    digits = short_code_of(revision).replace(" ", "+")

    assert "Khớp với bản đã chốt." in reader.text(f"/kiem-chung?ma={digits}")


def test_digits_that_are_not_here_do_not_match_and_say_what_to_do(reader):
    page = reader.text(f"/kiem-chung?ma={short_of('0' * 64).digits}")

    assert "Không khớp với bản đã chốt." in page
    assert "quét hình vuông" in page
    assert "/cuoc-kiem-tra/" not in page


@pytest.mark.parametrize(("typed", "said"), [
    ("", "Nhập mã in trên biên bản."), ("1234", "mã ngắn có 20 chữ số, đã nhập 4"), ("Â", "tắt bộ gõ tiếng Việt"),
])  # fmt: skip
def test_a_slip_stands_at_the_field_with_what_was_typed(reader, typed, said):
    answer = reader.get(f"/kiem-chung?ma={typed}")

    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{typed}"' in answer.text
    assert "Khớp" not in answer.text


def test_the_page_is_reached_from_the_places_and_from_a_visit(reader):
    assert all('href="/kiem-chung"' in reader.text(path) for path in ("/co-so", f"/cuoc-kiem-tra/{OTHER_VISIT}"))
