"""Today: what to go on with, what waits, what the server has, and tonight's outing."""

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlite_utils import Database
from werkzeug.wrappers import Response

from field_client import clock, drafts, duties, matters, rounds, status, talk, web
from field_client.dates import CLOCK_RIGHT, clock_words
from field_client.lease import lease
from field_client.pages import assigned, roster
from field_client.pages.access import ENROLLED, knock
from field_client.pages.attention import show_all
from field_client.pages.sending import received, thing_name, waiting
from schemas.rounds import Round

bp = Blueprint("today", __name__)
SHOWN = 5
BRIEFLY = 3


@bp.get("/")
@knock(ENROLLED)
def page() -> str:
    """Show how this laptop stands, and the one next step."""
    return _page({}, {})


def _page(given: dict[str, Any], errors: dict[str, str], typed: list[roster.Member] | None = None) -> str:
    db, at = web.db(), clock.now()
    outing, found = rounds.current(db), show_all(db, matters.unsettled(db))
    return render_template(
        "today.html",
        here="today",
        now=status.status(db),
        today=clock.local_day(clock.best(db.conn, at)),
        clock_off=clock_off(db, at),
        lease=lease(db.conn, at),
        drafts=_drafts(db),
        waiting=waiting(db, SHOWN),
        received=received(db, SHOWN),
        attention=found[:BRIEFLY],
        unsettled=len(found),
        news=matters.news(db),
        asked=talk.asked(db),
        duties=duties.grouped(duties.to_do(db, at)),
        outing=outing,
        roster=roster.choices(db, outing, typed),
        expired=roster.expired,
        given=given or _of_outing(outing),
        errors=errors,
        **assigned.of_today(db, at),
    )


def clock_off(db: Database, at: datetime) -> str:
    """Say that this machine's clock is wrong, where that is more than a few minutes; else nothing."""
    off = clock.read(db.conn, at).off_s
    if abs(off) <= CLOCK_RIGHT:
        return ""
    said = _("%(clock)s; chỉnh lại ngày giờ của máy.", clock=web.told(clock_words(off)))
    if abs(off) > clock.A_DAY.total_seconds():
        said += " " + _("Vẫn ghi và gửi được; khi chốt, chương trình hỏi lại ngày kiểm tra.")
    return str(said)


def _of_outing(outing: Round | None) -> dict[str, Any]:
    return {"decision": outing.decision if outing else ""}


def _drafts(db: Database) -> list[dict[str, Any]]:
    return [
        {"id": draft.id, "date": draft.date, "saved_at": draft.saved_at, "correction": draft.base is not None,
         "name": thing_name(db, "establishment", draft.establishment)}
        for draft in drafts.all_drafts(db)
    ]  # fmt: skip


@bp.post("/dot-kiem-tra")
@knock(ENROLLED)
def begin_round() -> tuple[str, int] | Response:
    """Begin tonight's outing: its decision and members go with each visit from now on; or end it."""
    db = web.db()
    if request.form.get("do") == "end":
        rounds.end(db, clock.now())
        flash(_("Đã kết thúc đợt kiểm tra."), "good")
        return redirect(url_for("today.page"), code=303)
    team, members = roster.read(db, request.form)
    decision = request.form.get("decision", "").strip()
    errors = _wrong(decision, members)
    if errors:
        return _page({"decision": decision}, errors, members), 422
    leader = members[0]["name"]
    rounds.start(db, team=team, decision=decision, leader=leader, members=members, at=clock.now())
    flash(_("Đã lưu đợt kiểm tra; thành phần và quyết định tự điền vào từng cuộc kiểm tra."), "good")
    return redirect(url_for("today.page"), code=303)


def _wrong(decision: str, members: list[dict[str, str]]) -> dict[str, str]:
    found = {}
    if len(decision) > 120:
        found["decision"] = _("Số quyết định dài quá 120 ký tự; rút ngắn lại.")
    if not members:
        found["members"] = _("Chọn hoặc nhập ít nhất một người có mặt.")
    return found
