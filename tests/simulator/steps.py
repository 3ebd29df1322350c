"""Every step a schedule may draw. A module of steps says AT_A_LAPTOP or AT_THE_OFFICE: rows of (step, weight).

To add steps: write a module with such rows, and name it in MODULES. A step does what a page or command would, draws
from `run.dice` alone, and may be cut anywhere by Killed. What it refuses in words (REFUSED) is no fault.
"""

from collections.abc import Callable
from typing import Any

from field_client import drafts, records
from field_client.places import NotKnown
from tests.simulator import at_the_office, bundles, carrying, deciding, recoveries, registering, stories, visiting

MODULES = (
    visiting,
    registering,
    carrying,
    bundles,
    stories,
    at_the_office,
    deciding,
    recoveries,
)
Row = tuple[Callable[..., None], int]


def _rows(table: str) -> tuple[Row, ...]:
    found: list[Any] = [row for module in MODULES for row in getattr(module, table, ())]
    return tuple(found)


AT_A_LAPTOP, AT_THE_OFFICE = _rows("AT_A_LAPTOP"), _rows("AT_THE_OFFICE")
SYNCS = carrying.SYNCS
REFUSED = (records.NotValid, NotKnown, drafts.NoDraft)
