"""A laptop's store and the real server over HTTP: afterwards both ends hold the same."""

import json
import re
from datetime import date

import pytest
import requests

from field_client import catalogue, drafts, matters, records, search, talk, visits
from field_client.changes import changes
from field_client.enrolment import enrol
from field_client.export import export
from field_client.places import find, named
from field_client.printing import events, happening, receipt, templates
from field_client.syncing import Half, sync_now
from schemas import papers, violations
from schemas.ids import new_id
from schemas.units import Epoch
from server.arrivals.verify import verify
from server.arrivals.world import unit_tree
from server.changes import apply_lines
from server.coverage.ask import coverage
from server.export import scope
from server.law.catalogue import current
from server.papers import lacks_scan
from server.people.users import add_user
from tests.field_client.conftest import AT, COMMUNE, place_state


@pytest.fixture
def pair(blank, served):
    """A laptop enrolled at the real server, which knows its place."""
    served.central.edit("establishment", blank.place, place_state())
    enrol(blank.db, blank.settings.key, served.invite().text(), at=AT, name="Máy thử")
    assert not sync_now(blank.db).trouble
    return blank, served.central


def agree(laptop, central):
    device = laptop.one("SELECT value FROM meta WHERE key = 'device'")
    assert list(export(laptop.db.conn)) == list(scope(central.db.conn, device))
    assert verify(central.db).problems == ()


def test_a_day_of_work(pair):
    laptop, central = pair
    operator = records.new_operator(laptop.db, {"name": "Hộ bà Vũ Thị Ơn", "form": "household"}, at=AT)
    place = records.new_establishment(
        laptop.db, {"name": "Karaoke Mới", "kinds": ["karaoke"], "unit": COMMUNE, "operator": operator.id}, at=AT
    )
    first = laptop.record(establishment=place.id)
    laptop.record(first.id, establishment=place.id, remark="Bổ sung", reason="Thiếu nhận xét")
    draft = drafts.start(laptop.db, laptop.place, at=AT)
    drafts.save(laptop.db, draft, {"team": laptop.team, "outcome": "closed_tonight", "remark": "Đóng cửa"}, at=AT)
    drafts.finalise(laptop.db, draft, at=AT)
    records.edit(laptop.db, "establishment", laptop.place, {"phone": "0912345678"}, at=AT)

    outcome = sync_now(laptop.db)

    assert (outcome.trouble, outcome.waiting, outcome.standings) == ("", 0, {"accepted": 6})
    agree(laptop, central)


def test_a_visit_sent_before_its_place_is_held_and_then_released(pair):
    laptop, central = pair
    nowhere = new_id()
    kept = laptop.record(establishment=nowhere)
    sync_now(laptop.db)
    held = visits.find(laptop.db, kept.id).visit.standing

    central.edit("establishment", nowhere, place_state("Đến sau"))
    sync_now(laptop.db)

    assert held == "held"
    assert visits.find(laptop.db, kept.id).visit.standing == "accepted"
    agree(laptop, central)


def test_an_edit_that_did_not_see_the_office_s_is_in_conflict_and_the_rest_applies(pair):
    laptop, central = pair
    records.edit(laptop.db, "establishment", laptop.place, {"name": "Của tôi", "phone": "1"}, at=AT)
    central.edit("establishment", laptop.place, {"name": "Của văn phòng"}, {"name": "Karaoke Đông Đô"})

    outcome = sync_now(laptop.db)

    place = find(laptop.db, "establishment", laptop.place)
    assert outcome.standings == {"conflict": 1}
    assert (place.name, place["phone"]) == ("Của văn phòng", "1")
    agree(laptop, central)


def test_two_corrections_of_one_visit_are_both_kept(pair):
    laptop, central = pair
    first = laptop.record()
    sync_now(laptop.db)
    theirs = central.laptop(COMMUNE)
    body = laptop.body(remark="Của người khác", reason="Thiếu", revision=2)
    theirs.sends(theirs.line("inspection", first.id, body, first.item))

    laptop.record(first.id, remark="Của tôi", reason="Thiếu")
    outcome = sync_now(laptop.db)

    visit = visits.find(laptop.db, first.id).visit
    assert outcome.standings == {"conflict": 1}
    assert (visit.aside, visit.own) == ("conflict", True)
    assert visits.find(laptop.db, first.id).body["remark"] == "Của người khác"
    agree(laptop, central)


