"""Communes confirm their lists by name and date; places of split communes are put into new ones by a person."""

import csv
import io
import re
from datetime import date
from html import unescape

import pytest

from schemas.units import Epoch
from server.arrivals.verify import verify
from server.arrivals.world import unit_tree
from server.coverage.ask import coverage
from server.office import state_of

COMMUNE, ELSEWHERE, DISTRICT, PROVINCE = "new:15664", "new:15682", "old:397", "new:38"
LIST, SPLIT = "/co-so/chot-danh-sach", "/co-so/xa-da-chia"


def text(page):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.get_data(as_text=True))).split())


def token(client):
    return re.search(r'name="csrf_token" value="([^"]+)"', client.get("/co-so/moi").text)[1]


def confirm(client, **form):
    sent = {"xa": COMMUNE, "ngay": "15/3/2026", "nguoi-chot": "Lê Văn A, Chủ tịch", **form}
    return client.post(LIST, data=sent | {"csrf_token": token(client)}, follow_redirects=True)


def test_a_commune_confirms_its_list_by_name_and_date_and_every_page_says_so(office):
    office.place("Karaoke A")
    client = office.client()

    page = confirm(client)

    assert "chốt danh sách ngày 15/03/2026." in text(page)
    assert re.search(r"15/03/2026 Lê Văn A, Chủ tịch", text(client.get(LIST)))
    assert "1/8 xã trong năm 2026" in text(client.get("/co-so"))
    answer = coverage(office.db.conn, tree=unit_tree(office.db.conn), epoch=Epoch.NEW, year=2026,
                      as_of=date(2026, 11, 20), unit=COMMUNE, by="unit")  # fmt: skip
    assert (str(answer.total.confirmed_on), answer.total.confirmed_by) == ("2026-03-15", "Lê Văn A, Chủ tịch")
    assert verify(office.db).problems == ()


def test_an_earlier_confirmation_is_kept_beside_the_last(office):
    office.place("Karaoke A")
    client = office.client()
    confirm(client, ngay="10/3/2025", **{"nguoi-chot": "Trần B"})

    confirm(client)

    assert "10/03/2025 (Trần B)" in text(client.get(LIST))


@pytest.mark.parametrize(("form", "sentence"), [
    ({"xa": ""}, "Chọn xã."), ({"ngay": ""}, "Nhập ngày chốt danh sách."), ({"ngay": "1/1/2099"}, "ở sau hôm nay"),
    ({"ngay": "40/1/2026"}, "Ngày không đúng"), ({"nguoi-chot": ""}, "Ghi họ tên, chức vụ người chốt"),
])  # fmt: skip
def test_a_confirmation_that_does_not_hold_comes_back_with_what_was_typed(office, form, sentence):
    page = confirm(office.client(), **form)

    assert page.status_code == 422
    assert sentence in text(page)
    assert office.db["list_confirmations"].count == 0


def test_nobody_confirms_the_list_of_another_area(office):
    assert confirm(office.client("coordinator", COMMUNE), xa=ELSEWHERE).status_code == 403


def test_the_lists_of_an_area_are_a_file_too(office):
    office.place("Karaoke A")
    client = office.client()
    confirm(client)

    rows = list(csv.reader(io.StringIO(client.get(f"{LIST}.csv").data.decode("utf-8-sig"))))

    assert ["1", "1", "2026-03-15", "Lê Văn A, Chủ tịch"] in [row[1:] for row in rows]


@pytest.fixture
def halved(office):
    """Return the key of an old commune of the province that went into several, and its successors there."""
    tree = unit_tree(office.db.conn)
    old = next(key for key in tree.communes("old:38") if tree.is_split(key))
    return old, [key for key in tree.successors(old) if key in tree.communes(PROVINCE)]


def decide(client, **form):
    return client.post(SPLIT, data=form | {"csrf_token": token(client)}, follow_redirects=True)


def last_place(office, id):
    state = state_of(office.db.conn, "establishment", id)
    return max((value for path, value in state.items() if path.startswith("place/")), key=lambda span: span["from"])


def test_a_place_of_a_split_commune_waits_for_a_person_and_the_others_follow_by_themselves(office, halved):
    tree = unit_tree(office.db.conn)
    whole = next(key for key in tree.communes("old:38") if len(tree.successors(key)) == 1)
    office.place("Chưa rõ nửa nào", unit=halved[0])
    office.place("Tự theo", unit=whole)

    said = text(office.client(area=PROVINCE).get(SPLIT))

    assert "1 cơ sở ở những xã cũ được chia" in said
    assert "1 cơ sở khác còn ghi theo xã cũ đã tự theo bản đồ mới" in said
    assert "Chưa rõ nửa nào" in said and "Tự theo" not in said


def test_one_place_is_put_into_a_new_commune_from_the_day_of_the_new_map(office, halved):
    old, halves = halved
    place = office.place(unit=old)
    client = office.client(area=PROVINCE)

    page = decide(client, **{f"xa:{place}": halves[1]})

    assert "Đã ghi xã cho 1 cơ sở" in text(page)
    assert last_place(office, place) == {"from": "2025-07-01", "epoch": "new", "unit": halves[1].partition(":")[2],
                                         "address": "Số 12, phố Giắt"}  # fmt: skip
    assert "Không còn cơ sở nào chưa xác định xã." in text(page)
    assert verify(office.db).problems == ()


def test_many_are_put_into_one_at_once_and_a_line_of_its_own_wins(office, halved):
    old, halves = halved
    places = [office.place(f"Karaoke {n}", unit=old) for n in range(3)]

    decide(office.client(area=PROVINCE), chon=places, xa=halves[0], **{f"xa:{places[2]}": halves[1]})

    assert [f"new:{last_place(office, id)['unit']}" for id in places] == [halves[0], halves[0], halves[1]]


def test_a_commune_that_the_old_one_did_not_go_into_is_refused_at_its_line(office, halved):
    place = office.place(unit=halved[0])

    page = decide(office.client(area=PROVINCE), **{f"xa:{place}": COMMUNE})

    assert page.status_code == 422
    assert "không nhập vào xã đã chọn" in text(page)
    assert last_place(office, place)["epoch"] == "old"


def test_nothing_chosen_is_said(office, halved):
    office.place(unit=halved[0])

    assert decide(office.client(area=PROVINCE)).status_code == 422


def test_a_commune_outside_the_own_area_is_refused(office, halved):
    old, halves = halved
    place = office.place(unit=old)

    assert decide(office.client(area=halves[0]), **{f"xa:{place}": halves[1]}).status_code == 403
