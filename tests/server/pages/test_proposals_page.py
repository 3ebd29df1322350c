"""The year's list on pages: drawn, read with its working, changed by people, confirmed into assignments."""

import re
from datetime import date, timedelta
from html import unescape

import pytest

from server.arrivals.verify import verify
from server.changes import apply_one
from server.clock import local_day, now
from server.office import state_of, things
from server.planning import keeping
from tests.markup import faults

PROVINCE, COMMUNE, OTHER, ELSEWHERE = "new:38", "new:15664", "new:15682", "new:19"
PATH = "/phan-cong/de-xuat"
TODAY = local_day(now())
NEXT = TODAY.year + 1


def form(client, path, page=PATH, **given):
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).text)[1]
    return client.post(path, data={"csrf_token": token, **given})


def text(answer):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


@pytest.fixture
def filled(office):
    """Twelve places of two communes with a team each and one above, and a plan of 25 % for next year."""
    office.at = now()
    for name, unit in (("Đội xã", COMMUNE), ("Đội xã bên", OTHER), ("Đội tỉnh", PROVINCE)):
        epoch, _, area = unit.partition(":")
        level = "province" if unit == PROVINCE else "commune"
        office.enter("team", {"name": name, "level": level, "epoch": epoch, "area": area})
    office.places = [office.place(f"Cơ sở {n}", unit=(COMMUNE, OTHER)[n % 2], code=f"CS-{n}") for n in range(12)]
    office.plan(25, area=PROVINCE, year=NEXT)
    return office


def drawn(office, client, **given):
    """Draw a list and return its id."""
    answer = form(client, PATH, **{"don-vi": PROVINCE, "nam": str(NEXT), "chi-tieu": ""} | given)
    assert answer.status_code == 303, text(answer)
    return answer.location.rpartition("/")[2]


def test_a_list_is_drawn_read_with_its_working_and_confirmed_into_assignments(filled):
    client = filled.client(area=PROVINCE)
    id = drawn(filled, client)

    page = client.get(f"{PATH}/{id}")
    assert "4 cơ sở Đã phân công 0 Chỉ tiêu 25 %" in text(page)
    assert "Chưa được kiểm tra lần nào: 5 × 5 = 25 Loại hình Karaoke: 5" in text(page)
    assert faults(page.text) == []
    answer = form(client, f"{PATH}/{id}/xac-nhan", viec="xac-nhan")

    assert answer.status_code == 303
    given = things(filled.db.conn, "assignment").values()
    assert len(given) == 4
    assert {one["basis"] for one in given} == {"planned"}
    assert all(one["starts_on"] >= f"{NEXT}-01-01" and one["expires_on"] <= f"{NEXT}-12-31" for one in given)
    assert "Đã phân công 4" in text(client.get(f"{PATH}/{id}"))
    assert verify(filled.db).problems == ()


def test_both_communes_have_their_quota(filled):
    id = drawn(filled, filled.client(area=PROVINCE))

    communes = [line.commune for line in keeping.lines(filled.db.conn, id)]
    assert sorted(communes) == [COMMUNE, COMMUNE, OTHER, OTHER]


def test_a_district_of_the_map_that_ended_is_filled_by_the_communes_of_today(filled):
    client = filled.client(area="old:397")
    id = drawn(filled, client, **{"don-vi": "old:397"})

    communes = [line.commune for line in keeping.lines(filled.db.conn, id)]
    assert sorted(communes) == [COMMUNE, COMMUNE, OTHER, OTHER]
    assert "năm" in text(client.get(PATH))


def test_the_seed_is_kept_in_the_chain_and_gives_the_same_list_again_even_after_it_was_confirmed(filled):
    client = filled.client(area=PROVINCE)
    id = drawn(filled, client)
    form(client, f"{PATH}/{id}/xac-nhan", viec="xac-nhan")

    (row,) = filled.db.conn.execute("SELECT seed, author, places FROM drawings").fetchall()
    assert re.fullmatch("[0-9a-f]{32}", row[0])
    assert row[1:] == (list(filled.users.values())[-1], 4)
    assert "Khớp hoàn toàn" in text(client.get(f"{PATH}/{id}?tinh-lai=1"))


def test_who_draws_again_is_seen_and_the_list_before_is_kept(filled):
    client = filled.client(area=PROVINCE)
    first, second = drawn(filled, client), drawn(filled, client)

    assert filled.db.conn.execute("SELECT count(DISTINCT seed) FROM drawings").fetchone() == (2,)
    assert [keeping.find(filled.db.conn, id).state for id in (first, second)] == ["dropped", "open"]
    assert text(client.get(PATH)).count(f"năm {NEXT}") >= 2


