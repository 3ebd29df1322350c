"""The lock: a passphrase before anything is shown, who is at the keys, and pages that shut when nobody is there."""

import json

import pytest

from field_client import web
from field_client.settings import Settings
from field_client.store import get_meta
from field_client.vault import older, opening
from field_client.vault.gate import Gate
from tests.closed import PASSPHRASE, close, opened
from tests.field_client.pages.conftest import Reader
from tests.field_client.pages.furnish import DONG_DO, furnish
from tests.markup import faults

HERE = "http://127.0.0.1:8179"


@pytest.fixture
def closed(settings):
    """The furnished laptop, encrypted and not unlocked."""
    close(settings)
    return settings


def unlock(reader, passphrase=PASSPHRASE, **form):
    return reader.post("/mo-khoa", {"passphrase": passphrase, **form}, seen="/mo-khoa")


def waits(reader, minutes):
    """Let the clock of the gate go on."""
    gate = web.gate(reader.app)
    before, gate._clocks = gate._clocks, lambda: tuple(one + minutes * 60 for one in before())


def test_before_it_is_unlocked_no_page_shows_anything(closed, open_pages):
    reader = open_pages(closed)

    for path in ("/", "/co-so", f"/co-so/{DONG_DO}", "/dang-ky"):
        answer = reader.get(path)
        assert answer.status_code == 302
        assert answer.location.startswith("/mo-khoa?tiep=/")
    shown = reader.text("/")
    assert "Mật khẩu" in shown
    assert "Đông Đô" not in shown
    assert faults(shown) == []


def test_the_passphrase_opens_it_and_one_goes_on_where_one_was_going(closed, open_pages):
    reader = open_pages(closed)

    wrong = unlock(reader, "mật khẩu khác")
    right = unlock(reader, tiep=f"/co-so/{DONG_DO}")

    assert wrong.status_code == 422
    assert "Mật khẩu không đúng; nhập lại." in wrong.text
    assert faults(wrong.text) == []
    assert right.status_code == 303
    assert "Ai đang ghi?" in reader.text(right.location)
    assert f'value="/co-so/{DONG_DO}"' in reader.text(right.location)
    assert "Đông Đô" in reader.text(f"/co-so/{DONG_DO}")


def test_it_leads_nowhere_else(closed, open_pages):
    reader = open_pages(closed)

    assert 'value="/"' in reader.text("/mo-khoa?tiep=//elsewhere.example/")


def test_a_new_laptop_asks_for_its_passphrase_first(tmp_path, open_pages):
    settings = Settings(tmp_path / "mới")
    reader = open_pages(settings)

    short = unlock(reader, "123456789", again="123456789")
    other = unlock(reader, PASSPHRASE, again="bốn từ khác hẳn")
    assert not settings.database.exists()
    kept = unlock(reader, PASSPHRASE, again=PASSPHRASE)

    assert "ít nhất 10 ký tự" in short.text
    assert "Hai lần nhập khác nhau" in other.text
    assert kept.status_code == 303
    assert opening.state(settings) is opening.State.CLOSED
    assert "Đăng ký máy" in reader.text("/")


def test_it_is_plain_only_when_somebody_says_so(tmp_path, open_pages):
    settings = Settings(tmp_path / "mới")
    reader = open_pages(settings)

    reader.post("/mo-khoa", {"plain": "yes"}, seen="/mo-khoa")

    assert opening.state(settings) is opening.State.PLAIN
    assert "Đăng ký máy" in reader.text("/")
    assert "Khóa" not in reader.text("/nguoi-ghi")
    assert "Đăng ký máy" in open_pages(settings).text("/")


def test_an_encrypted_store_is_not_made_plain_by_the_page(closed, open_pages):
    answer = open_pages(closed).post("/mo-khoa", {"plain": "yes"}, seen="/mo-khoa")

    assert answer.status_code == 422


def test_a_store_from_before_is_encrypted_when_its_passphrase_is_chosen(settings, open_pages):
    settings.vault.unlink()
    reader = open_pages(settings)

    asked = reader.text("/")
    unlock(reader, again=PASSPHRASE)

    assert "chưa được mã hóa" in asked
    assert "Đông Đô" in reader.text(f"/co-so/{DONG_DO}")
    assert not older.left(settings)


def test_what_was_typed_before_the_program_died_is_saved_once_it_is_unlocked_again(closed, open_pages):
    first = open_pages(closed)
    unlock(first)
    draft, token = first.begin(), first.token("/gui-nhan")

    def save(reader, client):
        return client.post(
            f"/cuoc-kiem-tra/{draft}/luu", json={"fields": {"remark": "Đang gõ"}},
            headers={"X-CSRFToken": token, "Accept": "application/json"}, base_url=HERE,
        )  # fmt: skip

    again = open_pages(closed)
    browser = first.client  # it has the cookie of the page that is still open
    browser.application = again.app
    before = save(again, browser)
    again.client = browser
    again.get(web.door(again.app))
    unlock(again)
    after = save(again, browser)

    assert before.status_code == 403
    assert after.status_code == 200


