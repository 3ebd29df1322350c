"""The work itself, a function each; what it found to say is a sentence, what went wrong a Trouble."""

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from server.arrivals.checkpoint import note_result
from server.arrivals.upgrade import judge_what_waits_for_us
from server.audit.proof import anchor, head
from server.clock import local_day, now
from server.coverage.deltas import marks
from server.coverage.years import add_year
from server.files.keeping import drop_orphans, drop_strays
from server.files.uploads import expire
from server.recovery import nightly
from server.recovery.trial import try_newest
from server.recovery.written_down import write_down
from server.settings import NightlyBackup, Settings
from server.store import open_store
from sync.locks import Taken

log = logging.getLogger(__name__)


class Trouble(Exception):
    """The job could not do what it is for; the sentence says why, and what a person does."""


class NothingToDo(Exception):
    """There was nothing to do, or it is not set up; the sentence says so."""


@dataclass(frozen=True)
class Work:
    """What a job works with."""

    db: Database
    settings: Settings
    at: datetime


def judge_again(settings: Settings) -> None:
    """Take in what an earlier program could not read or fell over: done when the server starts.

    What was decided then, and what a crash kept out of the journal, is written down there too.
    """
    db = open_store(settings.database)
    moved = judge_what_waits_for_us(db, now())
    write_down(db.conn, settings.data, now())
    if moved:
        log.info("Judged again after an upgrade: %s changes of standing", moved)
    db.close()


def count_this_year(settings: Settings) -> None:
    """Give the present year its day deltas when the server starts; nothing happens when it has them."""
    db = open_store(settings.database)
    count_year(Work(db, settings, now()))
    db.close()


def count_year(work: Work) -> str:
    """Give the present year its day deltas, and finish the years that are in the making, the latest first."""
    year = local_day(work.at).year
    ready = {row[0] for row in work.db.conn.execute("SELECT year FROM coverage_years")}
    wanted = {year, *marks(work.db.conn)}
    for one in sorted(wanted, reverse=True):
        add_year(work.db, one)
    new = sorted(wanted - ready)
    return f"Đã chuẩn bị số liệu năm {', '.join(map(str, new))}." if new else f"Số liệu năm {year} đã sẵn."


def tidy_files(work: Work) -> str:
    """Drop the uploads that nobody goes on with, and the files that no record speaks for."""
    dropped = expire(work.db, work.settings.files, work.at)
    drop_orphans(work.db, work.settings.files, work.at)
    drop_strays(work.db, work.settings.files, work.at)
    return f"Đã bỏ {dropped} tệp gửi dở quá hạn."


def mark_log(work: Work) -> str:
    """Write the head of the log down among the arrivals."""
    if anchor(work.db, work.at):
        return f"Đã ghi mốc nhật ký ở dòng {head(work.db.conn).seq}."
    return "Nhật ký chưa có dòng nào mới."


def backup(work: Work) -> str:
    """Make tonight's backup where the settings say where to."""
    asked = NightlyBackup.from_environ()
    if asked is None:
        raise NothingToDo("Chưa đặt nơi lưu: đặt DOI178_BACKUP_DIR rồi chạy lại máy chủ.")
    anchor(work.db, work.at)
    told = nightly.backup_tonight(work.settings, asked)
    if told.trouble or told.made is None:
        raise Trouble(told.trouble)
    return f"Đã lưu {told.made.path.name}, đến lượt tiếp nhận {told.made.seq}, {told.made.files} tệp."


def try_backup(work: Work) -> str:
    """Open the newest backup as a restore would, aside, and verify what is in it."""
    asked = NightlyBackup.from_environ()
    if asked is None:
        raise NothingToDo("Chưa đặt nơi lưu: đặt DOI178_BACKUP_DIR rồi chạy lại máy chủ.")
    found = try_newest(work.settings, asked)
    if found is None:
        raise NothingToDo("Chưa có bản lưu nào trong thư mục.")
    if found.problems:
        raise Trouble(f"Bản lưu {found.path.name} không dùng được: {found.problems[0]}")
    return f"Bản lưu {found.path.name} mở được, đủ {found.arrivals} lượt tiếp nhận."


def verify(work: Work) -> str:
    """Verify from where the last time ended, and keep what was found for the first page."""
    try:
        verdict = nightly.prove(work.db, work.settings)
    except Taken:
        raise NothingToDo("Đang có một lần kiểm chứng khác.") from None
    note_result(work.db, verdict, work.at)
    for problem in verdict.problems:
        log.error("Verification: %s", problem)
    if verdict.problems:
        raise Trouble(f"Có {len(verdict.problems)} điều không khớp: {verdict.problems[0]}")
    return f"Khớp: {verdict.arrivals} lượt tiếp nhận, {verdict.erased} hồ sơ đã xóa nội dung."
