"""What is typed is saved as it is typed; closing the text for signature is one step, however often it is tapped."""

import threading

import pytest

from field_client import drafts, records, rounds
from field_client.places import NotKnown
from field_client.store import connect
from schemas.ids import new_id
from schemas.inspections import NewInspectionSchema
from schemas.items import read
from tests.field_client.conftest import AT

MEMBERS = [{"name": "Lê Thị Hạnh", "agency": "Công an xã"}, {"name": "Trần Văn Đức"}, {"name": "Phạm Thị Ơn"}]


@pytest.fixture
def draft(laptop):
    id = drafts.start(laptop.db, laptop.place, at=AT)
    drafts.save(laptop.db, id, {"outcome": "no_violation", "team": laptop.team, "members": MEMBERS}, at=AT)
    return id


def item(laptop):
    return read(laptop.one("SELECT line FROM own ORDER BY local DESC LIMIT 1"))


def test_a_draft_begins_with_today_in_vietnam(laptop):
    late_at_night = AT.replace(hour=18)  # 1 o'clock the next morning there

    id = drafts.start(laptop.db, laptop.place, at=late_at_night)

    assert drafts.load(laptop.db, id).fields["date"] == "2026-11-21"


def test_a_double_tap_begins_one_draft(laptop):
    assert drafts.start(laptop.db, laptop.place, at=AT) == drafts.start(laptop.db, laptop.place, at=AT)


def test_each_field_is_saved_as_it_is_typed_also_where_it_is_wrong(laptop, draft):
    drafts.save(laptop.db, draft, {"workers.total": "năm"}, at=AT)
    drafts.save(laptop.db, draft, {"date": "31/02/2026"}, at=AT)
    drafts.save(laptop.db, draft, {"answers.COM-01": "fail", "notes.COM-01": "Hết hạn"}, at=AT)

    fields = drafts.load(laptop.db, draft).fields
    assert fields["workers.total"] == "năm"
    assert fields["date"] == "31/02/2026"
    assert fields["answers.COM-01"] == "fail"


def test_what_was_saved_is_there_for_another_program(laptop, draft):
    drafts.save(laptop.db, draft, {"remark": "Đang ghi dở"}, at=AT)

    other = connect(laptop.settings.database)

    assert drafts.load(other, draft).fields["remark"] == "Đang ghi dở"


def test_a_field_can_be_taken_away(laptop, draft):
    drafts.save(laptop.db, draft, {"answers.COM-01": "pass"}, at=AT)

    drafts.save(laptop.db, draft, {"answers.COM-01": None}, at=AT)

    assert "answers.COM-01" not in drafts.load(laptop.db, draft).fields


def test_a_list_replaces_the_list(laptop, draft):
    drafts.save(laptop.db, draft, {"members": MEMBERS[:1]}, at=AT)

    assert drafts.to_inspection(drafts.load(laptop.db, draft))["members"] == MEMBERS[:1]


def test_two_tabs_saving_different_fields_lose_nothing(laptop, draft):
    def type_in(name):
        db = connect(laptop.settings.database)
        for n in range(20):
            drafts.save(db, draft, {f"notes.{name}-{n + 10}": str(n)}, at=AT)
        db.close()

    tabs = [threading.Thread(target=type_in, args=(name,)) for name in ("COM", "KAR", "MAS")]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()

    saved = [path for path in drafts.load(laptop.db, draft).fields if path.startswith("notes.")]
    assert len(saved) == 60


def test_the_form_becomes_an_inspection(laptop, draft):
    drafts.save(
        laptop.db,
        draft,
        {
            "workers.total": " 5 ", "informed": "3", "found_working": "1", "started": "21:30", "answers.COM-01": "pass",
            "violations.4.text": "Không niêm yết", "violations.4.committed_on": "", "violations.2.text": "",
            "outcome": "violations", "round": "", "trigger": "",
        },
        at=AT,
    )  # fmt: skip

    kept = drafts.finalise(laptop.db, draft, at=AT)

    visit = NewInspectionSchema().load(item(laptop).body)
    assert kept.id == draft
    assert (visit.workers.total, visit.informed, visit.found_working) == (5, 3, True)
    assert [violation.text for violation in visit.violations] == ["Không niêm yết"]
    assert visit.checklists == {"COM": 1, "KAR": 1}


def test_problems_come_back_under_the_names_of_the_form(laptop, draft):
    typed = {"violations.4.facts": "thấy", "outcome": "violations"}
    typed |= {"workers.total": "năm", "members.7.agency": "Công an"}
    drafts.save(laptop.db, draft, typed, at=AT)

    with pytest.raises(records.NotValid) as error:
        drafts.finalise(laptop.db, draft, at=AT)

    assert set(error.value.problems) == {"workers.total", "members.7.name"}
    drafts.save(laptop.db, draft, {"workers.total": "5", "members.7.agency": ""}, at=AT)
    with pytest.raises(records.NotValid) as error:
        drafts.finalise(laptop.db, draft, at=AT)
    assert set(error.value.problems) == {"violations.4.text"}


