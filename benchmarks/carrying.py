"""A laptop that has carried its area for years: places and visits, taken in as pages from a server are."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from sqlite_utils import Database

from benchmarks.ends import SEED, Office
from benchmarks.figure import tell
from benchmarks.invented import Inventor, communes
from benchmarks.sizes import Size
from field_client.store.mirror import Mirror
from schemas.ids import new_id
from schemas.items import write
from server.arrivals.feed import PAGE_THINGS
from server.clock import local_day, now
from sync.engine import pull
from sync.wire import Change, Cursor, Page


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
        return Page(end.text(), found, len(found) == PAGE_THINGS, self.lineage)


def laptop(office: Office, folder: Path, size: Size) -> Database:
    """Return the store of a laptop with the places and visits of *size*, enrolled but not to be synced."""
    tell(f"  a laptop takes in {size.laptop_places} places and {size.laptop_visits} visits")
    db = office.laptop(folder, size.area)
    lineage = db.conn.execute("SELECT value FROM meta WHERE key = 'lineage'").fetchone()[0]
    pull(Mirror(db), Pages(_changes(size), lineage))
    return db


def _changes(size: Size) -> Iterator[Change]:
    inventor, where = Inventor(SEED, local_day(now())), communes(size.area)
    device, pos = new_id(), 0
    places = []
    for n in range(size.laptop_places):
        operator, place = new_id(), new_id()
        state = inventor.place(f"D178-{n:06d}", inventor.dice.choice(where), operator)
        places.append((place, state["kind/1"]["kind"]))
        yield Change(pos := pos + 1, "operator", operator, inventor.operator())
        yield Change(pos := pos + 1, "establishment", place, state)
    for n in range(size.laptop_visits):
        id, body = new_id(), inventor.visit(*inventor.dice.choice(places), device)
        line = write(
            kind="inspection", id=id, base=None, device=device, run=device, device_seq=n + 1, author="Lê Thị Hạnh",
            recorded_at="2026-01-05T15:00:00Z", body=body,
        )  # fmt: skip
        yield Change(pos := pos + 1, "inspection", id, revisions=(("accepted", line),))
