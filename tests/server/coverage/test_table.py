"""The table of docs/coverage.md, row by row: entered at a server as office and laptop do, and asked of it twice."""

import re
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from pathlib import Path

import pytest

from schemas.ids import new_id
from schemas.items import read
from schemas.units import Epoch
from server.arrivals.world import unit_tree
from server.coverage.ask import coverage
from server.coverage.years import check
from server.office import Change, make
from tests.conftest import AT, place_state

PAGE = Path(__file__).parents[3] / "docs" / "coverage.md"
HEADINGS = ["Case", "Entered", "Unit", "As of", "Open", "Inspected", "Visits", "Not counted", "Open on no day"]
UNITS = {
    "T": "new:15664", "P": "new:15763", "W": "old:15691", "D": "old:397", "O": "old:15637", "M": "new:15634",
    "N": "new:15661", "38": "new:38",
}  # fmt: skip
REVIEWS = {"rejected": "Sai cơ sở", "issues": "Bổ sung ảnh", "accepted": "Xã chỉ có hai người"}
NEEDED = {
    "opened", "closed", "paused", "found working while paused", "moved", "merged", "un-merged", "two kinds",
    "two visits",
    "attempt", "void", "rejected", "has issues", "corrected from one year to another", "arriving late", "held",
    "split commune, not decided", "split commune, decided", "new place on the old map", "empty commune", "leap day",
    "31 December 23:30 in Vietnam",
}  # fmt: skip


def cases():
    """Read the table: each case with what is entered, and what is asked of it."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    rows = cells[cells.index(HEADINGS) + 2 :]
    found = []
    for row in rows:
        if row[0]:
            found.append((row[0], row[1], []))
        found[-1][2].append(tuple(row[2:]))
    return found


@dataclass
class Entering:
    """Enters the words of a case at a server."""

    central: object
    places: list = field(default_factory=list)
    states: dict = field(default_factory=dict)
    last: bytes = b""
    missing: str = ""

    def __post_init__(self):
        self.laptop = self.central.laptop("new:38")

    def place(self, words):
        """Enter a place from its words: spans of status and unit, and kinds; what is not said is as usual."""
        id, kinds, spans = new_id(), ("karaoke",), {}
        for word in words:
            if found := re.fullmatch(r"(open|paused|closed) (\S+)", word):
                spans[f"status/{found[2]}"] = {"status": found[1], "from": found[2], "to": None}
            elif found := re.fullmatch(r"at (\S) (\S+)", word):
                epoch, _, code = UNITS[found[1]].partition(":")
                spans[f"place/{found[2]}"] = {"epoch": epoch, "unit": code, "from": found[2], "to": None}
            else:
                kinds = tuple(word.split())
        state = place_state(kinds=kinds)
        for group in {path.partition("/")[0] for path in spans}:
            del state[f"{group}/1"]
        self.edit(id, state | spans)
        self.places.append(id)

    def edit(self, id, state, was=None):
        assert self.central.edit("establishment", id, state, was).standing == "accepted"

    def visit(self, day, words):
        """Send a visit to the place entered last."""
        more = {}
        for word in words:
            more |= {
                "working": {"found_working": True},
                "violations": {"outcome": "violations", "violations": [{"id": new_id(), "text": "Quá giờ"}]},
                "closed_tonight": {"outcome": "closed_tonight", "remark": "Cửa khóa"},
                "short": {"members": [{"name": "An"}, {"name": "Bình"}]},
                "held": {},
            }.get(word) or ({"started": word, "ended": "00:45"} if ":" in word else {})
        place = self.places[-1]
        if "held" in words:
            place = self.missing = new_id()
        self.last = self.laptop.visit(place, date=day, **more)
        assert self.laptop.sends(self.last) == ["held" if "held" in words else "accepted"]

    def correct(self, **changes):
        known = read(self.last)
        kept = {name: value for name, value in known.body.items() if name not in ("establishment", *changes)}
        self.last = self.laptop.visit(
            known.body["establishment"], base=self.last, **kept, **changes, revision=2, reason="Ghi nhầm"
        )
        assert self.laptop.sends(self.last) == ["accepted"]

    def review(self, word):
        body = {"inspection": read(self.last).id, "review": word, "comment": REVIEWS[word]}
        assert make(self.central.db, [Change("review", new_id(), body)], author="test", at=AT)[0].standing == "accepted"

    def act(self, word):
        """Carry out one word of a case that is not about a place's spans."""
        match word.split():
            case ["visit", day, *words]:
                self.visit(day, words)
            case ["merge"]:
                self.edit(self.places[1], {"merged_into": self.places[0]}, {"merged_into": None})
            case ["unmerge"]:
                self.edit(self.places[1], {"merged_into": None}, {"merged_into": self.places[0]})
            case ["void"]:
                self.correct(void=True)
            case ["corrected", day]:
                self.correct(date=day)
            case ["arrives"]:
                self.edit(self.missing, place_state())
            case _:
                self.review(word)

    def enter(self, text):
        """Enter a whole case: of each place first what it is, and then what happens, in the order of the words."""
        words = [word.strip() for word in text.split(";")]
        for is_next, some in groupby(words, key=lambda word: word == "B"):
            if is_next:
                if not self.places:
                    self.place([])
                continue
            some = list(some)
            spans = [word for word in some if re.match(r"(open|paused|closed|at|karaoke|massage)\b", word)]
            self.place(spans)
            for word in some:
                if word not in spans:
                    self.act(word)


def ask(central, unit, as_of):
    """Return what the server says of a unit: its total, or with ? its row of no sure commune, or of one kind."""
    name, _, which = unit.partition(" ")
    key, day = UNITS[name], date.fromisoformat(as_of)
    kinds = () if which in ("", "?") else (which,)
    with_rows = coverage(
        central.db.conn, tree=unit_tree(central.db.conn), epoch=Epoch(key.partition(":")[0]), unit=key, year=day.year,
        as_of=day, kinds=kinds, by="commune",
    )  # fmt: skip
    rows = [row for row in with_rows.rows if not row.unit] if which == "?" else [with_rows.total]
    return tuple(
        sum(getattr(row, name) for row in rows)
        for name in ("open", "inspected", "visits", "not_counted", "inspected_not_open")
    )


@pytest.mark.parametrize(("entered", "asked"), [case[1:] for case in cases()], ids=[case[0] for case in cases()])
def test_the_case_is_as_counted_by_hand(central, entered, asked):
    Entering(central).enter(entered)
    expected = {(unit, as_of): tuple(map(int, figures)) for unit, as_of, *figures in asked}

    from_deltas = {one: ask(central, *one) for one in expected}
    problems = check(central.db.conn)
    central.db.conn.execute("DELETE FROM coverage_years")
    from_a_recount = {one: ask(central, *one) for one in expected}

    assert from_deltas == expected
    assert from_a_recount == expected
    assert problems == []


def test_no_case_is_missing_and_none_is_told_twice():
    names = [name for name, _, _ in cases()]

    assert set(names) >= NEEDED
    assert len(names) == len(set(names))
