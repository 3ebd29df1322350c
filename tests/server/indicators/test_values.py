"""Figures of indicators: entered, sent up, returned, accepted; added up through the units; small numbers hidden."""

import json
from datetime import date

from server.arrivals.verify import verify
from server.arrivals.world import unit_tree
from server.changes import apply_one
from server.export import whole
from server.indicators.across import across
from server.indicators.entry import Who, entries
from server.indicators.periods import Asked
from server.indicators.records import records
from server.people import deputies
from server.plans.listing import plan
from server.store import reading
from server.tables import Share
from tests.server.indicators.conftest import TODAY

PERIOD = Asked("half_year", date(2023, 1, 1), date(2023, 6, 19))
MINH_SON, DAN_LUC, DAN_QUYEN = "old:15691", "old:15673", "old:15667"


def communes(office):
    return unit_tree(office.db.conn).communes("old:397")


def test_a_figure_that_was_entered_counts_for_its_unit_alone_until_it_was_sent(district):
    assert district.say("H1.3a", MINH_SON, 42, 60) == {}

    assert district.standing("H1.3a", MINH_SON, seen_by=MINH_SON).share_tenths == 700
    assert district.standing("H1.3a").source == ""

    assert district.say("H1.3a", MINH_SON, standing="sent") == {}

    told = district.standing("H1.3a")
    assert (told.numerator, told.denominator, told.met, told.source, told.waiting) == (42, 60, True, "summed", 1)
    assert len(told.missing_units) == len(communes(district.office)) - 1
    assert verify(district.office.db).problems == ()


def test_two_who_enter_the_same_figure_meet_on_one_thing(district):
    district.say("H1.3a", MINH_SON, 42, 60)
    district.say("H1.3a", MINH_SON, 45, 60)

    assert [row["numerator"] for row in district.office.db["indicator_values"].rows] == [45]


WRONG = [
    ((61, 60), {}, "numerator"),
    ((0, 0), {}, "note"),
    ((2, 0), {}, "denominator"),
    ((3,), {}, "denominator"),
    (("mười", 20), {}, "numerator"),
    ((1.5, 20), {}, "numerator"),
    ((3, 20), {"note": "Bà Nguyễn Thị Hoa kể lại, 0912345678"}, "note"),
    ((3, 20), {"indicator": "H9.9"}, "indicator"),
    ((3, 20), {"indicator": "H3.3"}, "unit"),
    ((3, 20), {"indicator": "H3.2"}, "unit"),
    ((3, 20), {"to": "2022-12-31"}, "to"),
]


def test_what_is_wrong_with_a_figure_is_said_at_its_field(district):
    found = [
        next(iter(district.say(more.get("indicator", "H1.3a"), MINH_SON, *figures,
                               **{key: said for key, said in more.items() if key != "indicator"})), "")
        for figures, more, _ in WRONG
    ]  # fmt: skip

    assert found == [field for _, _, field in WRONG]
    assert district.office.db["indicator_values"].count == 0


def test_a_unit_that_has_none_of_what_is_counted_says_so_in_a_note(district):
    assert district.say("H1.3b", MINH_SON, 0, 0, note="Xã không có khu công nghiệp", standing="sent") == {}

    told = district.standing("H1.3b", MINH_SON)
    assert (told.denominator, told.share_tenths, told.met, told.missing_units) == (0, None, None, ())


def test_the_unit_above_accepts_or_returns_with_a_comment_and_never_the_unit_itself(district):
    office = district.office
    own = office.users[office.user("coordinator", MINH_SON)]
    above = office.users[office.user("coordinator", "old:397")]
    assert "standing" in district.say("H1.3a", MINH_SON, standing="accepted", author=above)  # nothing was sent
    district.say("H1.3a", MINH_SON, 42, 60, standing="sent", author=own)

    assert "standing" in district.say("H1.3a", MINH_SON, standing="accepted", author=own)
    assert "comment" in district.say("H1.3a", MINH_SON, standing="returned", author=above)
    assert district.say("H1.3a", MINH_SON, standing="returned", comment="Thiếu thôn 3", author=above) == {}
    assert district.standing("H1.3a").source == ""
    assert district.say("H1.3a", MINH_SON, 48, 60, standing="sent", author=own) == {}
    assert district.say("H1.3a", MINH_SON, standing="accepted", author=above) == {}
    assert district.standing("H1.3a").waiting == 0
    assert "standing" in district.say("H1.3a", MINH_SON, 50, 60, author=own)


