"""A proposed list as it is kept: drawn with a seed that the server drew, changed by people, in the end decided."""

import json
import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from schemas.fields import instant_text
from schemas.ids import new_id
from schemas.units import UnitTree
from server.office import Change, make
from server.pages.areas import inside
from server.planning.propose import Line, Proposed, propose
from server.planning.survey import Asked
from server.planning.weights import InForce
from server.store import in_parts, marks, reading, writing

OPEN, CONFIRMED, DROPPED = "open", "confirmed", "dropped"


@dataclass(frozen=True)
class Kept:
    """A proposal as it stands, with what it was made from."""

    id: str
    unit: str
    year: int
    made_at: str
    made_by: str
    state: str
    decided_at: str | None
    decided_by: str | None
    as_of: str
    target: int | None
    aim: dict[str, Any]
    weights: InForce
    quotas: dict[str, list[dict[str, Any]]]
    seed: str
    facts: str
    list_hash: str
    looked_at: int
    item: str = ""

    @property
    def asked(self) -> Asked:
        """What it answered."""
        return Asked(self.unit, self.year, date.fromisoformat(self.as_of), self.target)

    def as_json(self) -> dict[str, Any]:
        """Return it as `plan propose --json` prints it, but for its lines."""
        said = vars(self) | {"weights": self.weights.values, "weights_of": self.weights.area}
        return said | {"list": said.pop("list_hash")}


@dataclass(frozen=True)
class KeptLine:
    """A line as it was proposed and as it stands; *kept* 0: a person took it out."""

    establishment: str
    place: int
    commune: str
    kinds: tuple[str, ...]
    points: int
    parts: list[dict[str, Any]] = field(default_factory=list)
    chosen: str = "points"
    first_team: str = ""
    team: str = ""
    first_from: str = ""
    first_to: str = ""
    month_from: str = ""
    month_to: str = ""
    again: bool = False
    kept: bool = True
    swapped_for: str | None = None
    changed_by: str | None = None
    changed_at: str | None = None
    assignment: str | None = None
    problem: str | None = None

    @property
    def decided(self) -> str:
        """What people made of it: same, changed, removed, swapped, added."""
        if not self.kept:
            return "swapped" if self.swapped_for else "removed"
        if self.chosen == "person":
            return "added"
        first = (self.first_team, self.first_from, self.first_to)
        return "same" if first == (self.team, self.month_from, self.month_to) else "changed"

    def as_json(self) -> dict[str, Any]:
        """Return it as `plan propose --json` prints it."""
        return vars(self) | {"decided": self.decided}


_COLUMNS = (
    "establishment, place, commune, kinds, points, working, chosen, first_team, team, first_from, first_to, month_from,"
    " month_to, again, kept, swapped_for, changed_by, changed_at, assignment, problem"
)


def draw(db: Database, tree: UnitTree, asked: Asked, *, author: str, at: datetime) -> str:
    """Draw a seed, work the list out and keep it; return its id. That it was drawn is an item for ever.

    A list of this area and year that is still open is dropped. Raises NoTarget.
    """
    seed = secrets.token_hex(16)
    with reading(db) as conn:
        proposed = propose(conn, tree, asked, seed)
    id = new_id()
    epoch, _, code = asked.unit.partition(":")
    body = {"epoch": epoch, "unit": code, "year": asked.year, "on": asked.as_of.isoformat(), "seed": seed,
            "facts": proposed.facts, "list": proposed.list_hash, "places": len(proposed.lines)}  # fmt: skip
    make(db, [Change("drawn", id, body)], author=author, at=at)
    with writing(db) as conn:
        conn.execute(
            "UPDATE proposals SET state = 'dropped', decided_at = ?, decided_by = ?"
            " WHERE unit = ? AND year = ? AND state = 'open'",
            (instant_text(at), author, asked.unit, asked.year),
        )
        _insert(conn, id, proposed, (instant_text(at), author))
    return id


def _insert(conn: sqlite3.Connection, id: str, proposed: Proposed, made: tuple[str, str]) -> None:
    asked = {
        "as_of": proposed.asked.as_of.isoformat(), "target": proposed.asked.target, "looked_at": proposed.places,
        "weights": proposed.weights.values, "weights_of": proposed.weights.area, "aim": vars(proposed.aim),
        "plan": proposed.plan.name if proposed.plan else "",
    }  # fmt: skip
    quotas = {"communes": [one.as_json() for one in proposed.communes.values()],
              "kinds": [one.as_json() for one in proposed.kinds.values()]}  # fmt: skip
    conn.execute(
        "INSERT INTO proposals (id, unit, year, made_at, made_by, state, asked, quotas)"
        " VALUES (?, ?, ?, ?, ?, 'open', ?, ?)",
        (id, proposed.asked.unit, proposed.asked.year, *made, json.dumps(asked, ensure_ascii=False),
         json.dumps(quotas)),
    )  # fmt: skip
    conn.executemany(
        "INSERT INTO proposal_lines (proposal, establishment, place, commune, kinds, points, working, chosen,"
        " first_team, team, first_from, first_to, month_from, month_to, again, kept)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)",
        [_row(id, place, line) for place, line in enumerate(proposed.lines, 1)],
    )


