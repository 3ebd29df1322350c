"""The board: each indicator against its target and the year before, by unit, and two plans where they differ."""

import csv
from datetime import date
from io import StringIO

import pytest

from schemas.ids import new_id
from server.arrivals.world import unit_tree
from server.boards.beside import beside, other
from server.boards.board import Direction, Verdict, board, year_before
from server.boards.units import units
from server.changes import apply_one
from server.indicators.periods import Asked
from server.indicators.view import view
from server.plans import renewing
from server.plans.issuing import as_issued, known
from server.plans.listing import plans
from server.store import reading
from tests.server.pages.conftest import DISTRICT, PROVINCE, area_of

YEAR = 2026  # of the visits of the office of the tests
TODAY = date(YEAR, 11, 20)


@pytest.fixture
def council(busy):
    """A year's work under this year's plan of the province, and the plan of 2021–2025 of the district."""
    before = as_issued(known("thanh-hoa-2023"))
    state = renewing.replaced(renewing.moved(before, YEAR - 2023), {"district": "commune"}, {}, "Không còn cấp huyện")
    state |= {**area_of(PROVINCE), "from": f"{YEAR}-01-01", "to": f"{YEAR}-12-31"}
    busy.of_province = busy.enter("plan", state)[0]
    busy.of_district = busy.enter("plan", as_issued(known("trieu-son-2021-2025")))[0]
    return busy


def report(office, plan, indicator, unit, *figures, year=YEAR):
    said = {"do": "indicator_value", "plan": plan, "indicator": indicator, "epoch": unit[:3], "unit": unit[4:],
            "report": "year", "from": f"{year}-01-01", "to": f"{year}-12-14", "numerator": figures[0],
            "denominator": figures[1], "standing": "sent"}  # fmt: skip
    assert apply_one(office.db, said, author="command", at=office.at)["problems"] == {}


def seen(office, plan, area=PROVINCE, year=YEAR, what=board, unit=""):
    conn, tree = office.db.conn, unit_tree(office.db.conn)
    query = {"ke-hoach": plan, "ky": f"year:{year}-01-01:{year}-12-14", "don-vi": unit}
    with reading(office.db):
        return what(conn, tree, view(conn, tree, query, area, TODAY), area, TODAY)


def line(found, code):
    return next(one for one in found.lines if one.now.indicator.code == code)


def test_a_figure_stands_against_its_target_and_the_same_days_of_the_year_before(council):
    for year, reached in ((2023, 30), (2024, 45)):
        report(council, council.of_district, "H1.3b", DISTRICT, reached, 60, year=year)

    found = seen(council, council.of_district, area=DISTRICT, year=2024)

    one = line(found, "H1.3b")
    assert (one.now.share_tenths, one.before.share_tenths, one.change) == (750, 500, 250)
    assert (one.verdict, one.direction) == (Verdict.MET, Direction.UP)
    assert line(found, "H1.3a").verdict is Verdict.NO_FIGURE
    assert line(found, "H1.3a").direction is Direction.UNKNOWN
    assert found.before == Asked("year", date(2023, 1, 1), date(2023, 12, 14))
    earlier = seen(council, council.of_district, area=DISTRICT, year=2023)
    assert (line(earlier, "H1.3b").verdict, line(earlier, "H1.3b").before.numerator) == (Verdict.NOT_MET, None)


def test_small_numbers_of_persons_are_not_shown_and_not_counted_as_missed(council):
    report(council, council.of_province, "T4.2", "new:15664", 3, 4)

    one = line(seen(council, council.of_province), "T4.2")

    assert (one.verdict, one.now.numerator, one.change) == (Verdict.HIDDEN, None, None)
    table = seen(council, council.of_province, what=units)
    cell = next(row for row in table.rows if row.unit == "new:15664").cells["T4.2"]
    assert (cell.hidden, cell.numerator) == (True, None)


def test_the_units_add_up_to_the_whole(council):
    whole = line(seen(council, council.of_province), "T3.3").now
    table = seen(council, council.of_province, what=units)

    cells = [row.cells["T3.3"] for row in table.rows if "T3.3" in row.cells]
    assert whole.denominator
    assert (sum(one.numerator for one in cells), sum(one.denominator for one in cells)) == (
        whole.numerator, whole.denominator,
    )  # fmt: skip
    assert table.indicators[0].code == "T3.3", "the share inspected comes first"
    assert len(table.told) + len(table.silent) == len(table.rows)
    least = table.behind(3)
    shares = [row.cells["T3.3"].numerator / row.cells["T3.3"].denominator for row in least]
    assert shares == sorted(shares)


