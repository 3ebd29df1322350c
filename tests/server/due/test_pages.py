"""What is due on its pages: the urgent first, one next step, who has not sent, the letter, reminders, the command."""

import json
import re
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pypdfium2
import pytest
from click.testing import CliRunner

from server.arrivals.world import unit_tree
from server.changes import apply_one
from server.cli.main import commands
from server.clock import local_day, now
from server.due.reminding import step_of
from server.jobs.reminders import remind, reminders
from server.jobs.work import Work
from server.store import writing
from tests.server.pages.conftest import COMMUNE, COMMUNES, DISTRICT, PROVINCE

TODAY = local_day(now())


def deadline(days, **more):
    """Return a deadline whose last day is so many days from today, before the day after."""
    named = TODAY + timedelta(days=days + 1)
    return {"code": f"D{days + 100}", "name": f"Báo cáo sau {days} ngày", "report": "ad_hoc", "due": f"{named:%m-%d}",
            "strict": True, "year": named.year, "sender": "UBND các xã", "receiver": "Sở Y tế",
            "words": "gửi đúng hạn", **more}  # fmt: skip


PERIOD = {"report": "half_year", "first": f"{TODAY - timedelta(days=90):%m-%d}", "cut_off": f"{TODAY:%m-%d}"}


def plan(office, *days, area=PROVINCE, **more):
    """Put a plan in force; its half-year's report has data up to today: of one year in December too."""
    parts = {"period/1": PERIOD} if more.get("report") == "half_year" else {}
    parts |= {f"deadline/{place}": deadline(of, **more) for place, of in enumerate(days, 1)}
    return office.plan(area=area, year=TODAY.year, **parts)


def sent(office, plan, place, unit, days, day, number=""):
    """Put a return into the projections, as the fold does."""
    until = (TODAY + timedelta(days=days)).isoformat()
    with writing(office.db) as conn:
        conn.execute(
            "INSERT INTO returns VALUES (?, ?, ?, 'ad_hoc', ?, ?, ?, '', 1, 'sent', 1, '', ?, '', '')",
            (f"r{unit}", plan, place, unit, until, until, number),
        )
        conn.execute("INSERT INTO frozen_returns VALUES (?, ?, '', 0, 0, ?, '', '', '')",
                     (f"r{unit}", f"r{unit}", day.isoformat()))  # fmt: skip


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).strip()


def test_what_is_overdue_stands_first_and_each_has_one_next_step(office):
    plan(office, 5, -3, 40)

    page = office.client(area=PROVINCE).get("/han-bao-cao").text

    order = [page.index(f"Báo cáo sau {days} ngày</a>") for days in (-3, 5, 40)]
    assert order == sorted(order)
    assert page.index("Quá hạn</h2>".replace("</h2>", "")) < order[0]
    assert "quá hạn 3 ngày" in page
    assert "còn 5 ngày" in page
    assert "0/166 đơn vị đã gửi" in page
    assert page.count("Xem ai chưa gửi<") == 3


@pytest.mark.parametrize("role", ["team", "coordinator", "police", "legal", "clerk", "auditor", "admin"])
def test_a_commune_sees_its_own_and_nobody_else_s(office, role):
    plan(office, 5)

    page = office.client(role, COMMUNE).get("/han-bao-cao").text

    assert "Xã Triệu Sơn" in page
    assert "166" not in text_of(page)
    assert "Sắp đến hạn" in page


def test_it_is_filtered_by_plan_unit_and_year_in_the_address(office):
    mine, other = plan(office, 5), office.plan(area=PROVINCE, **{"deadline/1": deadline(6)})
    client = office.client(area=PROVINCE)

    of_plan = client.get(f"/han-bao-cao?ke-hoach={mine}").text
    of_unit = client.get(f"/han-bao-cao?don-vi={DISTRICT}&ke-hoach={other}").text
    of_year = client.get(f"/han-bao-cao?nam={TODAY.year - 3}").text

    assert ("Báo cáo sau 5 ngày</a>" in of_plan, "Báo cáo sau 6 ngày</a>" in of_plan) == (True, False)
    assert "0/8 đơn vị đã gửi" in of_unit
    assert "Không có hạn báo cáo nào" in of_year


