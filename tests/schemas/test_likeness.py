"""How alike two records are: what is offered as possibly the same, why, and what is not."""

import pytest

from schemas.likeness import Reason, Traits, likely, likeness, near_names, near_points, same_papers, traits
from schemas.register import LicenceType

BASE = {"name": "Karaoke Đông Đô", "phone": "0912 345 678", "address": "Số 12, đường Lê Lợi", "antt": "12/ANTT-GĐ"}


def place(**given):
    said = {"name": "Sao Mai", "kind": "karaoke"} | given
    state = {"name": said["name"], "phone": said.get("phone"), "kind/1": {"from": "2020-01-01", "kind": said["kind"]}}
    lat, lon = said.get("point") or (None, None)
    state["place/1"] = {"from": "2020-01-01", "address": said.get("address", ""), "lat": lat, "lon": lon}
    if said.get("antt"):
        state["licence/1"] = {"type": LicenceType.ANTT.value, "number": said["antt"]}
    return traits("establishment", state)


def owner(name="Nguyễn Văn An", form="household", **given):
    return traits("operator", {"name": name, "form": form, **given})


@pytest.mark.parametrize(
    "other, reasons",
    [
        ({"name": "QUÁN KARAOKE ĐÔNG ĐÔ"}, [Reason.NAME]),
        ({"name": "Cơ sở kinh doanh Đông Đô", "kind": "massage"}, [Reason.NAME]),
        ({"name": "karaoke Đong Do"}, [Reason.NAME]),
        ({"name": "Karaoke Đôngg Đô"}, [Reason.NEAR_NAME]),
        ({"name": "Hoàng Gia", "phone": "+84 912.345.678"}, [Reason.PHONE]),
        ({"name": "Hoàng Gia", "phone": "0373 111 222 / 0912345678"}, [Reason.PHONE]),
        ({"name": "Hoàng Gia", "antt": "12 ANTT GĐ"}, [Reason.LICENCE]),
        ({"name": "Đôngg Đô", "kind": "massage", "address": "12 Lê Lợi"}, [Reason.NEAR_NAME, Reason.ADDRESS]),
        ({**BASE}, [Reason.LICENCE, Reason.PHONE, Reason.NAME, Reason.ADDRESS]),
    ],
)
def test_what_may_be_the_same_place_is_offered_with_its_reasons(other, reasons):
    assert list(likeness(place(**BASE), place(**other)).reasons) == reasons


@pytest.mark.parametrize(
    "other",
    [
        {"name": "Karaoke Đông Đô 2"},  # the number tells them apart
        {"name": "Hoàng Gia", "address": "12 Lê Lợi"},  # many may stand in one house
        {"name": "Nhà nghỉ Đôngg Đô", "kind": "lodging"},
        {"name": "Karaoke Đông Đô", "phone": "0373 111 222", "address": "Số 5, Lê Lợi"},  # two things speak against
        {"name": "Hoàng Gia", "phone": "113"},
        {"name": "Hoàng Gia", "antt": "không số"},
    ],
)
def test_what_is_alike_by_chance_is_not_offered(other):
    assert likeness(place(**BASE), place(**other)) is None


def test_a_street_without_a_number_is_nobodys_address():
    one, other = (place(name="Đôngg Đô" if kind == "massage" else "Đông Đô", kind=kind, address="Phố Giắt")
                  for kind in ("karaoke", "massage"))  # fmt: skip

    assert likeness(one, other) is None


@pytest.mark.parametrize(
    "one, other, reasons",
    [
        (owner(registration="2801234567"), owner("N V An", registration="280 123 4567"), [Reason.LICENCE]),
        (owner(phone="0912345678"), owner("Hộ kinh doanh Lê Thị Ba", phone="0912 345 678"), [Reason.PHONE]),
        (owner(address="Số 3, Lê Lợi"), owner("Ông Nguyễn Văn An", address="3 Lê Lợi"), [Reason.NAME, Reason.ADDRESS]),
        (owner("Công ty TNHH Hoàng Gia", "enterprise"), owner("CTY HOÀNG GIA", "enterprise"), [Reason.NAME]),
        (owner(), owner(), None),  # many people are called alike
        (owner(registration="1111", phone="0912345678"), owner("Lê Ba", registration="2222", phone="0912345678"), None),
    ],
)
def test_operators_are_alike_by_number_telephone_or_name_with_address(one, other, reasons):
    found = likeness(one, other)

    assert (list(found.reasons) if found else None) == reasons


