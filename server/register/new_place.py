"""Entering a place at the office; what may be there already is offered before it is entered a second time."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from schemas.forms import place as form
from schemas.ids import new_id
from schemas.likeness import REASONS, likely, traits
from schemas.register import Kind, State, Status
from server import web
from server.access import may
from server.changes import apply_one
from server.clock import local_day, now
from server.register.owner import Owner
from server.register.place_page import WORDS, communes
from server.register.reach import my_communes, operator_asked

bp = Blueprint("new_place", __name__)
TEXTS = ("name", "code", "unit", "address", "phone", "status", "point", "opened_on", "operator", "operator_id", "form",
         "registration", *(f"{kind}.{part}" for kind in form.PAPERS for part in form.PAPER))  # fmt: skip
_FIELD_OF = {"place": "address", "kind": "kinds"}


@dataclass
class Given:
    """The form as it was filled in, and what must be put right."""

    texts: dict[str, str] = field(default_factory=dict)
    kinds: list[str] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.texts.get(name, "")

    @classmethod
    def read(cls, sent: MultiDict[str, str]) -> "Given":
        """Read what a browser sent."""
        return cls({name: sent.get(name, "").strip()[:5000] for name in TEXTS}, sent.getlist("kinds"))


@dataclass(frozen=True)
class Alike:
    """A place that may be the one that is being entered."""

    id: str
    name: str
    address: str
    why: tuple[str, ...]


@bp.get("/co-so/moi")
@may("register.edit")
def page() -> str:
    """Show the form."""
    return _page(Given({"name": request.args.get("ten", "")[:200], "status": "open"}))


@bp.post("/co-so/moi")
@may("register.edit")
def add() -> tuple[str, int] | Response:
    """Enter the place and open it, or show the form again with what to put right."""
    given, at = Given.read(request.form), now()
    state = _state(given, local_day(at))
    owner = Owner.read(given.texts)
    given.errors |= owner.wrong(web.db().conn, my_communes())
    if given.errors:
        return _page(given), 422
    found = [] if request.form.get("new") else alike(web.db().conn, given["unit"], state)
    if found:
        return _page(given, found), 422
    id = _enter(given, owner, state)
    if given.errors:
        return _page(given), 422
    flash(_("Đã thêm cơ sở."), "good")
    return redirect(url_for("place.page", id=id), code=303)


def _enter(given: Given, owner: Owner, state: State) -> str:
    """Enter the operator where it is new, and then the place."""
    id, author, at = new_id(), g.user["id"], now()
    if owner.name:
        chosen = owner.chosen_id(web.db().conn)
        if chosen:
            operator_asked(chosen)
        operator = chosen or owner.enter(web.db(), author, at, given.errors)
        state |= {f"operator/{new_id()}": {"from": state[_first(state)]["from"], "operator": operator}}
    if not given.errors:
        asked = {"do": "enter", "kind": "establishment", "id": id, "set": state}
        problems = apply_one(web.db(), asked, author=author, at=at)["problems"]
        given.errors |= {_field_of(path): said for path, said in problems.items()}
    return id


def _first(state: State) -> str:
    return next(path for path in state if path.startswith("status/"))


def _field_of(path: str) -> str:
    group = path.partition("/")[0]
    return "name" if path == "set" else _FIELD_OF.get(group, group)


def _state(given: Given, today: date) -> State:
    """Return the place as it was filled in; what must be put right is noted in the form."""
    errors = given.errors
    since = form.take(errors, "opened_on", form.start, given["opened_on"], today) or today.isoformat()
    point = form.take(errors, "point", form.point, given["point"]) or {}
    kinds = [kind for kind in Kind if kind in given.kinds]
    if not given["name"]:
        errors["name"] = _("Nhập tên cơ sở.")
    if given["unit"] not in dict(communes(web.tree())):
        errors["unit"] = _("Chọn xã trong địa bàn.")
    if not kinds:
        errors["kinds"] = _("Chọn ít nhất một loại hình.")
    if given["status"] not in set(Status):
        errors["status"] = _("Chọn tình trạng hoạt động.")
    epoch, _colon, code = given["unit"].partition(":")
    state: State = {name: given[name] for name in ("name", "code", "phone") if given[name]}
    state[f"place/{new_id()}"] = {"from": since, "epoch": epoch, "unit": code, "address": given["address"], **point}
    state |= {f"kind/{new_id()}": {"from": since, "kind": kind.value} for kind in kinds}
    state[f"status/{new_id()}"] = {"from": since, "status": given["status"]}
    for kind in form.PAPERS:
        paper = form.paper(given.texts, kind, today, errors)
        if paper:
            state[f"licence/{new_id()}"] = {"type": kind, **paper}
    return state


def alike(conn: sqlite3.Connection, unit: str, state: State) -> list[Alike]:
    """Return the places of the commune that may be the one that is being entered, the likeliest first."""
    there = _of_commune(conn, unit)
    new = "~"  # sorts after every id
    known = {id: traits("establishment", one) for id, one in there.items()}
    known[new] = traits("establishment", state)
    found = likely(known, {(id, new) for id in there})
    ordered = sorted(found.items(), key=lambda one: -one[1].score)
    return [
        Alike(id, str(there[id].get("name")), _address(there[id]), tuple(REASONS[why][0] for why in one.reasons))
        for (id, _new), one in ordered[:5]
    ]


def _of_commune(conn: sqlite3.Connection, unit: str) -> dict[str, State]:
    rows = conn.execute(
        "SELECT things.id, state FROM placements JOIN register_rows ON register_rows.id = establishment"
        " JOIN things ON things.kind = 'establishment' AND things.id = establishment WHERE commune = ?",
        (unit,),
    )
    return {id: json.loads(state) for id, state in rows}


def _address(state: State) -> str:
    return next((str(value.get("address") or "") for path, value in state.items() if path.startswith("place/")), "")


def _page(given: Given, found: Sequence[Alike] = ()) -> str:
    owner = Owner.read(given.texts)
    same: list[Any] = owner.same(web.db().conn, my_communes()) if "operator" in given.errors else []
    return render_template(
        "place_new.html", given=given, errors=given.errors, alike=found, communes=communes(web.tree()), same=same,
        PAPERS=form.PAPERS, **WORDS,
    )  # fmt: skip
