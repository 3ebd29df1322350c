"""What a return says: of a draft live and prefilled, to be edited; frozen it is the same thing, read from its file."""

import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from schemas.register import State
from schemas.return_texts import ReturnTemplate
from schemas.units import UnitTree
from server.documents.templates import template
from server.office import state_of
from server.plans.listing import Plan, plan
from server.returns import blanks, compiling, restating
from server.returns.annex import Annex, annex
from server.returns.figures import figures
from server.returns.frame import Frame, frame
from server.returns.sentences import PARTS, sentences
from server.returns.stood import Stood, stood
from server.returns.table import Figures
from server.work.answer import work
from server.work.model import Work
from server.work.sentences import PART as WORK_PART
from server.work.sentences import sentences as work_sentences

_NO_LIST = Annex((), ())


@dataclass(frozen=True)
class Part:
    """One narrative part; *text* is what is reported, *prefilled* the sentences that the figures gave."""

    key: str
    heading: str
    text: str
    prefilled: str

    @property
    def edited(self) -> bool:
        """Whether somebody wrote it by hand."""
        return self.text != self.prefilled


@dataclass(frozen=True)
class Content:
    """All that a return says. *head* is its fields; *seq* the last arrival that its figures know.

    *restated*: what has changed since of the unit's return before; *below*: the units right below, whose returns it
    sums.
    """

    id: str
    head: Mapping[str, Any]
    plan: Mapping[str, Any]
    figures: Figures
    annex: Annex
    standings: tuple[Stood, ...]
    parts: tuple[Part, ...]
    frame: Frame
    seq: int
    work: tuple[Mapping[str, Any], ...] = ()  # the tasks of the year
    restated: tuple["restating.Line", ...] = ()
    restated_of: str = ""  # the return that those lines are about
    below: tuple["compiling.Below", ...] = ()
    sent: Mapping[str, Any] = field(default_factory=dict)  # on, by; empty of a draft

    @property
    def unit(self) -> str:
        """The key of the unit that reports."""
        return f"{self.head['epoch']}:{self.head['area']}"

    def as_json(self) -> dict[str, Any]:
        """Return it as it is frozen."""
        return {
            "format": "doi178-return-1", "id": self.id, "head": dict(self.head), "plan": dict(self.plan),
            "figures": self.figures.as_json(), "annex": self.annex.as_json(),
            "standings": [one.as_json() for one in self.standings], "parts": [asdict(part) for part in self.parts],
            "frame": self.frame.as_json(), "seq": self.seq, "work": [dict(one) for one in self.work],
            "restated_of": self.restated_of, "restated": [one.as_json() for one in self.restated],
            "below": [one.as_json() for one in self.below], "sent": dict(self.sent),
        }  # fmt: skip

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Content":
        """Read what `as_json` wrote."""
        return cls(
            kept["id"], kept["head"], kept["plan"], Figures.from_json(kept["figures"]), Annex.from_json(kept["annex"]),
            tuple(Stood.from_json(one) for one in kept["standings"]), tuple(Part(**one) for one in kept["parts"]),
            Frame.from_json(kept["frame"]), kept["seq"], tuple(kept["work"]),
            tuple(restating.Line.from_json(one) for one in kept["restated"]), kept["restated_of"],
            tuple(compiling.Below.from_json(one) for one in kept["below"]), kept["sent"],
        )  # fmt: skip


@dataclass(frozen=True)
class Where:
    """Where returns stand: the database, the units, the folder of files, and the day."""

    conn: sqlite3.Connection
    tree: UnitTree
    files: Any
    today: date


def compose(where: Where, id: str, state: State) -> Content:
    """Put together all that a draft says now. Called within one read transaction."""
    unit, (since, until) = f"{state['epoch']}:{state['area']}", _days(state)
    return glance(where, id, state, annex(where.conn, where.tree, unit, since, until, plan=state.get("plan")))


def _days(state: State) -> tuple[date, date]:
    return date.fromisoformat(state["from"]), date.fromisoformat(state["to"])


def glance(where: Where, id: str, state: State, listed: Annex = _NO_LIST) -> Content:
    """Put together what a page shows of a draft: all but the list of inspections, which is long."""
    conn, tree, unit = where.conn, where.tree, f"{state['epoch']}:{state['area']}"
    since, until = _days(state)
    under = plan_of(conn, state, where.today)
    counted = figures(conn, tree, unit, since, until, plan=state.get("plan"))
    standings = stood(conn, tree, under, unit, (since, until), where.today) if under else ()
    done = work(conn, tree, under, unit, until.year, min(where.today, until))
    words = _words(sentences(counted, standings, report=state["report"]), done)
    text, ordered = template(conn, tree, unit, state["report"]), told_plan(under, state)
    parts = _parts(state, words, text)
    values = blanks.of_state(tree, state, ordered) | blanks.of_figures(counted)
    before = restating.before(conn, id, state)
    return Content(
        id, {path: value for path, value in state.items() if not path.startswith("part/")}, ordered, counted,
        listed, standings, parts,
        frame(text, values, {part.key: part.text for part in parts}),
        conn.execute("SELECT coalesce(max(seq), 0) FROM arrivals").fetchone()[0], _tasks(done),
        restating.lines(where, before) if before else (), before, compiling.below(where, state, counted),
    )  # fmt: skip


def _words(counted: Mapping[str, str], done: Work) -> dict[str, str]:
    """Return the prefilled text of each part, with what was done of the year's work in its own."""
    said = [*work_sentences(done), counted.get(WORK_PART, "")]
    return {**counted, WORK_PART: "\n".join(filter(None, said))}


def _tasks(done: Work) -> tuple[dict[str, Any], ...]:
    """Return the year's work as the table of it is printed and kept."""
    return tuple(
        {"name": one.name, "lead": "; ".join(one.lead), "due": one.due, "standing": one.standing.value,
         "paper": one.paper_number, "on": one.on}
        for one in done.tasks
    )  # fmt: skip


def _parts(state: State, words: Mapping[str, str], text: ReturnTemplate) -> tuple[Part, ...]:
    """Return the parts that the template has, and any other that somebody wrote."""
    found = []
    headings = {part.key: part.heading for part in text.parts}
    for key in (*headings, *(key for key in PARTS if key not in headings and state.get(f"part/{key}"))):
        written = (state.get(f"part/{key}") or {}).get("text")
        prefilled = words.get(key, "")
        found.append(Part(key, headings.get(key, key), prefilled if written is None else written, prefilled))
    return tuple(found)


def plan_of(conn: sqlite3.Connection, state: State, today: date) -> Plan | None:
    """Return the plan that a return is of; None: of none, or it is not there."""
    id = state.get("plan")
    return plan(conn, id, today) if id and state_of(conn, "plan", id) else None


def told_plan(under: Plan | None, state: State) -> dict[str, Any]:
    """Return what a return says of its plan: name, number, and the sentence that orders the report."""
    if under is None:
        return {}
    found = [one for one in under.deadlines if state.get("deadline") in (one.code, one.place)]
    words = found[0].words if found else ""
    return {"id": under.id, "name": under.name, "number": under.number, "words": words}
