"""The page of records that may be one: two side by side, merged or told apart by a person, and taken apart again."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from schemas.likeness import OPERATOR_REASONS, REASONS
from server import web
from server.access import may
from server.changes.desk import Desk, Unclear
from server.changes.lines import BUILDERS
from server.clock import local_day, now
from server.duplicates.find import Possible, possible, too_many
from server.duplicates.side import Merged, Side, merged, side
from server.office import make, state_of
from server.pages.areas import inside, name, offered, whole_communes
from server.pages.asking import labelled, my_area
from server.pages.pages import Pages
from server.problems import InvalidInput, NotAllowed
from server.store import reading

bp = Blueprint("duplicates", __name__)
SHOWN = 10  # pairs on a page: each is read with care
LATEST = 30  # of what was merged
KINDS = ("establishment", "operator")


@dataclass(frozen=True)
class Shown:
    """A pair as the page shows it; *rows* are (label, one's words, other's words)."""

    pair: Possible
    one: Side
    other: Side
    why: list[str]
    rows: list[tuple[str, str, str]]


@bp.get("/can-duyet/trung")
@may("duplicates.decide")
def page() -> str:
    """Show the pairs of an area, the likeliest first."""
    unit, pages = _unit(), Pages.read(request.args.get("trang", ""))
    conn, tree = web.db().conn, web.tree()
    communes = whole_communes(tree, unit)
    with reading(web.db()):
        many = too_many(conn, communes)
        found = [] if many else possible(conn, communes)
        first = max(pages.number - 1, 0) * SHOWN
        shown = [_shown(pair) for pair in found[first : first + SHOWN]]
        joined: list[Merged] = [] if many else merged(conn, communes, LATEST)
    return render_template(
        "duplicates.html", unit=unit, unit_name=name(tree, unit), units=labelled(offered(tree, my_area(), unit)),
        many=many, total=len(found), shown=shown, joined=joined, at=max(pages.number, 1),
        last=max(-(-len(found) // SHOWN), 1),
    )  # fmt: skip


def _unit() -> str:
    """Return the unit asked for, by default the person's area; another one must lie in it."""
    area, tree = my_area(), web.tree()
    unit = request.args.get("don-vi", "").strip() or area
    if unit != area and (tree.get(unit) is None or not inside(tree, area, unit)):
        raise NotAllowed(_("Đơn vị này ngoài địa bàn của tài khoản; chọn đơn vị khác, hoặc hỏi người quản trị."))
    return unit


def _shown(pair: Possible) -> Shown:
    conn, tree = web.db().conn, web.tree()
    one, other = (side(conn, tree, pair.kind, id) for id in (pair.one, pair.other))
    words = OPERATOR_REASONS if pair.kind == "operator" else REASONS
    rows = [(label, left, right) for (label, left), (_label, right) in zip(one.facts, other.facts, strict=True)]
    return Shown(pair, one, other, [_(words[reason][0]) for reason in pair.reasons], rows)


@bp.post("/can-duyet/trung")
@may("duplicates.decide")
def decide() -> Response:
    """Merge two records into the one that survives, say that they are two, or take one apart again."""
    kind, do = request.form.get("kind", ""), request.form.get("do", "")
    one, other = (request.form.get(part, "") for part in ("one", "other"))
    if kind not in KINDS or do not in _DOES:
        raise InvalidInput(_("Trang đã cũ; tải lại trang rồi chọn lại."))
    ids = [one] if do == "unmerge" else [one, other]
    names = [_reached(kind, id) for id in ids]
    verb, asked = _DOES[do](kind, one, other)
    problem = _make(verb, asked)
    flash(problem or _said(do, names), "warn" if problem else "good")
    query: dict[str, Any] = {"don-vi": request.form.get("unit") or None}
    return redirect(url_for("duplicates.page", **query), code=303)


def _reached(kind: str, id: str) -> str:
    """Return the name of a record in the person's area, or raise NotAllowed."""
    conn, own = web.db().conn, set(whole_communes(web.tree(), my_area()))
    if kind == "establishment":
        rows = conn.execute("SELECT commune FROM placements WHERE establishment = ?", (id,))
    else:
        rows = conn.execute(
            "SELECT commune FROM operator_places JOIN placements USING (establishment) WHERE operator = ?", (id,)
        )
    if own.isdisjoint(commune for (commune,) in rows):
        raise NotAllowed(_("Hồ sơ này ngoài địa bàn của tài khoản; hỏi người quản trị."))
    return str((state_of(conn, kind, id) or {}).get("name") or "")


def _merge(kind: str, into: str, gone: str) -> tuple[str, dict[str, Any]]:
    return "merge", {kind: gone, "into": into}


_DOES = {
    "keep-one": _merge,
    "keep-other": lambda kind, one, other: _merge(kind, other, one),
    "distinct": lambda kind, one, other: ("distinct", {kind: one, "other": other}),
    "unmerge": lambda kind, one, other: ("unmerge", {kind: one}),
}


def _make(verb: str, asked: dict[str, Any]) -> str:
    """Make the change that `apply` would, and return what went wrong in a sentence; empty when nothing did."""
    at = now()
    try:
        change = BUILDERS[verb](Desk(web.db().conn, g.user["id"], local_day(at)), asked)
    except Unclear as unclear:
        return next(iter(unclear.problems.values()))
    receipt = make(web.db(), [change], author=g.user["id"], at=at)[0]
    return "" if receipt.standing == "accepted" else _("Nơi khác vừa sửa hồ sơ này; tải lại trang rồi chọn lại.")


def _said(do: str, names: list[str]) -> str:
    if do == "unmerge":
        return str(_("Đã tách lại “%(name)s”.", name=names[0]))
    if do == "distinct":
        return str(_("Đã ghi: “%(one)s” và “%(other)s” không trùng.", one=names[0], other=names[1]))
    kept, gone = names if do == "keep-one" else names[::-1]
    return str(_("Đã gộp “%(gone)s” vào “%(kept)s”. Gộp nhầm thì bấm Tách lại ở cuối trang.", gone=gone, kept=kept))
