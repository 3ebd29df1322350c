"""A share in tenths of a percent, as it is written everywhere: on pages, in tables, papers and files."""


def tenths_of(part: int, whole: int, target: int | None = None) -> int:
    """Return tenths of a percent, rounded as usual, half away from nothing; *whole* is more than nothing.

    What is below the *target* in percent, or below the whole, is never rounded up to it.
    """
    tenths = (2000 * abs(part) + whole) // (2 * whole)
    tenths = tenths if part >= 0 else -tenths
    for reached in (1000, 1000 if target is None else 10 * target):
        if part * 1000 < reached * whole:
            tenths = min(tenths, reached - 1)
    return tenths
