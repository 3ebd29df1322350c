"""A list as a table, what was proposed beside what was decided; how many lines of each kind; where a quota is short."""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from schemas.units import UnitTree
from server.pages.areas import name
from server.pages.words import KIND_WORDS, day
from server.planning.keeping import Kept, KeptLine
from server.planning.pages.words import CHOSEN, DECIDED, STATES, months, part
from server.planning.people import teams_near
from server.planning.places import named
from server.tables import Table


@dataclass(frozen=True)
class Tally:
    """How many lines stand in which way."""

    kept: int
    chosen: dict[str, int]
    decided: dict[str, int]
    assigned: int
    without_team: int
    again: int
    problems: int


def tally(lines: Sequence[KeptLine]) -> Tally:
    """Count *lines*."""
    kept = [line for line in lines if line.kept]
    return Tally(
        len(kept), dict(Counter(line.chosen for line in lines)), dict(Counter(line.decided for line in lines)),
        sum(line.assignment is not None for line in lines), sum(not line.team for line in kept),
        sum(line.again and line.team == line.first_team for line in kept), sum(bool(line.problem) for line in kept),
    )  # fmt: skip


@dataclass(frozen=True)
class Filled:
    """A quota and how many of the kept lines go towards it."""

    key: str
    open: int
    done: int
    given: int
    required: int
    need: int
    listed: int

    @property
    def lacking(self) -> int:
        """How many are missing."""
        return max(0, self.need - self.listed)


def short_of(proposal: Kept, lines: Sequence[KeptLine]) -> dict[str, list[Filled]]:
    """Return the quotas of the list, of communes and of kinds, with what is listed for each."""
    communes = Counter(line.commune for line in lines if line.kept)
    kinds = Counter(kind for line in lines if line.kept for kind in line.kinds)
    return {
        "communes": [_filled(one, communes[one["key"]]) for one in proposal.quotas["communes"]],
        "kinds": [_filled(one, kinds[one["key"]]) for one in proposal.quotas["kinds"]],
    }


def _filled(quota: dict[str, Any], listed: int) -> Filled:
    known = {key: quota[key] for key in ("key", "open", "done", "given", "required", "need")}
    return Filled(**known, listed=listed)


def table(conn: sqlite3.Connection, tree: UnitTree, proposal: Kept, lines: Sequence[KeptLine]) -> Table:
    """Return *lines* as a table."""
    teams = dict(teams_near(conn, tree, proposal.unit))
    places = named(conn, [line.establishment for line in lines])
    headings = [
        _("STT"), _("Cơ sở"), _("Mã cơ sở"), _("Xã"), _("Loại hình"), _("Điểm"), _("Cách tính"), _("Vào danh sách"),
        _("Đội đề xuất"), _("Tháng đề xuất"), _("Đội quyết định"), _("Tháng quyết định"), _("Quyết định"),
        _("Lý do chưa phân công được"),
    ]  # fmt: skip
    rows = [_cells(tree, line, places, teams) for line in lines]
    title = _("Danh sách kiểm tra năm %(year)s – %(area)s", year=str(proposal.year), area=name(tree, proposal.unit))
    return Table(f"danh-sach-kiem-tra-{proposal.year}", title, headings, rows, _facts(proposal))


def _cells(tree: UnitTree, line: KeptLine, places: dict[str, Any], teams: dict[str, str]) -> list[Any]:
    place = places.get(line.establishment)
    return [
        line.place, place.name if place else "", place.code if place else "", name(tree, line.commune),
        ", ".join(str(KIND_WORDS.get(kind, kind)) for kind in line.kinds), line.points,
        "; ".join(map(part, line.parts)), str(CHOSEN[line.chosen]), teams.get(line.first_team, ""),
        months(line.first_from, line.first_to), teams.get(line.team, "") if line.kept else "",
        months(line.month_from, line.month_to) if line.kept else "", str(DECIDED[line.decided]), line.problem or "",
    ]  # fmt: skip


def _facts(proposal: Kept) -> list[tuple[str, str]]:
    return [
        (_("Tính đến ngày"), day(proposal.as_of)),
        (_("Chỉ tiêu"), f"{proposal.aim['target']} %"),
        (_("Số rút thăm"), proposal.seed),
        (_("Mã kiểm chứng số liệu"), proposal.facts),
        (_("Mã kiểm chứng danh sách"), proposal.list_hash),
        (_("Tình trạng"), str(STATES[proposal.state])),
    ]
