"""Comparing by name over the wire: what is written is read, and nothing is believed that the server did not sign."""

from itertools import pairwise

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from schemas.items import name_of
from sync import names
from sync.chain import Receipt
from sync.errors import BadReply
from sync.names import (
    Answer,
    Found,
    Held,
    Own,
    OwnPage,
    Question,
    digest,
    parts,
    read_answer,
    read_own,
    read_question,
    write_answer,
    write_own,
    write_question,
)
from sync.wire import pack

KEY = Ed25519PrivateKey.generate()
ONE, OTHER, THIRD = (name_of(text) for text in (b"1", b"2", b"3"))
WHOLE = Question(2, "ab")
PAGE = Question(3, "ab", ONE, "", (Held(ONE, 7, "accepted", "lineage"), Held(OTHER), Held(THIRD, 9, "held")))
FOUND = (Found(7, "declined", {"why": "Trùng"}), None, Found(9, "held"))
ANSWER = Answer("lineage", False, FOUND, (Held("x", 3, "held"),))
HEAD = b'{"count":1,"digest":"","after":"","upto":"","lineages":[]}\n'


@pytest.mark.parametrize("question", [WHOLE, PAGE])
def test_a_question_is_read_as_it_was_written(question):
    assert read_question(write_question(question)) == question


def test_an_answer_is_read_as_it_was_written():
    body = write_question(PAGE)

    assert read_answer(write_answer(ANSWER, body, KEY), PAGE, body, KEY.public_key()) == ANSWER


@pytest.mark.parametrize(
    "body",
    [
        b"", b"x", pack(b""), pack(b"[]\n"), pack(b'{"count":1}\n'), pack(b"{" * 5000), pack(HEAD + b"7\n"),
        pack(HEAD + b'["a",1]\n'), pack(HEAD + b'["a",-1,"",0]\n'), pack(HEAD + b'["a",1,"",5]\n'),
    ],
)  # fmt: skip
def test_what_is_no_question_is_said(body):
    with pytest.raises(BadReply):
        read_question(body)


def test_an_answer_of_another_server_or_to_another_question_is_not_believed():
    body = write_question(PAGE)
    told = write_answer(ANSWER, body, KEY)
    stranger = Ed25519PrivateKey.generate().public_key()

    for asked, sent, key in ((PAGE, body, stranger), (PAGE, write_question(WHOLE), KEY.public_key())):
        with pytest.raises(BadReply):
            read_answer(told, asked, sent, key)
    with pytest.raises(BadReply):
        read_answer(told[:-9], PAGE, body, KEY.public_key())


def test_an_answer_for_fewer_names_is_no_answer():
    body = write_question(PAGE)
    short = write_answer(Answer("lineage", False, FOUND[:2]), body, KEY)

    with pytest.raises(BadReply, match="Named 3"):
        read_answer(short, PAGE, body, KEY.public_key())


def test_own_items_come_with_their_exact_lines():
    line = b'{"kind":"x"}'
    receipt = Receipt(name_of(line), 7, "held", {"needs": []}, "accepted")
    page = OwnPage(7, True, (Own(line, receipt, {"why": "x"}),))

    assert read_own(write_own(page)) == page
    for cut in (b"", b"x", write_own(page)[:-6], pack(b'{"after":1}\n'), pack(b'{"after":1,"more":false}\n[1]\n')):
        with pytest.raises(BadReply):
            read_own(cut)


@given(st.lists(st.tuples(st.text("abc", min_size=1), st.integers(1, 99), st.sampled_from(["held", "accepted"]))))
def test_the_digest_tells_any_two_apart(rows):
    count, total = digest(rows)

    assert count == len(rows)
    assert digest(rows[1:])[1] != total or not rows
    assert digest([(name + "x", seq, standing) for name, seq, standing in rows])[1] != total or not rows


@pytest.mark.parametrize("count", [0, 1, 3, 4, 7])
def test_pages_cover_all_names_there_can_be(monkeypatch, count):
    monkeypatch.setattr(names, "NAMES", 3)
    held = sorted((Held(name_of(str(n).encode())) for n in range(count)), key=lambda one: one.name)

    found = list(parts(held))

    assert [one for _, _, page in found for one in page] == held
    assert found[0][0] == "" == found[-1][1]
    assert all(before[1] == after[0] != "" for before, after in pairwise(found))