def test_who_has_sent_and_who_has_not(office):
    id = plan(office, -3)
    sent(office, id, "D97", COMMUNE, -3, TODAY - timedelta(days=5))
    sent(office, id, "D97", COMMUNES[0], -3, TODAY, number="12/BC-UBND")
    period = (TODAY - timedelta(days=3)).isoformat()
    client = office.client(area=DISTRICT)

    page = text_of(client.get(f"/han-bao-cao/{id}/1/{period}").text)
    sheet = client.get(f"/han-bao-cao/{id}/1/{period}.csv").text

    assert "2/8 đơn vị đã gửi" in page
    assert "Xã Thọ Phú" in page
    assert "Đã gửi, quá hạn" in page
    assert "12/BC-UBND" in page
    assert "chưa có số báo cáo" in page
    assert sheet.count("\r\n") == 9
    assert client.get(f"/han-bao-cao/{id}/1/2020-01-01").status_code == 404


def letter(office, id, days, area=DISTRICT, ending="docx", **given):
    period = (TODAY + timedelta(days=days)).isoformat()
    asked = "&".join(f"{name}={value}" for name, value in {"dang": ending, **given}.items())
    return office.client(area=area).get(f"/han-bao-cao/{id}/1/{period}/don-doc?{asked}")


def words_of(docx):
    with ZipFile(BytesIO(docx)) as archive:
        return text_of(archive.read("word/document.xml").decode().replace("</w:p>", " "))


def test_the_letter_names_those_that_have_not_sent_and_the_plan_s_words(office):
    id = plan(office, -3)
    sent(office, id, "D97", COMMUNE, -3, TODAY - timedelta(days=5))

    said = words_of(letter(office, id, -3, **{"nguoi-ky": "Lê Văn Tám"}).data)

    assert "đôn đốc gửi báo cáo sau -3 ngày" in said
    assert "gửi đúng hạn" in said
    assert "07 đơn vị" in said
    assert "Xã Thọ Phú (quá hạn 3 ngày)" in said
    assert "xã Triệu Sơn" not in said.replace("huyện Triệu Sơn", "")
    assert "Lê Văn Tám" in said


def test_a_letter_to_many_lists_them_behind_it(office):
    id = plan(office, 5)

    answer = letter(office, id, 5, PROVINCE, "pdf")

    pages = pypdfium2.PdfDocument(answer.data)
    said = " ".join(page.get_textpage().get_text_range() for page in pages)
    assert len(pages) > 1
    assert "danh sách kèm theo" in said
    assert "còn 5 ngày" in said


def test_there_is_no_letter_where_all_have_sent(office):
    id = plan(office, -3, area=COMMUNE, sender="")
    sent(office, id, "1", COMMUNE, -3, TODAY)

    assert letter(office, id, -3, COMMUNE).status_code == 404


@pytest.mark.parametrize(("days", "step"), [(15, None), (14, 1), (8, 1), (7, 2), (3, 3), (1, 4), (0, 4), (-1, 5)])
def test_reminders_come_fourteen_seven_three_and_one_day_before(days, step):
    assert step_of(days) == step


def nightly(office):
    remind(Work(office.db, office.settings, now()))
    return reminders(office.db.conn, unit_tree(office.db.conn), "coordinator", PROVINCE)


