"""Which team is to visit which place of the area: what is open, sending a team, and taking that back."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from schemas.assignments import first_open_days, hour_of_end
from schemas.labels import BASIS
from server import web
from server.access import may
from server.changes import apply_one
from server.clock import now
from server.office import things
from server.pages.areas import inside, name, whole_communes
from server.pages.asking import my_area
from server.problems import NotAllowed, NotFound
from server.store import in_parts, marks

bp = Blueprint("assignments", __name__)
FIELDS = {"co-so": "establishment", "doi": "team", "hinh-thuc": "basis", "han": "expires_on", "ghi-chu": "note"}
MOST = 500


@dataclass(frozen=True)
class Open:
    """One assignment as the page shows it; *done*: the day of an inspection since, empty when there is none."""

    id: str
    place: str
    code: str
    commune: str
    team: str
    basis: str
    given_on: str
    expires_on: str
    reserved: bool
    done: str


@bp.get("/phan-cong")
@may("assignments.decide")
def page() -> str:
    """Show what is open in the area, the nearest end first, and the form that sends a team."""
    return _page({}, {})


@bp.post("/phan-cong")
@may("assignments.decide")
def assign() -> tuple[str, int] | Response:
    """Send a team to a place, or show the form again with what to put right."""
    given = {field: request.form.get(field, "").strip() for field in FIELDS}
    _in_area(given["co-so"])
    asked = {"do": "assign", **{name: given[field] for field, name in FIELDS.items() if given[field]}}
    answer = apply_one(web.db(), asked, author=g.user["id"], at=now())
    if answer["standing"] != "accepted":
        errors = {field: answer["problems"][name] for field, name in FIELDS.items() if name in answer["problems"]}
        return _page(given, errors or {"co-so": _("Nơi khác vừa sửa hồ sơ này; tải lại trang rồi chọn lại.")}), 422
    flash(_("Đã phân công."), "good")
    return redirect(url_for("assignments.page"), code=303)


@bp.post("/phan-cong/<id>/bo")
@may("assignments.decide")
def take_back(id: str) -> Response:
    """Take an assignment back, a team's own reservation too."""
    row = web.db().conn.execute("SELECT establishment FROM assignments WHERE id = ?", (id,)).fetchone()
    if row is None:
        raise NotFound(_("Không có phân công này; tải lại trang."))
    _in_area(row[0])
    apply_one(web.db(), {"do": "unassign", "assignment": id}, author=g.user["id"], at=now())
    flash(_("Đã bỏ phân công."), "good")
    return redirect(url_for("assignments.page"), code=303)


def _in_area(place: str) -> None:
    """Refuse a place, named by id or code, that stands elsewhere; one that is not there is for the form to say."""
    rows = web.db().conn.execute(
        "SELECT commune FROM establishments JOIN placements ON establishment = id WHERE id = ?1 OR code = ?1", (place,)
    ).fetchall()
    if rows and set(_communes()).isdisjoint(commune for (commune,) in rows):
        raise NotAllowed(_("Cơ sở này ngoài địa bàn của tài khoản; hỏi người quản trị."))


def _communes() -> list[str]:
    return whole_communes(web.tree(), my_area())


def _page(given: dict[str, str], errors: dict[str, str]) -> str:
    found = _open()
    return render_template(
        "assignments.html", rows=found[:MOST], total=len(found), given=given, errors=errors, teams=_teams(),
        BASIS=BASIS, area=name(web.tree(), my_area()), ends_at=f"{hour_of_end():02d}:00",
    )  # fmt: skip


def _teams() -> list[tuple[str, str]]:
    """Return the teams of the area, and those above it that may come here."""
    tree, area = web.tree(), my_area()
    near = {area, *tree.ancestors(area)}
    found = {id: state for id, state in things(web.db().conn, "team").items()
             if (unit := f"{state['epoch']}:{state['area']}") in near or inside(tree, area, unit)}  # fmt: skip
    return sorted(((id, state["name"]) for id, state in found.items()), key=lambda team: team[1])


def _open() -> list[Open]:
    """Return the assignments of the area's places that are neither past nor taken back."""
    assigned, reserved = first_open_days(now())
    conn, tree = web.db().conn, web.tree()
    names = {id: str(one["name"]) for id, one in things(conn, "team").items()}
    found: dict[str, Open] = {}
    for some in in_parts(_communes()):
        rows = conn.execute(
            "SELECT assignments.id, establishments.name, code, commune, assignments.team, assignments.basis, given_on,"
            " expires_on, reserved,"
            " coalesce((SELECT max(visits.date) FROM visits WHERE visits.establishment = assignments.establishment"
            "            AND counting = 1 AND visits.date >= given_on"
            "            AND (assignments.basis = 'planned' OR visits.team = assignments.team)), '')"
            "  FROM assignments JOIN establishments ON establishments.id = assignments.establishment"
            "  JOIN placements ON placements.establishment = assignments.establishment"
            f" WHERE withdrawn = 0 AND commune IN ({marks(some)})"
            "   AND expires_on >= CASE reserved WHEN 1 THEN ? ELSE ? END",
            (*some, reserved, assigned),
        )
        found |= {row[0]: _shown(row, tree, names) for row in rows}
    return sorted(found.values(), key=lambda one: (one.expires_on, one.place))


def _shown(row: tuple[Any, ...], tree: Any, names: dict[str, str]) -> Open:
    id, place, code, commune, team, basis, given_on, expires_on, reserved, done = row
    words = str(_(BASIS[basis][0]))
    return Open(id, place, code, name(tree, commune), names.get(team, ""), words, given_on, expires_on, bool(reserved),
                done)  # fmt: skip
