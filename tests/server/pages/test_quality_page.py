"""What needs a look in the register: found by kind of problem, counted, and gone once it is put right."""

import csv
import io
import re
from datetime import date
from html import unescape

import pytest

from schemas.ids import new_id
from schemas.items import name_of, read, write
from server.arrivals.ingest import ingest
from server.arrivals.prepare import Sender
from server.arrivals.verify import verify
from server.arrivals.world import unit_tree
from server.duplicates.find import possible
from server.office import edit, make, state_of
from server.register.quality import PROBLEMS, Area, count, lines
from server.register.rows import phone_makes_sense, place_flaws, point_makes_sense, visit_flaw

COMMUNE, ELSEWHERE, PROVINCE = "new:15664", "new:15682", "new:38"
PATH = "/co-so/du-lieu-can-ra-soat"
SINCE = {"from": "2019-01-01"}
TODAY = date(2026, 11, 20)


def text(page):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.get_data(as_text=True))).split())


def area(*communes):
    return Area(communes or (COMMUNE,), frozenset(communes or (COMMUNE,)), TODAY)


def counts(office, *communes):
    tree = unit_tree(office.db.conn)
    return {key: many for key, many in count(office.db.conn, tree, area(*communes)).counts.items() if many}


def good(office, name="Karaoke Đông Đô", **more):
    """Enter a place with nothing wrong in it."""
    owner = office.enter("operator", {"name": f"Chủ {name}", "form": "household", "registration": new_id()[-8:]})[0]
    whole = {"operator/1": {**SINCE, "operator": owner},
             "licence/1": {"type": "antt_certificate", "number": f"{new_id()[-6:]}/ANTT"}}  # fmt: skip
    return office.place(name, **whole | more)


def change(office, id, **after):
    was = state_of(office.db.conn, "establishment", id)
    make(office.db, [edit("establishment", id, after, was)], author="test", at=office.at)


def send(office, *visits):
    answers = ingest(office.db, visits, Sender(office.device, None), office.at).answers
    assert {answer.standing for answer in answers} == {"accepted"}


def corrected(office, line, **changes):
    first = read(line)
    office.sent += 1
    return write(
        kind="inspection", id=first.id, base=name_of(line), device=office.device, run=office.device,
        device_seq=office.sent, author="Lê Thị Hạnh", recorded_at="2026-11-19T15:00:00Z",
        body={**first.body, "revision": 2, "reason": "Ghi nhầm", **changes},
    )  # fmt: skip


def test_a_place_with_nothing_wrong_is_in_no_list(office):
    place = good(office, phone="0912 345 678")
    office.visit(place)

    assert counts(office) == {}
    assert "Không có gì cần rà soát." in text(office.client(area=COMMUNE).get(PATH))


@pytest.mark.parametrize(("problem", "change"), [
    ("no_kind", {"kind/karaoke": None}),
    ("no_operator", {"operator/1": None}),
    ("no_licence", {"licence/1": None}),
    ("expired", {"licence/1": {"type": "antt_certificate", "number": "1", "to": "2026-11-19"}}),
    ("phone", {"phone": "12"}),
    ("point", {"place/1": {**SINCE, "epoch": "new", "unit": "15664", "address": "", "lat": 0.0, "lon": 0.0}}),
])  # fmt: skip
def test_what_is_missing_or_nonsense_is_counted_until_it_is_put_right(office, problem, change):
    place = good(office)
    was = state_of(office.db.conn, "establishment", place)
    make(office.db, [edit("establishment", place, change, was)], author="test", at=office.at)

    assert counts(office) == {problem: 1}
    assert [line.id for line in lines(office.db.conn, unit_tree(office.db.conn), area(), problem)] == [place]

    now = state_of(office.db.conn, "establishment", place)
    back = {path: was.get(path) for path in change}
    make(office.db, [edit("establishment", place, back, now)], author="test", at=office.at)
    assert counts(office) == {}
    assert verify(office.db).problems == ()


