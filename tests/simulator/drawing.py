"""What the steps draw from a seed: bodies of visits, places, and the way to queue an item past all checks."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from field_client import drafts
from field_client.records import Kept
from field_client.store import own, visits, writing
from tests.simulator.ends import LaptopEnd
from tests.simulator.templates import HALVES, HERE, PROVINCE, THERE

if TYPE_CHECKING:
    from tests.simulator.engine import Schedule

KINDS = ("karaoke", "dance_hall", "massage", "lodging")
AREAS = (HERE, HERE, THERE, THERE, *HALVES, PROVINCE)


def body_of(run: "Schedule", establishment: str) -> dict[str, Any]:
    """Draw a finished visit."""
    dice = run.dice
    day = run.today() - timedelta(days=dice.choice((0, 0, 1, 3, 40, 330)))
    body: dict[str, Any] = {
        "establishment": establishment,
        "team": dice.choice(run.teams),
        "date": day.isoformat(),
        "basis": "planned",
        "outcome": "no_violation",
        "members": [{"name": name} for name in ("An", "Bình", "Cường")[: dice.choice((3, 3, 3, 2))]],
        "found_working": dice.choice((True, False)),
    }
    shape = dice.randrange(6)
    if shape == 1:
        body |= {"basis": "unscheduled", "trigger": "complaint", "ground": "Đơn số 12"}
    if shape == 2:
        body |= {"outcome": "violations", "violations": [{"text": "Không có giấy phép"}]}
    if shape == 3:
        body |= {"outcome": dice.choice(("closed_tonight", "refused", "not_found")), "remark": "Cửa đóng"}
    return body


def place_of(run: "Schedule", laptop: LaptopEnd) -> str | None:
    """Draw a place that a laptop sees; now and then one that it does not."""
    if run.dice.random() < 0.06 and run.places:
        return run.dice.choice(run.places)
    seen = [row[0] for row in laptop.all("SELECT id FROM establishments ORDER BY id")]
    return run.dice.choice(seen) if seen else None


def fresh_place(run: "Schedule", unit: str) -> dict[str, Any]:
    """Draw the state of a new place in *unit*, perhaps with an operator."""
    dice = run.dice
    epoch, _, code = unit.partition(":")
    since = {"from": (run.today() - timedelta(days=dice.randrange(900))).isoformat()}
    state: dict[str, Any] = {
        "name": f"Quán {dice.randrange(1000)}",
        "place/1": {**since, "epoch": epoch, "unit": code, "address": "Phố Giắt"},
        "status/1": {**since, "status": dice.choice(("open", "open", "closed"))},
        "kind/1": {**since, "kind": dice.choice(KINDS)},
    }
    if run.operators and dice.random() < 0.6:
        state["operator/1"] = {**since, "operator": dice.choice(run.operators)}
    return state


def typed(run: "Schedule", laptop: LaptopEnd, place: str) -> str:
    """Begin a draft, save what is typed, and remember that it was saved."""
    id = drafts.start(laptop.db, place, at=laptop.at())
    drafts.save(laptop.db, id, body_of(run, place), at=laptop.at())
    laptop.typed.add(id)
    return id


def finish(run: "Schedule", laptop: LaptopEnd, id: str) -> Kept:
    """Close a draft for signature; whatever happens meanwhile, it is a draft or an item, and never both or neither."""
    laptop.finishing = (id, laptop.revisions(id)) if laptop.has_draft(id) else None  # tapped again, it is none
    if run.dice.random() < 2 * run.weather.dies:
        laptop.conn.left = run.dice.randrange(25)
    laptop.typed.discard(id)
    kept = drafts.finalise(laptop.db, id, at=laptop.at())
    laptop.finishing = laptop.conn.left = None
    assert laptop.all("SELECT count(*) FROM own WHERE name = ?", kept.item)[0][0] == 1, f"{id} was said to be kept"
    assert not laptop.has_draft(id), f"{laptop.name}: {id} is finished, and still a draft"
    return kept


def queue(laptop: LaptopEnd, kind: str, id: str, body: dict[str, Any], base: str | None = None) -> None:
    """Queue an item that no page or command would let through, as an older program might."""
    with writing(laptop.db) as conn:
        own.add(conn, kind, id, body, author="An", at=laptop.at(), base=base)
        if kind == "inspection":
            visits.refresh(conn, [id])
