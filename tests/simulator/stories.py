"""Steps of several moves: what two people do to one thing, what is tapped twice, what comes at a bad moment."""

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from field_client import drafts, records
from field_client.store import visits
from field_client.syncing import Half
from schemas.ids import new_id
from server.office import edit, state_of
from tests.simulator.drawing import body_of, finish, fresh_place, place_of, queue, typed
from tests.simulator.ends import LaptopEnd
from tests.simulator.templates import COMMUNES, HERE

if TYPE_CHECKING:
    from tests.simulator.engine import Schedule

SEND, GET = frozenset({Half.SEND}), frozenset({Half.GET})


def _shared(run: "Schedule", laptop: LaptopEnd, table: str) -> tuple[LaptopEnd, str] | None:
    """Draw another laptop, and something of *table* that both have."""
    query = f"SELECT id FROM {table} ORDER BY id"
    mine = {row[0] for row in laptop.all(query)}
    for other in run.dice.sample(run.laptops, len(run.laptops)):
        both = [row[0] for row in other.all(query) if row[0] in mine]
        if other is not laptop and both:
            return other, run.dice.choice(both)
    return None


def edited_by_two(run: "Schedule", laptop: LaptopEnd) -> None:
    """Two laptops change one field of one place, neither knowing of the other; perhaps one insists."""
    shared = _shared(run, laptop, "establishments")
    if not shared:
        return
    other, id = shared
    field = run.dice.choice(("name", "phone", "code"))
    pair = [laptop, other]
    run.dice.shuffle(pair)
    for place, one in enumerate(pair):
        records.edit(one.db, "establishment", id, {field: f"Hai người {place} {run.dice.randrange(50)}"}, at=one.at())
    for one in pair:
        run.sync(one)
    if run.dice.random() < 0.6:
        with suppress(records.NotValid):  # it may have left the area meanwhile
            records.edit(pair[1].db, "establishment", id, {field: f"Vẫn thế {run.dice.randrange(50)}"}, at=pair[1].at())
        run.sync(pair[1], SEND)


def corrected_by_two(run: "Schedule", laptop: LaptopEnd) -> None:
    """Two laptops correct one visit, each from what it sees."""
    shared = _shared(run, laptop, "visits")
    if not shared:
        return
    other, id = shared
    for one in (laptop, other):
        seen = visits.shown(visits.revisions(one.conn, id))
        if seen and isinstance(seen.body.get("establishment"), str):
            body = body_of(run, seen.body["establishment"]) | {"reason": f"Sai {run.dice.randrange(1000)}"}
            one.typed.discard(id)  # a draft of it that was left goes with what is recorded
            records.record(one.db, id, body, at=one.at())
    for one in run.dice.sample((laptop, other), 2):
        run.sync(one, run.dice.choice((SEND, SEND | GET)))


def tapped_twice(run: "Schedule", laptop: LaptopEnd) -> None:
    """Somebody finishes a visit, nothing seems to happen, and the same button is tapped again."""
    place = place_of(run, laptop)
    if not place:
        return
    if run.dice.random() < 0.5:
        id, body = new_id(), body_of(run, place)

        def tap() -> records.Kept:
            return records.record(laptop.db, id, body, at=laptop.at())
    else:
        id = typed(run, laptop, place)
        tap = partial(finish, run, laptop, id)
    taps = [tap()]
    try:
        taps.append(tap())
        if run.dice.random() < 0.4:
            run.sync(laptop, SEND)
            taps.append(tap())
    except records.NotValid as refused:
        raise AssertionError(f"{laptop.name}: tapped again, and refused: {refused}") from None
    assert len({tap.item for tap in taps}) == 1, f"{laptop.name}: tapped twice, kept twice"
    kept = laptop.all("SELECT count(*) FROM own WHERE id = ?", id)[0][0]
    assert kept == 1, f"{laptop.name}: tapped twice, kept {kept} times"


