"""Reading the packaged files: rows of text, and the few kinds of cell they have."""

import csv
import io
from datetime import date
from importlib.resources import files

ALL_KINDS = "*"  # in a cell of kinds: every kind of place


def rows(name: str) -> list[dict[str, str]]:
    """Read the packaged file *name*, in its own order."""
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def day(cell: str) -> date | None:
    """Read a date; an empty cell is a date that is not known, or an end that has not come."""
    return date.fromisoformat(cell) if cell else None


def number(cell: str) -> int | None:
    """Read an amount; an empty cell is an amount that is not known, never zero."""
    return int(cell) if cell else None


def flag(cell: str) -> bool:
    """Read a mark: 1 is yes; 0 and an empty cell are no."""
    return cell == "1"


def words(cell: str) -> tuple[str, ...]:
    """Read a list of words with spaces between."""
    return tuple(cell.split())


def covers(first: date | None, last: date | None, asked: date) -> bool:
    """Say whether *asked* lies from *first* to *last*, both days included, open where there is none."""
    return (first is None or first <= asked) and (last is None or asked <= last)
