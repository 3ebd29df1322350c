"""What people do to a proposed list: take out, put back, swap, add, another team, other months."""

import json
import re
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from schemas.fields import instant_text
from schemas.units import UnitTree
from server.arrivals.world import unit_tree
from server.planning import keeping
from server.planning.draw import Chosen
from server.planning.keeping import Kept
from server.planning.points import Known, Scored, score
from server.planning.propose import teams_of
from server.planning.survey import Asked, look_at, survey
from server.planning.turns import turns
from server.store import writing


class NotNow(ValueError):
    """What was asked cannot be done; the message says why, *field* where."""

    def __init__(self, field: str, sentence: str) -> None:
        """Begin with the sentence and its field."""
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Hand:
    """Who changes which proposal, when."""

    db: Database
    proposal: Kept
    author: str
    at: datetime


def _stamp(hand: Hand) -> tuple[str, str]:
    return hand.author, instant_text(hand.at)


def _still_open(conn: sqlite3.Connection, hand: Hand, establishment: str) -> None:
    """Refuse to change a list that was decided, or a line that has become an assignment."""
    row = conn.execute("SELECT state FROM proposals WHERE id = ?", (hand.proposal.id,)).fetchone()
    if row is None or row[0] != keeping.OPEN:
        raise NotNow("co-so", "Danh sách này đã được quyết định; mở danh sách mới nhất.")
    done = conn.execute(
        "SELECT assignment FROM proposal_lines WHERE proposal = ? AND establishment = ?",
        (hand.proposal.id, establishment),
    ).fetchone()
    if done and done[0]:
        raise NotNow("co-so", "Cơ sở này đã được phân công; bỏ phân công ở trang Phân công.")


def remove(hand: Hand, establishment: str) -> None:
    """Take a line out."""
    _keep(hand, establishment, 0)


def put_back(hand: Hand, establishment: str) -> None:
    """Put back a line that was taken out."""
    _keep(hand, establishment, 1)


def _keep(hand: Hand, establishment: str, kept: int) -> None:
    with writing(hand.db) as conn:
        _still_open(conn, hand, establishment)
        conn.execute(
            "UPDATE proposal_lines SET kept = ?, swapped_for = NULL, changed_by = ?, changed_at = ?"
            " WHERE proposal = ? AND establishment = ?",
            (kept, *_stamp(hand), hand.proposal.id, establishment),
        )


def send(hand: Hand, establishment: str, team: str, months: tuple[str, str]) -> None:
    """Give a line another team or other months of the year."""
    first, last = (_month(hand.proposal, field, month) for field, month in zip(("tu", "den"), months, strict=True))
    if last < first:
        raise NotNow("den", "Tháng cuối ở trước tháng đầu; chọn lại.")
    if team and team not in {one.id for one in teams_of(hand.db.conn, unit_tree(hand.db.conn), hand.proposal.asked)}:
        raise NotNow("doi", "Đội này không được cử trong địa bàn hoặc đã hết hạn; chọn đội khác.")
    with writing(hand.db) as conn:
        _still_open(conn, hand, establishment)
        conn.execute(
            "UPDATE proposal_lines SET team = ?, month_from = ?, month_to = ?, problem = NULL, changed_by = ?,"
            " changed_at = ? WHERE proposal = ? AND establishment = ?",
            (team, first, last, *_stamp(hand), hand.proposal.id, establishment),
        )


def _month(proposal: Kept, field: str, text: str) -> str:
    year, _, month = text.partition("-")
    if year != str(proposal.year) or not re.fullmatch(r"0[1-9]|1[0-2]", month):
        raise NotNow(field, f"Chọn một tháng của năm {proposal.year}.")
    return text


