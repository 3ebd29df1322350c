"""Visits as lists and one by one: what was found, how each revision stands, and the server's receipt."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlite_utils import Database

from field_client.places import NotKnown, members_of_root
from field_client.store.visits import Revision, revisions, shown

_FIELDS = (
    "id, item, establishment, coalesce(place.name, '') AS establishment_name, team, date, basis, outcome, revision,"
    " members, violations, found_working, void, counting, standing, aside, own, review, review_comment, review_item,"
    " review_by, review_id"
)
_FROM = "visits LEFT JOIN (SELECT id AS place_id, name FROM establishments) AS place ON place_id = visits.establishment"


@dataclass(frozen=True)
class Visit:
    """One visit in a list.

    *standing* is that of the revision shown (“waiting” until a receipt is stored), *aside* how our
    last revision stands where it is not the one shown: quarantined, held, conflict.
    """

    id: str
    item: str
    establishment: str
    establishment_name: str
    team: str
    date: str
    basis: str
    outcome: str
    revision: int
    members: int
    violations: int
    found_working: bool | None
    void: bool
    counting: bool
    standing: str
    aside: str
    own: bool
    review: str
    review_comment: str
    review_item: str = ""
    review_by: str = ""
    review_id: str = ""

    @property
    def asked(self) -> bool:
        """Whether the office asks for more and the text has not been corrected since."""
        return self.review == "issues" and self.review_item in ("", self.item) and not self.void


@dataclass(frozen=True)
class Whole:
    """A visit with every revision; *body* is of the one shown, *problems* why ours must be put right."""

    visit: Visit
    body: dict[str, Any]
    revisions: list[Revision]
    problems: dict[str, str] = field(default_factory=dict)
    seq: int | None = None  # the receipt's number


def _visits(db: Database, where: str, values: tuple[Any, ...]) -> list[Visit]:
    rows = db.conn.execute(f"SELECT {_FIELDS} FROM {_FROM} WHERE {where}", values).fetchall()
    return [_visit(row) for row in rows]


def _visit(cells: Sequence[Any]) -> Visit:
    visit = Visit(*cells)
    working = None if visit.found_working is None else bool(visit.found_working)
    return replace(
        visit, found_working=working, void=bool(visit.void), counting=bool(visit.counting), own=bool(visit.own)
    )


def of_place(db: Database, establishment: str) -> list[Visit]:
    """Return the visits at a place and at the records merged with it, the latest first."""
    ids = json.dumps(members_of_root(db, establishment))
    return _visits(
        db, "establishment IN (SELECT value FROM json_each(?)) ORDER BY date DESC, visits.id DESC", (ids,)
    )


def own(db: Database, *, limit: int = 50, offset: int = 0) -> list[Visit]:
    """Return the visits made on this laptop, the latest first."""
    return _visits(db, "own = 1 ORDER BY date DESC, visits.id DESC LIMIT ? OFFSET ?", (limit, offset))


def by_ids(db: Database, ids: Iterable[str]) -> list[Visit]:
    """Return the visits with these ids, the latest first."""
    asked = json.dumps(sorted(ids))
    return _visits(db, "visits.id IN (SELECT value FROM json_each(?)) ORDER BY date DESC, visits.id DESC", (asked,))


def asked_for_more(db: Database, team: str, *, limit: int = 20) -> list[Visit]:
    """Return the visits of this laptop and its team of which the office asks for more, the earliest first."""
    found = _visits(
        db, "review = 'issues' AND (own = 1 OR (team = ? AND team <> '')) ORDER BY date, visits.id LIMIT ?",
        (team, limit),
    )
    return [visit for visit in found if visit.asked]


def waiting(db: Database, *, limit: int = 50) -> list[Visit]:
    """Return the visits that wait to be sent, the oldest first."""
    return _visits(db, "own = 1 AND standing = 'waiting' ORDER BY date, visits.id LIMIT ?", (limit,))


def to_put_right(db: Database, *, limit: int = 50) -> list[Visit]:
    """Return our visits that the server keeps but that are not in the truth: quarantined, held, in conflict."""
    return _visits(
        db,
        "own = 1 AND (aside NOT IN ('', 'waiting') OR standing NOT IN ('waiting', 'accepted'))"
        " ORDER BY date DESC, visits.id DESC LIMIT ?",
        (limit,),
    )


def find(db: Database, id: str) -> Whole:
    """Return a visit with all that is known of it here, or raise NotKnown."""
    found = _visits(db, "visits.id = ?", (id,))
    if not found:
        raise NotKnown("Không có cuộc kiểm tra này trên máy; kiểm tra lại mã, hoặc bấm Nhận về.")
    all_of_it = revisions(db.conn, id)
    seen = shown(all_of_it)
    assert seen is not None, "there is a row only where there is a revision"
    return Whole(found[0], seen.body, all_of_it, _problems(all_of_it), seen.seq)


def _problems(found: list[Revision]) -> dict[str, str]:
    """Return what the server found wrong with our last revision, by field."""
    own = [revision for revision in found if revision.own]
    detail = json.loads(own[-1].detail) if own and own[-1].detail else {}
    return {str(path): str(said) for path, said in (detail.get("problems") or {}).items()}
