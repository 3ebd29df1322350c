"""The work of a year: tasks and their state, inspections of communes' own work, what a review found, proposals."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from schemas.units import Epoch
from schemas.work import Decided, Renewal, TaskStanding, standing_tasks, unit_checklist
from server.arrivals.verify import verify
from server.arrivals.world import unit_tree
from server.changes import apply_one
from server.coverage.ask import coverage
from server.store import reading
from server.work.answer import work
from server.work.known import facts
from server.work.sentences import sentences
from server.work.words import _NOTHING, _SENTENCES
from tests.server.pages.conftest import COMMUNE, PROVINCE

TODAY = date(2026, 11, 20)
TASKS = {
    "task/TT3.2a": {"name": "Kiện toàn Đoàn kiểm tra liên ngành", "deadline": "TD1", "time": "Quý I/2026",
                    "lead": ["UBND tỉnh; UBND các huyện"], "help": []},
    "task/TT1.2b": {"name": "Xây dựng chuyên trang", "time": "Thường xuyên", "lead": ["Sở Văn hóa"],
                    "help": ["Sở Lao động - Thương binh và Xã hội"]},
    "task/TT2.2a": {"name": "Hoạt động trợ giúp", "time": "Cả năm", "due": "06-30", "lead": ["UBND các xã, phường"],
                    "help": []},
    "task/TT3.2c": {"name": "Kiểm tra các địa phương", "sentence": "kiểm tra, giám sát đối với các địa phương",
                    "lead": ["Công an tỉnh"], "help": ["UBND các huyện, thị xã, thành phố"]},
}  # fmt: skip


def year(office, unit=PROVINCE, of=2026, plan=None, today=TODAY):
    with reading(office.db) as conn:
        return work(conn, unit_tree(conn), plan, unit, of, today)


def say(office, do, **asked):
    return apply_one(office.db, {"do": do, **asked}, author="test", at=office.at)["problems"]


def test_a_year_has_the_tasks_of_the_plans_that_hold_and_what_is_due_every_year(office):
    plan = office.plan(area=PROVINCE, **TASKS)
    office.plan(area=PROVINCE, year=2025, **{"task/X": {"name": "Việc của năm trước"}})
    assert say(office, "year_task", plan=plan, task="TT1.2b", unit="38", year=2026, standing="doing") == {}

    found = {one.code: one for one in year(office).tasks}

    assert found.keys() == {"HD1", "TT3.2a", "TT1.2b", "TT2.2a", "TT3.2c"}  # TT3.2a is TD1 of this plan
    assert [found[code].due for code in ("HD1", "TT3.2a", "TT2.2a", "TT1.2b")] == [
        "2026-01-31", "2026-03-31", "2026-06-30", ""]  # fmt: skip
    assert [code for code, one in found.items() if one.overdue] == ["TT3.2a", "TT2.2a"]
    assert (found["HD1"].standing, found["HD1"].paper_number) == (TaskStanding.DONE, "86/KH-UBND")  # this very plan
    assert found["TT1.2b"].standing is TaskStanding.DOING
    assert {one.code for one in year(office, COMMUNE).tasks} == {"HD1", "TT3.2a", "TT2.2a", "TT3.2c"}
    assert {one.code for one in year(office, of=2024).tasks} == {one.code for one in standing_tasks()}


@pytest.mark.parametrize(("said", "field"), [
    ({"task": "X9"}, "task"), ({"task": "HD1", "standing": "done"}, "on"),
    ({"task": "HD1", "standing": "not_done"}, "reason"), ({"task": "HD1", "on": "2027-01-05"}, "on"),
    ({"task": "HD1", "note": "Nhân viên Nguyễn Thị Hoa vắng"}, "note"), ({"task": "HD1", "year": "nay"}, "year"),
])  # fmt: skip
def test_a_task_that_is_not_said_rightly_is_told_where(office, said, field):
    assert list(say(office, "year_task", **{"unit": "38", "year": 2026, **said})) == [field]


def test_the_renewal_is_as_far_as_the_register_of_teams_says(office):
    office.team_of(PROVINCE, "Đội tỉnh")
    old = office.team_of(name="Đội xã", valid_from="2025-02-01", valid_to="2025-12-31")
    office.team_of(name="Đội nhiều năm", valid_from="2024-01-01", valid_to="2027-12-31")
    office.team_of("old:397", "Đội huyện", valid_from="2024-01-01", valid_to="2025-06-30")  # there is no such unit now

    before = year(office)
    made = say(office, "renew_team", team=old, valid_from="2026-05-04", valid_to="2026-12-31", decision="5/QĐ-UBND")
    after = year(office)

    assert made == {}
    assert [(one.name, one.standing) for one in before.teams] == [
        ("Đội xã", Renewal.NOT_YET), ("Đội tỉnh", Renewal.RENEWED), ("Đội nhiều năm", Renewal.HOLDS)]  # fmt: skip
    assert [one.standing for one in after.teams] == [Renewal.LATE, Renewal.RENEWED, Renewal.HOLDS]
    tasks = [{one.code: one for one in found.tasks}["TD1"] for found in (before, after)]
    assert [(one.standing, one.on, one.overdue) for one in tasks] == [
        (TaskStanding.DOING, "", True), (TaskStanding.DONE, "2026-05-04", False)]  # fmt: skip


def test_an_inspection_of_a_unit_is_listed_and_mended_and_counts_in_no_share(office):
    office.fill(places=8, inspected=2)
    office.plan(area=PROVINCE, **TASKS)
    shares = share_of(office)
    said = {"unit": "15664", "on": "2026-10-05", "body": "Sở Y tế", "members": 4, "agencies": ["Sở Y tế"],
            "answers": {"KTX-02": {"answer": "fail", "note": "Chưa chốt"}}, "mend_by": "2026-11-01"}  # fmt: skip

    assert say(office, "unit_inspection", **said) == {}
    assert say(office, "unit_inspection", **said | {"on": "2026-11-03", "mend_by": ""}) == {}
    found = year(office)

    assert (found.inspected, found.communes, len(found.inspections)) == (1, 166, 2)
    first = found.inspections[0]
    assert (first.overdue, first.count("fail"), first.count("unchecked")) == (True, 1, 7)
    assert [(one.code, one.percent) for one in found.asked] == [("TT3.2c", None)]
    assert say(office, "unit_inspection", inspection=first.id, mended_on="2026-11-10", mended_how="Đã chốt") == {}
    assert say(office, "unit_inspection", inspection=found.inspections[1].id, void="Ghi nhầm xã") == {}
    mended = year(office)
    assert ([one.overdue for one in mended.inspections], mended.inspected) == ([False, False], 1)
    assert share_of(office) == shares
    assert office.db.execute("SELECT count(*) FROM visits").fetchone()[0] == 2
    assert verify(office.db).problems == ()


def share_of(office):
    with reading(office.db) as conn:
        found = coverage(conn, tree=unit_tree(conn), epoch=Epoch.NEW, year=2026, as_of=TODAY, unit=PROVINCE).total
    return found.inspected, found.open, found.visits, found.not_counted


@pytest.mark.parametrize(("said", "field"), [
    ({"on": ""}, "on"), ({"body": ""}, "body"), ({"mend_by": "2026-01-01"}, "mend_by"), ({"unit": "9"}, "unit"),
    ({"answers": {"KTX-99": {"answer": "pass"}}}, "answers"), ({"answers": {"KTX-01": {"answer": "maybe"}}}, "answer"),
    ({"findings": "Chị Nguyễn Thị Hoa, 0912 345 678"}, "findings"), ({"team": "khong-co"}, "team"),
])  # fmt: skip
def test_an_inspection_that_cannot_be_is_told_where(office, said, field):
    asked = {"unit": "15664", "on": "2026-10-05", "body": "Sở Y tế", "members": 3}

    assert list(say(office, "unit_inspection", **asked | said)) == [field]


def test_a_plan_of_ones_own_says_how_many_communes_are_to_be_inspected(office):
    own = {"name": "Xã được kiểm tra công tác", "measure": "share", "source": "computed", "known": "units_inspected",
           "at_least": 40, "sentence": "Kiểm tra ít nhất 40% số xã"}  # fmt: skip
    office.plan(area=PROVINCE, **{"indicator/Q1": own}, **TASKS)

    assert [(one.code, one.percent) for one in year(office).asked] == [("Q1", 40), ("TT3.2c", None)]


def test_a_review_tells_what_arrived_between_two_confirmations_each_place_once(office):
    def at(month, day, of=2026):
        office.at = datetime(of, month, day, 3, tzinfo=UTC)

    at(10, 1, 2025)
    first, second, third = (office.place(name) for name in ("Một", "Hai", "Ba"))
    office.confirm(COMMUNE, "2025-10-02")
    at(2, 1)
    fourth = office.place("Bốn")
    for place in (fourth, first):
        assert say(office, "edit", establishment=place, set={"phone": "0237 3821 555"}) == {}
    assert say(office, "status", establishment=second, status="closed", **{"from": "2026-01-20"}) == {}
    assert say(office, "merge", establishment=third, into=first) == {}
    before = year(office, COMMUNE).reviews[0]
    office.confirm(COMMUNE, "2026-03-05")
    at(6, 1)
    assert say(office, "edit", establishment=first, set={"phone": "0237 3821 666"}) == {}
    after = year(office, COMMUNE).reviews[0]

    for one in (before, after):
        assert (one.since, one.new, one.closed, one.merged, one.changed) == ("2025-10-02", 1, 1, 1, 1)
    assert (before.done, after.done, after.on, after.later) == (False, True, "2026-03-05", 1)
    last = year(office, COMMUNE, 2025).reviews[0]
    assert (last.since, last.on, last.new, last.later) == ("", "2025-10-02", 3, 4)


def test_a_proposal_is_decided_with_a_reason_where_it_is_refused(office):
    place = office.place()
    asked = {"unit": "15664", "year": 2026, "asks": "remove", "text": "Đã đổi nghề", "establishment": place}
    assert say(office, "list_proposal", **asked) == {}
    one = year(office).proposals[0]

    assert say(office, "list_proposal", proposal=one.id, standing="refused") == {"reason": "Ghi lý do không đồng ý."}
    assert say(office, "list_proposal", proposal=one.id, standing="refused", reason="Còn giấy phép") == {}
    one = year(office).proposals[0]
    assert (one.standing, one.decided_on, one.place_name) == (Decided.REFUSED, "2026-11-20", "Karaoke Đông Đô")
    assert [(row.commune, row.proposals, row.waiting) for row in year(office, COMMUNE).reviews] == [(COMMUNE, 1, 0)]


def test_a_return_has_it_as_plain_values_and_as_whole_sentences(office):
    office.team_of()
    office.plan(area=PROVINCE, **TASKS)
    office.confirm(COMMUNE)
    say(office, "year_task", task="HD1", unit="38", year=2026, standing="done", on="2026-01-20",
        paper_number="12/KH-UBND", paper_on="2026-01-20")  # fmt: skip
    say(office, "unit_inspection", unit="15664", on="2026-10-05", body="Sở Y tế", members=3, mend_by="2026-12-01")

    found = year(office)
    told = sentences(found)

    assert json.loads(json.dumps(found.as_json())) == found.as_json()
    assert told[0] == "Kế hoạch năm 2026 đã được ban hành (số 12/KH-UBND ngày 20/01/2026)."
    assert "Trong 01 đoàn, đội kiểm tra liên ngành, 01 được kiện toàn trong quý I." in told
    assert "Đã kiểm tra công tác của 01 đơn vị (01 lượt), trong đó 01/166 xã." in told
    assert "01/166 xã đã rà soát, chốt danh sách cơ sở năm 2026." in told
    assert all(one.endswith(".") and "  " not in one and "None" not in one for one in told)


def test_beside_each_question_stands_what_our_records_say_with_its_day(office):
    office.team_of()
    office.confirm(COMMUNE)
    with reading(office.db) as conn:
        found = facts(conn, unit_tree(conn), COMMUNE, 2026, TODAY)

    assert found.keys() == {one.known for one in unit_checklist().questions}
    assert (found["list"].said, found["list"].on) == ("list_done", "2026-03-05")
    assert (found["team"].said, dict(found["team"].numbers)["decision"]) == ("team_good", "178/QĐ-UBND")
    assert not _NOTHING.keys() & _SENTENCES.keys()


def test_the_last_day_is_still_in_time(office):
    last = date(2026, 1, 31)

    late = [[one.overdue for one in year(office, today=day).tasks if one.code == "HD1"]
            for day in (last, last + timedelta(days=1))]  # fmt: skip

    assert late == [[False], [True]]
