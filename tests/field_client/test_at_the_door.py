"""What a team knows at the door: visits, findings, papers, a check this year; of merged records and operators too."""

from datetime import date

import pytest

from field_client import places
from field_client.at_the_door import known
from schemas.ids import new_id
from tests.field_client.conftest import place_state

DAY = date(2026, 11, 20)


def at(laptop, day=DAY, **asked):
    return known(laptop.db, places.find(laptop.db, "establishment", laptop.place), day, **asked)


def learn(laptop, *things):
    for kind, id, state in things:
        laptop.line.knows(kind, id, state)
    assert not laptop.sync().trouble


def outside(laptop, place, day):
    laptop.db.conn.execute(
        "INSERT INTO outside_checks (id, establishment, date, agency, paper) VALUES (?, ?, ?, 'Sở Y tế', '')",
        (new_id(), place, day),
    )


def test_the_last_visits_with_what_they_left_open(laptop):
    for day in ("2025-01-05", "2025-02-05", "2025-03-05", "2025-04-05"):
        last = laptop.record(date=day, answers={"COM-13": "fail"} if day == "2025-04-05" else {}).id
    laptop.record(date="2025-05-05", outcome="closed_tonight", remark="Cửa đóng")

    door = at(laptop)

    assert [visit.date for visit in door.visits] == ["2025-04-05", "2025-03-05", "2025-02-05"]
    assert door.open_by_visit[last] == 1
    assert [finding.key for finding in door.findings] == ["COM-13"]
    assert door.clash == ()


def test_what_came_after_the_day_is_not_known_at_the_door(laptop):
    laptop.record(date="2026-11-10", answers={"COM-13": "fail"})

    door = at(laptop, date(2026, 11, 9))

    assert (door.visits, door.findings) == ((), ())
    assert [check.date for check in door.clash] == ["2026-11-10"], "the year is used up all the same"


def test_a_check_in_the_year_is_a_clash_by_whomever(laptop):
    visit = laptop.record(date="2026-03-05").id
    outside(laptop, laptop.place, "2026-06-01")
    outside(laptop, laptop.place, "2025-12-31")

    assert [(check.date, check.agency) for check in at(laptop).clash] == [("2026-06-01", "Sở Y tế"), ("2026-03-05", "")]
    assert [check.date for check in at(laptop, but=visit).clash] == ["2026-06-01"]


def test_a_visit_that_does_not_count_is_no_clash(laptop):
    laptop.record(members=[{"name": "An"}])

    assert at(laptop).clash == ()


def test_the_same_operator_elsewhere_is_a_note(laptop):
    operator, other = new_id(), new_id()
    runs = {"operator/1": {"from": "2019-01-01", "operator": operator}}
    learn(laptop, ("operator", operator, {"name": "Hộ Được", "form": "household"}),
          ("establishment", laptop.place, place_state(**runs)), ("establishment", other, place_state("Hai", **runs)))
    laptop.record(establishment=other, date="2026-03-05")
    outside(laptop, other, "2026-02-01")

    door = at(laptop)

    assert door.clash == ()
    assert [(check.date, check.place) for check in door.elsewhere] == [("2026-03-05", "Hai"), ("2026-02-01", "Hai")]


def test_visits_to_a_merged_record_are_visits_to_the_place(laptop):
    other = new_id()
    learn(laptop, ("establishment", other, place_state("Hai", merged_into=laptop.place)))
    laptop.record(establishment=other, date="2026-03-05")

    assert [check.date for check in at(laptop).clash] == ["2026-03-05"]


def licence(type, to, number="12"):
    return {"type": type, "number": number, "from": "2019-01-01", "to": to}


@pytest.mark.parametrize(
    ("to", "state"),
    [("2026-11-19", "expired"), ("2026-11-20", "soon"), ("2026-12-20", "soon"), ("2026-12-21", None), (None, None)],
)
def test_papers_that_have_expired_or_soon_will(laptop, to, state):
    papers = {"licence/1": licence("operating_licence", to), "licence/2": licence("antt_certificate", None)}
    learn(laptop, ("establishment", laptop.place, place_state(**papers)))

    assert [(paper.type, paper.state) for paper in at(laptop).papers] == (
        [("operating_licence", state)] if state else []
    )


def test_a_newer_paper_takes_the_place_of_an_expired_one(laptop):
    papers = {"licence/1": licence("operating_licence", "2024-01-01"), "licence/2": licence("antt_certificate", None),
              "licence/3": licence("operating_licence", "2029-01-01", "13")}  # fmt: skip
    learn(laptop, ("establishment", laptop.place, place_state(**papers)))

    assert at(laptop).papers == ()


def test_papers_that_the_kind_asks_for_and_nobody_listed(laptop):
    assert {(paper.type, paper.state) for paper in at(laptop).papers} == {
        ("antt_certificate", "missing"), ("operating_licence", "missing"),
    }  # fmt: skip


def test_while_the_lease_has_ended_only_what_was_made_here_is_shown(laptop):
    laptop.record(date="2026-03-05", answers={"COM-13": "fail"})
    outside(laptop, laptop.place, "2026-06-01")
    laptop.record(date="2026-04-05", answers={"COM-10": "fail"})
    laptop.db.conn.execute("UPDATE visits SET own = 0, standing = 'accepted' WHERE date = '2026-04-05'")

    door = at(laptop, ours=True)

    assert [visit.date for visit in door.visits] == ["2026-03-05"]
    assert [finding.key for finding in door.findings] == ["COM-13"]
    assert [check.date for check in door.clash] == ["2026-03-05"]
