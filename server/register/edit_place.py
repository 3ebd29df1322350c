"""Correcting a place at the office: each field, prefilled; what is wrong stands at its field, what was typed stays."""

from dataclasses import dataclass, field

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from schemas.forms import edit as form
from schemas.forms import seen
from schemas.register import State
from server import web
from server.access import may
from server.changes import apply_one
from server.clock import local_day, now
from server.duplicates.side import named
from server.pages.areas import name as unit_name
from server.problems import InvalidInput
from server.register import history
from server.register.place_page import WORDS, communes, in_words
from server.register.reach import place_asked

bp = Blueprint("edit_place", __name__)
LATEST = 3


@dataclass
class Page:
    """The form as it is shown: its fields, what it was opened with, and what must be put right."""

    id: str
    state: State
    given: dict[str, str]
    seen: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)


@bp.get("/co-so/<id>/sua")
@may("register.edit")
def page(id: str) -> str:
    """Show the form."""
    state = _standing(id)
    shown = form.shown(state)
    return _page(Page(id, state, shown, shown))


def _standing(id: str) -> State:
    state = place_asked(id)
    if state.get("merged_into"):
        raise InvalidInput(_("Hồ sơ này đã gộp vào hồ sơ khác; sửa ở hồ sơ kia, hoặc tách lại trước."))
    return state


@bp.post("/co-so/<id>/sua")
@may("register.edit")
def save(id: str) -> tuple[str, int] | Response:
    """Make the change that `apply` would, and open the place; or show the form again with what to put right."""
    state = _standing(id)
    present = form.shown(state)
    shown = seen.read(request.form.get("seen", "")) or present
    sent = {name: request.form.get(name, "")[:5000] for name in shown}
    changed = seen.changed(sent, shown)
    errors = seen.overtaken(changed, shown, present)
    wanted, wrong = form.understood(state, changed, local_day(now()))
    wrong |= _outside(changed, state)
    after = {path: value for path, value in wanted.items() if value != state.get(path)}
    if not errors and not wrong and after:
        asked = {"do": "edit", "establishment": id, "set": after, "was": {path: state.get(path) for path in after}}
        answer = apply_one(web.db(), asked, author=g.user["id"], at=now())
        wrong = {form.field_of(path, state): sentence for path, sentence in answer["problems"].items()}
    if errors or wrong:
        return _page(Page(id, state, {**present, **changed}, present, wrong | errors)), 422
    flash(_("Đã lưu.") if after else _("Không có gì thay đổi."), "good" if after else "")
    return redirect(url_for("place.page", id=id), code=303)


def _outside(changed: dict[str, str], state: State) -> dict[str, str]:
    """Refuse a commune that is not of the person's area, unless the place stands there already."""
    unit = changed.get("unit")
    if not unit or unit == form.shown(state)["unit"] or unit in dict(communes(web.tree())):
        return {}
    return {"unit": _("Chọn xã trong địa bàn.")}


def _page(page: Page) -> str:
    conn, tree = web.db().conn, web.tree()
    find = named(conn, tree)
    offered, here = communes(tree), page.given.get("unit", "")
    if here and here not in dict(offered):
        offered = [(here, unit_name(tree, here)), *offered]
    latest = history.edits(conn, "establishment", page.id)[:LATEST]
    return render_template(
        "place_edit.html", id=page.id, name=page.state.get("name"), given=page.given, seen=seen.write(page.seen),
        errors=page.errors, communes=offered, history=lambda group: form.history(page.state, group),
        operator_name=lambda id: find("operator", id), unit_name=lambda key: find("unit", key),
        edits=in_words(latest, "establishment"), **WORDS,
    )  # fmt: skip
