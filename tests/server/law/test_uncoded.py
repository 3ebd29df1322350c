"""Violations that no row of the catalogue fitted: a legal officer codes them, the visit stays as it was."""

import pytest

from schemas.ids import new_id
from schemas.items import read
from server.arrivals.verify import verify
from server.changes import apply_one
from server.law.asking import ask
from tests.conftest import AT

LATE = "ND38-15.5b"
BY = {"by": "Trần Thị Pháp", "on": "2026-11-19"}


@pytest.fixture
def apply(central):
    return lambda **asked: apply_one(central.db, asked, author="test", at=AT)


@pytest.fixture
def found(central):
    """A visit that found an act with no code; its operator, its id and the id of the violation."""
    operator, violation = new_id(), new_id()
    central.edit("operator", operator, {"name": "Hộ kinh doanh Đỗ Văn Được", "form": "household"})
    place = central.place(**{"operator/1": {"from": "2019-01-01", "operator": operator}})
    acts = [{"id": violation, "text": "Mở nhạc quá giờ", "citation": "Điều 9"}]
    laptop = central.laptop()
    line = laptop.visit(place, date="2026-03-01", outcome="violations", violations=acts)
    assert laptop.sends(line) == ["accepted"]
    return operator, read(line).id, violation


@pytest.fixture
def decided(central, apply, found):
    _, visit, violation = found
    answer = apply(do="decision", number="7/QĐ-XPHC", authority="Chủ tịch UBND xã", inspection=visit,
                   violations=[violation], decided_on="2026-03-10", sanction="fine",
                   main_done_on="2026-04-01")  # fmt: skip
    assert answer["problems"] == {}


def answer(central, operator):
    return ask(central.db.conn, operator, LATE, "2026-06-01").finding.answer


def test_a_decision_on_it_counts_towards_a_repeat_once_it_is_coded(central, apply, found, decided):
    operator, visit, violation = found
    assert answer(central, operator) == "not_found"
    before = central.one("SELECT pos FROM feed WHERE kind = 'repeat' AND id = ?", operator)

    assert apply(do="code_violation", inspection=visit, violation=violation, code=LATE, **BY)["problems"] == {}

    assert answer(central, operator) == "repeat"
    assert central.one("SELECT pos FROM feed WHERE kind = 'repeat' AND id = ?", operator) > before
    assert central.one("SELECT code FROM found_acts WHERE violation = ?", violation) == ""
    assert verify(central.db).problems == ()


def test_the_latest_word_counts_and_none_fits_takes_it_back(central, apply, found, decided):
    operator, visit, violation = found
    apply(do="code_violation", inspection=visit, violation=violation, code=LATE, **BY)

    apply(do="code_violation", inspection=visit, violation=violation, code="", note="Không có hành vi phù hợp", **BY)

    assert answer(central, operator) == "not_found"
    assert verify(central.db).problems == ()


def test_a_correction_that_codes_it_wins_over_the_office(central, apply, found, decided):
    _, visit, violation = found
    apply(do="code_violation", inspection=visit, violation=violation, code="ND38-15.6b", **BY)
    base = central.one("SELECT line FROM visits JOIN items ON items.name = item WHERE visits.id = ?", visit)
    laptop = central.laptop()
    acts = [{"id": violation, "code": LATE, "text": "Karaoke ngoài giờ"}]
    said = {"date": "2026-03-01", "outcome": "violations", "violations": acts, "revision": 2, "reason": "Ghi mã"}

    assert laptop.sends(laptop.visit(read(base).body["establishment"], base=base, **said)) == ["accepted"]

    assert central.one("SELECT code FROM found_acts WHERE violation = ?", violation) == LATE
    assert "violation" in apply(do="code_violation", inspection=visit, violation=violation, code=LATE, **BY)["problems"]
    assert verify(central.db).problems == ()


