"""A register as a spreadsheet, and the moment at which it is imported."""

import csv
from datetime import UTC, datetime

import pytest

from server.imports import import_file

HEADER = [
    *(
        "code",
        "name",
        "kinds",
        "unit_epoch",
        "unit_code",
        "address",
        "phone",
        "operator",
        "operator_form",
        "operator_no",
    ),
    *("licence_no", "licence_from", "licence_to", "antt_no", "antt_from", "antt_to", "opened_on", "closed_on"),
    *("lat", "lon"),
]


@pytest.fixture
def at():
    """An evening in November 2026."""
    return datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


@pytest.fixture
def sheet(tmp_path):
    """Return a function that writes rows as a CSV and returns its path."""

    def write(*rows, name="so.csv", encoding="utf-8-sig", delimiter=",", header=HEADER):
        path = tmp_path / name
        with path.open("w", encoding=encoding, newline="") as file:
            writer = csv.DictWriter(file, header, delimiter=delimiter, restval="")
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write


@pytest.fixture
def take(central, at):
    """Return a function that imports a file of establishments."""

    def run(path, **options):
        return import_file(central.db, "establishments", path, author="test", at=at, **options)

    return run
