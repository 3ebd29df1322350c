"""What the first page tells who looks after the server: that the last verification or backup failed."""

import json
from collections.abc import Iterator
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _

from server import web
from server.clock import local_day, now
from server.coverage.figures import Coverage
from server.jobs.listed import JOBS
from server.jobs.reminders import reminders
from server.jobs.runs import last_runs
from server.pages.areas import may_here
from server.pages.filters import Filters
from server.pages.lists import Lists
from server.pages.task import Task
from server.pages.words import moment, number
from server.store import get_meta


def proof(filters: Filters, answer: Coverage, lists: Lists) -> Iterator[Task]:
    """Tell that the last verification found problems."""
    last = _last("last_verify")
    if last.get("problems"):
        yield Task(
            _(
                "Lần kiểm chứng %(when)s thấy %(count)s điều không khớp; giữ nguyên thư mục dữ liệu và chạy:"
                " doi178-server verify --whole",
                when=moment(last["at"]), count=len(last["problems"]),
            ),
            urgent=True, state=_("không khớp"),
        )  # fmt: skip


def backups(filters: Filters, answer: Coverage, lists: Lists) -> Iterator[Task]:
    """Tell that the last nightly backup did not succeed."""
    last = _last("last_backup")
    if last.get("trouble"):
        text = _("Bản lưu %(when)s không thành: %(why)s", when=moment(last["at"]), why=web.told(last["trouble"]))
        yield Task(text, urgent=True, state=_("chưa có bản lưu mới"))


def jobs(filters: Filters, answer: Coverage, lists: Lists) -> Iterator[Task]:
    """Tell that a job of the server failed; what verify and the backup found has its own words above."""
    if not may_here(web.tree(), g.user, "jobs.see"):
        return
    for name, run in last_runs(web.db().conn).items():
        if run.outcome == "failed" and name in JOBS and name not in {"verify", "backup"}:
            text = _("%(job)s không thành lúc %(when)s: %(why)s", job=JOBS[name].words, when=moment(run.begun_at),
                     why=web.told(run.said))  # fmt: skip
            yield Task(text, url_for("jobs.page"), _("Mở việc định kỳ"), urgent=True, state=_("không thành"))


def due(filters: Filters, answer: Coverage, lists: Lists) -> Iterator[Task]:
    """Tell how much of what the server reminds of is overdue."""
    today = local_day(now()).isoformat()
    found = reminders(web.db().conn, web.tree(), g.user["role"], filters.unit)
    past = sum(one.due_on < today for one in found)
    if found:
        text = _("%(count)s việc đến hạn hoặc sắp đến hạn, %(past)s đã quá hạn.", count=number(len(found)),
                 past=number(past))  # fmt: skip
        yield Task(text, url_for("reminders.page"), _("Mở nhắc việc"), state=_("quá hạn") if past else "")


def erasures(filters: Filters, answer: Coverage, lists: Lists) -> Iterator[Task]:
    """Tell of what was erased before a restore and stands here again as the version in use."""
    (count,) = web.db().conn.execute(
        "SELECT count(*) FROM erasures_due WHERE item IN (SELECT name FROM items)"
    ).fetchone()
    if count:
        yield Task(
            _(
                "%(count)s hồ sơ phải xóa lại nội dung sau khi khôi phục: đính chính để che thông tin cá nhân,"
                " bản cũ sẽ tự được xóa.",
                count=count,
            ),
            urgent=True,
        )


def _last(key: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(get_meta(web.db().conn, key) or "{}")
    return found
