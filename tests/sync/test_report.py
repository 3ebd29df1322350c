"""What a laptop says of itself: read when it can be read, and never a reason to refuse a record."""

import json

import pytest

from sync.report import MAX_LENGTH, Report

SAID = Report(2, 3, "2026-11-01", "0.1.0", "2026-11-20T15:00:00Z")


def test_a_report_is_read_as_it_was_written():
    assert Report.parse(SAID.text()) == SAID


@pytest.mark.parametrize(
    "changes", [{"earliest": "soon"}, {"earliest": 3}, {"drafts": 1e30}, {"unsent": -1}, {"drafts": True}]
)
def test_a_report_that_makes_no_sense_is_no_report(changes):
    assert Report.parse(json.dumps({**json.loads(SAID.text()), **changes})) is None


@pytest.mark.parametrize("text", ["", "[]", "{", "null", "[" * 1000])
def test_no_report_is_no_report(text):
    assert Report.parse(text) is None


def test_a_draft_of_a_day_that_cannot_be_holds_nothing_back_for_a_thousand_years():
    said = Report.parse(json.dumps({**json.loads(SAID.text()), "earliest": "0001-01-01"}))

    assert said.earliest == "2004-11-07"


def test_half_a_letter_in_a_report_is_replaced():
    said = Report.parse(json.dumps({**json.loads(SAID.text()), "version": "\ud800"}))

    assert said.version == "?"


def test_a_report_of_an_older_laptop_is_read_and_one_of_a_newer_too():
    old = {"drafts": 1, "unsent": 2, "earliest": None, "version": "0.1.0", "clock": "2026-11-20T15:00:00Z"}

    assert Report.parse(json.dumps(old)) == Report(1, 2, None, "0.1.0", "2026-11-20T15:00:00Z")
    assert Report.parse(json.dumps({**old, "mood": "good"})) == Report.parse(json.dumps(old))


@pytest.mark.parametrize("schema", ["2", -1, 2**40, None, True, 1.5])
def test_a_version_of_schemas_that_is_none_spoils_nothing(schema):
    said = Report.parse(json.dumps({**json.loads(SAID.text()), "schema": schema, "run": "r"}))

    assert (said.schema, said.run, said.unsent) == (0, "r", 3)


def test_the_longest_report_fits_into_its_header():
    long = Report(2**31 - 1, 2**31 - 1, "2026-11-01", "9" * 40, "2062-11-20T15:00:00Z", "018f" * 9, 2**31 - 1)

    assert len(long.text()) < MAX_LENGTH
