"""After a return was sent: what comes late, is voided or merged shows as a restatement; the frozen figures stay."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.ids import new_id
from server.arrivals.verify import verify
from server.returns.freezing import path_of_document
from server.returns.sent import find
from tests.server.pages.conftest import COMMUNE, DISTRICT
from tests.server.returns.conftest import DEADLINES

LATER = date(2026, 7, 5)


def visit_of(returns, place):
    return returns.office.db.conn.execute("SELECT id FROM visits WHERE establishment = ?", (place,)).fetchone()[0]


def test_nothing_came_since_and_nothing_is_restated(returns):
    assert returns.changed(returns.sent()) == {}


def test_a_late_inspection_shows_and_leaves_the_frozen_figures_untouched(returns):
    place = returns.office.place("Karaoke Sao Đêm")
    id = returns.sent()
    frozen = returns.raw(id)

    returns.office.visit(place, "2026-06-01")

    assert returns.raw(id) == frozen
    assert returns.total(id) == 1
    changed = returns.changed(id, kind="")
    assert changed["visits"] == (1, 2, ["late"])
    assert changed["inspected"] == (1, 2, ["late"])
    assert "places" not in changed


def test_a_void_shows_and_leaves_the_frozen_figures_untouched(returns):
    place = returns.office.place("Karaoke Sao Đêm")
    returns.office.visit(place, "2026-05-07")
    id = returns.sent()
    frozen = returns.raw(id)

    answer = returns.apply(do="void", inspection=visit_of(returns, place), reason="Ghi nhầm cơ sở")
    assert answer["standing"] == "accepted"

    assert returns.raw(id) == frozen
    assert returns.changed(id, kind="")["visits"] == (2, 1, ["voided"])
    assert returns.total(id) == 2


def test_a_merge_shows_and_leaves_the_frozen_figures_untouched(returns):
    other = returns.office.place("Karaoke Đông Đô 2")
    into = returns.office.db.conn.execute("SELECT id FROM establishments WHERE name = 'Karaoke Đông Đô'").fetchone()[0]
    id = returns.sent()
    frozen = returns.raw(id)

    assert returns.apply(do="merge", establishment=other, into=into)["standing"] == "accepted"

    assert returns.raw(id) == frozen
    reported, now, why = returns.changed(id, kind="")["places"]
    assert (reported, now) == (2, 1)
    assert "merged" in why
    assert returns.total(id, "places") == 2


def test_a_rejected_visit_and_a_correction_say_why(returns):
    two = [returns.office.place(f"Karaoke {n}") for n in (1, 2)]
    for place in two:
        returns.office.visit(place, "2026-05-07")
    id = returns.sent()

    returns.apply(do="review", inspection=visit_of(returns, two[0]), review="rejected", comment="Thiếu thành phần")
    moved = {"inspection": visit_of(returns, two[1]), "changes": {"date": "2026-07-01"}}
    returns.apply(do="correct", reason="Nhầm ngày", **moved)

    reported, now, why = returns.changed(id, kind="")["visits"]
    assert (reported, now, sorted(why)) == (3, 1, ["corrected", "rejected"])


def test_an_act_coded_and_a_file_handed_over_since_say_so_beside_a_place_that_was_edited(returns):
    place, act = returns.office.place("Karaoke Sao Đêm"), new_id()
    standing = returns.office.visit(place, "2026-05-07", outcome="violations", found_working=True, crime_signs=True,
                                    basis="unscheduled", trigger="signs", ground="Đơn",
                                    violations=[{"id": act, "text": "Hành vi khác"}])  # fmt: skip
    assert standing == "accepted"
    id, visit = returns.sent(), visit_of(returns, place)

    coded = {"inspection": visit, "violation": act, "code": "ND38-15.5b", "on": "2026-05-20"}
    assert returns.apply(do="code_violation", **coded)["standing"] == "accepted"
    handed = {"inspection": visit, "duty": "hand-over-file", "on": "2026-05-08"}
    assert returns.apply(do="duty", **handed)["standing"] == "accepted"
    renamed = returns.apply(do="edit", establishment=place, set={"name": "Karaoke Sao Mai"})
    assert renamed["standing"] == "accepted"

    changed = returns.changed(id, kind="")
    assert changed["transferred"] == (0, 1, ["handed_over"])
    by_field = {code: line for code, line in changed.items() if code.startswith("violations_")}
    assert sorted(by_field.values()) == [(0, 1, ["coded"]), (1, 0, ["coded"])]
    page = returns.office.client(area=DISTRICT).get(f"/bao-cao/{id}").text
    assert "được ghi mã hành vi sau khi chốt" in page
    assert "Việc chuyển hồ sơ của cuộc kiểm tra ngày 07/05/2026" in page


def test_the_next_return_of_the_unit_tells_what_has_changed_of_the_one_before(returns):
    first = returns.sent()
    returns.office.visit(returns.office.place("Karaoke Sao Đêm"), "2026-06-01")

    year = returns.shown(returns.open(report="year")).content

    assert year.restated_of == first
    assert ("visits", 1, 2) in {(line.code, line.reported, line.now) for line in year.restated}


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["late", "void", "merge", "close", "enter"]), min_size=1, max_size=4))
def test_whatever_happens_later_the_frozen_bytes_stay_and_the_lines_add_up(returns, happenings):
    places = [returns.office.place(f"Karaoke {n}") for n in range(4)]
    for place in places[:2]:
        returns.office.visit(place, "2026-05-07")
    id = returns.apply(do="return", unit=COMMUNE, report="ad_hoc", **{"from": "2026-01-01", "to": "2026-06-30"})
    id = returns.office.db.conn.execute("SELECT id FROM items WHERE name = ?", (id["receipt"],)).fetchone()[0]
    if returns.shown(id).row.is_draft:
        returns.send(id)
    frozen, before = returns.raw(id), returns.shown(id).content.figures

    for what in happenings:
        _happen(returns, places, what)

    one = returns.shown(id)
    assert returns.raw(id) == frozen
    assert one.content.figures == before
    for line in one.restated:
        if not line.kind and line.unit == before.total.unit:
            assert line.reported == before.total.cells[line.code].value
    assert verify(returns.office.db).problems == ()


def _happen(returns, places, what):
    match what:
        case "late":
            returns.office.visit(places[2], "2026-06-02")
        case "void":
            returns.apply(do="void", inspection=visit_of(returns, places[0]), reason="Nhầm")
        case "merge":
            returns.apply(do="merge", establishment=places[3], into=places[1])
        case "close":
            returns.apply(do="status", establishment=places[1], status="closed", **{"from": "2026-03-01"})
        case "enter":
            returns.office.place("Karaoke mới", since="2026-02-01")


def test_a_unit_above_sums_what_was_sent_and_marks_where_its_own_figures_differ(returns):
    child = next(iter(returns.where().tree.children(DISTRICT)))
    place = returns.office.place("Karaoke Cũ", child)
    returns.office.visit(place, "2026-05-07")
    sent = returns.sent(unit=child)
    returns.office.visit(returns.office.place("Karaoke Mới", child), "2026-05-08")

    one = returns.shown(returns.open(DISTRICT))

    below = {each.unit: each for each in one.content.below}
    assert (below[child].id, below[child].reported["visits"], below[child].own["visits"]) == (sent, 1, 2)
    assert below[child].differs("visits")
    others = [each for each in one.content.below if each.unit != child]
    assert {each.standing for each in others} == {""}
    assert set(dict(one.missing.units)) == {each.unit for each in others}
    frozen = returns.send(one.row.id)
    assert returns.shown(frozen).content.below == one.content.below


def test_small_numbers_are_in_no_return_below_and_in_no_restatement(returns):
    counted = {"name": "Người được khám", "measure": "share", "period": "year", "counts": "persons",
               "source": "entered", "reports": ["UBND các xã, phường"]}  # fmt: skip
    returns.plan = returns.office.plan(
        area=DISTRICT, **DEADLINES, **{"indicator/X1": counted | {"small_cells": 5}, "indicator/X2": counted}
    )
    one, two, three, last = returns.where().tree.children(DISTRICT)[:4]

    def say(unit, *figures):
        for code in ("X1", "X2"):
            said = dict(zip(("numerator", "denominator"), figures, strict=True))
            answer = returns.apply(do="indicator_value", plan=returns.plan, indicator=code, epoch=unit[:3],
                                   unit=unit[4:], report="half_year", standing="sent",
                                   **{"from": "2026-01-01", "to": "2026-06-18"}, **said)  # fmt: skip
            assert answer["problems"] == {}

    for unit in (one, two, three):
        say(unit, 20, 30)
    below, above = returns.sent(unit=one), returns.sent(unit=DISTRICT)
    told = {id: {each.code: (each.numerator, each.hidden) for each in returns.shown(id).content.standings}
            for id in (below, above)}  # fmt: skip
    assert told == {below: {"X1": (None, True), "X2": (20, False)}, above: {"X1": (60, False), "X2": (60, False)}}

    say(last, 3, 4)
    assert {code for code in returns.changed(above) if code.startswith("indicator/")} == {"indicator/X2"}


def test_a_quarter_is_compiled_from_the_returns_of_that_quarter(returns):
    child = next(iter(returns.where().tree.children(DISTRICT)))
    quarter = {"report": "quarter", "plan": ""}
    first = returns.sent(unit=child, quarter=1, **quarter)

    one, other = (returns.shown(returns.open(DISTRICT, quarter=n, **quarter)).content.below for n in (1, 2))

    assert next(each.id for each in one if each.unit == child) == first
    assert {each.standing for each in other} == {""}


def test_the_cause_of_a_change_to_the_register_has_the_day_in_vietnam(returns):
    id = returns.sent()
    returns.office.at = datetime(2026, 11, 20, 20, tzinfo=UTC)  # 3 o'clock of the 21st there
    returns.office.place("Karaoke Sao Đêm")

    cause = next(line for line in returns.shown(id).restated if line.code == "places").causes[0]

    assert (cause.why, cause.day) == ("register", "2026-11-21")


def test_a_damaged_file_of_a_unit_below_is_said_and_stops_nothing_above(returns):
    child = next(iter(returns.where().tree.children(DISTRICT)))
    sent = returns.sent(unit=child)
    path = path_of_document(returns.office.settings.files, find(returns.office.db.conn, sent).document)
    path.write_bytes(b"{}")
    id, client = returns.open(DISTRICT), returns.office.client(area=DISTRICT)

    one = next(each for each in returns.shown(id).content.below if each.unit == child)
    assert (one.standing, one.is_unreadable, one.has_sent) == ("sent", True, False)
    assert child not in dict(returns.shown(id).missing.units)
    for page in (f"/bao-cao/{id}", f"/bao-cao/{id}/tong-hop", f"/bao-cao/{id}/tong-hop.csv", f"/bao-cao/{id}/gui"):
        answer = client.get(page)
        assert (answer.status_code, "ông đọc được số liệu đã chốt" in answer.text) == (200, True), page
    own = client.get(f"/bao-cao/{sent}")
    assert (own.status_code, "không còn như khi gửi; báo người quản trị." in own.text) == (409, True)
    returns.send(id)
    year = client.get(f"/bao-cao/{returns.open(child, report='year')}")
    assert (year.status_code, "của báo cáo trước" in year.text) == (409, True)


@pytest.mark.parametrize("role", ["clerk", "auditor"])
def test_the_clerk_gives_the_number_and_the_auditor_only_reads(returns, role):
    id = returns.sent()
    client = returns.office.client(role, DISTRICT)

    page = client.get(f"/bao-cao/{id}")

    assert page.status_code == 200
    assert ("Ghi số" in page.text) is (role == "clerk")
    assert "Lập lần mới" not in page.text
