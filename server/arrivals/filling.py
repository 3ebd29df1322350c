"""Filling, once, what m017_review keeps beside visits: from the items and arrivals that were here before it."""

import json
import sqlite3
from typing import Any

from schemas.items import read
from server.arrivals.columns import in_brief, refresh_paper

_AT_ONCE = 1000
Left = dict[str, dict[str, Any]]


def fill_reviews(conn: sqlite3.Connection) -> None:
    """Fill the new columns of visits and reviews as folding would have, and keep every review among what was said."""
    left = {
        body["item"]: body["left"]
        for (line,) in conn.execute("SELECT line FROM items WHERE kind = 'erasure' AND standing = 'accepted'")
        if (body := json.loads(line)["body"])
    }
    _visits(conn, left)
    _reviews(conn, left)
    rows = conn.execute(
        "SELECT inspection FROM said_of_visits WHERE kind = 'paper' UNION SELECT inspection FROM attachments"
    )
    for (inspection,) in rows.fetchall():
        refresh_paper(conn, inspection)


def _visits(conn: sqlite3.Connection, left: Left) -> None:
    last = ""
    while rows := conn.execute(
        "SELECT visits.id, items.name, line, members FROM visits JOIN items ON items.name = visits.item"
        " WHERE visits.id > ? ORDER BY visits.id LIMIT ?",
        (last, _AT_ONCE),
    ).fetchall():
        last = rows[-1][0]
        found = [(*in_brief(read(line).body if line else left[name], members), id) for id, name, line, members in rows]
        conn.executemany("UPDATE visits SET risk = ?, findings = ?, duties = ? WHERE id = ?", found)


def _reviews(conn: sqlite3.Connection, left: Left) -> None:
    """Keep each review that was ever let in; the last one of a visit says of which revision it spoke."""
    rows = conn.execute(
        "SELECT seq, name, id, line FROM items WHERE kind = 'review' AND standing IN ('accepted', 'erased')"
        " ORDER BY seq"
    )
    for seq, name, id, line in rows.fetchall():
        item = read(line) if line else None
        body = item.body if item else left[name]
        conn.execute(
            "INSERT INTO said_of_visits (id, kind, inspection, item, author, said) VALUES (?, 'review', ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET item = excluded.item, author = excluded.author, said = excluded.said",
            (id, body["inspection"], name, item.author if item else "",
             json.dumps(body, ensure_ascii=False, separators=(",", ":"))),
        )  # fmt: skip
        about = _truth_then(conn, body["inspection"], seq)
        conn.execute("UPDATE reviews SET about = ?, review_id = ? WHERE item = ?", (about, id, name))
    conn.execute(
        "UPDATE visits SET state = (SELECT CASE WHEN about = visits.item THEN review ELSE 'mended' END"
        "                             FROM reviews WHERE inspection = visits.id)"
        " WHERE id IN (SELECT inspection FROM reviews)"
    )


def _truth_then(conn: sqlite3.Connection, inspection: str, seq: int) -> str:
    """Return the revision that was the truth of a visit when the arrival *seq* came: the last that was let in."""
    row = conn.execute(
        "SELECT item FROM arrivals WHERE standing = 'accepted' AND arrivals.seq < ? AND item IN"
        " (SELECT name FROM items WHERE id = ? AND kind = 'inspection') ORDER BY arrivals.seq DESC LIMIT 1",
        (seq, inspection),
    ).fetchone()
    return str(row[0]) if row else ""
