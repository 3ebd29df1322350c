"""The things that may fit what was typed, out of the index of three letters; which do, their words say."""

import sqlite3
from collections.abc import Iterable, Sequence

from schemas.purpose import rules
from server.history.reach import Communes
from server.history.texts import padded
from server.store import marks

Thing = tuple[str, str]  # kind, id
_SMALL = 40  # communes: beyond that the index is asked
_FEW = 3000  # rows that share a gram: rarer ones lead to candidates at less cost


def candidates(conn: sqlite3.Connection, words: Sequence[str], number: str, communes: Communes) -> list[Thing]:
    """Return the things of *communes* that may fit: those that have all that was typed, else what is near it."""
    most = rules()["candidates"]
    few = _all_of(conn, communes) if communes is not None and len(communes) <= _SMALL else None
    if few is not None:
        return few
    whole = [gram for word in words for gram in _grams(f" {word}")]
    found = _matching(conn, _all(whole), communes, most)
    if any(sign.isdigit() for sign in number) and len(number) >= 3:
        found |= _matching(conn, _all(_grams(f" {number}")), communes, most)
    if len(found) < most // 8:
        near = _rare(conn, [*whole, *_grams(padded(number))])
        found |= _matching(conn, " OR ".join(map(_quoted, near)), communes, most) if near else {}
    return list(found)


_OF_COMMUNES = (
    "SELECT DISTINCT 'establishment', establishments.root FROM placements"
    "  JOIN establishments ON establishments.id = placements.establishment WHERE commune IN ({marks})"
    " UNION SELECT DISTINCT 'operator', operators.root FROM placements"
    "  JOIN operator_places ON operator_places.establishment = placements.establishment"
    "  JOIN operators ON operators.id = operator_places.operator WHERE commune IN ({marks}) LIMIT ?"
)


def _all_of(conn: sqlite3.Connection, communes: frozenset[str]) -> list[Thing] | None:
    """Return everything of a small area, to be held against what was typed; None where that is too much."""
    most, wanted = rules()["candidates"], sorted(communes)
    asked = _OF_COMMUNES.format(marks=marks(wanted) or "NULL")
    rows = conn.execute(asked, (*wanted, *wanted, most + 1)).fetchall()
    return [(kind, id) for kind, id in rows] if len(rows) <= most else None


def having(text: str) -> str:
    """Return the question to the index for the rows that have every word of *text*, or may have."""
    return _all([gram for word in text.split() for gram in _grams(padded(word))])


def holding(text: str) -> str:
    """Return the question to the index for the rows that have *text* anywhere in them, or may have."""
    return _all(_grams(text))


def _all(grams: Iterable[str]) -> str:
    return " AND ".join(map(_quoted, dict.fromkeys(grams)))


def _grams(text: str) -> list[str]:
    return [text[at : at + 3] for at in range(len(text) - 2)] or ([text] if len(text) == 3 else [])


def _quoted(gram: str) -> str:
    return f'"{gram}"'


def _rare(conn: sqlite3.Connection, grams: Iterable[str]) -> list[str]:
    """Return the grams of what was typed that few rows have, the rarest first, until enough rows have one of them."""
    wanted = list(dict.fromkeys(grams))
    known = conn.execute(
        f"SELECT term, doc FROM lookup_terms WHERE term IN ({marks(wanted)})", wanted
    ).fetchall() if wanted else []  # fmt: skip
    chosen: list[str] = []
    rows = 0
    for term, count in sorted(known, key=lambda pair: pair[1]):
        if chosen and rows + count > _FEW:
            break
        chosen.append(term)
        rows += count
    return chosen


_MATCHING = (
    "SELECT DISTINCT lookup_texts.kind, coalesce(establishments.root, operators.root)"
    "  FROM lookup_index JOIN lookup_texts ON lookup_texts.id = lookup_index.rowid"
    "  LEFT JOIN establishments ON lookup_texts.kind = 'establishment' AND establishments.id = lookup_texts.thing"
    "  LEFT JOIN operators ON lookup_texts.kind = 'operator' AND operators.id = lookup_texts.thing"
    " WHERE lookup_index MATCH ? AND coalesce(establishments.root, operators.root) IS NOT NULL"
)
# The plus keeps the database from trying every commune of the area for every place: a place stands in one or two.
_STANDS = (
    " AND CASE lookup_texts.kind WHEN 'establishment' THEN EXISTS ("
    "  SELECT 1 FROM placements WHERE placements.establishment = establishments.root AND +commune IN ({communes}))"
    " ELSE EXISTS (SELECT 1 FROM operators AS one JOIN operator_places ON operator_places.operator = one.id"
    "  JOIN placements ON placements.establishment = operator_places.establishment"
    "  WHERE one.root = operators.root AND +commune IN ({communes})) END"
)


def _matching(conn: sqlite3.Connection, match: str, communes: Communes, most: int) -> dict[Thing, None]:
    """Return the things of *communes* that the index finds, at most so many."""
    if not match:
        return {}
    if communes is None:
        rows = conn.execute(f"{_MATCHING} LIMIT ?", (match, most))
    else:
        numbered = ", ".join(f"?{place}" for place in range(2, len(communes) + 2)) or "NULL"
        asked = f"{_MATCHING}{_STANDS.format(communes=numbered)} LIMIT {int(most)}"
        rows = conn.execute(asked, (match, *sorted(communes)))
    return dict.fromkeys((kind, id) for kind, id in rows)