def test_of_a_district_that_is_no_more_the_communes_of_today_stand_below(council):
    table = seen(council, council.of_district, what=units, year=2025)

    assert table.across
    assert {row.unit[:3] for row in table.rows if row.unit} == {"new"}
    assert {one.code for one in table.indicators} == {"H3.1", "H3.3", "H3.4"}


def test_two_plans_stand_side_by_side_where_they_differ(council):
    council.enter("plan", as_issued(known("thanh-hoa-2023")))
    conn = council.db.conn
    offered = tuple(plans(conn, unit_tree(conn), PROVINCE, TODAY))
    ours = next(one for one in offered if one.id == council.of_district)

    theirs = other(ours, offered, "")
    found = beside(ours, theirs)

    assert theirs.issued == "thanh-hoa-2023", "of another level, in the same years"
    assert {(ours.code, theirs.code) for ours, theirs in found.indicators} >= {("H3.3", "T3.3"), ("H2.1", "T2.1")}
    dues = {(one.report, one.compiled): (one.ours.due, one.theirs.due) for one in found.deadlines}
    assert dues[("half_year", True)] == ("06-25", "06-20")
    assert dues[("half_year", False)] == ("06-20", "06-15")
    assert other(ours, offered, council.of_province).id == council.of_province
    assert other(ours, (ours,), new_id()) is None


def test_the_same_days_of_the_year_before_a_leap_day_end_a_day_earlier():
    assert year_before(Asked("other", date(2024, 1, 1), date(2024, 2, 29))).last == date(2023, 2, 28)


def test_the_page_says_where_each_indicator_stands_in_words_and_signs(council):
    report(council, council.of_province, "T1.3b", "new:15664", 45, 60)
    client = council.client(area=PROVINCE)

    page = client.get(f"/bang-theo-doi?ke-hoach={council.of_province}").text

    assert "✓ Đạt chỉ tiêu" in page
    assert "45/60" in page
    assert "Chưa xác định được đã nhận đủ số liệu đến ngày nào." in page
    assert "Theo đơn vị" in page
    assert 'href="/bang-theo-doi"' in client.get("/").text, "the first page leads here"
    below = client.get(f"/bang-theo-doi?ke-hoach={council.of_province}&don-vi=new:15664").text
    assert "45/60" in below


@pytest.mark.parametrize("what", ["chi-tieu", "don-vi", "so-sanh"])
def test_the_board_is_handed_out(council, what):
    client = council.client(area=PROVINCE)
    asked = f"muc={what}&ke-hoach={council.of_province}&so-voi={council.of_district}"

    rows = list(csv.reader(StringIO(client.get(f"/bang-theo-doi.csv?{asked}").get_data(as_text=True))))

    assert len(rows) > 3
    assert len({len(row) for row in rows}) == 1
    assert client.get(f"/bang-theo-doi.xlsx?{asked}").status_code == 200


def test_a_program_reads_what_the_page_shows(council):
    report(council, council.of_province, "T1.3b", "new:15664", 45, 60)
    client = council.client(area=PROVINCE)

    told = client.get(f"/api/v1/board?plan={council.of_province}&compare={council.of_district}").json

    assert told["other_plan"] == council.of_district
    lines = {one["indicator"]: one for one in told["lines"]}
    assert (lines["T1.3b"]["numerator"], lines["T1.3b"]["verdict"]) == (45, "met")
    assert any(unit["unit"] == "new:15664" for unit in told["units"])
    assert client.get("/api/v1/board?unit=new:99999").status_code in (404, 422)


def test_a_place_without_a_plan_is_told_so(office):
    client = office.client(area=PROVINCE)

    assert "Chưa có kế hoạch nào có chỉ tiêu" in client.get("/bang-theo-doi").text
    assert client.get("/bang-theo-doi.csv").status_code == 200
    assert client.get("/api/v1/board").json["plan"] is None
