"""The rule of repeat violations as a table: the day before, the day, the day after, of each settled reading."""

from datetime import date

import pytest

from schemas.repeat import Answer, Basis, Lacks
from server.law.months import NEVER, add_months

LATE, LATCH = "ND38-15.5b", "ND38-15.6b"
REPEAT, CANNOT, NOT = Answer.REPEAT, Answer.CANNOT_TELL, Answer.NOT_FOUND
PAID = {"main_done_on": "2024-04-20"}
WARNED = {"sanction": "warning"}


def table(*cases):
    """Name each case, and take it apart: what is known, then (day, answer) pairs."""
    return pytest.mark.parametrize(
        ("changes", "day", "answer"),
        [
            pytest.param(changes, day, answer, id=f"{name}, {day}")
            for name, changes, days in cases
            for day, answer in days
        ],
    )


@table(
    ("a fine that was paid: a year from that day", PAID,
     [("2024-03-09", NOT), ("2024-03-10", REPEAT), ("2024-04-20", REPEAT), ("2025-04-19", REPEAT),
      ("2025-04-20", NOT), ("2025-04-21", NOT)]),
    ("a warning carried out: six months", {**WARNED, **PAID},
     [("2024-10-19", REPEAT), ("2024-10-20", NOT), ("2024-10-21", NOT)]),
    ("a warning that orders nothing is carried out by being delivered",
     {**WARNED, "ordered": [], "delivered_on": "2024-03-12"}, [("2024-09-11", REPEAT), ("2024-09-12", NOT)]),
    ("a warning of which it is not known when it was delivered", {**WARNED, "ordered": []},
     [("2024-09-09", REPEAT), ("2024-09-10", CANNOT), ("2025-09-09", CANNOT), ("2025-09-10", NOT)]),
    ("known not paid: from the limit of enforcing it", {"main_done_on": "no"},
     [("2025-03-10", REPEAT), ("2026-03-09", REPEAT), ("2026-03-10", NOT), ("2026-03-11", NOT)]),
    ("a warning known not carried out", {**WARNED, "main_done_on": "no"},
     [("2025-09-09", REPEAT), ("2025-09-10", NOT)]),
    ("not known whether paid: nobody can tell between the two ends", {},
     [("2025-03-09", REPEAT), ("2025-03-10", CANNOT), ("2026-03-09", CANNOT), ("2026-03-10", NOT)]),
    ("a fine whose parts the list leaves out has its main part all the same", {"ordered": []},
     [("2025-03-09", REPEAT), ("2025-03-10", CANNOT), ("2026-03-10", NOT)]),
    ("a later part that is known bounds it better",
     {"ordered": ["main", "remedies"], "remedies_done_on": "2024-07-01"},
     [("2025-06-30", REPEAT), ("2025-07-01", CANNOT), ("2026-03-09", CANNOT), ("2026-03-10", NOT)]),
    ("what is not known cannot change the answer where another part is known not done",
     {"ordered": ["main", "additional"], "additional_done_on": "no"}, [("2026-03-09", REPEAT), ("2026-03-10", NOT)]),
    ("completed is the last of all parts",
     {**PAID, "ordered": ["main", "additional", "remedies"], "additional_done_on": "2024-09-30",
      "remedies_done_on": "2024-05-05"}, [("2025-09-29", REPEAT), ("2025-09-30", NOT)]),
    ("a suspension past the limit is completed on its last day",
     {**PAID, "ordered": ["main", "additional"], "additional_done_on": "2025-09-10"},
     [("2026-09-09", REPEAT), ("2026-09-10", NOT)]),
    ("a suspension of which only the last day is known",
     {**PAID, "ordered": ["main", "additional"], "suspension_to": "2025-09-10"},
     [("2026-09-09", REPEAT), ("2026-09-10", NOT)]),
    ("a remedy outstanding past the limit does not keep the window open",
     {**PAID, "ordered": ["main", "remedies"], "remedies_done_on": "no"},
     [("2026-03-09", REPEAT), ("2026-03-10", NOT)]),
    ("nor does one that was done after it",
     {**PAID, "ordered": ["main", "remedies"], "remedies_done_on": "2025-08-01"},
     [("2026-03-09", REPEAT), ("2026-03-10", NOT)]),
    ("paid on the very last day of the limit", {"main_done_on": "2025-03-10"},
     [("2026-03-09", REPEAT), ("2026-03-10", NOT)]),
    ("paid after the limit: nobody can tell between the two ends", {"main_done_on": "2025-05-10"},
     [("2026-03-09", REPEAT), ("2026-03-10", CANNOT), ("2026-05-09", CANNOT), ("2026-05-10", NOT)]),
    ("evasion ended: a year from then",
     {"main_done_on": "no", "evasion_from": "2024-06-01", "evasion_to": "2024-12-01"},
     [("2026-11-30", REPEAT), ("2026-12-01", NOT)]),
    ("evasion without an end still runs", {"main_done_on": "no", "evasion_from": "2024-06-01"},
     [("2030-01-01", REPEAT)]),
    ("evasion without an end, and not known whether paid", {"evasion_from": "2024-06-01"},
     [("2025-03-09", REPEAT), ("2025-03-10", CANNOT), ("2030-01-01", CANNOT)]),
    ("evasion that began on the last day of the limit", {"main_done_on": "no", "evasion_from": "2025-03-10"},
     [("2030-01-01", REPEAT)]),
    ("evasion that began after the limit is none", {"main_done_on": "no", "evasion_from": "2025-03-11"},
     [("2026-03-10", NOT)]),
    ("evasion does not matter once everything is carried out", {**PAID, "evasion_from": "2024-03-20"},
     [("2025-04-19", REPEAT), ("2025-04-20", NOT)]),
    ("a cancelled decision was never made", {**PAID, "cancelled_on": "2024-08-01"}, [("2024-05-01", NOT)]),
    ("a decision under complaint is in force", {**PAID, "complaint_from": "2024-03-20"}, [("2024-05-01", REPEAT)]),
    ("remedies only are no sanction", {"sanction": "none", "ordered": ["remedies"]}, [("2024-05-01", NOT)]),
    ("from the last of August, six months are the end of February",
     {**WARNED, "decided_on": "2023-08-20", "main_done_on": "2023-08-31"},
     [("2024-02-28", REPEAT), ("2024-02-29", NOT), ("2024-03-01", NOT)]),
    ("from the last of August in a year that is no leap year",
     {**WARNED, "decided_on": "2024-08-20", "main_done_on": "2024-08-31"},
     [("2025-02-27", REPEAT), ("2025-02-28", NOT)]),
    ("from the leap day, a year is the end of February", {"decided_on": "2024-02-20", "main_done_on": "2024-02-29"},
     [("2025-02-27", REPEAT), ("2025-02-28", NOT)]),
    ("decided on the leap day and never carried out", {"decided_on": "2024-02-29", "main_done_on": "no"},
     [("2026-02-27", REPEAT), ("2026-02-28", NOT)]),
)  # fmt: skip
def test_one_decision(ask, decision, changes, day, answer):
    assert ask(day, decision(**changes)).answer is answer


