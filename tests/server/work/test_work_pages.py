"""The pages of the year's work, as people go through them: a province's coordinator, a commune's, a clerk."""

import re
from datetime import timedelta
from io import BytesIO

import pytest

from server.arrivals.verify import verify
from server.arrivals.world import unit_tree
from server.clock import local_day, now
from server.files.keeping import drop_orphans
from server.office import things
from server.store import reading
from server.work.answer import work
from tests.server.pages.conftest import COMMUNE, PROVINCE

HERE = "/viec-trong-nam"
TODAY = f"{local_day(now()):%d/%m/%Y}"
ISO = local_day(now()).isoformat()


def send(client, path, **form):
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/").text)[1]
    return client.post(path, data={"csrf_token": token, **form})


def the_one(office, kind):
    (found,) = things(office.db.conn, kind).items()
    return found


@pytest.fixture
def province(office):
    office.at = now()
    return office.client(area=PROVINCE)


def test_a_task_is_written_down_with_its_paper_and_what_is_left_stands_first(office, province):
    form = {"tinh-trang": "done", "ngay": TODAY, "so-van-ban": "12/KH-UBND", "ngay-van-ban": TODAY, "co-quan": "UBND"}
    path, paper = f"{HERE}/nhiem-vu/HD1", b"%PDF-1.4\n%%EOF\n"
    bad = send(province, path, **form, tep=(BytesIO(b"MZ"), "ke-hoach.exe"))
    wrong = send(province, path, **form | {"ngay": "", "so-van-ban": "Số đã gõ"}, tep=(BytesIO(paper), "ke-hoach.pdf"))
    done = send(province, path, **form, kept=re.search(r'name="kept" value="([^"]+)"', wrong.text)[1])
    page, file = province.get(HERE).text, province.get(f"{HERE}.csv?tinh-trang=done").text

    assert (bad.status_code, wrong.status_code, done.status_code) == (422, 422, 303)
    assert province.get(f"{path}/tep").data == paper
    assert verify(office.db).problems == ()
    assert drop_orphans(office.db, office.settings.files, now() + timedelta(days=2)) == 0
    assert "Nhập ngày làm xong." in wrong.text
    assert "Số đã gõ" in wrong.text
    rows = page[page.index("<table"):]
    assert rows.index("Kiện toàn Đoàn") < rows.index("Xây dựng kế hoạch phòng")
    assert TODAY in file
    assert "Kiện toàn" not in file
    assert province.get(f"{HERE}/nhiem-vu/HD1").text.count("12/KH-UBND") >= 2  # in the form, and in its history


def test_a_form_that_did_not_see_the_last_word_is_sent_back(office, province):
    page = province.get(f"{HERE}/nhiem-vu/HD1").text
    seen = re.search(r'name="seen" value="([^"]*)"', page)[1]
    send(province, f"{HERE}/nhiem-vu/HD1", **{"tinh-trang": "doing", "ghi-chu": "Đang trình"})

    late = send(province, f"{HERE}/nhiem-vu/HD1", **{"tinh-trang": "not_done", "ly-do": "x", "seen": seen})

    assert late.status_code == 422
    assert the_one(office, "year_task")[1]["standing"] == "doing"


