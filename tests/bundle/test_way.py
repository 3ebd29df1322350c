"""A stick to the server and back: in any order, any number of times, mixed with the network, both ends agree."""

import io
import random
from datetime import timedelta

import pytest

from field_client import drafts, records
from field_client.lease import hidden
from field_client.syncing import Half
from schemas.ids import new_id
from schemas.lease import LEASE
from server.office import edit, make
from sync.bundle import Direction, check
from sync.errors import BadBundle
from tests.bundle.conftest import agree
from tests.conftest import AT, ELSEWHERE, place_state


def test_out_in_and_back_again(laptop):
    laptop.records(laptop.place, 3)
    stick = laptop.writes()
    waited = laptop.waiting()

    back = laptop.hands_in(stick.only)
    got = laptop.takes(back.only)

    assert (waited, laptop.waiting()) == (3, 0)
    assert (got.sent, got.received, got.standings) == (3, 3, {"accepted": 3})
    assert laptop.counts.as_dict() == {
        "device": laptop.device, "batches": 1, "items": 3, "repeats": 0, "pages": 1, "locked": False, "more": False,
        "attachments": 0, "refused": 0, "standings": {"accepted": 3},
    }  # fmt: skip
    agree(laptop)


def test_a_first_copy_without_any_network(central, new_laptop):
    laptop = new_laptop(central)
    for _ in range(5):
        central.place()

    laptop.takes(laptop.hands_in(laptop.writes().only).only)

    agree(laptop)


def test_handed_in_twice_and_taken_twice_is_once(laptop):
    laptop.records(laptop.place, 3)
    stick = laptop.writes()

    first, again = laptop.hands_in(stick.only), laptop.hands_in(stick.only)
    repeats = laptop.counts.repeats
    for back in (again, first, again, first):
        laptop.takes(back.only)

    assert repeats == 3
    assert laptop.central.one("SELECT count(*) FROM items WHERE kind = 'inspection'") == 3
    agree(laptop)


def test_a_lost_bundle_costs_nothing(laptop):
    laptop.records(laptop.place, 2)
    laptop.writes()
    laptop.records(laptop.place, 2)

    laptop.takes(laptop.hands_in(laptop.writes().only).only)

    assert laptop.waiting() == 0
    agree(laptop)


def test_an_old_return_comes_after_the_network_has_done_it_all(laptop):
    laptop.records(laptop.place, 3)
    back = laptop.hands_in(laptop.writes().only)
    laptop.records(laptop.place, 2)
    laptop.syncs()
    cursor = laptop.meta("cursor")

    got = laptop.takes(back.only)

    assert (laptop.meta("cursor"), got.received, laptop.waiting()) == (cursor, 0, 0)
    agree(laptop)


def test_the_network_goes_on_from_where_a_return_ended(laptop):
    laptop.records(laptop.place, 3)
    laptop.takes(laptop.hands_in(laptop.writes().only).only)
    laptop.central.place()

    outcome = laptop.syncs()

    assert (outcome.sent, outcome.received) == (0, 1)
    agree(laptop)


def test_what_was_sent_since_over_the_network_is_still_shown_after_an_older_return(laptop):
    back = laptop.hands_in(laptop.writes().only)
    laptop.central.place()
    later = laptop.hands_in(laptop.writes().only)
    records.edit(laptop.db, "establishment", laptop.place, {"phone": "0912345678"}, at=AT)
    laptop.syncs(frozenset({Half.SEND}))

    for older in (back, later):
        laptop.takes(older.only)

    query = "SELECT phone FROM establishments WHERE id = ?"
    assert laptop.db.conn.execute(query, (laptop.place,)).fetchone() == ("0912345678",)
    laptop.syncs()
    agree(laptop)


