"""Plans as data: both issued plans whole in the register, copied for the years since, changed one part at a time."""

import re
from pathlib import Path

import pytest

from schemas.issued_plans import issued
from schemas.units import NEW_MAP_FROM
from server.arrivals.world import unit_tree
from server.changes import apply_one
from server.clock import local_day, now
from server.coverage.targets import Plans
from server.edits import edits
from server.office import things
from server.plans import renewing
from server.plans.issuing import as_issued, made_from
from server.plans.listing import plan
from tests.server.pages.conftest import PROVINCE

DISTRICT_PLAN, PROVINCE_PLAN = issued()
PAGE = (Path(__file__).parents[3] / "docs" / "indicators.md").read_text(encoding="utf-8")


def token(text):
    return re.search(r'name="csrf_token" value="([^"]+)"', text)[1]


def send(client, form, path="", **data):
    return client.post(path or form, data={"csrf_token": token(client.get(form).text), **data})


def apply(office, **asked):
    return apply_one(office.db, asked, author="test", at=office.at)["problems"]


def issue(office, one):
    assert apply(office, do="issued_plan", issued=one.id) == {}
    return plan(office.db.conn, made_from(office.db.conn, one.id), local_day(now()))


@pytest.fixture
def client(office):
    return office.client(area=PROVINCE)


@pytest.mark.parametrize("one", [DISTRICT_PLAN, PROVINCE_PLAN], ids=lambda one: one.id)
def test_a_plan_of_the_register_says_all_that_was_issued_and_says_it_once(office, client, one):
    for _ in range(2):
        answer = send(client, "/ke-hoach/da-ban-hanh", **{"ke-hoach": one.id})
    made = plan(office.db.conn, answer.location.rpartition("/")[2], local_day(now()))
    page = client.get(answer.location).text

    assert len(things(office.db.conn, "plan")) == 1
    assert apply(office, do="issued_plan", issued=one.id) == {}
    assert len(things(office.db.conn, "plan")) == 1
    assert (made.unit, made.since, made.until) == (f"{one.epoch}:{one.area}", f"{one.since}", f"{one.until}")
    for part, whole in zip(made.indicators, one.indicators, strict=True):
        assert vars(part) | {"counts_was": "", "counts_note": ""} == {
            **vars(whole), "measure": whole.measure.value, "source": whole.source.value, "counts_was": "",
            "counts_note": "",
        }  # fmt: skip
        assert f"| {part.code} |" in PAGE
    deadlines = {part.code: part for part in made.deadlines}
    for whole in one.deadlines:
        part = deadlines.pop(whole.code)
        assert (part.words, part.compiles, part.receiver) == (whole.sentence, whole.compiles, "; ".join(whole.to))
        assert [part.last_day(year) for year in range(2021, 2027) if one.since.year <= year <= one.until.year] == [
            whole.last_day(year) for year in range(2021, 2027) if one.since.year <= year <= one.until.year
        ]
    assert not deadlines
    assert [(part.code, part.lead, part.help, part.time) for part in made.tasks] == [
        (part.code, part.lead, part.help, part.time) for part in one.tasks
    ]
    for said in (*one.indicators, *one.deadlines, *one.tasks):
        assert str(said.sentence).replace("&", "&amp;") in page, said.code


def test_the_targets_of_the_issued_plans_are_those_of_the_years(office):
    issue(office, DISTRICT_PLAN)
    issue(office, PROVINCE_PLAN)
    held = Plans(office.db.conn, unit_tree(office.db.conn))

    assert {year: held.of_year("old:397", year).targets[year] for year in range(2021, 2026)} == dict.fromkeys(
        range(2021, 2026), 20
    )
    assert held.of_year("old:38", 2023).targets == {2023: 25}
    assert held.of_year("old:38", 2024) is None, "nothing is carried over"
    whole = held.of_period("old:397", DISTRICT_PLAN.since, DISTRICT_PLAN.until)
    assert (whole.period_percent, whole.period_cohort) == (100, "last_day")


