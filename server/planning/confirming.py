"""A list that people have decided becomes assignments: through `assign`, a hundred at a time, as often as it takes."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from schemas.fields import instant_text
from server.changes.assignments import assign
from server.changes.desk import Desk, Unclear
from server.clock import local_day
from server.office import Change, make
from server.planning import keeping
from server.planning.changing import Hand, NotNow
from server.planning.keeping import KeptLine
from server.store import writing

AT_ONCE = 100
Outcome = tuple[str | None, str | None, str]  # assignment, problem, establishment


@dataclass(frozen=True)
class Confirmed:
    """How many became assignments now, and how many could not, each with its reason on the line."""

    assigned: int
    refused: int


def confirm(hand: Hand) -> Confirmed:
    """Make assignments of the kept lines that are none yet; broken off and begun again, none is made twice.

    The list is decided once no kept line is left without its assignment; until then it stays open.
    """
    if hand.proposal.state != keeping.OPEN:
        raise NotNow("co-so", "Danh sách này đã được quyết định; mở danh sách mới nhất.")
    waiting = [one for one in keeping.lines(hand.db.conn, hand.proposal.id) if one.kept and not one.assignment]
    assigned = refused = 0
    for start in range(0, len(waiting), AT_ONCE):
        outcomes = _some(hand, waiting[start : start + AT_ONCE])
        assigned += sum(assignment is not None for assignment, _, _ in outcomes)
        refused += sum(problem is not None for _, problem, _ in outcomes)
        with writing(hand.db) as conn:
            conn.executemany(
                "UPDATE proposal_lines SET assignment = ?, problem = ? WHERE establishment = ? AND proposal = ?",
                [(*outcome, hand.proposal.id) for outcome in outcomes],
            )
    if not refused:
        _decide(hand, keeping.CONFIRMED)
    return Confirmed(assigned, refused)


def drop(hand: Hand) -> None:
    """Decide that nothing comes of a list; what was assigned from it stays."""
    _decide(hand, keeping.DROPPED)


def _decide(hand: Hand, state: str) -> None:
    with writing(hand.db) as conn:
        conn.execute(
            "UPDATE proposals SET state = ?, decided_at = ?, decided_by = ? WHERE id = ? AND state = 'open'",
            (state, instant_text(hand.at), hand.author, hand.proposal.id),
        )


def _some(hand: Hand, waiting: Sequence[KeptLine]) -> list[Outcome]:
    desk = Desk(hand.db.conn, hand.author, local_day(hand.at))
    changes: list[tuple[Change, str]] = []
    outcomes: list[Outcome] = []
    for line in waiting:
        try:
            changes.append((assign(desk, _asked(hand, line)), line.establishment))
        except Unclear as unclear:
            outcomes.append((None, next(iter(unclear.problems.values())), line.establishment))
    receipts = make(hand.db, [change for change, _ in changes], author=hand.author, at=hand.at) if changes else []
    for (change, establishment), receipt in zip(changes, receipts, strict=True):
        if receipt.standing == "accepted":
            outcomes.append((change.id, None, establishment))
        else:
            outcomes.append((None, "Máy chủ chưa ghi được; thử lại, hoặc báo người quản trị.", establishment))
    return outcomes


def _asked(hand: Hand, line: KeptLine) -> dict[str, Any]:
    """Return the line as `apply` has it."""
    if not line.team:
        raise Unclear("team", "Chưa có đội; chọn đội hoặc bỏ khỏi danh sách.")
    year, month = map(int, line.month_to.split("-"))
    last = date(year, month, monthrange(year, month)[1])
    today = local_day(hand.at)
    first = max(date.fromisoformat(f"{line.month_from}-01"), today)
    if last < today:
        raise Unclear("expires_on", "Các tháng đã chọn đã qua; chọn tháng khác.")
    return {
        "establishment": line.establishment, "team": line.team, "basis": "planned", "starts_on": first.isoformat(),
        "expires_on": last.isoformat(),
    }  # fmt: skip