def test_when_nobody_was_there_the_pages_shut_and_sending_goes_on(closed, open_pages):
    reader = open_pages(closed)
    unlock(reader)
    draft, token = reader.begin(), reader.token("/gui-nhan")
    waits(reader, 9)
    assert reader.get("/co-so").status_code == 200
    waits(reader, 9)
    assert reader.get("/co-so").status_code == 200

    waits(reader, 11)
    shown = reader.get("/co-so")
    saved = reader.client.post(
        f"/cuoc-kiem-tra/{draft}/luu", json={"fields": {"remark": "Đang gõ"}},
        headers={"X-CSRFToken": token, "Accept": "application/json"}, base_url=HERE,
    )  # fmt: skip

    assert shown.location == "/mo-khoa?tiep=/co-so"
    assert saved.status_code == 423
    assert "vẫn còn trên trang" in saved.json["detail"]
    assert web.gate(reader.app).key, "the courier goes on with it"
    assert unlock(reader, "mật khẩu khác").status_code == 422
    assert unlock(reader, tiep="/co-so").location == "/co-so"
    assert reader.save(draft, remark="Đang gõ").status_code == 200


def test_what_a_page_fetches_by_itself_is_no_sign_of_a_person(closed, open_pages):
    reader = open_pages(closed)
    unlock(reader)
    for _ in range(4):
        waits(reader, 3)
        reader.get("/gui-nhan", headers={"Sec-Fetch-Dest": "empty"})

    told = reader.get("/mo-khoa/con-mo", headers={"Accept": "application/json"}).json

    assert told["open"] is False
    assert told["locks"] is True


def test_a_form_that_comes_after_the_lock_fell_is_not_lost(closed, open_pages):
    reader = open_pages(closed)
    unlock(reader)
    token = reader.token("/gui-nhan")
    waits(reader, 11)

    answer = reader.client.post("/co-so/moi", data={"csrf_token": token, "name": "Karaoke Mới"}, base_url=HERE)

    assert answer.status_code == 423
    assert "bấm Quay lại" in answer.text
    assert faults(answer.text) == []


def test_it_is_locked_by_a_press_and_opened_over_the_page(closed, open_pages):
    reader = open_pages(closed)
    unlock(reader)
    token = reader.token("/gui-nhan")
    shut = reader.post("/khoa", {"tiep": "/co-so"})

    told = reader.client.post(
        "/mo-khoa", data={"csrf_token": token, "passphrase": PASSPHRASE}, headers={"Accept": "application/json"},
        base_url=HERE,
    )  # fmt: skip

    assert shut.location == "/mo-khoa?tiep=/co-so"
    assert told.json == {"open": True}
    assert reader.get("/co-so").status_code == 200


def test_who_is_at_the_keys_stands_on_what_is_recorded(closed, open_pages):
    reader = open_pages(closed)
    unlock(reader)
    assert "Lê Thị Hạnh" in reader.text("/nguoi-ghi")

    reader.post("/nguoi-ghi", {"person": "Lê Thị Hạnh", "tiep": "/co-so"})
    shown = reader.text("/co-so")
    first = add_place(reader, closed, "Karaoke Một")
    reader.post("/nguoi-ghi", {"other": "  Trần Văn  Khác "})
    second = add_place(reader, closed, "Karaoke Hai")

    assert "<summary>Lê Thị Hạnh</summary>" in shown
    assert [first, second] == ["Lê Thị Hạnh", "Trần Văn Khác"]
    assert "ghi họ tên" in reader.post("/nguoi-ghi", {"other": " "}).text


def add_place(reader, settings, name):
    """Add a place by its page, and return who its record says made it."""
    answer = reader.post("/co-so/moi", {"name": name, "kinds": "karaoke", "unit": "new:15664", "address": "Phố Giắt"})
    assert answer.status_code == 303, answer.text
    db = opened(settings.data)
    (line,) = db.conn.execute("SELECT line FROM own ORDER BY local DESC LIMIT 1").fetchone()
    db.close()
    return json.loads(line)["author"]


def test_the_next_start_asks_again_who_is_there(closed, open_pages):
    reader = open_pages(closed)
    unlock(reader)
    reader.post("/nguoi-ghi", {"person": "Lê Thị Hạnh"})

    again = open_pages(closed)
    unlock(again)

    db = opened(closed.data)
    assert get_meta(db.conn, "at_the_keys") == ""
    db.close()


def test_a_laptop_without_a_team_is_not_asked_who_is_there(tmp_path, open_pages):
    settings = furnish(tmp_path / "mới", enrolled=False)
    close(settings)

    assert unlock(open_pages(settings)).location == "/"


def test_the_lid_that_was_closed_counts(closed):
    now = [0.0, 0.0]
    gate = Gate(closed, lambda: (now[0], now[1]))
    gate.unlock(PASSPHRASE)
    assert gate.is_open

    now[1] += 3600  # the one clock stood still

    assert not gate.is_open
    gate.touch()
    assert not gate.is_open


def test_nothing_is_unlocked_by_a_reader_of_the_old_door(closed, open_pages):
    reader = open_pages(closed)
    unlock(reader)

    stranger = Reader.__new__(Reader)
    stranger.client = reader.app.test_client()

    assert stranger.client.get("/", base_url=HERE).status_code == 403
