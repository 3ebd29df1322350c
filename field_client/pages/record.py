"""Recording a visit: every field is saved as it is typed, and the text is closed for signature at the end."""

import json
from contextlib import suppress
from dataclasses import replace

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from field_client import clock, dates, drafts, records, web
from field_client.drafts import Draft, Fields
from field_client.pages import actions, drafted, follow, form, roster, sheet, visit
from field_client.pages.access import ENROLLED, knock
from field_client.pages.words import saved
from field_client.printing.events import may_change_freely

bp = Blueprint("record", __name__)


@bp.get("/cuoc-kiem-tra/<id>")
@knock(ENROLLED)
def page(id: str) -> str:
    """Show the form of a draft; what is finished is shown to be read."""
    if request.args.get("xem") == "da-chot":
        return visit.show(id)
    try:
        draft = drafts.load(web.db(), id)
    except drafts.NoDraft:
        return visit.show(id)
    ask = "hoi" in request.args
    return sheet.show(draft, {}, focus="finalise" if ask else request.args.get("tiep", ""), ask=ask)


@bp.post("/cuoc-kiem-tra/<id>/luu")
@knock(ENROLLED)
def autosave(id: str) -> tuple[Response, int] | Response:
    """Keep the fields that changed, and answer when they were saved and how they read."""
    body = request.get_json(silent=True)
    sent = body.get("fields") if isinstance(body, dict) else None
    if not isinstance(sent, dict) or not all(isinstance(value, str) for value in sent.values()):
        return jsonify({"detail": _("Nội dung gửi lên không đọc được; tải lại trang.")}), 400
    try:
        draft, stamp = _keep(id, sent)
    except drafts.NoDraft as gone:
        if not gone.finished:
            raise
        return jsonify({"detail": str(gone), "finished": True}), 409
    shown = form.Shown(draft.fields)
    read = {name: shown[name] for name, value in sent.items() if name in shown and shown[name] != value}
    return jsonify({"saved": saved(stamp), "shown": read, **sheet.answer(draft)})


@bp.post("/cuoc-kiem-tra/<id>")
@knock(ENROLLED)
def submit(id: str) -> str | tuple[str, int] | Response:
    """Keep the whole form, then do what the button says. A form of what is finished changes nothing."""
    sent = {name: values[-1] for name, values in request.form.lists()}
    try:
        draft, _stamp = _keep(id, sent)
    except drafts.NoDraft as gone:
        if not gone.finished:
            raise
        flash(_("Nội dung đã chốt từ trước; lần bấm này không thay đổi gì."), "")
        return redirect(url_for("record.page", id=id), code=303)
    verb, _sep, key = request.form.get("do", "save").partition(":")
    if verb == "finalise":
        return _finalise(draft)
    done = actions.act(verb, key or request.form.get("add_code", ""), draft)
    if done.changes:
        drafts.save(web.db(), id, done.changes, at=clock.now())
    return redirect(url_for("record.page", id=id, tiep=done.focus or None, vua=done.rest or None), code=303)


def _keep(id: str, sent: dict[str, str]) -> tuple[Draft, str]:
    db = web.db()
    draft = drafts.load(db, id)
    today = clock.local_day(clock.best(db.conn, clock.now()))
    team = roster.members(db, sent.get("team", "") or draft.fields.get("team", ""))
    changed = form.changes(sent, team, draft, today)
    if any(name.startswith("followed.") for name in changed):
        changed = follow.complete(changed, draft.fields, drafted.read(draft).follow)
    stamp = drafts.save(db, id, changed, at=clock.now())
    return drafts.load(db, id), stamp


def keep_typed(id: str) -> None:
    """Keep the fields that came with the form of a draft for another purpose; what is finished stays as it is."""
    with suppress(drafts.NoDraft):
        _keep(id, {name: values[-1] for name, values in request.form.lists()})


def _finalise(draft: Draft) -> tuple[str, int] | Response:
    """Close the text for signature; or show the form again with one sentence at each field.

    What is only pointed out is asked about once, and then closed as it is.
    """
    db, at, left_out = web.db(), clock.now(), _left_out(draft)
    doubt = "" if request.form.get("date_confirmed") else dates.doubt(db.conn, draft.id, at)
    asked = {"date": doubt} if doubt else {}
    whole = replace(draft, text=json.dumps(_without(draft.fields, left_out))) if left_out else draft
    wrong = {**asked, **drafts.problems(db, whole, at=at)}
    if wrong:
        return _again(draft, wrong)
    if not request.form.get("asked") and not _lacks_reason(draft) and sheet.to_ask(whole):
        sure = "dung" if request.form.get("date_confirmed") else None
        return redirect(url_for("record.page", id=draft.id, hoi="truoc-khi-chot", ngay=sure), code=303)
    try:
        if left_out:
            drafts.save(db, draft.id, left_out, at=at)
        return _finished(draft, drafts.finalise(db, draft.id, at=at))
    except records.NotValid as late:
        return _again(draft, late.problems)


def _lacks_reason(draft: Draft) -> bool:
    """Say whether a correction does not say why yet: that is wrong, and is said before anything is asked."""
    said = str(draft.fields.get("reason") or "").strip()
    return bool(draft.base and not said and not may_change_freely(web.db().conn, draft.id, draft.base))


def _again(draft: Draft, wrong: dict[str, str]) -> tuple[str, int]:
    return sheet.show(draft, form.said(wrong, draft.fields)), 422


def _finished(draft: Draft, kept: records.Kept) -> Response:
    if kept.item == draft.base:
        flash(_("Bản đính chính không sửa mục nào; biên bản giữ nguyên, không có gì để gửi thêm."), "")
        return redirect(url_for("record.page", id=draft.id), code=303)
    web.soon()
    flash(_("Đã chốt nội dung. Hồ sơ đang chờ gửi; sau khi chốt, muốn sửa phải đính chính."), "good")
    return redirect(url_for("record.page", id=draft.id), code=303)


def _left_out(draft: Draft) -> Fields:
    """Return what the record leaves out of the draft: what an attempt has not, and answers to what is not asked."""
    if form.is_attempt(draft.fields):
        return form.not_for_attempts(draft.fields)
    return form.not_asked(draft.fields, drafts.checklist(web.db(), draft))


def _without(fields: Fields, gone: Fields) -> Fields:
    return {name: value for name, value in fields.items() if name not in gone and name.partition(".")[0] not in gone}


@bp.get("/cuoc-kiem-tra/<id>/bo")
@knock(ENROLLED)
def ask_to_discard(id: str) -> str:
    """Ask before a draft is thrown away."""
    draft = drafts.load(web.db(), id)
    return render_template("discard.html", here="today", draft=draft, place=drafted.place_of(draft))


@bp.post("/cuoc-kiem-tra/<id>/bo")
@knock(ENROLLED)
def discard(id: str) -> Response:
    """Throw a draft away, because a person said so twice."""
    drafts.discard(web.db(), id)
    flash(_("Đã bỏ bản nháp."), "")
    return redirect(url_for("today.page"), code=303)
