"""Rules of a visit: when each is pointed out, and when it is not."""

import pytest

from schemas.visit_rules import Known, child_protection, expected_papers, points, rules, soon_days


def visit(**more):
    """Write down a visit in which nothing is pointed out."""
    members = [{"name": name, "card": f"T-{name}"} for name in "ABC"]
    return {"date": "2026-11-05", "basis": "planned", "outcome": "no_violation", "members": members,
            "representative": "Chủ cơ sở", "started": "20:00", "ended": "21:00", "copies": 2, **more}  # fmt: skip


def said(body, **known):
    return [point.rule.id for point in points(body, Known(**known))]


def test_an_ordinary_visit_is_left_in_peace():
    assert said(visit()) == []


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (visit(members=[{"name": "A", "card": "1"}]), "quorum"),
        (visit(members=[{"name": "A", "card": "1"}, {"name": "B", "card": "2"}, {"name": "C"}]), "card-missing"),
        (visit(basis="unscheduled", trigger="signs", ground="dấu hiệu"), "evidence"),
        (visit(basis="recheck"), "recheck-of-nothing"),
        (visit(representative="  "), "no-representative"),
        (visit(crime_signs=True), "crime-signs"),
        (visit(copies=1), "copies"),
        (visit(outcome="violations", violations=[{"text": "Hành vi"}]), "outside-catalogue"),
        (visit(answers={"COM-13": "fail"}), "failed-without-violation"),
        (visit(workers={"total": 3, "under_18": 1}), "child"),
        (visit(workers={"total": 3, "contract": 4}), "counts"),
    ],
)
def test_what_is_out_of_order_is_pointed_out(body, rule):
    assert said(body) == [rule]


@pytest.mark.parametrize(
    "body",
    [
        visit(basis="recheck", followed=[{"finding": "COM-13"}]),
        visit(outcome="violations", violations=[{"text": "Hành vi", "citation": "Đ.5"}]),
        visit(outcome="violations", violations=[{"code": "ND38-15.2"}]),
        visit(answers={"MAS-06": "fail"}),
        visit(workers={"total": 3, "under_18": 1}, child_called=True),
        visit(workers={"total": 3, "contract": 3}),
        visit(copies=3),
        visit(copies="hai"),
    ],
)
def test_what_is_in_order_is_not(body):
    assert said(body) == []


def test_cards_past_their_day_are_counted_and_nobody_is_named():
    [point] = points(visit(), Known(expired_cards=2))

    assert point.words == "Thẻ kiểm tra của 02 người đã hết hạn vào ngày kiểm tra"


@pytest.mark.parametrize(
    ("body", "rules"),
    [
        (visit(), ["planned-again", "again-without-signs"]),
        (visit(ground="Đơn số 12", evidence="Ảnh"), []),
        (visit(ground="Đơn số 12"), ["again-without-signs"]),
        (visit(basis="unscheduled", trigger="request", ground="Công văn 5", evidence="Công văn"), ["request-alone"]),
        (visit(basis="unscheduled", trigger="signs", ground="Dấu hiệu", evidence="Ảnh"), []),
        (visit(basis="recheck", followed=[{"finding": "COM-13"}]), []),
    ],
)
def test_a_second_check_in_a_year_needs_clear_signs(body, rules):
    assert said(body, clash=True) == rules


@pytest.mark.parametrize(
    ("kinds", "started", "ended", "pointed"),
    [
        (("karaoke",), "23:30", "00:15", True),
        (("karaoke",), "23:30", "23:59", False),
        (("karaoke",), "07:59", "09:00", True),
        (("karaoke",), "08:00", "09:00", False),
        (("karaoke",), "01:00", "", True),
        (("dance_hall",), "23:30", "01:59", False),
        (("dance_hall",), "23:30", "02:00", True),
        (("massage",), "01:00", "02:00", False),
        (("karaoke",), "khuya", "", False),
    ],
)
def test_places_that_work_in_closed_hours(kinds, started, ended, pointed):
    body = visit(started=started, ended=ended, found_working=True)

    assert said(body, kinds=kinds) == (["hours"] if pointed else [])
    assert said({**body, "found_working": False}, kinds=kinds) == []


def test_hours_are_not_pointed_out_once_the_item_says_so_nor_before_the_decree():
    body = visit(started="01:00", found_working=True, outcome="violations", violations=[{"code": "x"}],
                 answers={"KAR-06": "fail"})  # fmt: skip

    assert said(body, kinds=("karaoke",)) == []
    assert said({**body, "answers": {}, "date": "2019-08-31"}, kinds=("karaoke",)) == []


def test_an_attempt_is_asked_for_its_members_and_ground_only():
    attempt = {"date": "2026-11-05", "basis": "planned", "outcome": "closed_tonight"}

    assert said(attempt) == ["quorum"]


@pytest.mark.parametrize("broken", [{}, {"members": 3}, {"workers": [1]}, {"answers": "x"}, {"violations": [2]},
                                    {"basis": ["x"]}, {"outcome": 7}, {"outcome": ["x"]}])  # fmt: skip
def test_a_draft_that_is_half_written_is_read_all_the_same(broken):
    assert "quorum" in said(broken, clash=True, kinds=("karaoke",))


def test_every_rule_has_a_source_and_a_mark():
    assert all(rule.words_en and rule.mark in {"V", "V-2nd", "GK", "INF"} for rule in rules().values())
    assert all(rule.source or rule.mark == "INF" for rule in rules().values())
    assert all(paper.source and paper.kinds for paper in expected_papers())
    assert soon_days() == 30


def test_the_steps_for_children_have_a_number_that_waits_to_be_confirmed():
    child = child_protection()

    assert (child.number, child.confirmed_by) == ("111", "")
    assert len(child.steps) == 4
