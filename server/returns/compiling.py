"""A return of a unit above: the sums of what the units below sent, beside the office's own figures of each."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemas.plans import Report
from schemas.register import State
from schemas.returns import ReturnStanding
from schemas.text import sort_key
from server.problems import DamagedReturn
from server.returns.figures.columns import SUMS
from server.returns.table import Cell, Figures, united

if TYPE_CHECKING:
    from server.returns.draft import Where


@dataclass(frozen=True)
class Below:
    """One unit right below: its return for these days (*standing* empty: none), what it said, what is known now."""

    unit: str
    name: str
    id: str
    standing: str
    sent_on: str
    reported: Mapping[str, int | None] = field(default_factory=dict)
    own: Mapping[str, int | None] = field(default_factory=dict)

    @property
    def has_sent(self) -> bool:
        """Whether there are figures that it sent."""
        return self.standing == ReturnStanding.SENT and bool(self.reported)

    @property
    def is_unreadable(self) -> bool:
        """Whether it sent its return, and the frozen figures are missing or damaged."""
        return self.standing == ReturnStanding.SENT and not self.reported

    def differs(self, code: str) -> bool:
        """Say whether what it sent is not what is known now."""
        return self.has_sent and (self.reported.get(code) or 0) != (self.own.get(code) or 0)

    def as_json(self) -> dict[str, Any]:
        """Return it as it is frozen."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Below":
        """Read what `as_json` wrote."""
        return cls(**kept)


def below(where: "Where", state: State, counted: Figures) -> tuple[Below, ...]:
    """Return each unit right below with what it sent for these days, by name; none below a commune."""
    unit = f"{state['epoch']}:{state['area']}"
    sent = _sent(where, state)
    codes = added(counted)
    found = []
    for child in where.tree.children(unit):
        id, standing, on, document = sent.get(child, ("", "", "", ""))
        reported = _readable(where.files, document)
        kept = {code: reported.get(code, 0) for code in codes} if reported else {}
        known = where.tree.get(child)
        found.append(Below(child, known.name if known else child, id, standing, on, kept, _own(where, child, counted)))
    return tuple(sorted(found, key=lambda one: sort_key(one.name)))


def _sent(where: "Where", state: State) -> dict[str, tuple[str, str, str, str]]:
    """Return, by unit, the newest return of the same report that ends in the same year: sent before drafts.

    A quarter is that quarter, and what was asked for once is of the same days: a year has several of them.
    """
    year = state["to"][:4]
    exact = state["report"] in (Report.QUARTER, Report.AD_HOC)
    ends = (state["to"],) * 2 if exact else (f"{year}-01-01", f"{year}-12-31")
    begins = (state["from"],) * 2 if exact else ("", ends[1])
    rows = where.conn.execute(
        "SELECT unit, returns.id, standing, coalesce(sent_on, ''), coalesce(document, '') FROM returns"
        " LEFT JOIN frozen_returns ON frozen_returns.id = returns.id"
        " WHERE until BETWEEN ? AND ? AND since BETWEEN ? AND ?"
        " AND report = ? AND plan IN (?, '') AND standing IN ('draft', 'sent')"
        " ORDER BY standing = 'sent', until, version",
        (*ends, *begins, state["report"], state.get("plan") or ""),
    )
    return {unit: (id, standing, on, document) for unit, id, standing, on, document in rows}


def _own(where: "Where", child: str, counted: Figures) -> dict[str, int | None]:
    """Return what the office knows of the unit: of the communes in it, what stands in two of them once."""
    inside = {child, *where.tree.descendants(child)}
    rows = [row for row in counted.of_units if row.unit in inside]
    return {code: _once(code, [row.cells[code] for row in rows if code in row.cells]) for code in added(counted)}


def _once(code: str, cells: list[Cell]) -> int:
    some = [cell for cell in cells if cell.value]
    if code in SUMS or len(some) < 2:
        return sum(cell.value or 0 for cell in some)
    return len(united(some)[0])


def added(counted: Figures) -> list[str]:
    """Return the figures that may be added up: a share may not."""
    return [column.code for column in counted.columns if column.things]


def _readable(folder: Path, document: str) -> dict[str, int | None]:
    """Return the totals of a frozen return; nothing where there is none, or its file is damaged: one stops no other."""
    try:
        return _totals(folder, document) if document else {}
    except DamagedReturn:
        return {}


@lru_cache(maxsize=4096)
def _totals(folder: Path, document: str) -> dict[str, int | None]:
    """Return the totals of a frozen return; what a file of that hash says never changes."""
    from server.returns.freezing import document_of  # here: what is frozen holds what stood below

    total = document_of(folder, document)["figures"]["total"]
    return {code: cell[0] for code, cell in total["cells"].items()}


def summed(found: Iterable[Below], codes: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Return, by figure, the sum of what was sent and of what the office knows of the same units.

    Who runs places in several units stands in each of them: there is no sum of these.
    """
    sent = [one for one in found if one.has_sent]
    return {code: (sum(one.reported.get(code) or 0 for one in sent), sum(one.own.get(code) or 0 for one in sent))
            for code in codes if code != "repeat_operators"}  # fmt: skip
