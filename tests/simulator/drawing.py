"""What the steps draw from a seed: bodies of visits, places, and the way to queue an item past all checks."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

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


def queue(laptop: LaptopEnd, kind: str, id: str, body: dict[str, Any], base: str | None = None) -> None:
    with writing(laptop.db) as conn:
        own.add(conn, kind, id, body, author="An", at=laptop.at(), base=base)
        if kind == "inspection":
            visits.refresh(conn, [id])
