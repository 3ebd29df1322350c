"""How much of everything there is at each size (design.md §7). `toy` is for the tests: it measures nothing."""

from dataclasses import dataclass

COMMUNE, PROVINCE = "new:15664", "new:38"


@dataclass(frozen=True)
class Size:
    """The amounts of one size."""

    name: str
    area: str  # that a laptop writes about
    places: int  # of the register on the server
    visits: int  # pushed by one laptop and pulled by another
    bare: int  # of them also sent one by one to the bare baseline
    rounds: int  # of push and pull, each with stores of its own; the median counts
    ways: int  # records sent one by one
    days: int  # days of 20 visits
    past_visits: int  # on the server, under pages
    laptop_places: int  # on a laptop, under search and pages
    laptop_visits: int
    country: str | None  # the area that coverage is asked for, None: all there is
    counted_places: int  # under coverage
    counted_visits: int
    rows: int  # of an import


SIZES = {
    size.name: size
    for size in (
        Size("toy", COMMUNE, 6, 20, 3, 1, 3, 1, 10, 10, 20, COMMUNE, 10, 20, 12),
        Size("S", COMMUNE, 25, 500, 100, 3, 50, 5, 50, 25, 100, COMMUNE, 25, 50, 25),
        Size("M", PROVINCE, 3_500, 10_000, 500, 3, 200, 10, 7_500, 10_000, 50_000, PROVINCE, 3_500, 7_500, 10_000),
        Size("L", PROVINCE, 3_500, 100_000, 500, 1, 200, 10, 7_500, 100_000, 100_000, None, 100_000, 1_000_000, 100_000),
    )
}
USUAL = ("S", "M")
