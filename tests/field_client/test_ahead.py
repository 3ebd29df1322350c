"""A push and a pull that look ahead: what is under way is never handed out twice, and no failure loses a record."""

import pytest

from field_client.store.outbox import Outbox
from field_client.syncing import Half, Trouble, server_key
from sync.engine import push
from sync.errors import ServerFault, Unreachable
from sync.pace import AFTER_FAILURE, FIRST, LEAST, TRIES, Pace
from sync.wire import BATCH_BYTES, Reply

SEND, GET = frozenset({Half.SEND}), frozenset({Half.GET})


@pytest.fixture(params=[True, False], ids=["in a thread", "at once"])
def ahead(request, laptop):
    """A laptop with many records, whose line is asked in a thread, or at once."""
    laptop.line.waits = request.param
    for _ in range(60):
        laptop.record()
    return laptop


def sent_in(laptop, limit, **more):
    return push(Outbox(laptop.db), laptop.line, server_key(laptop.db.conn), limit=limit, **more)


def left(laptop):
    return laptop.one("SELECT count(*) FROM own WHERE waiting = 1")


def in_order(laptop):
    """Say whether the server has every record once, in the order they were made."""
    rows = laptop.db.conn.execute("SELECT line FROM own WHERE seq IS NOT NULL ORDER BY local")
    return [row[0] for row in rows] == laptop.line.lines


def test_every_batch_is_handed_out_once_and_settled_in_order(ahead):
    assert sent_in(ahead, 7) == {"accepted": 60}

    assert ahead.line.batches == [7] * 8 + [4]
    assert left(ahead) == 0
    assert in_order(ahead)


def test_what_is_saved_while_a_push_runs_goes_up_in_it(ahead):
    send, saved = ahead.line.send, []

    def meanwhile(lines):
        if not saved and ahead.line.waits is False:
            saved.append(ahead.record())
        return send(lines)

    ahead.line.send = meanwhile
    assert sent_in(ahead, 50) == {"accepted": 60 + len(saved)}


@pytest.mark.parametrize("at", [1, 2, 5])
def test_a_line_that_drops_keeps_what_was_answered_and_loses_nothing(ahead, at):
    line, send, missing = ahead.line, ahead.line.send, 60 - 7 * (at - 1)

    def drops(lines):
        line.down = len(line.batches) >= at - 1
        return send(lines)

    line.send = drops
    with pytest.raises(Unreachable):
        sent_in(ahead, 7)

    assert left(ahead) == missing
    line.send, line.down = send, False
    assert sent_in(ahead, 7).total() == missing
    assert in_order(ahead)


def test_an_answer_that_is_lost_now_and_then_costs_a_resend_of_a_smaller_batch(ahead):
    send, asked = ahead.line.send, []

    def loses_every_third(lines):
        asked.append(len(lines))
        reply = send(lines)
        if len(asked) % 3 == 0:
            raise Unreachable("the answer was lost")
        return reply

    ahead.line.send = loses_every_third
    assert sent_in(ahead, 7).total() == 60
    assert left(ahead) == 0
    assert in_order(ahead)


def test_a_server_that_asks_to_wait_is_not_asked_again(ahead):
    send, asked = ahead.line.send, []

    def busy(lines):
        asked.append(len(lines))
        if len(asked) == 2:
            raise Unreachable("busy", retry_after=7.0)
        return send(lines)

    ahead.line.send = busy
    with pytest.raises(Unreachable) as refused:
        sent_in(ahead, 7)

    assert (refused.value.retry_after, len(asked), left(ahead)) == (7.0, 2, 53)


def test_a_reply_that_cannot_be_right_stops_the_push_though_the_next_is_under_way(ahead):
    send = ahead.line.send

    def forged(lines):
        reply = send(lines)
        if len(ahead.line.batches) == 3:
            return Reply(reply.seal, "AAAA", reply.receipts, reply.unreadable, reply.server_time)
        return reply

    ahead.line.send = forged
    outcome = ahead.sync(halves=SEND)
    assert outcome.trouble in {Trouble.NONE, Trouble.BAD_REPLY}  # one batch may be all there is

    ahead.line.send = send
    ahead.sync(halves=SEND)
    assert left(ahead) == 0
    assert in_order(ahead)


def test_a_server_that_falls_over_many_items_gets_fewer(ahead):
    ahead.line.falls_over_more_than = 4

    assert sent_in(ahead, 20) == {"accepted": 60}
    assert max(ahead.line.batches[3:]) <= 5
    assert in_order(ahead)


def test_one_item_that_the_server_falls_over_stops_behind_what_went_before(ahead):
    ahead.line.poison = ahead.one("SELECT line FROM own ORDER BY local LIMIT 1 OFFSET 30")

    with pytest.raises(ServerFault):
        sent_in(ahead, 7)

    assert left(ahead) == 30


def test_pages_are_taken_in_order_though_the_next_is_fetched_meanwhile(ahead):
    ahead.sync(halves=SEND)
    ahead.line.page_size = 7

    outcome = ahead.sync(halves=GET)

    assert not outcome.trouble
    assert outcome.received == 60
    assert ahead.one("SELECT count(*) FROM revisions") == 60


@pytest.mark.parametrize(("seconds", "times"), [(1.0, 2), (0.1, 4)])
def test_the_first_batch_is_small_and_the_next_ones_grow_while_they_are_easy(seconds, times):
    pace, sizes = Pace(), []
    for _ in range(8):
        sizes.append(pace.bytes)
        pace.went(pace.bytes, seconds)

    assert sizes[:3] == [FIRST, times * FIRST, times**2 * FIRST]
    assert pace.bytes == BATCH_BYTES


def test_on_a_slow_line_batches_shrink_and_stay_where_a_request_takes_a_few_seconds():
    pace, bytes_a_second = Pace(), 10_000
    for _ in range(10):
        pace.went(pace.bytes, pace.bytes / bytes_a_second)

    assert pace.bytes / bytes_a_second <= 8


def test_a_line_that_never_carried_anything_is_not_tried_again_at_once():
    assert Pace().failed(FIRST) is False


def test_a_line_that_carried_something_is_tried_again_with_less_but_not_for_ever():
    pace = Pace(AFTER_FAILURE)
    pace.went(AFTER_FAILURE, 1.0)

    tried = [pace.failed(pace.bytes) for _ in range(TRIES)]

    assert tried == [True] * (TRIES - 1) + [False]
    assert LEAST <= pace.bytes < AFTER_FAILURE