def test_pairs_are_found_without_holding_each_against_each():
    found = {"b": place(**BASE), "a": place(name="Hoàng Gia", phone=BASE["phone"]), "c": place(name="Hoàng Gia")}

    assert same_papers(found) == {("a", "b"), ("a", "c")}
    assert near_names({"a": place(name="Đông Đô"), "b": place(name="Đôngg Đô"), "c": place()}) == {("a", "b")}
    assert set(likely(found, same_papers(found) | {("b", "c")})) == {("a", "b"), ("a", "c")}


def test_a_number_that_very_many_share_is_nobodys_own():
    found = {str(at): place(name=f"Tên {chr(97 + at)}xyz", phone="0000 000 000") for at in range(9)}

    assert same_papers(found) == set()


def test_the_same_reasons_come_out_whichever_is_asked_first():
    one, other = place(**BASE), place(name="Đôngg Đô", antt="12/ANTT-GĐ")

    assert likeness(one, other) == likeness(other, one)


def test_an_empty_record_is_like_nothing():
    assert likeness(Traits("establishment"), Traits("establishment")) is None


HERE = (19.8075, 105.7764)


def north(metres):
    return (HERE[0] + metres / 111_195, HERE[1])


def reasons(one, other):
    found = likeness(one, other)
    return list(found.reasons) if found else None


@pytest.mark.parametrize(
    "metres, other, found",
    [
        (0, {"name": "Đôngg Đô", "kind": "lodging"}, [Reason.NEAR_NAME, Reason.POINT]),
        (29, {"name": "Đôngg Đô", "kind": "lodging"}, [Reason.NEAR_NAME, Reason.POINT]),
        (31, {"name": "Đôngg Đô", "kind": "lodging"}, None),  # as if on no map
        (29, {"name": "Đông Đô Mới Ba"}, [Reason.NEAR_NAME, Reason.POINT]),  # nearer names where the place is one
        (31, {"name": "Đông Đô Mới Ba"}, None),
        (0, {"name": "Đông Đô 2"}, None),  # the number still tells them apart
        (0, {"name": "Hoàng Gia"}, None),  # houses stand in rows
        (0, {"name": "Hoàng Gia", "address": "12 Lê Lợi"}, [Reason.ADDRESS, Reason.POINT]),  # another name by now
        (499, {"name": "Đông Đô"}, [Reason.NAME]),
        (501, {"name": "Đông Đô"}, None),  # two of one name
        (501, {"name": "Hoàng Gia", "antt": "12/ANTT-GĐ"}, [Reason.LICENCE]),  # a point may be wrong
    ],
)
def test_a_point_of_the_map_speaks_for_and_against(metres, other, found):
    one = place(name="Đông Đô", address="Số 12, Lê Lợi", antt="12/ANTT-GĐ", point=HERE)

    assert reasons(one, place(point=north(metres), **other)) == found


@pytest.mark.parametrize("point", [None, (0, 0), (105.7764, 19.8075), (19.8075, None), (51.5, -0.1)])
def test_a_point_that_is_none_says_nothing(point):
    one, other = place(name="Đông Đô", point=HERE), place(name="Đông Đô", point=point)

    assert other.point is None
    assert reasons(one, other) == [Reason.NAME]


def test_records_with_nothing_alike_but_the_point_are_looked_at():
    found = {"b": place(point=HERE), "a": place(name="Hoàng Gia", point=north(20)), "c": place(point=north(60))}

    assert near_points(found) == {("a", "b")}


def test_a_point_that_very_many_have_is_the_middle_of_a_village():
    found = {str(at): place(name=f"Tên {at}", point=HERE) for at in range(41)}

    assert near_points(found) == set()
