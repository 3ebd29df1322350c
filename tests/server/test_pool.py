"""Connections that requests borrow."""

from server.pool import IDLE, Pool


def test_two_requests_at_once_have_a_connection_each(central):
    pool = Pool(central.settings.database)

    assert pool.lend() is not pool.lend()


def test_a_connection_that_was_given_back_is_lent_again_and_sees_what_was_written_since(central):
    pool = Pool(central.settings.database)
    first = pool.lend()
    before = first.conn.execute("SELECT count(*) FROM things WHERE kind = 'establishment'").fetchone()[0]
    pool.take_back(first)

    central.place()

    again = pool.lend()
    assert again is first
    assert again.conn.execute("SELECT count(*) FROM things WHERE kind = 'establishment'").fetchone()[0] == before + 1


def test_a_connection_in_the_middle_of_something_is_not_lent_again(central):
    pool = Pool(central.settings.database)
    broken = pool.lend()
    broken.conn.execute("BEGIN IMMEDIATE")

    pool.take_back(broken)

    assert pool.lend() is not broken
    assert central.place()  # nobody waits for the one that was left


def test_no_more_are_kept_than_there_are_threads(central):
    pool = Pool(central.settings.database)
    many = [pool.lend() for _ in range(IDLE + 2)]
    for one in many:
        pool.take_back(one)

    assert sum(pool.lend() in many for _ in range(IDLE + 2)) == IDLE
