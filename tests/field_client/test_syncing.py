"""Real days of sending and fetching: lost answers, cut pages, killed programs, another history."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from field_client import drafts, history, records, visits
from field_client.export import export
from field_client.locks import alone
from field_client.places import find
from field_client.search import Asked, establishments
from field_client.status import receipts, status
from field_client.store import connect, get_meta
from field_client.store.mirror import Mirror
from field_client.store.outbox import Outbox
from field_client.syncing import Half, Trouble, explain, server_key, sync_now
from schemas.ids import new_id
from schemas.items import name_of, write
from sync.chain import GENESIS, Receipt, Seal, walk
from sync.engine import check
from sync.errors import BadReply, OtherHistory, Refused, ServerFault, Unreachable
from sync.wire import Reply
from tests.field_client.conftest import AT, COMMUNE, place_state

SEND, GET = frozenset({Half.SEND}), frozenset({Half.GET})


def waiting(laptop):
    return laptop.one("SELECT count(*) FROM own WHERE waiting = 1")


def test_an_answer_lost_on_the_way_home_costs_a_resend_and_nothing_else(laptop):
    for _ in range(3):
        laptop.record()

    laptop.line.loses_answers = True
    lost = laptop.sync(halves=SEND)
    laptop.line.loses_answers = False
    found = laptop.sync()

    assert (lost.trouble, lost.sent, lost.waiting) == (Trouble.OFFLINE, 0, 3)
    assert (found.sent, found.waiting, found.standings) == (3, 0, {"accepted": 3})
    assert len(laptop.line.lines) == 3


def test_without_a_line_everything_is_kept_and_said_calmly(laptop):
    laptop.record()
    laptop.line.down = True

    outcome = laptop.sync()

    assert (outcome.trouble, outcome.waiting) == (Trouble.OFFLINE, 1)
    assert "vẫn ghi và lưu được" in outcome.words
    assert status(laptop.db).words == outcome.words


def test_killed_between_record_and_settle_it_is_sent_again(laptop):
    laptop.record()
    outbox = Outbox(laptop.db)
    laptop.line.send(outbox.waiting(10))  # and here the power goes

    again = connect(laptop.settings.database)
    outcome = sync_now(again, line=laptop.line, now=lambda: AT)

    assert (outcome.sent, outcome.waiting) == (1, 0)
    assert len(laptop.line.lines) == 1


def test_received_means_a_stored_receipt(laptop):
    kept = laptop.record()
    assert visits.find(laptop.db, kept.id).visit.standing == "waiting"
    assert receipts(laptop.db) == []

    laptop.sync(halves=SEND)

    assert visits.find(laptop.db, kept.id).visit.standing == "accepted"
    (receipt,) = receipts(laptop.db)
    assert (receipt["item"], receipt["id"], receipt["revision"], receipt["seq"]) == (kept.item, kept.id, 1, 1)


def test_a_visit_that_comes_down_before_its_receipt_still_waits(laptop):
    kept = laptop.record()
    laptop.line.loses_answers = True
    laptop.sync(halves=SEND)

    laptop.sync(halves=GET)

    assert visits.find(laptop.db, kept.id).visit.standing == "waiting"
    assert waiting(laptop) == 1


def test_a_correction_by_others_that_comes_down_before_our_receipt_is_shown_once_we_have_it(laptop):
    ours = laptop.record()
    laptop.line.loses_answers = True
    laptop.sync(halves=SEND)
    body = laptop.body(remark="Của văn phòng", reason="Sai", revision=2)
    theirs = write(kind="inspection", id=ours.id, base=ours.item, device="office", run="r", device_seq=1, author="An",
                   recorded_at="2026-11-20T15:00:00Z", body=body)  # fmt: skip
    laptop.line.tells("inspection", ours.id, revisions=(("accepted", ours_line(laptop, ours)), ("accepted", theirs)))
    laptop.sync(halves=GET)
    laptop.line.loses_answers = False

    laptop.sync()

    assert visits.find(laptop.db, ours.id).visit.item == name_of(theirs)


def test_the_proof_is_kept_and_can_be_checked_again(laptop):
    laptop.record()
    laptop.record()
    laptop.sync()

    row = laptop.db.conn.execute(
        "SELECT lineage, first, last, before, after, receipts, signature FROM proofs"
    ).fetchone()
    seal = Seal(*row[:6])
    own = laptop.db.conn.execute("SELECT name, seq, first_standing FROM own ORDER BY seq").fetchall()
    assert seal.signed_by(server_key(laptop.db.conn), row[6])
    assert walk(GENESIS, [Receipt(*one) for one in own]) == seal.after


def test_a_reply_that_the_server_did_not_sign_settles_nothing(laptop):
    laptop.record()
    send = laptop.line.send

    def forged(lines):
        reply = send(lines)
        return Reply(reply.seal, "AAAA", reply.receipts, reply.unreadable, reply.server_time)

    laptop.line.send = forged
    outcome = laptop.sync()

    assert (outcome.trouble, outcome.waiting) == (Trouble.BAD_REPLY, 1)


def test_a_standing_this_program_does_not_know_is_not_stored(laptop):
    laptop.record()
    reply = laptop.line.send(Outbox(laptop.db).waiting(1))
    (receipt,) = reply.receipts
    strange = Reply(reply.seal, reply.signature, (Receipt(receipt.item, receipt.seq, "lạ"),))

    with pytest.raises(BadReply):
        Outbox(laptop.db).settle(strange)

    assert waiting(laptop) == 1


def test_a_place_made_here_and_its_visit_go_up_and_come_down(laptop):
    operator = records.new_operator(laptop.db, {"name": "Hộ bà Vũ Thị Ơn", "form": "household"}, at=AT)
    place = records.new_establishment(
        laptop.db, {"name": "Karaoke Mới", "kinds": ["karaoke"], "unit": COMMUNE, "operator": operator.id}, at=AT
    )
    kept = laptop.record(establishment=place.id)

    laptop.sync()

    assert find(laptop.db, "establishment", place.id).standing == "accepted"
    assert visits.find(laptop.db, kept.id).visit.standing == "accepted"
    assert {row.standing for row in establishments(laptop.db, Asked("vu thi on"))} == {"accepted"}


def test_a_held_visit_is_shown_and_released_later(laptop):
    nowhere = new_id()
    kept = laptop.record(establishment=nowhere)
    laptop.sync()
    held = visits.find(laptop.db, kept.id)

    laptop.line.decides(kept.item, "accepted")
    laptop.sync()

    assert held.visit.standing == "held"
    assert visits.find(laptop.db, kept.id).visit.standing == "accepted"


def test_a_held_visit_whose_answer_was_lost_is_shown_as_it_stands_now(laptop):
    kept = laptop.record(establishment=new_id())
    laptop.line.loses_answers = True
    laptop.sync(halves=SEND)
    laptop.line.loses_answers = False
    laptop.line.decides(kept.item, "accepted")
    laptop.sync(halves=GET)

    laptop.sync()

    assert laptop.one("SELECT standing FROM own WHERE name = ?", kept.item) == "accepted"
    assert laptop.one("SELECT first_standing FROM own WHERE name = ?", kept.item) == "held"


def test_a_quarantined_visit_says_which_field_to_put_right(laptop):
    kept = laptop.record()
    laptop.sync()

    laptop.line.decides(kept.item, "quarantined", {"reason": "content", "problems": {"date": "Nhập lại ngày."}})
    laptop.sync()

    whole = visits.find(laptop.db, kept.id)
    assert whole.problems == {"date": "Nhập lại ngày."}
    assert status(laptop.db).to_put_right == 1
    assert receipts(laptop.db)[0]["standing"] == "quarantined"


def test_one_unreadable_item_blocks_nothing_and_is_shown(laptop):
    bad, good = laptop.record(), laptop.record()
    line = laptop.one("SELECT line FROM own WHERE name = ?", bad.item)
    take = laptop.line._take
    laptop.line._take = lambda one: bad.item if one == line else take(one)

    outcome = laptop.sync()

    assert (outcome.waiting, outcome.standings) == (0, {"accepted": 1, "unreadable": 1})
    assert visits.find(laptop.db, bad.id).visit.standing == "unreadable"
    assert visits.find(laptop.db, good.id).visit.standing == "accepted"
    assert [visit.id for visit in visits.to_put_right(laptop.db)] == [bad.id]


def test_a_server_that_falls_over_large_batches_gets_small_ones(laptop):
    for _ in range(10):
        laptop.record()
    laptop.line.falls_over_more_than = 3

    outcome = laptop.sync()

    assert (outcome.sent, outcome.waiting) == (10, 0)


def test_an_item_the_server_falls_over_does_not_stop_what_comes_down(laptop):
    kept = laptop.record()
    laptop.line.poison = laptop.one("SELECT line FROM own WHERE name = ?", kept.item)
    laptop.line.knows("establishment", new_id(), place_state("Mới mở"))

    outcome = laptop.sync()

    assert (outcome.trouble, outcome.waiting) == (Trouble.FAULT, 1)
    assert len(establishments(laptop.db, Asked("moi mo"))) == 1


def test_a_cut_page_leaves_the_cursor_and_the_next_try_goes_on(laptop):
    for n in range(5):
        laptop.line.knows("establishment", new_id(), place_state(f"Mới {n}"))
    cursor = get_meta(laptop.db.conn, "cursor")
    laptop.line.tears_pages = True
    torn = laptop.sync()
    laptop.line.tears_pages = False

    assert torn.trouble is Trouble.BAD_REPLY
    assert get_meta(laptop.db.conn, "cursor") == cursor
    assert laptop.sync().received == 5


def test_a_fetch_cut_short_goes_on_from_the_last_whole_page(laptop):
    laptop.line.page_size = 2
    for n in range(6):
        laptop.line.knows("establishment", new_id(), place_state(f"Mới {n}"))
    since, calls = laptop.line.since, []

    def breaks(cursor):
        calls.append(cursor)
        if len(calls) == 3:
            raise Unreachable("cut")
        return since(cursor)

    laptop.line.since = breaks
    first, second = laptop.sync(), laptop.sync()

    assert (first.received, second.received) == (4, 2)


def test_nothing_to_send_and_nothing_new_is_one_request(laptop):
    laptop.sync()
    asked, since = [], laptop.line.since
    laptop.line.since = lambda cursor: asked.append(cursor) or since(cursor)

    laptop.sync()

    assert len(asked) == 1
    assert laptop.line.batches == []


def test_after_another_history_the_copy_starts_over_and_nothing_of_ours_is_lost(laptop):
    kept = laptop.record()
    laptop.sync()
    draft = drafts.start(laptop.db, laptop.place, at=AT)

    laptop.line.restores_from_nothing()
    outcome = laptop.sync()

    assert (outcome.trouble, outcome.waiting) == (Trouble.NONE, 0)
    assert len(laptop.line.lines) == 1, "the visit that the restored server lacks was sent again"
    assert visits.find(laptop.db, kept.id).visit.standing == "accepted"
    assert drafts.load(laptop.db, draft)
    assert get_meta(laptop.db.conn, "mirror_lineage") == laptop.line.lineage


def test_fetching_only_after_another_history_leaves_ours_for_the_next_sending(laptop):
    laptop.record()
    laptop.sync()
    laptop.line.restores_from_nothing()

    laptop.sync(halves=GET)

    assert waiting(laptop) == 1
    assert laptop.sync().sent == 1


def test_a_server_that_never_agrees_is_said_so_and_ends(laptop):
    def never(cursor):
        raise OtherHistory("Máy chủ đã được khôi phục.", slug="other-history", status=410)

    laptop.line.since = never

    assert laptop.sync().trouble is Trouble.REFUSED


def test_only_one_sync_runs_at_a_time(laptop):
    with alone(laptop.settings.sync_lock):
        outcome = laptop.sync()

    assert outcome.trouble is Trouble.BUSY
    assert laptop.sync().trouble is Trouble.NONE


def test_many_at_once_send_everything_once(laptop):
    for _ in range(20):
        laptop.record()

    def send():
        db = connect(laptop.settings.database)
        while sync_now(db, line=laptop.line, now=lambda: AT).trouble is Trouble.BUSY:
            pass
        db.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(laptop.line.lines) == 20
    assert waiting(laptop) == 0


def test_what_is_recorded_during_a_sync_is_not_lost(laptop):
    laptop.record()
    send = laptop.line.send

    def records_meanwhile(lines):
        laptop.line.send = send
        laptop.record()
        return send(lines)

    laptop.line.send = records_meanwhile

    assert laptop.sync().sent == 2


def test_the_server_hears_what_is_left(laptop):
    laptop.record(date="2026-11-10")
    draft = drafts.start(laptop.db, laptop.place, at=AT)
    drafts.save(laptop.db, draft, {"date": "2026-11-02"}, at=AT)
    laptop.line.reports.clear()

    laptop.sync()

    before, after = laptop.line.reports
    assert (before.drafts, before.unsent, before.earliest) == (1, 1, "2026-11-02")
    assert (after.drafts, after.unsent, after.earliest) == (1, 0, "2026-11-02")
    assert before.clock == "2026-11-20T15:00:00Z"


def test_a_draft_whose_date_cannot_be_read_counts_from_the_day_it_was_begun(laptop):
    draft = drafts.start(laptop.db, laptop.place, at=AT)
    drafts.save(laptop.db, draft, {"date": "hôm nọ"}, at=AT)

    laptop.sync()

    assert laptop.line.reports[-1].earliest == "2026-11-20"


def test_the_difference_of_the_clocks_is_known(laptop):
    sync_now(laptop.db, line=laptop.line, now=lambda: AT + timedelta(seconds=90))

    assert status(laptop.db).clock_offset_s == 90


def test_a_clock_set_to_2010_changes_no_order_and_today_can_be_recorded(laptop):
    then = datetime(2010, 1, 1, tzinfo=UTC)

    records.record(laptop.db, new_id(), laptop.body(date="2026-11-20"), at=then)
    outcome = sync_now(laptop.db, line=laptop.line, now=lambda: then)

    assert outcome.standings == {"accepted": 1}
    assert get_meta(laptop.db.conn, "server_time") == "2026-11-20T15:00:00Z"


def test_every_try_is_remembered(laptop):
    laptop.line.down = True
    laptop.sync()
    laptop.line.down = False
    laptop.record()
    laptop.sync()

    last, before = history.latest(laptop.db.conn, limit=2)
    assert (last.sent, last.trouble) == (1, "")
    assert before.trouble == "offline"
    assert last.bytes_up > 0


@pytest.mark.parametrize(
    ("error", "trouble", "word"),
    [
        (Unreachable("x"), Trouble.OFFLINE, "Không có mạng"),
        (Unreachable("x", retry_after=40.0), Trouble.LATER, "đang bận"),
        (ServerFault("x"), Trouble.FAULT, "báo văn phòng"),
        (BadReply("x"), Trouble.BAD_REPLY, "vẫn chờ gửi"),
        (Refused("x", slug="unknown-device"), Trouble.UNKNOWN, "mã đăng ký mới"),
        (Refused("x", slug="revoked-device"), Trouble.LOCKED, "khóa máy"),
        (Refused("Máy chủ phải dùng https.", slug="plain-http"), Trouble.REFUSED, "https"),
    ],
)
def test_every_trouble_says_what_to_do_in_words_of_the_screen(error, trouble, word):
    said = explain(error)

    assert said.trouble is trouble
    assert word in said.words
    assert not any(bad in said.words.lower() for bad in ("đồng bộ", "bản ghi", "xung đột", "lỗi đối tượng", " id "))


def test_the_reply_of_the_fake_holds(laptop):
    laptop.record()

    check(laptop.line.send(Outbox(laptop.db).waiting(5)), server_key(laptop.db.conn))


def test_a_revision_of_ours_that_lost_is_shown_beside_the_truth(laptop):
    first = laptop.record()
    laptop.sync()
    ours = laptop.record(first.id, remark="Của tôi", reason="Thiếu")
    laptop.sync(halves=SEND)
    laptop.line.decides(ours.item, "conflict")
    theirs = [change for change in laptop.line.feed if change.id == first.id][-1].revisions[:1]
    laptop.line.tells("inspection", first.id, revisions=(*theirs, ("conflict", ours_line(laptop, ours))))
    laptop.sync()

    visit = visits.find(laptop.db, first.id).visit
    assert (visit.item, visit.standing, visit.aside) == (first.item, "accepted", "conflict")
    assert [one.id for one in visits.to_put_right(laptop.db)] == [first.id]


def ours_line(laptop, kept):
    return laptop.one("SELECT line FROM own WHERE name = ?", kept.item)


def test_an_export_says_how_everything_stands(laptop):
    laptop.record()
    drafts.start(laptop.db, laptop.place, at=AT)
    records.edit(laptop.db, "establishment", laptop.place, {"phone": "1"}, at=AT)
    before = [line.split('"standing": ')[1] for line in export(laptop.db.conn)]

    laptop.sync()

    assert before == ['"waiting"}', '"waiting"}', '"accepted"}', '"draft"}']
    assert [line.split('"standing": ')[1] for line in export(laptop.db.conn)][:3] == ['"accepted"}'] * 3


def test_a_mirror_cursor_is_where_the_last_page_ended(laptop):
    assert Mirror(laptop.db).cursor() == laptop.line.since("").cursor
