"""Importing on a page: the file, its columns guessed and remembered, what its rows would do and what became of them."""

import csv
import io
import re
import time
from datetime import timedelta
from html import unescape

import pytest

from schemas.fields import instant_text
from schemas.violations import catalogue
from server.clock import now
from server.imports import jobs
from server.office import state_of

COMMUNE, ELSEWHERE, DISTRICT = "new:15664", "new:15682", "old:397"
PATH = "/co-so/nhap"
HEADER = ("Mã cơ sở", "Tên cơ sở", "Loại hình", "Mã xã", "Bản đồ", "Điện thoại")
ROW = ("TS-1", "Karaoke Đông Đô", "karaoke", "15664", "new", "0912345678")


def text(page):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.get_data(as_text=True))).split())


def sheet(*rows, header=HEADER):
    out = io.StringIO(newline="")
    csv.writer(out).writerows([header, *rows])
    return out.getvalue().encode("utf-8-sig")


def token(client):
    return re.search(r'name="csrf_token" value="([^"]+)"', client.get("/co-so/moi").text)[1]


def upload(client, content, what="co-so", name="so.csv"):
    """Send a file and return the address of its page."""
    form = {"csrf_token": token(client), "loai": what, "tep": (io.BytesIO(content), name)}
    answer = client.post(PATH, data=form, content_type="multipart/form-data")
    return answer.location if answer.status_code == 303 else answer


def columns(client, address):
    """Return the columns as the page has them chosen."""
    page = client.get(address).text
    chosen = {}
    for name, options in re.findall(r'<select id="(cot:[^"]+)"[^>]*>(.*?)</select>', page, re.S):
        hit = re.search(r'<option value="([^"]*)" selected', options)
        chosen[name] = unescape(hit[1]) if hit else ""
    return chosen


def act(client, address, do, **changed):
    form = columns(client, address) | changed | {"csrf_token": token(client), "do": do}
    return client.post(address, data=form)


def done(client, address):
    """Wait until an import has come to its end, and return its page."""
    for _ in range(300):
        page = client.get(address)
        if "Đang nhập" not in text(page):
            return page
        time.sleep(0.1)
    raise AssertionError("the import did not end")


def take(client, content, what="co-so", **changed):
    address = upload(client, content, what)
    act(client, address, "import", **changed)
    return address, done(client, address)


def place(office, code="TS-1"):
    row = office.db.conn.execute("SELECT id FROM establishments WHERE code = ?", (code,)).fetchone()
    return state_of(office.db.conn, "establishment", row[0]) if row else None


def test_nothing_is_imported_before_columns_and_first_rows_were_seen(office):
    client = office.client()

    address = upload(client, sheet(ROW, ("TS-2", "", "karaoke", "15664", "new", "")))

    said = text(client.get(address))
    assert columns(client, address)["cot:name"] == "Tên cơ sở"
    assert "2 TS-1 Thêm mới" in said and "Tên cơ sở: Karaoke Đông Đô" in said
    assert "3 TS-2 Sai Tên cơ sở: Chưa ghi tên cơ sở." in said
    assert place(office) is None


def test_a_field_that_the_office_has_otherwise_is_pointed_out_before(office):
    office.place("Karaoke Đông Đô", code="TS-1", phone="0373111222")
    client = office.client()

    said = text(client.get(upload(client, sheet(ROW))))

    assert "khác với danh sách, chờ đối chiếu Điện thoại" in said


def test_a_new_operator_is_named_by_its_name_before_it_is_there(office):
    client = office.client()

    said = text(client.get(upload(client, sheet((*ROW, "Hộ Nam"), header=(*HEADER, "Chủ cơ sở")))))

    assert "Chủ cơ sở: Hộ Nam, từ 01/01/" in said


def test_an_import_says_what_became_of_its_rows_and_hands_out_the_bad_ones(office):
    client = office.client()

    address, page = take(client, sheet(ROW, ("TS-2", "", "karaoke", "15664", "new", "")))

    assert "Mới 1 Thay đổi 0 Như cũ 0 Sai 1" in text(page)
    assert place(office)["name"] == "Karaoke Đông Đô"
    bad = list(csv.reader(io.StringIO(client.get(f"{address}/loi.csv").data.decode("utf-8-sig"))))
    assert bad[1] == ["3", "name", "", "Chưa ghi tên cơ sở."]


