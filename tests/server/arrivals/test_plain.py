"""Visits written in bulk: whatever a batch holds, the same stands as if each line had come alone."""

import shutil
from random import Random

import pytest

from schemas.ids import new_id
from schemas.items import read
from server.arrivals.verify import verify
from server.coverage.years import add_year
from server.settings import Settings
from server.store import connect
from tests.conftest import AT, COMMUNE, ELSEWHERE, Central, place_state

TABLES = (
    "arrivals", "items", "unreadable", "runs", "things", "visits", "aside", "needs", "feed", "coverage_deltas",
    "coverage_days", "coverage_months",
    "establishments", "placements",
)  # fmt: skip


def dump(central):
    rows = {table: central.db.conn.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}
    return {table: sorted(found, key=repr) for table, found in rows.items()}


def copied(central, folder):
    """Return a server with the same data in another folder."""
    central.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copytree(central.settings.data, folder)
    settings = Settings(folder)
    return Central(settings, connect(settings.database), central.keys)


def a_batch(dice, laptop, other, places, far):
    """Return lines of every sort that may come, plain visits most; none waits for a thing that comes later."""
    lines = []
    for _ in range(dice.randint(20, 60)):
        sorts = plain_sorts(dice, laptop, other, dice.choice(places), far) * 4 + odd_sorts(dice, laptop, places, lines)
        lines.append(dice.choice(sorts)())
    return lines


def said(dice):
    date = f"202{dice.randint(5, 6)}-0{dice.randint(1, 9)}-1{dice.randint(0, 9)}"
    grounds = {"basis": "unscheduled", "trigger": "signs", "ground": "Biên bản ghi nhận số 3"}
    return {"date": date, "members": [{"name": "An"}] * dice.randint(2, 4)} | dice.choice([{}, grounds])


def plain_sorts(dice, laptop, other, place, far):
    """Return makers of visits that look plain, though some come from elsewhere or are not whole."""
    found = {"outcome": "violations", "violations": [{"id": new_id(), "text": "Mở quá giờ"}]}
    return [
        lambda: laptop.visit(place, found_working=dice.choice([True, False, None]), **said(dice)),
        lambda: laptop.visit(place, **found),
        lambda: laptop.visit(dice.choice([place, far, new_id()]), **said(dice)),
        lambda: dice.choice([laptop, laptop, other]).visit(place, **said(dice)),
        lambda: laptop.visit(place, remark=dice.choice("xy") * dice.choice([10, 9000]), **said(dice)),
    ]


def odd_sorts(dice, laptop, places, lines):
    """Return makers of what has to be judged: repeats, corrections, a second item of a visit, edits, no items."""
    place, date = dice.choice(places), said(dice)["date"]
    edit = {"set": {"status/9": {"from": date, "status": "paused"}}, "was": {"status/9": None}}
    visits = [line for line in lines if line.startswith(b'{"kind":"inspection"')]
    makers = [lambda: b"no item %d" % dice.randint(0, 9), lambda: laptop.line("establishment", place, edit)]
    if visits:
        base, revision = dice.choice(visits), dice.randint(2, 3)
        makers += [
            lambda: base,
            lambda: laptop.visit(place, base=base, revision=revision, reason="Sửa", **said(dice)),
            lambda: laptop.visit(place, id=read(base).id, **said(dice)),
        ]
    return makers


@pytest.mark.parametrize("seed", range(12))
def test_a_batch_leaves_what_its_lines_would_have_left_one_by_one(central, tmp_path, seed):
    dice = Random(seed)
    places = [central.place() for _ in range(5)]
    central.edit("establishment", places[1], {"merged_into": places[0]})
    far, laptop, other = central.place(ELSEWHERE), central.laptop(COMMUNE), central.laptop(COMMUNE)
    add_year(central.db, 2026)
    twin = copied(central, tmp_path / "twin")
    lines = a_batch(dice, laptop, other, places, far)

    half = len(lines) // 2
    together = [*central.ingest(*lines[:half], device=laptop.id).answers]
    together += central.ingest(*lines[half:], device=laptop.id).answers
    apart = [twin.ingest(line, device=laptop.id).answers[0] for line in lines]

    assert together == apart
    assert dump(central) == dump(twin)
    assert verify(central.db).problems == ()


def test_a_plain_visit_made_in_the_batch_of_its_place_is_accepted(central):
    laptop, place = central.laptop(), new_id()
    state = place_state()
    made = laptop.line("establishment", place, {"set": state, "was": dict.fromkeys(state)})

    assert laptop.sends(made, laptop.visit(place), laptop.visit(place)) == ["accepted"] * 3
    assert verify(central.db).problems == ()


def test_a_child_that_waited_is_accepted_when_its_base_comes_in_a_run(central):
    laptop, place = central.laptop(), central.place()
    first, other = laptop.visit(place), laptop.visit(place)
    child = laptop.visit(place, base=first, revision=2, reason="Sửa")
    assert laptop.sends(child) == ["held"]

    assert laptop.sends(first, other) == ["accepted", "accepted"]

    assert central.one("SELECT revision FROM visits WHERE id = ?", read(first).id) == 2
    assert verify(central.db).problems == ()


def test_a_locked_laptops_run_is_kept_aside_whole(central):
    laptop, place = central.laptop(), central.place()
    central.edit("device", laptop.id, {"revoked_on": AT.date().isoformat()})

    assert laptop.sends(laptop.visit(place), laptop.visit(place)) == ["quarantined", "quarantined"]
