"""Sending, fetching and comparing: what waits, what came of the last try, and the buttons."""

import json
from dataclasses import replace
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlite_utils import Database
from werkzeug.wrappers import Response

from field_client import attachments, clock, matters, places, status, visits, web
from field_client.lease import lease
from field_client.pages import words
from field_client.pages.access import ENROLLED, knock
from field_client.reconciling import last_result
from field_client.store import said as said_of_visits
from field_client.syncing import BOTH, Half, Outcome, Trouble, explain
from sync.errors import LineError
from sync.locks import Taken

bp = Blueprint("sending", __name__)
HALVES = {"send": frozenset({Half.SEND}), "get": frozenset({Half.GET})}
MOST = 200  # of what waits, on one page
NAMED = ("establishment", "operator")


@bp.get("/gui-nhan")
@knock(ENROLLED)
def page() -> str:
    """Show what waits, and the last tries."""
    return shown({})


def shown(errors: dict[str, str]) -> str:
    """Return the page, with a sentence at each field of *errors*."""
    db = web.db()
    return render_template(
        "sending.html",
        here="sending",
        errors=errors,
        now=status.status(db),
        waiting=waiting(db, MOST),
        received=received(db, 10),
        attention=len(matters.unsettled(db)),
        refused=refused(db),
        syncs=status.syncs(db),
        lease=lease(db.conn, clock.now()),
        compared=last_result(db.conn),
    )


@bp.post("/gui-nhan")
@knock(ENROLLED)
def go() -> Response:
    """Send or fetch now, and say what came of it on the page that asked."""
    halves = HALVES.get(request.form.get("half", ""), BOTH)
    outcome = current_app.extensions["doi178-sync"](web.db(), halves=halves)
    flash(said(outcome, halves), "good" if outcome.trouble is Trouble.NONE else "warn")
    back = "today.page" if request.form.get("back") == "today" else "sending.page"
    return redirect(url_for(back), code=303)


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
        return f"{said(replace(outcome, notice=''), halves)} {outcome.notice}"
    if outcome.trouble is not Trouble.NONE:
        sent = _("Máy chủ đã nhận %(n)s hồ sơ. ", n=words.number(outcome.sent)) if outcome.sent else ""
        return str(sent + outcome.words)
    if halves == HALVES["get"]:
        if not outcome.received:
            return str(_("Dữ liệu trên máy đã là mới nhất."))
        return str(_("Đã nhận về %(n)s thay đổi từ máy chủ.", n=words.number(outcome.received)))
    if outcome.files_sent:
        files = _("Máy chủ đã nhận %(n)s hồ sơ và %(files)s tệp đính kèm.", n=words.number(outcome.sent),
                  files=words.number(outcome.files_sent))  # fmt: skip
        return str(files)
    if not outcome.sent:
        return str(_("Không còn hồ sơ nào chờ gửi."))
    return str(_("Máy chủ đã nhận %(n)s hồ sơ.", n=words.number(outcome.sent)))


def waiting(db: Database, limit: int) -> list[dict[str, Any]]:
    """Return what has no receipt, the oldest first: kind, id, name of the thing, when it was made."""
    rows = db.conn.execute("SELECT line FROM own WHERE waiting = 1 ORDER BY local LIMIT ?", (limit,)).fetchall()
    items = [json.loads(row[0]) for row in rows]
    return [
        {"kind": item["kind"], "id": item["id"], "at": item["recorded_at"], "date": item["body"].get("date"),
         "name": thing_name(db, item["kind"], item["id"]), **_belongs_to(db, item["kind"], item["id"])}
        for item in items
    ]  # fmt: skip


def received(db: Database, limit: int) -> list[dict[str, Any]]:
    """Return the latest receipts, each with the name of its thing and what stands beside its standing."""
    details = {matter.name: matter.detail for matter in matters.unsettled(db)}
    return [
        {**one, "name": thing_name(db, one["kind"], one["id"]), "detail": details.get(one["item"], {}),
         **_belongs_to(db, one["kind"], one["id"])}
        for one in status.receipts(db, limit=limit)
    ]  # fmt: skip


def refused(db: Database) -> list[dict[str, Any]]:
    """Return the files that the server does not take, each with the name of its place."""
    return [vars(one) | {"name": thing_name(db, "inspection", one.inspection)} for one in attachments.refused(db)]


def _belongs_to(db: Database, kind: str, id: str) -> dict[str, str]:
    """Return the visit that a file, or what is said of a visit, belongs to."""
    if kind in said_of_visits.KINDS:
        return {"visit": said_of_visits.visit_of(db.conn, id)}
    return attachments.about(db, id)


def thing_name(db: Database, kind: str, id: str) -> str:
    """Return what a person calls a thing: the name of the place, also of a visit to it and of what belongs to that."""
    try:
        if kind == "assignment":
            kind, id = "establishment", places.find(db, kind, id)["establishment"]
        if kind == "attachment":
            kind, id = "inspection", attachments.about(db, id)["visit"]
        if kind in said_of_visits.KINDS:
            kind, id = "inspection", said_of_visits.visit_of(db.conn, id)
        if kind == "inspection":
            return visits.find(db, id).visit.establishment_name
        return places.find(db, kind, id).name if kind in NAMED else ""
    except places.NotKnown:
        return ""
