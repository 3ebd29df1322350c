"""Correcting an operator at the office, with the places it runs or ran, from which day to which."""

import sqlite3
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from schemas.forms import seen
from schemas.register import State
from schemas.text import sort_key
from server import web
from server.access import may
from server.changes import apply_one
from server.clock import local_day, now
from server.office import state_of
from server.register import history
from server.register.place import lines_of
from server.register.place_page import WORDS, in_words
from server.register.reach import my_communes, operator_asked

bp = Blueprint("operator_edit", __name__)
FIELDS = ("name", "form", "registration", "phone", "address")


@dataclass(frozen=True)
class Runs:
    """That an operator runs a place from a day, or ran it."""

    id: str
    name: str
    since: str
    until: str


@bp.get("/chu-co-so/<id>/sua")
@may("register.edit")
def page(id: str) -> str:
    """Show the form."""
    shown = _shown(operator_asked(id))
    return _page(id, shown, shown, {})


@bp.post("/chu-co-so/<id>/sua")
@may("register.edit")
def save(id: str) -> tuple[str, int] | Response:
    """Make the change that `apply` would; it is so at every place that the operator runs."""
    state = operator_asked(id)
    present = _shown(state)
    shown = seen.read(request.form.get("seen", "")) or present
    changed = seen.changed({name: request.form.get(name, "").strip()[:5000] for name in FIELDS}, shown)
    errors = seen.overtaken(changed, shown, present)
    if "form" in changed and not changed["form"]:
        errors["form"] = _("Chọn hình thức của chủ cơ sở.")
    after = {name: value or None for name, value in changed.items()}
    if after and not errors:
        asked = {"do": "edit", "operator": id, "set": after, "was": {name: state.get(name) for name in after}}
        errors |= apply_one(web.db(), asked, author=g.user["id"], at=now())["problems"]
    if errors:
        return _page(id, {**present, **changed}, present, errors), 422
    flash(_("Đã lưu.") if after else _("Không có gì thay đổi."), "good" if after else "")
    return redirect(_back(id), code=303)


@bp.post("/chu-co-so/<id>/tach-lai")
@may("duplicates.decide")
def unmerge(id: str) -> Response:
    """Take an operator out of the record that it was merged into."""
    operator_asked(id)
    answer = apply_one(web.db(), {"do": "unmerge", "operator": id}, author=g.user["id"], at=now())
    done = answer["standing"] == "accepted"
    flash(_("Đã tách lại thành hai chủ cơ sở.") if done else next(iter(answer["problems"].values())),
          "good" if done else "warn")  # fmt: skip
    return redirect(url_for("operator_edit.page", id=id), code=303)


def _back(id: str) -> str:
    """Return where to go: the place that the form was opened from, else this page."""
    asked = request.values.get("co-so", "")
    known = state_of(web.db().conn, "establishment", asked) if asked else None
    return url_for("place.page", id=asked) if known else url_for("operator_edit.page", id=id)


def _shown(state: State) -> dict[str, str]:
    return {name: str(state.get(name) or "") for name in FIELDS}


def runs(conn: sqlite3.Connection, id: str, communes: frozenset[str], today: date) -> list[Runs]:
    """Return the places of an area that an operator runs, or ran, each span by itself."""
    found: list[Runs] = []
    places = conn.execute("SELECT establishment FROM operator_places WHERE operator = ? ORDER BY establishment", (id,))
    for (place,) in places.fetchall():
        near = conn.execute("SELECT commune FROM placements WHERE establishment = ?", (place,)).fetchall()
        if communes.isdisjoint(commune for (commune,) in near):
            continue
        state = state_of(conn, "establishment", place) or {}
        lines = [line for line in lines_of(conn, state, "operator", today) if line.value.get("operator") == id]
        found += [Runs(place, str(state.get("name") or ""), line.since, line.until) for line in lines]
    return sorted(found, key=lambda one: (sort_key(one.name), one.since))


def _page(id: str, given: dict[str, str], shown: dict[str, str], errors: dict[str, str]) -> str:
    conn, state = web.db().conn, operator_asked(id)
    found = runs(conn, id, frozenset(my_communes()), local_day(now()))
    into = state_of(conn, "operator", state["merged_into"]) if state.get("merged_into") else None
    return render_template(
        "operator_edit.html", id=id, given=given, seen=seen.write(shown), errors=errors, spans=found,
        count=len({one.id for one in found if not one.until}), back=_back(id), merged_into=(into or {}).get("name"),
        from_place=request.values.get("co-so", ""), edits=in_words(history.edits(conn, "operator", id), "operator"),
        **WORDS,
    )  # fmt: skip
