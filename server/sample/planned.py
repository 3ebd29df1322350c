"""Invented assignments and tips: what is on its way this month, and what was told of places this year."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from schemas.tips import deadline
from server.sample.chance import happens, new_id, some_day
from server.sample.places import Place
from server.sample.shape import OF_SIZE_S, tree
from server.sample.teams import Team
from server.sample.writer import Writer

ASSIGNED, TOLD = 24, 14
_WORDS = (
    "Cơ sở hoạt động quá giờ, âm thanh lớn (giả định)",
    "Biển hiệu không đúng với giấy phép (giả định)",
    "Cửa phòng hát có chốt bên trong (giả định)",
    "Không niêm yết nội quy phòng cháy, chữa cháy (giả định)",
)
_CHANNELS = ("hotline", "letter", "in_person", "online", "agency", "press")


def planned(rng: Random, writer: Writer, places: list[Place], teams: list[Team], today: date) -> Iterator[bytes]:
    """Write both; the commune of the demo's laptop is left as its own pages show it."""
    elsewhere = [place for place in places if place.commune != OF_SIZE_S and place.open_on(today)]
    if not elsewhere:
        return
    yield from _assignments(rng, writer, rng.sample(elsewhere, min(ASSIGNED, len(elsewhere))), teams, today)
    for number, place in enumerate(rng.sample(elsewhere, min(TOLD, len(elsewhere))), 1):
        received = some_day(rng, max(date(today.year, 1, 1), today - timedelta(days=300)), today)
        yield from tip(rng, writer, place, (f"{number:02d}/TB-GĐ", received), today)


def _assignments(
    rng: Random, writer: Writer, places: list[Place], teams: list[Team], today: date
) -> Iterator[bytes]:  # fmt: skip
    """Send the commune's team; to a place now and then the province's as well, so that two teams meet there."""
    of_area = {team.area: team for team in teams}
    for place in places:
        province = of_area.get(tree().ancestors(place.commune)[-1])
        going = [of_area[place.commune], *([province] if province and happens(rng, 0.15) else [])]
        for team in going:
            given = some_day(rng, today - timedelta(days=20), today)
            state = {
                "establishment": place.id, "team": team.id,
                "basis": rng.choices(("planned", "recheck", "unscheduled"), (80, 12, 8))[0],
                "given_on": given.isoformat(), "expires_on": (today + timedelta(days=rng.randint(2, 30))).isoformat(),
                "reserved": False, "withdrawn": False,
            }  # fmt: skip
            yield writer.edit("assignment", new_id(rng, given), state, given)


def tip(rng: Random, writer: Writer, place: Place, told: tuple[str, date], today: date) -> Iterator[bytes]:
    """Write one tip about a place; *told* is its number and the day on which it was received."""
    number, received = told
    handled = _handled(rng, received, today)
    kind = rng.choice(("violation", "violation", "conditions", "crime")) if handled else None
    epoch, _, unit = place.commune.partition(":")
    state: dict[str, Any] = {
        "number": number, "received_on": received.isoformat(), "channel": rng.choice(_CHANNELS),
        "epoch": epoch, "unit": unit, "establishment": place.id, "content": rng.choice(_WORDS), "classification": kind,
        "due_on": deadline(kind or "").due(received).isoformat(),
    }  # fmt: skip
    state = {path: value for path, value in state.items() if value is not None}
    yield writer.edit("tip", new_id(rng, received), state | handled, received)


def _handled(rng: Random, received: date, today: date) -> dict[str, Any]:
    """Verify most tips and handle most of these, a few of them late."""
    verified = received + timedelta(days=rng.randint(1, 8))
    if verified > today or happens(rng, 0.2):
        return {}
    found = {"verified": rng.choices(("true", "false"), (60, 40))[0], "verified_on": verified.isoformat()}
    done = verified + timedelta(days=rng.randint(1, 30))
    if done > today or happens(rng, 0.25):
        return found
    results = ("reminded", "transferred") if found["verified"] == "true" else ("nothing",)
    return found | {"handled_on": done.isoformat(), "result": rng.choice(results)}
