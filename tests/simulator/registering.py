"""Steps about the register at a laptop: operators, places, merges, checks by others."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from field_client import assignments, records
from field_client.changes import changes
from field_client.places import find, teams
from schemas.ids import new_id
from tests.simulator.drawing import KINDS, body_of, place_of, queue
from tests.simulator.ends import LaptopEnd
from tests.simulator.templates import COMMUNES

if TYPE_CHECKING:
    from tests.simulator.engine import Schedule


def new_operator(run: "Schedule", laptop: LaptopEnd) -> None:
    """Enter an operator."""
    fields = {"name": f"Chủ {run.dice.randrange(1000)}", "form": "household"}
    run.operators.append(records.new_operator(laptop.db, fields, at=laptop.at()).id)


def new_place(run: "Schedule", laptop: LaptopEnd) -> None:
    """Enter a place, perhaps under an operator that was never sent, and visit it."""
    unit = laptop.area if laptop.area in COMMUNES and run.dice.random() < 0.8 else run.dice.choice(COMMUNES)
    fields = {"name": f"Quán {run.dice.randrange(1000)}", "kinds": [run.dice.choice(KINDS)], "unit": unit}
    if run.dice.random() < 0.5 and run.operators:
        fields["operator"] = run.dice.choice(run.operators)
    fields["from"] = (run.today() - timedelta(days=run.dice.randrange(500))).isoformat()
    kept = records.new_establishment(laptop.db, fields, at=laptop.at())
    run.places.append(kept.id)
    if run.dice.random() < 0.7:
        records.record(laptop.db, new_id(), body_of(run, kept.id), at=laptop.at())


def edit_place(run: "Schedule", laptop: LaptopEnd) -> None:
    """Change something of a place, as its page would."""
    id = place_of(run, laptop)
    if id:
        state = find(laptop.db, "establishment", id).state
        records.edit(laptop.db, "establishment", id, changes(state, _fields(run), run.today()), at=laptop.at())


def _fields(run: "Schedule") -> dict[str, Any]:
    dice = run.dice
    day = (run.today() - timedelta(days=dice.randrange(3))).isoformat()
    return dice.choice((
        {"name": f"Tên {dice.randrange(5)}"},
        {"phone": f"09{dice.randrange(5)}"},
        {"code": f"KAR-{dice.randrange(5)}"},
        {"phone": None},
        {"status": dice.choice(("open", "paused", "closed")), "from": day},
        {"unit": dice.choice(COMMUNES), "address": "Phố mới", "from": day},
        {"address": f"Số {dice.randrange(5)}"},
        {"kinds": " ".join(dice.sample(KINDS, dice.randrange(1, 3))), "from": day},
        {"operator": dice.choice(run.operators) if run.operators else new_id(), "from": day},
        {"name": f"Tên {dice.randrange(5)}", "phone": f"09{dice.randrange(5)}", "status": "open", "from": day},
        {"licence/1": {"type": "operating_licence", "number": str(dice.randrange(3))}},
        {"kinds": f"+{dice.choice(KINDS)}", "from": day},
        {"kinds": f"-{dice.choice(KINDS)}", "from": day},
        {"licence.type": "antt_certificate", "licence.number": str(dice.randrange(3))},
    ))  # fmt: skip


def edit_operator(run: "Schedule", laptop: LaptopEnd) -> None:
    """Change an operator that is seen here."""
    seen = [row[0] for row in laptop.all("SELECT id FROM operators ORDER BY id")]
    if seen:
        fields = run.dice.choice(({"name": f"Chủ {run.dice.randrange(5)}"}, {"phone": f"08{run.dice.randrange(5)}"},
                                  {"form": "enterprise"}))  # fmt: skip
        records.edit(laptop.db, "operator", run.dice.choice(seen), fields, at=laptop.at())


def merge_here(run: "Schedule", laptop: LaptopEnd) -> None:
    """Merge two places that are seen here, or take them apart."""
    seen = [row[0] for row in laptop.all("SELECT id FROM establishments ORDER BY id")]
    if len(seen) > 1:
        one, other = run.dice.sample(seen, 2)
        records.edit(laptop.db, "establishment", one, {"merged_into": run.dice.choice((other, None))}, at=laptop.at())


def take_a_place(run: "Schedule", laptop: LaptopEnd) -> None:
    """Take a place for tonight, or let go of one."""
    known, place = [team.id for team in teams(laptop.db)], place_of(run, laptop)
    taken = [row[0] for row in laptop.all("SELECT id FROM assignments WHERE reserved = 1 ORDER BY id")]
    if taken and run.dice.random() < 0.4:
        assignments.let_go(laptop.db, run.dice.choice(taken), at=laptop.at())
    elif known and place:
        basis = run.dice.choice(assignments.BASES)
        assignments.reserve(laptop.db, place, run.dice.choice(known), basis, at=laptop.at())


def small_items(run: "Schedule", laptop: LaptopEnd) -> None:
    """Enter a check by another body, or what happened to a paper."""
    place = place_of(run, laptop)
    if place and run.dice.random() < 0.7:
        body = {"establishment": place, "agency": "Công an tỉnh", "date": run.today().isoformat(), "paper": ""}
        queue(laptop, "outside_check", new_id(), body)
        return
    seen = laptop.all("SELECT id, item FROM visits ORDER BY id")
    if seen:
        id, item = run.dice.choice(seen)
        body = {"inspection": id, "item": item, "happening": "signed", "on": run.today().isoformat()}
        queue(laptop, "paper", new_id(), body)


AT_A_LAPTOP = (
    (new_operator, 3), (new_place, 6), (edit_place, 9), (edit_operator, 3), (merge_here, 2), (small_items, 3),
    (take_a_place, 4),
)  # fmt: skip