def test_an_inspection_goes_from_the_form_to_its_minutes_and_the_commune_mends_it(office, province):
    office.team_of()
    office.confirm(COMMUNE, ISO)
    form = {"xa": COMMUNE, "ngay": TODAY, "co-quan": "Sở Y tế", "so-nguoi": "4", "co-quan-tham-gia": "Sở Y tế\nCông an",
            "tra-loi-KTX-02": "fail", "ghi-chu-KTX-02": "Chốt muộn", "han": TODAY}  # fmt: skip
    path = f"{HERE}/kiem-tra-cong-tac"

    known = province.get(f"{path}/them?xa={COMMUNE}").text
    wrong = send(province, f"{path}/them", **form | {"so-nguoi": "bốn"})
    made = send(province, f"{path}/them", **form)
    id, state = the_one(office, "unit_inspection")
    page, minutes = province.get(f"{path}/{id}").text, province.get(f"{path}/{id}/bien-ban.pdf")

    assert f"Đã chốt danh sách ngày {TODAY}" in known
    assert (wrong.status_code, made.status_code) == (422, 303)
    assert "Chốt muộn" in wrong.text
    assert state["agencies"] == ["Sở Y tế", "Công an"]
    assert "Chốt muộn" in page
    assert minutes.data[:5] == b"%PDF-"

    commune = office.client(area=COMMUNE)
    assert send(commune, f"{path}/{id}/sua", **form).status_code == 403
    assert send(commune, f"{path}/{id}/huy", **{"ly-do-huy": "x"}).status_code == 403
    assert send(commune, f"{path}/{id}/khac-phuc", **{"ngay-khac-phuc": "hôm kia"}).status_code == 422
    assert send(commune, f"{path}/{id}/khac-phuc", **{"ngay-khac-phuc": TODAY}).status_code == 303
    assert send(commune, f"{path}/them", **form).status_code == 422  # a unit does not inspect itself
    assert the_one(office, "unit_inspection")[1]["mended_on"] == ISO
    assert "1/166" in province.get(path).text
    assert "Chốt muộn" not in province.get(f"{path}.csv").text  # notes are on the page; the file has answers
    assert "Không đạt" in province.get(f"{path}.csv").text


def test_a_list_is_confirmed_at_once_and_a_proposal_is_decided_above(office, province):
    place = office.place(name="Karaoke Đông Đô", code="TS-0001")
    commune, path = office.client(area=COMMUNE), f"{HERE}/ra-soat"
    form = {"xa": COMMUNE, "kien-nghi": "remove", "noi-dung": "Đã đổi nghề", "co-so": "TS-0001"}

    assert send(commune, path, **form | {"co-so": "TS-9"}).status_code == 422
    assert send(commune, path, **form).status_code == 303
    assert send(commune, f"{path}/chot", xa=COMMUNE).status_code == 303
    assert send(commune, f"{path}/chot", xa="new:15682").status_code == 403
    id, state = the_one(office, "list_proposal")
    assert (state["establishment"], state["year"]) == (place, local_day(now()).year)
    assert send(commune, f"{HERE}/kien-nghi/{id}", **{"ket-qua": "agreed"}).status_code == 403
    assert send(province, f"{HERE}/kien-nghi/{id}", **{"ket-qua": "refused"}).status_code == 422
    assert send(province, f"{HERE}/kien-nghi/{id}", **{"ket-qua": "agreed"}).status_code == 303

    with reading(office.db) as conn:
        found = work(conn, unit_tree(conn), None, COMMUNE, local_day(now()).year, local_day(now()))
    assert (found.reviewed, found.reviews[0].by, found.proposals[0].standing.value) == (1, state_by(office), "agreed")
    page = province.get(f"{path}?tinh-trang=da-chot").text
    assert "Xã Triệu Sơn" in page
    assert "Đã đổi nghề" in province.get(f"{HERE}/kien-nghi.csv").text


def state_by(office):
    return office.db.execute("SELECT confirmed_by FROM list_confirmations").fetchone()[0]


def test_the_first_page_tells_what_is_overdue_and_a_clerk_only_reads(office, province):
    today = local_day(now())
    office.enter("plan", {"name": "Kế hoạch", "epoch": "new", "area": "38", "from": f"{today.year}-01-01",
                          "to": f"{today.year}-12-31", "targets": [{"year": today.year, "percent": 25}],
                          "task/A": {"name": "Việc đầu năm", "due": "01-01"}})  # fmt: skip
    overdue = (today.month, today.day) > (1, 1)

    assert ("Việc quá hạn trong năm" in province.get("/").text) == overdue
    clerk = office.client("clerk", PROVINCE)
    assert "Ghi kết quả" not in clerk.get(f"{HERE}/nhiem-vu/HD1").text
    assert send(clerk, f"{HERE}/nhiem-vu/HD1", **{"tinh-trang": "doing"}).status_code == 403
    assert province.get(f"{HERE}?nam=19").status_code == 422
    assert province.get(f"{HERE}/nhiem-vu/KHONG-CO").status_code == 404
