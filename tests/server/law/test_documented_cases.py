"""The cases computed by hand in docs/repeat-violation.md: every row of its tables, each on the days that it names."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from schemas.ids import new_id
from schemas.repeat import Answer, look_up
from schemas.violations import packaged
from schemas.whose import operator_on
from server.changes import apply_one
from server.law.asking import ask
from server.law.catalogue import current
from server.law.decision import read
from server.law.windows import windows
from tests.conftest import AT

PAGE = Path(__file__).parents[3] / "docs" / "repeat-violation.md"
ANSWERS = {"repeat": Answer.REPEAT, "cannot tell": Answer.CANNOT_TELL, "not found": Answer.NOT_FOUND}
PARTS = {"main": "main", "additional": "additional", "remedies": "remedies"}
NAMED = {
    "A": {"name": "Hộ kinh doanh Đỗ Văn Được", "registration": "GĐ-001"},
    "B": {"name": "Công ty Hoa Sen", "registration": "26C8-777"},
    "C": {"name": "Khách sạn Ánh Dương", "registration": "26X9-412"},
}
DAYS = {"cancelled": "cancelled_on", "complaint": "complaint_from", "delivered": "delivered_on",
        "committed": "committed_on", "suspended to": "suspension_to"}  # fmt: skip


def table(heading):
    """Return the rows of the table under a heading of the page, without its head."""
    text = PAGE.read_text(encoding="utf-8").split(f"\n### {heading}\n", 1)[1].split("\n#", 1)[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    return rows[2:]


def day(text):
    day_, month, year = text.split("/")
    return date(int(year), int(month), int(day_)).isoformat()


def decision(text, **more):
    """Read `fine 10/03/2024 ND38-15.5b; main 20/04/2024; remedies no`."""
    head, *facts = [part.strip() for part in text.split(";")]
    sanction, decided, *codes = head.split()
    state = {"number": text, "authority": "UBND", "operator": "o", "codes": codes or ["ND38-15.5b"],
             "decided_on": day(decided), "sanction": sanction, "ordered": []}  # fmt: skip
    for fact in facts:
        name, _, value = fact.rpartition(" ")
        if name in PARTS:
            state["ordered"].append(name)
            state |= {} if value == "unknown" else {f"{name}_done_on": value if value == "no" else day(value)}
        elif name == "evasion":
            first, _, last = value.partition("-")
            state |= {"evasion_from": day(first)} | ({"evasion_to": day(last)} if last else {})
        else:
            state[DAYS[name]] = day(value)
    return state | more


def asked(text):
    """Read `19/04/2025 repeat`, more of them with commas between."""
    for part in text.split(","):
        on, _, answer = part.strip().partition(" ")
        yield day(on), ANSWERS[answer]


def cases(heading):
    return pytest.mark.parametrize("row", [pytest.param(row, id=row[0]) for row in table(heading)])


def test_the_tables_are_there():
    assert len(table("One decision")) >= 25
    assert len(table("Several decisions and acts")) >= 8
    assert len(table("Whose decision it is")) >= 8


@cases("One decision")
def test_one_decision(row):
    _, said, answers = row
    opened = windows([one for one in [read("d", decision(said))] if one])
    for on, answer in asked(answers):
        assert look_up(opened, "ND38-15.5b", on, catalogue=packaged()).answer is answer, on


@cases("Several decisions and acts")
def test_several_decisions(central, row):
    _, said, changed, code, answers = row
    operator = new_id()
    central.edit("operator", operator, {"name": "Hộ A", "form": "household"})
    for place, one in enumerate(said.split("+")):
        state = decision(one.strip(), operator=operator, number=str(place))
        assert central.edit("decision", new_id(), state).standing == "accepted"
    for group in filter(None, changed.strip("–").split("+")):
        name, _, codes = group.partition("=")
        done = apply_one(central.db, {"do": "act_group", "group": name.strip(), "codes": codes}, author="test", at=AT)
        assert done["problems"] == {}
    for on, answer in asked(answers):
        assert ask(central.db.conn, operator, code, on).finding.answer is answer, on


@cases("Whose decision it is")
def test_whose_decision(central, row):
    """The decision is about A, who runs place 1; what follows is done in order, then it is asked about who answers."""
    _, done, whom, answers = row
    people = {name: new_id() for name in "ABC"}
    for name, id in people.items():
        central.edit("operator", id, NAMED[name] | {"form": "household"})
    spans = {"operator/1": {"from": "2019-01-01", "operator": people["A"]}}
    places = {"1": central.place(**spans), "2": central.place("new:15682", **spans)}
    state = decision("fine 10/03/2024; main 20/04/2024", operator=people["A"], establishment=places["1"])
    central.edit("decision", new_id(), state)
    for step in filter(None, done.strip("–").split(";")):
        _do(central, people, places, step.split())
    for on, answer in asked(answers):
        assert _answer(central, people, places, whom, on) is answer, on


def _do(central, people, places, step):
    match step:
        case ["merge", one, "into", other]:
            central.edit("operator", people[one], {"merged_into": people[other]})
        case ["part", one]:
            was = json.loads(central.one("SELECT state FROM things WHERE id = ?", people[one]))["merged_into"]
            central.edit("operator", people[one], {"merged_into": None}, {"merged_into": was})
        case ["alike", one, other]:
            name = json.loads(central.one("SELECT state FROM things WHERE id = ?", people[one]))
            said = {"name": name["name"], "registration": name["registration"]}
            was = json.loads(central.one("SELECT state FROM things WHERE id = ?", people[other]))
            central.edit("operator", people[other], said, {path: was[path] for path in said})
        case ["distinct", one, other]:
            asked = {"do": "distinct", "operator": people[one], "other": people[other]}
            assert apply_one(central.db, asked, author="test", at=AT)["problems"] == {}
        case ["takes-over", one, place, on]:
            span = {"operator/2": {"from": day(on), "operator": people[one]}}
            central.edit("establishment", places[place], span)
        case _:
            raise AssertionError(step)


def _answer(central, people, places, whom, on):
    """Ask about a person, or about whoever runs a place on the day."""
    kind, name = re.fullmatch(r"(operator|place) (\w)", whom).groups()
    if kind == "place":
        state = json.loads(central.one("SELECT state FROM things WHERE id = ?", places[name]))
        operator = operator_on(state, date.fromisoformat(on))
    else:
        operator = people[name]
    assert current(central.db.conn) is packaged()
    return ask(central.db.conn, operator, "ND38-15.5b", on).finding.answer