def test_what_was_said_since_is_told_when_the_list_is_worked_out_again(filled):
    client = filled.client(area=PROVINCE)
    id = drawn(filled, client)
    first = keeping.lines(filled.db.conn, id)[0].establishment
    filled.enter("establishment", {"status/2": {"from": "2020-01-01", "status": "closed"}}, ids=[first])

    assert "Số liệu đã đổi từ lúc rút thăm" in text(client.get(f"{PATH}/{id}?tinh-lai=1"))


def test_nobody_is_on_the_list_who_was_visited_or_checked_or_is_on_the_way_this_year(filled):
    visited, checked, given = filled.places[:3]
    filled.visit(visited, TODAY.isoformat(), found_working=True)
    client = filled.client(area=PROVINCE)
    apply = [
        {"do": "outside_check", "establishment": checked, "agency": "Thanh tra", "date": TODAY.isoformat()},
        {"do": "assign", "establishment": given, "team": "Đội tỉnh", "expires_on": f"{TODAY.year}-12-31"},
    ]
    for line in apply:
        assert apply_one(filled.db, line, author="test", at=now())["standing"] == "accepted"
    id = drawn(filled, client, nam=str(TODAY.year), **{"chi-tieu": "100"})

    on_list = {line.establishment for line in keeping.lines(filled.db.conn, id)}
    assert on_list == set(filled.places[3:])


def test_a_verified_tip_earns_points_and_an_unverified_one_none(filled):
    told, other = filled.places[:2]
    tip = {"do": "tip", "received_on": TODAY.isoformat(), "channel": "letter", "content": "Mở quá giờ"}
    verified = {"verified": "true", "verified_on": TODAY.isoformat()}
    for number, (place, more) in enumerate(((told, verified), (other, {}))):
        line = tip | {"number": str(number), "establishment": place} | more
        assert apply_one(filled.db, line, author="test", at=now())["standing"] == "accepted"
    id = drawn(filled, filled.client(area=PROVINCE), nam=str(TODAY.year), **{"chi-tieu": "100"})

    parts = {line.establishment: [part["why"] for part in line.parts] for line in keeping.lines(filled.db.conn, id)}
    assert "tip" in parts[told]
    assert "tip" not in parts[other]


def test_people_take_out_swap_add_and_send_another_team_in_other_months(filled):
    client = filled.client(area=PROVINCE)
    id = drawn(filled, client)
    lines = keeping.lines(filled.db.conn, id)
    out, swapped, sent = (line.establishment for line in lines[:3])
    page = client.get(f"{PATH}/{id}/{swapped}")
    instead = re.search(r'<option value="([0-9a-f-]{36})">Cơ sở \d+ – 30 điểm', page.text)[1]
    team = next(id for id, state in things(filled.db.conn, "team").items() if state["name"] == "Đội tỉnh")

    form(client, f"{PATH}/{id}/{out}", viec="bo")
    form(client, f"{PATH}/{id}/{swapped}", viec="thay", thay=instead)
    form(client, f"{PATH}/{id}/{sent}", viec="doi", doi=team, tu=f"{NEXT}-05", den=f"{NEXT}-06")
    form(client, f"{PATH}/{id}/xac-nhan", viec="xac-nhan")

    decided = {line.establishment: line.decided for line in keeping.lines(filled.db.conn, id)}
    assert (decided[out], decided[swapped], decided[sent], decided[instead]) == (
        "removed", "swapped", "changed", "added"
    )  # fmt: skip
    assigned = {one["establishment"]: one for one in things(filled.db.conn, "assignment").values()}
    assert assigned.keys() == {instead, sent, lines[3].establishment}
    assert (assigned[sent]["team"], assigned[sent]["starts_on"], assigned[sent]["expires_on"]) == (
        team, f"{NEXT}-05-01", f"{NEXT}-06-30"
    )  # fmt: skip
    assert faults(page.text) == []


def test_a_place_that_was_checked_this_year_is_not_added_and_the_page_says_why(filled):
    filled.visit(filled.places[0], TODAY.isoformat(), found_working=True)
    client = filled.client(area=PROVINCE)
    id = drawn(filled, client, nam=str(TODAY.year), **{"chi-tieu": "20"})

    answer = form(client, f"{PATH}/{id}/them", **{"co-so": "CS-0"})

    assert answer.status_code == 422
    assert f"đã được kiểm tra trong năm, ngày {TODAY:%d/%m/%Y}" in text(answer)


