"""All that the board shows of one question: the indicators, the units, the other plan."""

import sqlite3
from dataclasses import dataclass
from datetime import date

from schemas.units import UnitTree
from server.boards.beside import Beside, beside, other
from server.boards.board import Board, board
from server.boards.units import Units, units
from server.indicators.view import View


@dataclass(frozen=True)
class Shown:
    """The answer to one question; *beside* is None where there is no plan to compare with."""

    board: Board
    units: Units
    beside: Beside | None


def shown(
    conn: sqlite3.Connection, tree: UnitTree, asked: View, area: str, today: date, compare: str = ""
) -> Shown:  # fmt: skip
    """Answer as *area* may see it; *compare*: the id of the other plan. Called within one read transaction."""
    mate = other(asked.plan, asked.plans, compare)
    return Shown(
        board(conn, tree, asked, area, today), units(conn, tree, asked, area, today),
        beside(asked.plan, mate) if mate else None,
    )  # fmt: skip
