"""Every page of the office, right or with something wrong in it, can be listened to and walked by keyboard."""

import io

import pytest

from schemas.minutes_code import short_of
from server.changes import apply_one
from tests.markup import faults
from tests.server.pages.conftest import DISTRICT, PROVINCE

WRONG = "?nam=20&tinh-den=31/2/2026&don-vi=x&theo=x&loai-hinh=x"
PAGES = [
    "/", "/ty-le-kiem-tra", "/ty-le-kiem-tra?theo=doi", "/ty-le-kiem-tra/danh-sach",
    "/ty-le-kiem-tra/danh-sach?trang=tat-ca", f"/ty-le-kiem-tra{WRONG}", f"/ty-le-kiem-tra/danh-sach{WRONG}",
    "/ty-le-kiem-tra/danh-sach?muc=luot", "/ty-le-kiem-tra/danh-sach?muc=chua-tinh", "/ty-le-kiem-tra?theo=hinh-thuc",
    "/khong-co",
    "/tra-cuu", "/tra-cuu?tim=dong+do", "/tra-cuu?tim=12345678901234567890", "/tra-cuu/tai-pham", "/tra-cuu/yeu-cau",
    "/tra-cuu/tai-pham?tinh-den=31/2/2026", "/nhat-ky/tra-cuu", "/nhat-ky/tra-cuu?tu-ngay=x&den-ngay=31/2&ma=1",
    "/quyet-dinh", "/quyet-dinh?tinh-trang=x&nam=x", "/quyet-dinh/moi", "/quyet-dinh/moi?tim=dong+do", "/tai-pham",
    "/tai-pham?tim=dong+do", "/tai-pham?ma=x&ngay=31/2/2026", "/danh-muc", "/danh-muc?tim=karaoke", "/danh-muc/nhom",
    "/danh-muc/hanh-vi-moi", "/danh-muc/chua-co-ma",
    "/co-so", "/co-so?tim=x&het-han=1&kiem-tra=nam-nay&loai-hinh=karaoke", "/co-so?tim=anh+duongg", "/co-so/moi",
    "/co-so/nhap", "/co-so/chot-danh-sach", "/co-so/xa-da-chia", "/co-so/du-lieu-can-ra-soat",
    "/co-so/du-lieu-can-ra-soat?loai=no_operator",
    "/can-duyet/trung", "/can-duyet", "/may-tinh", "/phan-cong", "/may-tinh/dang-ky",
    "/can-duyet/cuoc-kiem-tra", "/can-duyet/cuoc-kiem-tra?trang-thai=x&don-vi=x",
    "/can-duyet/cuoc-kiem-tra/duyet", "/viec-phai-lam", "/viec-phai-lam?don-vi=x",
    "/nhat-ky", "/nhat-ky?tu=31/2&viec=x", "/nhac-viec", "/tai-khoan/ma-truy-cap",
    "/han-bao-cao", "/han-bao-cao?nam=x&ke-hoach=x", "/han-bao-cao/lich", "/han-bao-cao.ics",
    "/phan-cong/theo-doi", "/phan-cong/de-xuat", "/phan-cong/trong-so", "/tin-bao", "/tin-bao/moi", f"/tin-bao{WRONG}",
    "/chi-tieu", "/chi-tieu/nhap", "/chi-tieu/ho-so", f"/chi-tieu/ho-so{WRONG}",
    "/viec-trong-nam", "/viec-trong-nam?tinh-trang=qua-han&tim=x", "/viec-trong-nam/kiem-tra-cong-tac",
    "/viec-trong-nam/kiem-tra-cong-tac/them", "/viec-trong-nam/ra-soat", "/viec-trong-nam/ra-soat?tinh-trang=da-chot",
    "/loi-moi", "/tai-khoan", "/tai-khoan/ma", "/quyen", "/doi", "/doi/them", "/ke-hoach",
    "/bao-cao", "/bao-cao/lap", "/bao-cao?nam=x&loai=x&tinh-trang=x",
    "/ke-hoach/them", "/ke-hoach/da-ban-hanh", "/nguoi-dung", "/nguoi-dung/them", "/doi?the=1&tinh-trang=x",
    "/ke-hoach?tim=x", "/bang-theo-doi", "/may-tinh/goi-du-lieu", "/v", "/v/1", f"/v/{short_of('0' * 64).digits}",
]  # fmt: skip


