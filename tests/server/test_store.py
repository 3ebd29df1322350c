"""The database as the last guard, and the one way to write to it."""

import sqlite3
import threading

import pytest

from server.store import Busy, Newer, connect, open_store, reading, writing, writing_unless_busy


@pytest.fixture
def path(tmp_path):
    open_store(tmp_path / "store.db").close()
    return tmp_path / "store.db"


def test_readers_and_writers_together_lose_no_update(path):
    with writing(connect(path)) as conn:
        conn.execute("INSERT INTO meta (key, value) VALUES ('count', '0')")

    def add():
        db = connect(path)
        for _ in range(50):
            with writing(db) as conn:
                count = int(conn.execute("SELECT value FROM meta WHERE key = 'count'").fetchone()[0])
                conn.execute("UPDATE meta SET value = ? WHERE key = 'count'", (str(count + 1),))

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert connect(path).conn.execute("SELECT value FROM meta WHERE key = 'count'").fetchone() == ("200",)


def test_a_failure_keeps_nothing_of_the_block(path):
    db = connect(path)

    with pytest.raises(RuntimeError), writing(db) as conn:
        conn.execute("INSERT INTO meta (key, value) VALUES ('half', '1')")
        raise RuntimeError

    assert not db.conn.execute("SELECT 1 FROM meta WHERE key = 'half'").fetchone()


def test_what_need_not_be_written_now_waits_for_nobody(path):
    db = connect(path, patience=3600)

    with writing(connect(path)), pytest.raises(Busy), writing_unless_busy(db):
        pass
    with writing_unless_busy(db) as conn:
        conn.execute("INSERT INTO meta (key, value) VALUES ('later', '1')")

    assert db.conn.execute("PRAGMA busy_timeout").fetchone() == (3_600_000,)
    assert db.conn.execute("SELECT 1 FROM meta WHERE key = 'later'").fetchone()


def test_a_reader_sees_one_moment(path):
    reader, writer = connect(path), connect(path)

    with reading(reader) as conn:
        before = conn.execute("SELECT count(*) FROM meta").fetchone()
        with writing(writer) as other:
            other.execute("INSERT INTO meta (key, value) VALUES ('late', '1')")
        assert conn.execute("SELECT count(*) FROM meta").fetchone() == before


def test_what_must_survive_a_power_cut_is_set_on_every_connection(path):
    conn = connect(path).conn

    assert conn.execute("PRAGMA synchronous").fetchone() == (2,)
    assert conn.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert conn.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_opening_again_changes_no_schema(path):
    version = connect(path).conn.execute("PRAGMA schema_version").fetchone()

    open_store(path)

    assert connect(path).conn.execute("PRAGMA schema_version").fetchone() == version


def test_several_processes_may_migrate_at_once(tmp_path):
    errors = []

    def migrate():
        try:
            open_store(tmp_path / "new.db").close()
        except sqlite3.Error as error:
            errors.append(error)

    threads = [threading.Thread(target=migrate) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []


def test_a_database_of_a_newer_program_is_left_alone_and_says_so(path):
    db = connect(path)
    db["_sqlite_migrations"].insert({"migration_set": "server", "name": "m999_tomorrow", "applied_at": "2062"})

    with pytest.raises(Newer, match="bản mới hơn"):
        open_store(path)


def test_every_table_is_strict(path):
    rows = connect(path).conn.execute("PRAGMA table_list").fetchall()

    ours = [row for row in rows if row[2] == "table" and not row[1].startswith(("sqlite_", "_sqlite"))]
    loose = [row[1] for row in ours if not row[5]]

    assert loose == []
