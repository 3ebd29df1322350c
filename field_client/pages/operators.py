"""Operators: found as one types, and corrected."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from field_client import clock, edits, operators, places, records, web
from field_client.pages.access import ENROLLED, knock
from schemas.forms import seen

bp = Blueprint("operators", __name__)
FIELDS = ("name", "form", "registration", "phone", "address")


@bp.get("/chu-co-so/tim")
@knock(ENROLLED)
def found() -> str:
    """Answer the operators whose name holds what is typed, for a form to choose from."""
    return render_template("operator_list.html", found=operators.find(web.db(), request.args.get("tim", "")[:200]))


@bp.get("/chu-co-so/<id>/sua")
@knock(ENROLLED)
def page(id: str) -> str:
    """Show the form that corrects an operator."""
    operator = places.find(web.db(), "operator", id)
    shown = _shown(operator)
    return _page(operator, shown, shown, {})


@bp.post("/chu-co-so/<id>/sua")
@knock(ENROLLED)
def save(id: str) -> tuple[str, int] | Response:
    """Keep what was changed; it is so at every place that the operator runs."""
    db = web.db()
    operator = places.find(db, "operator", id)
    now = _shown(operator)
    shown = seen.read(request.form.get("seen", "")) or now
    changed = seen.changed({name: request.form.get(name, "").strip()[:5000] for name in FIELDS}, shown)
    errors = seen.overtaken(changed, shown, now)
    if "form" in changed and not changed["form"]:
        errors["form"] = str(_("Chọn hình thức của chủ cơ sở."))
    if errors:
        return _page(operator, {**now, **changed}, now, errors), 422
    wanted = {name: value or None for name, value in changed.items()}
    try:
        kept = records.edit(db, "operator", operator.id, wanted, at=clock.now())
    except records.NotValid as wrong:
        return _page(operator, {**now, **changed}, now, wrong.problems), 422
    if kept:
        web.soon()
    flash(_("Đã lưu; chờ gửi.") if kept else _("Không có gì thay đổi."), "good" if kept else "")
    return redirect(_back(operator.id), code=303)


def _back(id: str) -> str:
    """Return where to go: the place that the form was opened from, else one that the operator runs."""
    conn = web.db().conn
    asked = request.values.get("co-so", "")
    row = conn.execute("SELECT id FROM establishments WHERE id = ?", (asked,)).fetchone() or conn.execute(
        "SELECT id FROM establishments WHERE operator = ? ORDER BY sort LIMIT 1", (id,)
    ).fetchone()
    return url_for("place.page", id=row[0]) if row else url_for("places.page")


def _shown(operator: places.Thing) -> dict[str, str]:
    return {name: str(operator[name]) for name in FIELDS}


def _page(operator: places.Thing, given: dict[str, str], shown: dict[str, str], errors: dict[str, str]) -> str:
    db = web.db()
    count = db.conn.execute("SELECT count(*) FROM establishments WHERE operator = ?", (operator.id,)).fetchone()[0]
    return render_template(
        "operator_edit.html", here="places", operator=operator, given=given, seen=seen.write(shown), errors=errors,
        count=count, back=_back(operator.id), from_place=request.values.get("co-so", ""),
        made_here=edits.made_here(db, "operator", operator.id, places.named(db)),
    )  # fmt: skip