def test_a_second_import_lists_the_fields_that_changed(office):
    client = office.client()
    take(client, sheet(ROW))

    address, page = take(client, sheet((*ROW[:5], "0373111222")))

    assert "Mới 0 Thay đổi 1 Như cũ 0 Sai 0" in text(page)
    assert "2 TS-1 Thay đổi Điện thoại 0912345678 0373111222" in text(page)
    rows = list(csv.reader(io.StringIO(client.get(f"{address}/thay-doi.csv").data.decode("utf-8-sig"))))
    assert rows[1] == ["2", "TS-1", "Thay đổi", "Điện thoại", "0912345678", "0373111222"]
    _address, page = take(client, sheet((*ROW[:5], "0373111222")))
    assert "Mới 0 Thay đổi 0 Như cũ 1 Sai 0" in text(page)


def test_a_header_that_a_person_matched_once_is_remembered_for_that_area_and_kind_of_file(office):
    header = ("Ký hiệu nội bộ", "Bảng hiệu", *HEADER[2:])
    client = office.client()
    address = upload(client, sheet(ROW, header=header))
    assert columns(client, address)["cot:code"] == ""

    act(client, address, "import", **{"cot:code": "Ký hiệu nội bộ", "cot:name": "Bảng hiệu"})
    done(client, address)

    again = columns(client, upload(client, sheet(ROW, header=header)))
    assert (again["cot:code"], again["cot:name"]) == ("Ký hiệu nội bộ", "Bảng hiệu")
    other = office.client(area=COMMUNE)
    assert columns(other, upload(other, sheet(ROW, header=header)))["cot:code"] == ""


def test_a_header_spelt_nearly_as_one_we_know_is_guessed(office):
    client = office.client()

    address = upload(client, sheet(ROW, header=("Ma co so", "Tên cơ sởơ", "LOAI HINH", "Mã xã", "Bản đồ", "Số đt")))

    assert columns(client, address)["cot:name"] == "Tên cơ sởơ"


def test_a_column_that_is_not_chosen_is_not_imported_even_where_its_name_is_known(office):
    take(office.client(), sheet(ROW), **{"cot:phone": ""})

    assert "phone" not in place(office)


@pytest.mark.parametrize(("changed", "sentence"), [
    ({"cot:code": ""}, "Phải chỉ ra cột này"), ({"cot:name": "Mã cơ sở"}, "đã chọn cho mục khác"),
])  # fmt: skip
def test_columns_that_do_not_hold_are_asked_for_again(office, changed, sentence):
    client = office.client()
    address = upload(client, sheet(ROW))

    page = act(client, address, "import", **changed)

    assert page.status_code == 422
    assert sentence in text(page)
    assert place(office) is None


@pytest.mark.parametrize(("content", "sentence"), [
    (b"", "trống"), (b"%PDF-1.7", "không phải bảng tính"), ("Mã,Tên".encode("utf-16"), "UTF-8"),
])  # fmt: skip
def test_a_file_that_is_no_table_is_refused_at_once(office, content, sentence):
    page = upload(office.client(), content)

    assert page.status_code == 422
    assert sentence in text(page)
    assert office.db["import_runs"].count == 0


def test_a_form_without_a_file_is_asked_for_again(office):
    client = office.client()

    page = client.post(PATH, data={"csrf_token": token(client), "loai": "co-so"})

    assert page.status_code == 422
    assert "Chọn tệp CSV hoặc XLSX." in text(page)


def test_rows_about_another_area_are_refused_and_the_others_go_in(office):
    client = office.client(area=COMMUNE)

    _address, page = take(client, sheet(ROW, ("TS-2", "Ở nơi khác", "karaoke", "15682", "new", "")))

    assert "Mới 1 Thay đổi 0 Như cũ 0 Sai 1" in text(page)
    assert "Ngoài địa bàn của tài khoản" in text(page)
    assert place(office, "TS-2") is None