def test_what_is_made_offline_is_used_at_once(pair):
    laptop, central = pair
    operator = records.new_operator(laptop.db, {"name": "Hộ bà Vũ Thị Ơn", "form": "household"}, at=AT)
    place = records.new_establishment(laptop.db, {"name": "Karaoke Mới", "kinds": ["karaoke"], "unit": COMMUNE}, at=AT)
    day = {"from": "2026-11-05"}
    records.edit(laptop.db, "establishment", place.id, {"operator/1": {**day, "operator": operator.id}}, at=AT)
    records.edit(laptop.db, "establishment", place.id, {"phone": "0912 345 678", "name": "Karaoke Mới Mở"}, at=AT)
    records.edit(laptop.db, "operator", operator.id, {"name": "Hộ bà Vũ Thị Ơn (chợ Giắt)"}, at=AT)
    visit = laptop.record(establishment=place.id)

    (found,) = search.establishments(laptop.db, search.Asked(text="vu thi on cho"))
    assert (found.id, found.name, found.operator_name) == (place.id, "Karaoke Mới Mở", "Hộ bà Vũ Thị Ơn (chợ Giắt)")
    assert [one.id for one in search.establishments(laptop.db, search.Asked(text="0912345678"))] == [place.id]
    assert [one.id for one in visits.of_place(laptop.db, place.id)] == [visit.id]
    assert sync_now(laptop.db).standings == {"accepted": 6}
    agree(laptop, central)


def test_a_visit_to_a_place_that_the_office_merged_meanwhile_counts_for_the_survivor(pair):
    laptop, central = pair
    place = records.new_establishment(laptop.db, {"name": "Đông Đô", "kinds": ["karaoke"], "unit": COMMUNE}, at=AT)
    sync_now(laptop.db)
    central.edit("establishment", place.id, {"merged_into": laptop.place})
    laptop.record(establishment=place.id)

    outcome = sync_now(laptop.db)

    assert outcome.standings == {"accepted": 1}
    rows = coverage(central.db.conn, tree=unit_tree(central.db.conn), epoch=Epoch.NEW, year=2026,
                    as_of=date(2026, 11, 20), unit=COMMUNE, kinds=(), by="unit")  # fmt: skip
    assert (rows.total.open, rows.total.inspected, rows.total.visits) == (1, 1, 1)
    assert [one.establishment for one in visits.of_place(laptop.db, laptop.place)] == [place.id]
    assert [one.id for one in search.establishments(laptop.db, search.Asked(year=2026))] == []
    agree(laptop, central)


def test_a_kind_added_here_and_one_ended_at_the_office_both_survive(pair):
    laptop, central = pair
    state = find(laptop.db, "establishment", laptop.place).state
    records.edit(
        laptop.db, "establishment", laptop.place, changes(state, {"kinds": "+massage"}, AT.date()), at=AT
    )
    ended = changes(state, {"kinds": "-karaoke"}, AT.date())
    central.edit("establishment", laptop.place, ended, state)

    outcome = sync_now(laptop.db)

    assert outcome.standings == {"accepted": 1}
    assert find(laptop.db, "establishment", laptop.place).kinds("2026-12-01") == ("massage",)
    agree(laptop, central)


