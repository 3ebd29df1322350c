"""How far who is signed in reaches: the unit that an address asks for, and the one place or operator of a page."""

import sqlite3

from flask import request
from flask_babel import gettext as _

from schemas.register import State
from server import web
from server.office import state_of
from server.pages.areas import inside, whole_communes
from server.pages.asking import my_area
from server.problems import NotAllowed, NotFound


def unit_asked() -> str:
    """Return the unit that the address asks for, by default the person's area; another one must lie in it."""
    area, tree = my_area(), web.tree()
    unit = (request.args.get("don-vi") or request.form.get("don-vi") or "").strip() or area
    if unit != area and (tree.get(unit) is None or not inside(tree, area, unit)):
        raise NotAllowed(_("Đơn vị này ngoài địa bàn của tài khoản; chọn đơn vị khác, hoặc hỏi người quản trị."))
    return unit


def my_communes() -> list[str]:
    """Return the present communes of the person's area."""
    return whole_communes(web.tree(), my_area())


def place_asked(id: str) -> State:
    """Return the state of a place of the person's area; one that is not there is 404, one elsewhere 403."""
    state = state_of(web.db().conn, "establishment", id)
    if state is None:
        raise NotFound(_("Không có cơ sở này; mở lại danh sách cơ sở."))
    rows = web.db().conn.execute("SELECT commune FROM placements WHERE establishment = ?", (id,)).fetchall()
    _must_touch([commune for (commune,) in rows], _("Cơ sở này ngoài địa bàn của tài khoản; hỏi người quản trị."))
    return state


def operator_asked(id: str) -> State:
    """Return the state of an operator that runs, or ran, a place of the person's area; one of no place is anybody's."""
    state = state_of(web.db().conn, "operator", id)
    if state is None:
        raise NotFound(_("Không có chủ cơ sở này; mở lại danh sách cơ sở."))
    _must_touch(
        communes_of_operator(web.db().conn, id), _("Chủ cơ sở này ngoài địa bàn của tài khoản; hỏi người quản trị.")
    )
    return state


def communes_of_operator(conn: sqlite3.Connection, id: str) -> list[str]:
    """Return the present communes in which an operator runs a place, or ran one."""
    rows = conn.execute(
        "SELECT DISTINCT commune FROM operator_places JOIN placements USING (establishment) WHERE operator = ?", (id,)
    )
    return [commune for (commune,) in rows.fetchall()]


def _must_touch(communes: list[str], sentence: str) -> None:
    """Refuse what stands in no commune of the area; what stands nowhere is left to everybody, else nobody could act."""
    if communes and set(my_communes()).isdisjoint(communes):
        raise NotAllowed(sentence)
