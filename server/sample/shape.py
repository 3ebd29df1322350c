"""How large each sample is, and over which communes it lies."""

from dataclasses import dataclass
from functools import cache
from random import Random

from schemas.units import Epoch, Level, UnitTree, packaged_successors, packaged_units

TRIEU_SON = "old:397"
THANH_HOA = "new:38"
OF_SIZE_S = "new:15664"


@dataclass(frozen=True)
class Shape:
    """The numbers of a sample; *visits* are a year."""

    places: int
    visits: int
    years: int
    communes: tuple[str, ...]
    provinces: tuple[str, ...]
    empty: str | None = None  # a commune that has no place, which a page must show as such
    district: str | None = None  # of the old map: its team went everywhere until that map ended


@cache
def tree() -> UnitTree:
    """Return the maps that come with the program, so that a sample does not hang on the database."""
    return UnitTree(packaged_units(), packaged_successors())


def shape(size: str, rng: Random, year: int) -> Shape:
    """Return the shape of a *size* (S, demo, M, L) made in *year*."""
    match size:
        case "S":
            return Shape(25, 15, 5, (OF_SIZE_S,), ())
        case "demo":
            return Shape(170, 52, year - 2020, district(TRIEU_SON), (THANH_HOA,), "new:15667", TRIEU_SON)
        case "M":
            communes = tree().communes(THANH_HOA)
            return Shape(3_500, 1_500, 5, communes, (THANH_HOA,), rng.choice(communes))
        case "L":
            provinces = tuple(unit.key for unit in packaged_units() if _is_present_province(unit.epoch, unit.level))
            communes = tuple(commune for province in provinces for commune in tree().communes(province))
            return Shape(100_000, 200_000, 5, communes, provinces, rng.choice(communes))
    raise ValueError(f"There is no sample of size {size}; it is S, demo, M or L.")


def district(key: str) -> tuple[str, ...]:
    """Return the present communes that an old district went into."""
    return tuple(sorted({new for old in tree().communes(key) for new in tree().successors(old)}))


def _is_present_province(epoch: Epoch, level: Level) -> bool:
    return epoch is Epoch.NEW and level is Level.PROVINCE
