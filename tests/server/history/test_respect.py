"""Histories hold what happened to a business: no opinion about it, and no person who was only there."""

import json
import re
from dataclasses import fields as dataclass_fields
from pathlib import Path

import pytest

from schemas.office import EVENTS
from schemas.register import FIELDS, GROUPS
from schemas.text import fold
from server.arrivals.world import unit_tree
from server.history.operator import OperatorFacts, history_of_operator
from server.history.place import PlaceFacts, history_of_place
from server.history.repeated import Repeated
from server.history.visits import Visit
from tests.conftest import COMMUNE
from tests.server.history.conftest import AT

ROOT = Path(__file__).parents[3]
OPINIONS = re.compile(r"phuc[ _-]?tap|nghi[ _-]?van|suspic|suspect|complicated|doi[ _-]tuong|tu[ _-]diem|risk_level")
PERSONS = ("Trần Văn Khách", "Lê Thị Thợ", "Nguyễn Văn Chứng", "0987654321")


def names_of_fields():
    """Yield every field of every record, and its labels."""
    schemas = [*FIELDS.values(), *EVENTS.values(), *(one for groups in GROUPS.values() for one in groups.values())]
    for schema in schemas:
        for name, field in schema.fields.items():
            yield " ".join(map(str, (name, field.data_key or "", *field.metadata.values())))
    for shown in (PlaceFacts, OperatorFacts, Repeated, Visit):
        yield from (field.name for field in dataclass_fields(shown))


def test_no_field_is_for_an_opinion_of_the_police():
    assert [name for name in names_of_fields() if OPINIONS.search(fold(name))] == []


@pytest.mark.parametrize("end", ["server/templates", "field_client/templates", "server/history"])
def test_no_page_says_or_asks_for_one(end):
    pages = [path for path in (ROOT / end).rglob("*") if path.suffix in (".html", ".py", ".typ")]

    assert pages
    assert [path.name for path in pages if OPINIONS.search(fold(path.read_text(encoding="utf-8")))] == []


def test_the_pattern_finds_what_it_is_for():
    assert all(OPINIONS.search(fold(word)) for word in ("Có biểu hiện phức tạp", "nghi vấn", "is_suspicious"))


@pytest.fixture
def told(central, place, operator):
    """Return both histories of a visit at which persons were met, as programs get them."""
    laptop = central.laptop()
    body = {
        "members": [{"name": name} for name in (PERSONS[1], "Bình", "Cường")], "representative": PERSONS[0],
        "representative_role": "Quản lý", "statement": f"Ý kiến của {PERSONS[2]}", "remark": f"Gọi {PERSONS[3]}",
    }  # fmt: skip
    assert laptop.sends(laptop.visit(place, **body)) == ["accepted"]
    tree = unit_tree(central.db.conn)
    histories = (history_of_place(central.db.conn, tree, place, AT),
                 history_of_operator(central.db.conn, tree, operator, frozenset({COMMUNE}), AT))  # fmt: skip
    return [json.dumps(one.as_json(), ensure_ascii=False) for one in histories]


def test_nobody_who_was_only_there_stands_in_a_history(told):
    for history in told:
        assert "2026-11-05" in history
        assert [name for name in (*PERSONS, "Bình", "Cường") if name in history] == []


def test_a_households_own_telephone_and_home_stand_in_neither(told):
    for history in told:
        assert "0912345678" not in history
        assert "ngõ Vắng" not in history
