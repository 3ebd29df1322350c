"""Plans on their pages: made by hand, copied for the years after, closed; deadlines in the plan's own words."""

import re
from datetime import date

import pytest

from server.arrivals.world import unit_tree
from server.changes import apply_one
from server.clock import local_day, now
from server.coverage.targets import Plans
from server.office import things
from server.plans.listing import Deadline, Standing, plan
from tests.server.pages.conftest import DISTRICT

YEAR = local_day(now()).year


def post(client, path, form="", **data):
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(form or path).text)[1]
    return client.post(path, data={"csrf_token": token, **data})


def typed(**more):
    return {
        "ten": "Kế hoạch phòng, chống mại dâm", "so": "86/KH-UBND", "don-vi": "new:15664",
        "tu-ngay": f"01/01/{YEAR}", "den-ngay": f"31/12/{YEAR + 1}", "loai-hinh": ["karaoke", "massage"],
        "nam": [str(YEAR), str(YEAR + 1), ""], "phan-tram": ["20", "25 %", ""],
        "han-dat": ["", f"30/11/{YEAR + 1}", ""],
        "ca-ky": "100", "co-so-ca-ky": "last_day", "co-so": "on_day", "ngay-dem": "1/1",
        "ky-cho": ["", ""], "ky-loai": ["half_year", "half_year"], "ky-tu": ["15/12", ""], "ky-chot": ["14/6", ""],
        "hb-cho": ["", ""], "hb-loai": ["half_year", "year"], "hb-cach": ["1", "0"], "hb-han": ["20/6", "25/12"],
        "hb-nam": ["", str(YEAR)], "hb-gui": ["các xã", ""], "hb-nhan": ["Phòng", "UBND huyện"],
        "hb-loi": ["Báo cáo 6 tháng gửi trước ngày 20/6", ""], "hb-ma": ["", ""], **more,
    }  # fmt: skip


@pytest.fixture
def client(office):
    return office.client(area=DISTRICT)


def found(office, place=0):
    return plan(office.db.conn, list(things(office.db.conn, "plan"))[place], local_day(now()))


def test_a_plan_holds_all_that_it_orders(office, client):
    answer = post(client, "/ke-hoach/them", **typed())

    made = found(office)
    assert answer.location == f"/ke-hoach/{made.id}"
    assert made.targets == ((YEAR, 20, ""), (YEAR + 1, 25, f"{YEAR + 1}-11-30"))
    assert (made.period_percent, made.period_cohort, made.denominator, made.denominator_on) == (
        100, "last_day", "on_day", "01-01",
    )  # fmt: skip
    assert [(one.report, one.due, one.strict, one.year, one.receiver) for one in made.deadlines] == [
        ("half_year", "06-20", True, None, "Phòng"), ("year", "12-25", False, YEAR, "UBND huyện"),
    ]  # fmt: skip
    assert [(one.report, one.first, one.cut_off) for one in made.periods] == [("half_year", "12-15", "06-14")]
    page = client.get(answer.location).text
    assert "trước ngày 20/6" in page
    assert f"19/06/{YEAR}" in page
    assert "Báo cáo 6 tháng gửi trước ngày 20/6" in page


@pytest.mark.parametrize(
    ("due", "strict", "year", "last"),
    [("06-20", True, 2026, date(2026, 6, 19)), ("06-20", False, 2026, date(2026, 6, 20)),
     ("01-01", True, 2026, date(2025, 12, 31)), ("03-01", True, 2028, date(2028, 2, 29)),
     ("02-29", False, 2028, date(2028, 2, 29)), ("02-29", False, 2026, date(2026, 2, 28))],
)  # fmt: skip
def test_before_a_day_is_the_day_before_it_at_the_latest(due, strict, year, last):
    assert Deadline("1", "", "year", due, strict, None, "", "Sở", "").last_day(year) == last


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"ten": ""}, "Chưa ghi mục này"),
        ({"den-ngay": "01/01/2020"}, "ở trước ngày bắt đầu"),
        ({"nam": [], "phan-tram": [], "han-dat": []}, "chỉ tiêu của ít nhất một năm"),
        ({"nam": [str(YEAR), str(YEAR)], "phan-tram": ["20", "30"], "han-dat": ["", ""]}, "chỉ có một chỉ tiêu"),
        ({"nam": ["2004"], "phan-tram": ["20"], "han-dat": [""]}, "ở ngoài thời gian"),
        ({"nam": [str(YEAR)], "phan-tram": ["120"], "han-dat": [""]}, "từ 1 đến 100"),
        ({"hb-han": ["31/2", ""]}, "Ngày trong năm không đúng"),
        ({"hb-nhan": ["", ""]}, "Nhập nơi nhận báo cáo"),
    ],
)
def test_what_is_wrong_with_a_plan_is_said_and_nothing_typed_is_lost(office, client, given, said):
    answer = post(client, "/ke-hoach/them", **typed(**given))

    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="86/KH-UBND"' in answer.text
    assert things(office.db.conn, "plan") == {}


