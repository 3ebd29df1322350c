"""The one file: who may read it, what it refuses, what it never changes."""

import stat

import pytest

from field_client.migrations import migrations
from field_client.store import Newer, base, get_meta, open_store, put_meta, writing

TABLES = {
    "meta", "own", "proofs", "drafts", "rounds", "syncs", "things", "revisions", "operators", "establishments",
    "decided", "visits", "outside_checks", "places_with_findings", "last_inspected", "files", "bundles",
    "said_of_visits", "assignments", "draft_files",
}  # fmt: skip


@pytest.fixture
def path(tmp_path):
    return tmp_path / "máy tính" / "field.db"


def test_the_tables_are_those_the_migrations_make(path):
    db = open_store(path)

    assert {name for name in db.table_names() if not name.startswith(("_sqlite", "sqlite_"))} == TABLES
    assert all(db[name].strict for name in TABLES)


def test_opening_again_changes_nothing(path):
    open_store(path).close()
    before = path.read_bytes()

    open_store(path).close()

    assert path.read_bytes() == before


def test_nobody_else_on_the_machine_can_read_it(path):
    open_store(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_what_a_newer_program_wrote_is_refused_and_left_alone(path):
    db = open_store(path)
    db["_sqlite_migrations"].insert({"migration_set": migrations.name, "name": "m999_later", "applied_at": "2030"})
    db.close()

    with pytest.raises(Newer, match="cài bản mới"):
        open_store(path)


def test_a_block_that_fails_leaves_nothing(path):
    db = open_store(path)

    with pytest.raises(ZeroDivisionError), writing(db) as conn:
        put_meta(conn, "name", "Máy thử")
        raise ZeroDivisionError

    assert get_meta(db.conn, "name") == ""
    assert not db.conn.in_transaction


def test_a_second_writer_waits_for_the_first(path):
    one, other = open_store(path), open_store(path)
    other.conn.execute("PRAGMA busy_timeout=0")

    with writing(one), pytest.raises(base.OperationalError, match="locked"), writing(other):
        pass

    with writing(other) as conn:
        put_meta(conn, "name", "Máy thử")


def test_what_was_said_is_on_the_disk(path):
    db = open_store(path)

    assert db.conn.execute("PRAGMA synchronous").fetchone()[0] == 2  # FULL
    assert db.conn.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_the_bytes_of_an_item_are_never_changed(laptop):
    laptop.record()

    with pytest.raises(base.IntegrityError, match="never changed"):
        laptop.db.conn.execute("UPDATE own SET line = x'00'")


def test_a_standing_nobody_knows_cannot_be_written(laptop):
    laptop.record()

    with pytest.raises(base.IntegrityError):
        laptop.db.conn.execute("UPDATE own SET seq = 1, standing = 'fine'")


def test_a_standing_needs_a_receipt(laptop):
    laptop.record()

    with pytest.raises(base.IntegrityError):
        laptop.db.conn.execute("UPDATE own SET standing = 'accepted'")
