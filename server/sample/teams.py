"""Invented teams, with members, agencies and cards."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from server.sample import names
from server.sample.chance import new_id
from server.sample.shape import Shape, tree
from server.sample.writer import Writer

_MADE = date(2021, 1, 4)


@dataclass(frozen=True, slots=True)
class Team:
    """What a visit needs of a team."""

    id: str
    area: str
    members: tuple[dict[str, str], ...]


def make_teams(rng: Random, writer: Writer, shape: Shape, today: date) -> tuple[list[Team], list[bytes]]:
    """Invent a team for each commune and province, and an old district, and write them."""
    areas = [*shape.communes, *shape.provinces, *filter(None, [shape.district])]
    teams, lines = [], []
    for number, area in enumerate(areas, 1):
        team = Team(new_id(rng, _MADE), area, _members(rng, area, number))
        teams.append(team)
        lines.append(writer.edit("team", team.id, _state(team, number, today), _MADE))
    return teams, lines


def _members(rng: Random, area: str, number: int) -> tuple[dict[str, str], ...]:
    unit = tree().get(area)
    where = unit.name if unit else ""
    posts = names.AGENCIES[: rng.randint(5, len(names.AGENCIES))]
    return tuple(
        {
            "name": names.person(rng),
            "agency": f"{agency} {where}",
            "role": role,
            "card": f"GĐ-{number:04d}-{seat}",
        }
        for seat, (agency, role) in enumerate(posts, 1)
    )


def _state(team: Team, number: int, today: date) -> dict[str, Any]:
    unit = tree().get(team.area)
    assert unit is not None, "areas come from the same tree"
    state: dict[str, Any] = {
        "name": f"Đội kiểm tra liên ngành 178 {unit.name}",
        "level": unit.level.value,
        "epoch": unit.epoch.value,
        "area": unit.code,
        "decision": f"{number}/QĐ-UBND (giả định)",
        "valid_from": "2021-01-04",
    }
    if unit.valid_to:
        state["valid_to"] = unit.valid_to.isoformat()
    for seat, member in enumerate(team.members, 1):
        last = today + timedelta(days=(number * 61 + seat * 47 + 424) % 500 - 20)  # some run out soon, a few have
        state[f"member/{seat}"] = {**member, "card_expires_on": last.isoformat()}
    return state