def test_what_cannot_be_finished_stays_a_draft(laptop, draft):
    drafts.save(laptop.db, draft, {"date": "2062-01-01"}, at=AT)

    with pytest.raises(records.NotValid):
        drafts.finalise(laptop.db, draft, at=AT)

    assert [one.id for one in drafts.all_drafts(laptop.db)] == [draft]
    assert laptop.one("SELECT count(*) FROM own") == 0


def test_finishing_takes_the_draft_and_keeps_the_item_together(laptop, draft):
    drafts.finalise(laptop.db, draft, at=AT)

    assert drafts.all_drafts(laptop.db) == []
    assert laptop.one("SELECT count(*) FROM own WHERE waiting = 1") == 1


def test_finished_twice_it_is_one(laptop, draft):
    first = drafts.finalise(laptop.db, draft, at=AT)

    assert drafts.finalise(laptop.db, draft, at=AT) == first
    assert laptop.one("SELECT count(*) FROM own") == 1


def test_many_taps_at_once_finish_it_once(laptop, draft):
    kept = []

    def tap():
        db = connect(laptop.settings.database)
        kept.append(drafts.finalise(db, draft, at=AT))
        db.close()

    taps = [threading.Thread(target=tap) for _ in range(8)]
    for one in taps:
        one.start()
    for one in taps:
        one.join()

    assert len(kept) == 8
    assert len(set(kept)) == 1
    assert laptop.one("SELECT count(*) FROM own") == 1


def test_a_field_that_comes_late_does_not_bring_a_finished_draft_back(laptop, draft):
    kept = drafts.finalise(laptop.db, draft, at=AT)

    with pytest.raises(drafts.NoDraft, match="đính chính") as error:
        drafts.save(laptop.db, draft, {"remark": "chậm"}, at=AT)

    assert error.value.finished == kept.item
    assert drafts.all_drafts(laptop.db) == []


def test_a_correction_begins_with_what_is_there(laptop, draft):
    first = drafts.finalise(laptop.db, draft, at=AT)
    assert drafts.start_correction(laptop.db, draft, at=AT) == draft
    assert drafts.start_correction(laptop.db, draft, at=AT) == draft
    drafts.save(laptop.db, draft, {"remark": "Bổ sung", "reason": "Thiếu nhận xét"}, at=AT)

    second = drafts.finalise(laptop.db, draft, at=AT)

    body = item(laptop).body
    assert (item(laptop).base, body["revision"], body["remark"]) == (first.item, 2, "Bổ sung")
    assert body["members"] == MEMBERS
    assert drafts.finalise(laptop.db, draft, at=AT) == second


def test_what_is_not_here_cannot_be_corrected(laptop):
    with pytest.raises(NotKnown):
        drafts.start_correction(laptop.db, new_id(), at=AT)


def test_an_outing_is_entered_once_and_carried_to_each_place(laptop):
    outing = rounds.start(
        laptop.db, team=laptop.team, decision="12/QĐ", leader="Lê Thị Hạnh", members=MEMBERS, at=AT
    )
    drafts.start(laptop.db, laptop.place, at=AT)
    id = drafts.start(laptop.db, new_id(), at=AT)
    drafts.save(laptop.db, id, {"outcome": "no_violation"}, at=AT)
    rounds.end(laptop.db, AT)

    drafts.finalise(laptop.db, id, at=AT)

    found = item(laptop)
    assert found.author == "Lê Thị Hạnh"
    assert (found.body["round"], found.body["decision"], found.body["members"]) == (outing, "12/QĐ", MEMBERS)
    assert rounds.current(laptop.db) is None


def test_a_new_outing_ends_the_one_before(laptop):
    for leader in ("Hạnh", "Đức"):
        rounds.start(laptop.db, team=laptop.team, decision="", leader=leader, members=[], at=AT)

    assert rounds.current(laptop.db).leader == "Đức"
    assert laptop.one("SELECT count(*) FROM rounds WHERE ended_at IS NULL") == 1


def test_a_program_may_keep_anything_as_a_draft(laptop):
    id = new_id()

    drafts.keep(laptop.db, id, laptop.body(date="mai", violations=[{"text": "x"}]), at=AT)
    drafts.keep(laptop.db, id, laptop.body(date="2026-11-01"), at=AT)

    (draft,) = drafts.all_drafts(laptop.db)
    assert (draft.id, draft.date, draft.establishment) == (id, "2026-11-01", laptop.place)


def test_a_draft_goes_only_when_a_person_says_so(laptop, draft):
    drafts.discard(laptop.db, draft)
    drafts.discard(laptop.db, draft)

    with pytest.raises(drafts.NoDraft):
        drafts.load(laptop.db, draft)


def test_the_checklist_is_for_the_kinds_and_the_day(laptop, draft):
    blocks = {one.block for one in drafts.checklist(laptop.db, drafts.load(laptop.db, draft))}

    assert blocks == {"COM", "KAR"}
