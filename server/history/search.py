"""One search for places and operators that forgives: marks, đ, the place of a tone, y for i, a slip of the hand.

Candidates come from the index of three letters; which of them fit, and how well, is said by their words.
"""

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schemas.minutes_code import WrongCode, parse
from schemas.purpose import rules
from schemas.register import State
from schemas.units import UnitTree
from server.history.candidates import Thing, candidates
from server.history.minutes import place_of_code
from server.history.reach import Communes, communes_of, place_is_within, places_of, units_of
from server.history.scoring import Score, Text, score
from server.history.spans import last_span
from server.history.texts import ADDRESS, NAME, PRIVATE, alike, compact
from server.office import state_of
from server.store import in_parts, marks

MINUTES = "minutes"


@dataclass(frozen=True)
class Hit:
    """A place or an operator that was found: by what, in which words, and where it is.

    *by* is name, old_name, address, old_address, code, licence, registration or minutes. *here* and *elsewhere* count
    an operator's places.
    """

    kind: str
    id: str
    name: str
    code: str
    by: str
    shown: str
    communes: tuple[str, ...]
    address: str = ""
    operator: str = ""
    here: int = 0
    elsewhere: int = 0


@dataclass(frozen=True)
class Found:
    """The hits of a question, the best first; *more*: there are others that fit as well."""

    hits: tuple[Hit, ...] = ()
    more: bool = False
    problem: str = ""


def search(conn: sqlite3.Connection, tree: UnitTree, asked: str, communes: Communes) -> Found:
    """Find places and operators of *communes* by anything that is known of them, also by what they were called."""
    asked = asked.strip()[:400]
    minutes = _by_minutes(conn, asked, communes)
    if minutes is not None:
        return minutes
    words = alike(asked).split()
    if not any(len(word) > 1 or word.isdigit() for word in words):
        return Found()
    things = candidates(conn, words, compact(asked), communes)
    scored = sorted(_scored(conn, tree, things, words, compact(asked)), key=_best_first)
    most = rules()["hits"]
    hits = tuple(_hit(conn, thing, best, communes) for thing, best, _ in scored[:most])
    return Found(hits, len(scored) > most or len(things) >= rules()["candidates"])


def _best_first(one: tuple[Thing, Score, str]) -> tuple[float, str, Thing]:
    thing, best, order = one
    return -best.points, order, thing


def _by_minutes(conn: sqlite3.Connection, asked: str, communes: Communes) -> Found | None:
    """Answer a code of printed minutes; None where what was typed is none."""
    try:
        code = parse(asked)
    except WrongCode as wrong:
        digits = re.sub(r"[\s.-]", "", asked)
        return Found(problem=str(wrong)) if digits.isdigit() and len(digits) == 20 else None
    place = place_of_code(conn, code)
    if place is None or not place_is_within(conn, communes, place):
        return Found()
    return Found((_place(conn, place, MINUTES, asked),))


def _scored(
    conn: sqlite3.Connection, tree: UnitTree, things: list[Thing], words: Sequence[str], number: str
) -> Iterator[tuple[Thing, Score, str]]:
    """Score what may fit, and give each the text that orders equals."""
    texts = _texts(conn, things)
    where = _where(conn, tree, [id for kind, id in things if kind == "establishment"])
    for thing in things:
        best = score(words, number, texts[thing], where.get(thing[1], frozenset()))
        if best:
            yield thing, best, alike(best.shown)


def _texts(conn: sqlite3.Connection, things: list[Thing]) -> dict[Thing, list[Text]]:
    """Return all that is looked for of *things*, and of the records that were merged into them."""
    found: dict[Thing, list[Text]] = defaultdict(list)
    for kind, table in (("establishment", "establishments"), ("operator", "operators")):
        for some in in_parts([id for of, id in things if of == kind]):
            rows = conn.execute(
                f"SELECT root, what, text, shown FROM {table} JOIN lookup_texts ON lookup_texts.thing = {table}.id"
                f" WHERE root IN ({marks(some)}) AND kind = '{kind}' ORDER BY lookup_texts.id DESC",
                some,
            )
            for root, what, text, shown in rows:
                if what not in PRIVATE:
                    found[kind, root].append(Text(what, text.strip(), shown))
    return found


def _where(conn: sqlite3.Connection, tree: UnitTree, places: list[str]) -> dict[str, frozenset[str]]:
    """Return the words of the names of the units where *places* stand: they may be typed too."""
    found: dict[str, frozenset[str]] = {}
    for some in in_parts(places):
        rows = conn.execute(
            f"SELECT establishment, commune FROM placements WHERE establishment IN ({marks(some)})", some
        )
        for place, commune in rows:
            found[place] = found.get(place, frozenset()) | _unit_words(tree, commune)
    return found


def _unit_words(tree: UnitTree, commune: str) -> frozenset[str]:
    units = (tree.get(key) for key in (commune, *tree.ancestors(commune)))
    return frozenset(word for unit in units if unit for word in alike(unit.name).split())


def _hit(conn: sqlite3.Connection, thing: Thing, best: Score, communes: Communes) -> Hit:
    kind, id = thing
    return (_place if kind == "establishment" else _operator)(conn, id, best.by, best.shown, communes)


def _place(conn: sqlite3.Connection, id: str, by: str, shown: str, communes: Communes = None) -> Hit:
    state = state_of(conn, "establishment", id) or {}
    last = last_span(state, "operator")
    operator = (state_of(conn, "operator", last["operator"]) or {}).get("name", "") if last else ""
    place = last_span(state, "place") or {}
    return Hit(
        "establishment", id, state.get("name", ""), state.get("code") or "", _by(by, shown, state), shown,
        communes_of(conn, id), operator=operator, address=place.get("address") or "",
    )  # fmt: skip


def _operator(conn: sqlite3.Connection, id: str, by: str, shown: str, communes: Communes) -> Hit:
    state = state_of(conn, "operator", id) or {}
    places = places_of(conn, communes, id)
    return Hit(
        "operator", id, state.get("name", ""), state.get("registration") or "", _by(by, shown, state), shown,
        units_of(conn, places.here), here=len(places.here), elsewhere=len(places.elsewhere),
    )  # fmt: skip


def _by(by: str, shown: str, state: State) -> str:
    """Say by what it was found; a name or an address that no longer stands is an old one."""
    if by == NAME and alike(shown) != alike(state.get("name") or ""):
        return "old_name"
    address = (last_span(state, "place") or {}).get("address") or ""
    return "old_address" if by == ADDRESS and alike(shown) != alike(address) else by
