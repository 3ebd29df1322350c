"""What the pages of the year's work are asked: a unit of the area and a year, out of the address."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import g, request
from flask_babel import gettext as _

from server import web
from server.changes import apply_one
from server.clock import local_day, now
from server.pages.areas import name, offered
from server.pages.asking import labelled, my_area
from server.problems import InvalidInput
from server.register.reach import unit_asked

FIRST_YEAR = 2021  # before it there is no plan whose work could be told


@dataclass(frozen=True)
class Asked:
    """Whose work of which year, seen today."""

    unit: str
    year: int
    today: date

    @property
    def query(self) -> dict[str, Any]:
        """The same for an address; what is usual is left out."""
        said = {"don-vi": self.unit if self.unit != my_area() else "",
                "nam": str(self.year) if self.year != self.today.year else ""}  # fmt: skip
        return {key: value for key, value in said.items() if value}

    def words(self) -> dict[str, Any]:
        """Return what the filters of every page of the year's work show."""
        tree = web.tree()
        years = range(self.today.year + 1, FIRST_YEAR - 1, -1)
        return {
            "asked": self, "unit": self.unit, "unit_name": name(tree, self.unit), "year": self.year, "years": years,
            "units": labelled(offered(tree, my_area(), self.unit)), "query": self.query,
            "name_of": lambda key: name(tree, key),
        }  # fmt: skip


def asked() -> Asked:
    """Return what the address asks; a unit outside the area is not allowed, a year that is none is told so."""
    today, typed = local_day(now()), (request.values.get("nam") or "").strip()
    if typed and not re.fullmatch(r"20[0-9]{2}", typed):
        raise InvalidInput(_("Năm không đúng; nhập bốn chữ số, ví dụ 2026."))
    year = int(typed) if typed else today.year
    if not FIRST_YEAR <= year <= today.year + 1:
        raise InvalidInput(_("Chọn năm từ %(first)s đến %(last)s.", first=str(FIRST_YEAR), last=str(today.year + 1)))
    return Asked(unit_asked(), year, today)


def write(said: dict[str, Any]) -> dict[str, str]:
    """Make a change as `apply` does, and return a sentence for each field that does not hold."""
    return dict(apply_one(web.db(), said, author=g.user["id"], at=now())["problems"])
