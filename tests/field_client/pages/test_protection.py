"""Protecting a laptop by its pages: another passphrase, the office's key, backups, and coming back from one."""


import shutil
from pathlib import Path

import pytest

from field_client import daily, drafts, web
from field_client.clock import now
from field_client.settings import Settings
from field_client.vault import keys, office, opening
from sync.recovery_key import answer, make
from tests.closed import PASSPHRASE, close, key_of, opened
from tests.field_client.pages.furnish import DONG_DO
from tests.field_client.pages.test_lock import unlock, waits
from tests.markup import faults

NEW = "năm từ khác hẳn mới"


@pytest.fixture
def closed(settings):
    """The furnished laptop, encrypted and not unlocked."""
    close(settings)
    return settings


@pytest.fixture
def reader(closed, open_pages):
    """A browser on it, unlocked."""
    fresh = open_pages(closed)
    unlock(fresh)
    return fresh


def protect(reader, do, **form):
    return reader.post("/bao-ve", {"do": do, **form}, seen="/bao-ve")


def test_the_passphrase_is_changed_by_who_knows_it(reader, closed, open_pages):
    wrong = protect(reader, "passphrase", old="không phải", new=NEW, again=NEW)
    short = protect(reader, "passphrase", old=PASSPHRASE, new="ngắn", again="ngắn")
    other = protect(reader, "passphrase", old=PASSPHRASE, new=NEW, again=PASSPHRASE)
    assert (wrong.status_code, short.status_code, other.status_code) == (422, 422, 422)
    assert [faults(page.text) for page in (wrong, short, other)] == [[], [], []]

    assert protect(reader, "passphrase", old=PASSPHRASE, new=NEW, again=NEW).status_code == 303

    again = open_pages(closed)
    assert unlock(again, PASSPHRASE).status_code == 422
    assert unlock(again, NEW).status_code == 303


def test_when_it_locks_is_chosen_and_kept(reader, closed, open_pages):
    assert protect(reader, "idle", idle="7").status_code == 422
    protect(reader, "idle", idle="30")
    waits(reader, 20)
    assert reader.get("/co-so").status_code == 200

    again = open_pages(closed)
    unlock(again)
    waits(again, 20)
    assert again.get("/co-so").status_code == 200
    waits(again, 31)
    assert again.get("/co-so").status_code == 302


def test_a_forgotten_passphrase_is_replaced_by_the_answer_of_two_people(reader, closed, open_pages):
    made = make()
    assert "không ai mở lại được" in reader.text("/bao-ve")
    assert protect(reader, "office", public=made.halves[0]).status_code == 422
    assert protect(reader, "office", public=made.public).status_code == 303
    assert "Máy này mở lại được" in reader.text("/bao-ve")
    locked = open_pages(closed)
    shown, asked = locked.text("/mo-khoa/quen"), office.request(closed)
    assert asked in shown
    assert "<svg" in shown
    assert faults(shown) == []
    told = answer(asked, *made.halves)

    wrong = locked.post("/mo-khoa/quen", {"answer": told[:-4], "new": NEW, "again": NEW}, seen="/mo-khoa/quen")
    short = locked.post("/mo-khoa/quen", {"answer": told, "new": "x", "again": "x"}, seen="/mo-khoa/quen")
    done = locked.post("/mo-khoa/quen", {"answer": told, "new": NEW, "again": NEW}, seen="/mo-khoa/quen")

    assert (wrong.status_code, short.status_code, done.status_code) == (422, 422, 303)
    assert "Đông Đô" in locked.text(f"/co-so/{DONG_DO}")
    assert unlock(open_pages(closed), NEW).status_code == 303
    assert office.request(closed) != asked, "what was overheard opens nothing more"


def test_without_a_recovery_key_the_page_says_what_is_left(closed, open_pages):
    shown = open_pages(closed).text("/mo-khoa/quen")

    assert "chưa có khóa dự phòng" in shown
    assert faults(shown) == []


def test_a_backup_goes_where_one_says_and_one_that_cannot_says_why(reader, closed, tmp_path):
    usb = tmp_path / "usb"
    usb.mkdir()

    assert protect(reader, "backup", to=str(tmp_path / "nowhere")).status_code == 422
    assert protect(reader, "backup", to=str(usb)).status_code == 303

    [file] = usb.iterdir()
    assert b"Karaoke" not in file.read_bytes()
    assert str(file) in reader.text("/bao-ve")


def saved(reader, settings, tmp_path):
    """Begin a draft, back the laptop up to a stick, and return the file and the draft's id."""
    draft = reader.begin()
    reader.save(draft, remark="Đang ghi dở")
    (tmp_path / "usb").mkdir()
    protect(reader, "backup", to=str(tmp_path / "usb"))
    [file] = (tmp_path / "usb").iterdir()
    return file, draft


