"""How old what is known is: from which day it is held, and up to which day everything has come in."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from schemas.fields import instant_text
from schemas.units import UnitTree
from server.coverage.complete import Reported
from server.law.held import held


@dataclass(frozen=True)
class Age:
    """*at*: when it was asked. *complete_to*: None where a laptop of the area was never heard of, or there is none."""

    at: str
    visits_from: str
    decisions_from: str
    decisions: int
    authorities: tuple[tuple[str, str], ...]  # whose decisions are held, and from which day
    complete_to: str | None

    def as_json(self) -> dict[str, Any]:
        """Return it as programs get it."""
        authorities = [{"authority": name, "from": day} for name, day in self.authorities]
        return {**vars(self), "authorities": authorities}


def age_of(conn: sqlite3.Connection, tree: UnitTree, units: Iterable[str], at: datetime) -> Age:
    """Return the age of what is known of *units*; the one that is least far says how far it is complete."""
    reported = Reported(conn, tree)
    days = [reported.to(unit) for unit in units]
    known = [day for day in days if day]
    complete = min(known).isoformat() if known and len(known) == len(days) else None
    (first,) = conn.execute("SELECT coalesce(min(date), '') FROM visits").fetchone()
    said = held(conn)
    authorities = tuple((one["authority"], one["from"]) for one in said["authorities"])
    return Age(instant_text(at), first, said["from"], said["decisions"], authorities, complete)