def test_a_paper_counts_as_expired_from_the_day_after_its_last(office):
    good(office, **{"licence/1": {"type": "antt_certificate", "number": "1", "to": "2026-11-20"}})

    tree = unit_tree(office.db.conn)
    days = [count(office.db.conn, tree, Area((COMMUNE,), frozenset(), day)).counts["expired"]
            for day in (date(2026, 11, 20), date(2026, 11, 21))]  # fmt: skip

    assert days == [0, 1]


@pytest.mark.parametrize(("day", "problem"), [
    ("2018-12-31", "before_opening"), ("2019-01-01", None), ("2026-02-28", None), ("2026-03-01", "not_open"),
    ("2026-05-31", "not_open"), ("2026-06-01", None), ("2026-09-01", "not_open"),
])  # fmt: skip
@pytest.mark.parametrize("many", [1, 3])
def test_a_visit_while_the_register_has_the_place_closed_paused_or_not_yet_open(office, day, problem, many):
    place = good(office, **{"status/2": {"from": "2026-03-01", "status": "paused"},
                            "status/3": {"from": "2026-06-01", "status": "open"},
                            "status/4": {"from": "2026-09-01", "status": "closed"}})  # fmt: skip

    send(office, *(office.line(place, day) for _ in range(many)))

    assert counts(office) == ({problem: many} if problem else {})
    assert verify(office.db).problems == ()


def test_a_visit_is_judged_again_when_the_status_is_corrected_and_when_records_are_merged(office):
    place, other = good(office, "Karaoke A"), good(office, "Massage Xa Lạ", phone="0373 111 222")
    closed = {"status/2": {"from": "2026-03-01", "status": "closed"}}
    change(office, place, **closed)
    send(office, office.line(place, "2026-05-06"))
    assert counts(office) == {"not_open": 1}

    change(office, place, merged_into=other)  # the survivor was open that day
    assert counts(office) == {}

    change(office, place, merged_into=None)
    assert counts(office) == {"not_open": 1}

    change(office, place, **{"status/2": {"from": "2026-06-01", "status": "closed"}})
    assert counts(office) == {}
    assert verify(office.db).problems == ()


def test_an_attempt_and_a_voided_visit_need_no_look(office):
    place = good(office, **{"status/2": {"from": "2026-03-01", "status": "closed"}})
    made = office.line(place, "2026-05-06")
    send(office, made, office.line(place, "2026-05-07", outcome="closed_tonight", remark="Đóng cửa"))
    assert counts(office) == {"not_open": 1}

    send(office, corrected(office, made, void=True))

    assert counts(office) == {}


def decision(office, visit, operator):
    state = {"number": "12/QĐ-XPHC", "authority": "UBND xã", "operator": operator, "codes": ["X"],
             "decided_on": "2026-06-01", "sanction": "fine", "inspection": visit}  # fmt: skip
    return office.enter("decision", state)[0]


@pytest.mark.parametrize("changes", [{"void": True}, {"outcome": "no_violation", "violations": []}])
def test_a_decision_whose_violation_was_corrected_away_is_found_and_links_to_it(office, changes):
    place = good(office)
    operator = state_of(office.db.conn, "establishment", place)["operator/1"]["operator"]
    made = office.line(place, outcome="violations", violations=[{"id": new_id(), "text": "Không có giấy phép"}])
    send(office, made)
    decided = decision(office, read(made).id, operator)
    assert counts(office) == {}

    send(office, corrected(office, made, **changes))

    assert counts(office) == {"violation_gone": 1}
    page = office.client(area=COMMUNE).get(f"{PATH}?loai=violation_gone")
    assert f'href="/quyet-dinh/{decided}"' in page.text
    assert "Quyết định số 12/QĐ-XPHC ngày 01/06/2026" in text(page)
    assert verify(office.db).problems == ()