def test_our_value_stands_beside_the_server_s_until_the_office_has_settled_it(pair):
    laptop, central = pair
    edit = records.edit(laptop.db, "establishment", laptop.place, {"name": "Của máy này"}, at=AT)
    central.edit("establishment", laptop.place, {"name": "Của văn phòng"}, {"name": "Karaoke Đông Đô"})
    sync_now(laptop.db)

    (beside,) = matters.fields_beside(laptop.db.conn, "establishment", laptop.place, named(laptop.db))
    assert (beside.label, beside.one, beside.other) == ("Tên cơ sở", "Của máy này", "Của văn phòng")
    (matter,) = matters.unsettled(laptop.db)
    assert (matter.name, matter.standing, matter.news) == (edit.item, "conflict", True)

    line = json.dumps({"do": "settle", "item": edit.item, "keep": "mine", "reason": "Biển hiệu mới"})
    assert [answer["problems"] for answer in apply_lines(central.db, [line], author="Lê Thị Hạnh", at=AT)] == [{}]
    sync_now(laptop.db)

    assert matters.unsettled(laptop.db) == []
    (done,) = matters.settled(laptop.db, AT)
    assert (done.standing, done.detail["settled"], done.detail["by"]) == ("accepted", "mine", "Lê Thị Hạnh")
    assert matters.fields_beside(laptop.db.conn, "establishment", laptop.place, named(laptop.db)) == []
    assert find(laptop.db, "establishment", laptop.place).name == "Của máy này"
    agree(laptop, central)


def test_a_place_that_moves_away_and_back(pair):
    laptop, central = pair
    laptop.record()
    sync_now(laptop.db)
    away = {"from": "2026-01-01", "epoch": "new", "unit": "15682", "address": ""}

    central.edit("establishment", laptop.place, {"place/2": away})
    sync_now(laptop.db)
    agree(laptop, central)
    central.edit("establishment", laptop.place, {"place/2": None}, {"place/2": away})
    sync_now(laptop.db)

    agree(laptop, central)


def test_sending_only_and_fetching_only(pair):
    laptop, central = pair
    laptop.record()

    sent = sync_now(laptop.db, halves=frozenset({Half.SEND}))
    fetched = sync_now(laptop.db, halves=frozenset({Half.GET}))

    assert (sent.sent, sent.received) == (1, 0)
    assert (fetched.sent, fetched.received) == (0, 1)
    agree(laptop, central)


def test_the_office_s_text_of_a_paper_reaches_the_laptop_and_what_happens_to_a_paper_the_office(pair):
    laptop, central = pair
    text = "@tên\n**BIÊN BẢN CỦA TỈNH**\n@nội dung\nCơ sở {tên cơ sở}."
    line = json.dumps({"do": "template", "purpose": "minutes", "area": "38", "epoch": "new", "text": text})
    assert [one["standing"] for one in apply_lines(central.db, [line], author="test", at=AT)] == ["accepted"]
    kept = laptop.record()
    given = {"item": kept.item, "happening": "original", "original": "handwritten", "on": "2026-11-20"}
    happening.tell(laptop.db, kept.id, given, at=AT)
    sync_now(laptop.db)

    assert templates.chosen(laptop.db, "minutes").paper == papers.read(text)
    assert lacks_scan(central.db.conn, kept.id, kept.item)
    assert [one.standing for one in events.of_visit(laptop.db.conn, kept.id)] == ["accepted"]
    assert "Mã tiếp nhận" in str(receipt.of(laptop.db, kept.id)["body"])
    agree(laptop, central)


def test_a_confirmed_row_and_a_group_reach_the_laptop_and_answer_there_as_at_the_office(pair):
    laptop, central = pair
    late, latch = "ND38-15.5b", "ND38-15.6b"
    said = {"confirmed_by": "Trần Thị Pháp, Sở Tư pháp", "confirmed_on": "2026-11-19"}
    lines = [
        {"do": "act", "row": f"{late}@2021-06-01", "household_as": "individual", **said},
        {"do": "act_group", "group": "AG-thu", "codes": [late, latch], **said},
    ]
    told = apply_lines(central.db, map(json.dumps, lines), author="test", at=AT)
    assert [one["standing"] for one in told] == ["accepted"] * 2
    before = catalogue.current(laptop.db.conn)
    sync_now(laptop.db)

    after, office = catalogue.current(laptop.db.conn), current(central.db.conn)
    assert before is violations.packaged()
    assert (after.rows, after.groups, after.confirmed) == (office.rows, office.groups, office.confirmed)
    assert violations.amount_range(after.find(late, AT.date()), "household") == (10_000_000, 15_000_000)
    agree(laptop, central)


