"""Records that may be one: offered side by side, merged by a person into the one that survives, and taken apart."""

import re
from html import unescape

import pytest

from server.arrivals.verify import verify
from server.duplicates.find import possible
from server.office import edit, make, state_of

COMMUNE, ELSEWHERE, DISTRICT = "new:15664", "new:15682", "old:397"
PATH = "/can-duyet/trung"


def text(page):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.get_data(as_text=True))).split())


@pytest.fixture
def twins(office):
    """One place entered twice, with a telephone number in two spellings; a visit at the second."""
    one = office.place("Karaoke Đông Đô", phone="0912 345 678")
    other = office.place("QUÁN KARAOKE ĐÔNG ĐÔ", phone="+84912345678", kinds=("karaoke", "massage"))
    office.visit(other)
    return one, other


def act(client, do, one, other="", kind="establishment"):
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(PATH).text)[1]
    form = {"csrf_token": token, "kind": kind, "one": one, "other": other, "do": do}
    return client.post(PATH, data=form, follow_redirects=True)


def pairs(office, *communes):
    return [(pair.one, pair.other) for pair in possible(office.db.conn, communes or (COMMUNE,))]


def merged_into(office, id, kind="establishment"):
    return state_of(office.db.conn, kind, id).get("merged_into")


def test_two_that_may_be_one_stand_side_by_side_with_the_reasons_and_what_differs(office, twins):
    page = office.client().get(PATH)

    assert "1 cặp hồ sơ giống nhau" in text(page)
    assert "Cùng số điện thoại Cùng tên Cùng địa chỉ" in text(page)
    differing = re.findall(r'<tr class="differs"><th scope="row">([^<]+)', page.text)
    assert {"Tên cơ sở", "Điện thoại", "Loại hình", "Lượt kiểm tra"} <= set(differing)
    assert "Địa chỉ" not in differing
    assert "1, lần gần nhất 06/05/2026" in text(page)


def test_merging_makes_one_of_two_and_the_visit_stays_with_the_survivor(office, twins):
    one, other = twins

    page = act(office.client(), "keep-one", one, other)

    assert "Đã gộp “QUÁN KARAOKE ĐÔNG ĐÔ” vào “Karaoke Đông Đô”" in text(page)
    assert merged_into(office, other) == one
    assert pairs(office) == []
    assert office.db.conn.execute("SELECT root FROM establishments WHERE id = ?", (other,)).fetchone()[0] == one


def test_the_other_one_may_survive_too(office, twins):
    one, other = twins

    act(office.client(), "keep-other", one, other)

    assert (merged_into(office, one), merged_into(office, other)) == (other, None)


def test_what_was_merged_is_taken_apart_again(office, twins):
    one, other = twins
    client = office.client()
    act(client, "keep-one", one, other)
    assert "“QUÁN KARAOKE ĐÔNG ĐÔ” gộp vào “Karaoke Đông Đô”" in text(client.get(PATH))

    page = act(client, "unmerge", other)

    assert "Đã tách lại “QUÁN KARAOKE ĐÔNG ĐÔ”." in text(page)
    assert merged_into(office, other) is None
    assert pairs(office) == [tuple(sorted(twins))]


def test_two_that_are_told_apart_are_not_offered_again_and_everything_can_be_rebuilt(office, twins):
    page = act(office.client(), "distinct", *twins)

    assert "không trùng." in text(page)
    assert "Không có cặp hồ sơ nào có thể trùng đang chờ." in text(page)
    assert pairs(office) == []
    assert verify(office.db).problems == ()


def test_the_list_is_made_anew_once_a_place_has_changed(office, twins):
    assert len(pairs(office)) == 1
    third = office.place("Đông Đô")
    assert len(pairs(office)) == 3

    was = state_of(office.db.conn, "establishment", third)
    make(office.db, [edit("establishment", third, {"name": "Hoàng Gia"}, was)], author="test", at=office.at)

    assert pairs(office) == [tuple(sorted(twins))]


