"""What is due, against the tables in docs/deadlines.md that were worked out by hand."""

import re
from datetime import date
from pathlib import Path

import pytest

from schemas.issued_plans import issued
from server.arrivals.world import unit_tree
from server.changes import apply_one
from server.due.lines import year_of
from server.due.listing import due
from server.due.senders import Sender, senders
from server.plans.issuing import as_issued
from server.plans.listing import Deadline, all_plans
from server.returns.days import days_of
from server.store import writing
from tests.server.pages.conftest import COMMUNES, Office

PAGE = Path(__file__).parents[3] / "docs" / "deadlines.md"


def rows(heading):
    """Return the cells of the table under a heading."""
    part = PAGE.read_text(encoding="utf-8").partition(f"### {heading}\n")[2].partition("\n### ")[0]
    lines = [line for line in part.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


@pytest.mark.parametrize("row", rows("The last day"), ids=" ".join)
def test_the_last_day_is_as_worked_out(row):
    said, year, last = row
    how, day, only = re.fullmatch(r"(before|by) (\S+)(?: only in (\d+))?", said).groups()
    one = Deadline("1", "", "year", day, how == "before", int(only) if only else None, "", "Sở", "")

    assert str(one.last_day(int(year)) or "–") == last


@pytest.fixture(scope="module")
def known(template, tmp_path_factory):
    """An office with both plans as they were issued."""
    import shutil

    from server.settings import Settings

    folder = tmp_path_factory.mktemp("due") / "server"
    shutil.copytree(template, folder)
    office = Office(Settings(folder))
    office.ids = dict(zip((one.id for one in issued()), office.enter("plan", *map(as_issued, issued())), strict=True))
    return office


def found(office, named, today, area="new:38"):
    """Return the deadlines of a code and a year, as they stand on a day."""
    code, year = named.split()
    tree = unit_tree(office.db.conn)
    first, last = date(int(year), 1, 1), date(int(year), 12, 31)
    return [one for one in due(office.db.conn, tree, area, first, last, date.fromisoformat(today)) if one.code == code]


def told(one):
    period = f"{one.first} – {one.cut_off}" if one.cut_off else "–"
    return [one.last_day, one.go_by, one.standing.value, str(one.days), period]


def sent_by(office, said):
    """Return the units that the short words of the table mean."""
    tree = unit_tree(office.db.conn)
    short = {"×32": tree.children("old:397"), "+8": COMMUNES, "27": tree.children("old:38"), "–": (), "+": ()}
    return sorted(unit for word in said.split() for unit in short.get(word, (word,)))


def check(office, row):
    named, who, today, *said = row
    dues = found(office, named, today)

    assert sorted(one.unit for one in dues) == sent_by(office, who)
    for one in dues:
        assert told(one) == said


@pytest.mark.parametrize("row", rows("The plans as issued"), ids=" ".join)
def test_a_deadline_of_the_issued_plans_is_as_worked_out(known, row):
    check(known, row)


@pytest.mark.parametrize("row", rows("A plan that was closed on 1 June 2024"), ids=" ".join)
def test_nothing_is_due_of_a_plan_that_was_closed(office, row):
    state = as_issued(issued()[0]) | {"closed_on": "2024-06-01", "closed_reason": "Thay bằng kế hoạch khác"}
    office.enter("plan", state, as_issued(issued()[1]))

    check(office, row)


@pytest.mark.parametrize("row", rows("What was sent"), ids=" ".join)
def test_what_was_sent_is_in_time_by_its_first_version(known, row):
    versions, standing, sent_on, version = row
    days = [] if versions == "–" else versions.split()
    with writing(known.db) as conn:
        conn.execute("DELETE FROM returns")
        conn.execute("DELETE FROM frozen_returns")
        for number, day in enumerate(days, 1):
            keep(conn, known.ids["trieu-son-2021-2025"], number, day, len(days))

    (one,) = found(known, "HD3 2022", "2022-08-01")

    assert (one.standing.value, one.sent_on or "–", str(one.version)) == (standing, sent_on, version)
    assert one.return_id == (f"r{len(days)}" if days else "")


def keep(conn, plan, number, day, last):
    """Put a return into the projections, as the fold does."""
    standing = "draft" if day == "draft" else "sent" if number == last else "replaced"
    conn.execute(
        "INSERT INTO returns VALUES (?, ?, 'HD3', 'half_year', 'old:397', '2022-01-01', '2022-06-14', '2022-06-25', 1,"
        " ?, ?, ?, '', '', '')",
        (f"r{number}", plan, standing, number, f"r{number - 1}" if number > 1 else ""),
    )
    if day != "draft":
        conn.execute("INSERT INTO frozen_returns VALUES (?, ?, '', 0, 0, ?, '', '', '')", (f"r{number}",) * 2 + (day,))


OWN, BELOW = Sender.OWN, Sender.BELOW
WHO = {
    "HD1": {OWN}, "HD2": {BELOW}, "HD3": {OWN}, "HD4": {BELOW}, "HD5": {OWN}, "HD6": {BELOW}, "HD7": {OWN, BELOW},
    "HD8": {OWN}, "TD1": {OWN, BELOW}, "TD2": {BELOW}, "TD3": {BELOW}, "TD4": {OWN}, "TD5": {BELOW}, "TD6": {OWN},
    "TD7": {OWN},
}  # fmt: skip


def test_who_sends_follows_from_the_words_of_the_plan(known):
    plans = all_plans(known.db.conn, date(2023, 1, 1))

    assert {one.code: set(senders(plan, one)) for plan in plans for one in plan.deadlines} == WHO


def test_the_clash_names_the_plan_above_and_its_words(known):
    (compiled,) = found(known, "HD3 2023", "2023-06-01")
    below = found(known, "HD2 2023", "2023-06-01")[0]
    (free,) = found(known, "TD3 2023", "2023-06-01", area="old:397")

    for one in (compiled, below):
        assert (one.clash.code, one.clash.before) == ("TD3", "trước ngày 15/6/2023")
        assert one.clash.receiver == "Sở Lao động - Thương binh và Xã hội"
    assert free.clash is None


def test_a_commune_sees_the_clash_of_what_is_compiled_above_it(known):
    tree = unit_tree(known.db.conn)
    commune = tree.children("old:397")[0]

    (one,) = found(known, "HD2 2023", "2023-06-01", area=commune)

    assert (one.unit, one.go_by) == (commune, "2023-06-14")


def test_a_return_covers_the_days_that_the_calendar_names(known):
    for plan in all_plans(known.db.conn, date(2023, 1, 1)):
        for deadline in plan.deadlines:
            for one in found(known, f"{deadline.code} 2023", "2023-01-01"):
                if one.cut_off:
                    days = days_of(plan, one.report, deadline, 2023)
                    assert (one.first, one.cut_off) == (days.since.isoformat(), days.until.isoformat())


def test_a_year_s_report_due_in_the_new_year_is_of_the_year_before(office):
    said = {"report": "year", "due": "01-15", "strict": True, "receiver": "Sở", "code": "X1"}
    office.plan(area="old:397", year=2023, **{"deadline/1": said})

    (one,) = found(office, "X1 2024", "2024-01-10")

    assert (one.first, one.cut_off, one.last_day) == ("2023-01-01", "2023-12-31", "2024-01-14")
    assert not found(office, "X1 2023", "2023-01-10")


def test_a_quarter_has_no_day_and_is_never_overdue(office):
    office.team_of("new:15664", valid_from="2026-04-15", valid_to="2026-09-30")

    quarters = found(office, "TT05 2026", "2026-12-01")

    assert [(one.unit, one.first, one.last_day, one.before, one.standing.value) for one in quarters] == [
        ("new:15664", "2026-04-01", "", "", "no_day"), ("new:15664", "2026-07-01", "", "", "no_day"),
    ]  # fmt: skip
    assert quarters[0].receiver == ""
    assert quarters[0].confidence == "V"
    assert "chưa rõ còn hiệu lực" in quarters[0].caution


def test_what_is_missing_is_said_only_when_it_is_near(known):
    (early,) = found(known, "HD3 2024", "2024-02-01")
    (near,) = found(known, "HD3 2024", "2024-06-10")

    assert early.missing == ()
    missing = {one.what: one for one in near.missing}
    assert missing["units"].count == 32
    assert missing["values"].count > 0


@pytest.fixture
def districts(office):
    """An office with the plan of the district that ended."""
    (office.district,) = office.enter("plan", as_issued(issued()[0]))
    return office


@pytest.mark.parametrize(("code", "report"), [("HD5", "year"), ("HD7", "end_of_period")])
def test_what_is_compiled_for_an_ended_district_is_opened_for_it_sent_and_done_with(districts, code, report):
    client = districts.client(area="new:38")
    (one,) = [one for one in found(districts, f"{code} 2025", "2026-11-21") if one.unit == "new:38"]
    page = client.get(f"/han-bao-cao/{one.plan}/{one.deadline}/{one.cut_off}").text
    step = re.search(rf"/bao-cao/lap\?don-vi=old:397[^\"]*loai={report}[^\"]*", page)[0].replace("&amp;", "&")
    asked = {"do": "return", "plan": districts.district, "unit": "old:397", "report": report, "year": 2025}

    assert f'value="{districts.district}" selected' in client.get(step).text
    assert apply_one(districts.db, asked, author="test", at=districts.at)["problems"] == {}
    (id,) = districts.db.conn.execute("SELECT id FROM returns").fetchone()
    assert mine(districts, code) == ("overdue", id)
    assert apply_one(districts.db, {"do": "freeze", "return": id}, author="test", at=districts.at)["problems"] == {}
    assert mine(districts, code) == ("late_sent", id)
    assert mine(districts, code, "old:397") == ("late_sent", id)
    waiting = [one for one in found(districts, f"{code} 2025", "2026-11-21") if one.unit != "new:38"]
    assert not any(one.return_id for one in waiting)


def mine(office, code, area="new:38"):
    (one,) = [one for one in found(office, f"{code} 2025", "2026-11-21", area) if one.unit == "new:38"]
    return one.standing.value, one.return_id


def test_what_is_not_to_be_done_says_so_without_a_day_and_is_not_overdue(districts):
    said = {"do": "year_task", "task": "HD1", "unit": "397", "epoch": "old", "year": 2022}
    said |= {"standing": "not_done", "reason": "Dùng kế hoạch của giai đoạn"}
    assert apply_one(districts.db, said, author="test", at=districts.at)["problems"] == {}

    (one,) = found(districts, "HD1 2022", "2022-06-01")
    sheet = districts.client(area="old:397").get("/han-bao-cao.csv?nam=2022").text

    assert (one.standing.value, one.sent_on, one.open) == ("not_done", "", False)
    (line,) = [line for line in sheet.splitlines() if ",HD1," in line]
    assert ",Không làm," in line
    assert "2022-01-01" not in line


def test_a_quarter_that_was_not_sent_stays_for_sixty_days_into_the_new_year(office):
    office.team_of("new:15664", valid_from="2026-10-15", valid_to="2026-12-31")
    tree = unit_tree(office.db.conn)

    def firsts(today):
        dues = year_of(office.db.conn, tree, "new:15664", 2027, date.fromisoformat(today))
        return [one.first for one in dues if one.code == "TT05"]

    assert [firsts(day) for day in ("2027-01-01", "2027-03-01", "2027-03-02")] == [["2026-10-01"], ["2026-10-01"], []]
    with writing(office.db) as conn:
        conn.execute("INSERT INTO returns VALUES ('q', '', '', 'quarter', 'new:15664', '2026-10-01', '2026-12-31', '',"
                     " 0, 'sent', 1, '', '', '', '')")  # fmt: skip
        conn.execute("INSERT INTO frozen_returns VALUES ('q', 'q', '', 0, 0, '2027-01-04', '', '', '')")
    assert firsts("2027-01-05") == []