OF_THE_ADMIN = ["/viec-dinh-ky", "/viec-dinh-ky/luu-giu", "/nguoi-dung", "/nguoi-dung/them"]


@pytest.mark.parametrize("path", OF_THE_ADMIN)
def test_a_page_of_the_admin_can_be_listened_to(busy, path):
    answer = busy.client("admin", PROVINCE).get(path)

    assert answer.status_code == 200
    assert faults(answer.text) == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_can_be_listened_to(busy, path):
    assert faults(busy.client().get(path).text) == []


def test_the_form_of_signing_in_can_be_listened_to_also_after_a_slip(busy):
    client = busy.app().test_client()
    form = client.get("/dang-nhap").text
    token = form.partition('name="csrf_token" value="')[2].partition('"')[0]

    again = client.post("/dang-nhap", data={"csrf_token": token, "name": "ai đó", "password": "sai"}).text

    assert faults(form) == []
    assert faults(again) == []
    assert 'aria-invalid="true"' in again


def test_laptops_and_what_is_asked_before_one_goes_can_be_listened_to(busy):
    ids = [busy.laptop("Máy A", at="2026-11-19T15:00:00Z", unsent=2, earliest="2026-11-05"), busy.laptop("Máy B")]
    client = busy.client()
    pages = ["/may-tinh", *(f"/may-tinh/{id}/{what}" for id in ids for what in ("khoa", "ngung-dung"))]
    token = client.get("/").text.partition('name="csrf_token" value="')[2].partition('"')[0]

    read = [client.get(path).text for path in pages]
    read += [client.post(path, data={"csrf_token": token}).text for path in pages[1:]]
    read.append(client.post("/may-tinh/dang-ky", data={"csrf_token": token, "don-vi": "old:397"}).text)

    assert [faults(page) for page in read] == [[]] * len(read)


def pages_of_the_register(office, client):
    """Return every page of one place and one operator, right and with something wrong in it, and of an import."""
    owner = office.enter("operator", {"name": "Hộ bà Hạnh", "form": "household"})[0]
    place = office.place("Karaoke Ánh Dương", phone="12", **{
        "operator/1": {"from": "2019-01-01", "operator": owner},
        "licence/1": {"type": "antt_certificate", "number": "1", "from": "2019-01-01", "to": "2020-01-01"},
    })  # fmt: skip
    office.visit(place)
    token = client.get("/").text.partition('name="csrf_token" value="')[2].partition('"')[0]
    sheet = "Mã cơ sở,Tên cơ sở,Loại hình,Mã xã,Bản đồ\nA-1,Ánh Dương,karaoke,15664,new\n".encode()
    form = {"csrf_token": token, "loai": "co-so", "tep": (io.BytesIO(sheet), "so.csv")}
    address = client.post("/co-so/nhap", data=form, content_type="multipart/form-data").location
    paths = [f"/co-so/{place}", f"/co-so/{place}/sua", f"/co-so/{place}/thay-doi", f"/chu-co-so/{owner}/sua", address]
    wrong = {
        f"/co-so/{place}/tu-ngay": {"what": "operator", "operator": "Hộ bà Hạnh", "operator.from": "x"},
        f"/co-so/{place}/sua": {"name": "", "licence/1.from": "x"}, "/co-so/moi": {"opened_on": "x", "operator": "Hộ"},
        f"/chu-co-so/{owner}/sua": {"name": "Hộ", "form": ""}, "/co-so/chot-danh-sach": {}, "/co-so/nhap": {},
        "/co-so/xa-da-chia": {}, address: {"do": "import"},
    }  # fmt: skip
    found = [client.get(path) for path in paths]
    return found + [client.post(path, data={"csrf_token": token, **sent}) for path, sent in wrong.items()]


def test_the_pages_of_one_place_can_be_listened_to_also_after_a_slip(busy):
    pages = pages_of_the_register(busy, busy.client())

    assert {page.status_code for page in pages} == {200, 422}
    assert [faults(page.text) for page in pages] == [[]] * len(pages)


