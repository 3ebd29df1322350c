"""A laptop that has carried its area for years: taken in as pages from a server are, worked on, and encrypted."""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from sqlite_utils import Database

from benchmarks.ends import PASSPHRASE, Office, bodies, fill_outbox
from benchmarks.figure import tell
from benchmarks.sizes import Size
from benchmarks.years import Years
from field_client import drafts, open_findings, rounds
from field_client.settings import Settings
from field_client.store import get_meta, put_meta, writing
from field_client.store.mirror import Mirror
from field_client.vault import opening
from schemas.fields import instant_text
from schemas.ids import new_id
from server.arrivals.feed import PAGE_THINGS
from server.clock import now
from sync.engine import pull
from sync.wire import Change, Cursor, Page

RECEIVED, LATE, WAITING, DRAFTS = 500, 12, 8, 3  # of what was made here: finished, of them to correct, waiting, drafts


class Pages:
    """A Downlink that has its pages from here: no server holds this many places of one area."""

    def __init__(self, changes: Iterator[Change], lineage: str) -> None:
        """Hand out *changes* as the server of *lineage* would."""
        self.changes = changes
        self.lineage = lineage

    def since(self, cursor: str) -> Page:
        """Return the next page."""
        found = tuple(islice(self.changes, PAGE_THINGS))
        end = Cursor(self.lineage, found[-1].pos if found else 0, 0, "")
        return Page(end.text(), found, len(found) == PAGE_THINGS, self.lineage, instant_text(now()))


def laptop(office: Office, folder: Path, size: Size) -> None:
    """Make in *folder* a laptop with the places and visits of *size*, enrolled, encrypted and not to be synced."""
    tell(f"  a laptop takes in {size.laptop_places} places and {size.laptop_visits} visits")
    db = office.laptop(folder, size.area)
    db.conn.execute("PRAGMA synchronous=OFF")  # to be built, not to be measured
    years = Years(size, get_meta(db.conn, "team") or new_id())
    put_meta(db.conn, "team", years.teams[0])
    pull(Mirror(db), Pages(years.changes(), get_meta(db.conn, "lineage")))
    _work(db, size, years)
    open_findings.work_out(db)
    db.close()
    opening.unlock(Settings(folder), PASSPHRASE)


def _work(db: Database, size: Size, years: Years) -> None:
    """Do what a team does: most of what it made has its receipt, a little waits, or waits for a person; drafts."""
    fill_outbox(db, min(RECEIVED, size.laptop_visits))
    with writing(db) as conn:
        conn.execute("UPDATE own SET waiting = 0, mirrored = 1, seq = local, standing = 'accepted', proof = NULL")
        conn.execute(
            "UPDATE own SET standing = 'quarantined', standing_at = ?, news = 1,"
            """ detail = '{"problems": {"members": "Cần ít nhất 3 người."}}' WHERE local <= ?""",
            (instant_text(now()), LATE),
        )
        conn.execute("UPDATE visits SET standing = 'accepted' WHERE own = 1")
    made = db.conn.execute("SELECT id, line FROM own").fetchall()
    lineage = get_meta(db.conn, "lineage")
    pull(Mirror(db), Pages((told for id, line in made for told in years.duties(id, json.loads(line)["body"])), lineage))
    fill_outbox(db, WAITING)
    members = list(years.inventor.members())
    rounds.start(db, team=years.teams[0], decision="12/QĐ-ĐKT", leader=members[0]["name"], members=members, at=now())
    for body in bodies(db, DRAFTS):
        drafts.keep(db, new_id(), body | {"team": years.teams[0]}, at=now())


def busiest(db: Database) -> dict[str, str]:
    """Return what is slowest to show: a place with many visits and decisions, its visit, a draft, minutes of ours."""
    place, visit = db.conn.execute(
        "SELECT establishments.id, max(visits.id) FROM establishments"
        "  JOIN visits ON visits.establishment = establishments.id"
        " WHERE operator IN (SELECT operator FROM decided) OR :no_decisions GROUP BY establishments.id"
        " ORDER BY count(*) DESC, establishments.id LIMIT 1",
        {"no_decisions": not db.conn.execute("SELECT 1 FROM decided LIMIT 1").fetchone()},
    ).fetchone()
    [draft] = db.conn.execute("SELECT id FROM drafts ORDER BY length(fields) DESC LIMIT 1").fetchone()
    [own] = db.conn.execute("SELECT id FROM visits WHERE own = 1 ORDER BY violations DESC, id LIMIT 1").fetchone()
    return {"place": place, "visit": visit, "draft": draft, "own": own}
