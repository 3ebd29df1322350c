"""What is finished is kept and queued at once; a double tap changes nothing; an edit remembers what it replaced."""

import json
from datetime import timedelta

import pytest

from field_client import records
from field_client.places import NotKnown, find, find_establishment
from field_client.search import Asked, establishments
from field_client.store import put_meta, writing
from field_client.store.own import NotEnrolled
from field_client.visits import find as find_visit
from schemas.ids import new_id
from schemas.inspections import NewInspectionSchema
from schemas.items import read
from tests.field_client.conftest import AT, COMMUNE


def lines(laptop):
    return [read(line) for line in laptop.all("SELECT line FROM own ORDER BY local")]


def test_a_finished_visit_waits_to_be_sent(laptop):
    kept = laptop.record()

    (item,) = lines(laptop)
    assert (item.name, item.id, item.kind, item.base) == (kept.item, kept.id, "inspection", None)
    assert laptop.one("SELECT standing FROM visits WHERE id = ?", kept.id) == "waiting"


def test_what_is_written_is_what_was_said(laptop):
    laptop.record(workers={"total": 5}, remark="Đã nhắc nhở", found_working=False)

    (item,) = lines(laptop)
    visit = NewInspectionSchema().load(item.body)
    assert (visit.workers.total, visit.remark, visit.found_working) == (5, "Đã nhắc nhở", False)
    assert visit == NewInspectionSchema().load(laptop.body(workers={"total": 5}, remark="Đã nhắc nhở",
                                                           found_working=False))  # fmt: skip


def test_items_are_numbered_without_gaps_within_the_run(laptop):
    for _ in range(3):
        laptop.record()
    with pytest.raises(records.NotValid):
        laptop.record(outcome="violations")
    laptop.record()

    assert [item.device_seq for item in lines(laptop)] == [1, 2, 3, 4]
    assert len({item.run for item in lines(laptop)}) == 1


def test_recorded_twice_it_is_one(laptop):
    id = new_id()

    first, second = laptop.record(id), laptop.record(id)

    assert first == second
    assert len(lines(laptop)) == 1


def test_violations_without_an_id_get_the_same_one_each_time(laptop):
    id = new_id()
    changes = {"outcome": "violations", "violations": [{"text": "Không niêm yết nội quy"}]}

    assert laptop.record(id, **changes) == laptop.record(id, **changes)


def test_an_old_click_after_a_correction_changes_nothing(laptop):
    id = new_id()
    laptop.record(id)
    corrected = laptop.record(id, remark="Sửa ngày", reason="Ghi sai")

    assert laptop.record(id, remark="Sửa ngày", reason="Ghi sai") == corrected
    assert len(lines(laptop)) == 2


def test_a_correction_is_the_next_revision_of_what_it_corrects(laptop):
    first = laptop.record()

    second = laptop.record(first.id, date="2026-11-04", reason="Ghi sai ngày")

    item = lines(laptop)[-1]
    assert (item.name, item.base, item.body["revision"]) == (second.item, first.item, 2)
    whole = find_visit(laptop.db, first.id)
    assert (whole.visit.date, whole.visit.revision, len(whole.revisions)) == ("2026-11-04", 2, 2)


def test_a_correction_gives_its_reason(laptop):
    first = laptop.record()

    with pytest.raises(records.NotValid) as error:
        laptop.record(first.id, date="2026-11-04")

    assert error.value.problems == {"reason": "Ghi lý do đính chính."}


def test_every_field_that_must_be_put_right_is_named_at_once(laptop):
    with pytest.raises(records.NotValid) as error:
        laptop.record(date="hôm qua", basis="", members=[{}])

    assert set(error.value.problems) == {"date", "basis", "members.0.name"}
    assert lines(laptop) == []


@pytest.mark.parametrize("day", ["2062-11-05", "2026-11-23"])
def test_a_visit_is_not_in_the_future(laptop, day):
    with pytest.raises(records.NotValid) as error:
        laptop.record(date=day)

    assert error.value.problems == {"date": "Ngày kiểm tra ở sau hôm nay; nhập lại ngày."}


@pytest.mark.parametrize("day", ["2026-11-20", "2026-11-21"])
def test_today_and_tomorrow_are_not_in_the_future(laptop, day):
    laptop.record(date=day)


def test_a_clock_that_fell_back_to_2010_does_not_refuse_today(laptop):
    records.record(laptop.db, new_id(), laptop.body(date="2026-11-20"), at=AT.replace(year=2010))


def test_the_servers_time_does_not_refuse_a_later_clock(laptop):
    records.record(laptop.db, new_id(), laptop.body(date="2026-12-01"), at=AT + timedelta(days=11))


def test_nothing_can_be_finished_before_the_laptop_has_a_name(blank):
    with pytest.raises(NotEnrolled, match="doi178-field enrol"):
        blank.record()

    assert blank.one("SELECT count(*) FROM own") == 0


def test_an_item_too_long_to_send_is_refused_here(laptop):
    notes = {f"COM-{n:02d}": "ă" * 1000 for n in range(200)}

    with pytest.raises(records.NotValid) as error:
        laptop.record(notes=notes)

    assert "rút ngắn" in str(error.value)
    assert lines(laptop) == []


