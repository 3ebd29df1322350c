"""Invented places and visits, the same for the same seed, out of what the project's samples are made of."""

from datetime import date, timedelta
from random import Random
from typing import Any

from schemas.register import State
from schemas.units import Epoch, Level, UnitTree, packaged_successors, packaged_units
from server.sample import names, visits

KINDS = ("karaoke", "karaoke", "karaoke", "massage", "lodging", "lodging", "dance_hall")
AGENCIES = ("Công an xã", "UBND xã", "Trạm Y tế", "Phòng Văn hóa và Thông tin", "Công an huyện", "Quản lý thị trường")
ROLES = ("Đội trưởng", "Thành viên", "Thành viên")


def communes(area: str | None) -> list[str]:
    """Name the communes of an area by their keys; None: all of the present map."""
    if area is not None:
        return list(UnitTree(packaged_units(), packaged_successors()).communes(area))
    return [unit.key for unit in packaged_units() if unit.epoch is Epoch.NEW and unit.level is Level.COMMUNE]


class Inventor:
    """Invents, from one seed."""

    def __init__(self, seed: int, today: date) -> None:
        """Begin; no visit is later than *today*."""
        self.dice = Random(seed)
        self.today = today

    def operator(self) -> State:
        """Return the state of an operator."""
        return {"name": f"Hộ kinh doanh {names.person(self.dice)}", "form": "household"}

    def place(self, code: str, unit: str, operator: str | None = None) -> State:
        """Return the state of a place of one kind that has been open for years."""
        dice, kind = self.dice, self.dice.choice(KINDS)
        epoch, _, commune = unit.partition(":")
        since = f"{dice.randint(2015, 2021)}-{dice.randint(1, 12):02d}-01"
        address = f"Số {dice.randint(1, 400)}, đường {dice.choice(names.STREETS)}"
        state: State = {
            "code": code,
            "name": f"{dice.choice(names.SIGNS[kind])} {dice.choice(names.WORDS)} {dice.randint(1, 99)}",
            "phone": f"0{dice.randint(310_000_000, 989_999_999)}",
            "place/1": {"from": since, "epoch": epoch, "unit": commune, "address": address},
            "kind/1": {"from": since, "kind": kind},
            "status/1": {"from": since, "status": "open"},
        }
        return state | ({"operator/1": {"from": since, "operator": operator}} if operator else {})

    def visit(self, place: str, kind: str, team: str) -> dict[str, Any]:
        """Return the body of a finished visit of the last ten months: 30 answers, and three members of its own."""
        first = self.today - timedelta(days=300)
        found = visits(self.dice, [(place, (kind,))], team, first=first, last=self.today, count=1)
        return next(found) | {"members": list(self.members())}

    def members(self) -> tuple[dict[str, str], ...]:
        """Return three members of a team."""
        dice = self.dice
        return tuple(
            {"name": names.person(dice), "agency": agency, "role": role, "card": f"{dice.randint(1, 999):03d}"}
            for agency, role in zip(dice.sample(AGENCIES, len(ROLES)), ROLES, strict=True)
        )
