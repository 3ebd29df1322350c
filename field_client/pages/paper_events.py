"""What happens to the paper after the text is closed: said step by step on the page of the visit."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from field_client import clock, drafts, visits, web
from field_client.pages.access import ENROLLED, knock
from field_client.printing import happening
from field_client.printing.events import Happened, Paper, may_change_freely, of_visit
from field_client.records import NotValid
from field_client.store.visits import Revision
from schemas import typed
from schemas.office import Happening, Original, Witness

bp = Blueprint("paper_events", __name__)
WITNESSES = {
    Witness.COMMUNE: _l("Đại diện UBND cấp xã"),
    Witness.WITNESS: _l("Người chứng kiến"),
    Witness.NONE: _l("Không có ai"),
}
ORIGINALS = {Original.PRINTED: _l("Bản in"), Original.HANDWRITTEN: _l("Bản viết tay")}
HAPPENINGS = {
    Happening.ORIGINAL: _l("Bản gốc"),
    Happening.READ_BACK: _l("Đã đọc lại"),
    Happening.SIGNED: _l("Đã ký"),
    Happening.SIGNATURE_REFUSED: _l("Từ chối ký"),
    Happening.HANDED_OVER: _l("Đã giao bản cho cơ sở"),
    Happening.NUMBERED: _l("Văn thư cấp số"),
    Happening.SCANNED: _l("Đã quét"),
}


def init_app(app: Flask) -> None:
    """Teach the templates of *app* the words of papers."""
    app.jinja_env.globals.update(
        HAPPENINGS=HAPPENINGS, ORIGINALS=ORIGINALS, WITNESSES=WITNESSES, reason_hint=reason_hint
    )


def reason_hint(draft: drafts.Draft) -> str:
    """Say that a change needs no reason, where it was begun by reading back and nobody has signed."""
    free = draft.base and may_change_freely(web.db().conn, draft.id, draft.base)
    return str(_("Chưa ai ký: không phải ghi lý do.")) if free else ""


@dataclass(frozen=True)
class Shown:
    """What the page of a visit shows of its papers; *step* is the one to do next, empty when all is done."""

    stands: Paper
    step: str
    timeline: list[tuple[Happened, Any]]  # with the number of its revision, where it is known here
    ours: bool
    today: str


def shown(found: visits.Whole, *, ours: bool) -> Shown:
    """Return what is shown of the papers of a visit."""
    db, visit = web.db(), found.visit
    stands = happening.stands(db, visit.id, visit.item)
    numbers = {one.name: _number(one) for one in found.revisions}
    timeline = [(one, numbers.get(one.item)) for one in of_visit(db.conn, visit.id)]
    today = clock.local_day(clock.best(db.conn, clock.now())).isoformat()
    return Shown(stands, "" if visit.void else _step(stands), timeline, ours, today)


def _number(revision: Revision) -> Any:
    return revision.body.get("revision", 1)


def _step(stands: Paper) -> str:
    """Say which step is next: each is skipped once a later one was said."""
    if stands.handed_over:
        return "" if stands.number else "number"
    if stands.signed:
        return "hand_over"
    if stands.read_back:
        return "sign"
    return "read" if stands.original else "print"


@bp.post("/cuoc-kiem-tra/<id>/giay-to")
@knock(ENROLLED)
def tell(id: str) -> Response:
    """Write down one event, or begin the change that reading back asks for."""
    given = _given()
    try:
        happening.tell(web.db(), id, given, at=clock.now())
    except NotValid as wrong:
        for sentence in wrong.problems.values():
            flash(web.told(sentence), "bad")
        return redirect(url_for("record.page", id=id, xem="da-chot"), code=303)
    web.soon()
    if request.form.get("do") == "read_back:change":
        draft = drafts.start_correction(web.db(), id, at=clock.now())
        flash(_("Chưa ai ký: sửa rồi chốt lại, không phải ghi lý do. Bản đã in phải in lại."), "")
        return redirect(url_for("record.page", id=draft), code=303)
    flash(_said(given), "good")
    return redirect(url_for("record.page", id=id), code=303)


def _given() -> dict[str, Any]:
    """Read the form: what the button says, and the day, which is today where none is typed."""
    form = request.form
    happened, _sep, said = form.get("do", "").partition(":")
    today = clock.local_day(clock.best(web.db().conn, clock.now()))
    given: dict[str, Any] = {
        "item": form.get("item", ""),
        "happening": happened,
        "on": typed.day(form.get("on", ""), today) or today.isoformat(),
    }
    match happened:
        case Happening.ORIGINAL:
            given["original"] = said or form.get("original")
        case Happening.SIGNATURE_REFUSED:
            given["witness"] = form.get("witness")
        case Happening.NUMBERED:
            given["number"] = form.get("number", "").strip()
        case Happening.HANDED_OVER:
            given["copies"] = typed.count(form.get("copies", ""))
    note = _("Sửa khi đọc lại, chưa ai ký") if (happened, said) == (Happening.READ_BACK, "change") else ""
    return {**given, "note": note or form.get("note", "").strip()}


def _said(given: dict[str, Any]) -> str:
    label = HAPPENINGS.get(given["happening"], "")
    return str(_("Đã ghi: %(what)s.", what=label))
