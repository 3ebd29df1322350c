"""What each job does, and what it says of it."""

from datetime import timedelta

import pytest

from server.arrivals.world import unit_tree
from server.audit import Entry, note
from server.clock import local_day, now
from server.jobs import work
from server.jobs.reminders import expire_assignments, remind, reminders
from server.jobs.work import NothingToDo, Trouble, Work
from server.laptops import laptops
from server.store import writing
from tests.conftest import AT, COMMUNE, ELSEWHERE


@pytest.fixture
def at_work(central):
    return Work(central.db, central.settings, now())


@pytest.fixture
def kept(central, tmp_path, monkeypatch):
    """A place for backups, with its passphrase."""
    folder, secret = tmp_path / "backups", tmp_path / "passphrase"
    folder.mkdir()
    secret.write_text("mot cau that dai de thu")
    secret.chmod(0o600)
    monkeypatch.setenv("DOI178_BACKUP_DIR", str(folder))
    monkeypatch.setenv("DOI178_BACKUP_PASSPHRASE_FILE", str(secret))
    return folder


def test_a_new_year_is_counted_and_one_that_is_counted_stays_as_it_is(central, at_work):
    central.place()
    this_year = local_day(now()).year
    conn = central.db.conn
    work.count_this_year(central.settings)
    before = conn.execute("SELECT * FROM coverage_deltas ORDER BY year, unit, kinds, day").fetchall()
    conn.execute("DELETE FROM coverage_years WHERE year = ?", (this_year,))
    conn.execute("DELETE FROM coverage_deltas WHERE year = ?", (this_year,))

    said = [work.count_year(at_work), work.count_year(at_work)]

    assert said == [f"Đã chuẩn bị số liệu năm {this_year}.", f"Số liệu năm {this_year} đã sẵn."]
    assert conn.execute("SELECT * FROM coverage_deltas ORDER BY year, unit, kinds, day").fetchall() == before


def test_without_a_place_for_backups_nothing_is_made_and_it_says_what_to_set(at_work, monkeypatch):
    monkeypatch.delenv("DOI178_BACKUP_DIR", raising=False)

    for job in (work.backup, work.try_backup):
        with pytest.raises(NothingToDo, match="DOI178_BACKUP_DIR"):
            job(at_work)


def test_a_backup_is_made_and_comes_back_when_it_is_tried(central, at_work, kept):
    central.place()

    made, tried = work.backup(at_work), work.try_backup(at_work)

    assert "Đã lưu doi178-" in made
    assert "mở được, đủ" in tried
    assert len(list(kept.glob("*.backup"))) == 1
    assert not (central.settings.data / "trial.tmp").exists()


def test_the_log_goes_along_in_a_backup_and_its_head_among_the_arrivals(central, at_work, kept):
    with writing(central.db) as conn:
        note(conn, Entry("history.open", "u", "police", "establishment:e", COMMUNE, "Công văn 1"), AT)

    work.backup(at_work)

    assert "mở được" in work.try_backup(at_work)
    assert central.one("SELECT count(*) FROM items WHERE kind = 'log_head'") == 1


def test_a_backup_that_cannot_be_opened_is_told(at_work, kept):
    work.backup(at_work)
    file = next(kept.glob("*.backup"))
    file.write_bytes(file.read_bytes()[:-200])

    with pytest.raises(Trouble, match="không dùng được"):
        work.try_backup(at_work)


def test_a_backup_whose_place_is_gone_is_told(at_work, kept):
    kept.rmdir()

    with pytest.raises(Trouble):
        work.backup(at_work)


def test_nothing_to_try_is_said(at_work, kept):
    with pytest.raises(NothingToDo, match="Chưa có bản lưu"):
        work.try_backup(at_work)


def test_verifying_says_what_it_found(central, at_work):
    central.place()
    assert work.verify(at_work).startswith("Khớp: ")

    with writing(central.db) as conn:
        conn.execute("UPDATE establishments SET name = 'khác'")

    with pytest.raises(Trouble, match="không khớp"):
        work.verify(at_work)


