"""The jobs as a page: last run, next run, result, running one at once; and every run as a file."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from server import web
from server.access import may
from server.audit import Who
from server.clock import now
from server.jobs.listed import JOBS, Job
from server.jobs.runs import Run, ask, last_runs, runs, waiting
from server.office import things
from server.pages.pages import Pages
from server.pages.words import moment
from server.problems import NotFound
from server.tables import Table, as_csv, as_xlsx

bp = Blueprint("jobs", __name__)
FILES = {"csv": as_csv, "xlsx": as_xlsx}
OUTCOMES = {
    "running": _l("Đang chạy"), "done": _l("Xong"), "nothing": _l("Chưa làm"), "failed": _l("Không thành"),
}  # fmt: skip
LOOKS = {"running": "", "done": "good", "nothing": "", "failed": "bad"}
MOST = 20_000  # runs of a file


@dataclass(frozen=True)
class Row:
    """A job as the page shows it."""

    job: Job
    last: Run | None
    took: str
    next: str
    waits: bool


def asking() -> Who:
    """Return who is asking, as the log wants it."""
    return Who(g.user["id"], g.user["role"], g.user["unit"])


@bp.get("/viec-dinh-ky")
@may("jobs.see")
def page() -> str:
    """Show each job, and the last runs of all of them."""
    conn = web.db().conn
    pages = Pages.read(request.args.get("trang", ""))
    total, latest = runs(conn, offset=pages.offset, limit=min(pages.limit, 500))
    return render_template(
        "jobs.html", rows=rows(now()), runs=latest, pages=pages.of(total), JOBS=JOBS, OUTCOMES=OUTCOMES, LOOKS=LOOKS,
        names=_names(), took=took,
    )  # fmt: skip


def rows(at: datetime) -> list[Row]:
    """Return the jobs in the order of the list."""
    conn = web.db().conn
    last, asked = last_runs(conn), waiting(conn)
    return [
        Row(job, run, took(run) if run else "", moment(job.next_after(at)), job.name in asked)
        for job in JOBS.values()
        for run in [last.get(job.name)]
    ]


def took(run: Run) -> str:
    """Say how long a run took."""
    if run.ended_at is None:
        return ""
    seconds = int((datetime.fromisoformat(run.ended_at) - datetime.fromisoformat(run.begun_at)).total_seconds())
    if seconds < 1:
        return _("dưới 1 giây")
    if seconds < 60:
        return _("%(count)s giây", count=seconds)
    return _("%(count)s phút", count=-(-seconds // 60))


def _names() -> dict[str, str]:
    return {id: str(state["name"]) for id, state in things(web.db().conn, "user").items()}


@bp.post("/viec-dinh-ky/<job>/chay")
@may("jobs.see")
def run_now(job: str) -> Response:
    """Have a job run at once, in the process that does the jobs."""
    if job not in JOBS:
        raise NotFound(_("Không có việc này; mở lại trang Việc định kỳ."))
    ask(web.db(), job, asking(), now())
    flash(_("“%(job)s” sẽ chạy trong vài giây; tải lại trang để xem kết quả.", job=JOBS[job].words))
    return redirect(url_for("jobs.page"), code=303)


@bp.get("/viec-dinh-ky.<ending>")
@may("jobs.see")
def file(ending: str) -> Response:
    """Answer every run as a file."""
    if ending not in FILES:
        raise NotFound(_("Không có tệp dạng này; chọn csv hoặc xlsx."))
    _total, found = runs(web.db().conn, limit=MOST)
    names = _names()
    headings = [_("Việc"), _("Bắt đầu"), _("Kết thúc"), _("Kết quả"), _("Nội dung"), _("Người cho chạy")]
    lines = [
        [_word(run), moment(run.begun_at), moment(run.ended_at) if run.ended_at else "", str(OUTCOMES[run.outcome]),
         web.told(run.said), names.get(run.asked_by, run.asked_by)]
        for run in found
    ]  # fmt: skip
    table = Table("viec-dinh-ky", _("Việc định kỳ của máy chủ"), headings, lines, [(_("Lấy lúc"), moment(now()))])
    return FILES[ending](table)


def _word(run: Run) -> str:
    known: Any = JOBS.get(run.job)
    return str(known.words) if known else run.job
