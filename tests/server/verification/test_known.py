"""The one answer of four that the server gives to a code, by what stands there."""

import pytest

from schemas.ids import new_id
from schemas.items import name_of, read
from schemas.minutes_answer import Answer
from schemas.minutes_code import Minutes, MinutesCode, short_of, sign
from server.changes.desk import Desk
from server.changes.erasing import erase
from server.office import Change, make, state_of
from server.verification.known import prove
from tests.conftest import AT, ELSEWHERE


@pytest.fixture
def answer(central):
    """Return a function that answers a code and the short code of the same item."""

    def both(code):
        short = short_of(code.minutes.name if isinstance(code, MinutesCode) else code)
        whole = prove(central.db.conn, code) if isinstance(code, MinutesCode) else None
        return whole, prove(central.db.conn, short)

    return both


@pytest.fixture
def end(central):
    """Return a function that locks a laptop, or takes it out of use."""

    def close(signing, **how):
        state = state_of(central.db.conn, "device", signing.laptop.id)
        central.edit("device", signing.laptop.id, how, state)

    return close


def test_what_was_received_matches(central, printing, answer):
    one, place = printing(), central.place()
    line = one.laptop.visit(place)
    assert one.laptop.sends(line) == ["accepted"]

    assert answer(one.code(line)) == (Answer.MATCHES, Answer.MATCHES)


def test_what_is_still_on_the_laptop_is_signed_and_not_received(central, printing, answer):
    one = printing()
    line = one.laptop.visit(central.place())

    assert answer(one.code(line)) == (Answer.NOT_RECEIVED, Answer.NO_MATCH)


def test_a_corrected_paper_was_replaced_and_its_correction_matches(central, printing, answer):
    one = printing()
    first = one.laptop.visit(central.place())
    second = one.laptop.visit(read(first).body["establishment"], base=first, revision=2, reason="Sai ngày")
    assert one.laptop.sends(first, second) == ["accepted"] * 2

    assert answer(one.code(first)) == (Answer.REPLACED,) * 2
    assert answer(one.code(second)) == (Answer.MATCHES,) * 2


def test_a_voided_paper_says_so(central, printing, answer):
    one = printing()
    first = one.laptop.visit(central.place())
    void = one.laptop.visit(read(first).body["establishment"], base=first, revision=2, reason="Nhầm", void=True)
    assert one.laptop.sends(first, void) == ["accepted"] * 2

    assert answer(one.code(first)) == answer(one.code(void)) == (Answer.REPLACED,) * 2


def test_a_paper_printed_again_by_another_laptop_is_proven_by_that_one(central, printing, answer):
    one, other = printing(), printing(ELSEWHERE)
    line = one.laptop.visit(central.place())
    one.laptop.sends(line)

    assert answer(other.code(line))[0] is Answer.MATCHES


@pytest.mark.parametrize("wrong", [
    {"inspection": new_id()}, {"revision": 2}, {"date": "2026-11-06"}, {"device": new_id()},
])  # fmt: skip
def test_a_code_that_says_something_else_of_what_was_received_does_not_match(central, printing, answer, wrong):
    one = printing()
    line = one.laptop.visit(central.place())
    one.laptop.sends(line)

    assert answer(one.code(line, **wrong))[0] is Answer.NO_MATCH


def test_a_code_in_another_laptops_name_does_not_match(central, printing, answer):
    one, other = printing(), printing()
    line = one.laptop.visit(central.place())
    one.laptop.sends(line)

    assert answer(other.code(line, device=one.laptop.id))[0] is Answer.NO_MATCH


def test_what_nobody_signed_does_not_match(central, printing, answer):
    one = printing()
    stranger = sign(Minutes(new_id(), 1, "2026-11-05", "0" * 64, one.laptop.id), printing().key.sign)

    assert answer(stranger) == (Answer.NO_MATCH, Answer.NO_MATCH)


@pytest.mark.parametrize("how", [{"revoked_on": "2026-11-20"}, {"retired_on": "2026-11-20"}])
def test_of_a_closed_laptop_only_what_was_let_in_goes_on_to_match(central, printing, answer, end, how):
    one, place = printing(), central.place()
    before, never, late = (one.laptop.visit(place, date=f"2026-11-0{n}") for n in (1, 2, 3))
    one.laptop.sends(before)
    end(one, **how)
    assert one.laptop.sends(late) == ["quarantined"]

    assert answer(one.code(before)) == (Answer.MATCHES,) * 2
    assert answer(one.code(never))[0] is Answer.NO_MATCH
    assert answer(one.code(late)) == (Answer.NO_MATCH,) * 2


def test_what_a_locked_laptop_sent_for_an_unknown_place_waits_and_proves_nothing(central, printing, answer, end):
    one = printing()
    line = one.laptop.visit(new_id())
    end(one, revoked_on="2026-11-20")
    assert one.laptop.sends(line) == ["held"]

    assert answer(one.code(line)) == (Answer.NO_MATCH,) * 2


@pytest.mark.parametrize(("decision", "proven"), [("release", Answer.MATCHES), ("decline", Answer.NO_MATCH)])
def test_a_person_says_what_becomes_of_what_a_locked_laptop_sent(central, printing, answer, end, decision, proven):
    one = printing()
    line = one.laptop.visit(central.place())
    end(one, revoked_on="2026-11-20")
    one.laptop.sends(line)

    decide(central, decision, name_of(line))

    assert answer(one.code(line)) == (proven, proven)


def decide(central, kind, name):
    make(central.db, [Change(kind, new_id(), {"item": name, "reason": "Đã hỏi đội"})], author="test", at=AT)


def test_what_is_received_and_must_be_put_right_is_not_let_in_until_it_was(central, printing, answer):
    one = printing()
    wrong = one.laptop.visit(central.place(), outcome="fine")
    assert one.laptop.sends(wrong) == ["quarantined"]
    assert answer(one.code(wrong)) == (Answer.NOT_RECEIVED,) * 2

    right = one.laptop.visit(read(wrong).body["establishment"], base=wrong, revision=2, reason="Ghi sai")
    assert one.laptop.sends(right) == ["accepted"]

    assert answer(one.code(wrong)) == (Answer.REPLACED,) * 2
    assert answer(one.code(right)) == (Answer.MATCHES,) * 2


def test_of_two_versions_both_match_until_one_is_chosen(central, printing, answer):
    one, other = printing(), printing()
    first = one.laptop.visit(central.place())
    one.laptop.sends(first)
    place = read(first).body["establishment"]
    here, there = (by.laptop.visit(place, base=first, revision=2, reason="Sai ngày") for by in (one, other))
    assert one.laptop.sends(here) + other.laptop.sends(there) == ["accepted", "conflict"]

    assert answer(one.code(here)) == answer(other.code(there)) == (Answer.MATCHES,) * 2


def test_the_paper_of_a_body_that_was_erased_still_matches_and_was_replaced(central, printing, answer):
    one = printing()
    first = one.laptop.visit(central.place(), statement="có tên một người")
    second = one.laptop.visit(read(first).body["establishment"], base=first, revision=2, reason="Che")
    one.laptop.sends(first, second)
    erase(central.db, Desk(central.db.conn, "test", AT.date()), {"item": name_of(first), "ground": "Nghị định"}, AT)
    assert central.one("SELECT length(line) FROM items WHERE name = ?", name_of(first)) == 0

    assert answer(one.code(first)) == (Answer.REPLACED,) * 2
