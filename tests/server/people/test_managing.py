"""The pages of accounts: inviting, changing, disabling, unlocking; who acts for whom, until when."""

import re
from datetime import timedelta

import pytest

from schemas.ids import new_id
from schemas.items import name_of
from server.changes import apply_one
from server.clock import local_day, now
from server.office import state_of, things
from server.people import deputies, lockout
from server.store import writing
from tests.conftest import AT

COMMUNE, ELSEWHERE = "new:15664", "new:15682"


@pytest.fixture
def admin(people):
    return people.inside("quản trị", role="admin", unit="new:38", demo=True)


def id_of(people, name):
    return next(id for id, one in things(people.central.db.conn, "user").items() if one["name"] == name)


def day(days=0):
    return f"{local_day(now()) + timedelta(days=days):%d/%m/%Y}"


def test_an_account_is_made_with_a_slip_and_its_holder_comes_in(people, admin):
    given = {"ten": "lan.trieuson", "vai-tro": "coordinator", "don-vi": COMMUNE}

    slip = admin.post("/nguoi-dung/them", **given).text
    code = re.search(r'class="code-big">([A-Z2-9-]+)<', slip)[1]
    newcomer = people.browser()
    right = dict.fromkeys(("mat-khau", "nhap-lai"), "bốn từ khác nhau")
    newcomer.post("/loi-moi", ma=code, **right)

    assert "/loi-moi?ma=" not in admin.get(f"/nguoi-dung/{id_of(people, 'lan.trieuson')}").text
    assert newcomer.sign_in("lan.trieuson", "bốn từ khác nhau").status_code == 303
    assert "Triệu Sơn" in newcomer.get("/").text
    assert people.log("invited", "password_set") == ["invited", "password_set"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"ten": "", "vai-tro": "clerk", "don-vi": COMMUNE}, "Chưa ghi mục này"),
        ({"ten": "quản trị", "vai-tro": "clerk", "don-vi": COMMUNE}, "Đã có tài khoản"),
        ({"ten": "lan", "vai-tro": "king", "don-vi": COMMUNE}, "Chọn một trong"),
        ({"ten": "lan", "vai-tro": "", "don-vi": COMMUNE}, "Chưa ghi mục này"),
    ],
)
def test_what_is_wrong_with_a_new_account_stands_at_its_field(admin, given, said):
    answer = admin.post("/nguoi-dung/them", **given)

    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{given["ten"]}"' in answer.text


def test_an_admin_of_a_commune_reaches_nobody_elsewhere(people):
    near = people.inside("xã", role="admin", unit=COMMUNE, demo=True)
    other, above = people.add("xa khác", unit=ELSEWHERE), people.add("tỉnh nhà", unit="new:38")

    assert [near.client.get(f"/nguoi-dung/{id}").status_code for id in (other, above)] == [403, 403]
    moved = near.post(f"/nguoi-dung/{id_of(people, 'xã')}", ten="xã", **{"vai-tro": "admin", "don-vi": "new:38"})
    assert moved.status_code == 403
    assert "xa khác" not in near.get("/nguoi-dung").text


def test_a_disabled_account_is_out_and_may_come_back(people, admin):
    id = people.add("lan")
    browser = people.browser()
    browser.sign_in("lan")

    admin.post(f"/nguoi-dung/{id}/lam", form=f"/nguoi-dung/{id}", do="able")
    assert browser.client.get("/").status_code == 302
    assert people.browser().sign_in("lan").status_code == 422
    admin.post(f"/nguoi-dung/{id}/lam", form=f"/nguoi-dung/{id}", do="able")
    assert people.browser().sign_in("lan").status_code == 303


def test_the_last_admin_stays(people, admin):
    id = id_of(people, "quản trị")
    answer = admin.post(f"/nguoi-dung/{id}/lam", form=f"/nguoi-dung/{id}", do="able")

    assert answer.status_code == 422
    assert "quản trị cuối cùng" in answer.text
    assert not state_of(people.central.db.conn, "user", id).get("disabled")


def test_a_lock_is_seen_and_opened(people, admin):
    id = people.add("lan")
    with writing(people.central.db) as conn:
        for _ in range(8):
            lockout.failed(conn, lockout.account("lan"), lockout.OF_ACCOUNT, now())
    assert people.browser().sign_in("lan").status_code == 429
    assert "Tạm khóa đăng nhập" in admin.get("/nguoi-dung").text

    admin.post(f"/nguoi-dung/{id}/lam", form=f"/nguoi-dung/{id}", do="unlock")

    assert people.browser().sign_in("lan").status_code == 303
    assert people.log("unlocked") == ["unlocked"]


def test_the_history_names_who_changed_what(people, admin):
    id = people.add("lan")
    admin.post(f"/nguoi-dung/{id}", ten="lan", **{"vai-tro": "clerk", "don-vi": COMMUNE, "doi": ""})

    page = re.sub(r"\s+", " ", admin.get(f"/nguoi-dung/{id}").text)

    assert "<td>quản trị</td>" in page or ">quản trị</td>" in page
    assert "<td>Điều phối</td><td>Văn thư</td>" in page


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json"])
def test_the_list_is_handed_out_as_it_is_filtered(people, admin, ending):
    people.add("lan")

    assert admin.client.get(f"/nguoi-dung.{ending}?vai-tro=clerk").status_code == 200
    assert "lan" not in admin.client.get("/nguoi-dung.csv?vai-tro=clerk").text
    assert "lan" in admin.client.get("/nguoi-dung.csv?vai-tro=coordinator").text


