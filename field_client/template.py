"""An inspection to fill in: today, the place's checklist, the team and its members."""

from datetime import datetime
from typing import Any

from sqlite_utils import Database

from field_client import clock, rounds
from field_client.places import Thing, find_establishment, teams
from field_client.records import NotValid
from schemas.checklists import Answer, items_for, versions
from schemas.ids import new_id

_MEMBER = ("name", "agency", "role", "card")


def template(db: Database, establishment: str, at: datetime) -> dict[str, Any]:
    """Return a valid inspection of the place with this id or code, with an id of its own: recorded twice, it is one."""
    place = find_establishment(db, establishment)
    day = clock.local_day(clock.best(db.conn, at))
    kinds = place.kinds(day)
    outing = rounds.current(db)
    team = _team(db, outing.team if outing else "")
    members: list[dict[str, Any]] = outing.rows() if outing else [_member(span) for span in team.spans("member")]
    return {
        "id": new_id(),
        "establishment": place.id,
        "team": team.id,
        **({"round": outing.id, "decision": outing.decision} if outing else {}),
        "date": day.isoformat(),
        "started": "",
        "ended": "",
        "basis": "planned",
        "members": members,
        "representative": "",
        "checklists": versions(kinds, day),
        "answers": {item.code: Answer.UNCHECKED.value for item in items_for(kinds, day)},
        "notes": {},
        "workers": {"total": None, "contract": None, "health_papers": None, "commitment": None, "under_18": None},
        "informed": None,
        "violations": [],
        "statement": "",
        "remark": "",
        "outcome": "no_violation",
        "found_working": True,
    }


def _team(db: Database, id: str) -> Thing:
    found = teams(db)
    if not found:
        raise NotValid({"team": "Máy chưa có đội kiểm tra nào; chạy: doi178-field sync --get"})
    return next((team for team in found if team.id == id), found[0])


def _member(span: dict[str, Any]) -> dict[str, Any]:
    return {key: span[key] for key in _MEMBER if span.get(key)}
