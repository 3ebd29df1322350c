"""Making a sample: every line of it comes in by the same door as real ones."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

from sqlite_utils import Database

from schemas.register import State
from server.arrivals.ingest import ingest
from server.arrivals.prepare import Sender
from server.clock import local_day
from server.sample.chance import happens, new_id, some_day
from server.sample.deadlines import deadline_lines
from server.sample.following import following
from server.sample.histories import ends_of_histories
from server.sample.history import History
from server.sample.law import decisions_now
from server.sample.places import Place, Register
from server.sample.planned import planned
from server.sample.plans import plan_lines
from server.sample.seldom import handed_over, tips_of_past_years
from server.sample.shape import Shape, shape, tree
from server.sample.teams import make_teams
from server.sample.values import values
from server.sample.visits import visit
from server.sample.wanting import Wanting
from server.sample.worked import work_of_the_year
from server.sample.writer import AUTHOR, Writer
from sync.chain import Receipt

LINES_A_BATCH = 400


@dataclass(frozen=True)
class Made:
    """How many items were made, and where they stand: all accepted but two that a page shows as not counted."""

    items: int
    standings: dict[str, int]


def generate(db: Database, size: str, seed: int, at: datetime, progress: Callable[[int], None] | None = None) -> Made:
    """Fill a new server with the sample of a *size* (S, demo, M, L); the same seed and day make the same bytes.

    Made a second time it changes nothing: its items have arrived before.
    """
    rng = Random(f"{size} {seed}")
    writer = Writer(rng)
    waiting = _lines(rng, writer, size, local_day(at))
    standings: Counter[str] = Counter()
    while some := list(islice(waiting, LINES_A_BATCH)):
        taken = ingest(db, some, Sender(writer.device, None), at)
        standings.update(answer.standing for answer in taken.answers if isinstance(answer, Receipt))
        if progress:
            progress(standings.total())
    return Made(standings.total(), dict(standings))


def lines(size: str, seed: int, today: date) -> Iterator[bytes]:
    """Write every line of a sample, in the order in which it comes in, without any database."""
    rng = Random(f"{size} {seed}")
    return _lines(rng, Writer(rng), size, today)


def _lines(rng: Random, writer: Writer, size: str, today: date) -> Iterator[bytes]:
    found = shape(size, rng, today.year)
    yield writer.edit("device", writer.device, {"name": AUTHOR}, date(2021, 1, 4))
    teams, of_teams = make_teams(rng, writer, found, today)
    yield from of_teams
    plans: list[tuple[str, State]] = []
    yield from plan_lines(rng, writer, found, today, plans)
    places: list[Place] = []
    wanting = Wanting()
    for place, of_place in Register(rng, writer, found, today).make():
        yield from of_place
        wanting.meet(place)
        place.state = {}  # a country's states would fill the memory; visits do not ask
        places.append(place)
    history = History(rng, writer, places, teams)
    yield from history.lines(found, today)
    yield from _office(rng, writer, found, places, today)
    yield from _aside(rng, writer, places[0], teams[0].id, today)
    yield from decisions_now(rng, writer, places, today)
    yield from ends_of_histories(rng, writer, places, today)
    yield from wanting.lines(writer, today)
    yield from planned(rng, writer, places, teams, today)
    yield from following(rng, writer, history.recent, today)
    yield from handed_over(rng, writer, history.crimes, today)
    yield from tips_of_past_years(rng, writer, places, found.years, today)
    yield from deadline_lines(rng, writer, found, today)
    yield from values(rng, writer, plans, found, today)
    yield from work_of_the_year(rng, writer, found, teams, places, today)


def _office(rng: Random, writer: Writer, found: Shape, places: list[Place], today: date) -> Iterator[bytes]:
    """Confirm the lists of some communes, and enter a few checks by other bodies."""
    for commune in found.communes:
        if happens(rng, 0.6):
            epoch, _, code = commune.partition(":")
            on = some_day(rng, date(today.year, 1, 5), today)
            by = f"Ủy ban nhân dân {getattr(tree().get(commune), 'name', '')}"
            yield writer.item(
                "confirm_list", commune, {"epoch": epoch, "unit": code, "on": on.isoformat(), "by": by}, on
            )
    for place in rng.sample(places, max(1, len(places) // 60)):
        on = some_day(rng, max(place.opened, date(today.year - 1, 1, 1)), today)
        body = {
            "establishment": place.id,
            "agency": "Thanh tra tỉnh (giả định)",
            "date": on.isoformat(),
            "paper": "Kết luận",
        }
        yield writer.item("outside_check", new_id(rng, on), body, on)


def _aside(rng: Random, writer: Writer, place: Place, team: str, today: date) -> Iterator[bytes]:
    """Make one visit that needs correcting, and one that was corrected in two ways: both stand beside the truth."""
    day = today - timedelta(days=3)
    members = tuple({"name": name} for name in ("Nguyễn Văn An", "Lê Thị Bình", "Trần Đức Cường"))
    body: dict[str, Any] = visit(rng, place.id, place.kinds, team, members, day)
    whole = {key: value for key, value in body.items() if key not in {"violations", "statement"}}
    lacking = whole | {"outcome": "violations"}
    yield writer.item("inspection", new_id(rng, day), lacking, day)
    id = new_id(rng, day)
    first = writer.item("inspection", id, whole | {"outcome": "no_violation"}, day)
    yield first
    for reason in ("Ghi lại giờ kết thúc", "Ghi lại số người lao động"):
        changed = whole | {"outcome": "no_violation", "revision": 2, "reason": reason}
        yield writer.item("inspection", id, changed, day, base=first)