def deputy(people, admin, first=0, last=0, who="lan", whom="bình"):
    asked = {"do": "deputy", "nguoi": id_of(people, who), "tu-ngay": day(first), "den-ngay": day(last)}
    path = f"/nguoi-dung/{id_of(people, whom)}"
    return admin.post(f"{path}/lam", form=path, **asked)


@pytest.fixture
def lan(people, admin):
    people.add("bình", role="coordinator", unit=COMMUNE)
    return people.inside("lan", role="clerk", unit=ELSEWHERE)


def chosen(people):
    return next(iter(things(people.central.db.conn, "deputy")))


def test_a_deputy_has_role_and_area_of_the_other_and_writes_under_the_own_name(people, admin, lan):
    deputy(people, admin)
    assert lan.client.get("/may-tinh").status_code == 403
    assert "Làm thay: bình" in lan.get("/").text

    lan.post("/tai-khoan/lam-thay", form="/", deputy=chosen(people))
    page = lan.get("/doi/them").text
    lan.post("/doi/them", ten="Đội mới", **{"don-vi": COMMUNE})

    assert "Làm thay: bình" in page
    team = next(iter(things(people.central.db.conn, "team")))
    author = people.central.one("SELECT json_extract(CAST(line AS TEXT), '$.author') FROM items WHERE id = ?", team)
    assert author == f"{id_of(people, 'lan')} thay {id_of(people, 'bình')}"
    assert deputies.called(people.central.db.conn, author) == "lan thay bình"
    assert "lan thay bình" in lan.get(f"/doi/{team}").text


def test_a_deputy_stops_at_will(people, admin, lan):
    deputy(people, admin)
    lan.post("/tai-khoan/lam-thay", form="/", deputy=chosen(people))
    lan.post("/tai-khoan/lam-thay", form="/", deputy="")

    assert lan.client.get("/may-tinh").status_code == 403


@pytest.mark.parametrize(("first", "last", "may"), [(0, 0, True), (-3, 0, True), (0, 3, True), (1, 3, False)])
def test_a_deputy_acts_from_the_first_day_to_the_end_of_the_last(people, admin, lan, first, last, may):
    deputy(people, admin, first, last)

    lan.post("/tai-khoan/lam-thay", form="/", deputy=chosen(people))

    assert (lan.client.get("/may-tinh").status_code == 200) is may


def test_it_ends_by_itself_at_the_end_of_its_last_day(people, admin, lan):
    deputy(people, admin)
    conn, id = people.central.db.conn, chosen(people)
    today, user = local_day(now()), id_of(people, "lan")

    assert deputies.in_force(conn, id, user, today)
    assert deputies.in_force(conn, id, user, today + timedelta(days=1)) is None
    assert deputies.in_force(conn, id, user, today - timedelta(days=1)) is None


@pytest.mark.parametrize("how", ["end-deputy", "disable"])
def test_it_ends_when_it_is_taken_back_and_with_the_account_that_it_is_for(people, admin, lan, how):
    deputy(people, admin)
    lan.post("/tai-khoan/lam-thay", form="/", deputy=chosen(people))
    path = f"/nguoi-dung/{id_of(people, 'bình')}"
    given = {"do": "able"} if how == "disable" else {"do": how, "deputy": chosen(people)}

    admin.post(f"{path}/lam", form=path, **given)

    assert lan.client.get("/may-tinh").status_code == 403


def test_a_deputy_of_a_role_that_needs_a_phone_sets_one_up_first(people, admin):
    people.add("an ninh", role="police", unit=COMMUNE)
    lan = people.inside("lan", role="clerk", unit=COMMUNE)
    deputy(people, admin, whom="an ninh")

    assert lan.post("/tai-khoan/lam-thay", form="/", deputy=chosen(people)).location == "/tai-khoan/ma"
    assert lan.client.get("/tra-cuu").status_code == 403


def test_nobody_acts_under_the_deputy_of_another(people, admin, lan):
    deputy(people, admin)
    other = people.inside("khác hẳn", role="clerk", unit=ELSEWHERE)

    other.post("/tai-khoan/lam-thay", form="/", deputy=chosen(people))

    assert other.client.get("/may-tinh").status_code == 403


@pytest.mark.parametrize(
    ("first", "last", "who", "said"),
    [(3, 1, "lan", "ở trước ngày bắt đầu"), (-3, -1, "lan", "đã qua"), (0, 400, "lan", "quá xa"),
     (0, 1, "bình", "phải là tài khoản khác")],
)  # fmt: skip
def test_a_deputy_that_cannot_be_is_one_sentence(people, admin, lan, first, last, who, said):
    answer = deputy(people, admin, first, last, who)

    assert answer.status_code == 422
    assert said in answer.text


def test_a_laptop_writes_no_account_and_nobody_lets_one_in(central):
    wanted = {"name": "kẻ lạ", "role": "admin", "epoch": "new", "area": "38"}
    laptop = central.laptop()
    line = laptop.line("user", new_id(), {"set": wanted, "was": dict.fromkeys(wanted)})

    assert laptop.sends(line) == ["quarantined"]
    answer = apply_one(central.db, {"do": "release", "item": name_of(line)}, author="test", at=AT)
    assert answer["problems"]
    assert things(central.db.conn, "user") == {}
