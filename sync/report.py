"""What a laptop says of itself with every request: what is left to send, and how its clock stands."""

import json
from dataclasses import asdict, dataclass
from datetime import date

from schemas.fields import storable
from schemas.inspections import FIRST_DAY

MAX_LENGTH = 1000


@dataclass(frozen=True)
class Report:
    """Drafts and unsent items left, the earliest visit date among them, the program's version, its clock."""

    drafts: int = 0
    unsent: int = 0
    earliest: str | None = None
    version: str = ""
    clock: str = ""

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
            counts = (raw["drafts"], raw["unsent"])
            if not all(type(count) is int and 0 <= count < 2**31 for count in counts):
                return None
            earliest = raw["earliest"] and max(date.fromisoformat(raw["earliest"]), FIRST_DAY).isoformat()
            return cls(*counts, earliest, storable(str(raw["version"])), storable(str(raw["clock"])))
        except (ValueError, KeyError, TypeError, RecursionError):
            return None
