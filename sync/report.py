"""What a laptop says of itself with every request: what is left to send, and how its clock stands."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from schemas.fields import storable
from schemas.inspections import FIRST_DAY

MAX_LENGTH = 1000
_NAME = 64  # a version, a run or a moment is never longer


@dataclass(frozen=True)
class Report:
    """Drafts and unsent items left, the earliest visit date among them, the program's version, its clock.

    *run* is the run that it numbers its items in, *schema* the version of the schemas that it
    reads; a laptop from before they were told leaves them empty.
    """

    drafts: int = 0
    unsent: int = 0
    earliest: str | None = None
    version: str = ""
    clock: str = ""
    run: str = ""
    schema: int = 0

    def text(self) -> str:
        """Write the report as the value of the Doi178-Report header."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def parse(cls, text: str) -> "Report | None":
        """Read a report; None when there is none or it cannot be read, which is no reason to refuse a record.

        A draft may bear any date while it is typed; none is earlier than the first day there were inspections.
        """
        try:
            raw = json.loads(text[:MAX_LENGTH])
            drafts, unsent = _count(raw["drafts"]), _count(raw["unsent"])
            earliest = raw["earliest"] and max(date.fromisoformat(raw["earliest"]), FIRST_DAY).isoformat()
            version, clock, run = (_short(raw.get(key, "")) for key in ("version", "clock", "run"))
            return cls(drafts, unsent, earliest, version, clock, run, _version(raw.get("schema", 0)))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None


def _count(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**31:
        raise ValueError("not a count")
    return value


def _short(value: Any) -> str:
    return storable(str(value))[:_NAME]


def _version(value: Any) -> int:
    """Return what was said of the schemas; what cannot be one says nothing and spoils nothing."""
    return value if type(value) is int and 0 <= value < 2**31 else 0
