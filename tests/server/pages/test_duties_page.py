"""The duties of teams as the office sees them: by team and last day, overdue or done, and done on paper."""

import re
from datetime import timedelta
from html import unescape

import pytest

from schemas.duties import due
from schemas.ids import new_id
from schemas.items import read
from server.arrivals.ingest import ingest
from server.arrivals.prepare import Sender
from server.changes import apply_one
from server.clock import local_day, now
from server.review import duties
from tests.markup import faults

COMMUNE = "new:15664"
PATH = "/viec-phai-lam"
LATELY = local_day(now()) - timedelta(days=20)
RECORD = "Lập biên bản vi phạm hành chính"


@pytest.fixture
def visit(office):
    """A visit of three weeks ago with a violation, by Đội 178; its id."""
    office.at = now()
    team = {"name": "Đội 178", "level": "commune", "epoch": "new", "area": "15664"}
    office.enter("team", team, ids=[office.team])
    acts = [{"id": new_id(), "text": "Chưa niêm yết giá dịch vụ"}]
    line = office.line(office.place(), LATELY.isoformat(), outcome="violations", violations=acts)
    assert [one.standing for one in ingest(office.db, [line], Sender(office.device, None), office.at).answers] == [
        "accepted"
    ]
    return read(line).id


@pytest.fixture
def client(office):
    return office.client(area=COMMUNE)


def last_day():
    [one] = [one for one in due({"violations"}, LATELY) if one.row.id == "violation-record"]
    return f"{one.day:%d/%m/%Y}"


def post(client, **form):
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/").text)[1]
    return client.post(PATH, data={"csrf_token": token, "duty": "violation-record", **form})


def text(page):
    """Return the words of the list, its filters apart."""
    words = " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())
    return words.partition("trong 180 ngày")[2]


def table(client, query=""):
    return client.get(f"{PATH}.csv{query}").get_data().decode("utf-8-sig")


def test_what_is_overdue_stands_under_its_team(client, visit):
    page = client.get(PATH)

    assert f"Đội 178 3 {RECORD}" in text(page)
    assert f"Quá hạn {last_day()}" in text(page)
    assert faults(page.text) == []


def test_a_duty_is_done_on_paper_and_taken_back(client, visit):
    lacking = post(client, inspection=visit, do="done")
    assert lacking.status_code == 422
    assert "Ghi giấy tờ nào cho thấy việc đã làm" in text(lacking)
    assert faults(lacking.text) == []
    wrong = post(client, inspection=visit, do="done", note="MBB01 số 5", on="31/2/2026")
    assert wrong.status_code == 422
    assert 'value="MBB01 số 5"' in wrong.text

    on = LATELY + timedelta(days=1)
    done = post(client, inspection=visit, do="done", note="MBB01 số 5", on=f"{on:%d/%m/%Y}")
    assert done.status_code == 303
    assert f"Đã làm {on:%d/%m/%Y} MBB01 số 5" in text(client.get(f"{PATH}?thoi-han=da-lam"))
    assert RECORD not in text(client.get(f"{PATH}?thoi-han=qua-han"))

    post(client, inspection=visit, do="undo")
    assert RECORD in text(client.get(f"{PATH}?thoi-han=qua-han"))


@pytest.mark.parametrize(
    ("query", "found"),
    [("", True), (f"?don-vi={COMMUNE}", True), ("?viec=violation-record", True), ("?viec=child-call", False),
     ("?doi=018f0000-0000-7000-8000-0000000000ff", False), ("?thoi-han=da-lam", False)],
)  # fmt: skip
def test_the_list_and_its_file_are_filtered_by_the_address(client, visit, query, found):
    assert (RECORD in text(client.get(PATH + query))) is found
    assert (RECORD in table(client, query)) is found


def test_a_page_of_the_list_is_the_list_cut_there_also_among_duties_of_one_day(office, visit):
    for name in ("Karaoke Chi", "Karaoke An", "Karaoke Bình"):
        line = office.line(office.place(name=name), LATELY.isoformat())
        ingest(office.db, [line], Sender(office.device, None), office.at)
    conn = office.db.conn
    lines = duties.of_area(conn, [COMMUNE], office.at)

    whole = duties.part(conn, lines)

    assert [one.place for one in whole if one.duty == "report-results"] == [
        "Karaoke An", "Karaoke Bình", "Karaoke Chi", "Karaoke Đông Đô"]  # fmt: skip
    assert [one for at in range(len(lines) + 2) for one in duties.part(conn, lines, at, 1)] == whole
    assert [one for at in range(0, len(lines) + 3, 3) for one in duties.part(conn, lines, at, 3)] == whole


def test_a_visit_that_was_taken_out_makes_no_duties(office, client, visit):
    asked = {"do": "review", "inspection": visit, "review": "rejected", "comment": "Không có quyết định"}
    apply_one(office.db, asked, author="test", at=office.at)

    assert RECORD not in table(client)


def test_a_team_sees_its_duties_and_changes_nothing_here(office, visit):
    team = office.client("team", COMMUNE)

    assert RECORD in text(team.get(PATH))
    assert "Ghi đã làm" not in team.get(PATH).text
    assert post(team, inspection=visit, do="done", note="x").status_code == 403


def test_a_file_of_another_kind_is_not_there(client, visit):
    assert client.get(f"{PATH}.pdf").status_code == 404
    assert client.get(f"{PATH}.xlsx").data[:2] == b"PK"
    assert LATELY.isoformat() in table(client)
