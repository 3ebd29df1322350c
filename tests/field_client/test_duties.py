"""Duties of visits on the laptop: from the outcome, until somebody says they are done; and undone."""

from datetime import timedelta

import pytest

from field_client import duties, findings
from field_client.records import NotValid
from field_client.store import writing
from field_client.store.own import add
from schemas.ids import new_id
from tests.field_client.conftest import AT

DONE = {"on": "2026-11-20", "done": True, "note": ""}


def ids(laptop, at=AT):
    return [task.due.row.id for task in duties.to_do(laptop.db, at)]


def say(laptop, visit, duty, **more):
    duties.say(laptop.db, [visit], {"duty": duty, **DONE, **more}, at=AT)


def paper(laptop, kept, happening, **more):
    body = {"inspection": kept.id, "item": kept.item, "happening": happening, "on": "2026-11-06", **more}
    with writing(laptop.db) as conn:
        add(conn, "paper", new_id(), body, author="Lê Thị Hạnh", at=AT)


def test_a_visit_makes_its_duties_with_their_last_day_and_overdue_is_said(laptop):
    laptop.record(basis="unscheduled", trigger="signs", ground="Đơn số 12", crime_signs=True, ended="21:00")

    first, second = duties.to_do(laptop.db, AT)

    assert (first.due.row.id, first.due.day.isoformat(), first.due.clock) == ("hand-over-file", "2026-11-06", "21:00")
    assert first.overdue
    assert (second.due.row.id, second.due.day.isoformat()) == ("report-unscheduled", "2026-11-19")
    assert second.name == "Karaoke Đông Đô"


def test_on_its_last_day_a_duty_is_not_overdue(laptop):
    laptop.record(date="2026-11-06")

    [task] = duties.to_do(laptop.db, AT)
    assert (task.due.day.isoformat(), task.overdue) == ("2026-11-20", False)

    [task] = duties.to_do(laptop.db, AT + timedelta(days=1))
    assert task.overdue


def test_what_is_done_leaves_the_list_and_can_be_taken_back(laptop):
    visit = laptop.record().id
    assert ids(laptop) == ["report-results"]

    say(laptop, visit, "report-results", note="Báo cáo số 3")
    assert ids(laptop) == []
    [task] = duties.of_visit(laptop.db, visit, AT)
    assert (task.done.body["note"], task.overdue) == ("Báo cáo số 3", False)

    say(laptop, visit, "report-results", done=False)
    assert ids(laptop) == ["report-results"]
    assert laptop.one("SELECT count(*) FROM own WHERE kind = 'duty' AND waiting = 1") == 2


def test_one_press_says_it_for_several_visits_or_for_none(laptop):
    visits = [laptop.record().id for _ in range(3)]
    [group] = duties.grouped(duties.to_do(laptop.db, AT))
    assert {task.inspection for task in group} == set(visits)

    with pytest.raises(NotValid):
        duties.say(laptop.db, visits, {"duty": "report-results", **DONE, "on": "mai"}, at=AT)
    assert len(duties.to_do(laptop.db, AT)) == 3

    duties.say(laptop.db, visits, {"duty": "report-results", **DONE}, at=AT)
    assert duties.to_do(laptop.db, AT) == []


def test_findings_that_were_resolved_need_no_following_up(laptop):
    visit = laptop.record(answers={"COM-13": "fail"}).id
    assert "remedy-follow-up" in ids(laptop)

    findings.resolve(laptop.db, visit, "COM-13", {"on": "2026-11-10", "how": "papers", "seen": "Đã ký"}, at=AT)

    assert "remedy-follow-up" not in ids(laptop)


def test_a_handwritten_original_is_to_be_scanned_and_then_is_not(laptop):
    kept = laptop.record()
    paper(laptop, kept, "original", original="handwritten")
    assert "scan-original" in ids(laptop)

    paper(laptop, kept, "scanned")
    assert "scan-original" not in ids(laptop)


def test_a_correction_s_paper_is_to_be_handed_over(laptop):
    first = laptop.record()
    kept = laptop.record(first.id, remark="Đã nhắc nhở", reason="Ghi thiếu")
    assert "correction-paper" in ids(laptop)

    paper(laptop, first, "handed_over")
    assert "correction-paper" in ids(laptop)
    paper(laptop, kept, "handed_over")
    assert "correction-paper" not in ids(laptop)


def test_attempts_and_voided_and_declined_visits_make_nothing_to_do(laptop):
    laptop.record(outcome="closed_tonight", remark="Cửa đóng")
    visit = laptop.record().id
    laptop.record(visit, void=True, reason="Ghi nhầm")
    other = laptop.record(date="2026-11-06").id
    laptop.db.conn.execute("UPDATE visits SET standing = 'declined' WHERE id = ?", (other,))

    assert ids(laptop) == []


def test_the_team_s_visits_of_other_laptops_count_and_those_of_other_teams_do_not(laptop):
    laptop.record()
    laptop.db.conn.execute("UPDATE visits SET own = 0, standing = 'accepted', team = ?", (new_id(),))
    assert ids(laptop) == []

    laptop.db.conn.execute("UPDATE visits SET team = coalesce((SELECT value FROM meta WHERE key = 'team'), '')")
    assert ids(laptop) == ["report-results"]


def test_old_visits_stay_on_their_own_page(laptop):
    visit = laptop.record(date="2026-01-05").id

    assert ids(laptop) == []
    assert [task.due.row.id for task in duties.of_visit(laptop.db, visit, AT)] == ["report-results"]
