"""What visits make the team do afterwards: with the last day, whether it is done, and by whom. Done can be undone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlite_utils import Database

from field_client import clock, findings
from field_client.printing.happening import stands
from field_client.records import NotValid
from field_client.store import get_meta, own, said, writing
from field_client.store.said import Said
from schemas.duties import Due, due
from schemas.fields import messages
from schemas.ids import new_id
from schemas.in_brief import read_duties
from schemas.office import EVENTS, Happening, Original

SHOWN_FOR = timedelta(days=180)  # on the first page; on the visit's page a duty stands for ever
_HEARD = "(standing = 'accepted' OR (own = 1 AND standing NOT IN ('declined', 'erased')))"
_READ = (
    "SELECT visits.id, item, establishment, coalesce(place.name, '') AS name, date, revision, findings, duties"
    "  FROM visits LEFT JOIN (SELECT id AS place_id, name FROM establishments) AS place"
    "    ON place_id = visits.establishment WHERE duties <> ''"
)


@dataclass(frozen=True)
class Task:
    """A duty of one visit; *done* is who said so last, None while it is to be done."""

    inspection: str
    establishment: str
    name: str
    date: str
    due: Due
    overdue: bool
    done: Said | None


def of_visit(db: Database, inspection: str, at: datetime) -> list[Task]:
    """Return the duties of a visit, done or not, the one due first stands first."""
    rows = db.conn.execute(f"{_READ} AND visits.id = ? AND {_HEARD}", (inspection,)).fetchall()
    return _tasks(db, rows, at)


def to_do(db: Database, at: datetime) -> list[Task]:
    """Return what is still to be done after the visits of this laptop and its team, what is due first stands first."""
    local = clock.local_day(clock.best(db.conn, at))
    team, since = get_meta(db.conn, "team"), (local - SHOWN_FOR).isoformat()
    ours = (
        "SELECT id FROM visits WHERE own = 1 AND date >= :since"
        " UNION ALL SELECT id FROM visits WHERE team = :team AND date >= :since AND duties <> ''"
    )
    rows = db.conn.execute(
        f"{_READ} AND {_HEARD} AND visits.id IN ({ours})", {"team": team, "since": since}
    ).fetchall()
    tasks = [task for task in _tasks(db, rows, at) if task.done is None]
    return sorted(tasks, key=lambda task: (task.due.day, task.due.clock, task.due.row.id, task.date, task.name))


def grouped(tasks: Iterable[Task]) -> list[list[Task]]:
    """Put together the same duty with the same last day: five reports of one night are one line."""
    groups: dict[tuple[Any, ...], list[Task]] = {}
    for task in tasks:
        groups.setdefault((task.due.day, task.due.clock, task.due.row.id), []).append(task)
    return list(groups.values())


def say(db: Database, inspections: Sequence[str], body: dict[str, Any], *, at: datetime) -> None:
    """Keep that a duty of each of *inspections* is done, or is not done after all: all of them, or none.

    *body* has `duty`, `on`, `done` and `note`. NotValid names what must be put right.
    """
    bodies = [{**body, "inspection": inspection} for inspection in inspections]
    for one in bodies:
        problems = messages(EVENTS["duty"].validate(one))
        if problems:
            raise NotValid(problems)
    with writing(db) as conn:
        for one in bodies:
            own.add(conn, "duty", new_id(), one, author=own.author(conn), at=at)


def _tasks(db: Database, rows: list[tuple[Any, ...]], at: datetime) -> list[Task]:
    here = clock.best(db.conn, at).astimezone(clock.VIETNAM)
    ids = [row[0] for row in rows]
    papers, last = _by_visit(said.of_visits(db.conn, ids, "paper")), _last(said.of_visits(db.conn, ids, "duty"))
    unresolved = findings.visits_with_open(db, {row[2] for row in rows if row[6]})
    found = []
    for id, item, establishment, name, day, revision, _findings, duties in rows:
        why, ended = read_duties(duties)
        holds = {*why, *_of_paper(item, revision, papers.get(id, []))}
        if "handwritten" in holds and not stands(db, id, item).lacks_scan:
            holds.discard("handwritten")
        if id in unresolved:
            holds.add("open_findings")
        for one in due(holds, date.fromisoformat(day), ended):
            done = last.get((id, one.row.id))
            late = (one.day.isoformat(), one.clock or "24:00") < (here.date().isoformat(), f"{here:%H:%M}")
            found.append(Task(id, establishment, name, day, one, late and done is None, done))
    return found


def _of_paper(item: str, revision: int, events: list[Said]) -> set[str]:
    """Return what the events of a visit's paper make to be done, or have done."""
    happened = [(event.body.get("happening"), event.body) for event in events]
    originals = [body.get("original") for happening, body in happened if happening == Happening.ORIGINAL]
    handed = any(
        happening == Happening.HANDED_OVER and body.get("item") == item for happening, body in happened
    )  # fmt: skip
    reasons = set()
    if originals and originals[-1] == Original.HANDWRITTEN:
        reasons.add("handwritten")
    if revision > 1 and not handed:
        reasons.add("corrected")
    return reasons


def _by_visit(events: list[Said]) -> dict[str, list[Said]]:
    found: dict[str, list[Said]] = {}
    for event in events:
        found.setdefault(event.inspection, []).append(event)
    return found


def _last(events: list[Said]) -> dict[tuple[str, str], Said | None]:
    """Return who last said that a duty is done; nobody where the last word is that it is not."""
    return {
        (event.inspection, str(event.body.get("duty"))): event if event.body.get("done", True) is not False else None
        for event in events
    }

