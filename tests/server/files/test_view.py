"""Looking at a received file: who may, and how it is handed out."""

import pytest

from server.clock import now
from server.people.sessions import Browser, begin
from server.people.users import add_user
from server.store import writing
from tests.conftest import AT, COMMUNE
from tests.pictures import name_of_file, pdf


@pytest.fixture
def signed_in(central, client):
    """Return a function that signs in someone of an area."""

    def come_in(area):
        user = add_user(central.db, area, role="coordinator", unit=area, password="mot mat khau dai", author="test",
                        at=AT)  # fmt: skip
        with writing(central.db) as conn:
            token = begin(conn, user, now(), Browser(), second=1)
        with client.session_transaction() as session:
            session["token"] = token
        return client

    return come_in


@pytest.mark.parametrize(("area", "status"), [(COMMUNE, 200), ("new:38", 200), ("new:15682", 404), ("new:19", 404)])
def test_a_file_is_seen_by_those_whose_area_has_the_place(sender, signed_in, area, status):
    sender.sends_all(sender.record())

    answer = signed_in(area).get(f"/tep/{name_of_file(sender.content)}")

    assert answer.status_code == status


def test_a_photo_is_shown_and_a_paper_is_downloaded_as_what_they_are(sender, signed_in):
    paper = pdf()
    sender.sends_all(sender.record())
    sender.sends_all(sender.record(paper, role="scan"), paper)
    client = signed_in(COMMUNE)

    photo, scan = (client.get(f"/tep/{name_of_file(content)}") for content in (sender.content, paper))

    assert (photo.data, photo.mimetype) == (sender.content, "image/jpeg")
    assert photo.headers["Content-Disposition"].startswith("inline; filename=kiem-tra-2026-11-05-")
    assert scan.headers["Content-Disposition"].startswith("attachment; filename=kiem-tra-2026-11-05-")
    for answer in (photo, scan):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_file_whose_record_is_not_in_the_truth_is_shown_to_nobody(sender, signed_in):
    attachment = sender.record(visit="018f6d3c-5a10-7c21-9b44-6f0a1d2e3c45")
    sender.sends_all(attachment)

    assert signed_in("new:38").get(f"/tep/{name_of_file(sender.content)}").status_code == 404


@pytest.mark.parametrize("path", ["/tep/x", "/tep/..%2Fdoi178.db", f"/tep/{'ab' * 32}"])
def test_what_is_no_received_file_is_not_found(signed_in, path):
    assert signed_in(COMMUNE).get(path).status_code == 404


def test_nobody_sees_a_file_without_signing_in(sender, client):
    sender.sends_all(sender.record())

    assert client.get(f"/tep/{name_of_file(sender.content)}").status_code == 302