def test_accounts_teams_and_plans_can_be_listened_to_also_after_a_slip(busy):
    client, user, team = busy.client("admin"), busy.users[busy.user("clerk")], busy.team_of()
    plan = busy.plan(**{"deadline/1": {"report": "year", "due": "12-20", "sender": "các xã", "receiver": "Sở"}})
    pages = ["/nguoi-dung", "/nguoi-dung/them", f"/nguoi-dung/{user}", f"/doi/{team}", f"/doi/{team}/sua",
             f"/doi/{team}/kien-toan", f"/ke-hoach/{plan}", f"/ke-hoach/{plan}/sua",
             f"/ke-hoach/{plan}/chep", f"/ke-hoach/{plan}/han/1", f"/han-bao-cao/{plan}/1/2026-12-18",
             *(f"/ke-hoach/{plan}/{what}/them" for what in ("chi-tieu", "han", "nhiem-vu"))]  # fmt: skip
    forms = ["/nguoi-dung/them", f"/nguoi-dung/{user}", f"/nguoi-dung/{user}/moi", f"/doi/{team}/sua",
             f"/doi/{team}/ngung", f"/ke-hoach/{plan}/sua", f"/ke-hoach/{plan}/thoi", "/tai-khoan/mat-khau",
             f"/ke-hoach/{plan}/han/1", f"/ke-hoach/{plan}/chi-tieu/them",
             "/tai-khoan/ma"]  # fmt: skip
    token = client.get("/").text.partition('name="csrf_token" value="')[2].partition('"')[0]

    read = [client.get(path).text for path in pages]
    read += [client.post(path, data={"csrf_token": token}).text for path in forms]
    read.append(busy.signed_in(busy.users[busy.user("police")], second=0).get("/dang-nhap/ma").text)

    assert [faults(page) for page in read] == [[]] * len(read)


def test_returns_can_be_listened_to_as_a_draft_and_when_they_were_sent(busy):
    client = busy.client()
    made = {}
    for until in ("2026-06-30", "2026-09-30"):
        asked = {"do": "return", "unit": DISTRICT, "report": "ad_hoc", "from": "2026-01-01", "to": until}
        receipt = apply_one(busy.db, asked, author="test", at=busy.at)["receipt"]
        made[until] = busy.db.conn.execute("SELECT id FROM items WHERE name = ?", (receipt,)).fetchone()[0]
    draft, sent = made.values()
    apply_one(busy.db, {"do": "freeze", "return": sent}, author="test", at=busy.at)
    token = client.get("/").text.partition('name="csrf_token" value="')[2].partition('"')[0]

    paths = ("?nam=2026", f"/{draft}", f"/{sent}", f"/{draft}/gui", f"/{draft}/so/visits", f"/{draft}/tong-hop")
    pages = [client.get(f"/bao-cao{path}") for path in paths]
    slips = [client.post(path, data={"csrf_token": token, **sent_with}) for path, sent_with in (
        ("/bao-cao/lap", {"don-vi": DISTRICT}), (f"/bao-cao/{sent}/so", {}), (f"/bao-cao/{sent}/lan-moi", {}),
        (f"/bao-cao/{draft}/dau", {}),
        (f"/bao-cao/{draft}/noi-dung", {"part": "kho-khan", "text-kho-khan": "a", "seen-kho-khan": "b"}))]  # fmt: skip

    assert [page.status_code for page in (*pages, *slips)] == [200] * 6 + [422] * 5
    assert [faults(page.text) for page in (*pages, *slips)] == [[]] * 11


def test_every_page_that_a_person_opens_is_among_them(busy):
    app = busy.app()
    pages = {
        rule.rule for rule in app.url_map.iter_rules()
        if "GET" in rule.methods and "<" not in rule.rule and not rule.rule.startswith(("/api", "/healthz"))
    }  # fmt: skip

    assert pages <= {*PAGES, *OF_THE_ADMIN, "/dang-nhap", "/dang-nhap/ma"}


def test_the_check_itself_sees_what_is_missing():
    page = '<html lang="en"><title>– Đội 178</title><p id="a"><p id="a"><input name="x" aria-describedby="gone">'

    assert faults(page) == [
        "0 headings h1",
        "<input x> has no label",
        "<input x> points at #gone, which is not there",
        "id a stands twice",
        "no title of its own",
        "the page does not say that it is Vietnamese",
    ]
