"""The log as its readers see it: within the area, filtered, as files; and what leaves a line in it."""

import ast
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from server.audit import Entry, note
from server.audit.events import EVENTS
from server.history.lookups import WHATS
from server.office import edit, make
from server.store import writing
from tests.server.pages.conftest import COMMUNE, DISTRICT, PROVINCE

ELSEWHERE = "new:15682"
ROOT = Path(__file__).parents[3]


@pytest.fixture
def log(office):
    """Write lines of the log: (what, unit, purpose, day)."""

    def write(*lines):
        with writing(office.db) as conn:
            for what, unit, purpose, day in lines:
                at = datetime.fromisoformat(f"{day}T10:00:00+07:00").astimezone(UTC)
                note(conn, Entry(what, "may-chu", "police", "establishment:e", unit, purpose), at)

    return write


THREE = (
    ("history.open", COMMUNE, "Công văn 1", "2026-11-01"),
    ("history.open", ELSEWHERE, "Công văn 2", "2026-11-02"),
    ("sign_in", COMMUNE, "", "2026-11-03"),
)


def test_an_auditor_reads_the_own_area_and_no_purpose_of_another(office, log):
    log(*THREE)

    page = office.client("auditor", COMMUNE).get("/nhat-ky").text

    assert "Công văn 1" in page
    assert "Công văn 2" not in page


def test_the_unit_that_owns_the_data_reads_look_ups_and_nothing_else(office, log):
    log(*THREE)

    rows = office.client("coordinator", COMMUNE).get("/api/v1/log").get_json()["rows"]

    assert [row["what"] for row in rows] == ["history.open"]


def test_what_is_of_no_unit_is_for_the_widest_area_only(office, log):
    log(("sign_in_failed", "", "", "2026-11-03"))

    def whats(area):
        return [row["what"] for row in office.client("auditor", area).get("/api/v1/log").get_json()["rows"]]

    assert "sign_in_failed" in whats(PROVINCE)
    assert "sign_in_failed" not in whats(DISTRICT)


@pytest.mark.parametrize(("query", "purposes"), [
    ("", ["", "Công văn 2", "Công văn 1"]),
    ("what=look_up", ["Công văn 2", "Công văn 1"]),
    ("what=sign_in", [""]),
    ("since=2026-11-02", ["", "Công văn 2"]),
    ("until=2026-11-02", ["Công văn 2", "Công văn 1"]),
    ("since=2026-11-02&until=2026-11-02", ["Công văn 2"]),
    (f"unit={ELSEWHERE}", ["Công văn 2"]),
    ("limit=1&offset=2", ["Công văn 2"]),
    ("who=khong-co", []),
])  # fmt: skip
def test_filters(office, log, query, purposes):
    log(*THREE)
    client = office.client("auditor", PROVINCE)

    rows = client.get(f"/api/v1/log?{query}").get_json()["rows"]

    assert [row["purpose"] for row in rows if row["who"] == "may-chu"] == purposes


def test_who_is_found_by_a_part_of_the_name_without_marks(office, log):
    id = office.users[office.user("police", COMMUNE)]
    with writing(office.db) as conn:
        note(conn, Entry("history.open", id, "police", "", COMMUNE, "Việc này"), office.at)

    rows = office.client("auditor", PROVINCE).get("/api/v1/log?who=POLICE").get_json()["rows"]

    assert [row["purpose"] for row in rows] == ["Việc này"]


def test_a_day_is_typed_as_people_type_it(office, log):
    log(*THREE)
    client = office.client("auditor", PROVINCE)

    page = client.get("/nhat-ky?tu=2/11/2026&den=2/11/2026").text
    wrong = client.get("/nhat-ky?tu=31/2/2026")

    assert ("Công văn 2" in page, "Công văn 1" in page) == (True, False)
    assert wrong.status_code == 422
    assert 'value="31/2/2026"' in wrong.text


def test_a_file_has_the_filtered_lines_and_is_itself_noted(office, log):
    log(*THREE)
    client = office.client("auditor", PROVINCE)

    sheet = client.get("/nhat-ky.csv?viec=look_up").text
    book = load_workbook(BytesIO(client.get("/nhat-ky.xlsx").get_data()))
    last = client.get("/api/v1/log?what=list_exported").get_json()["rows"]

    assert sheet.count("Công văn") == 2
    assert "Công văn 1" in [cell.value for cell in book["Số liệu"]["H"]]
    assert [row["detail"]["path"] for row in last] == ["/nhat-ky.xlsx", "/nhat-ky.csv?viec=look_up"]


def test_every_list_that_goes_out_as_a_file_is_noted_and_a_page_is_not(office):
    client = office.client("coordinator", COMMUNE)
    client.get("/may-tinh")
    client.get("/may-tinh.xlsx")

    rows = office.db.conn.execute("SELECT what, subject, unit FROM audit WHERE role = 'coordinator'").fetchall()

    assert rows == [("list_exported", "list:/may-tinh.xlsx", COMMUNE)]


def test_a_change_of_rights_is_noted_with_what_changed(office):
    id = office.users[office.user("police", COMMUNE)]
    make(office.db, [edit("user", id, {"role": "admin"}, {"role": "police"})], author="test", at=office.at)

    row = office.db.conn.execute("SELECT what, subject, unit, detail FROM audit ORDER BY seq DESC").fetchone()

    assert row == ("rights_changed", f"user:{id}", COMMUNE, '{"role": "admin"}')


def test_everything_that_is_noted_has_its_words():
    """Each `Entry("…")` in the code names an event that the page knows."""
    said = set()
    for path in (ROOT / "server").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if "audit" in text else ():
            name = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
            if name in {"Entry", "_entry"} and node.args and isinstance(node.args[0], ast.Constant):
                said.add(node.args[0].value)

    assert said
    assert said | set(WHATS) <= EVENTS.keys()