def test_the_page_says_what_the_plan_does_not_and_before_which_day(office, client):
    page = client.get(f"/ke-hoach/{issue(office, DISTRICT_PLAN).id}").text

    assert "trước ngày 20/6" in page
    assert f"trước ngày 5/11/{DISTRICT_PLAN.until.year}" in page
    assert "04/11/2025" in page
    assert "chưa xác nhận" in page
    assert "lấy cơ sở đang hoạt động vào ngày cuối" in page
    assert "phấn đấu 100 %" in page
    assert "tăng 5–8 %" in page


def test_a_copy_for_the_new_map_replaces_districts_with_the_reason_on_record(office, client):
    old = issue(office, PROVINCE_PLAN)
    form = client.get(f"/ke-hoach/{old.id}/chep?nam=2026").text
    assert "Đơn vị tính “huyện, thị xã, thành phố” (3 chỉ tiêu)" in form
    fields = dict(re.findall(r'<(?:input|select)[^>]* name="([^"]+)"[^>]* value="([^"]*)"', form))
    assert fields["ten"].endswith("năm 2026")
    was, now_called = (re.findall(rf'name="{name}" value="([^"]*)"', form) for name in ("doi-ten-cu", "doi-ten"))
    sent = {
        "ten": fields["ten"], "don-vi": PROVINCE, "tu-ngay": "01/01/2026", "den-ngay": "31/12/2026",
        "loai-hinh": ["karaoke"], "nam": ["2026"], "phan-tram": ["25"], "han-dat": [""], "co-so": "any_day",
        "co-so-ca-ky": "any_day", "don-vi-tinh-district": "commune",
        "doi-ten-cu": was, "doi-ten": now_called,
    }  # fmt: skip
    cells = {"cho": "place", "ma": "code", "loai": "report", "gui": "sender", "nhan": "receiver", "loi": "words"}
    sent |= {f"hb-{cell}": [getattr(one, key) for one in old.deadlines] for cell, key in cells.items()}
    sent["hb-han"] = ["/".join(one.due.split("-")[::-1]) for one in old.deadlines]
    path = f"/ke-hoach/{old.id}/chep"

    refused = send(client, path, **sent, **{"ly-do-thay": ""})
    answer = send(client, path, **sent, **{"ly-do-thay": "Từ 01/7/2025 không còn cấp huyện"})

    assert refused.status_code == 422
    assert "Ghi lý do thay" in refused.text
    assert answer.status_code == 303, re.findall(r'class="error"[^>]*>([^<]+)', answer.text)
    made = plan(office.db.conn, answer.location.rpartition("/")[2], local_day(now()))
    assert (made.unit, made.renews, made.issued) == (PROVINCE, old.id, "")
    assert [one.code for one in made.indicators] == [one.code for one in old.indicators]
    assert len(made.tasks) == len(old.tasks)
    assert [(one.code, one.receiver) for one in made.deadlines if one.code == "TD4"] == [
        ("TD4", "Chủ tịch UBND tỉnh; Bộ Y tế")
    ], "also where the form said the old name"
    replaced = [one for one in made.indicators if one.counts_was]
    assert [(one.code, one.counts_was, one.counts, one.counts_note) for one in replaced] == [
        (code, "district", "commune", "Từ 01/7/2025 không còn cấp huyện") for code in ("T2.1", "T2.2", "T4.1")
    ]
    assert replaced[0].numerator == "Số xã, phường có kế hoạch và tổ chức thực hiện"
    assert all("huyện" not in one for part in made.indicators for one in part.reports)
    page = client.get(answer.location).text
    assert "đã thay đơn vị tính" in page
    assert "nguyên văn của kế hoạch trước" in page


def test_deadlines_and_years_move_with_a_copy_and_laws_keep_theirs(office):
    state = as_issued(PROVINCE_PLAN) | {"task/X": {"name": "Nghị định 178/2004/NĐ-CP năm 2023", "time": "Quý I/2023"}}

    moved = renewing.moved(state, 3)

    assert moved["deadline/TD3"]["year"] == 2026
    assert moved["indicator/T3.2"]["name"].endswith("năm 2025")
    assert moved["task/X"] == {"name": "Nghị định 178/2004/NĐ-CP năm 2026", "time": "Quý I/2026"}
    assert moved["deadline/TD3"]["words"] == state["deadline/TD3"]["words"], "a sentence stays as it was issued"
    assert "issued" not in moved


