"""Invented teams, with members, agencies and cards, and the plans."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from server.sample import names
from server.sample.chance import new_id
from server.sample.shape import THANH_HOA, Shape, tree
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


def plan_lines(rng: Random, writer: Writer, shape: Shape, today: date) -> Iterator[bytes]:
    """Write the plans: the two that the project knows, as they were issued, and this year's, invented."""
    known = tree().ancestors(shape.communes[0])[-1:] == (THANH_HOA,)
    for state in [*_issued(), *_invented(shape, today)] if known else _invented(shape, today):
        yield writer.edit("plan", new_id(rng, _MADE), state, _MADE)


_KINDS = ["karaoke", "dance_hall", "massage", "lodging", "other"]


def _issued() -> Iterator[dict[str, Any]]:
    yield {
        "name": "Kế hoạch phòng, chống mại dâm trên địa bàn huyện Triệu Sơn giai đoạn 2021-2025",
        "epoch": "old", "area": "397", "from": "2021-01-01", "to": "2025-12-31", "kinds": _KINDS,
        "targets": [{"year": year, "percent": 20} for year in range(2021, 2026)],
        "period_percent": 100, "invented": False, **_deadlines(_OF_THE_DISTRICT),
    }  # fmt: skip
    yield {
        "name": "Kế hoạch phòng, chống mại dâm trên địa bàn tỉnh Thanh Hóa năm 2023",
        "epoch": "old", "area": "38", "from": "2023-01-01", "to": "2023-12-31", "kinds": _KINDS,
        "targets": [{"year": 2023, "percent": 25}], "invented": False, **_deadlines(_OF_THE_PROVINCE),
    }  # fmt: skip


# Report, day before which it is due, the year where it is one only, from whom, to whom: as the plans say it.
_OF_THE_DISTRICT = (
    ("half_year", "06-20", None, "các phòng, ban, ngành; Ủy ban nhân dân các xã, thị trấn", "Phòng LĐTBXH"),
    ("half_year", "06-25", None, "Phòng LĐTBXH", "Ủy ban nhân dân huyện, Sở LĐTBXH"),
    ("year", "12-20", None, "các phòng, ban, ngành; Ủy ban nhân dân các xã, thị trấn", "Phòng LĐTBXH"),
    ("year", "12-25", None, "Phòng LĐTBXH", "Ủy ban nhân dân huyện, Sở LĐTBXH"),
    ("end_of_period", "11-05", 2025, "các phòng, ban, ngành; Ủy ban nhân dân các xã, thị trấn", "Phòng LĐTBXH"),
)
_OF_THE_PROVINCE = (
    ("half_year", "06-15", 2023, "các sở, ngành; Ủy ban nhân dân các huyện", "Sở LĐTBXH"),
    ("half_year", "06-20", 2023, "Sở LĐTBXH", "Ủy ban nhân dân tỉnh, Bộ LĐTBXH"),
    ("year", "12-15", 2023, "các sở, ngành; Ủy ban nhân dân các huyện", "Sở LĐTBXH"),
    ("year", "12-20", 2023, "Sở LĐTBXH", "Ủy ban nhân dân tỉnh, Bộ LĐTBXH"),
)


def _deadlines(known: tuple[tuple[str, str, int | None, str, str], ...]) -> dict[str, Any]:
    return {
        f"deadline/{place}": {"report": report, "due": due, "strict": True, "year": year, "sender": sender,
                              "receiver": receiver}
        for place, (report, due, year, sender, receiver) in enumerate(known, 1)
    }  # fmt: skip


def _invented(shape: Shape, today: date) -> Iterator[dict[str, Any]]:
    for province in shape.provinces or (THANH_HOA,):
        unit = tree().get(province)
        assert unit is not None, "areas come from the same tree"
        yield {
            "name": f"Kế hoạch kiểm tra năm {today.year} của {unit.name} (giả định)",
            "epoch": "new", "area": unit.code, "from": f"{today.year}-01-01", "to": f"{today.year}-12-31",
            "kinds": _KINDS, "targets": [{"year": today.year, "percent": 25}], "invented": True,
        }  # fmt: skip