def answer_lost_while_held(run: "Schedule", laptop: LaptopEnd) -> None:
    """A visit waits for its place, the answer that says so is lost, and the place comes before it is asked again.

    Perhaps it is corrected meanwhile, to a place that is known: that waits too.
    """
    id, place, known = new_id(), new_id(), place_of(run, laptop)
    records.record(laptop.db, id, body_of(run, place), at=laptop.at())
    if known and run.dice.random() < 0.5:
        records.record(laptop.db, id, body_of(run, known) | {"reason": "Nhầm cơ sở"}, at=laptop.at())
    laptop.line.forced = ["answer lost"]
    run.sync(laptop, SEND)
    laptop.line.forced = []
    unit = laptop.area if laptop.area in COMMUNES else HERE
    run.office(edit("establishment", place, fresh_place(run, unit), {}))
    run.places.append(place)
    if run.dice.random() < 0.8:
        run.sync(laptop, GET)


def reply_of_another_batch(run: "Schedule", laptop: LaptopEnd) -> None:
    """A batch is answered with what the server said to an older one, as long as this: signed, and not about it."""
    place = place_of(run, laptop)
    if not place:
        return
    run.sync(laptop, SEND)
    for fate in (run.dice.choice(("double", "answer lost")), "stale", "forged"):
        records.record(laptop.db, new_id(), body_of(run, place), at=laptop.at())
        laptop.line.forced = [fate]
        run.sync(laptop, SEND)
        laptop.line.forced = []


def mended(run: "Schedule", laptop: LaptopEnd) -> None:
    """A visit that breaks a rule of the server's is sent, and put right."""
    place = place_of(run, laptop)
    if not place:
        return
    id = new_id()
    queue(laptop, "inspection", id, body_of(run, place) | {"outcome": "fine"})
    if run.dice.random() < 0.8:
        run.sync(laptop)
    for _ in range(run.dice.choice((1, 1, 2))):
        body = body_of(run, place) | {"reason": f"Sửa theo máy chủ {run.dice.randrange(1000)}"}
        records.record(laptop.db, id, body, at=laptop.at())
    run.sync(laptop, SEND)


def typed_for_days(run: "Schedule", laptop: LaptopEnd) -> None:
    """A draft is begun, saved, left alone, thrown away or finished much later."""
    open_drafts = [row[0] for row in laptop.all("SELECT id FROM drafts ORDER BY id")]
    if len(open_drafts) < 3 and run.dice.random() < 0.6:
        place = place_of(run, laptop)
        if place:
            typed(run, laptop, place)
        return
    if open_drafts:
        id = run.dice.choice(open_drafts)
        if run.dice.random() < 0.15:
            laptop.typed.discard(id)
            drafts.discard(laptop.db, id)
        else:
            finish(run, laptop, id)


def moves_and_returns(run: "Schedule", laptop: LaptopEnd) -> None:
    """The office moves a place to another commune, somebody corrects a visit there, and it comes back."""
    rows = run.central.all("SELECT id FROM visits ORDER BY id")
    if not rows:
        return
    place = run.central.all("SELECT establishment FROM visits WHERE id = ?", run.dice.choice(rows)[0])[0][0]
    state = state_of(run.central.conn, "establishment", place) or {}
    path = max((path for path in state if path.startswith("place/")), key=lambda path: str(state[path].get("from")))
    epoch, _, unit = run.dice.choice(COMMUNES).partition(":")
    run.office(edit("establishment", place, {path: {**state[path], "epoch": epoch, "unit": unit}}, state))
    run.sync(laptop)
    if run.dice.random() < 0.5:
        now = state_of(run.central.conn, "establishment", place) or {}
        run.office(edit("establishment", place, {path: state[path]}, now))
        run.sync(laptop)


AT_A_LAPTOP = (
    (edited_by_two, 5), (corrected_by_two, 4), (tapped_twice, 3), (answer_lost_while_held, 3), (mended, 2),
    (reply_of_another_batch, 2), (typed_for_days, 5), (moves_and_returns, 2),
)  # fmt: skip
