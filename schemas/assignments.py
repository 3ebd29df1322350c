"""When an assignment ends: the office's with its last day, a team's own reservation at noon of the next."""

import tomllib
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files

from schemas.days import VIETNAM


@cache
def _reservation() -> dict[str, int]:
    text = files("schemas.data").joinpath("assignments.toml").read_text(encoding="utf-8")
    found: dict[str, int] = tomllib.loads(text)["reservation"]
    return found


def reserved_until(day: date) -> date:
    """Return the last day of a reservation that is made on *day*."""
    return day + timedelta(days=_reservation()["days"])


def hour_of_end() -> int:
    """Return at which hour of its last day a reservation ends."""
    return _reservation()["hour"]


def first_open_days(at: datetime) -> tuple[str, str]:
    """Return the earliest last days with which an assignment, and a reservation, is still open at the moment *at*."""
    here = at.astimezone(VIETNAM)
    today = here.date()
    reserved = today if here.hour < hour_of_end() else today + timedelta(days=1)
    return today.isoformat(), reserved.isoformat()
