"""A server that held decisions before it could tell of them tells of them once it is upgraded."""

from datetime import UTC, datetime

from server.arrivals.verify import verify
from server.sample import generate
from server.store import open_store

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
BEFORE = r"""
    DROP TABLE operators; DROP TABLE decisions; DROP TABLE decision_acts;
    DROP TABLE found_acts; DROP TABLE codings; DROP INDEX feed_of_an_operator; DROP INDEX operators_of_a_place;
    DELETE FROM feed WHERE kind IN ('repeat', 'decisions_held');
    DELETE FROM _sqlite_migrations WHERE migration_set = 'server' AND name LIKE 'm___\_law' ESCAPE '\';
    DELETE FROM _sqlite_migrations WHERE migration_set = 'server'
       AND name LIKE 'm___\_decisions\_and\_acts' ESCAPE '\';
"""


def told(central):
    """Return what stands in the feed of decisions."""
    query = "SELECT commune, kind, id, gone FROM feed WHERE kind IN ('repeat', 'decisions_held')"
    rows = central.db.conn.execute(query)
    return sorted(rows.fetchall())


def test_an_upgraded_server_is_as_if_it_had_always_told(central):
    generate(central.db, "demo", 178, AT)
    operators, decisions, feed = (
        central.db.conn.execute(f"SELECT * FROM {table} ORDER BY id").fetchall() if table else told(central)
        for table in ("operators", "decisions", "")
    )
    central.db.executescript(BEFORE)

    db = open_store(central.settings.database)

    assert db.conn.execute("SELECT * FROM operators ORDER BY id").fetchall() == operators
    assert db.conn.execute("SELECT * FROM decisions ORDER BY id").fetchall() == decisions
    assert told(central) == feed
    assert any(gone for *_, gone in feed)
    assert verify(db).problems == ()
    query = "EXPLAIN QUERY PLAN SELECT commune, gone FROM feed WHERE kind = 'operator' AND id = ? ORDER BY commune"
    assert "feed_of_an_operator" in str(db.conn.execute(query, ("x",)).fetchall())


def test_chains_of_merges_have_their_roots_after_the_upgrade(central):
    ids = [f"018f0000-0000-7000-8000-00000000000{n}" for n in range(3)]
    for id in ids:
        central.edit("operator", id, {"name": "Hộ kinh doanh", "form": "household"})
    central.edit("operator", ids[0], {"merged_into": ids[1]})
    central.edit("operator", ids[1], {"merged_into": ids[2]})
    central.db.executescript(BEFORE)

    db = open_store(central.settings.database)

    assert [row[0] for row in db.conn.execute("SELECT root FROM operators ORDER BY id")] == [ids[2]] * 3
    assert verify(db).problems == ()
