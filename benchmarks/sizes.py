"""How much of everything there is at each size (design.md §7). `toy` is for the tests: it measures nothing."""

from dataclasses import dataclass, replace

COMMUNE, PROVINCE = "new:15664", "new:38"


@dataclass(frozen=True)
class Size:
    """The amounts of one size."""

    name: str
    area: str  # that a laptop writes about
    places: int  # of the register on the server
    visits: int  # pushed by one laptop and pulled by others
    bare: int  # of them also sent one by one, to the bare baseline
    rounds: int  # of push and pull, each with stores of its own; the median counts
    ways: int  # records sent one by one
    days: int  # days of 20 visits
    laptops: int  # that come home at once
    all_places: int  # of a register, under a first sync
    area_places: int  # of them in one commune
    laptop_places: int  # on a laptop, under search and pages
    laptop_visits: int
    country: str | None  # the area that coverage is asked for, None: all there is
    counted_places: int  # under coverage
    counted_visits: int
    rows: int  # of an import
    sample: str  # of server/sample, under the server's pages; empty: what is under coverage


S = Size(
    "S", COMMUNE, places=25, visits=500, bare=100, rounds=3, ways=50, days=5, laptops=50, all_places=2_000,
    area_places=100, laptop_places=25, laptop_visits=100, country=COMMUNE, counted_places=25, counted_visits=75,
    rows=25, sample="S",
)  # fmt: skip
M = Size(
    "M", PROVINCE, places=3_500, visits=10_000, bare=500, rounds=3, ways=200, days=10, laptops=500,
    all_places=100_000, area_places=5_000, laptop_places=10_000, laptop_visits=50_000, country=PROVINCE,
    counted_places=3_500, counted_visits=7_500, rows=10_000, sample="M",
)  # fmt: skip
L = replace(
    M, name="L", visits=100_000, rounds=1, laptop_places=100_000, laptop_visits=1_000_000, country=None,
    counted_places=100_000, counted_visits=1_000_000, rows=100_000, sample="",
)  # fmt: skip
TOY = replace(
    S, name="toy", visits=20, bare=3, rounds=1, ways=3, days=1, laptops=3, all_places=40, area_places=10,
    laptop_visits=20, rows=12,
)  # fmt: skip

SIZES = {size.name: size for size in (S, M, L, TOY)}
USUAL = ("S", "M")