def test_nobody_reviews_what_the_same_person_entered_also_not_for_another(district):
    office = district.office
    one, other, third = (office.users[office.user("coordinator", "old:397")] for _ in range(3))
    for_one = deputies.author(other, one)
    police = {"agency": "Công an huyện", "author": one}
    district.say("H3.2", "old:397", 21, 20, standing="sent", **police)
    district.say("H1.3a", MINH_SON, 42, 60, standing="sent", author=for_one)

    for author in (one, for_one):
        assert "standing" in district.say("H3.2", "old:397", standing="accepted", **police | {"author": author})
        assert "standing" in district.say("H1.3a", MINH_SON, standing="accepted", author=author)
    assert "standing" in district.say("H1.3a", MINH_SON, standing="accepted", author=other)
    assert district.say("H3.2", "old:397", standing="accepted", **police | {"author": other}) == {}
    assert district.say("H1.3a", MINH_SON, standing="accepted", author=third) == {}
    assert district.say("H1.3a", MINH_SON, standing="returned", comment="Thiếu thôn 3", author=third) == {}
    conn = office.db.conn
    with reading(office.db):
        found = {who: next(entry.may_review for entry in entries(
                     conn, unit_tree(conn), plan(conn, district.plan, TODAY), MINH_SON, PERIOD, TODAY,
                     Who("coordinator", "old:397", who)) if entry.indicator.code == "H1.3a")
                 for who in (other, third)}  # fmt: skip
    assert found == {other: False, third: True}


def test_communes_that_say_yes_are_counted_against_all_communes(district):
    everyone = len(communes(district.office))
    district.say("H2.1", MINH_SON, 1, standing="sent")
    district.say("H2.1", DAN_LUC, 0, standing="sent")
    assert "numerator" in district.say("H2.1", DAN_QUYEN, 2)

    told = district.standing("H2.1")

    assert (told.numerator, told.denominator, told.met) == (1, everyone, False)
    assert len(told.missing_units) == everyone - 2


def test_a_districts_own_figure_is_taken_before_the_sum_of_its_communes(province):
    province.say("T1.1", MINH_SON, 1, standing="sent")
    assert province.standing("T1.1", "old:397").numerator == 1

    province.say("T1.1", "old:397", 30, 36, standing="sent")

    told = province.standing("T1.1", "old:397")
    assert (told.numerator, told.denominator, told.source) == (30, 36, "entered")
    everywhere = len(unit_tree(province.office.db.conn).communes("old:38"))
    others = everywhere - len(communes(province.office)) + 36
    assert (province.standing("T1.1").numerator, province.standing("T1.1").denominator) == (30, others)


def test_growth_compares_this_year_with_the_year_before(district):
    assert district.say("H3.2", "old:397", 21, 20, agency="Công an huyện") == {}

    told = district.standing("H3.2")
    assert (told.growth_tenths, told.share_tenths, told.met, told.target) == (50, None, True, "5–8 %")
    assert told.from_units[0].agency == "Công an huyện"


def test_a_narrative_is_text_and_needs_some(district):
    assert "text" in district.say("H1.2", MINH_SON, text=" ")
    assert district.say("H1.2", "old:397", text="Phát thanh 12 lượt trên đài huyện.") == {}

    assert district.standing("H1.2").text == "Phát thanh 12 lượt trên đài huyện."


def test_small_numbers_of_persons_are_seen_by_the_unit_that_reports_and_by_nobody_else(district):
    district.say("H4.2", MINH_SON, 3, 4, standing="sent")
    district.say("H4.2", DAN_LUC, 20, 30, standing="sent")

    mine = district.standing("H4.2", MINH_SON, seen_by=MINH_SON)
    assert (mine.numerator, mine.hidden) == (3, False)
    for unit in (MINH_SON, DAN_LUC, "old:397"):  # the sum less the other would tell
        told = district.standing("H4.2", unit)
        assert (told.numerator, told.denominator, told.share_tenths, told.met, told.hidden) == (*[None] * 4, True)
    assert {part.numerator for part in district.standing("H4.2").from_units} == {None}

    exported = [json.loads(line) for line in whole(district.office.db.conn)]
    assert [one["body"]["numerator"] for one in exported if one["kind"] == "indicator_value"] == [None, None]

    district.say("H4.2", DAN_QUYEN, 30, 40, standing="sent")

    told = district.standing("H4.2")
    assert (told.numerator, told.denominator, told.hidden) == (53, 74, False)
    assert {part.numerator for part in told.from_units} == {None}


def test_a_small_number_of_an_agency_is_not_told_by_the_sum_less_the_communes(district):
    conn = district.office.db.conn
    district.say("H4.2", "old:397", 2, 4, agency="Phòng Y tế", standing="sent")
    district.say("H4.2", MINH_SON, 20, 30, standing="sent")
    assert district.standing("H4.2").hidden  # of two each would know the other
    district.say("H4.2", DAN_LUC, 30, 40, standing="sent")

    told = district.standing("H4.2")
    assert (told.numerator, told.denominator, {part.numerator for part in told.from_units}) == (52, 74, {None})
    assert district.standing("H4.2", MINH_SON).hidden
    assert not district.standing("H4.2", MINH_SON, seen_by=MINH_SON).hidden
    with reading(district.office.db):
        rows = across(conn, unit_tree(conn), plan(conn, district.plan, TODAY), "old:397", PERIOD, "old:38")
    assert {row.numerator for row in rows if row.indicator.code == "H4.2"} == {None}


