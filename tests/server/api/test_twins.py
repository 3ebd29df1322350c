"""Everything that a page of the office shows can be read as JSON: each GET page has a read that stands for it."""

from pathlib import Path

import pytest

from server.access import DEVICE, EVERYBODY
from server.api.reads import READS
from server.app import create_app

assert create_app  # with it everything is registered
# Pages that show nothing but a form to fill in, a picture, or what the caller has just typed.
SHOW_NOTHING = frozenset((Path(__file__).parent / "show_nothing.txt").read_text(encoding="utf-8").split())
# Pages whose read is still to be made: to be emptied.
TO_DO = frozenset((Path(__file__).parent / "to_do.txt").read_text(encoding="utf-8").split())


@pytest.fixture
def pages(office):
    """The endpoints that show something to who is signed in, outside /api/."""
    app = office.app()
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods and rule.endpoint != "static" and not rule.rule.startswith("/api/")
        if not getattr(app.view_functions[rule.endpoint], "knock", frozenset()) & {EVERYBODY, DEVICE}
    }


def twins():
    return {page for one in READS.values() for page in one.instead_of}


def test_every_page_has_a_read_or_shows_nothing(pages):
    assert pages - twins() - SHOW_NOTHING - TO_DO == set()


def test_no_read_stands_for_a_page_that_is_not_there(pages):
    assert twins() - pages == set()


def test_the_lists_name_pages_that_are_there_and_have_no_read(pages):
    assert (SHOW_NOTHING | TO_DO) - pages == set()
    assert (SHOW_NOTHING | TO_DO) & twins() == set()
    assert set() == SHOW_NOTHING & TO_DO
