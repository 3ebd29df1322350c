"""The copy of the area: a page and its cursor together, in any order, and never over what was made here."""

import json
from sqlite3.dump import _iterdump  # the engine of the laptop has none of its own

import pytest

from field_client import drafts, records, visits
from field_client.places import NotKnown, find, outside_checks
from field_client.search import Asked, establishments, ids
from field_client.store.mirror import Mirror
from schemas.ids import new_id
from schemas.items import name_of, write
from sync.errors import BadReply, OtherHistory
from sync.wire import Change, Cursor, Page
from tests.field_client.conftest import AT, place_state

HEAD = "0" * 64


@pytest.fixture
def mirror(laptop):
    return Mirror(laptop.db)


def page(laptop, *changes, at=50, more=False, lineage=None):
    lineage = lineage or laptop.line.lineage
    cursor = Cursor(lineage, at, at, HEAD).text()
    return Page(cursor, changes, more, lineage, "2026-11-20T15:00:00Z", 0)


def visit_line(laptop, id, base=None, **changes):
    return write(
        kind="inspection", id=id, base=base, device="máy khác", run="r", device_seq=1, author="Đức",
        recorded_at="2026-11-20T15:00:00Z", body=laptop.body(**changes),
    )  # fmt: skip


def told(laptop, pos, id, *lines, **parts):
    revisions = tuple(line if isinstance(line, tuple) else ("accepted", line) for line in lines)
    return Change(pos, "inspection", id, revisions=revisions, **parts)


def test_a_page_and_its_cursor_are_kept_together(laptop, mirror):
    before = mirror.cursor()
    broken = Change(41, "establishment", new_id(), place_state("Hỏng", **{"status/1": "không phải khoảng"}))

    with pytest.raises(BadReply):
        mirror.take(page(laptop, Change(40, "establishment", new_id(), place_state("Mới")), broken))

    assert mirror.cursor() == before
    assert ids(laptop.db, Asked("moi")) == []


def test_a_row_is_taken_only_when_its_position_is_higher(laptop, mirror):
    id = new_id()
    mirror.take(page(laptop, Change(40, "establishment", id, place_state("Tên mới"))))

    mirror.take(page(laptop, Change(30, "establishment", id, place_state("Tên cũ")), at=30))

    assert find(laptop.db, "establishment", id).name == "Tên mới"


def test_the_same_page_twice_changes_nothing(laptop, mirror):
    id, visit = new_id(), new_id()
    one = page(
        laptop, Change(40, "establishment", id, place_state()), told(laptop, 41, visit, visit_line(laptop, visit))
    )

    mirror.take(one)
    before = list(_iterdump(laptop.db.conn))
    mirror.take(one)

    assert list(_iterdump(laptop.db.conn)) == before


def test_the_last_word_of_a_page_counts(laptop, mirror):
    id = new_id()

    mirror.take(page(laptop, Change(40, "establishment", id, gone=True),
                     Change(41, "establishment", id, place_state("Ở xã bên"))))  # fmt: skip

    assert find(laptop.db, "establishment", id).name == "Ở xã bên"


def test_an_old_page_does_not_move_the_copy_back(laptop, mirror):
    mirror.take(page(laptop, at=60))
    ahead = mirror.cursor()

    mirror.take(page(laptop, at=50))

    assert mirror.cursor() == ahead


def test_what_has_left_the_area_is_gone_and_stays_gone(laptop, mirror):
    mirror.take(page(laptop, Change(50, "establishment", laptop.place, gone=True)))
    mirror.take(page(laptop, Change(49, "establishment", laptop.place, place_state())))

    with pytest.raises(NotKnown):
        find(laptop.db, "establishment", laptop.place)


def test_what_has_left_the_area_takes_no_visit_and_no_draft_of_ours(laptop, mirror):
    kept = laptop.record()
    laptop.sync()
    draft = drafts.start(laptop.db, laptop.place, at=AT)

    mirror.take(page(laptop, Change(51, "establishment", laptop.place, gone=True),
                     Change(52, "inspection", kept.id, gone=True), at=60))  # fmt: skip

    assert visits.find(laptop.db, kept.id).visit.standing == "accepted"
    assert drafts.load(laptop.db, draft).establishment == laptop.place