def test_the_night_s_reminders_are_one_line_for_all_units_and_go_when_they_have_sent(office):
    id = plan(office, 5, 30, -70)
    plan(office, -3, area=COMMUNE, sender="")

    mine, below = nightly(office)

    assert (mine.due_on, mine.unit, mine.said["units"]) == ((TODAY - timedelta(days=3)).isoformat(), COMMUNE, 1)
    assert (below.due_on, below.said["units"]) == ((TODAY + timedelta(days=5)).isoformat(), 166)
    sent(office, id, "D105", COMMUNE, 5, TODAY)
    tree = unit_tree(office.db.conn)
    left = reminders(office.db.conn, tree, "coordinator", COMMUNE)
    assert [one.name for one in left] == ["Báo cáo sau -3 ngày"]
    assert not reminders(office.db.conn, tree, "clerk", PROVINCE)


def test_the_first_page_tells_what_is_near_and_what_is_over(office):
    plan(office, 5, -2)

    province = text_of(office.client(area=PROVINCE).get("/").text)
    commune = text_of(office.client(area=COMMUNE).get("/").text)
    team = text_of(office.client("team", COMMUNE).get("/").text)

    assert "Báo cáo sau 5 ngày: còn 5 ngày, 166 đơn vị chưa gửi." in province
    assert "Báo cáo sau 5 ngày: còn 5 ngày, chưa gửi." in commune
    assert "Báo cáo sau -2 ngày: quá hạn 2 ngày, chưa gửi." in commune
    assert "chưa gửi." not in team


def test_where_two_plans_clash_the_reminder_goes_by_the_earlier_day(office):
    plan(office, 6, report="half_year", code="T")
    plan(office, 20, area=COMMUNE, report="half_year", code="X", sender="UBND xã Triệu Sơn")
    client = office.client(area=COMMUNE)

    home, page = text_of(client.get("/").text), text_of(client.get("/han-bao-cao").text)

    assert "trùng hạn Báo cáo sau 20 ngày: còn 6 ngày, chưa gửi." in home
    assert "mỗi kế hoạch một báo cáo, lập và gửi cả hai theo hạn sớm hơn đó" in page


def test_the_clerk_is_told_of_returns_without_a_number(office):
    id = plan(office, 5)
    sent(office, id, "D105", COMMUNE, 5, TODAY)

    assert "1 báo cáo đã gửi chưa có số." in text_of(office.client("clerk", COMMUNE).get("/").text)


def test_the_command_and_programs_read_the_same(office):
    plan(office, 5)
    first, last = TODAY.isoformat(), (TODAY + timedelta(days=9)).isoformat()

    asked = ["deadlines", "--unit", "15664", "--from", first, "--to", last, "--data", str(office.settings.data)]
    done = CliRunner().invoke(commands, [*asked, "--json"])
    said = CliRunner().invoke(commands, asked)
    told = office.client(area=COMMUNE).get(f"/api/v1/deadlines?first={first}&last={last}").get_json()

    (one,) = [row for row in json.loads(done.output)["deadlines"] if row["plan"]]
    assert one in told["rows"]
    assert (one["unit"], one["days"], one["standing"], one["open"]) == (COMMUNE, 5, "due", True)
    assert "Xã Triệu Sơn: Báo cáo sau 5 ngày (trước ngày" in said.output


def test_the_return_itself_warns_of_the_clash_while_it_is_a_draft(office):
    plan(office, 6, report="half_year", code="T")
    id = plan(office, 20, area=COMMUNE, report="half_year", code="X", sender="UBND xã Triệu Sơn")
    asked = {"do": "return", "plan": id, "unit": COMMUNE, "report": "half_year", "year": str(TODAY.year)}
    answer = apply_one(office.db, asked, author="test", at=now())
    (returned,) = office.db.conn.execute("SELECT id FROM returns").fetchone()

    client = office.client(area=COMMUNE)
    page = text_of(client.get(f"/bao-cao/{returned}").text)

    assert answer["problems"] == {}
    assert "Trùng hạn. Kế hoạch phòng, chống mại dâm yêu cầu cùng loại báo cáo này" in page
    assert f"/bao-cao/{returned}" in client.get("/han-bao-cao").text
