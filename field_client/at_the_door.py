"""What a team must know at a place's door, from what this laptop holds: visits, findings, papers, a check this year."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlite_utils import Database

from field_client import findings, visits
from field_client.places import Thing, members_of_root, outside_checks
from field_client.store.visits import COUNTS
from field_client.visits import Visit
from schemas.findings import Finding
from schemas.visit_rules import Expected, expected_papers, soon_days

LAST_VISITS = 3


@dataclass(frozen=True)
class Paper:
    """A licence or certificate that must be looked at: expired, expiring soon, or not in the list at all."""

    type: str
    state: str  # expired, soon, missing
    number: str = ""
    to: str = ""


@dataclass(frozen=True)
class Check:
    """A check in the year of the visit: by a team, or by another body; *place* where it was another place."""

    date: str
    team: str = ""
    agency: str = ""
    inspection: str = ""
    place: str = ""


@dataclass(frozen=True)
class Known:
    """What is known of a place on one day; *elsewhere*: the same operator's other places, a note and no clash."""

    visits: tuple[Visit, ...] = ()
    findings: tuple[Finding, ...] = ()
    papers: tuple[Paper, ...] = ()
    clash: tuple[Check, ...] = ()
    elsewhere: tuple[Check, ...] = ()
    open_by_visit: dict[str, int] = field(default_factory=dict)

    @property
    def something(self) -> bool:
        """Whether there is anything that a team should not overlook."""
        return bool(self.findings or self.papers or self.clash or self.elsewhere)


def known(db: Database, place: Thing, day: date, *, but: str = "", ours: bool = False) -> Known:
    """Return what is known of *place* on *day*; *but* is the visit being written down.

    *ours*: only what was made on this laptop, while the lease has ended.
    """
    until = day.isoformat()
    seen = [one for one in visits.of_place(db, place.id) if (one.own or not ours) and one.id != but]
    before = [one for one in seen if one.date <= until and not one.void]
    found = findings.open_at(db, place.id, until=until, but=but, ours=ours)
    return Known(
        visits=tuple(one for one in before if one.outcome in COUNTS)[:LAST_VISITS],
        findings=tuple(found),
        papers=tuple(papers(place, day)),
        clash=tuple(_clash(db, place, day, seen, ours=ours)),
        elsewhere=() if ours else tuple(_elsewhere(db, place, day)),
        open_by_visit={one.id: sum(finding.inspection == one.id for finding in found) for one in before},
    )


def papers(place: Thing, day: date) -> list[Paper]:
    """Return the papers of a place that have expired on *day*, will within the days of the data, or are not there."""
    latest: dict[str, dict[str, Any]] = {}
    for one in place.spans("licence"):
        if _last_day(one) >= _last_day(latest.get(one["type"], {"to": ""})):
            latest[one["type"]] = one
    asked = {paper.type: None for paper in expected_papers() if _expects(paper, place.kinds(day))}
    states = (_state(type, latest.get(type), day) for type in dict.fromkeys([*asked, *latest]))
    return [one for one in states if one]


def _last_day(licence: dict[str, Any]) -> str:
    return "9999-12-31" if licence.get("to") is None else str(licence["to"])


def _expects(paper: Expected, kinds: Iterable[str]) -> bool:
    return not set(paper.kinds).isdisjoint(kinds)


def _state(type: str, licence: dict[str, Any] | None, day: date) -> Paper | None:
    if licence is None:
        return Paper(type, "missing")
    number, to = str(licence.get("number") or ""), str(licence.get("to") or "")
    if not to or to > (day + timedelta(days=soon_days())).isoformat():
        return None
    return Paper(type, "expired" if to < day.isoformat() else "soon", number, to)


def _clash(db: Database, place: Thing, day: date, seen: list[Visit], *, ours: bool) -> list[Check]:
    """Return who checked these premises in the year of *day*: more than once needs clear signs of a violation."""
    year = str(day.year)
    own = [Check(one.date, one.team, inspection=one.id) for one in seen if one.counting and one.date.startswith(year)]
    others = [] if ours else outside_checks(db, place.id)
    told = [Check(str(one["date"]), agency=str(one["agency"])) for one in others if str(one["date"]).startswith(year)]
    return sorted(own + told, key=lambda one: one.date, reverse=True)


def _elsewhere(db: Database, place: Thing, day: date) -> list[Check]:
    """Return the checks of the year at other places that the same operator runs."""
    if not place.operator:
        return []
    here = json.dumps(members_of_root(db, place.id))
    rows = db.conn.execute(
        "WITH others AS (SELECT id, name FROM establishments"
        "                 WHERE operator = ?1 AND id NOT IN (SELECT value FROM json_each(?4)))"
        " SELECT date, team, '', visits.id, name FROM others JOIN visits ON visits.establishment = others.id"
        "  WHERE counting = 1 AND date BETWEEN ?2 AND ?3"
        " UNION ALL"
        " SELECT date, '', agency, '', name FROM others JOIN outside_checks AS told ON told.establishment = others.id"
        "  WHERE date BETWEEN ?2 AND ?3"
        " ORDER BY 1 DESC, 4 DESC",
        (place.operator, f"{day.year}-01-01", f"{day.year}-12-31", here),
    )
    return [Check(*row) for row in rows]