def test_a_visit_of_others_that_left_is_gone(laptop, mirror):
    id = new_id()
    mirror.take(page(laptop, told(laptop, 40, id, visit_line(laptop, id))))

    mirror.take(page(laptop, Change(50, "inspection", id, gone=True)))

    with pytest.raises(NotKnown):
        visits.find(laptop.db, id)
    assert laptop.one("SELECT count(*) FROM revisions") == 0


def test_the_truth_is_the_accepted_revision_nothing_was_made_from(laptop, mirror):
    id = new_id()
    first = visit_line(laptop, id)
    second = visit_line(laptop, id, name_of(first), date="2026-11-04", reason="Sai ngày", revision=2)
    beside = visit_line(laptop, id, name_of(first), date="2026-11-03", reason="Sai", revision=2)

    mirror.take(page(laptop, told(laptop, 40, id, second, first, ("conflict", beside))))

    whole = visits.find(laptop.db, id)
    assert (whole.visit.item, whole.visit.date, whole.visit.own) == (name_of(second), "2026-11-04", False)
    assert [revision.standing for revision in whole.revisions] == ["accepted", "accepted", "conflict"]


def test_a_review_comes_with_its_visit(laptop, mirror):
    id = new_id()

    mirror.take(page(laptop, told(laptop, 40, id, visit_line(laptop, id),
                                  review={"review": "rejected", "comment": "Trùng"})))  # fmt: skip

    visit = visits.find(laptop.db, id).visit
    assert (visit.review, visit.review_comment, visit.counting) == ("rejected", "Trùng", False)


def test_our_waiting_correction_stays_on_top(laptop, mirror):
    id = new_id()
    mirror.take(page(laptop, told(laptop, 40, id, visit_line(laptop, id))))
    ours = laptop.record(id, remark="Bổ sung", reason="Thiếu")
    later = visit_line(laptop, id, remark="Của người khác")

    mirror.take(page(laptop, told(laptop, 50, id, later)))

    visit = visits.find(laptop.db, id).visit
    assert (visit.item, visit.standing, visit.own) == (ours.item, "waiting", True)


def test_a_line_cut_within_a_page_leaves_the_cursor(laptop, mirror):
    before = mirror.cursor()

    with pytest.raises(BadReply):
        mirror.take(page(laptop, told(laptop, 40, new_id(), b'{"kind":"inspection"')))

    assert mirror.cursor() == before


def test_a_page_of_another_history_is_not_mixed_in(laptop, mirror):
    with pytest.raises(OtherHistory):
        mirror.take(page(laptop, Change(40, "establishment", new_id(), place_state()), lineage="khác"))

    assert len(ids(laptop.db, Asked())) == 1


def test_a_kind_we_do_not_know_is_kept_and_left_alone(laptop, mirror):
    mirror.take(page(laptop, Change(40, "giấy phép mới", "id", {"số": 1})))

    assert json.loads(laptop.one("SELECT state FROM things WHERE kind = 'giấy phép mới'")) == {"số": 1}


def test_a_field_we_do_not_know_is_kept(laptop, mirror):
    mirror.take(page(laptop, Change(40, "establishment", laptop.place, place_state(mới={"a": 1}))))

    assert find(laptop.db, "establishment", laptop.place)["mới"] == {"a": 1}


def test_checks_by_others_stand_beside_ours(laptop, mirror):
    state = {"establishment": laptop.place, "date": "2026-03-01", "agency": "Sở Y tế", "paper": "12/BB"}
    mirror.take(page(laptop, Change(40, "outside_check", "kiểm tra 1", state)))

    assert outside_checks(laptop.db, laptop.place) == [
        {"id": "kiểm tra 1", "date": "2026-03-01", "agency": "Sở Y tế", "paper": "12/BB"}
    ]
    mirror.take(page(laptop, Change(50, "outside_check", "kiểm tra 1", gone=True)))
    assert outside_checks(laptop.db, laptop.place) == []


