"""Findings: what a visit leaves open, what closes it, what opens it again."""

import pytest

from schemas.findings import Said, Seen, followed_on, found_on, left_open, standing

FIRST, SECOND, THIRD = "visit-1", "visit-2", "visit-3"
ACT = "018f6d3c-5a10-7c21-9b44-6f0a1d2e4005"


def body(**more):
    return {"answers": {"COM-01": "pass", "COM-13": "fail"}, **more}


def said(inspection, date, of=None, *followed, at="", how=""):
    of = of or {}
    seen = tuple(Seen(*one) for one in followed)
    return Said(inspection, date, at, how, found=found_on(of), followed=seen or followed_on(of))


def keys(found):
    return [(finding.inspection, finding.key) for finding in found]


def test_a_failed_item_and_a_violation_are_findings():
    found = found_on(body(violations=[{"id": ACT, "code": "ND38-15.2", "facts": "Không có biển tên"}],
                          notes={"COM-13": "Chưa ký"}))  # fmt: skip

    assert [(one.key, one.code, one.words) for one in found] == [
        (ACT, "ND38-15.2", "Không có biển tên"), ("COM-13", "", "Chưa ký"),
    ]  # fmt: skip


def test_an_item_whose_violation_was_written_down_is_one_finding():
    found = found_on({"answers": {"COM-02": "fail"}, "violations": [{"id": ACT, "code": "ND282-X-antt"}]})

    assert [one.key for one in found] == [ACT]


def test_what_is_only_advised_leaves_nothing_open():
    assert found_on({"answers": {"MAS-06": "fail"}}) == ()


@pytest.mark.parametrize("broken", [{}, {"answers": 5}, {"violations": "x"}, {"violations": [3, {"code": 1}]},
                                    {"followed": [{"resolved": "yes"}]}, {"answers": {"COM-99": "fail"}}])  # fmt: skip
def test_a_body_that_breaks_the_rules_leaves_nothing_open(broken):
    assert (found_on(broken), followed_on(broken)) == ((), ())


def test_a_finding_is_open_until_somebody_saw_it_resolved():
    visits = [said(FIRST, "2026-03-01", body()), said(SECOND, "2026-06-01", {})]
    assert keys(left_open(visits)) == [(FIRST, "COM-13")]

    visits.append(said(THIRD, "2026-07-01", {}, (FIRST, "COM-13", True, "Đã ký")))
    assert left_open(visits) == []
    [closed] = standing(visits)
    assert (closed.resolved, closed.last_on, closed.last_seen) == (True, "2026-07-01", "Đã ký")


def test_the_order_of_days_decides_and_not_the_order_of_arrival():
    unresolved = said(THIRD, "2026-09-01", {}, (FIRST, "COM-13", False, "Lại chưa ký"))
    resolved = said(FIRST, "2026-07-01", {}, (FIRST, "COM-13", True, "Bản scan"), how="papers")

    [finding] = left_open([unresolved, resolved, said(FIRST, "2026-03-01", body())])

    assert (finding.resolved, finding.last_seen) == (False, "Lại chưa ký")


def test_on_one_day_the_later_word_counts():
    first = said(FIRST, "2026-03-01", body())
    early, late = (said(SECOND, "2026-07-01", {}, (FIRST, "COM-13", value, ""), at=at)
                   for value, at in ((True, "1"), (False, "2")))  # fmt: skip

    assert keys(left_open([first, late, early])) == [(FIRST, "COM-13")]


def test_an_item_that_fails_again_is_the_same_finding_while_it_is_open():
    assert keys(left_open([said(FIRST, "2026-03-01", body()), said(SECOND, "2026-06-01", body())])) == [
        (FIRST, "COM-13")
    ]


def test_an_item_that_fails_again_after_it_was_resolved_is_another_finding():
    again = body(followed=[{"inspection": FIRST, "finding": "COM-13", "resolved": True, "seen": "Đã ký"}])

    visits = [said(FIRST, "2026-03-01", body()), said(SECOND, "2026-06-01", again)]

    assert keys(left_open(visits)) == [(SECOND, "COM-13")]


def test_what_is_said_of_a_finding_of_a_voided_visit_is_passed_over():
    assert standing([said(SECOND, "2026-06-01", {}, (FIRST, "COM-13", False, ""))]) == []


def test_the_same_act_found_twice_is_two_findings():
    one, other = ({"violations": [{"id": id, "code": "ND38-15.2"}]} for id in (ACT, ACT[:-1] + "6"))

    assert len(left_open([said(FIRST, "2026-03-01", one), said(SECOND, "2026-06-01", other)])) == 2
