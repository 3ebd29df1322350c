"""A paper on the table: what it proves to the public page and to a laptop of another province, as the days go by."""

import json
import urllib.parse
import urllib.request
from urllib.error import HTTPError

import pytest

from field_client.minutes_code import code_of, short_code_of
from field_client.settings import Settings
from field_client.store.visits import revisions
from server.office import state_of
from tests.closed import opened
from tests.journeys.conftest import call

pytestmark = pytest.mark.timeout(600)
SAYS = {
    "matches": "Khớp với bản đã chốt.",
    "replaced": "đã được thay hoặc đã hủy.",
    "not_received": "chưa nhận biên bản vào hồ sơ.",
    "no_match": "Không khớp với bản đã chốt nào",
}


@pytest.fixture
def public(server_end):
    """Ask the public page as a browser would, and return the one answer on it; None for a slip."""

    def ask(code):
        form = urllib.parse.urlencode({"ma": code}).encode()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{server_end.port}/v", form) as page:
                text = page.read().decode()
        except HTTPError as slip:
            assert slip.code == 422
            return None
        (answer,) = [answer for answer, sentence in SAYS.items() if sentence in text]
        return answer

    return ask


def paper(laptop, visit):
    """Return what stands on the printed paper of the last revision of a visit: the square, and the digits."""
    settings = Settings(laptop.data)
    db = opened(laptop.data)
    try:
        revision = revisions(db.conn, visit)[-1]
        return code_of(db, settings, revision), short_code_of(revision)
    finally:
        db.close()


def offline(laptop, code):
    """Ask a laptop by its command, without a line."""
    said = laptop.call("verify", code, "--json", fails=None)
    return json.loads(said)["answer"] if said else None


def test_a_paper_on_the_table(server_end, line, new_laptop, public):
    place = server_end.central.place()
    team, far = new_laptop("đội"), new_laptop("tỉnh khác", unit="new:01")
    far.call("sync")
    line.down = True
    visit = team.records(place)
    square, digits = paper(team, visit)

    assert [offline(end, square) for end in (team, far)] == ["matches", "not_received"]
    assert (public(square), public(digits)) == ("not_received", "no_match")
    assert (public(square[:-1]), offline(far, square[:-1])) == (None, None)

    line.down = False
    team.call("sync")
    assert (public(square), public(digits), offline(team, digits)) == ("matches",) * 3

    corrected = {"do": "correct", "inspection": visit, "changes": {"date": "2026-11-04"}, "reason": "Sai ngày"}
    call("server.cli", "apply", "-", "--data", str(server_end.central.settings.data), text=json.dumps(corrected))
    team.call("sync")
    assert (public(square), offline(team, square)) == ("replaced", "replaced")
    assert public(paper(team, visit)[0]) == "matches"


def test_a_stolen_laptop_makes_no_paper_that_is_believed(server_end, line, new_laptop, public):
    central = server_end.central
    place = central.place()
    stolen, far = new_laptop("bị mất"), new_laptop("tỉnh khác", unit="new:01")
    before = paper(stolen, stolen.records(place))[0]
    stolen.call("sync")
    far.call("sync")
    forged = paper(stolen, stolen.records(place, date="2026-11-03"))[0]
    assert (public(forged), offline(far, forged)) == ("not_received", "not_received")

    state = state_of(central.db.conn, "device", stolen.device)
    central.edit("device", stolen.device, {"revoked_on": "2026-11-20"}, state)
    assert offline(far, forged) == "not_received", "the far laptop has not heard of it yet"
    stolen.call("sync", fails=None)
    far.call("sync")

    assert (public(forged), offline(far, forged)) == ("no_match", "no_match")
    assert public(before) == "matches"