@pytest.mark.parametrize(
    ("asked", "field"),
    [({"code": "ND38-99"}, "code"), ({"violation": new_id()}, "violation"), ({"on": "2027-01-01"}, "on"),
     ({"inspection": new_id()}, "inspection")],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(central, apply, found, asked, field):
    _, visit, violation = found

    answer = apply(**{"do": "code_violation", "inspection": visit, "violation": violation, "code": LATE, **BY, **asked})

    assert list(answer["problems"]) == [field]


def test_one_that_is_void_is_in_no_list(central, found):
    _, visit, _ = found
    base = central.one("SELECT line FROM visits JOIN items ON items.name = item WHERE visits.id = ?", visit)
    laptop, body = central.laptop(), read(base).body

    body |= {"revision": 2, "void": True, "reason": "Nhầm"}
    laptop.sends(laptop.line("inspection", visit, body, read(base).name))

    assert central.one("SELECT count(*) FROM found_acts") == 0


def test_a_decision_takes_the_codes_of_the_violations_it_names_and_the_place_of_the_visit(central, apply):
    operator, violation = new_id(), new_id()
    central.edit("operator", operator, {"name": "Hộ B", "form": "household"})
    place = central.place(**{"operator/1": {"from": "2019-01-01", "operator": operator}})
    laptop = central.laptop()
    line = laptop.visit(place, outcome="violations", violations=[{"id": violation, "code": LATE, "text": "x"}])
    laptop.sends(line)

    asked = {"number": "9", "authority": "Chủ tịch UBND xã", "inspection": read(line).id, "violations": [violation]}
    assert apply(do="decision", decided_on="2026-11-10", sanction="fine", **asked)["problems"] == {}

    row = central.db.conn.execute("SELECT operator, establishment, inspection, execution FROM decisions").fetchone()
    assert row == (operator, place, read(line).id, "unknown")
    assert central.one("SELECT code FROM decision_acts") == LATE


@pytest.mark.parametrize(
    ("more", "kept"),
    [
        ({"main_done_on": "2026-04-01"}, ("done", "2026-04-01", 0, 0, 0)),
        ({"main_done_on": "no"}, ("open", "", 0, 0, 0)),
        ({"main_done_on": "2026-04-01", "antt_certificate": {"from": "2026-04-01", "to": "2026-12-31"}},
         ("done", "2026-12-31", 0, 0, 0)),
        ({"main_done_on": "2026-04-01", "operating_licence": {"from": "2026-04-01"}}, ("unknown", "", 0, 0, 0)),
        ({"cancelled_on": "2026-05-01", "complaint_from": "2026-04-01"}, ("unknown", "", 1, 1, 0)),
        ({"evasion_from": "2026-05-01"}, ("unknown", "", 0, 0, 1)),
        ({"evasion_from": "2026-05-01", "evasion_to": "2026-06-01"}, ("unknown", "", 0, 0, 0)),
    ],
)  # fmt: skip
def test_how_far_a_decision_is_carried_out_stands_in_its_row(central, apply, more, kept):
    operator = new_id()
    central.edit("operator", operator, {"name": "Hộ B", "form": "household"})
    asked = {"number": "9", "authority": "UBND", "operator": operator, "codes": LATE, "sanction": "fine"}

    assert apply(do="decision", decided_on="2026-03-10", **asked, **more)["problems"] == {}

    row = central.db.conn.execute("SELECT execution, done_on, cancelled, complaint, evasion FROM decisions").fetchone()
    assert row == kept
    assert verify(central.db).problems == ()


def test_a_number_that_was_written_wrong_is_put_right(central, apply):
    operator = new_id()
    central.edit("operator", operator, {"name": "Hộ B", "form": "household"})
    asked = {"authority": "UBND", "operator": operator, "codes": LATE, "sanction": "fine", "decided_on": "2026-03-10"}
    apply(do="decision", number="9", **asked)
    apply(do="decision", number="10", **asked)
    id = central.one("SELECT id FROM decisions WHERE number = '9'")

    assert "number" in apply(do="decision", decision=id, number="10", authority="UBND")["problems"]
    assert apply(do="decision", decision=id, number="9a", authority="UBND")["problems"] == {}
    assert central.one("SELECT count(*) FROM decisions WHERE number IN ('9a', '10')") == 2