def test_hiding_is_not_switched_off_from_above(district):
    district.say("H4.2", MINH_SON, 3, 4, standing="sent")

    def change(**said):
        line = {"do": "plan_part", "plan": district.plan, "part": "indicator", "code": "H4.2", **said}
        return apply_one(district.office.db, line, author="command", at=district.office.at)["problems"]

    for least in (0, 4, None):
        assert list(change(said={"small_cells": least})) == ["small_cells"]
    assert change(said={"small_cells": 6}) == {}
    assert change(gone=True) == {}
    exported = [json.loads(line) for line in whole(district.office.db.conn)]
    assert [one["body"]["numerator"] for one in exported if one["kind"] == "indicator_value"] == [None]
    again = {"name": "Khám", "measure": "share", "period": "year", "counts": "persons", "source": "entered"}
    assert list(change(said=again)) == ["small_cells"]
    assert change(said=again | {"small_cells": 6}) == {}


def test_what_our_own_records_know_is_computed_with_the_ids_of_what_was_counted(district):
    office = district.office
    places = [office.place(f"Karaoke {n}", unit=MINH_SON, since="2019-01-01") for n in range(5)]
    office.visit(places[0], "2023-03-05", workers={"total": 10}, informed=6)
    office.visit(places[0], "2023-04-05", workers={"total": 10}, informed=8)
    office.visit(places[1], "2022-03-05")

    year, period = district.standing("H3.3"), district.standing("H3.4")
    assert (year.numerator, year.denominator, year.met, year.source) == (1, 5, True, "computed")
    assert year.ids == {"numerator": (places[0],), "denominator": tuple(sorted(places))}
    assert (period.numerator, period.denominator, period.since) == (2, 5, "2021-01-01")
    workers = district.standing("H1.3a")
    assert (workers.source, workers.known.numerator, workers.known.denominator) == ("", 8, 10)


def test_to_the_end_of_the_period_a_yearly_indicator_is_of_its_last_year(district):
    office = district.office
    places = [office.place(f"Karaoke {n}", unit=MINH_SON, since="2019-01-01") for n in range(4)]
    office.visits([(places[0], "2022-03-05"), (places[1], "2025-03-05")])
    whole = {"first": date(2021, 1, 1), "last": date(2025, 10, 31)}

    year, period = district.standing("H3.3", **whole), district.standing("H3.4", **whole)

    assert (year.numerator, year.since, year.as_of) == (1, "2025-01-01", "2025-10-31")
    assert (period.numerator, period.since, period.as_of) == (2, "2021-01-01", "2025-10-31")


def test_a_share_just_below_the_target_is_not_rounded_up_to_it(district):
    district.say("H1.3a", MINH_SON, 6_999, 10_000)
    target = district.standing("H1.3a", MINH_SON, seen_by=MINH_SON).indicator.at_least
    district.say("H1.3a", MINH_SON, target * 100 - 1, 10_000)

    told = district.standing("H1.3a", MINH_SON, seen_by=MINH_SON)

    assert (told.share_tenths, told.met) == (target * 10 - 1, False)
    assert Share(told.numerator, told.denominator, target).percent == f"{target - 1}.9"


def test_tips_handled_in_time_are_counted_over_those_received(district):
    tip = {"channel": "hotline", "epoch": "old", "unit": "15691", "address": "Thôn 2", "due_on": "2023-03-31"}
    ids = district.office.enter(
        "tip", tip | {"number": "1", "received_on": "2023-03-01", "handled_on": "2023-03-20", "result": "reminded"},
        tip | {"number": "2", "received_on": "2023-03-02"},
    )  # fmt: skip

    told = district.standing("H3.1")

    assert (told.numerator, told.denominator, told.met) == (1, 2, False)
    assert told.ids == {"numerator": (ids[0],), "denominator": tuple(sorted(ids))}


def test_the_sum_is_of_the_report_and_not_of_another(district):
    district.say("H1.3a", MINH_SON, 42, 60, standing="sent")

    assert district.standing("H1.3a", last=date(2023, 6, 24)).numerator == 42
    assert district.standing("H1.3a", last=date(2023, 12, 14)).source == ""


def test_what_minutes_say_is_added_up_as_counts_of_each_place_once(district):
    office = district.office
    one, other = (office.place(f"Karaoke {n}", unit=MINH_SON) for n in range(2))
    workers = {"total": 10, "health_papers": 4}
    office.visit(one, "2023-02-01", workers=workers, answers={"COM-01": "fail"}, checklists={"COM": 1})
    office.visit(one, "2023-05-01", workers=workers | {"health_papers": 9}, answers={"COM-01": "pass"})
    office.visit(other, "2023-03-01", workers={"total": 5}, answers={"COM-01": "fail"}, checklists={"COM": 1})
    conn = office.db.conn

    with reading(office.db):
        told = records(conn, unit_tree(conn), "old:397", (date(2023, 1, 1), date(2023, 6, 19)))

    papers = next(part for part in told.workers if part.what == "health_papers")
    assert (told.places, papers.count, papers.total) == (2, 9, 10)
    (condition,) = told.conditions
    assert (condition.item.code, condition.passed, condition.failed) == ("COM-01", 1, 1)
