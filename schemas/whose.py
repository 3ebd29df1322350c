"""Who answers in law for what was done at a place on a day."""

from datetime import date

from schemas.register import State


def operator_on(place: State, day: date) -> str | None:
    """Return who ran a place on *day*, None where that is not known; on the day it changes hands, the new one."""
    asked = day.isoformat()
    spans = sorted(
        (value for path, value in place.items() if path.startswith("operator/") and value),
        key=lambda span: str(span.get("from")),
    )
    begun = [span for span in spans if str(span.get("from")) <= asked]
    if not begun or asked > (begun[-1].get("to") or "9999"):
        return None
    return str(begun[-1]["operator"])