def test_a_plan_is_copied_for_the_years_after_it(office, client):
    post(client, "/ke-hoach/them", **typed())
    old = found(office)
    form = client.get(f"/ke-hoach/{old.id}/chep").text
    assert f'value="01/01/{YEAR + 2}"' in form
    assert f'value="{YEAR + 3}"' in form

    later = typed(**{"so": "7/KH-UBND", "tu-ngay": f"01/01/{YEAR + 2}", "den-ngay": f"31/12/{YEAR + 3}"})
    later |= {"nam": [str(YEAR + 2), str(YEAR + 3)], "phan-tram": ["30", "30"], "han-dat": ["", ""]}
    answer = post(client, f"/ke-hoach/{old.id}/chep", **later | {"hb-nam": ["", str(YEAR + 2)]})

    made = plan(office.db.conn, answer.location.rpartition("/")[2], local_day(now()))
    assert (made.renews, made.number, made.standing) == (old.id, "7/KH-UBND", Standing.TO_COME)
    assert len(made.deadlines) == 2
    assert plan(office.db.conn, old.id, local_day(now())).renewed_by == made.id


def test_a_copy_by_a_line_of_apply_moves_single_years(office):
    office.plan(year=2024, **{"deadline/1": {"report": "year", "due": "12-20", "receiver": "Sở", "year": 2024}})
    id = next(iter(things(office.db.conn, "plan")))

    asked = {"do": "renew_plan", "plan": id, "from": "2026-01-01", "to": "2026-12-31"}
    assert apply_one(office.db, asked, author="test", at=office.at)["problems"] == {}

    made = found(office, 1)
    assert made.targets == ((2026, 25, ""),)
    assert [one.year for one in made.deadlines] == [2026]


def test_a_deadline_is_changed_and_taken_out_by_its_place(office, client):
    post(client, "/ke-hoach/them", **typed())
    first, second = found(office).deadlines
    change = typed(**{"hb-cho": [first.place, second.place], "hb-han": ["15/6", ""], "hb-nhan": ["Sở", ""]})
    change |= {"hb-nam": ["", ""], "hb-loi": ["", ""], "hb-gui": ["", ""]}
    change["ky-cho"] = [found(office).periods[0].place, ""]

    assert post(client, f"/ke-hoach/{found(office).id}/sua", **change).status_code == 303

    assert [(one.place, one.due, one.receiver) for one in found(office).deadlines] == [(first.place, "06-15", "Sở")]
    assert len(found(office).periods) == 1


def test_a_closed_plan_gives_no_target_to_the_years_after(office, client):
    post(client, "/ke-hoach/them", **typed())
    path = f"/ke-hoach/{found(office).id}"
    post(client, f"{path}/thoi", form=path, ngay=f"30/6/{YEAR}", **{"ly-do": "Có kế hoạch mới"})

    in_force = Plans(office.db.conn, unit_tree(office.db.conn))
    assert in_force.of_year("new:15664", YEAR)
    assert in_force.of_year("new:15664", YEAR + 1) is None
    assert "Có kế hoạch mới" in client.get(path).text
    post(client, f"{path}/thoi", form=path, do="open")
    assert Plans(office.db.conn, unit_tree(office.db.conn)).of_year("new:15664", YEAR + 1)


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json"])
def test_the_list_is_handed_out(office, client, ending):
    post(client, "/ke-hoach/them", **typed())

    assert client.get(f"/ke-hoach.{ending}").status_code == 200
    assert client.get(f"/ke-hoach.{ending}?tim=không có").status_code == 200
