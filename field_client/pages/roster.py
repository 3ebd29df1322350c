"""The members of the team who may be there: ticked once for tonight, and again at each place where it differs."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlite_utils import Database
from werkzeug.datastructures import MultiDict

from field_client import places, rounds
from schemas.inspections import QUORUM
from schemas.register import State
from schemas.rounds import Round
from schemas.text import sort_key

Member = dict[str, str]
PARTS = ("name", "agency", "role", "card")


def team_id(db: Database) -> str:
    """Return the team that speaks here: the outing's, else this laptop's, else the only one of the area."""
    return rounds.team_of(db)


def members(db: Database, team: str) -> dict[str, State]:
    """Return the members of a team by key, as the register has them; nobody where it is not known here."""
    try:
        state = places.find(db, "team", team).state if team else {}
    except places.NotKnown:
        state = {}
    return {path.partition("/")[2]: value for path, value in state.items() if path.startswith("member/")}


def names(db: Database) -> tuple[str, ...]:
    """Return the names of the team that speaks here, in the order of the alphabet."""
    found = {str(member.get("name") or "") for member in members(db, team_id(db)).values()}
    return tuple(sorted(found - {""}, key=sort_key))


def choices(db: Database, outing: Round | None, typed: list[Member] | None = None) -> dict[str, Any]:
    """Return who can be ticked for an outing, who is, and the lines for others; *typed*: who a form named just now."""
    team = team_id(db)
    known = members(db, team)
    present: list[Any] = outing.rows() if outing else [*known.values()]
    present = present if typed is None else typed
    names = {member.get("name") for member in present}
    listed = {member.get("name") for member in known.values()}
    others = [member for member in present if member.get("name") not in listed]
    blank: list[Any] = [{}] * (1 if known else QUORUM)
    return {"team": team, "members": known, "present": names, "others": others + blank, "teams": places.teams(db)}


def read(db: Database, form: MultiDict[str, str]) -> tuple[str, list[Member]]:
    """Return the team and the members that the form of an outing names, the team's own first."""
    team = form.get("team", "") or team_id(db)
    known = members(db, team)
    ticked = [_member(known[key]) for key in form.getlist("present") if key in known]
    lines = zip(*(form.getlist(f"other_{part}") for part in PARTS), strict=False)
    typed = [dict(zip(PARTS, map(str.strip, line), strict=True)) for line in lines]
    return team, ticked + [member for member in typed if member["name"]]


def _member(state: Mapping[str, Any]) -> Member:
    return {part: str(state.get(part) or "") for part in PARTS}


def expired(member: Mapping[str, Any], day: date) -> bool:
    """Say whether a member's inspection card is past its last day on *day*."""
    last = member.get("card_expires_on")
    return bool(last) and str(last) < day.isoformat()
