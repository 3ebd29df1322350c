"""The table of docs/returns-figures.md, row by row; and the page has a line for each column."""

import re
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from schemas.ids import new_id
from schemas.items import read
from server.arrivals.world import unit_tree
from server.keys import read_keys
from server.office import Change, make
from server.returns.figures import figures
from server.returns.figures.columns import COLUMNS
from server.settings import Settings
from server.store import connect
from tests.conftest import AT, Central, place_state, visit_body
from tests.server.coverage.test_table import UNITS, Entering

PAGE = Path(__file__).parents[4] / "docs" / "returns-figures.md"
FIRST = date(2025, 1, 1)


def table(headings):
    """Return the rows under *headings*."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    start = lines.index(f"| {' | '.join(headings)} |") + 2
    rows = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def cases():
    """Read the table: each case with what is entered, and what is asked of it."""
    found = []
    for name, entered, *asked in table(["Case", "Entered", "Unit", "To", "Says"]):
        if name:
            found.append((name, entered, []))
        found[-1][2].append(tuple(asked))
    return found


@dataclass
class Office(Entering):
    """Enters the words of a case, those of the law and of tips too."""

    unit: str = UNITS["T"]

    def __post_init__(self):
        super().__post_init__()
        self.operators = []

    def place(self, words):
        """Enter a place with its operator: one of its own, or where it says `same` that of the first."""
        kinds, spans = ("karaoke",), {}
        for word in words:
            match word.split():
                case [("open" | "paused" | "closed") as status, day]:
                    spans[f"status/{day}"] = {"status": status, "from": day, "to": None}
                case ["at", name, day]:
                    epoch, _, code = UNITS[name].partition(":")
                    spans[f"place/{day}"] = {"epoch": epoch, "unit": code, "from": day, "to": None}
                case ["karaoke", "massage"]:
                    kinds = ("karaoke", "massage")
        if "karaoke same" in words:
            self.operators.append(self.operators[0])
        else:
            self.operators.append(new_id())
            self.central.edit("operator", self.operators[-1], {"name": "Hộ kinh doanh", "form": "household"})
        run = {"operator/1": {"from": "2019-01-01", "to": None, "operator": self.operators[-1]}}
        state = place_state(self.unit, kinds, **run)
        for group in {path.partition("/")[0] for path in spans}:
            del state[f"{group}/1"]
        self.places.append(new_id())
        self.edit(self.places[-1], state | spans)

    def visit(self, day, words):
        """Send a visit to the place entered last."""
        more = {"date": day}
        acts = [{"id": new_id(), "code": word[4:]} for word in words if word.startswith("act=")]
        acts += [{"id": new_id(), "text": "Quá giờ"}] if "violations" in words else []
        more |= {"outcome": "violations", "violations": acts} if acts else {}
        more |= {"found_working": True} if "working" in words else {}
        more |= {"crime_signs": True} if "crime" in words else {}
        more |= {"members": visit_body("")["members"][:2]} if "short" in words else {}
        more |= {"basis": "recheck"} if "recheck" in words else {}
        more |= {"basis": "unscheduled", "trigger": "signs", "ground": "Đơn"} if "unscheduled" in words else {}
        informed = [int(word[9:]) for word in words if word.startswith("informed=")]
        more |= {"informed": informed[0]} if informed else {}
        self.last = self.laptop.visit(self.places[-1], **more)
        assert self.laptop.sends(self.last) == ["accepted"]

    def act(self, word):
        """Carry out one word of a case."""
        match word.split():
            case ["decision", day, sanction, *words]:
                self.decide(day, sanction, dict(one.split("=") for one in words if "=" in one), "nowhere" in words)
            case ["tip", day, *words]:
                self.tip(day, dict(one.split("=") for one in words))
            case ["handed", "over", day]:
                self.say("duty", {"duty": "hand-over-file", "on": day})
            case ["coded", code]:
                act = read(self.last).body["violations"][0]["id"]
                self.say("coding", {"violation": act, "code": code, "by": "Pháp chế", "on": "2025-06-01"})
            case _:
                super().act(word)

    def say(self, kind, body):
        """Say something of the last visit."""
        body = {"inspection": read(self.last).id, **body}
        assert make(self.central.db, [Change(kind, new_id(), body)], author="test", at=AT)[0].standing == "accepted"

    def decide(self, day, sanction, words, nowhere):
        """Make a decision about the place entered last, or about who runs it."""
        both = {"sanction": "fine", "codes": ["ND38-15.5b", "ND38-15.6b"],
                "sanctions": {"ND38-15.5b": "warning", "ND38-15.6b": "fine"}}  # fmt: skip
        state = {"number": f"{len(self.central.db.conn.execute('SELECT 1 FROM decisions').fetchall())}/QĐ",
                 "authority": "Chủ tịch UBND", "operator": self.operators[-1], "codes": ["ND38-15.5b"],
                 "decided_on": day, "sanction": sanction}  # fmt: skip
        state |= both if sanction == "both" else {}
        state |= {} if nowhere else {"establishment": self.places[-1]}
        amount = words.get("amount", "5000000") if state["sanction"] == "fine" else ""
        state |= {"amount": int(amount)} if amount else {}
        state |= {"ordered": ["remedies"]} if "remedies" in words else {}
        state |= {f"{part}_done_on": words[part] for part in ("main", "remedies") if words.get(part)}
        state |= {f"{what}_on": words[what] for what in ("cancelled", "committed") if what in words}
        for what in ("activity", "antt_certificate"):
            first, _, last = words.get(what, "").partition("/")
            state |= {f"suspension/{what}": {"what": what, "from": first, "to": last or None}} if first else {}
        assert self.central.edit("decision", new_id(), state).standing == "accepted"

    def tip(self, day, words):
        """Enter a tip about the place entered last."""
        epoch, _, unit = self.unit.partition(":")
        state = {"number": "1/TB", "received_on": day, "channel": "letter", "epoch": epoch, "unit": unit,
                 "establishment": self.places[-1], "content": "Quá giờ", "due_on": words["due"]}  # fmt: skip
        if "handled" in words:
            state |= {"verified": "true", "verified_on": day, "handled_on": words["handled"], "result": "reminded"}
        assert self.central.edit("tip", new_id(), state).standing == "accepted"


def ask(office, unit, last):
    """Return what the table says of a unit, or with ? of its row of no sure commune, or of one kind: now and before."""
    name, _, which = unit.partition(" ")
    key, conn = office.unit if name == "T" else UNITS[name], office.central.db.conn
    told = figures(conn, unit_tree(conn), key, FIRST, date.fromisoformat(last))
    if which == "?":
        row = next(one for one in told.of_units if not one.sure)
    else:
        row = next(one for one in told.of_kinds if one.kind == which) if which else told.total
    return {
        code: (cell.value, cell.before) for code, cell in row.cells.items()
        if code != "share" and (cell.value or cell.before)
    }  # fmt: skip


def expected_of(says):
    """Read numbers and, in brackets, those of the year before; None where the case does not say."""
    found = {}
    for one in filter(None, says.split(", ")):
        code, value, before = re.fullmatch(r"(\w+) (\d+)(?: \((\d+)\))?", one).groups()
        found[code] = int(value), None if before is None else int(before)
    return found


@pytest.fixture(scope="module")
def communes(template, tmp_path_factory):
    """A server of which each case has a commune to itself, as its T."""
    folder = tmp_path_factory.mktemp("cases") / "server"
    shutil.copytree(template, folder)
    settings = Settings(folder)
    central = Central(settings, connect(settings.database), read_keys(settings.keys))
    central.db.execute("PRAGMA synchronous = OFF")
    return central, iter(unit_tree(central.db.conn).communes("new:38"))


def is_of_one_commune(asked):
    return all(unit.split()[0] == "T" for unit, _, _ in asked)


@pytest.mark.parametrize(("entered", "asked"), [case[1:] for case in cases()], ids=[case[0] for case in cases()])
def test_the_case_is_as_counted_by_hand(request, entered, asked):
    if is_of_one_commune(asked):
        central, free = request.getfixturevalue("communes")
        office = Office(central, unit=next(free))
    else:
        office = Office(request.getfixturevalue("central"))
    office.enter(entered)

    for unit, last, says in asked:
        told, expected = ask(office, unit, last), expected_of(says)
        assert {code: value for code, (value, _) in told.items() if value} == {
            code: value for code, (value, _) in expected.items() if value
        }, (unit, last)
        for code, (_, before) in expected.items():
            assert before in (None, told.get(code, (0, 0))[1]), (unit, last, code)


def test_the_page_has_a_line_for_each_column_in_their_order():
    rows = table(["Code", "Heading", "What is counted"])

    assert [(code, heading) for code, heading, _ in rows] == [(one.code, one.heading) for one in COLUMNS]


def test_every_column_stands_in_a_case():
    named = {code for _, _, asked in cases() for *_, says in asked for code in expected_of(says)}

    by_decree = {"violations_fire", "violations_labour", "violations_noise"}  # as those of culture and order
    assert named == {one.code for one in COLUMNS} - {"share"} - by_decree