def test_no_decision_is_not_found_and_names_no_day(ask):
    found = ask("2024-05-01")

    assert (found.answer, found.cleared_on, found.windows, found.missing) == (NOT, "", (), ())


def test_another_act_of_the_same_article_is_another_act(ask, decision):
    assert ask("2024-05-01", decision(**PAID), code=LATCH).answer is NOT


def test_the_sanction_is_taken_act_by_act(ask, decision):
    both = decision(codes=[LATE, LATCH], sanctions={LATE: "fine", LATCH: "warning"}, **PAID)

    assert ask("2024-10-20", both, code=LATE).answer is REPEAT
    assert ask("2024-10-19", both, code=LATCH).answer is REPEAT
    assert ask("2024-10-20", both, code=LATCH).answer is NOT


def test_an_act_for_which_only_a_remedy_was_ordered_opens_nothing_beside_one_that_was_fined(ask, decision):
    both = decision(codes=[LATE, LATCH], sanctions={LATCH: "none"}, **PAID)

    assert ask("2024-05-01", both, code=LATE).answer is REPEAT
    assert ask("2024-05-01", both, code=LATCH).answer is NOT


def test_guests_not_notified_are_one_act_whatever_their_number(ask, decision):
    few = decision(codes=["ND282-10-2"], decided_on="2026-01-10", main_done_on="2026-02-01")

    assert ask("2026-06-01", few, code="ND282-10-4").answer is REPEAT


def test_a_group_outlives_its_decree(ask, decision):
    earlier = decision(codes=["ND144-27.1"], decided_on="2025-12-01", main_done_on="2025-12-10")

    # Nghị định 144 was replaced on 15 December 2025; the same act sanctioned under it still counts.
    assert ask("2026-12-09", earlier, code="ND144-27.1").answer is REPEAT
    assert ask("2026-12-10", earlier, code="ND144-27.1").answer is NOT


def test_an_act_whose_group_is_not_decided_is_never_found_and_says_what_is_missing(ask, decision):
    same = decision(codes=["ND282-X-loidung"], decided_on="2026-01-10", main_done_on="2026-02-01")

    for found in (ask("2026-03-01", same, code="ND282-X-loidung"), ask("2026-03-01", code="ND282-X-loidung")):
        assert found.answer is CANNOT
        assert [(one.what, one.of) for one in found.missing] == [(Lacks.ACT_GROUP, "ND282-X-loidung")]
    assert ask("2026-03-01", same, code=LATE).answer is NOT