def test_what_the_office_asks_for_comes_down_and_the_correction_and_the_answer_go_up(pair):
    laptop, central = pair
    visit = laptop.record().id
    sync_now(laptop.db)
    said(central, {"do": "review", "inspection": visit, "review": "issues", "comment": "Thiếu giờ kết thúc"})
    said(central, {"do": "comment", "inspection": visit, "comment": "Ghi theo bản viết tay"})

    sync_now(laptop.db)
    [asked] = talk.asked(laptop.db)
    assert (asked.visit.id, asked.visit.review_comment, asked.visit.review_by) == (visit, "Thiếu giờ kết thúc", "test")
    assert [(word.comment, word.office) for word in asked.words] == [("Ghi theo bản viết tay", True)]

    talk.say(laptop.db, visit, "Kết thúc lúc 22:40", at=AT)
    assert talk.asked(laptop.db)[0].answered
    sync_now(laptop.db)
    assert central.one("SELECT state FROM visits") == "answered"
    agree(laptop, central)

    laptop.record(visit, ended="22:40", reason="Bổ sung giờ kết thúc")
    assert talk.asked(laptop.db) == []
    sync_now(laptop.db)
    assert central.one("SELECT state FROM visits") == "mended"
    agree(laptop, central)


def said(central, *asked):
    answers = list(apply_lines(central.db, map(json.dumps, asked), author="test", at=AT))
    assert [one["standing"] for one in answers] == ["accepted"] * len(asked), answers


def test_what_counts_follows_the_review_at_once(pair, served):
    """Through the browser's door and the coverage that the command prints: asked for counts, rejected does not."""
    laptop, central = pair
    few = [{"name": "Lê Thị Hạnh"}, {"name": "Nguyễn Văn Được"}]
    whole, short = laptop.record(), laptop.record(members=few)
    sync_now(laptop.db)
    browser = reviewer(central, served.address)

    def counted():
        rows = coverage(central.db.conn, tree=unit_tree(central.db.conn), epoch=Epoch.NEW, year=2026,
                        as_of=date(2026, 12, 31), unit=COMMUNE, kinds=(), by="unit")  # fmt: skip
        return rows.total.visits, rows.total.inspected, rows.total.not_counted

    assert counted() == (1, 1, 1)
    assert browser(whole.id, "issues", "Thiếu ảnh") == 200
    assert counted() == (1, 1, 1)
    assert browser(whole.id, "rejected", "Không có quyết định") == 200
    assert counted()[:2] == (0, 0)
    assert browser(short.id, "accepted", "") == 422
    assert counted()[:2] == (0, 0)
    assert browser(short.id, "accepted", "Một người báo ốm") == 200
    assert counted()[:2] == (1, 1)
    assert verify(central.db).problems == ()

    sync_now(laptop.db)
    assert {one.id: (one.review, one.counting) for one in visits.of_place(laptop.db, laptop.place)} == {
        whole.id: ("rejected", False), short.id: ("accepted", True),
    }  # fmt: skip


def reviewer(central, address):
    """Sign in over HTTP, and return what answers for a visit with the status that came of it."""
    add_user(central.db, "lan", role="coordinator", unit=COMMUNE, password="mot mat khau dai", author="test", at=AT)
    browser = requests.Session()
    token = re.compile(r'name="csrf_token" value="([^"]+)"')
    form = token.search(browser.get(f"{address}/dang-nhap").text)[1]
    browser.post(f"{address}/dang-nhap", data={"csrf_token": form, "name": "lan", "password": "mot mat khau dai"})

    def answer(visit, do, comment):
        path = f"{address}/cuoc-kiem-tra/{visit}"
        page = browser.get(path).text
        asked = page.partition('id="answer"')[2].partition("</form>")[0]
        seen = dict(re.findall(r'name="(item|was|csrf_token)" value="([^"]*)"', asked))
        return browser.post(f"{path}/duyet", data={**seen, "do": do, "comment": comment}).status_code

    return answer
