"""Places of communes that were split on 1 July 2025: in which new commune each stands is for a person to say."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from schemas.text import fold, sort_key
from schemas.units import NEW_MAP_FROM, UnitTree
from server import web
from server.access import may
from server.changes.desk import Desk, Unclear
from server.changes.lines import BUILDERS
from server.clock import local_day, now
from server.office import Change, make, state_of
from server.pages.areas import name
from server.pages.asking import my_area
from server.pages.pages import Pages
from server.problems import NotAllowed
from server.register.reach import my_communes
from server.register.rows import spans
from server.store import in_parts, marks, reading

bp = Blueprint("split", __name__)
AT_ONCE = 100  # changes in a transaction


@dataclass(frozen=True)
class Undecided:
    """A place whose old commune went into several new ones; *unit*: the key of the old one."""

    id: str
    name: str
    code: str
    unit: str
    address: str
    point: tuple[float, float] | None


def undecided(conn: sqlite3.Connection, tree: UnitTree, communes: Sequence[str]) -> list[tuple[str, str]]:
    """Return id and old unit of the places of an area that nobody has put into a new commune, by old unit and name."""
    found = {
        id: (unit, sort)
        for some in in_parts(communes)
        for id, unit, sort in conn.execute(
            "SELECT register_rows.id, unit, sort FROM placements CROSS JOIN register_rows"
            f" ON register_rows.id = placements.establishment WHERE commune IN ({marks(some)}) AND unit LIKE 'old:%'",
            some,
        )
        if tree.is_split(unit)
    }
    return [(id, found[id][0]) for id in sorted(found, key=lambda id: (*found[id], id))]


def followed(conn: sqlite3.Connection, tree: UnitTree, communes: Sequence[str]) -> int:
    """Count the places that stand on the old map and follow it into one new commune by themselves."""
    found = {
        id
        for some in in_parts(communes)
        for id, unit in conn.execute(
            "SELECT register_rows.id, unit FROM placements CROSS JOIN register_rows"
            f" ON register_rows.id = placements.establishment WHERE commune IN ({marks(some)}) AND unit LIKE 'old:%'",
            some,
        )
        if not tree.is_split(unit)
    }
    return len(found)


@bp.get("/co-so/xa-da-chia")
@may("register.edit")
def page() -> str:
    """Show the places, commune by commune, each with the new communes to choose from."""
    return _page({})


@bp.post("/co-so/xa-da-chia")
@may("register.edit")
def decide() -> tuple[str, int] | Response:
    """Put each place into the commune that was chosen for it, or all that were ticked into one."""
    wanted = _wanted()
    if not wanted:
        return _page({"": _("Chọn xã ở từng dòng, hoặc đánh dấu nhiều cơ sở rồi chọn một xã ở dưới.")}), 422
    changes, errors = _changes(wanted)
    done = 0
    for start in range(0, len(changes), AT_ONCE):
        answers = make(web.db(), changes[start : start + AT_ONCE], author=g.user["id"], at=now())
        done += sum(1 for answer in answers if answer.standing == "accepted")
    if done:
        flash(_("Đã ghi xã cho %(n)s cơ sở, từ ngày 01/7/2025.", n=done), "good")
    if errors:
        return _page(errors), 422
    return redirect(url_for("split.page", **_kept()), code=303)


def _wanted() -> dict[str, str]:
    """Return the new commune for each place: what its own line says, else what is said for all that are ticked."""
    all_of_them = request.form.get("xa", "")
    found = {id: all_of_them for id in request.form.getlist("chon") if all_of_them}
    found |= {key.removeprefix("xa:"): unit for key, unit in request.form.items() if key.startswith("xa:") and unit}
    return found


def _changes(wanted: dict[str, str]) -> tuple[list[Change], dict[str, str]]:
    """Return the changes that `apply` would make, and by place what stands against it."""
    conn, tree, own = web.db().conn, web.tree(), my_communes()
    open_ones = dict(undecided(conn, tree, own))
    desk = Desk(conn, g.user["id"], local_day(now()))
    changes, errors = [], {}
    for id, unit in wanted.items():
        if unit not in own:
            raise NotAllowed(_("Xã này ngoài địa bàn của tài khoản; hỏi người quản trị."))
        if id not in open_ones:
            continue  # somebody else has decided meanwhile
        if unit not in tree.successors(open_ones[id]):
            errors[id] = _("Xã cũ của cơ sở này không nhập vào xã đã chọn; chọn xã khác.")
            continue
        asked = {"establishment": id, "from": NEW_MAP_FROM.isoformat(), "epoch": "new", "code": unit.partition(":")[2]}
        try:
            changes.append(BUILDERS["unit"](desk, asked))
        except Unclear as unclear:
            errors[id] = next(iter(unclear.problems.values()))
    return changes, errors


def _kept() -> dict[str, Any]:
    asked = {"xa-cu": request.values.get("xa-cu", ""), "tim": request.values.get("tim", "")[:200]}
    return {key: value for key, value in asked.items() if value}


def _page(errors: dict[str, str]) -> str:
    conn, tree, own = web.db().conn, web.tree(), my_communes()
    pages, kept = Pages.read(request.args.get("trang", "")), _kept()
    with reading(web.db()):
        every = undecided(conn, tree, own)
        asked = [one for one in every if not kept.get("xa-cu") or one[1] == kept["xa-cu"]]
        if kept.get("tim"):
            asked = [one for one in asked if fold(kept["tim"]) in _search(conn, one[0])]
        shown = [_read(conn, id, unit) for id, unit in asked[pages.offset : pages.offset + pages.limit]]
        by_itself = followed(conn, tree, own)
    olds = {unit: name(tree, unit) for _id, unit in every}
    choices = {unit: [(key, name(tree, key)) for key in tree.successors(unit) if key in own] for unit in olds}
    halves = sorted({one for some in choices.values() for one in some}, key=lambda one: sort_key(one[1]))
    return render_template(
        "split.html", places=shown, pages=pages.of(len(asked)), total=len(every), olds=olds, choices=choices, kept=kept,
        halves=choices.get(kept.get("xa-cu", ""), halves), errors=errors, given=request.form, by_itself=by_itself,
        ticked=request.form.getlist("chon"), area=name(tree, my_area()), parts=lambda **more: kept | more,
    )  # fmt: skip


def _search(conn: sqlite3.Connection, id: str) -> str:
    row = conn.execute("SELECT search FROM register_rows WHERE id = ?", (id,)).fetchone()
    return str(row[0]) if row else ""


def _read(conn: sqlite3.Connection, id: str, unit: str) -> Undecided:
    state = state_of(conn, "establishment", id) or {}
    last = next(iter(spans(state, "place")[-1:]), {})
    point = (last["lat"], last["lon"]) if last.get("lat") is not None and last.get("lon") is not None else None
    called, code, address = str(state.get("name") or ""), str(state.get("code") or ""), str(last.get("address") or "")
    return Undecided(id, called, code, unit, address, point)