def test_a_new_place_can_be_inspected_at_once(laptop):
    place = records.new_establishment(
        laptop.db, {"name": "Massage Ánh Trăng", "kinds": ["massage"], "unit": COMMUNE, "address": "Phố Giắt"}, at=AT
    )

    laptop.record(establishment=place.id)

    (row,) = establishments(laptop.db, Asked("anh trang"))
    assert (row.id, row.kinds, row.unit_name, row.standing) == (place.id, ("massage",), "Xã Triệu Sơn", "waiting")
    assert row.last_visit == "2026-11-05"


def test_a_new_place_runs_under_a_new_operator(laptop):
    operator = records.new_operator(laptop.db, {"name": "Hộ ông Đặng Văn Đủ", "form": "household"}, at=AT)
    place = {"name": "Karaoke Mới", "kinds": ["karaoke"], "unit": COMMUNE, "operator": operator.id}

    records.new_establishment(laptop.db, place, at=AT)

    (row,) = establishments(laptop.db, Asked("dang van du"))
    assert (row.name, row.operator_name) == ("Karaoke Mới", "Hộ ông Đặng Văn Đủ")


@pytest.mark.parametrize("missing", ["name", "kinds", "unit"])
def test_a_new_place_needs_a_name_a_kind_and_a_commune(laptop, missing):
    fields = {"name": "Karaoke Mới", "kinds": ["karaoke"], "unit": COMMUNE} | {missing: ""}

    with pytest.raises(records.NotValid) as error:
        records.new_establishment(laptop.db, fields, at=AT)

    assert list(error.value.problems) == [missing]
    assert lines(laptop) == []


def test_an_edit_stands_on_top_and_says_what_it_replaced(laptop):
    records.edit(laptop.db, "establishment", laptop.place, {"phone": "0912345678", "name": "Karaoke Ánh Sao"}, at=AT)

    (item,) = lines(laptop)
    assert item.body == {
        "set": {"phone": "0912345678", "name": "Karaoke Ánh Sao"},
        "was": {"phone": None, "name": "Karaoke Đông Đô"},
    }
    place = find(laptop.db, "establishment", laptop.place)
    assert (place.name, place["phone"], place.standing) == ("Karaoke Ánh Sao", "0912345678", "waiting")
    assert [row.id for row in establishments(laptop.db, Asked("anh sao"))] == [laptop.place]
    assert establishments(laptop.db, Asked("dong do")) == []


def test_an_edit_that_changes_nothing_is_no_edit(laptop):
    assert records.edit(laptop.db, "establishment", laptop.place, {"name": "Karaoke Đông Đô"}, at=AT) is None
    assert lines(laptop) == []


@pytest.mark.parametrize("changes", [{"nme": "x"}, {"name": ""}, {"name": None}, {"status/2": {"status": "shut"}}])
def test_an_edit_that_cannot_be_is_refused(laptop, changes):
    with pytest.raises(records.NotValid):
        records.edit(laptop.db, "establishment", laptop.place, changes, at=AT)

    assert lines(laptop) == []


def test_two_spans_of_a_chain_do_not_begin_on_one_day(laptop):
    again = {"status/2": {"from": "2019-01-01", "status": "closed"}}

    with pytest.raises(records.NotValid, match="Trùng thời gian"):
        records.edit(laptop.db, "establishment", laptop.place, again, at=AT)


def test_what_is_not_here_cannot_be_edited(laptop):
    with pytest.raises(records.NotValid):
        records.edit(laptop.db, "establishment", new_id(), {"name": "Karaoke"}, at=AT)


def test_a_place_is_found_by_id_and_by_code(laptop):
    assert find_establishment(laptop.db, "KAR-001").id == find_establishment(laptop.db, laptop.place).id
    with pytest.raises(NotKnown):
        find_establishment(laptop.db, "KAR-999")


def test_the_laptop_speaks_when_nobody_leads_an_outing(laptop):
    laptop.record()

    assert lines(laptop)[0].author == "Máy thử"


def test_a_laptop_without_a_run_writes_nothing(laptop):
    with writing(laptop.db) as conn:
        put_meta(conn, "run", "")

    with pytest.raises(NotEnrolled):
        laptop.record()


def test_a_file_that_is_no_json_says_what_to_do():
    with pytest.raises(records.NotValid, match="--template"):
        records.read_json("<html>")
    with pytest.raises(records.NotValid):
        records.read_json(json.dumps([1]))


@pytest.mark.parametrize(
    ("act", "kept"),
    [
        ({"code": "ND144-27.1", "committed_on": "2025-12-14"}, "ND144-27.1"),  # its last day
        ({"code": "ND144-27.1", "committed_on": "2025-12-15"}, ""),  # the day after
        ({"code": "ND144-27.1"}, ""),  # on the day of the visit
        ({"code": "ND999-1.1", "text": "Hành vi lạ"}, ""),
        ({"code": "ND38-15.6b"}, "ND38-15.6b"),
    ],
)
def test_an_act_that_is_not_in_force_that_day_is_kept_uncoded_with_its_text(laptop, act, kept):
    laptop.record(outcome="violations", violations=[act])

    (violation,) = lines(laptop)[0].body["violations"]
    assert violation.get("code", "") == kept
    assert kept or violation["text"]


def test_an_uncoded_act_says_what_the_catalogue_called_it(laptop):
    laptop.record(outcome="violations", violations=[{"code": "ND144-27.1"}])

    assert "làm phương thức kinh doanh" in lines(laptop)[0].body["violations"][0]["text"]
