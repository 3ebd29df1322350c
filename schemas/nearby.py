"""Points on the map: which make sense, how far apart two are, and which of many lie near each other."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations
from math import asin, cos, floor, radians, sin, sqrt
from typing import Any

Point = tuple[float, float]  # latitude, longitude
Cell = tuple[int, int]

LAT, LON = (8.0, 23.5), (102.0, 110.0)  # of the mainland and its near islands
_EARTH = 6_371_000  # metres from its middle
_DEGREE = _EARTH * radians(1)  # metres of a degree of latitude
_NEIGHBOURS = ((0, 1), (1, -1), (1, 0), (1, 1))  # each two cells that touch are met once


def point_of(place: Mapping[str, Any]) -> Point | None:
    """Return the map point of a place; None where it has none, half of one, or one outside Vietnam."""
    lat, lon = place.get("lat"), place.get("lon")
    if not (isinstance(lat, int | float) and isinstance(lon, int | float)):
        return None
    return (lat, lon) if LAT[0] <= lat <= LAT[1] and LON[0] <= lon <= LON[1] else None


def metres(one: Point, other: Point) -> float:
    """Return how far apart two points are, along the great circle."""
    lat, to_lat = radians(one[0]), radians(other[0])
    half = sin((to_lat - lat) / 2) ** 2 + cos(lat) * cos(to_lat) * sin(radians(other[1] - one[1]) / 2) ** 2
    return 2 * _EARTH * asin(sqrt(half))


def near_pairs(points: Mapping[str, Point], within: float, most: int) -> set[tuple[str, str]]:
    """Return the pairs of ids, the lesser first, whose points lie *within* so many metres.

    A point, or a cell of so many metres, that more than *most* have is the middle of a village and nobody's own.
    """
    cells: dict[Cell, list[str]] = defaultdict(list)
    for id, point in points.items():
        cells[_cell(point, within)].append(id)
    few = {cell: ids for cell, ids in cells.items() if len(ids) <= most}
    return {
        (min(pair), max(pair))
        for cell in few
        for pair in _meeting(few, cell)
        if metres(points[pair[0]], points[pair[1]]) <= within
    }


def _cell(point: Point, size: float) -> Cell:
    """Return the cell of a grid that is nowhere in Vietnam narrower than *size* metres."""
    return floor(point[0] * _DEGREE / size), floor(point[1] * _DEGREE * cos(radians(LAT[1])) / size)


def _meeting(cells: Mapping[Cell, list[str]], cell: Cell) -> Iterable[tuple[str, str]]:
    ids = cells[cell]
    yield from combinations(ids, 2)
    for down, across in _NEIGHBOURS:
        beside = cells.get((cell[0] + down, cell[1] + across), ())
        yield from ((one, other) for one in ids for other in beside)
