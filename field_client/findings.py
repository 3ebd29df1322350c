"""Findings that are not resolved yet, as far as this laptop knows."""

from sqlite_utils import Database


def places_with_open(db: Database) -> set[str]:
    """Return the ids of the places whose last counting inspection found violations."""
    rows = db.conn.execute(
        "SELECT establishment FROM (SELECT establishment, violations, max(date) FROM visits WHERE counting = 1"
        " GROUP BY establishment) WHERE violations > 0"
    )
    return {row[0] for row in rows}
