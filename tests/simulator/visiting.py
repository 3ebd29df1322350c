"""Steps about visits at a laptop: finished, drafted, broken, corrected, voided."""

import json
from typing import TYPE_CHECKING

from field_client import drafts, records
from field_client.store import visits
from schemas.ids import new_id
from tests.simulator.drawing import body_of, finish, place_of, queue, typed
from tests.simulator.ends import LaptopEnd

if TYPE_CHECKING:
    from tests.simulator.engine import Schedule


def visit(run: "Schedule", laptop: LaptopEnd) -> None:
    """Finish a visit, by command."""
    place = place_of(run, laptop)
    if place:
        records.record(laptop.db, new_id(), body_of(run, place), at=laptop.at())


def drafted(run: "Schedule", laptop: LaptopEnd) -> None:
    """Type a visit into a form, and finish it or throw it away."""
    place = place_of(run, laptop)
    if not place:
        return
    id = typed(run, laptop, place)
    end = run.dice.random()
    if end < 0.7:
        finish(run, laptop, id)
    elif end < 0.85:
        laptop.typed.discard(id)
        drafts.discard(laptop.db, id)


def broken_visit(run: "Schedule", laptop: LaptopEnd) -> None:
    """Queue a visit that breaks a rule of the server's, as an older program might."""
    place = place_of(run, laptop)
    if not place:
        return
    wrong = run.dice.choice(({"outcome": "fine"}, {"date": "2062-01-01"}, {"violations": "many"}, {"team": "đội"},
                             {"outcome": "violations"}, {"x": 1}, {"establishment": "nowhere"}, {"revision": "one"},
                             {"date": 5}))  # fmt: skip
    queue(laptop, "inspection", new_id(), body_of(run, place) | wrong)


def correct(run: "Schedule", laptop: LaptopEnd) -> None:
    """Correct, mend or void a visit that is seen here, our own or somebody else's."""
    _correct(run, laptop, "SELECT id FROM visits ORDER BY id")


def mend(run: "Schedule", laptop: LaptopEnd) -> None:
    """Put right a visit of ours that is not in the truth."""
    _correct(run, laptop, "SELECT id FROM visits WHERE own = 1 AND (aside NOT IN ('', 'waiting')"
                          " OR standing NOT IN ('waiting', 'accepted')) ORDER BY id")  # fmt: skip


def _correct(run: "Schedule", laptop: LaptopEnd, query: str) -> None:
    seen = [row[0] for row in laptop.all(query)]
    if not seen:
        return
    id = run.dice.choice(seen)
    shown = visits.shown(visits.revisions(laptop.conn, id))
    assert shown is not None
    place = shown.body.get("establishment")
    body = body_of(run, place if isinstance(place, str) else run.dice.choice(run.places))
    if run.dice.random() < 0.12:
        body["establishment"] = place_of(run, laptop) or body["establishment"]
    body |= {"reason": f"Ghi nhầm {run.dice.randrange(1000)}"}
    if run.dice.random() < 0.15:
        body["void"] = True
    if run.dice.random() < 0.3:
        drafts.start_correction(laptop.db, id, at=laptop.at())
        drafts.save(laptop.db, id, body, at=laptop.at())
        laptop.typed.add(id)
        finish(run, laptop, id)
    else:
        laptop.typed.discard(id)  # a draft of it that was left goes with what is recorded
        records.record(laptop.db, id, body, at=laptop.at())


def correct_unseen(run: "Schedule", laptop: LaptopEnd) -> None:
    """Correct a revision that another laptop finished, which may not have arrived."""
    other = run.dice.choice(run.laptops)
    rows = other.all("SELECT id, name, line FROM own WHERE kind = 'inspection' AND length(line) > 0 ORDER BY local")
    if rows:
        id, name, line = run.dice.choice(rows)
        body = json.loads(line)["body"] | {"reason": "Sửa hộ", "remark": str(run.dice.random())}
        queue(laptop, "inspection", id, body, name)


AT_A_LAPTOP = ((visit, 12), (drafted, 4), (broken_visit, 3), (correct, 9), (mend, 4), (correct_unseen, 2))
