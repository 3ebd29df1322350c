"""A server that dies at any statement of a batch, or slips at one: nothing of it is kept, or all of it in its place."""

import shutil

import pytest

from schemas.ids import new_id
from server.arrivals.acting import sender_of
from server.arrivals.ingest import ingest
from server.arrivals.verify import verify
from server.arrivals.world import _trees
from server.office import edit, make
from server.store import connect
from sync.chain import walk
from tests.conftest import AT, Laptop, place_state, visit_body
from tests.simulator.fragile import Killed, Slip, fragile
from tests.simulator.templates import HERE, make_templates


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A server that knows a few communes: quick to copy, quick to verify."""
    return make_templates(tmp_path_factory.mktemp("small")) / "server" / "doi178.db"


class Batch:
    """A place with an operator, a visit that came before it, a correction, an edit that comes late: one batch."""

    def __init__(self, small, folder):
        self.file, self.tries = folder / "doi178.db", 0
        shutil.copy(small, self.file)
        db = connect(self.file)
        laptop, known, operator = Laptop(None, new_id()), new_id(), new_id()
        epoch, _, area = HERE.partition(":")
        make(db, [edit("device", laptop.id, {"name": "Máy", "epoch": epoch, "area": area}, {}),
                  edit("establishment", known, place_state(), {})], author="test", at=AT)  # fmt: skip
        db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.close()
        place = new_id()
        state = place_state(**{"operator/1": {"from": "2026-01-01", "operator": operator}})
        early, seen = laptop.visit(place), laptop.visit(known)
        self.lines = [
            early,
            laptop.line("operator", operator, {"set": {"name": "Bà Ba", "form": "household"},
                                               "was": {"name": None, "form": None}}),
            laptop.line("establishment", place, {"set": state, "was": dict.fromkeys(state)}),
            seen,
            laptop.line("inspection", new_id(), visit_body(known, outcome="fine")),
            laptop.visit(known, base=seen, revision=2, reason="Sai"),
            laptop.line("establishment", known, {"set": {"phone": "091"}, "was": {"phone": "090"}}),
        ]  # fmt: skip
        self.device = laptop.id

    def fresh(self):
        """Return the server as it stood before the batch, on a connection that can break."""
        self.tries += 1
        copy = self.file.with_name(f"{self.tries}.db")
        shutil.copy(self.file, copy)
        _trees.clear()
        return fragile(connect(copy)), copy

    def arrives(self, db):
        return ingest(db, self.lines, sender_of(db.conn, self.device), AT)


@pytest.fixture
def batch(small, tmp_path):
    return Batch(small, tmp_path)


def everything(db):
    names = [row[0] for row in db.conn.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    return {name: sorted(map(repr, db.conn.execute(f"SELECT * FROM {name}").fetchall())) for name in names}


def test_killed_anywhere_in_a_batch_there_is_all_of_it_or_nothing(batch):
    db, copy = batch.fresh()
    before = everything(db)

    for moment in range(5000):
        db.conn.left = moment
        try:
            batch.arrives(db)
        except Killed:
            db.close()
            db = fragile(connect(copy))
            db.conn.left = None
            if everything(db) != before:
                break  # it died right behind its COMMIT
        else:
            raise AssertionError("it went through without dying behind its COMMIT")

    taken = batch.arrives(db)
    assert moment > 20
    assert {answer.standing for answer in taken.answers} == {"held", "accepted", "quarantined", "conflict"}
    assert all(answer.present for answer in taken.answers), "all of it was there"
    assert verify(db).problems == ()


def test_an_error_of_ours_anywhere_in_a_batch_costs_one_item_its_place(batch):
    db, _ = batch.fresh()
    db.conn.slips = None
    sound = [answer.standing for answer in batch.arrives(db).answers]
    faults = whole = 0

    for moment in range(5000):
        db.close()
        db, _ = batch.fresh()
        before = everything(db)
        db.conn.slips = moment
        try:
            taken = batch.arrives(db)
        except Slip:
            assert everything(db) == before
            whole += 1
            continue
        if db.conn.slips is not None:
            break
        broken = [a for a in taken.answers if (a.detail or {}).get("reason") == "server-fault"]
        behind = db.conn.execute("SELECT count(*) FROM arrivals WHERE first = 0 AND detail LIKE '%server-fault%'")
        assert len(broken) + behind.fetchone()[0] == 1
        assert walk(taken.before, taken.answers) == taken.after
        assert verify(db).problems == ()
        if not broken:
            assert [answer.standing for answer in taken.answers] == sound
        faults += 1

    assert faults > 50
    assert whole > 0
