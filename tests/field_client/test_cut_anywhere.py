"""A laptop that dies at any statement of a save, a sending or a fetch: what it was at is done, or was never begun."""

import pytest

from field_client import drafts, records
from field_client.records import NotValid
from field_client.store import connect
from field_client.syncing import Half, sync_now
from tests.field_client.conftest import AT, place_state
from tests.simulator.fragile import Killed, fragile


def dying_at_each(laptop, act):
    """Let *act* die at its first statement, its second and so on, until it goes through; a store each, reopened."""
    laptop.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = laptop.settings.database.read_bytes()
    for moment in range(2000):
        file = laptop.settings.data / f"{moment}.db"
        file.write_bytes(whole)
        db = fragile(connect(file))
        db.conn.left = moment
        died = False
        try:
            act(db)
        except Killed:
            died = True
        db.close()
        reopened = connect(file)
        yield reopened
        reopened.close()
        if not died:
            assert moment > 2, "nothing was cut"
            return
    raise AssertionError("it never went through")


def begun(laptop):
    """Return a draft that could be finished."""
    id = drafts.start(laptop.db, laptop.place, at=AT)
    drafts.save(laptop.db, id, {key: value for key, value in laptop.body().items() if key != "establishment"}, at=AT)
    return id


def one(db, query, *values):
    return db.conn.execute(query, values).fetchone()[0]


def test_killed_anywhere_while_finishing_it_is_kept_and_queued_or_still_a_draft(laptop):
    id = begun(laptop)
    numbers = one(laptop.db, "SELECT count(*) FROM own")

    for db in dying_at_each(laptop, lambda db: drafts.finalise(db, id, at=AT)):
        kept = one(db, "SELECT count(*) FROM own WHERE id = ?", id)
        assert one(db, "SELECT count(*) FROM drafts WHERE id = ?", id) == 1 - kept
        assert one(db, "SELECT count(*) FROM own WHERE waiting = 1") == numbers + kept
        assert int(one(db, "SELECT value FROM meta WHERE key = 'device_seq'")) == numbers + kept
        again = drafts.finalise(db, id, at=AT)
        assert db.execute("SELECT name FROM own WHERE id = ?", [id]).fetchall() == [(again.item,)]


@pytest.mark.parametrize("what", ["record", "edit", "new_establishment", "new_operator"])
def test_killed_anywhere_while_saving_there_is_all_of_it_or_nothing(laptop, what):
    fields = {"name": "Karaoke Mới", "kinds": ["karaoke"], "unit": "new:15664"}
    visit, act = laptop.body(), {
        "record": lambda db: records.record(db, laptop.team, visit, at=AT),
        "edit": lambda db: records.edit(db, "establishment", laptop.place, {"phone": "091"}, at=AT),
        "new_establishment": lambda db: records.new_establishment(db, fields, at=AT),
        "new_operator": lambda db: records.new_operator(db, {"name": "Ông Tư", "form": "household"}, at=AT),
    }[what]  # fmt: skip
    numbers = one(laptop.db, "SELECT count(*) FROM own")
    tables = ("establishments", "operators", "visits")
    before = [one(laptop.db, f"SELECT count(*) FROM {table}") for table in tables]

    for db in dying_at_each(laptop, act):
        kept = one(db, "SELECT count(*) FROM own") - numbers
        assert kept in {0, 1}
        assert int(one(db, "SELECT value FROM meta WHERE key = 'device_seq'")) == numbers + kept
        shown = sum(one(db, f"SELECT count(*) FROM {table}") for table in tables) - sum(before)
        assert shown == (0 if what == "edit" else kept)


def test_killed_anywhere_in_a_sync_what_has_no_receipt_goes_on_waiting(laptop):
    for n in range(3):
        laptop.record(remark=str(n))
    laptop.line.knows("establishment", laptop.place, place_state("Tên khác"))

    for db in dying_at_each(laptop, lambda db: sync_now(db, line=laptop.line, now=lambda: AT)):
        unproven = "SELECT count(*) FROM own LEFT JOIN proofs ON proofs.id = own.proof WHERE"
        assert one(db, f"{unproven} waiting = (proofs.id IS NOT NULL)") == 0
        outcome = sync_now(db, line=laptop.line, now=lambda: AT)
        assert (outcome.trouble, outcome.waiting) == ("", 0)
        assert len(laptop.line.lines) == 3
        assert one(db, "SELECT count(*) FROM visits WHERE standing = 'accepted'") == 3


def test_killed_anywhere_while_fetching_the_next_fetch_brings_the_rest(laptop):
    laptop.line.page_size = 2
    for n in range(5):
        laptop.line.knows("establishment", f"018f0000-0000-7000-8000-00000000000{n}", place_state(f"Quán {n}"))

    def fetch(db):
        return sync_now(db, halves=frozenset({Half.GET}), line=laptop.line, now=lambda: AT)

    for db in dying_at_each(laptop, fetch):
        assert fetch(db).trouble == ""
        assert one(db, "SELECT count(*) FROM establishments WHERE name LIKE 'Quán %'") == 5


def test_killed_anywhere_while_a_draft_is_typed_what_was_saved_before_is_there(laptop):
    id = begun(laptop)

    for db in dying_at_each(laptop, lambda db: drafts.save(db, id, {"remark": "Thêm"}, at=AT)):
        fields = drafts.load(db, id).fields
        assert fields["outcome"] == "no_violation"
        assert fields.get("remark", "Thêm") == "Thêm"


def test_what_is_refused_changes_nothing(laptop):
    id = begun(laptop)
    drafts.save(laptop.db, id, {"date": "hôm qua"}, at=AT)

    with pytest.raises(NotValid):
        drafts.finalise(laptop.db, id, at=AT)

    assert drafts.load(laptop.db, id).fields["date"] == "hôm qua"
