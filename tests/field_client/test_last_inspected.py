"""When each place was last inspected: what is kept for lists is what the visits that count say, after any change."""

import pytest

from field_client import search
from field_client.search import Asked


def kept(laptop):
    said = dict(laptop.db.conn.execute("SELECT establishment, last FROM last_inspected").fetchall())
    anew = "SELECT establishment, max(date) FROM visits WHERE counting = 1 GROUP BY establishment"
    assert said == dict(laptop.db.conn.execute(anew).fetchall())
    return said.get(laptop.place, "")


def test_the_latest_visit_that_counts_is_the_last_in_any_order(laptop):
    assert kept(laptop) == ""
    laptop.record(date="2026-11-05")
    laptop.record(date="2025-03-01")
    assert kept(laptop) == "2026-11-05"

    laptop.record(date="2026-11-09", outcome="closed_tonight", remark="Cửa khóa")
    assert kept(laptop) == "2026-11-05"


@pytest.mark.parametrize(
    ("change", "last"),
    [
        ("UPDATE visits SET counting = 0 WHERE date = '2026-11-05'", "2025-03-01"),
        ("UPDATE visits SET date = '2024-01-01' WHERE date = '2026-11-05'", "2025-03-01"),
        ("DELETE FROM visits WHERE date = '2026-11-05'", "2025-03-01"),
        ("UPDATE visits SET establishment = 'another'", ""),
        ("DELETE FROM visits", ""),
    ],
)
def test_a_visit_that_changes_or_goes_leaves_the_one_before_it(laptop, change, last):
    laptop.record(date="2025-03-01")
    laptop.record(date="2026-11-05")

    laptop.db.conn.execute(change)

    assert kept(laptop) == last


def test_a_visit_of_a_later_year_does_not_hide_that_of_the_year_asked(laptop):
    laptop.record(date="2025-03-01")
    laptop.record(date="2026-11-05")

    assert search.ids(laptop.db, Asked(year=2025)) == []
    assert search.ids(laptop.db, Asked(year=2024)) == [laptop.place]
    assert search.ids(laptop.db, Asked(year=2026)) == []
    assert search.ids(laptop.db, Asked(never=True)) == []
