"""What goes over the line: read back as it was written, and never half."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from schemas.items import name_of
from sync.chain import GENESIS, Receipt, Seal, walk
from sync.engine import check
from sync.enrolment import BadCode, EnrolmentCode
from sync.errors import BadReply
from sync.wire import (
    LINES_LIMIT,
    LITTLE,
    Change,
    Cursor,
    Page,
    pack,
    read_batch,
    read_page,
    read_reply,
    receipt_rows,
    rows_hash,
    unpack,
    write_batch,
    write_page,
    write_reply,
)

LINES = ['{"một":1}'.encode(), b'{"two":2}']


def reply(receipts, *, key=None, after=None):
    key = key or Ed25519PrivateKey.generate()
    rows = receipt_rows(receipts)
    head = walk(GENESIS, [r for r in receipts if isinstance(r, Receipt)])
    seal = Seal("lineage", 1, 2, GENESIS, after or head, rows_hash(rows))
    return key, write_reply(rows, seal, seal.sign(key), server_time="", safe_to=0)


def test_a_batch_is_read_back_byte_for_byte():
    assert read_batch(write_batch(LINES)) == LINES


def test_a_page_is_read_back_as_it_was():
    page = Page(
        Cursor("l", 2, 3, "h").text(),
        (
            Change(1, "establishment", "e", {"name": "Đông Đô"}),
            Change(2, "inspection", "i", revisions=(("accepted", LINES[0]), ("conflict", LINES[1]))),
            Change(3, "operator", "o", gone=True),
        ),
        True,
        "l",
        "2026-11-23T00:00:00Z",
        7,
    )

    assert read_page(write_page(page)) == page


def test_a_state_that_goes_out_as_text_is_read_as_the_same_state_and_as_that_text():
    text = '{"name":"Đông Đô","note":",\\"state\\":1}"}'

    (change,) = read_page(write_page(Page("c", (Change(1, "operator", "o", text=text),)))).changes

    assert change.state == json.loads(text)
    assert change.text == text


def test_a_state_that_does_not_stand_last_is_read_too():
    head = b'{"cursor":"c","more":false,"lineage":"l","server_time":"","safe_to":0,"since":0}'
    line = b'{"kind":"operator","state":{"name":"A"},"id":"o","pos":1}'

    (change,) = read_page(pack(b"\n".join((head, line, b"")))).changes

    assert change == Change(1, "operator", "o", {"name": "A"})


def test_much_is_squeezed_with_less_work_and_read_back_the_same():
    much = b"".join(b'{"n":%d}' % n for n in range(2 * LITTLE))

    assert unpack(pack(much), len(much)) == much


@pytest.mark.parametrize("cut", [1, 10, 40])
def test_a_page_that_was_cut_is_no_page(cut):
    whole = write_page(Page("c", (Change(1, "operator", "o", {"name": "Đỗ"}),)))

    with pytest.raises(BadReply):
        read_page(whole[:-cut])


def test_a_body_that_unpacks_to_more_than_its_limit_is_refused_before_it_is_read_whole():
    with pytest.raises(BadReply):
        unpack(write_batch([b"0" * 10_000_000]), 1_000_000)


def test_a_batch_of_more_lines_than_one_transaction_should_hold_is_refused():
    assert len(read_batch(write_batch([b"{}"] * LINES_LIMIT))) == LINES_LIMIT
    with pytest.raises(BadReply):
        read_batch(write_batch([b""] * LINES_LIMIT + [b"{}"]))


def test_receipts_are_named_by_the_laptops_own_lines():
    receipts = [Receipt(name_of(LINES[0]), 1, "accepted"), Receipt(name_of(LINES[1]), 2, "held", {"needs": []})]
    key, body = reply(receipts)

    answer = read_reply(body, LINES)

    check(answer, key.public_key())
    assert list(answer.receipts) == receipts


def test_an_answer_for_other_items_is_no_answer():
    key, body = reply([Receipt(name_of(b"something else"), 1, "accepted"), Receipt(name_of(LINES[1]), 2, "accepted")])

    with pytest.raises(BadReply, match="chain"):
        check(read_reply(body, LINES), key.public_key())


@pytest.mark.parametrize("other", [Receipt(name_of(b"other"), 7, "accepted", None, "accepted"), name_of(b"other")])
def test_an_answer_that_only_repeats_is_no_answer_for_other_items(other):
    """The chain holds no repeat, so the reply to an older batch, as long as ours, would fit."""
    _, body = reply([other, Receipt(name_of(LINES[1]), 8, "accepted", None, "accepted")])

    with pytest.raises(BadReply):
        read_reply(body, LINES)


def test_an_answer_that_another_server_signed_is_no_answer():
    _, body = reply([Receipt(name_of(line), seq, "accepted") for seq, line in enumerate(LINES, 1)])

    with pytest.raises(BadReply, match="signed"):
        check(read_reply(body, LINES), Ed25519PrivateKey.generate().public_key())


def test_an_answer_of_another_length_is_no_answer():
    _, body = reply([Receipt(name_of(LINES[0]), 1, "accepted")])

    with pytest.raises(BadReply):
        read_reply(body, LINES)


def test_a_code_survives_being_written_over_several_lines():
    code = EnrolmentCode("0123456789abcdef", "https://178.thanhhoa.example:8178", "ab" * 32)
    text = code.text()

    assert EnrolmentCode.parse(f" {text[:30]}\n  {text[30:]} ") == code


@pytest.mark.parametrize("slip", ["", "hello", "D178-", "D178-!!!!", "D178-" + "A" * 40])
def test_a_slip_of_the_pen_in_a_code_is_one_sentence(slip):
    with pytest.raises(BadCode, match="Mã đăng ký không đúng"):
        EnrolmentCode.parse(slip)


def test_one_wrong_letter_in_a_code_is_found():
    text = EnrolmentCode("0123456789abcdef", "https://a.example", "ab" * 32).text()
    wrong = text[:20] + ("A" if text[20] != "A" else "B") + text[21:]

    with pytest.raises(BadCode):
        EnrolmentCode.parse(wrong)