def test_a_team_that_inspected_after_its_decision_ran_out(office):
    state = {"name": "Đội 178 xã", "level": "commune", "epoch": "new", "area": "15664", "valid_to": "2026-04-30"}
    office.team = office.enter("team", state)[0]
    place = good(office)
    office.visit(place, "2026-04-30")
    assert counts(office) == {}

    office.visit(place, "2026-05-06")

    assert counts(office) == {"team": 1}
    page = text(office.client(area=COMMUNE).get(f"{PATH}?loai=team"))
    assert "Hết thời hạn 30/04/2026, còn 1 cuộc kiểm tra sau đó, gần nhất 06/05/2026" in page


def test_possible_duplicates_and_split_communes_are_counted_with_the_rest(office):
    tree = unit_tree(office.db.conn)
    split = next(key for key in tree.communes("old:38") if tree.is_split(key))
    good(office, "Karaoke Đông Đô", phone="0912345678")
    good(office, "Đông Đô", phone="0912345678")
    good(office, "Nhà nghỉ", **{"place/1": {**SINCE, "epoch": "old", "unit": split.partition(":")[2]}})

    communes = tree.communes(PROVINCE)
    assert "duplicate" not in counts(office, *communes)  # it takes a moment, and waits until the pairs are opened
    assert possible(office.db.conn, communes)

    found = counts(office, *communes)

    assert (found["split"], found["duplicate"]) == (1, len(possible(office.db.conn, communes)))


def test_each_line_leads_to_where_it_is_put_right(office):
    place = good(office, phone="12")
    client = office.client(area=COMMUNE)

    page = client.get(f"{PATH}?loai=phone")

    assert f'href="/co-so/{place}/sua#phone"' in page.text
    assert 'id="phone"' in client.get(f"/co-so/{place}/sua").text
    assert "Số điện thoại không đúng" in text(client.get(f"/co-so/{place}"))


def test_who_may_not_edit_sees_the_list_without_the_buttons(office):
    good(office, phone="12")

    page = office.client("police", COMMUNE).get(PATH)

    assert "Số điện thoại không đúng" in text(page)
    assert "Sửa điện thoại" not in text(page)


def test_another_area_s_places_are_in_no_list(office):
    office.place("Ở nơi khác", unit=ELSEWHERE, phone="1")

    assert "Ở nơi khác" not in text(office.client(area=COMMUNE).get(f"{PATH}?loai=phone"))


def test_the_whole_list_is_a_file(office):
    good(office, "Karaoke A", phone="12")

    rows = list(csv.reader(io.StringIO(office.client(area=COMMUNE).get(f"{PATH}.csv").data.decode("utf-8-sig"))))

    assert ["Số điện thoại không đúng", "Karaoke A", "12"] in [[row[0], row[2], row[3]] for row in rows]


def test_every_problem_has_its_words():
    from server.register.flaw_words import FLAWS

    assert set(FLAWS) == set(PROBLEMS)


@pytest.mark.parametrize("number", [
    "", "0912 345 678", "+84 912345678", "0237.3.852.116", "1900 1234", "0912345678 / 0373111222",
])  # fmt: skip
def test_a_telephone_number_that_may_be_dialled_makes_sense(number):
    assert phone_makes_sense(number)


@pytest.mark.parametrize("number", ["12", "chưa có", "0912345678901", "9123", "0912345678; x"])
def test_a_telephone_number_that_cannot_be_dialled_does_not(number):
    assert not phone_makes_sense(number)


@pytest.mark.parametrize(("lat", "lon", "sense"), [
    (None, None, True), (19.8, 105.7, True), (8.6, 104.7, True), (23.3, 105.3, True),
    (105.7, 19.8, False), (0.0, 0.0, False), (19.8, None, False), (48.8, 2.3, False),
])  # fmt: skip
def test_a_map_point_makes_sense_within_the_country(lat, lon, sense):
    assert point_makes_sense({"lat": lat, "lon": lon}) is sense


def test_a_merged_record_has_no_flaws_of_its_own():
    assert place_flaws({"name": "x", "merged_into": new_id()}) == []


def test_a_place_without_any_open_day_was_inspected_while_not_open():
    assert visit_flaw((), "2026-01-01") == "not_open"
