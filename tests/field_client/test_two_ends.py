"""A laptop's store and the real server over HTTP: afterwards both ends hold the same."""

import pytest

from field_client import drafts, records, visits
from field_client.enrolment import enrol
from field_client.export import export
from field_client.places import find
from field_client.syncing import Half, sync_now
from schemas.ids import new_id
from server.arrivals.verify import verify
from server.export import scope
from tests.field_client.conftest import AT, COMMUNE, place_state


@pytest.fixture
def pair(blank, served):
    """A laptop enrolled at the real server, which knows its place."""
    served.central.edit("establishment", blank.place, place_state())
    enrol(blank.db, blank.settings.key, served.invite().text(), at=AT, name="Máy thử")
    assert not sync_now(blank.db).trouble
    return blank, served.central


def agree(laptop, central):
    device = laptop.one("SELECT value FROM meta WHERE key = 'device'")
    assert list(export(laptop.db.conn)) == list(scope(central.db.conn, device))
    assert verify(central.db).problems == ()


def test_a_day_of_work(pair):
    laptop, central = pair
    operator = records.new_operator(laptop.db, {"name": "Hộ bà Vũ Thị Ơn", "form": "household"}, at=AT)
    place = records.new_establishment(
        laptop.db, {"name": "Karaoke Mới", "kinds": ["karaoke"], "unit": COMMUNE, "operator": operator.id}, at=AT
    )
    first = laptop.record(establishment=place.id)
    laptop.record(first.id, establishment=place.id, remark="Bổ sung", reason="Thiếu nhận xét")
    draft = drafts.start(laptop.db, laptop.place, at=AT)
    drafts.save(laptop.db, draft, {"team": laptop.team, "outcome": "closed_tonight", "remark": "Đóng cửa"}, at=AT)
    drafts.finalise(laptop.db, draft, at=AT)
    records.edit(laptop.db, "establishment", laptop.place, {"phone": "0912345678"}, at=AT)

    outcome = sync_now(laptop.db)

    assert (outcome.trouble, outcome.waiting, outcome.standings) == ("", 0, {"accepted": 6})
    agree(laptop, central)


def test_a_visit_sent_before_its_place_is_held_and_then_released(pair):
    laptop, central = pair
    nowhere = new_id()
    kept = laptop.record(establishment=nowhere)
    sync_now(laptop.db)
    held = visits.find(laptop.db, kept.id).visit.standing

    central.edit("establishment", nowhere, place_state("Đến sau"))
    sync_now(laptop.db)

    assert held == "held"
    assert visits.find(laptop.db, kept.id).visit.standing == "accepted"
    agree(laptop, central)


def test_an_edit_that_did_not_see_the_office_s_is_in_conflict_and_the_rest_applies(pair):
    laptop, central = pair
    records.edit(laptop.db, "establishment", laptop.place, {"name": "Của tôi", "phone": "1"}, at=AT)
    central.edit("establishment", laptop.place, {"name": "Của văn phòng"}, {"name": "Karaoke Đông Đô"})

    outcome = sync_now(laptop.db)

    place = find(laptop.db, "establishment", laptop.place)
    assert outcome.standings == {"conflict": 1}
    assert (place.name, place["phone"]) == ("Của văn phòng", "1")
    agree(laptop, central)


def test_two_corrections_of_one_visit_are_both_kept(pair):
    laptop, central = pair
    first = laptop.record()
    sync_now(laptop.db)
    theirs = central.laptop(COMMUNE)
    body = laptop.body(remark="Của người khác", reason="Thiếu", revision=2)
    theirs.sends(theirs.line("inspection", first.id, body, first.item))

    laptop.record(first.id, remark="Của tôi", reason="Thiếu")
    outcome = sync_now(laptop.db)

    visit = visits.find(laptop.db, first.id).visit
    assert outcome.standings == {"conflict": 1}
    assert (visit.aside, visit.own) == ("conflict", True)
    assert visits.find(laptop.db, first.id).body["remark"] == "Của người khác"
    agree(laptop, central)


def test_a_place_that_moves_away_and_back(pair):
    laptop, central = pair
    laptop.record()
    sync_now(laptop.db)
    away = {"from": "2026-01-01", "epoch": "new", "unit": "15682", "address": ""}

    central.edit("establishment", laptop.place, {"place/2": away})
    sync_now(laptop.db)
    agree(laptop, central)
    central.edit("establishment", laptop.place, {"place/2": None}, {"place/2": away})
    sync_now(laptop.db)

    agree(laptop, central)


def test_sending_only_and_fetching_only(pair):
    laptop, central = pair
    laptop.record()

    sent = sync_now(laptop.db, halves=frozenset({Half.SEND}))
    fetched = sync_now(laptop.db, halves=frozenset({Half.GET}))

    assert (sent.sent, sent.received) == (1, 0)
    assert (fetched.sent, fetched.received) == (0, 1)
    agree(laptop, central)
