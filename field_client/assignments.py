"""Which places a team is to visit, as far as this laptop knows; taking one for tonight, and letting go of it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from field_client import clock, records
from field_client.places import members_of_root
from field_client.records import Kept, NotValid
from schemas.assignments import first_open_days, reserved_until

BASES = ("planned", "unscheduled", "recheck")


@dataclass(frozen=True)
class Assignment:
    """That a team is to visit a place; *reserved*: it took the place for itself; *standing* as of any own edit."""

    id: str
    establishment: str
    establishment_name: str
    address: str
    team: str
    basis: str
    given_on: str
    expires_on: str
    reserved: bool
    note: str
    standing: str


_FIELDS = (
    "assignments.id, establishment, coalesce(place.name, ''), coalesce(place.address, ''), team, basis, given_on,"
    " expires_on, reserved, note, assignments.standing"
)
_OPEN = """
    FROM assignments LEFT JOIN establishments AS place ON place.id = establishment
   WHERE withdrawn = 0 AND expires_on >= CASE reserved WHEN 1 THEN :reserved ELSE :assigned END AND given_on <= :soon
"""
_AHEAD = timedelta(days=7)  # what is for a time to come is shown a week before it begins


def of_team(db: Database, team: str, at: datetime) -> list[Assignment]:
    """Return what a team still has to visit at the moment *at*, the nearest end first.

    Past, taken back and done ones are left out; done is one that was inspected since: a planned visit
    by any team, another by this one.
    """
    found = _open(db, "AND team = :team", {"team": team}, at)
    return [one for one in found if not _done(db, one)]


def of_places(db: Database, places: Iterable[str], at: datetime) -> dict[str, list[Assignment]]:
    """Return what is open at each of *places*, whichever team's, the own team's view of secrets apart."""
    ids = json.dumps(list(places))
    found: dict[str, list[Assignment]] = {}
    for one in _open(db, "AND establishment IN (SELECT value FROM json_each(:ids))", {"ids": ids}, at):
        if not _done(db, one):
            found.setdefault(one.establishment, []).append(one)
    return found


def of_place(db: Database, place: str, at: datetime) -> list[Assignment]:
    """Return what is open at a place and at the records merged with it."""
    return [one for some in of_places(db, members_of_root(db, place), at).values() for one in some]


def _open(db: Database, where: str, values: dict[str, str], at: datetime) -> list[Assignment]:
    now = clock.best(db.conn, at)
    assigned, reserved = first_open_days(now)
    soon = (clock.local_day(now) + _AHEAD).isoformat()
    rows = db.conn.execute(
        f"SELECT {_FIELDS} {_OPEN} {where} ORDER BY expires_on, place.sort, assignments.id",
        {**values, "assigned": assigned, "reserved": reserved, "soon": soon},
    )
    return [_assignment(row) for row in rows.fetchall()]


def _assignment(cells: Sequence[Any]) -> Assignment:
    one = Assignment(*cells)
    return replace(one, reserved=bool(one.reserved))


def _done(db: Database, one: Assignment) -> bool:
    row = db.conn.execute(
        "SELECT 1 FROM visits WHERE establishment IN (SELECT value FROM json_each(:places)) AND date >= :since"
        "   AND outcome IN ('no_violation', 'violations') AND void = 0 AND (:basis = 'planned' OR team = :team)"
        " LIMIT 1",
        {"places": json.dumps(members_of_root(db, one.establishment)), "since": one.given_on, "basis": one.basis,
         "team": one.team},
    ).fetchone()  # fmt: skip
    return row is not None


def reserve(db: Database, place: str, team: str, basis: str, *, at: datetime) -> Kept | None:
    """Take a place for a team, for tonight; None where it is the team's to visit already."""
    if not team:
        raise NotValid({"team": "Chưa rõ đội nào nhận; bắt đầu đợt kiểm tra ở trang Hôm nay và chọn đội."})
    if any(one.team == team for one in of_place(db, place, at)):
        return None
    today = clock.local_day(clock.best(db.conn, at))
    state = {
        "establishment": place, "team": team, "basis": basis if basis in BASES else BASES[0],
        "given_on": today.isoformat(), "expires_on": reserved_until(today).isoformat(),
        "reserved": True, "withdrawn": False,
    }  # fmt: skip
    return records.new(db, "assignment", state, {}, at)


def let_go(db: Database, id: str, *, at: datetime) -> Kept | None:
    """Give up what a team had taken for itself; what the office assigned is for the office to take back."""
    row = db.conn.execute("SELECT reserved FROM assignments WHERE id = ?", (id,)).fetchone()
    if row is None or not row[0]:
        raise NotValid({"id": "Phân công này do văn phòng giao; báo văn phòng nếu không làm được."})
    return records.edit(db, "assignment", id, {"withdrawn": True}, at=at)