def test_a_person_brings_a_laptop_back_from_its_backup_on_a_new_one(reader, closed, open_pages, tmp_path):
    file, draft = saved(reader, closed, tmp_path)
    settings = Settings(tmp_path / "máy mới")
    fresh = open_pages(settings)
    asked = fresh.text("/mo-khoa/dung-lai")

    def bring(**form):
        return fresh.post("/mo-khoa/dung-lai", {"passphrase": PASSPHRASE, **form}, seen="/mo-khoa/dung-lai")

    nowhere, wrong = bring(file="/khong/co"), bring(file=str(file), passphrase="mật khẩu khác")
    assert (nowhere.status_code, wrong.status_code) == (422, 422)
    assert opening.state(settings) is opening.State.NEW
    assert [faults(page) for page in (asked, nowhere.text, wrong.text)] == [[], [], []]
    done = bring(file=str(file))

    assert done.status_code == 303
    assert "Đã dựng lại từ bản lưu" in fresh.text("/")
    db = opened(settings.data)
    assert drafts.load(db, draft).fields["remark"] == "Đang ghi dở"
    assert db.conn.execute("SELECT value FROM meta WHERE key = 'device_seq'").fetchone() == ("0",)
    db.close()
    assert unlock(open_pages(settings)).status_code == 303


def test_what_stood_there_is_put_aside_and_a_restore_that_was_cut_is_done_again(reader, closed, open_pages, tmp_path):
    file, draft = saved(reader, closed, tmp_path)
    settings = Settings(Path(shutil.copytree(closed.data, tmp_path / "hỏng")))
    settings.vault.unlink()  # as after a restore that was cut short
    fresh = open_pages(settings)
    torn = unlock(fresh, again=PASSPHRASE)

    fresh.post("/mo-khoa/dung-lai", {"passphrase": PASSPHRASE, "file": str(file)}, seen="/mo-khoa/dung-lai")

    assert torn.status_code == 422
    assert "dựng lại từ bản lưu" in torn.text
    [aside] = settings.data.glob("truoc-*")
    assert (aside / "field.db").exists()
    db = opened(settings.data)
    assert drafts.load(db, draft).fields["remark"] == "Đang ghi dở"
    db.close()



def test_an_open_laptop_is_not_replaced(reader, closed, tmp_path):
    file, _ = saved(reader, closed, tmp_path)

    answered = reader.post("/mo-khoa/dung-lai", {"passphrase": PASSPHRASE, "file": str(file)}, seen="/mo-khoa/dung-lai")

    assert answered.status_code == 422
    assert "đóng chương trình" in answered.text


def test_a_backup_whose_passphrase_was_forgotten_is_opened_by_the_two_holders(reader, closed, open_pages, tmp_path):
    made = make()
    protect(reader, "office", public=made.public)
    file, draft = saved(reader, closed, tmp_path)
    settings = Settings(tmp_path / "máy mới")
    fresh = open_pages(settings)
    first = fresh.post("/mo-khoa/dung-lai", {"file": str(file), "passphrase": "không nhớ"}, seen="/mo-khoa/dung-lai")
    asked = office.request(closed)
    assert asked in first.text

    form = {"file": str(file), "passphrase": "", "answer": answer(asked, *made.halves)}
    done = fresh.post("/mo-khoa/dung-lai", form, seen="/mo-khoa/dung-lai")

    assert done.status_code == 303
    db = opened(settings.data)
    assert drafts.load(db, draft).fields["remark"] == "Đang ghi dở"
    db.close()


def test_a_backup_is_made_every_day_and_the_oldest_goes(reader, closed):
    db = opened(closed.data)
    key, at = key_of(closed), now()
    closed.backups.mkdir()
    for day in range(1, 9):
        (closed.backups / f"2020-01-{day:02d}.backup").write_bytes(b"old")

    made = daily.daily(db, closed, key, at)

    assert made == daily.kept(closed)[0]
    assert len(daily.kept(closed)) == daily.DAYS
    assert daily.daily(db, closed, key, at) is None
    assert "Bản lưu hằng ngày gần nhất" in reader.text("/bao-ve")
    db.close()


def test_a_backup_that_cannot_be_made_is_told_and_costs_nothing(reader, closed):
    closed.backups.write_text("a file stands where the folder should be")
    db = opened(closed.data)

    assert daily.daily(db, closed, key_of(closed), now()) is None

    assert daily.FULL in reader.text("/bao-ve")
    db.close()


def test_a_plain_laptop_is_told_how_to_be_encrypted(settings, open_pages):
    shown = open_pages(settings).text("/bao-ve")

    assert "doi178-field passphrase" in shown
    assert faults(shown) == []
    assert keys.read(settings.vault).plain
    assert not web.gate(open_pages(settings).app).locks
