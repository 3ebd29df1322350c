"""The page of laptops: what it says of each, codes with their picture, locking, taking out of use; the files."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import pytest

from schemas.fields import instant_text
from server.arrivals import runs
from server.clock import local_day, now
from server.door.contacts import note
from server.office import state_of, things
from sync.enrolment import EnrolmentCode
from sync.report import Report

COMMUNE, DISTRICT = "new:15664", "old:397"


def ago(**parts):
    return instant_text(datetime.now(UTC) - timedelta(**parts))


def row_of(page, name):
    """Return the text of the row of a laptop, without its marks."""
    rows = re.findall(r"<tr>.*?</tr>", page, re.DOTALL)
    found = next(row for row in rows if name in row)
    return " ".join(re.sub(r"<[^>]+>", " ", found).split())


def send(client, path, **form):
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/").text)[1]
    return client.post(path, data={**form, "csrf_token": token})


def test_without_a_laptop_the_page_says_what_to_do_next(office):
    page = office.client().get("/may-tinh").text

    assert "Chưa có máy tính nào của đội trong địa bàn." in page
    assert "/may-tinh/dang-ky" in page


def test_a_laptop_is_told_with_its_age_what_is_left_its_clock_and_its_version(office):
    office.laptop(
        "Máy Đội 1", at=ago(days=3), drafts=2, unsent=1200, earliest="2026-11-05", version="0.1.0",
        clock_offset_s=-504_921_600, run="018f0000-aaaa",
    )  # fmt: skip

    said = row_of(office.client().get("/may-tinh").text, "Máy Đội 1")

    for words in ("3 ngày trước", "1.200 hồ sơ chờ gửi, 2 bản nháp", "cuộc kiểm tra sớm nhất 05/11/2026", "chậm 16 năm",
                  "0.1.0", "lần đăng ký 018f0000", "Đang dùng"):  # fmt: skip
        assert words in said


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "đúng"), (-60, "đúng"), (300, "nhanh 5 phút"), (36 * 31_557_600, "nhanh 36 năm")]
)
def test_the_clock_is_said_in_words(office, seconds, words):
    office.laptop("Máy A", at=ago(hours=1), clock_offset_s=seconds)

    assert words in row_of(office.client().get("/may-tinh").text, "Máy A")


def test_how_each_laptop_stands(office):
    office.laptop("Máy im")
    office.laptop("Máy mất", at=ago(days=9))
    client = office.client()
    ids = {state["name"]: id for id, state in things(office.db.conn, "device").items()}

    send(client, f"/may-tinh/{ids['Máy mất']}/khoa", reason="Bị mất trộm")
    send(client, f"/may-tinh/{ids['Máy im']}/ngung-dung", by="Lê Thị Hạnh", sure="1")
    page = client.get("/may-tinh").text

    assert "Đã khóa" in row_of(page, "Máy mất")
    assert "Bị mất trộm" in row_of(page, "Máy mất")
    assert "Máy ngừng dùng" in row_of(page, "Máy im")
    assert "Lê Thị Hạnh xác nhận không còn hồ sơ chưa gửi" in row_of(page, "Máy im")
    assert "Máy “Máy im” đã ngừng dùng." in page


def test_a_laptop_that_is_used_in_two_places_is_told(office):
    device = office.laptop("Máy hai nơi")
    for name in ("a", "b"):
        office.db.conn.execute(
            "INSERT INTO run_clashes (item, device, run, device_seq, at) VALUES (?, ?, 'r', 7, '2026-11-20T15:00:00Z')",
            (name, device),
        )

    assert "có hai bản sao cùng gửi" in row_of(office.client().get("/may-tinh").text, "Máy hai nơi")


def test_items_that_are_missing_in_a_run_are_told(office):
    id = office.laptop("Máy hở", at=ago(hours=2))
    office.db["runs"].insert({"device": id, "run": "r", "last_seq": 7, "items": 5})

    assert "thiếu 2 hồ sơ" in row_of(office.client().get("/may-tinh").text, "Máy hở")


def seen_in_two_places(office, id, *, at):
    """Let one run of a laptop send the same number twice, under two names."""
    for name in ("một", "hai"):
        runs.count(office.db.conn, id, "đợt", [(1, f"{name} {id}")], at)


def test_a_laptop_that_goes_on_in_two_places_is_told_with_what_to_do(office):
    id = office.laptop("Máy sao", at=ago(hours=1))
    office.laptop("Máy lành", at=ago(hours=1))
    seen_in_two_places(office, id, at=ago(hours=1))
    client = office.client()

    page = client.get("/may-tinh").text
    rows = list(csv.DictReader(io.StringIO(client.get("/may-tinh.csv").text.removeprefix("\ufeff"))))
    found = {one["name"]: one for one in client.get("/may-tinh.json").get_json()["laptops"]}

    assert "Máy sao: Hai bản sao của máy này cùng gửi: 1 hồ sơ, gần nhất lúc" in page
    assert page.count("cất thư mục dữ liệu cũ đi, rồi đăng ký lại như máy mới") == 1
    assert "có hai bản sao cùng gửi" in row_of(page.partition("<table")[2], "Máy sao")
    assert [bool(row["Hai bản sao"]) for row in sorted(rows, key=lambda row: row["Tên máy"])] == [False, True]
    assert (found["Máy sao"]["copied"], found["Máy lành"]["copied"], found["Máy lành"]["copied_at"]) == (1, 0, None)


@pytest.mark.parametrize("where", ["another area", "a month ago", "out of use"])
def test_two_places_are_not_told_of_elsewhere_nor_when_it_is_over(office, where):
    id = office.laptop("Máy sao", area="new:15682" if where == "another area" else COMMUNE, at=ago(hours=1))
    seen_in_two_places(office, id, at=ago(days=31) if where == "a month ago" else ago(hours=1))
    client = office.client(area=COMMUNE)
    if where == "out of use":
        send(client, f"/may-tinh/{id}/ngung-dung", by="Lê Thị Hạnh", sure="1")

    assert "Hai bản sao" not in client.get("/may-tinh").text


def test_a_laptop_of_another_area_is_not_told_of(office):
    office.laptop("Máy nơi khác", area="new:15682")
    client = office.client(area=COMMUNE)

    assert "Máy nơi khác" not in client.get("/may-tinh").text
    assert "Máy nơi khác" not in client.get("/may-tinh.csv").text
    assert client.get("/may-tinh.json").get_json() == {"laptops": []}


def test_the_same_list_as_files(office):
    office.laptop("=Máy", at="2026-11-19T15:00:00Z", unsent=3, earliest="2026-11-05")
    client = office.client()

    rows = list(csv.reader(io.StringIO(client.get("/may-tinh.csv").text.removeprefix("\ufeff"))))
    found = client.get("/may-tinh.json").get_json()["laptops"][0]

    assert rows[1][0] == "'=Máy"
    assert dict(zip(*rows, strict=True))["Đã nhận đủ số liệu đến ngày"] == "2026-11-04"
    assert (found["unsent"], found["complete_to"], found["state"]) == (3, "2026-11-04", "in_use")
    assert client.get("/may-tinh.xlsx").data[:2] == b"PK"
    assert client.get("/may-tinh.pdf").status_code == 404


def test_a_code_is_shown_as_text_and_as_a_picture_and_brings_in_one_laptop(office):
    team = office.enter("team", {"name": "Đội 178", "level": "commune", "epoch": "new", "area": "15664"})[0]

    page = send(office.client(), "/may-tinh/dang-ky", **{"don-vi": COMMUNE, "doi": team}).text

    text = re.search(r"D178-[\w-]+", page)[0]
    row = office.db.conn.execute("SELECT epoch, area, team FROM enrolments").fetchone()
    assert EnrolmentCode.parse(text).secret
    assert (row, "<svg" in page, "Dùng một lần, trước" in page) == (("new", "15664", team), True, True)
    assert text not in office.client().get("/may-tinh/dang-ky").text


def test_a_code_for_the_server_s_own_machine_says_so(office):
    page = send(office.client(), "/may-tinh/dang-ky", **{"don-vi": COMMUNE}).text

    assert "chỉ dùng được trên chính máy chủ" in page


def test_the_picture_reads_as_the_code(office):
    pyzbar = pytest.importorskip("pyzbar.pyzbar", reason="zbar is missing", exc_type=ImportError)
    from PIL import Image

    page = send(office.client(), "/may-tinh/dang-ky", **{"don-vi": COMMUNE}).text

    size = int(re.search(r'viewBox="0 0 (\d+)', page)[1])
    picture = Image.new("L", (size, size), 255)
    for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", page):
        picture.putpixel((int(x), int(y)), 0)
    read = pyzbar.decode(picture.resize((size * 4, size * 4), Image.Resampling.NEAREST))

    assert [one.data.decode() for one in read] == [re.search(r"D178-[\w-]+", page)[0]]


def test_locking_asks_for_the_reason_and_keeps_what_was_typed(office):
    id = office.laptop("Máy mất")
    client = office.client()

    answer = send(client, f"/may-tinh/{id}/khoa", reason=" ")

    assert answer.status_code == 422
    assert "Ghi lý do" in answer.text
    assert "revoked_on" not in state_of(office.db.conn, "device", id)


def test_a_locked_laptop_is_offered_a_new_code_and_is_not_locked_twice(office):
    id = office.laptop("Máy mất")
    client = office.client()
    send(client, f"/may-tinh/{id}/khoa", reason="Mất")

    again = send(client, f"/may-tinh/{id}/khoa", reason="Mất")

    assert again.status_code == 422
    assert "cấp mã đăng ký mới" in again.text
    assert f"/may-tinh/{id}/khoa" not in client.get("/may-tinh").text
    assert "Cấp mã mới" in row_of(client.get("/may-tinh").text, "Máy mất")


@pytest.mark.parametrize("form", [{"by": "Lê Thị Hạnh"}, {"sure": "1"}, {}])
def test_a_laptop_leaves_only_by_a_named_person_who_is_sure(office, form):
    id = office.laptop("Máy cũ", at=ago(days=40), unsent=2, earliest="2026-10-01")
    client = office.client()

    answer = send(client, f"/may-tinh/{id}/ngung-dung", **form)

    assert answer.status_code == 422
    assert "2 hồ sơ chờ gửi" in answer.text
    assert "retired_on" not in state_of(office.db.conn, "device", id)


def test_a_retired_laptop_holds_nothing_back_and_is_told_when_it_comes_again(office):
    id = office.laptop("Máy cũ", at="2026-01-05T10:00:00Z")
    an_hour_ago = now() - timedelta(hours=1)  # may be yesterday
    office.laptop("Máy mới", at=instant_text(an_hour_ago))
    client = office.client()
    held = client.get("/may-tinh").text

    send(client, f"/may-tinh/{id}/ngung-dung", by="Lê Thị Hạnh", sure="1")
    freed = client.get("/may-tinh").text
    note(office.db.conn, id, Report(), now() + timedelta(days=1))

    assert "Đã nhận đủ số liệu đến ngày: <strong>05/01/2026</strong>" in held
    assert f"<strong>{local_day(an_hour_ago):%d/%m/%Y}</strong>" in freed
    assert "máy lại liên lạc" in row_of(client.get("/may-tinh").text, "Máy cũ")


def test_the_link_to_the_page_is_there_for_those_who_may_open_it(office):
    assert 'href="/may-tinh"' in office.client("coordinator").get("/doi").text
    assert 'href="/doi"' not in office.client("police").get("/").text