def test_what_could_not_be_assigned_says_why_and_the_list_stays_open(filled):
    client = filled.client(area=PROVINCE)
    id = drawn(filled, client)
    line = keeping.lines(filled.db.conn, id)[0]
    form(client, f"{PATH}/{id}/{line.establishment}", viec="doi", doi="", tu=line.month_from, den=line.month_to)

    form(client, f"{PATH}/{id}/xac-nhan", viec="xac-nhan")

    assert len(things(filled.db.conn, "assignment")) == 3
    page = client.get(f"{PATH}/{id}")
    assert "Chưa có đội; chọn đội hoặc bỏ khỏi danh sách." in text(page)
    assert keeping.find(filled.db.conn, id).state == "open"

    form(client, f"{PATH}/{id}/{line.establishment}", viec="bo")
    form(client, f"{PATH}/{id}/xac-nhan", viec="xac-nhan")
    assert keeping.find(filled.db.conn, id).state == "confirmed"
    assert len(things(filled.db.conn, "assignment")) == 3


def test_a_decided_list_is_changed_no_more(filled):
    client = filled.client(area=PROVINCE)
    id = drawn(filled, client)
    line = keeping.lines(filled.db.conn, id)[0]
    form(client, f"{PATH}/{id}/xac-nhan", viec="khong-dung")

    assert form(client, f"{PATH}/{id}/{line.establishment}", viec="bo").status_code == 422
    assert keeping.line(filled.db.conn, id, line.establishment).kept


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"nam": "2019"}, "nam", "Chọn năm"),
        ({"nam": str(TODAY.year), "chi-tieu": "101"}, "chi-tieu", "từ 1 đến 100"),
        ({"nam": str(TODAY.year)}, "chi-tieu", "Chưa có chỉ tiêu"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(filled, given, field, sentence):
    client = filled.client(area=PROVINCE)

    answer = form(client, PATH, **{"don-vi": PROVINCE} | given)

    assert answer.status_code == 422
    assert sentence in unescape(re.search(rf'id="wrong-{field}"[^>]*>([^<]*)<', answer.text)[1])
    assert faults(answer.text) == []


def test_a_list_elsewhere_is_neither_drawn_nor_seen_nor_decided(filled):
    id = drawn(filled, filled.client(area=PROVINCE))
    client = filled.client(area=COMMUNE)

    assert form(client, PATH, **{"don-vi": PROVINCE, "nam": str(NEXT)}).status_code == 403
    assert client.get(f"{PATH}/{id}").status_code == 403
    assert client.get(f"{PATH}/{id}.csv").status_code == 403
    assert form(client, f"{PATH}/{id}/xac-nhan", viec="xac-nhan").status_code == 403
    assert things(filled.db.conn, "assignment") == {}


def test_the_file_has_what_was_proposed_beside_what_was_decided(filled):
    client = filled.client(area=PROVINCE)
    id = drawn(filled, client)
    form(client, f"{PATH}/{id}/{keeping.lines(filled.db.conn, id)[0].establishment}", viec="bo")

    lines = client.get(f"{PATH}/{id}.csv").get_data(as_text=True).splitlines()

    assert len(lines) == 5
    assert "Đội đề xuất" in lines[0]
    assert "Bỏ khỏi danh sách" in lines[1]
    assert client.get(f"{PATH}/{id}.xlsx").status_code == 200


def test_weights_are_changed_with_who_when_and_why_and_the_next_list_follows_them(filled):
    client = filled.client(area=PROVINCE)
    page = "/phan-cong/trong-so"
    shown = re.findall(r'<input id="(\w+)" name="\w+" inputmode="numeric" value="(\d+)"', client.get(page).text)
    values = dict(shown)

    refused = form(client, page, page, **values | {"kind_karaoke": "50"})
    assert refused.status_code == 422
    assert "Ghi lý do thay đổi" in text(refused)
    assert form(client, page, page, **values | {"kind_karaoke": "50", "note": "Ý kiến của Sở"}).status_code == 303

    assert state_of(filled.db.conn, "weights", PROVINCE)["kind_karaoke"] == 50
    assert "Ý kiến của Sở" in text(client.get(page))
    id = drawn(filled, client)
    assert "Loại hình Karaoke: 50" in text(client.get(f"{PATH}/{id}"))
    inherited = text(filled.client(area=COMMUNE).get(page))
    assert "Đang dùng trọng số của Tỉnh Thanh Hóa" in inherited


def test_a_weight_that_is_no_number_is_refused_at_its_field(filled):
    client = filled.client(area=PROVINCE)
    page = "/phan-cong/trong-so"

    answer = form(client, page, page, tip="nhiều", note="x")

    assert answer.status_code == 422
    assert 'id="tip" name="tip" inputmode="numeric" value="nhiều"' in answer.text
    assert things(filled.db.conn, "weights") == {}


def test_a_team_sees_planned_visits_and_no_unscheduled_one(filled):
    team = next(iter(things(filled.db.conn, "team")))
    soon = (TODAY + timedelta(days=9)).isoformat()
    for place, basis in zip(filled.places, ("planned", "unscheduled"), strict=False):
        filled.enter("assignment", {"establishment": place, "team": team, "basis": basis,
                                    "given_on": TODAY.isoformat(), "expires_on": soon})  # fmt: skip

    seen = {role: filled.client(role, PROVINCE).get("/phan-cong.csv").text for role in ("team", "coordinator")}

    assert ("Theo kế hoạch" in seen["team"], "Đột xuất" in seen["team"]) == (True, False)
    assert "Đột xuất" in seen["coordinator"]


def test_two_teams_at_one_place_are_pointed_out(filled):
    soon = (TODAY + timedelta(days=9)).isoformat()
    for team, state in things(filled.db.conn, "team").items():
        if state["name"] in ("Đội xã", "Đội tỉnh"):
            filled.enter("assignment", {"establishment": filled.places[0], "team": team, "basis": "planned",
                                        "given_on": TODAY.isoformat(), "expires_on": soon})  # fmt: skip

    page = text(filled.client(area=PROVINCE).get("/phan-cong"))

    assert f"Hai đội Cũng phân công: Đội tỉnh, Theo kế hoạch, hạn {date.fromisoformat(soon):%d/%m/%Y}" in page
    assert "Cũng phân công: Đội xã," in page


def test_a_visit_before_its_time_leaves_what_is_for_next_year_open(filled):
    client = filled.client(area=PROVINCE)
    id = drawn(filled, client)
    form(client, f"{PATH}/{id}/xac-nhan", viec="xac-nhan")
    for place in filled.places:
        filled.visit(place, TODAY.isoformat(), found_working=True)

    assert "Không có phân công nào như bộ lọc" in text(client.get("/phan-cong?trang-thai=da-kiem-tra"))
    assert "4 phân công còn hạn" in text(client.get("/phan-cong"))


def test_what_is_for_next_year_is_another_assignment_than_what_is_for_this_year(filled):
    team = next(iter(things(filled.db.conn, "team")))
    line = {"do": "assign", "establishment": filled.places[0], "team": team}
    this = line | {"expires_on": f"{TODAY.year}-12-31"}
    following = line | {"starts_on": f"{NEXT}-04-01", "expires_on": f"{NEXT}-06-30"}

    for one in (this, following, following):
        assert apply_one(filled.db, one, author="test", at=now())["standing"] == "accepted"

    assert sorted(one["expires_on"] for one in things(filled.db.conn, "assignment").values()) == [
        f"{TODAY.year}-12-31", f"{NEXT}-06-30"
    ]  # fmt: skip
    wrong = apply_one(filled.db, following | {"starts_on": f"{NEXT}-07-01"}, author="test", at=now())
    assert "starts_on" in wrong["problems"]


def test_the_list_is_narrowed_by_team_commune_and_state_and_printed_team_by_team(filled):
    client = filled.client(area=PROVINCE)
    id = drawn(filled, client, nam=str(TODAY.year), **{"chi-tieu": "100"})
    form(client, f"{PATH}/{id}/xac-nhan", viec="xac-nhan")

    assert len(client.get(f"/phan-cong.csv?xa={COMMUNE}").text.splitlines()) == 7
    assert "Không có phân công nào như bộ lọc" in text(client.get("/phan-cong?trang-thai=da-kiem-tra"))
    printed = client.get("/phan-cong/theo-doi")
    assert printed.text.count("card sheet") == 2
    assert faults(printed.text) == []
    assert client.get(f"/phan-cong?xa={ELSEWHERE}").status_code == 403
