"""The plans as data: what they ask for is what docs/indicators.md says, and each row has the plan's own sentence."""

import re
from datetime import date
from pathlib import Path

from schemas.issued_plans import Measure, Source, differing, issued

PAGE = (Path(__file__).parents[2] / "docs" / "indicators.md").read_text(encoding="utf-8")
DISTRICT, PROVINCE = issued()


def rows(code):
    """Return the cells of the page's rows whose code looks like *code*."""
    lines = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if re.match(rf"\| {code} ", line)]
    return [[cell.strip() for cell in cells] for cells in lines]


def target(one):
    if one.at_most is not None:
        return f"{one.at_least}–{one.at_most} %"
    return f"≥ {one.at_least} %" if one.at_least is not None else "–"


def first_last_day(one, plan):
    years = range(plan.since.year, plan.until.year + 1)
    return next((day.isoformat() for year in years if (day := one.last_day(year))), "–")


def test_there_are_29_indicators_and_the_page_has_each_as_the_data_has_it():
    told = [
        [one.code, target(one), one.period, one.counts or "–", one.source.value, "; ".join(one.reports)]
        for plan in (DISTRICT, PROVINCE) for one in plan.indicators
    ]  # fmt: skip

    assert len(told) == 29
    assert told == rows(r"[HT]\d\.\d[a-c]?")


def test_the_page_has_each_deadline_with_its_strict_last_day():
    told = [
        [one.code, one.kind, one.every, first_last_day(one, plan), "; ".join(one.sent_by), "; ".join(one.to) or "–"]
        for plan in (DISTRICT, PROVINCE) for one in plan.deadlines
    ]  # fmt: skip

    assert told == rows(r"[HT]D\d")


def test_every_row_has_a_sentence_of_the_plan_and_a_figure_has_its_two_parts():
    for plan in (DISTRICT, PROVINCE):
        assert all(one.sentence for one in (*plan.indicators, *plan.deadlines, *plan.tasks))
        for one in plan.indicators:
            assert (one.measure is Measure.TEXT) == (not one.numerator) == (not one.denominator), one.code
            assert one.source is Source.ENTERED or one.known, one.code


def test_before_a_day_is_strict_and_comes_every_year_or_once():
    half, period = (next(one for one in DISTRICT.deadlines if one.code == code) for code in ("HD2", "HD7"))

    assert [half.last_day(year) for year in (2021, 2025)] == [date(2021, 6, 19), date(2025, 6, 19)]
    assert [period.last_day(year) for year in (2024, 2025)] == [None, date(2025, 11, 4)]


def test_what_the_two_plans_ask_for_differently_is_named():
    codes = {ours.code for ours, _ in differing(DISTRICT, PROVINCE)}

    assert {"H3.2", "H3.3", "H1.3a", "H2.1", "H4.1", "H5.1a"} <= codes
    assert "H3.4" not in codes, "the province has none"


def test_tasks_name_who_leads_and_when():
    assert [len(plan.tasks) for plan in (DISTRICT, PROVINCE)] == [33, 16]
    assert all(task.lead and task.time for plan in (DISTRICT, PROVINCE) for task in plan.tasks)
