"""What is let go and what stays: days, grounds, holds."""

from datetime import timedelta

import pytest

from schemas.fields import instant_text
from server.audit import Who
from server.clock import now
from server.jobs.retention import EVERYTHING, KNOWN, Asked, end, hold, kept, let_go, rules
from server.jobs.work import Work
from server.store import writing

BY = Who("u", "admin", "new:38")


@pytest.fixture
def at_work(central):
    return Work(central.db, central.settings, now())


@pytest.fixture
def runs(central, at_work):
    """Keep runs of jobs that are so many days old."""

    def keep(*ages):
        with writing(central.db) as conn:
            for n, age in enumerate(ages):
                at = instant_text(at_work.at - timedelta(days=age))
                conn.execute("INSERT INTO job_runs VALUES (?, 'verify', ?, ?, 'done', '', '')", (str(n), at, at))

    return keep


def left(central):
    return [row[0] for row in central.db.conn.execute("SELECT id FROM job_runs ORDER BY id")]


def test_what_is_past_its_days_goes_and_the_rest_stays(central, at_work, runs):
    runs(399, 401)

    let_go(at_work)

    assert left(central) == ["0"]


def test_many_rows_go_too(central, at_work, runs):
    runs(*[500] * 1000, 1)

    let_go(at_work)

    assert left(central) == ["1000"]


@pytest.mark.parametrize("data", ["job_runs", EVERYTHING])
def test_what_somebody_holds_stays_until_the_hold_is_ended(central, at_work, runs, data):
    runs(401)
    id = hold(central.db, Asked(data, "Lê Thị Hạnh, Chánh Văn phòng", "Công văn số 12"), BY, at_work.at)

    let_go(at_work)
    assert left(central) == ["0"]

    assert end(central.db, id, BY, at_work.at)
    let_go(at_work)
    assert left(central) == []


def test_a_hold_of_other_data_holds_nothing_else(central, at_work, runs):
    runs(401)
    hold(central.db, Asked("tries", "Lê Thị Hạnh", "Công văn số 12"), BY, at_work.at)

    let_go(at_work)

    assert left(central) == []


def test_holds_stand_in_the_log_with_name_and_ground(central, at_work):
    id = hold(central.db, Asked("log", "Lê Thị Hạnh", "Công văn số 12"), BY, at_work.at)
    end(central.db, id, BY, at_work.at)

    rows = central.db.conn.execute("SELECT what, who, detail FROM audit ORDER BY seq").fetchall()

    assert [row[:2] for row in rows] == [("hold_set", "u"), ("hold_ended", "u")]
    assert "Công văn số 12" in rows[0][2]
    assert end(central.db, id, BY, at_work.at) is False


def test_an_import_goes_with_its_files(central, at_work):
    folder = central.settings.data / "imports" / "old"
    folder.mkdir(parents=True)
    (folder / "file.xlsx").write_bytes(b"x")
    at = instant_text(at_work.at - timedelta(days=91))
    with writing(central.db) as conn:
        conn.execute(
            "INSERT INTO import_runs VALUES ('old', 'units', 'new:38', 'u', 'x', 'done', '{}', ?, ?, 0, 0, '{}', '')",
            (at, at),
        )

    let_go(at_work)

    assert not folder.exists()
    assert central.one("SELECT count(*) FROM import_runs") == 0


def test_nothing_has_days_without_a_ground_and_every_rule_is_known():
    for rule in rules():
        assert rule.id in KNOWN
        assert (rule.days is None) or rule.ground, rule.id


def test_records_and_the_log_have_no_days():
    kinds = {rule.id: rule.days for rule in rules()}
    records = {"items", "arrivals", "things", "visits", "audit"}

    assert kinds["log"] is None
    assert not {KNOWN[rule.id].table for rule in rules() if rule.days is not None} & records


def test_each_rule_says_what_is_there_and_what_is_due(central, at_work, runs):
    runs(1, 401, 402)

    found = {one.rule.id: (one.rows, one.due) for one in kept(central.db.conn, at_work.at)}

    assert found["job_runs"] == (3, 2)
    assert found["log"] == (central.one("SELECT count(*) FROM audit"), 0)
