"""What a line promises: the fake in memory and the real one over HTTP keep the same tests."""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from field_client.syncing import DeviceLine
from schemas.ids import new_id
from schemas.items import name_of, write
from sync.engine import check
from sync.enrolment import proof
from sync.errors import BadReply, OtherHistory, Refused, Unreachable
from sync.names import Held, Question, digest
from sync.revocation import proven
from sync.wire import Cursor
from tests.field_client.conftest import COMMUNE, place_state
from tests.field_client.fake_line import FakeLine

KEY, OTHER_KEY = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()


def shown(key: Ed25519PrivateKey, secret: str) -> tuple[str, str]:
    """Return a public key as it is shown, and the proof that we hold it."""
    raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return b64encode(raw).decode(), proof(key, secret)


@dataclass
class End:
    """A line that a laptop was just enrolled on, its code, and what it was told."""

    line: Any
    secret: str
    told: dict[str, Any]
    place: str
    drawn: int = 0

    def write(self, kind: str, id: str, body: dict[str, Any]) -> bytes:
        """Write an item as this laptop."""
        self.drawn += 1
        return write(
            kind=kind, id=id, base=None, device=self.told["device"], run="r", device_seq=self.drawn, author="An",
            recorded_at="2026-11-20T15:00:00Z", body=body,
        )  # fmt: skip

    def visit(self, place: str | None = None) -> bytes:
        """Write a visit."""
        body = {"establishment": place or self.place, "team": new_id(), "date": "2026-11-05", "basis": "planned",
                "outcome": "no_violation"}  # fmt: skip
        return self.write("inspection", new_id(), body)


@pytest.fixture(params=["in memory", "over http"])
def end(request: pytest.FixtureRequest) -> End:
    """Either line, enrolled, at a server that knows one place."""
    place = new_id()
    if request.param == "in memory":
        fake = FakeLine()
        fake.knows("establishment", place, place_state())
        return End(fake, fake.code, fake.enrol(fake.code, "Máy thử", *shown(KEY, fake.code)), place)
    served = request.getfixturevalue("served")
    served.central.edit("establishment", place, place_state())
    code = served.invite()
    told = DeviceLine(served.address, "").enrol(code.secret, "Máy thử", *shown(KEY, code.secret))
    return End(DeviceLine(served.address, "", told["credential"]), code.secret, told, place)


def key_of(end: End) -> Any:
    return Ed25519PublicKey.from_public_bytes(b64decode(end.told["server_key"]))


def changes(end: End, cursor: str = "") -> tuple[list[Any], str]:
    found, more = [], True
    while more:
        page = end.line.since(cursor)
        found, cursor, more = [*found, *page.changes], page.cursor, page.more
    return found, cursor


def test_enrolling_again_with_the_same_key_gives_the_same_answer(end):
    assert end.line.enrol(end.secret, "Máy thử", *shown(KEY, end.secret)) == end.told


def test_a_code_is_good_for_one_key_only(end):
    with pytest.raises(Refused, match="Mã đăng ký"):
        end.line.enrol(end.secret, "Máy khác", *shown(OTHER_KEY, end.secret))


def test_who_does_not_hold_the_key_is_not_let_in(end):
    public, _ = shown(KEY, end.secret)
    _, others = shown(OTHER_KEY, end.secret)

    with pytest.raises(Refused, match="Mã đăng ký"):
        end.line.enrol(end.secret, "Máy thử", public, others)


def test_the_answer_names_the_device_its_area_and_the_key_of_receipts(end):
    assert end.told["area"] == COMMUNE
    assert end.told["device"] and end.told["credential"] and end.told["lineage"]


def test_every_item_is_answered_under_the_servers_seal(end):
    lines = [end.visit() for _ in range(3)]

    reply = end.line.send(lines)

    check(reply, key_of(end))
    assert [receipt.item for receipt in reply.receipts] == [name_of(line) for line in lines]
    assert {receipt.standing for receipt in reply.receipts} == {"accepted"}


def test_sending_again_gives_the_same_receipts_and_how_they_stand_now(end):
    lines = [end.visit(), end.visit()]
    first = end.line.send(lines)

    again = end.line.send(lines)

    check(again, key_of(end))
    assert [receipt.seq for receipt in again.receipts] == [receipt.seq for receipt in first.receipts]
    assert [receipt.present for receipt in again.receipts] == ["accepted", "accepted"]


def test_old_and_new_items_may_come_in_one_batch(end):
    old = end.visit()
    end.line.send([old])

    reply = end.line.send([end.visit(), old, end.visit()])

    check(reply, key_of(end))
    assert len({receipt.seq for receipt in reply.receipts}) == 3


