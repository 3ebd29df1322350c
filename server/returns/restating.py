"""What has changed since a return was sent: reported and now, and why. The frozen figures stay as they are."""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from schemas.register import State
from schemas.returns import ReturnStanding
from server.office import state_of
from server.plans.listing import plan
from server.problems import DamagedReturn
from server.returns.causes import Cause, causes
from server.returns.figures import figures
from server.returns.stood import stood
from server.returns.table import Cell, Column, Figures, Row

if TYPE_CHECKING:
    from server.returns.draft import Content, Where

_MOST = 50  # causes of one line that are named; the list behind the figure has them all


@dataclass(frozen=True)
class Line:
    """One figure that is another now: of a unit and a kind (empty: of all), and what came after the return was sent."""

    code: str
    heading: str
    group: str
    counted: str  # cơ sở, lượt, đồng…
    unit: str
    unit_name: str
    kind: str
    kind_name: str
    reported: int | None
    now: int | None
    causes: tuple[Cause, ...] = ()

    @property
    def difference(self) -> int | None:
        """How much it grew."""
        return None if self.reported is None or self.now is None else self.now - self.reported

    def as_json(self) -> dict[str, Any]:
        """Return it as it is frozen in the next return, and read by programs."""
        return asdict(self) | {"causes": [asdict(cause) for cause in self.causes]}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Line":
        """Read what `as_json` wrote."""
        return cls(**{**kept, "causes": tuple(Cause(**cause) for cause in kept["causes"])})


def restatements(conn: sqlite3.Connection, frozen: Figures, live: Figures, seq: int) -> tuple[Line, ...]:
    """Compare what was reported with what is known now; those of the whole first, then by commune and kind.

    *seq* is the last arrival that the frozen figures know. Nothing changed: nothing is returned.
    """
    columns = {column.code: column for column in (*frozen.columns, *live.columns)}
    found = []
    for was, now in _pairs(frozen, live):
        row = now or was
        assert row is not None, "one of a pair is there"
        for code, column in columns.items():
            line = _compare(conn, column, row, (_cell(was, code), _cell(now, code)), seq) if column.things else None
            found += [line] if line else []
    return tuple(found)


def _pairs(frozen: Figures, live: Figures) -> Iterator[tuple[Row | None, Row | None]]:
    yield frozen.total, live.total
    left, right = ({(row.unit, row.kind): row for row in one.rows} for one in (frozen, live))
    for key in sorted(left.keys() | right.keys()):
        yield left.get(key), right.get(key)


def _cell(row: Row | None, code: str) -> Cell:
    empty = Cell(0)
    return row.cells.get(code, empty) if row else empty


def _compare(
    conn: sqlite3.Connection, column: Column, row: Row, cells: tuple[Cell, Cell], seq: int
) -> Line | None:  # fmt: skip
    was, now = cells
    if (was.value or 0) == (now.value or 0):
        return None
    changed = sorted(set(was.ids) ^ set(now.ids)) or sorted(set(now.ids))
    why = tuple(causes(conn, changed, seq, column.code))[:_MOST]
    return Line(column.code, column.heading, column.group, column.unit, row.unit, row.name, row.kind, row.kind_name,
                was.value, now.value, why)  # fmt: skip


def lines(where: "Where", id: str) -> tuple[Line, ...]:
    """Return what has changed since the return *id* before was sent; nothing where it was not."""
    from server.returns import freezing  # here: what is frozen holds the lines of the return before

    try:
        content = freezing.kept(where, id)
    except DamagedReturn:
        raise DamagedReturn(
            "Không đọc được tệp số liệu đã chốt của báo cáo trước nên không so sánh được; báo người quản trị."
        ) from None
    return since_sent(where, content) if content else ()


def since_sent(where: "Where", content: "Content") -> tuple[Line, ...]:
    """Return what has changed since *content* was frozen."""
    since, until = (date.fromisoformat(content.head[name]) for name in ("from", "to"))
    live = figures(where.conn, where.tree, content.unit, since, until, plan=content.head.get("plan"))
    return (*restatements(where.conn, content.figures, live, content.seq), *_of_indicators(where, content))


def _of_indicators(where: "Where", content: "Content") -> Iterator[Line]:
    """Return the entered figures of indicators that are others now; of those with small numbers nothing.

    The difference of two sums is the figure that came between them.
    """
    if not any(one.entered for one in content.standings) or state_of(where.conn, "plan", content.plan["id"]) is None:
        return
    days = date.fromisoformat(content.head["from"]), date.fromisoformat(content.head["to"])
    under = plan(where.conn, content.plan["id"], where.today)
    open_ones = {one.code for one in under.indicators if not one.small_cells}
    live = {one.code: one for one in stood(where.conn, where.tree, under, content.unit, days, where.today)}
    for was in content.standings:
        now = live.get(was.code)
        if not was.entered or now is None or was.hidden or now.hidden or was.code not in open_ones:
            continue
        ids = sorted({*was.ids.get("values", ()), *now.ids.get("values", ())})
        for said, known, counted in ((was.numerator, now.numerator, "số đạt"),
                                     (was.denominator, now.denominator, "trên tổng số")):  # fmt: skip
            if said != known:
                why = tuple(causes(where.conn, ids, content.seq))[:_MOST]
                yield Line(f"indicator/{was.code}", was.name, f"Chỉ tiêu {was.code}", counted, content.unit,
                           content.figures.total.name, "", "", said, known, why)  # fmt: skip


def before(conn: sqlite3.Connection, id: str, state: State) -> str:
    """Return the unit's return whose changes this one tells: the one it replaces, else the last one sent before it."""
    if state.get("replaces"):
        return str(state["replaces"])
    row = conn.execute(
        "SELECT id FROM returns WHERE unit = ? AND plan = ? AND standing = ? AND id <> ? AND until <= ?"
        " ORDER BY until DESC, version DESC LIMIT 1",
        (f"{state['epoch']}:{state['area']}", state.get("plan") or "", ReturnStanding.SENT.value, id, state["to"]),
    ).fetchone()
    return row[0] if row else ""
