"""Connections that wait between requests, and how little of the store all of them hold."""

import pytest

from field_client.memory import PAGES, bound, one_pool
from field_client.settings import Settings
from field_client.store import open_store, put_meta, writing
from field_client.store.idle import MOST, Idle
from tests.closed import close, opened


@pytest.fixture
def idle(tmp_path):
    path = tmp_path / "field.db"
    open_store(path).close()
    return Idle(path, b"")


def test_the_connection_that_was_given_back_last_is_taken_first(idle):
    first, second = idle.take(), idle.take()
    idle.give_back(first)
    idle.give_back(second)

    assert [idle.take(), idle.take()] == [second, first]


def test_no_more_wait_than_a_person_needs(idle):
    taken = [idle.take() for _ in range(MOST + 2)]
    for db in taken:
        idle.give_back(db)

    kept = {idle.take() for _ in range(MOST)}
    assert kept == set(taken[:MOST])
    assert idle.take() not in taken


def test_what_a_request_left_unfinished_is_undone_and_its_connection_goes(idle):
    db = idle.take()
    db.conn.execute("BEGIN IMMEDIATE")
    put_meta(db.conn, "half", "done")
    idle.give_back(db)

    other = idle.take()
    assert other is not db
    assert other.conn.execute("SELECT count(*) FROM meta WHERE key = 'half'").fetchone()[0] == 0


def test_one_that_waited_sees_what_another_wrote_meanwhile(idle):
    waits, writes = idle.take(), idle.take()
    assert waits.conn.execute("SELECT count(*) FROM meta").fetchone()[0] == 0
    idle.give_back(waits)
    with writing(writes) as conn:
        put_meta(conn, "name", "Máy đội")

    assert idle.take().conn.execute("SELECT value FROM meta").fetchall() == [("Máy đội",)]


def test_all_connections_together_have_one_bound(tmp_path):
    key = close(Settings(tmp_path))
    opened(tmp_path).close()
    db = Idle(tmp_path / "field.db", key).take()
    bound(db.conn)

    assert db.conn.execute("PRAGMA soft_heap_limit").fetchone()[0] == PAGES


def test_asking_for_one_pool_of_memory_is_safe_anywhere():
    one_pool()
