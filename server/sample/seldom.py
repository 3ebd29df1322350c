"""What is seldom in a sample, and what returns report: amounts, suspensions, files handed over, tips of past years.

Each is drawn from the id of its own thing, so that nothing else of a sample changes with it.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from server.law.months import add_months
from server.sample.chance import happens, new_id, some_day
from server.sample.places import Place
from server.sample.planned import tip
from server.sample.writer import Writer

CRIME, RECHECK, NO_AMOUNT, HANDED_OVER, TIPS_A_YEAR = 0.12, 0.06, 0.08, 0.8, 9
_AMOUNTS = (1_500_000, 3_000_000, 7_500_000, 12_500_000, 17_500_000, 25_000_000)
_DAY = timedelta(days=1)


def seldom_at_a_visit(id: str, body: dict[str, Any]) -> dict[str, Any]:
    """Return what a visit has beside: now and then signs of crime, or that it looks at findings again."""
    rng = Random(f"visit {id}")
    more: dict[str, Any] = {}
    if body.get("violations") and happens(rng, CRIME):
        more["crime_signs"] = True
    if body["basis"] == "planned" and happens(rng, RECHECK):
        more["basis"] = "recheck"
    return more


def seldom_in_a_decision(visit: str, state: dict[str, Any]) -> dict[str, Any]:
    """Return the amount of a fine, of most; and what was suspended where something additional was ordered."""
    rng = Random(f"decision {visit}")
    more: dict[str, Any] = {}
    if state["sanction"] == "fine" and not happens(rng, NO_AMOUNT):
        more["amount"] = rng.choice(_AMOUNTS)
    if "additional" in state["ordered"]:
        what = rng.choice(("operating_licence", "antt_certificate", "activity"))
        first = date.fromisoformat(state["delivered_on"])
        more[f"suspension/{what}"] = {"what": what, "from": first.isoformat(), "to": _end(rng, state, first)}
    return more


def _end(rng: Random, state: dict[str, Any], first: date) -> str | None:
    done = state.get("additional_done_on", "")
    if done == "no":
        return (add_months(first, rng.randint(1, 6)) - _DAY).isoformat()
    return max(done, first.isoformat()) if done else None


def handed_over(rng: Random, writer: Writer, visits: Sequence[tuple[str, date]], today: date) -> Iterator[bytes]:
    """Say of most visits with signs of crime that the file was handed over, on the next day."""
    for id, day in visits:
        if happens(Random(f"file {id}"), HANDED_OVER):
            on = min(day + _DAY, today)
            body = {"inspection": id, "duty": "hand-over-file", "on": on.isoformat(), "note": "Biên bản (giả định)"}
            yield writer.item("duty", new_id(rng, on), body, on)


def tips_of_past_years(rng: Random, writer: Writer, places: list[Place], years: int, today: date) -> Iterator[bytes]:
    """Write a few tips of each year before this one."""
    for year in range(today.year - years + 1, today.year):
        last = date(year, 12, 31)
        working = [place for place in places if place.open_on(date(year, 1, 1)) and place.open_on(last)]
        for number, place in enumerate(rng.sample(working, min(TIPS_A_YEAR, len(working))), 1):
            received = some_day(rng, date(year, 1, 1), last)
            yield from tip(rng, writer, place, (f"{number:02d}/TB-GĐ-{year}", received), today)
