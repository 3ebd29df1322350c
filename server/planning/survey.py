"""Reading what the list of an area and a year is made from: its places, what is known of each, and what is aimed at."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from schemas.units import Epoch, UnitTree
from server.coverage import facts
from server.coverage.steps import PlaceFacts, standing
from server.coverage.targets import Plan, Plans
from server.coverage.where import Where
from server.planning import history
from server.planning.points import Known
from server.planning.quotas import Aim


class NoTarget(ValueError):
    """No plan says how many places are to be inspected; the message says what to do."""


@dataclass(frozen=True)
class Asked:
    """For which area and year, as of which day, and what percent where no plan says one.

    *but* are assignments that are passed over: those that came of the very list that is worked out again.
    """

    unit: str
    year: int
    as_of: date
    target: int | None = None
    but: frozenset[str] = frozenset()

    @property
    def first(self) -> date:
        """The first day on which a place must have been open to count: of a year to come, the as-of day."""
        return min(self.as_of, date(self.year, 1, 1))

    @property
    def last(self) -> date:
        """The last day that is counted."""
        return min(self.as_of, date(self.year, 12, 31))

    @property
    def from_month(self) -> int:
        """The first month in which somebody can still be sent."""
        return self.as_of.month if self.as_of.year == self.year else 1


@dataclass(frozen=True)
class Survey:
    """The places that count, in which present communes each may stand, and what is aimed at, by which plan."""

    places: tuple[Known, ...]
    communes: dict[str, frozenset[str]]
    aim: Aim
    plan: Plan | None


def survey(conn: sqlite3.Connection, tree: UnitTree, asked: Asked) -> Survey:
    """Read all of it; called within one read transaction. Raises NoTarget."""
    plans = Plans(conn, tree)
    plan, aim, since = _aim(plans, asked)
    where = Where(tree, Epoch(asked.unit.partition(":")[0]), asked.unit)
    kinds = frozenset(plan.kinds if plan else ())
    near = _standing(where, asked, _near(conn, where, asked))
    found = {place.id: place for place in near if not kinds or not kinds.isdisjoint(place.kinds)}
    return Survey(*_with_history(conn, found, asked, since), aim, plan)


def look_at(conn: sqlite3.Connection, tree: UnitTree, asked: Asked, root: str) -> tuple[Known, frozenset[str]] | None:
    """Return what is known of one place, and where it may stand; None where it does not count in the area."""
    place = facts.load(conn, root, *_window(asked))
    where = Where(tree, Epoch(asked.unit.partition(":")[0]), asked.unit)
    found = {one.id: one for one in _standing(where, asked, [place] if place else [])}
    if root not in found:
        return None
    places, stand = _with_history(conn, found, asked, _aim(Plans(conn, tree), asked)[2])
    return places[0], stand[root]


def _with_history(
    conn: sqlite3.Connection, found: dict[str, Known], asked: Asked, period: str
) -> tuple[tuple[Known, ...], dict[str, frozenset[str]]]:
    places, stand = [], {}
    roots = sorted(found)
    for start in range(0, len(roots), facts.CHUNK):
        chunk = roots[start : start + facts.CHUNK]
        stand.update(_communes(conn, chunk))
        told = history.tell(conn, chunk, history.Frame(asked.year, asked.as_of, period, asked.but))
        places += [replace(found[root], unit=_today(found[root].unit, stand[root]), **told[root]) for root in chunk]
    return tuple(places), stand


def _today(unit: str, communes: frozenset[str]) -> str:
    """Return the commune of today for a unit of the map that ended, where it is one only."""
    return next(iter(communes)) if unit.startswith(Epoch.OLD) and len(communes) == 1 else unit


def _aim(plans: Plans, asked: Asked) -> tuple[Plan | None, Aim, str]:
    """Return the plan, its aim, and the first day of the period that must see everyone, empty where there is none."""
    plan = plans.of_year(asked.unit, asked.year)
    target = plan.targets[asked.year] if plan else asked.target
    if target is None:
        raise NoTarget(f"Chưa có chỉ tiêu năm {asked.year} cho địa bàn này; thêm kế hoạch, hoặc ghi chỉ tiêu (%).")
    period = plans.of_period(asked.unit, date(asked.year, 1, 1), date(asked.year, 12, 31))
    if period is None:
        return plan, Aim(target), ""
    return plan, Aim(target, period.period_percent, int(period.until[:4]) - asked.year + 1), period.since


def _window(asked: Asked) -> tuple[str, str]:
    return asked.first.isoformat(), (asked.last + timedelta(days=1)).isoformat()


def _near(conn: sqlite3.Connection, where: Where, asked: Asked) -> Iterator[PlaceFacts]:
    keys = where.keys()
    if keys is None:
        return facts.stream(conn, *_window(asked))
    return facts.near(conn, sorted({c for key in keys for c in where.tree.present(key)}), *_window(asked))


def _standing(where: Where, asked: Asked, places: Iterable[PlaceFacts]) -> Iterator[Known]:
    """Yield the places of the area that were open in the window, with whether they are open on the as-of day."""
    (since, until), today = _window(asked), asked.as_of.isoformat()
    for place in places:
        unit, kinds, counts = standing(place, since, until)
        sure = where.sure(unit)
        if counts.open and where.holds(sure):
            open_now = any(begin <= today < end for begin, end in place.opens)
            yield Known(place.root, sure, tuple(kinds.split()), open_now=open_now)


def _communes(conn: sqlite3.Connection, roots: list[str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    rows = conn.execute(
        f"SELECT establishment, commune FROM placements WHERE establishment IN ({', '.join('?' * len(roots))})", roots
    )
    for place, commune in rows:
        found[place].add(commune)
    return {root: frozenset(found[root]) for root in roots}
