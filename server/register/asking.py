"""The list of the register: which places of an area are asked for, and what is shown of each."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from schemas.register import State
from schemas.text import fold
from server.coverage.spans import day_after
from server.planning.findings import open_findings
from server.register.rows import spans
from server.store import in_parts, marks

THIS_YEAR, NEVER = "nam-nay", "chua-lan-nao"
NEAR, MOST_NEAR = 72, 30  # points of a hundred from which a name is near what was typed, and how many are offered


@dataclass(frozen=True)
class Asked:
    """What is asked for; *left*: THIS_YEAR or NEVER, of places without an inspection that counts."""

    communes: tuple[str, ...]
    today: date
    text: str = ""
    kinds: tuple[str, ...] = ()
    status: str = ""
    left: str = ""
    expired: bool = False
    findings: bool = False


@dataclass(frozen=True)
class Found:
    """The ids in the order of the list; *near*: nothing holds all that was typed, these are spelt nearly so."""

    ids: tuple[str, ...]
    near: bool = False


@dataclass(frozen=True)
class Row:
    """A place as the list shows it; *communes*: the present ones in which it stands or may stand."""

    id: str
    code: str
    name: str
    kinds: tuple[str, ...]
    communes: tuple[str, ...]
    address: str
    phone: str
    status: str
    operator: str
    operator_name: str
    last_visit: str
    expires_on: str


def find(conn: sqlite3.Connection, asked: Asked) -> Found:
    """Return the places that *asked* asks for, by name as a Vietnamese dictionary has it.

    Those that hold what is typed as it is typed come first. Where nothing holds every word, the
    names that are near are returned instead.
    """
    exact = _with_findings(conn, asked, _ids(conn, asked))
    if exact or not asked.text.strip():
        return Found(tuple(exact))
    return Found(tuple(_with_findings(conn, asked, _near(conn, asked))), near=True)


def _with_findings(conn: sqlite3.Connection, asked: Asked, ids: list[str]) -> list[str]:
    """Keep the places where something is open, where that is asked for: their visits are read for it."""
    if not asked.findings:
        return ids
    open_at = {id for some in in_parts(ids) for id in open_findings(conn, some)}
    return [id for id in ids if id in open_at]


def _ids(conn: sqlite3.Connection, asked: Asked) -> list[str]:
    words = fold(asked.text).split()
    where, values = _where(asked)
    typed = [f"%{_plain(word)}%" for word in words]
    where += r" AND (register_rows.search LIKE ? ESCAPE '\' OR owners.search LIKE ? ESCAPE '\')" * len(words)
    values += [word for one in typed for word in (one, one)]
    phrase = f" {' '.join(words)} "
    found = {
        id: (bool(words) and phrase not in f" {search} ", sort)
        for some in in_parts(asked.communes)
        for id, sort, search in conn.execute(_SELECT.format(marks(some), where), [*some, *values])
    }
    return sorted(found, key=lambda id: (*found[id], id))


_SELECT = (
    "SELECT register_rows.id, sort, register_rows.search FROM placements"
    " CROSS JOIN register_rows ON register_rows.id = placements.establishment"
    " CROSS JOIN establishments ON establishments.id = register_rows.id"
    " LEFT JOIN operator_rows AS owners ON owners.id = establishments.operator"
    " WHERE placements.commune IN ({}){}"
)


def _plain(word: str) -> str:
    return word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def _where(asked: Asked) -> tuple[str, list[Any]]:
    parts: list[str] = []
    values: list[Any] = []
    today = asked.today.isoformat()
    if asked.kinds:
        parts.append(f"({' OR '.join(['kinds LIKE ?'] * len(asked.kinds))})")
        values += [f"% {kind} %" for kind in asked.kinds]
    if asked.status:
        parts.append("CASE WHEN status_from <= ? THEN status ELSE status_before END = ?")
        values += [today, asked.status]
    if asked.expired:
        parts.append("expires_on <> '' AND expires_on <= ?")
        values.append(today)
    if asked.left in (THIS_YEAR, NEVER):
        parts.append(_NOT_INSPECTED)
        since = f"{asked.today.year:04d}-01-01" if asked.left == THIS_YEAR else ""
        values += [since, since]
    return "".join(f" AND {part}" for part in parts), values


# A place whose merged record was inspected is inspected; merged records are few, and are looked at by themselves.
_NOT_INSPECTED = (
    "NOT EXISTS (SELECT 1 FROM visits WHERE visits.establishment = register_rows.id AND counting = 1 AND date >= ?)"
    " AND register_rows.id NOT IN (SELECT member.root FROM establishments AS member"
    "   WHERE member.merged_into IS NOT NULL AND EXISTS (SELECT 1 FROM visits"
    "     WHERE visits.establishment = member.id AND counting = 1 AND date >= ?))"
)


def _near(conn: sqlite3.Connection, asked: Asked) -> list[str]:
    """Return the places whose names are spelt nearly as what was typed, the nearest first."""
    from rapidfuzz import fuzz, process  # when it is needed: the program starts sooner and smaller

    where, values = _where(asked)
    names = {
        id: name
        for some in in_parts(asked.communes)
        for id, name in conn.execute(
            "SELECT register_rows.id, establishments.name FROM placements"
            " CROSS JOIN register_rows ON register_rows.id = placements.establishment"
            " CROSS JOIN establishments ON establishments.id = register_rows.id"
            f" WHERE placements.commune IN ({marks(some)}){where}",
            [*some, *values],
        )
    }
    hits = process.extract(
        fold(asked.text), {id: fold(name) for id, name in names.items()}, scorer=fuzz.token_set_ratio,
        score_cutoff=NEAR, limit=MOST_NEAR,
    )  # fmt: skip
    return [id for _, _, id in hits]


def rows(conn: sqlite3.Connection, ids: Sequence[str], today: date) -> list[Row]:
    """Return what the list shows of the places *ids*, in that order."""
    found: dict[str, Row] = {}
    for some in in_parts(ids):
        states = _states(conn, some)
        owners = {_operator_on(state, today) for state in states.values()}
        names = _names(conn, sorted(owners))
        communes, last = _communes(conn, some), last_visits(conn, some)
        for id in some:
            found[id] = _row(id, states.get(id, {}), today, names, communes.get(id, ()), last.get(id, ""))
    return [found[id] for id in ids]


def _states(conn: sqlite3.Connection, ids: Sequence[str]) -> dict[str, State]:
    rows = conn.execute(f"SELECT id, state FROM things WHERE kind = 'establishment' AND id IN ({marks(ids)})", ids)
    return {id: json.loads(state) for id, state in rows}


def _names(conn: sqlite3.Connection, operators: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for some in in_parts(operators):
        rows = conn.execute(f"SELECT id, state FROM things WHERE kind = 'operator' AND id IN ({marks(some)})", some)
        found.update((id, str(json.loads(state).get("name") or "")) for id, state in rows)
    return found


def _communes(conn: sqlite3.Connection, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for id, commune in conn.execute(
        f"SELECT establishment, commune FROM placements WHERE establishment IN ({marks(ids)}) ORDER BY commune", ids
    ):
        found[id] = (*found.get(id, ()), commune)
    return found


def last_visits(conn: sqlite3.Connection, ids: Sequence[str]) -> dict[str, str]:
    """Return the day of the last inspection that counts of each place, merged records with it."""
    rows = conn.execute(
        "SELECT root, max(date) FROM establishments CROSS JOIN visits"
        f" WHERE root IN ({marks(ids)}) AND visits.establishment = establishments.id AND counting = 1 GROUP BY root",
        ids,
    )
    return dict(rows.fetchall())


def _row(
    id: str, state: State, today: date, names: Mapping[str, str], communes: tuple[str, ...], last: str
) -> Row:
    place = on_day(state, "place", today) or {}
    operator = _operator_on(state, today)
    return Row(
        id, str(state.get("code") or ""), str(state.get("name") or ""), kinds_on(state, today), communes,
        str(place.get("address") or ""), str(state.get("phone") or ""), status_on(state, today), operator,
        names.get(operator, ""), last, expired_since(state, today),
    )  # fmt: skip


def on_day(state: State, group: str, day: date) -> dict[str, Any] | None:
    """Return the span of a chain that holds on *day*, the first where all begin later, None where there is none."""
    found = spans(state, group)
    begun = [span for span in found if str(span["from"]) <= day.isoformat()]
    return begun[-1] if begun else next(iter(found), None)


def _operator_on(state: State, day: date) -> str:
    return str((on_day(state, "operator", day) or {}).get("operator") or "")


def status_on(state: State, day: date) -> str:
    """Return the status of a place on *day*, empty where none is known."""
    return str((on_day(state, "status", day) or {}).get("status") or "")


def kinds_on(state: State, day: date) -> tuple[str, ...]:
    """Return the kinds that a place offers on *day*; where it offers none that day, all that are known."""
    found = spans(state, "kind")
    there = {span["kind"] for span in found if span["from"] <= day.isoformat() <= (span.get("to") or "9999")}
    return tuple(sorted(there or {span["kind"] for span in found}))


def expired_since(state: State, day: date) -> str:
    """Return the first day without a paper of some type that the place has had; empty where none is out of date."""
    newest: dict[str, str] = {}
    for paper in spans(state, "licence"):
        kind = str(paper.get("type"))
        newest[kind] = max(newest.get(kind, ""), str(paper.get("to") or "9999-12-31"))
    ended = [day_after(end) for end in newest.values() if end < day.isoformat()]
    return min(ended, default="")