def _row(proposal: str, place: int, line: Line) -> tuple[Any, ...]:
    parts = json.dumps([part.as_json() for part in line.parts], ensure_ascii=False)
    window = (line.month_from, line.month_to)
    return (
        proposal, line.establishment, place, line.commune, " ".join(line.kinds), line.points, parts, line.chosen,
        line.team, line.team, *window, *window, int(line.again),
    )  # fmt: skip


_KEPT = (
    "SELECT proposals.id, proposals.unit, proposals.year, made_at, made_by, state, decided_at, decided_by, asked,"
    " quotas, seed, facts, list, item FROM proposals JOIN drawings ON drawings.id = proposals.id"
)


def find(conn: sqlite3.Connection, id: str) -> Kept | None:
    """Return a proposal, None when there is none of this id."""
    row = conn.execute(f"{_KEPT} WHERE proposals.id = ?", (id,)).fetchone()
    return _kept(row) if row else None


def of_area(conn: sqlite3.Connection, tree: UnitTree, area: str) -> list[Kept]:
    """Return the proposals of *area* and of the units that lie wholly in it, the latest first."""
    found = (_kept(row) for row in conn.execute(f"{_KEPT} ORDER BY made_at DESC, proposals.id DESC"))
    return [one for one in found if one.unit == area or inside(tree, area, one.unit)]


def _kept(row: tuple[Any, ...]) -> Kept:
    asked = json.loads(row[8])
    return Kept(
        id=row[0], unit=row[1], year=row[2], made_at=row[3], made_by=row[4], state=row[5], decided_at=row[6],
        decided_by=row[7], as_of=asked["as_of"], target=asked["target"], aim=asked["aim"] | {"plan": asked["plan"]},
        weights=InForce(asked["weights"], asked["weights_of"]), quotas=json.loads(row[9]), seed=row[10], facts=row[11],
        list_hash=row[12], item=row[13], looked_at=asked["looked_at"],
    )  # fmt: skip


def counts(conn: sqlite3.Connection, ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Return of each proposal how many lines it keeps, and how many of them are assignments."""
    found: dict[str, tuple[int, int]] = {}
    for some in in_parts(ids):
        rows = conn.execute(
            "SELECT proposal, sum(kept), count(assignment) FROM proposal_lines"
            f" WHERE proposal IN ({marks(some)}) GROUP BY proposal",
            some,
        )
        found |= {id: (kept, assigned) for id, kept, assigned in rows}
    return found


def lines(conn: sqlite3.Connection, id: str) -> list[KeptLine]:
    """Return the lines of a proposal, in its order; what people added comes last."""
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM proposal_lines WHERE proposal = ? ORDER BY place, establishment", (id,)
    )
    return list(_lines(rows))


def line(conn: sqlite3.Connection, id: str, establishment: str) -> KeptLine | None:
    """Return one line."""
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM proposal_lines WHERE proposal = ? AND establishment = ?", (id, establishment)
    )
    return next(_lines(rows), None)


def _lines(rows: Any) -> Iterator[KeptLine]:
    for row in rows:
        one, kinds = KeptLine(*row), tuple(row[3].split())
        yield replace(one, kinds=kinds, parts=json.loads(row[5]), again=bool(one.again), kept=bool(one.kept))


@dataclass(frozen=True)
class Again:
    """What comes out when a list is worked out anew: whether what is known is the same, and which places differ."""

    same_facts: bool
    same_list: bool
    gone: tuple[str, ...]
    new: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as `plan check --json` prints it."""
        return {"same_facts": self.same_facts, "same_list": self.same_list, "gone": self.gone, "new": self.new}


def again(conn: sqlite3.Connection, tree: UnitTree, kept: Kept) -> Again:
    """Work a list out again with its own seed, day and weights, within one read transaction.

    What it has itself led to, its assignments, is passed over. Over the same facts the list is the same.
    """
    then = lines(conn, kept.id)
    own = frozenset(one.assignment for one in then if one.assignment)
    found = propose(conn, tree, replace(kept.asked, but=own), kept.seed, kept.weights)
    before = {one.establishment for one in then if one.chosen != "person"}
    after = {one.establishment for one in found.lines}
    return Again(
        found.facts == kept.facts, found.list_hash == kept.list_hash, tuple(sorted(before - after)),
        tuple(sorted(after - before)),
    )  # fmt: skip