def test_a_copy_by_a_line_keeps_codes_and_names_of_deadlines(office):
    old = issue(office, DISTRICT_PLAN)

    assert apply(office, do="renew_plan", plan=old.id, **{"from": "2026-01-01", "to": "2027-12-31"}) == {}
    made = next(one for id in things(office.db.conn, "plan") if (one := plan(office.db.conn, id, NEW_MAP_FROM)).renews)

    assert made.targets == ((2026, 20, ""), (2027, 20, "")), "those beyond the new plan stay behind"
    assert [one.place for one in made.deadlines] == [one.place for one in old.deadlines]
    assert "giai đoạn 2026-2030" in made.name


def test_one_indicator_is_changed_on_its_page_with_its_history(office, client):
    old = issue(office, PROVINCE_PLAN)
    path = f"/ke-hoach/{old.id}/chi-tieu/T2.1"
    form = client.get(path).text
    given = dict(re.findall(r'<input id="([^"]+)" name="[^"]+" value="([^"]*)"', form))
    given |= {"cach-do": "share", "ky": "year", "nguon": "entered", "don-vi-tinh": "commune", "it-nhat": "90 %",
              "noi-bao-cao": "UBND các xã\nUBND các phường", "loi": "Ít nhất 90%"}  # fmt: skip

    wrong = send(client, path, **given | {"it-nhat": "900"})
    silent = send(client, path, **given)
    done = send(client, path, **given | {"ly-do-don-vi-tinh": "Không còn cấp huyện"})

    assert wrong.status_code == silent.status_code == 422
    assert "Ghi lý do thay đơn vị tính." in silent.text
    assert done.status_code == 303
    made = next(one for one in plan(office.db.conn, old.id, local_day(now())).indicators if one.code == "T2.1")
    assert (made.at_least, made.counts, made.counts_was) == (90, "commune", "district")
    assert made.reports == ("UBND các xã", "UBND các phường")
    assert made.denominator == "Số huyện, thị xã, thành phố trong tỉnh", "what the form does not change stays"
    assert [one.fields[0][0] for one in edits(office.db.conn, "plan", old.id)][:1] == ["indicator/T2.1"]
    assert "Không còn cấp huyện" in client.get(f"/ke-hoach/{old.id}").text


def test_a_task_and_a_deadline_are_added_and_taken_out(office, client):
    old = issue(office, PROVINCE_PLAN)
    base = f"/ke-hoach/{old.id}"

    twice = send(client, f"{base}/nhiem-vu/them", **{"ky-hieu": "TT3.2đ", "ten": "Tập huấn"})
    send(client, f"{base}/nhiem-vu/them", **{"ky-hieu": "TT6", "ten": "Tập huấn", "chu-tri": "Sở Y tế", "xong": "31/3"})
    lacking = send(client, f"{base}/han/them", **{"ky-hieu": "TD9", "loai": "quarter", "lap-lai": "year", "han": "5/4"})
    send(client, f"{base}/han/them",
         **{"ky-hieu": "TD9", "loai": "quarter", "lap-lai": "year", "han": "5/4", "cach": "1", "nhan": "Sở Y tế"})
    gone = send(client, f"{base}/han/TD7", do="gone")

    assert twice.status_code == 422
    assert "đã dùng" in twice.text
    assert "Nhập nơi nhận báo cáo" in lacking.text
    assert gone.status_code == 303
    made = plan(office.db.conn, old.id, local_day(now()))
    assert [(one.code, one.lead, one.due) for one in made.tasks][-1] == ("TT6", ("Sở Y tế",), "03-31")
    assert [(one.code, one.due, one.strict) for one in made.deadlines if one.code in ("TD7", "TD9")] == [
        ("TD9", "04-05", True)
    ]


@pytest.mark.parametrize("what", ["", "?muc=chi-tieu", "?muc=han", "?muc=nhiem-vu"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_parts_of_a_plan_are_handed_out(office, client, what, ending):
    old = issue(office, DISTRICT_PLAN)

    answer = client.get(f"/ke-hoach/{old.id}.{ending}{what}")

    assert answer.status_code == 200
    if ending == "csv":
        count = {"?muc=han": 8, "?muc=nhiem-vu": 33}.get(what, 15)
        assert len(answer.text.strip().splitlines()) == count + 1
