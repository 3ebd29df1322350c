"""Assignments: which feeds hear of one. A planned visit is the area's to know, an unscheduled one the team's."""

from typing import NamedTuple

from schemas.items import Item
from schemas.register import State
from server.arrivals.world import World

UNSCHEDULED = "unscheduled"
_COLUMNS = "id, establishment, team, basis, given_on, expires_on, reserved, withdrawn"
_BEGINS = "CASE starts_on WHEN '' THEN given_on ELSE starts_on END"
Feeds = dict[str, frozenset[str]]  # of each assignment: the communes and teams that hear of it


class Assigned(NamedTuple):
    """One row of assignments; *begins*: the first day on which it holds."""

    id: str
    establishment: str
    team: str
    basis: str
    begins: str
    expires_on: str
    reserved: int
    withdrawn: int


def team_feed(team: str) -> str:
    """Return the feed that the laptops of a team follow beside their area's."""
    return f"team:{team}"


def fold_assignment(world: World, item: Item, before: State, after: State) -> None:
    """Keep an assignment, and tell those who may know; what is said of others at the place may follow from it.

    An unscheduled visit is told to its team alone, until another team takes the same place for the same days:
    then each hears of the other.
    """
    places = sorted({before.get("establishment"), after["establishment"]} - {None})
    was = _feeds(world, places)
    world.conn.execute(
        f"INSERT INTO assignments ({_COLUMNS}, starts_on) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id)"
        " DO UPDATE SET"
        " establishment = excluded.establishment, team = excluded.team, basis = excluded.basis,"
        " given_on = excluded.given_on, expires_on = excluded.expires_on, reserved = excluded.reserved,"
        " withdrawn = excluded.withdrawn, starts_on = excluded.starts_on",
        (
            item.id, after["establishment"], after["team"], after["basis"], after["given_on"], after["expires_on"],
            int(bool(after.get("reserved"))), int(bool(after.get("withdrawn"))), after.get("starts_on") or "",
        ),
    )  # fmt: skip
    now = _feeds(world, places)
    for id in sorted(was.keys() | now.keys()):
        _tell(world, id, was.get(id, frozenset()), now.get(id, frozenset()), again=id == item.id)


def _tell(world: World, id: str, was: frozenset[str], now: frozenset[str], *, again: bool) -> None:
    """Tell the feeds that lose an assignment, then those that have it: the last word is where it is."""
    left = was - now
    for feed in sorted(left):
        world.stamp(feed, "assignment", id, 1)
    for feed in sorted(now if left or again else now - was):
        world.stamp(feed, "assignment", id)


def _feeds(world: World, places: list[str]) -> Feeds:
    found: Feeds = {}
    for place in places:
        rows = of_place(world, place)
        found |= {one.id: _feeds_of(world, one, rows) for one in rows}
    return found


def _feeds_of(world: World, one: Assigned, at_place: list[Assigned]) -> frozenset[str]:
    if one.basis != UNSCHEDULED:
        return frozenset(world.communes(one.establishment))
    met = [other for other in at_place if other.team != one.team and _meet(one, other)]
    return frozenset({team_feed(one.team), *(team_feed(other.team) for other in met)})


def _meet(one: Assigned, other: Assigned) -> bool:
    """Say whether two assignments of one place, neither given up, hold on a common day."""
    if one.withdrawn or other.withdrawn:
        return False
    return one.begins <= other.expires_on and other.begins <= one.expires_on


def of_place(world: World, establishment: str) -> list[Assigned]:
    """Return the assignments of a place."""
    columns = _COLUMNS.replace("given_on", _BEGINS)
    query = f"SELECT {columns} FROM assignments WHERE establishment = ? ORDER BY id"
    rows = world.conn.execute(query, (establishment,))
    return [Assigned(*row) for row in rows.fetchall()]


def that_move_with(world: World, establishment: str) -> list[tuple[str, str]]:
    """Return kind and id of the assignments that the communes of a place know, for when it moves."""
    return [("assignment", one.id) for one in of_place(world, establishment) if one.basis != UNSCHEDULED]