def team(central, unit=COMMUNE, **more):
    epoch, _, area = unit.partition(":")
    state = {"name": "Đội 1", "level": "commune", "epoch": epoch, "area": area, **more}
    id = "018f0000-0000-7000-8000-00000000000a"
    central.edit("team", id, state)
    return id


def member(days, today):
    ends = (today + timedelta(days=days)).isoformat()
    return {"member/1": {"name": "Lê Thị Hạnh", "agency": "Công an xã", "card": "178/TKT", "card_expires_on": ends}}


@pytest.mark.parametrize(("days", "told"), [(-400, True), (-1, True), (0, True), (30, True), (31, False)])
def test_a_card_is_told_from_thirty_days_before_its_end(central, at_work, days, told):
    team(central, **member(days, local_day(at_work.at)))

    remind(at_work)

    assert central.one("SELECT count(*) FROM reminders WHERE kind = 'card'") == told


def test_what_is_no_longer_so_is_no_longer_told(central, at_work):
    id = team(central, valid_to=local_day(at_work.at).isoformat())
    remind(at_work)
    assert central.one("SELECT kind FROM reminders") == "team"

    central.edit("team", id, {"valid_to": "2099-12-31"}, {"valid_to": local_day(at_work.at).isoformat()})
    remind(at_work)

    assert central.one("SELECT count(*) FROM reminders") == 0


@pytest.mark.parametrize(("days", "told"), [(3, 0), (7, 0), (8, 1)])
def test_a_laptop_is_told_that_was_silent_for_more_than_a_week(central, at_work, days, told):
    laptop = central.laptop()
    heard = (at_work.at - timedelta(days=days)).isoformat()[:19] + "Z"
    central.db["contacts"].insert(
        {"device": laptop.id, "at": heard, "drafts": 0, "unsent": 0, "version": "", "clock_offset_s": 0}
    )

    remind(at_work)

    assert [one.id for one in laptops(central.db.conn)] == [laptop.id]
    assert central.one("SELECT count(*) FROM reminders WHERE kind = 'laptop'") == told


@pytest.fixture
def assigned(central, at_work):
    """Assign a place until some days from today."""
    here, by = central.place(), team(central)

    def assign(days):
        today = local_day(at_work.at)
        state = {"establishment": here, "team": by, "basis": "planned",
                 "given_on": (today - timedelta(days=60)).isoformat(), "reserved": False, "withdrawn": False,
                 "expires_on": (today + timedelta(days=days)).isoformat()}  # fmt: skip
        assert central.edit("assignment", "018f0000-0000-7000-8000-00000000000b", state).standing == "accepted"
        return here

    return assign


@pytest.mark.parametrize(("days", "told"), [(0, 0), (-1, 1), (-30, 1), (-31, 0)])
def test_an_assignment_that_ended_without_a_visit_is_told_for_a_month(central, at_work, assigned, days, told):
    assigned(days)

    expire_assignments(at_work)

    assert central.one("SELECT count(*) FROM reminders WHERE kind = 'assignment'") == told


def test_an_assignment_that_was_done_is_not(central, at_work, assigned):
    place = assigned(-5)
    day = (local_day(at_work.at) - timedelta(days=10)).isoformat()
    laptop = central.laptop()
    assert laptop.sends(laptop.visit(place, date=day, team="018f0000-0000-7000-8000-00000000000a")) == ["accepted"]

    expire_assignments(at_work)

    assert central.one("SELECT count(*) FROM reminders") == 0


def test_reminders_are_of_the_area_and_for_who_can_end_them(central, at_work):
    team(central, **member(0, local_day(at_work.at)))
    remind(at_work)
    tree = unit_tree(central.db.conn)

    def told(role, unit):
        return [one.kind for one in reminders(central.db.conn, tree, role, unit)]

    assert told("coordinator", COMMUNE) == ["card"]
    assert told("coordinator", ELSEWHERE) == []
    assert told("team", COMMUNE) == []
