"""The pages of what the server does by itself: jobs, what is kept how long, what is due."""

import re

import pytest

from server.clock import now
from server.jobs import runs
from server.jobs.listed import JOBS
from server.jobs.reminders import remind
from server.jobs.work import Work
from server.store import writing
from tests.server.pages.conftest import COMMUNE, PROVINCE


@pytest.fixture
def admin(office):
    return office.client("admin", PROVINCE)


def token(client):
    return re.search(r'name="csrf_token" value="([^"]+)"', client.get("/viec-dinh-ky/luu-giu").text)[1]


def fail(office, job="retention", said="Ổ đĩa đầy."):
    with writing(office.db) as conn:
        conn.execute(
            "INSERT INTO job_runs VALUES ('1', ?, '2026-11-20T05:00:00Z', '2026-11-20T05:02:00Z', 'failed', ?, '')",
            (job, said),
        )


def test_the_page_names_every_job_with_its_next_run(admin):
    page = admin.get("/viec-dinh-ky").text

    assert all(str(job.words) in page for job in JOBS.values())
    assert page.count("chưa lần nào") == len(JOBS)


def test_a_failed_job_shows_on_its_page_and_on_the_first_page_of_who_looks_after_the_server(office, admin):
    fail(office)

    assert "Ổ đĩa đầy." in admin.get("/viec-dinh-ky").text
    assert "Ổ đĩa đầy." in admin.get("/").text
    assert "Ổ đĩa đầy." not in office.client("coordinator", PROVINCE).get("/").text


def test_a_job_that_is_asked_for_waits_until_the_process_of_the_jobs_looks(office, admin):
    answer = admin.post("/viec-dinh-ky/remind/chay", data={"csrf_token": token(admin)}, follow_redirects=True)
    assert "trong vài giây" in answer.text

    runs.do_what_is_due(office.settings)

    last = admin.get("/api/v1/jobs/runs?job=remind").get_json()["rows"][0]
    assert (last["outcome"], bool(last["asked_by"])) == ("done", True)


def test_the_runs_are_handed_out_as_files(office, admin):
    fail(office)

    assert "Ổ đĩa đầy." in admin.get("/viec-dinh-ky.csv").text
    assert admin.get("/viec-dinh-ky.xlsx").status_code == 200


def test_a_hold_is_set_and_ended_on_the_page(admin):
    form = {"csrf_token": token(admin), "data": "job_runs", "person": "Lê Thị Hạnh", "ground": "Công văn số 12"}
    assert "Đã ghi yêu cầu giữ lại" in admin.post("/viec-dinh-ky/luu-giu", data=form, follow_redirects=True).text

    held = {one["data"]: one["held"] for one in admin.get("/api/v1/retention").get_json()["rules"]}
    id = admin.get("/api/v1/retention").get_json()["holds"][0]["id"]
    admin.post(f"/viec-dinh-ky/luu-giu/{id}/thoi", data={"csrf_token": token(admin)})

    assert (held["job_runs"], held["tries"]) == (True, False)
    assert admin.get("/api/v1/retention").get_json()["holds"][0]["ended_at"]


@pytest.mark.parametrize(("given", "says"), [
    ({"data": "x", "person": "A", "ground": "B"}, "Chọn loại dữ liệu trong danh sách."),
    ({"data": "log", "person": "", "ground": "B"}, "Ghi họ tên, chức vụ người yêu cầu giữ lại."),
    ({"data": "log", "person": "Người yêu cầu", "ground": ""}, "Ghi căn cứ"),
])  # fmt: skip
def test_a_hold_without_a_name_or_a_ground_is_not_set(office, admin, given, says):
    answer = admin.post("/viec-dinh-ky/luu-giu", data={"csrf_token": token(admin), **given})

    assert answer.status_code == 422
    assert says in answer.text
    assert f'value="{given["person"]}"' in answer.text
    assert office.db["holds"].count == 0


def test_what_is_due_stands_on_its_page_in_files_and_on_the_first_page(office):
    today = now().date().isoformat()
    epoch, _, area = COMMUNE.partition(":")
    office.enter("team", {"name": "Đội xã", "level": "commune", "epoch": epoch, "area": area, "valid_to": today})
    remind(Work(office.db, office.settings, now()))
    client = office.client("coordinator", COMMUNE)

    assert "Đội xã" in client.get("/nhac-viec").text
    assert "Đội xã" in client.get("/nhac-viec.csv").text
    assert "1 việc đến hạn hoặc sắp đến hạn" in client.get("/").text
    assert client.get("/api/v1/reminders").get_json()["total"] == 1