def test_parts_come_in_any_order_and_each_alone(laptop):
    laptop.records(laptop.place, 3600, remark="Ghi chú")
    whole = laptop.writes().only
    stick = laptop.writes(limit=len(whole) // 2)
    parts = list(stick.parts)
    random.Random(178).shuffle(parts)

    backs = [laptop.hands_in(part).only for part in [*parts, parts[0]]]
    for back in reversed(backs):
        laptop.takes(back)

    assert len(parts) > 2
    assert max(map(len, parts)) <= len(whole) // 2
    assert laptop.waiting() == 0
    agree(laptop)


def test_the_parts_of_a_return_are_taken_in_their_order(laptop):
    places = [edit("establishment", new_id(), place_state(), {}) for _ in range(2100)]
    make(laptop.central.db, places, author="test", at=AT)
    whole = laptop.hands_in(laptop.writes().only).only
    back = laptop.hands_in(laptop.writes().only, limit=len(whole) * 3 // 4)

    with pytest.raises(BadBundle, match="thiếu phần trước"):
        laptop.takes(back.parts[1])
    took = [laptop.takes(part) for part in back.parts]

    assert [one.more for one in took] == [True] * (len(took) - 1) + [False]
    agree(laptop)


def test_pages_for_a_laptop_that_brought_nothing(laptop, new_laptop):
    fresh = new_laptop(laptop.central, "fresh")
    laptop.records(laptop.place, 2)
    laptop.syncs()

    for one in (fresh, laptop):
        one.takes(one.sent_from_the_office().only)

    for one in (fresh, laptop):
        agree(one)


def test_a_return_that_is_older_than_the_copy_changes_nothing(laptop):
    laptop.records(laptop.place)
    old = laptop.sent_from_the_office()
    laptop.central.edit("establishment", laptop.place, {"name": "Tên mới"}, {"name": "Karaoke Đông Đô"})
    laptop.syncs()

    laptop.takes(old.only)

    agree(laptop)


def test_what_is_left_on_the_laptop_is_told_by_the_part_that_leaves_it(laptop):
    laptop.records(laptop.place, 2, date="2026-11-04")
    drafts.start(laptop.db, laptop.place, at=AT)
    laptop.db.conn.execute("UPDATE drafts SET date = '2026-11-10'")

    later = AT.replace(day=22)
    laptop.hands_in(laptop.writes(at=later).only, at=later)

    row = laptop.central.db.conn.execute("SELECT drafts, unsent, earliest FROM contacts").fetchone()
    assert row == (1, 0, "2026-11-10")


def test_a_stick_that_lay_in_a_drawer_tells_nothing_about_today(laptop):
    old = laptop.writes()
    laptop.records(laptop.place, date="2026-11-04")
    laptop.line.at = AT.replace(day=22)
    laptop.records(laptop.place, date="2026-11-03")
    laptop.syncs(frozenset({Half.SEND}))
    told = laptop.central.one("SELECT at FROM contacts")

    laptop.hands_in(old.only, at=AT.replace(day=25))

    assert laptop.central.one("SELECT at FROM contacts") == told


@pytest.mark.parametrize(("clock", "at"), [(2010, "2026-11-20T15:00:00Z"), (2062, "2026-11-25T15:00:00Z")])
def test_a_wrong_clock_never_makes_the_figures_more_complete_than_now(laptop, clock, at):
    laptop.hands_in(laptop.writes(at=AT.replace(year=clock)).only, at=AT.replace(day=25))

    assert laptop.central.one("SELECT at FROM contacts") == at


def test_the_server_s_time_and_what_it_says_of_backups_arrive(laptop):
    later = AT.replace(day=28)

    laptop.takes(laptop.hands_in(laptop.writes().only, at=later).only)

    assert laptop.meta("server_time") == "2026-11-28T15:00:00Z"
    tries = laptop.db.conn.execute("SELECT trouble, words FROM syncs ORDER BY id DESC").fetchone()
    assert tries == ("", "Nhận từ gói dữ liệu USB.")


def test_a_return_renews_the_lease(laptop):
    late = AT + LEASE + timedelta(days=5)
    before = hidden(laptop.db.conn, late)

    laptop.takes(laptop.hands_in(laptop.writes(at=late).only, at=late).only)

    assert before.startswith("Hạn kết nối lại đã hết")
    assert hidden(laptop.db.conn, late + timedelta(days=1)) == ""


def test_a_place_that_left_the_area_leaves_by_stick_too(laptop):
    laptop.records(laptop.place)
    away = {"from": "2026-01-01", "epoch": ELSEWHERE[:3], "unit": ELSEWHERE[4:], "address": ""}
    laptop.central.edit("establishment", laptop.place, {"place/2": away})

    laptop.takes(laptop.hands_in(laptop.writes().only).only)

    agree(laptop)


def test_a_laptop_that_the_office_gave_to_another_area_begins_its_copy_anew_by_stick(laptop):
    laptop.records(laptop.place)
    laptop.syncs()
    elsewhere = laptop.central.place(ELSEWHERE)
    device = {"epoch": ELSEWHERE[:3], "area": ELSEWHERE[4:]}
    laptop.central.edit("device", laptop.device, device, {"epoch": "new", "area": "15664"})

    laptop.takes(laptop.hands_in(laptop.writes().only).only)

    assert laptop.waiting() == 0
    query = "SELECT id FROM things WHERE kind = 'establishment' AND gone = 0"
    assert laptop.db.conn.execute(query).fetchall() == [(elsewhere,)]


def test_another_history_is_begun_by_the_return_and_what_was_made_is_offered_again(laptop):
    laptop.records(laptop.place, 2)
    laptop.syncs()
    laptop.records(laptop.place)
    laptop.central.db.conn.execute("UPDATE meta SET value = ? WHERE key = 'lineage'", ("another",))

    laptop.takes(laptop.hands_in(laptop.writes().only).only)
    offered = laptop.waiting()
    laptop.takes(laptop.hands_in(laptop.writes().only).only)

    assert (offered, laptop.waiting(), laptop.meta("mirror_lineage")) == (2, 0, "another")
    agree(laptop)


def test_another_history_is_begun_also_where_nothing_has_been_read_yet(central, new_laptop):
    laptop = new_laptop(central)
    laptop.records(central.place())
    before = laptop.sent_from_the_office()
    central.db.conn.execute("UPDATE meta SET value = ? WHERE key = 'lineage'", ("another",))

    laptop.takes(laptop.hands_in(laptop.writes().only).only)

    assert (laptop.waiting(), laptop.meta("mirror_lineage")) == (0, "another")
    with pytest.raises(BadBundle, match="khôi phục"):
        laptop.takes(before.only)
    agree(laptop)


def test_a_return_of_a_history_that_ended_is_refused_whole(laptop):
    laptop.records(laptop.place)
    old = laptop.hands_in(laptop.writes().only)
    laptop.central.db.conn.execute("UPDATE meta SET value = ? WHERE key = 'lineage'", ("another",))
    laptop.syncs()
    laptop.records(laptop.place)

    with pytest.raises(BadBundle, match="khôi phục"):
        laptop.takes(old.only)

    assert laptop.waiting() == 1


def test_a_bundle_says_what_the_page_says_it_does(laptop):
    laptop.records(laptop.place)
    part = laptop.writes().only

    said = check(io.BytesIO(part), laptop.central.keys.signing, Direction.UP, lambda head: laptop.key.public_key(),
                 forged="")  # fmt: skip

    assert said.head.keys() == {
        "format", "version", "direction", "device", "area", "cursor", "knew", "server_time", "clock",
        "clock_offset_s", "part", "program",
    }  # fmt: skip
    assert said.end.keys() == {"report", "more"}