def test_a_line_that_is_no_item_is_answered_by_its_hash(end):
    reply = end.line.send([b"{not an item", end.visit()])

    check(reply, key_of(end))
    assert reply.unreadable == (name_of(b"{not an item"),)
    assert len(reply.receipts) == 1


def test_a_locked_laptop_is_told_so_under_the_servers_signature_and_may_still_send(end, request):
    if isinstance(end.line, FakeLine):
        end.line.locks(end.told["device"])
    else:
        central = request.getfixturevalue("served").central
        central.edit("device", end.told["device"], {"revoked_on": "2026-11-20"})

    with pytest.raises(Refused) as refused:
        end.line.since("")

    assert (refused.value.slug, refused.value.status) == ("revoked-device", 403)
    assert proven(refused.value.statement, key_of(end), end.told["device"])
    check(end.line.send([end.visit()]), key_of(end))


def test_a_visit_to_a_place_that_has_not_arrived_is_held(end):
    nowhere = new_id()

    (receipt,) = end.line.send([end.visit(nowhere)]).receipts

    assert receipt.standing == "held"
    assert receipt.detail == {"needs": [["establishment", nowhere]]}


def test_what_was_sent_comes_down_once(end):
    before, cursor = changes(end)
    line = end.visit()
    end.line.send([line])

    after, cursor = changes(end, cursor)

    assert end.place in {change.id for change in before}
    assert [(change.kind, change.revisions) for change in after] == [("inspection", (("accepted", line),))]
    assert changes(end, cursor)[0] == []


def test_positions_only_rise(end):
    end.line.send([end.visit() for _ in range(5)])

    found, _ = changes(end)

    assert [change.pos for change in found] == sorted({change.pos for change in found})


def test_a_cursor_of_another_history_is_refused(end):
    with pytest.raises(OtherHistory):
        end.line.since(Cursor("another lineage", 5, 5, "0" * 64).text())


def test_bytes_are_counted_in_both_directions(end):
    end.line.send([end.visit()])
    changes(end)

    assert end.line.bytes_up > 0
    assert end.line.bytes_down > 0


def test_nobody_there_is_a_normal_day(end):
    if isinstance(end.line, FakeLine):
        end.line.down = True
    else:
        end.line.address = "http://127.0.0.1:1"

    with pytest.raises(Unreachable):
        end.line.since("")
    with pytest.raises(Unreachable):
        end.line.send([end.visit()])


def digest_of(*rows):
    return digest(sorted(rows, key=lambda row: row[1]))


def test_both_ends_agree_on_count_and_digest_without_a_name(end):
    lines = [end.visit(), end.visit()]
    rows = [(r.item, r.seq, r.standing) for r in end.line.send(lines).receipts]

    assert end.line.compare(Question(*digest_of(*rows)), key_of(end)).agree
    assert not end.line.compare(Question(*digest_of(rows[0])), key_of(end)).agree
    assert not end.line.compare(Question(*digest_of(rows[0], (rows[1][0], rows[1][1], "held"))), key_of(end)).agree


def test_names_are_answered_in_order_with_what_else_there_is_between_them(end):
    one, other = end.line.send([end.visit(), end.visit()]).receipts
    held = tuple(sorted([Held(one.item, one.seq, one.standing), Held("f" * 64, 7, "accepted")], key=lambda h: h.name))

    answer = end.line.compare(Question(0, "", "", "", held), key_of(end))

    assert [found and (found.seq, found.standing) for found in answer.found] == [(one.seq, "accepted"), None]
    assert [(h.name, h.seq, h.standing) for h in answer.others] == [(other.item, other.seq, "accepted")]
    assert end.line.compare(Question(0, "", "f" * 63, "", ()), key_of(end)).others == ()


def test_an_answer_that_another_server_signed_is_not_believed(end):
    with pytest.raises(BadReply):
        end.line.compare(Question(0, ""), OTHER_KEY.public_key())


def test_own_items_come_back_in_order_with_their_receipts_and_exact_lines(end):
    lines = [end.visit(), end.visit(place=new_id()), end.visit()]
    receipts = end.line.send(lines).receipts
    found, after, more = [], 0, True
    while more:
        page = end.line.own(after)
        found, after, more = [*found, *page.items], page.after, page.more

    assert [one.line for one in found] == lines
    assert [(one.receipt.item, one.receipt.seq, one.receipt.standing) for one in found] == [
        (r.item, r.seq, r.standing) for r in receipts
    ]
    assert end.line.own(receipts[-1].seq).items == ()
