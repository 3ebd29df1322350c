"""Sending, fetching and comparing on one page: what waits, what the server has, what to look at, and the buttons."""

from dataclasses import asdict, replace
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlite_utils import Database
from werkzeug.wrappers import Response

from field_client import attachments, clock, history, made_here, matters, places, status, visits, web
from field_client.bundle import answers
from field_client.lease import lease
from field_client.pages import going, words
from field_client.pages.access import ENROLLED, knock
from field_client.pages.attention import show_all
from field_client.pages.history import WAYS
from field_client.reconciling import last_result
from field_client.syncing import BOTH, Half, Outcome, Trouble, explain
from sync.errors import LineError
from sync.locks import Taken

bp = Blueprint("sending", __name__)
HALVES = {"send": frozenset({Half.SEND}), "get": frozenset({Half.GET})}
MOST = 200  # of what waits, on one page
SHOWN = 20  # of what must be looked at
LATEST = 8  # syncs
A_MOMENT = 1.5  # seconds: a sync on a good line is over, and says at once what came of it


@bp.get("/gui-nhan")
@knock(ENROLLED)
def page() -> str:
    """Show what waits, what the server has and what to look at."""
    return shown({})


def shown(errors: dict[str, str]) -> str:
    """Return the page, with a sentence at each field of *errors*."""
    db, unsettled = web.db(), matters.unsettled(web.db())
    asked, nth = request.args.get("tim", "").strip(), max(1, request.args.get("trang", 1, int))
    count = made_here.count_received(db.conn, asked)
    return render_template(
        "sending.html",
        here="sending",
        errors=errors,
        now=status.status(db),
        going=going.told(),
        waiting=waiting(db, MOST),
        on_their_way=list(made_here.files_on_their_way(db.conn, limit=MOST)),
        received=received(db, made_here.PAGE, text=asked, offset=(nth - 1) * made_here.PAGE),
        asked=asked,
        count=count,
        nth=nth,
        pages=-(-count // made_here.PAGE) or 1,
        found=show_all(db, unsettled)[:SHOWN],
        unsettled=len(unsettled),
        refused=refused(db),
        syncs=list(history.latest(db.conn, limit=LATEST)),
        ways=WAYS,
        out_since=answers.out_since(db),
        lease=lease(db.conn, clock.now()),
        compared=last_result(db.conn),
    )


@bp.post("/gui-nhan")
@knock(ENROLLED)
def go() -> Response:
    """Send or fetch now; what came of it is said on the page that asked, or it goes on and the page shows how far."""
    halves = HALVES.get(request.form.get("half", ""), BOTH)
    outcome = _outcome(halves)
    if outcome:
        flash(said(outcome, halves), "good" if outcome.trouble is Trouble.NONE else "warn")
    back = "today.page" if outcome and request.form.get("back") == "today" else "sending.page"
    return redirect(url_for(back), code=303)


def _outcome(halves: frozenset[Half]) -> Outcome | None:
    """Sync, and return what came of it; None where that takes longer than a page may."""
    sender = going.courier()
    if sender:
        return sender.now(halves).wait(A_MOMENT)
    outcome: Outcome = current_app.extensions["doi178-sync"](web.db(), halves=halves)
    return outcome


@bp.post("/doi-soat")
@knock(ENROLLED)
def reconcile() -> Response:
    """Compare with the server everything that was made here; what came of it stands on the page."""
    try:
        current_app.extensions["doi178-reconcile"](web.db())
    except Taken:
        flash(_("Đang gửi và nhận; chờ xong rồi đối soát lại."), "warn")
    except LineError as error:
        flash(explain(error).words, "warn")
    return redirect(url_for("sending.page") + "#compare", code=303)


def said(outcome: Outcome, halves: frozenset[Half]) -> str:
    """Say in one sentence what came of a sync."""
    if outcome.notice and outcome.trouble is Trouble.NONE:
        return f"{said(replace(outcome, notice=''), halves)} {web.told(outcome.notice)}"
    if outcome.trouble is not Trouble.NONE:
        sent = _("Máy chủ đã nhận %(n)s hồ sơ. ", n=words.number(outcome.sent)) if outcome.sent else ""
        return str(sent + web.told(outcome.words))
    if halves == HALVES["get"]:
        if not outcome.received:
            return str(_("Dữ liệu trên máy đã là mới nhất."))
        return str(_("Đã nhận về %(n)s thay đổi từ máy chủ.", n=words.number(outcome.received)))
    if outcome.files_sent and not outcome.sent:
        return str(_("Máy chủ đã nhận %(files)s tệp đính kèm.", files=words.number(outcome.files_sent)))
    if outcome.files_sent:
        files = _("Máy chủ đã nhận %(n)s hồ sơ và %(files)s tệp đính kèm.", n=words.number(outcome.sent),
                  files=words.number(outcome.files_sent))  # fmt: skip
        return str(files)
    if not outcome.sent:
        return str(_("Không còn hồ sơ nào chờ gửi."))
    return str(_("Máy chủ đã nhận %(n)s hồ sơ.", n=words.number(outcome.sent)))


def waiting(db: Database, limit: int) -> list[dict[str, Any]]:
    """Return what has no receipt, the oldest first, each with what it is about."""
    return [asdict(one) for one in made_here.waiting(db.conn, limit=limit)]


def received(db: Database, limit: int, *, text: str = "", offset: int = 0) -> list[dict[str, Any]]:
    """Return the latest receipts, each with what it is about and what stands beside its standing."""
    return [asdict(one) for one in made_here.received(db.conn, text, limit=limit, offset=offset)]


def refused(db: Database) -> list[dict[str, Any]]:
    """Return the files that the server does not take, each with the name of its place."""
    return [vars(one) | {"name": thing_name(db, "inspection", one.inspection)} for one in attachments.refused(db)]


def thing_name(db: Database, kind: str, id: str) -> str:
    """Return what a person calls a place, or a visit: by its place; empty where this laptop does not know it."""
    try:
        if kind == "inspection":
            return visits.find(db, id).visit.establishment_name
        return places.find(db, kind, id).name
    except places.NotKnown:
        return ""