def test_past_inspections_of_the_area_go_in_and_those_elsewhere_do_not(office):
    team = office.enter("team", {"name": "Đội 178 xã", "level": "commune", "epoch": "new", "area": "15664"})[0]
    here, there = office.place(code="TS-1"), office.place(code="TS-2", unit=ELSEWHERE)
    header = ("Mã", "Mã cơ sở", "Ngày kiểm tra", "Đội kiểm tra", "Hình thức", "Kết quả")
    rows = [("K1", "TS-1", "05/11/2025", "Đội 178 xã", "planned", "no_violation"),
            ("K2", "TS-2", "05/11/2025", "Đội 178 xã", "planned", "no_violation")]  # fmt: skip

    _address, page = take(office.client(area=COMMUNE), sheet(*rows, header=header), "kiem-tra")

    assert "Mới 1 Thay đổi 0 Như cũ 0 Sai 1" in text(page)
    found = office.db.conn.execute("SELECT establishment, team FROM visits").fetchall()
    assert found == [(here, team)] and there not in dict(found)


def test_past_decisions_go_in_on_the_same_page(office):
    owner = office.enter("operator", {"name": "Hộ Nam", "form": "household"})[0]
    office.place(code="TS-1", **{"operator/1": {"from": "2019-01-01", "operator": owner}})
    header = ("Số quyết định", "Cơ quan ra quyết định", "Mã cơ sở", "Mã hành vi", "Ngày quyết định", "Hình thức")
    row = ("12/QĐ", "UBND xã", "TS-1", catalogue()[0].code, "05/11/2025", "phạt tiền")

    _address, page = take(office.client(area=COMMUNE), sheet(row, header=header), "quyet-dinh")

    assert "Mới 1" in text(page), text(page)
    assert office.db.conn.execute("SELECT operator, number FROM decisions").fetchall() == [(owner, "12/QĐ")]


def test_an_import_that_was_cut_short_says_so_and_goes_on_without_doing_anything_twice(office):
    client = office.client()
    address = upload(client, sheet(*((f"TS-{n}", *ROW[1:]) for n in range(200))))
    id = address.rpartition("/")[2]
    chosen = {name.removeprefix("cot:"): said for name, said in columns(client, address).items()}
    jobs.choose(office.db, id, chosen)
    long_ago = instant_text(now() - timedelta(hours=1))
    office.db.conn.execute("UPDATE import_runs SET state = 'running', heard_at = ? WHERE id = ?", (long_ago, id))
    assert "Dừng giữa chừng" in text(client.get(address))

    client.post(address, data={"csrf_token": token(client), "do": "again"})
    page = done(client, address)

    assert "Mới 200 Thay đổi 0 Như cũ 0 Sai 0" in text(page)
    assert office.db.conn.execute("SELECT count(*) FROM register_rows").fetchone()[0] == 200


def test_one_that_runs_is_not_begun_a_second_time(office):
    client = office.client()
    id = upload(client, sheet(ROW)).rpartition("/")[2]
    alive = instant_text(now())
    office.db.conn.execute("UPDATE import_runs SET state = 'running', heard_at = ? WHERE id = ?", (alive, id))

    assert jobs.begin(office.settings, office.db, id, jobs.Area(DISTRICT, frozenset(), frozenset())) is False
    assert "Đang nhập" in text(client.get(f"{PATH}/{id}"))


def test_a_file_that_nobody_wants_is_thrown_away(office):
    client = office.client()
    address = upload(client, sheet(ROW))

    client.post(address, data={"csrf_token": token(client), "do": "drop"})

    assert client.get(address).status_code == 404
    assert not list((office.settings.data / "imports").iterdir())


def test_what_was_imported_leaves_no_copy_of_the_file_behind(office):
    address, _page = take(office.client(), sheet(ROW))

    left = {path.name for path in (office.settings.data / "imports" / address.rpartition("/")[2]).iterdir()}

    assert jobs.FILE not in left


def test_another_area_does_not_see_what_was_imported_here(office):
    address, _page = take(office.client(area=COMMUNE), sheet(ROW))

    assert office.client(area=ELSEWHERE).get(address).status_code == 403
    assert "so.csv" not in text(office.client(area=ELSEWHERE).get(PATH))
