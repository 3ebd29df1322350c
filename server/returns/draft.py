"""What a return says: of a draft live and prefilled, to be edited; frozen it is the same thing, read from its file."""

import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from schemas.register import State
from schemas.units import UnitTree
from server.office import state_of
from server.plans.listing import Plan, plan
from server.returns import compiling, restating
from server.returns.annex import Annex, annex
from server.returns.figures import figures
from server.returns.frame import Frame, FramePart
from server.returns.sentences import PARTS, sentences
from server.returns.stood import Stood, stood
from server.returns.table import Figures

HEADINGS = {
    "tinh-hinh": "Tình hình chung",
    "tuyen-truyen": "Công tác tuyên truyền, phòng ngừa",
    "kiem-tra": "Công tác kiểm tra các cơ sở kinh doanh dịch vụ",
    "xu-phat": "Xử lý vi phạm",
    "tin-bao": "Tiếp nhận, giải quyết tin báo, tố giác",
    "viec-trong-nam": "Các việc theo kế hoạch trong năm",
    "kho-khan": "Khó khăn, vướng mắc",
    "phuong-huong": "Phương hướng, kiến nghị",
}


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
            "frame": self.frame.as_json(), "seq": self.seq,
            "restated_of": self.restated_of, "restated": [one.as_json() for one in self.restated],
            "below": [one.as_json() for one in self.below], "sent": dict(self.sent),
        }  # fmt: skip

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Content":
        """Read what `as_json` wrote."""
        return cls(
            kept["id"], kept["head"], kept["plan"], Figures.from_json(kept["figures"]), Annex.from_json(kept["annex"]),
            tuple(Stood.from_json(one) for one in kept["standings"]), tuple(Part(**one) for one in kept["parts"]),
            Frame.from_json(kept["frame"]), kept["seq"],
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
    """Put together what a draft says now. Called within one read transaction."""
    conn, tree, unit = where.conn, where.tree, f"{state['epoch']}:{state['area']}"
    since, until = date.fromisoformat(state["from"]), date.fromisoformat(state["to"])
    under = plan_of(conn, state, where.today)
    counted = figures(conn, tree, unit, since, until, plan=state.get("plan"))
    standings = stood(conn, tree, under, unit, (since, until), where.today) if under else ()
    words = sentences(counted, standings, report=state["report"])
    seq = conn.execute("SELECT coalesce(max(seq), 0) FROM arrivals").fetchone()[0]
    before = restating.before(conn, id, state)
    parts = _parts(state, words)
    return Content(
        id, {path: value for path, value in state.items() if not path.startswith("part/")}, told_plan(under, state),
        counted, annex(conn, tree, unit, since, until, plan=state.get("plan")), standings, parts,
        _frame(parts, told_plan(under, state)), seq,
        restating.lines(where, before) if before else (), before, compiling.below(where, state, counted),
    )  # fmt: skip


def _parts(state: State, words: Mapping[str, str]) -> tuple[Part, ...]:
    found = []
    for key in PARTS:
        written = (state.get(f"part/{key}") or {}).get("text")
        found.append(Part(key, HEADINGS[key], words.get(key, "") if written is None else written, words.get(key, "")))
    return tuple(found)


def _frame(parts: tuple[Part, ...], ordered: Mapping[str, Any]) -> Frame:
    tables = {"tinh-hinh": ("so sánh",), "viec-trong-nam": ("chỉ tiêu",)}
    opening = (f"Thực hiện {ordered['name']}, {ordered['number']}:",) if ordered.get("number") else ()
    return Frame(opening, tuple(FramePart(part.key, part.heading, part.text, tables.get(part.key, ()))
                                for part in parts), (), ("số liệu", "đơn vị", "danh sách"))  # fmt: skip


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