def add(hand: Hand, establishment: str, *, instead_of: str = "") -> None:
    """Put a place on the list, or in the place of another: with its points, and the team whose turn it is."""
    conn, tree = hand.db.conn, unit_tree(hand.db.conn)
    scored, where = _may_come(conn, tree, hand.proposal, establishment)
    before = keeping.line(conn, hand.proposal.id, instead_of) if instead_of else None
    turn = turns(
        [Chosen(scored, "person")], {establishment: where}, teams_of(conn, tree, hand.proposal.asked),
        most=hand.proposal.weights.values["team_most"], year=hand.proposal.year,
        from_month=hand.proposal.asked.from_month, seed=hand.proposal.seed,
    )[0]  # fmt: skip
    months = (before.month_from, before.month_to) if before else (turn.month_from, turn.month_to)
    parts = json.dumps([part.as_json() for part in scored.parts], ensure_ascii=False)
    with writing(hand.db) as conn:
        for place in filter(None, (instead_of, establishment)):
            _still_open(conn, hand, place)
        last = conn.execute("SELECT max(place) FROM proposal_lines WHERE proposal = ?", (hand.proposal.id,)).fetchone()
        conn.execute(
            "INSERT INTO proposal_lines (proposal, establishment, place, commune, kinds, points, working, chosen,"
            " first_team, team, first_from, first_to, month_from, month_to, again, kept, changed_by, changed_at,"
            " swapped_for) VALUES (?, ?, ?, ?, ?, ?, ?, 'person', ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?)"
            " ON CONFLICT (proposal, establishment) DO UPDATE SET kept = 1, swapped_for = excluded.swapped_for,"
            " changed_by = excluded.changed_by, changed_at = excluded.changed_at",
            (hand.proposal.id, establishment, (last[0] or 0) + 1, scored.known.unit,
             " ".join(scored.known.kinds), scored.points, parts,
             turn.team, turn.team, *months, *months, int(turn.again), *_stamp(hand), instead_of or None),
        )  # fmt: skip
        if instead_of:
            conn.execute(
                "UPDATE proposal_lines SET kept = 0, swapped_for = ?, changed_by = ?, changed_at = ?"
                " WHERE proposal = ? AND establishment = ?",
                (establishment, *_stamp(hand), hand.proposal.id, instead_of),
            )


def by_code(conn: sqlite3.Connection, code: str) -> str:
    """Return the place of a code, or say what to do."""
    if not code:
        raise NotNow("co-so", "Nhập mã cơ sở.")
    rows = conn.execute("SELECT DISTINCT root FROM establishments WHERE code = ? ORDER BY root", (code,)).fetchall()
    if len(rows) != 1:
        raise NotNow("co-so", f"Không rõ cơ sở mang mã “{code}”; xem lại mã.")
    return str(rows[0][0])


def _may_come(
    conn: sqlite3.Connection, tree: UnitTree, proposal: Kept, establishment: str
) -> tuple[Scored, frozenset[str]]:
    """Return a place that may come onto the list, or say why it may not: never twice in one year."""
    line = keeping.line(conn, proposal.id, establishment)
    if line and line.kept:
        raise NotNow("co-so", "Cơ sở này đã có trong danh sách.")
    found = look_at(conn, tree, proposal.asked, establishment)
    if found is None:
        raise NotNow("co-so", "Cơ sở này ngoài địa bàn của danh sách, hoặc không hoạt động trong năm.")
    known, where = found
    if not known.free:
        raise NotNow("co-so", why_not(known))
    return score(known, proposal.weights.values, proposal.asked.as_of), where


def why_not(known: Known) -> str:
    """Say why a place cannot be visited by plan this year."""
    match known.used:
        case "visit":
            return f"Cơ sở này đã được kiểm tra trong năm, ngày {_day(known.used_on)}; mỗi năm không quá một lần."
        case "outside":
            return f"Cơ quan khác đã kiểm tra cơ sở này ngày {_day(known.used_on)}; mỗi năm không quá một lần."
        case "assigned":
            return f"Cơ sở này đã được phân công theo kế hoạch, hạn {_day(known.used_on)}."
    return "Cơ sở này hiện không hoạt động."


def _day(day: str) -> str:
    return f"{day[8:10]}/{day[5:7]}/{day[:4]}"


def others(conn: sqlite3.Connection, tree: UnitTree, proposal: Kept, commune: str) -> list[Scored]:
    """Return the places of a commune that could come instead, the highest points first."""
    here = Asked(commune, proposal.year, proposal.asked.as_of, proposal.aim["target"])
    on_list = {one.establishment for one in keeping.lines(conn, proposal.id) if one.kept}
    free = [place for place in survey(conn, tree, here).places if place.free and place.id not in on_list]
    scored = (score(place, proposal.weights.values, proposal.asked.as_of) for place in free)
    return sorted(scored, key=lambda one: (-one.points, one.known.id))
