"""What a person says of a place, as the paths of a register edit."""

from datetime import date

import pytest

from field_client.changes import changes
from field_client.records import NotValid
from schemas.register import check_edit
from sync.merge import apply, difference, merge

TODAY = date(2026, 11, 20)
STATE = {
    "name": "Karaoke Đông Đô",
    "place/1": {"from": "2019-01-01", "epoch": "new", "unit": "15664", "address": "Phố Giắt"},
    "kind/1": {"from": "2019-01-01", "kind": "karaoke"},
    "kind/2": {"from": "2019-01-01", "to": "2020-12-31", "kind": "lodging"},
    "status/1": {"from": "2019-01-01", "status": "open"},
    "licence/1": {"type": "operating_licence", "number": "12/GP", "from": "2019-01-01"},
    "licence/2": {"type": "antt_certificate", "from": "2019-01-01"},
}


def said(state=STATE, **fields):
    return changes(state, {name.replace("__", "."): value for name, value in fields.items()}, TODAY)


def kinds(state):
    return sorted((v["kind"], v["from"], v.get("to")) for path, v in state.items() if path.startswith("kind/"))


@pytest.mark.parametrize(
    ("words", "after"),
    [
        ("+massage", [("karaoke", "2019-01-01", None), ("massage", "2026-11-20", None)]),
        ("-karaoke", [("karaoke", "2019-01-01", "2026-11-19")]),
        ("+massage,-karaoke", [("karaoke", "2019-01-01", "2026-11-19"), ("massage", "2026-11-20", None)]),
        ("+karaoke", [("karaoke", "2019-01-01", None)]),
        ("massage", [("karaoke", "2019-01-01", "2026-11-19"), ("massage", "2026-11-20", None)]),
        ("karaoke lodging", [("karaoke", "2019-01-01", None), ("lodging", "2026-11-20", None)]),
    ],
)
def test_kinds_are_added_and_ended(words, after):
    ended_before = ("lodging", "2019-01-01", "2020-12-31")

    assert kinds(STATE | said(kinds=words)) == sorted([ended_before, *after])


def test_a_kind_that_began_today_by_mistake_goes_altogether():
    state = apply(STATE, said(kinds="+massage"))

    assert apply(state, said(state, kinds="-massage")) == STATE


def test_what_one_laptop_adds_and_another_ends_both_survive():
    added, ended = (difference(STATE, STATE | said(kinds=words)) for words in ("+massage", "-karaoke"))

    one_way = apply(apply(STATE, merge(STATE, added).applied), merge(STATE | added["set"], ended).applied)
    other_way = apply(apply(STATE, merge(STATE, ended).applied), merge(STATE | ended["set"], added).applied)

    assert one_way == other_way
    assert ("massage", "2026-11-20", None) in kinds(one_way)
    assert ("karaoke", "2019-01-01", "2026-11-19") in kinds(one_way)


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"status": "paused", "from": "2026-11-01", "to": "2026-12-01"},
         {"from": "2026-11-01", "to": "2026-12-01", "status": "paused"}),
        ({"unit": "new:15682", "address": "Số 1", "lat": "19.8", "lon": "105.5"},
         {"from": "2026-11-20", "epoch": "new", "unit": "15682", "address": "Số 1", "lat": 19.8, "lon": 105.5}),
        ({"operator": "018f0000-0000-7000-8000-0000000000b1"},
         {"from": "2026-11-20", "operator": "018f0000-0000-7000-8000-0000000000b1"}),
        ({"licence__type": "antt_certificate", "licence__number": "9/GCN", "licence__to": "2027-01-01"},
         {"type": "antt_certificate", "number": "9/GCN", "to": "2027-01-01"}),
    ],
)  # fmt: skip
def test_what_begins_is_one_value_under_a_path_of_its_own(fields, found):
    [(path, value)] = said(**fields).items()

    assert value == found
    assert path not in STATE
    assert check_edit("establishment", difference(STATE, STATE | {path: value})) == {}


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"licence__id": "1", "licence__number": "13/GP"},
         {"licence/1": {"type": "operating_licence", "number": "13/GP", "from": "2019-01-01"}}),
        ({"licence__id": "12/GP", "licence__to": "2026-10-31"},
         {"licence/1": {"type": "operating_licence", "number": "12/GP", "from": "2019-01-01", "to": "2026-10-31"}}),
        ({"licence__remove": "2"}, {"licence/2": None}),
        ({"status": "paused", "from": "2019-01-01"}, {"status/1": {"from": "2019-01-01", "status": "paused"}}),
        ({"address": "Số 2"}, {"place/1": {**STATE["place/1"], "address": "Số 2"}}),
    ],
)  # fmt: skip
def test_what_is_there_is_changed_in_its_place(fields, found):
    assert said(**fields) == found


def test_the_address_of_an_operator_is_a_field_of_its_own():
    assert changes({"name": "An"}, {"address": "Số 3", "form": "household"}, TODAY, "operator") == {
        "address": "Số 3", "form": "household",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"kinds": "+massage karaoke"}, "kinds", "có dấu"),
        ({"kinds": "-massage"}, "kinds", "không có loại hình này"),
        ({"kinds": "+massage -massage"}, "kinds", "không có loại hình này"),
        ({"unit": "15664"}, "unit", "bản đồ:mã"),
        ({"lat": "bắc"}, "lat", "phải là số"),
        ({"status": "paused", "to": "mai"}, "to", "Ngày không đúng"),
        ({"licence__number": "9"}, "licence.type", "Ghi loại giấy"),
        ({"licence__id": "99", "licence__to": "2026-01-01"}, "licence.id", "đang có: 1 (12/GP); 2 (không số)"),
        ({"licence__remove": "99"}, "licence.remove", "Không rõ giấy"),
        ({"licence__id": "1", "licence__to": "1/1/2026"}, "licence.to", "Ngày không đúng"),
    ],
)
def test_what_cannot_be_says_at_the_field_what_to_do(fields, field, words):
    with pytest.raises(NotValid) as wrong:
        said(**fields)

    assert words in wrong.value.problems[field]
