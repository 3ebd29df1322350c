"""Steps of office persons about what is not plainly in the truth: settle, release, decline, point, erase; and moves."""

import json
from typing import TYPE_CHECKING, Any

from server.changes import apply_lines
from server.changes.desk import Desk, Unclear
from server.changes.erasing import erase
from server.clock import local_day
from server.office import edit, state_of
from tests.simulator.drawing import AREAS

if TYPE_CHECKING:
    from tests.simulator.engine import Schedule


def decides(run: "Schedule") -> None:
    """Decide about one of the items that stand aside."""
    rows = run.central.all(
        "SELECT item, aside.standing, detail FROM aside JOIN items ON items.name = aside.item"
        " WHERE aside.standing IN ('conflict', 'quarantined', 'held') ORDER BY items.seq"
    )
    if not rows:
        return
    item, standing, detail = run.dice.choice(rows)
    reason = json.loads(detail).get("reason") if detail else ""
    line = {"item": item, **_decision(run, standing, reason)}
    answer = next(iter(apply_lines(run.central.db, [json.dumps(line)], author="test", at=run.at)))
    run.count(f"apply {line['do']} {line.get('keep', '')} {answer['standing'] or 'refused'}")


def _decision(run: "Schedule", standing: str, reason: str) -> dict[str, Any]:
    dice = run.dice
    decline = {"do": "decline", "reason": "Không nhận"}
    if standing == "conflict":
        return {"do": "settle", "keep": dice.choice(("mine", "mine", "theirs", "both"))}
    if standing == "held":
        return dice.choice((decline, {"do": "point", "to": dice.choice([*run.places, *run.operators])}))
    if reason == "right":
        return dice.choice((decline, {"do": "release", "reason": "Được điều sang"}))
    return decline


def erases(run: "Schedule") -> None:
    """Erase an item; what cannot be erased is refused in words."""
    rows = run.central.all("SELECT name FROM items WHERE kind <> 'unit' ORDER BY seq DESC LIMIT 60")
    if not rows:
        return
    asked = {"item": run.dice.choice(rows)[0], "ground": "Công văn số 12", "keep_rest": True}
    try:
        erase(run.central.db, Desk(run.central.conn, "test", local_day(run.at)), asked, run.at)
        run.count("erased")
    except Unclear as unclear:
        run.count("erases refused")
        run.trail[-1] += f" refused: {unclear.problems}"


def office_moves_laptop(run: "Schedule") -> None:
    """The office gives a laptop another area; nobody touches the laptop."""
    laptop = run.dice.choice(run.laptops)
    epoch, _, area = run.dice.choice(AREAS).partition(":")
    state = state_of(run.central.conn, "device", laptop.line.device) or {}
    run.office(edit("device", laptop.line.device, {"epoch": epoch, "area": area}, state))
    laptop.area = f"{epoch}:{area}"


AT_THE_OFFICE = ((decides, 10), (erases, 3), (office_moves_laptop, 2))