def test_our_edit_stays_on_top_of_what_comes_down(laptop, mirror):
    records.edit(laptop.db, "establishment", laptop.place, {"phone": "0912345678"}, at=AT)

    mirror.take(page(laptop, Change(50, "establishment", laptop.place, place_state("Tên mới của văn phòng"))))

    place = find(laptop.db, "establishment", laptop.place)
    assert (place.name, place["phone"], place.standing) == ("Tên mới của văn phòng", "0912345678", "waiting")


def test_an_accepted_edit_stays_until_the_copy_has_it_and_no_longer(laptop, mirror):
    records.edit(laptop.db, "establishment", laptop.place, {"phone": "1"}, at=AT)
    laptop.sync(halves=frozenset({"send"}))
    assert find(laptop.db, "establishment", laptop.place)["phone"] == "1"
    laptop.sync()

    laptop.line.knows("establishment", laptop.place, {"phone": "2"})
    laptop.sync()

    assert find(laptop.db, "establishment", laptop.place)["phone"] == "2"
    assert [row.phone for row in establishments(laptop.db, Asked())] == ["2"]


def test_where_our_edit_is_in_conflict_the_truth_is_shown(laptop):
    kept = records.edit(laptop.db, "establishment", laptop.place, {"phone": "1", "name": "Của tôi"}, at=AT)
    laptop.sync(halves=frozenset({"send"}))
    laptop.line.knows("establishment", laptop.place, {"name": "Của văn phòng", "phone": "1"})
    laptop.line.decides(kept.item, "conflict", {"fields": {"name": "Của văn phòng"}})
    laptop.sync()

    place = find(laptop.db, "establishment", laptop.place)
    assert (place.name, place["phone"]) == ("Của văn phòng", "1")


def test_an_edit_of_a_thing_that_left_shows_no_half_of_it(laptop, mirror):
    records.edit(laptop.db, "establishment", laptop.place, {"phone": "1"}, at=AT)

    mirror.take(page(laptop, Change(50, "establishment", laptop.place, gone=True)))

    with pytest.raises(NotKnown):
        find(laptop.db, "establishment", laptop.place)


def test_starting_over_forgets_the_copy_and_nothing_of_ours(laptop, mirror):
    kept = laptop.record()
    place = records.new_establishment(
        laptop.db, {"name": "Karaoke Mới", "kinds": ["karaoke"], "unit": "new:15664"}, at=AT
    )
    draft = drafts.start(laptop.db, laptop.place, at=AT)

    mirror.start_over()

    assert mirror.cursor() == ""
    assert [row.id for row in establishments(laptop.db, Asked())] == [place.id]
    assert visits.find(laptop.db, kept.id).visit.standing == "waiting"
    assert drafts.load(laptop.db, draft).id == draft


def test_a_visit_of_a_newer_program_is_shown_and_not_written_over(laptop, mirror):
    id = new_id()
    line = visit_line(laptop, id).replace(b'"schema":3', b'"schema":4')
    mirror.take(page(laptop, told(laptop, 41, id, line)))

    assert visits.find(laptop.db, id).body["outcome"] == "no_violation"
    with pytest.raises(drafts.ReadOnly):
        drafts.start_correction(laptop.db, id, at=AT)
    with pytest.raises(records.NotValid) as refused:
        records.record(laptop.db, id, laptop.body(reason="Sai", date="2026-11-06"), at=AT)
    assert "nâng cấp" in str(refused.value)


def test_a_place_with_a_field_of_a_newer_program_is_shown_and_not_written_over(laptop, mirror):
    id = new_id()
    mirror.take(page(laptop, Change(41, "establishment", id, place_state("Quán mới", noise={"level": 3}))))

    assert find(laptop.db, "establishment", id).name == "Quán mới"
    with pytest.raises(records.NotValid) as refused:
        records.edit(laptop.db, "establishment", id, {"phone": "0912"}, at=AT)
    assert "nâng cấp" in str(refused.value)