def test_the_first_page_counts_them_for_who_can_act(office, twins):
    said = "1 cặp hồ sơ có thể trùng cơ sở"

    assert said in text(office.client().get("/"))
    assert said not in text(office.client("team").get("/"))


def test_places_in_two_communes_are_not_offered(office):
    office.place("Karaoke Đông Đô", phone="0912345678")
    office.place("Karaoke Đông Đô", phone="0912345678", unit=ELSEWHERE)

    assert pairs(office, COMMUNE, ELSEWHERE) == []


def test_places_at_one_point_of_the_map_are_offered_across_communes(office):
    span = {"from": "2020-01-01", "epoch": "new", "address": "", "lat": 19.8075, "lon": 105.7764}
    for name, unit in (("Karaoke Đông Đô", COMMUNE), ("Nhà nghỉ Đông Đô Vip", ELSEWHERE), ("Hoàng Gia", COMMUNE)):
        office.place(name, unit=unit, **{"place/1": {**span, "unit": unit.removeprefix("new:")}})

    assert len(pairs(office, COMMUNE, ELSEWHERE)) == 1
    assert "Tên gần giống Gần nhau trên bản đồ" in text(office.client().get(PATH))


def test_a_place_of_a_split_commune_is_held_against_both_halves(office):
    tree_split = next(
        key for (key,) in office.db.conn.execute("SELECT id FROM things WHERE kind = 'unit' AND id LIKE 'old:%'")
        if len((state_of(office.db.conn, "unit", key) or {}).get("successors", ())) > 1
    )  # fmt: skip
    halves = [f"new:{code}" for code in state_of(office.db.conn, "unit", tree_split)["successors"]]
    office.place("Karaoke Đông Đô", unit=tree_split)
    for half in halves:
        office.place("Đông Đô", unit=half)

    assert [len(pairs(office, half)) for half in halves] == [1] * len(halves)


def operators(office, *states):
    ids = office.enter("operator", *states)
    for at, id in enumerate(ids):
        office.place(f"Cơ sở {'ABCDEF'[at]}xyz", **{"operator/1": {"from": "2019-01-01", "operator": id}})
    return ids


def test_operators_of_one_registration_number_are_offered_and_merged(office):
    one, other = operators(
        office,
        {"name": "Công ty TNHH Hoàng Gia", "form": "enterprise", "registration": "2801234567"},
        {"name": "Cty Hoàng Gia", "form": "enterprise", "registration": "280 1234 567"},
    )
    client = office.client()
    assert "Cùng số đăng ký Cùng tên" in text(client.get(PATH))

    act(client, "keep-other", one, other, kind="operator")

    assert merged_into(office, one, "operator") == other
    assert "“Công ty TNHH Hoàng Gia” gộp vào “Cty Hoàng Gia”" in text(client.get(PATH))


def test_nobody_merges_a_place_of_another_area(office):
    own = office.place("Karaoke Đông Đô")
    outside = office.place("Karaoke Đông Đô", unit=ELSEWHERE)
    client = office.client("coordinator", COMMUNE)

    assert act(client, "keep-one", own, outside).status_code == 403
    assert act(client, "unmerge", outside).status_code == 403
    assert merged_into(office, outside) is None


@pytest.mark.parametrize("form", [{"do": "delete"}, {"kind": "team"}, {"one": "x"}, {"other": ""}])
def test_a_form_that_was_tampered_with_changes_nothing(office, twins, form):
    client = office.client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(PATH).text)[1]
    sent = {"kind": "establishment", "one": twins[0], "other": twins[1], "do": "keep-one", "csrf_token": token}

    assert client.post(PATH, data=sent | form).status_code in (403, 422)
    assert pairs(office) == [tuple(sorted(twins))]


def test_who_was_merged_by_somebody_else_meanwhile_is_said(office, twins):
    one, other = twins
    client = office.client()
    act(client, "keep-one", one, other)

    page = act(client, "keep-other", one, other)

    assert "không thể gộp vòng" in text(page)
    assert merged_into(office, one) is None