def test_a_decision_never_makes_its_own_acts_a_repeat(ask, decision):
    own = decision(**PAID, inspection="visit")

    assert ask("2024-03-10", own, but="visit").answer is NOT
    assert ask("2024-03-10", own, but="another visit").answer is REPEAT


def test_what_is_missing_is_named_only_where_it_matters(ask, decision):
    state = decision(ordered=["main", "additional", "remedies"], additional_done_on="2024-09-01")

    sure, between, after = (ask(day, state) for day in ("2025-08-31", "2025-09-01", "2026-03-10"))

    assert sure.missing == after.missing == ()
    assert [(one.what, one.of) for one in between.missing] == [
        (Lacks.MAIN, "12/QĐ-XPHC"), (Lacks.REMEDIES, "12/QĐ-XPHC"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "cleared_on", "basis"),
    [
        (PAID, "2025-04-20", Basis.COMPLETED),
        ({"main_done_on": "no"}, "2026-03-10", Basis.LIMIT),
        ({}, "2026-03-10", Basis.LIMIT),
        ({"main_done_on": "2025-05-10"}, "2026-05-10", Basis.COMPLETED),
        ({"main_done_on": "no", "evasion_from": "2024-06-01"}, "", Basis.EVASION),
    ],
)
def test_a_repeat_says_from_which_day_it_would_be_none_and_why(ask, decision, changes, cleared_on, basis):
    found = ask("2024-05-01", decision(**changes))

    assert (found.cleared_on, found.basis) == (cleared_on, basis)
    assert (found.windows[0].number, found.windows[0].decided_on) == ("12/QĐ-XPHC", "2024-03-10")


def test_what_was_cleared_says_since_when(ask, decision):
    found = ask("2025-06-01", decision(**PAID))

    assert (found.answer, found.cleared_on, found.basis) == (NOT, "2025-04-20", Basis.COMPLETED)
    assert [one.number for one in found.known] == ["12/QĐ-XPHC"]


def test_while_a_newer_decision_exists_its_own_window_is_used(ask, decision):
    older = decision(**PAID)
    newer = decision(number="30/QĐ", decided_on="2025-02-01", main_done_on="2025-02-10", committed_on="2025-01-20")

    found = ask("2025-03-01", older, newer)

    assert (found.windows[0].number, found.cleared_on) == ("30/QĐ", "2026-02-10")
    assert ask("2026-02-09", older, newer).answer is REPEAT
    assert ask("2026-02-10", older, newer).answer is NOT


@pytest.mark.parametrize(
    ("committed_on", "between"),
    [("2025-04-19", REPEAT), ("2025-04-20", NOT), (None, CANNOT)],
)
def test_an_older_one_is_not_cleared_if_a_sanctioned_act_fell_inside_it(ask, decision, committed_on, between):
    older = decision(**PAID)  # cleared on 20 April 2025
    newer = decision(number="30/QĐ", decided_on="2025-06-15", main_done_on="2025-06-20", committed_on=committed_on)

    assert ask("2025-04-19", older, newer).answer is REPEAT
    assert ask("2025-04-20", older, newer).answer is between
    assert ask("2025-06-14", older, newer).answer is between
    assert ask("2025-06-15", older, newer).answer is REPEAT


def test_a_newer_decision_whose_act_cannot_have_fallen_inside_changes_nothing(ask, decision):
    older, newer = decision(**PAID), decision(number="30/QĐ", decided_on="2027-05-01")

    assert ask("2026-01-01", older, newer).answer is NOT


def test_an_older_one_that_lasts_longer_is_not_forgotten(ask, decision):
    unpaid = decision(main_done_on="no")  # until 10 March 2026
    warned = decision(number="30/QĐ", decided_on="2024-06-01", sanction="warning", main_done_on="2024-06-02")

    assert ask("2025-01-01", unpaid, warned).answer is REPEAT


def test_what_is_sure_comes_before_what_is_not(ask, decision):
    unsure, sure = decision(number="1"), decision(number="2", decided_on="2024-12-01", main_done_on="2024-12-20")

    found = ask("2025-06-01", unsure, sure)

    assert (found.answer, found.missing, [one.number for one in found.windows]) == (REPEAT, (), ["2"])


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        ("2023-08-31", 6, "2024-02-29"), ("2024-08-31", 6, "2025-02-28"), ("2024-02-29", 12, "2025-02-28"),
        ("2024-01-31", 1, "2024-02-29"), ("2024-12-31", 12, "2025-12-31"), ("2025-03-31", -1, "2025-02-28"),
        ("2025-01-15", -24, "2023-01-15"),
    ],
)  # fmt: skip
def test_months_are_those_of_the_calendar(day, months, then):
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(then)


def test_months_beyond_the_calendar_end_with_it():
    assert (add_months(date(1, 1, 1), -12), add_months(date(9999, 6, 1), 12)) == (date.min, NEVER)


def test_what_has_no_end_has_none_months_later():
    assert add_months(NEVER, 12) == NEVER
