"""How the pages read the store: none reads a table of thousands from end to end, whatever it shows."""

import re

import pytest

from field_client import web
from tests.field_client.pages.furnish import DONG_DO, OTHER_VISIT

PAGES = ("/", "/co-so", "/co-so?tim=dong+do", "/co-so?chua-kiem-tra=1", "/co-so?chua-kiem-tra=chua-lan-nao",
         "/co-so?ton-tai=1", "/co-so?het-han=1", "/co-so?phan-cong=1", "/co-so?xa=15664&loai=karaoke", "/co-so/in",
         "/co-so.csv", "/co-so/moi", f"/co-so/{DONG_DO}", f"/co-so/{DONG_DO}/sua", f"/cuoc-kiem-tra/{OTHER_VISIT}",
         "/gui-nhan", "/can-xem-lai", "/cap-nhat", "/kiem-chung")  # fmt: skip
MANY = "things|revisions|visits|establishments|operators|said_of_visits|outside_checks|decided"
THE_LIST = "SCAN establishments USING COVERING INDEX establishments_listed"  # decision 0117
WHOLE = re.compile(rf"SCAN ({MANY})\b(?!.* USING (COVERING )?INDEX (establishments_merged|visits_of_our_own))")


@pytest.fixture
def plans(reader):
    """Opens a page on the one connection that waits, and says how each of its queries was answered."""
    connections = reader.app.extensions["doi178-idle"]

    def of(path):
        db, asked = connections.take(), []
        db.conn.set_trace_callback(asked.append)
        connections.give_back(db)
        assert reader.get(path).status_code == 200
        db.conn.set_trace_callback(None)
        reads = {query for query in asked if query.lstrip().upper().startswith(("SELECT", "WITH"))}
        return {step[3]: query for query in reads for step in db.conn.execute(f"EXPLAIN QUERY PLAN {query}")}

    return of


@pytest.mark.parametrize("path", PAGES)
def test_a_page_reads_no_table_of_thousands_from_end_to_end(plans, path):
    found = plans(path)

    assert found, "the page asks something"
    assert {step: query for step, query in found.items() if WHOLE.search(step) and step != THE_LIST} == {}


def test_the_list_reads_its_own_index_and_no_row_but_those_it_shows(plans):
    assert THE_LIST in plans("/co-so?tim=dong")


@pytest.mark.parametrize("asked", ["1", "chua-lan-nao"])
def test_what_was_not_inspected_is_known_from_the_visits_that_count(plans, asked):
    found = plans(f"/co-so?chua-kiem-tra={asked}")

    assert any("USING COVERING INDEX visits_that_count" in step for step in found)


def test_a_draft_is_shown_without_reading_a_whole_table(plans, reader):
    draft = reader.begin(DONG_DO)

    assert [step for step in plans(f"/cuoc-kiem-tra/{draft}") if WHOLE.search(step)] == []


def test_a_request_goes_on_with_the_connection_of_the_one_before(reader):
    reader.get("/co-so")
    waits = list(reader.app.extensions["doi178-idle"]._waiting)
    with reader.app.test_request_context("/"):
        assert web.db() in waits
