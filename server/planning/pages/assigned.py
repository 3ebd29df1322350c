"""Which team is to visit which place of the area: what is open, sending a team, and taking that back."""

from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from schemas.assignments import hour_of_end
from schemas.labels import BASIS
from server import web
from server.access import may
from server.changes import apply_one
from server.clock import local_day, now
from server.pages import typed
from server.pages.areas import name, whole_communes
from server.pages.asking import my_area
from server.pages.pages import Pages
from server.pages.words import day
from server.planning.open import Assignment, State, Wanted, assignments, by_team
from server.planning.people import teams_near
from server.problems import NotAllowed, NotFound
from server.rights import may as allowed
from server.tables import Table, as_csv, as_xlsx

bp = Blueprint("assignments", __name__)
FIELDS = {"co-so": "establishment", "doi": "team", "hinh-thuc": "basis", "tu": "starts_on", "han": "expires_on",
          "ghi-chu": "note"}  # fmt: skip
STATES = {
    "chua-lam": (State.WAITING, _l("Chưa kiểm tra")),
    "da-kiem-tra": (State.DONE, _l("Đã kiểm tra")),
    "qua-han": (State.LATE, _l("Quá hạn")),
    "da-bo": (State.WITHDRAWN, _l("Đã bỏ phân công")),
}
FILES = {"csv": as_csv, "xlsx": as_xlsx}
AHEAD = 400  # days: 15/3 typed in November is of next year


@dataclass(frozen=True)
class Filters:
    """The filters of the list as they stand in an address."""

    team: str = ""
    commune: str = ""
    state: str = ""

    def query(self, **other: Any) -> dict[str, Any]:
        """Return the filters as they stand in an address."""
        asked = {"doi-loc": self.team, "xa": self.commune, "trang-thai": self.state} | other
        return {key: value for key, value in asked.items() if value}


@bp.get("/phan-cong")
@may("assignments.see")
def page() -> str:
    """Show what is open in the area, the nearest end first, and the form that sends a team."""
    return _page({}, {})


@bp.get("/phan-cong.<ending>")
@may("assignments.see")
def file(ending: str) -> Any:
    """Answer the list as a file."""
    if ending not in FILES:
        raise NotFound(_("Không có tệp dạng này; chọn csv hoặc xlsx."))
    return FILES[ending](_table(_found(_filters())))


@bp.get("/phan-cong/theo-doi")
@may("assignments.see")
def print_page() -> str:
    """Show the list team by team, each on a sheet of its own, to be printed and handed over."""
    return render_template(
        "assignments_print.html", teams=by_team(_found(_filters())), names=_Names(), BASIS=BASIS,
        area=name(web.tree(), my_area()), today=local_day(now()),
    )  # fmt: skip


@bp.post("/phan-cong")
@may("assignments.decide")
def assign() -> tuple[str, int] | Response:
    """Send a team to a place, or show the form again with what to put right."""
    given = {field: request.form.get(field, "").strip() for field in FIELDS}
    _in_area(given["co-so"])
    asked = {"do": "assign", **{FIELDS[field]: value for field, value in _read(given).items() if value}}
    answer = apply_one(web.db(), asked, author=g.user["id"], at=now())
    if answer["standing"] != "accepted":
        errors = {field: answer["problems"][key] for field, key in FIELDS.items() if key in answer["problems"]}
        return _page(given, errors or {"co-so": _("Nơi khác vừa sửa hồ sơ này; tải lại trang rồi chọn lại.")}), 422
    flash(_("Đã phân công."), "good")
    return redirect(url_for("assignments.page"), code=303)


def _read(given: dict[str, str]) -> dict[str, str]:
    """Read the days as people type them."""
    today = local_day(now())
    return given | {field: typed.day(given[field], today, ahead=AHEAD) for field in ("tu", "han") if given[field]}


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
    rows = (
        web.db()
        .conn.execute(
            "SELECT commune FROM establishments JOIN placements ON establishment = id WHERE id = ?1 OR code = ?1",
            (place,),
        )
        .fetchall()
    )
    if rows and set(_communes()).isdisjoint(commune for (commune,) in rows):
        raise NotAllowed(_("Cơ sở này ngoài địa bàn của tài khoản; hỏi người quản trị."))


def _communes() -> list[str]:
    return whole_communes(web.tree(), my_area())


def _filters() -> Filters:
    asked = (request.args.get(word, "").strip() for word in ("doi-loc", "xa", "trang-thai"))
    filters = Filters(*asked)
    return filters if filters.state in STATES else replace(filters, state="")


def _found(filters: Filters) -> list[Assignment]:
    """Return what the filters ask for: unscheduled visits are for the coordinator's eyes, and their team's laptop."""
    communes = _communes()
    if filters.commune:
        if filters.commune not in communes:
            raise NotAllowed(_("Đơn vị này ngoài địa bàn của tài khoản; chọn đơn vị khác, hoặc hỏi người quản trị."))
        communes = [filters.commune]
    state = STATES[filters.state][0] if filters.state else None
    secrets = allowed(g.user["role"], "assignments.decide")
    return assignments(web.db().conn, Wanted(communes, now(), filters.team, state, secrets))


def _page(given: dict[str, str], errors: dict[str, str]) -> str:
    filters, pages = _filters(), Pages.read(request.args.get("trang", ""))
    found = _found(filters)
    shown = found[pages.offset : pages.offset + pages.limit]
    tree = web.tree()
    return render_template(
        "assignments.html", rows=shown, pages=pages.of(len(found)), given=given, errors=errors, filters=filters,
        teams=teams_near(web.db().conn, tree, my_area()), BASIS=BASIS, STATES=STATES, names=_Names(),
        area=name(tree, my_area()), ends_at=f"{hour_of_end():02d}:00", State=State,
        communes=sorted(((key, name(tree, key)) for key in _communes()), key=lambda one: one[1]),
        may_decide=allowed(g.user["role"], "assignments.decide"),
    )  # fmt: skip


class _Names:
    """The words of a row."""

    def commune(self, key: str) -> str:
        return name(web.tree(), key)

    def basis(self, basis: str) -> str:
        return str(_(BASIS[basis][0]))  # type: ignore[index]

    def other(self, one: Any) -> str:
        """Say who else is on the way to the same place."""
        return _("Cũng phân công: %(team)s, %(basis)s, hạn %(day)s", team=one.team, basis=self.basis(one.basis),
                 day=day(one.expires_on))  # fmt: skip


def _table(found: list[Assignment]) -> Table:
    names = _Names()
    headings = [_("Cơ sở"), _("Mã cơ sở"), _("Xã"), _("Đội kiểm tra"), _("Hình thức kiểm tra"), _("Thực hiện từ ngày"),
                _("Hạn thực hiện"), _("Đã kiểm tra"), _("Phân công khác ở cùng cơ sở")]  # fmt: skip
    rows = [
        [one.name, one.code, names.commune(one.commune), one.team, names.basis(one.basis), one.starts_on or
         one.given_on, one.expires_on, one.done, "; ".join(map(names.other, one.others))]
        for one in found
    ]  # fmt: skip
    title = _("Phân công kiểm tra – %(area)s", area=name(web.tree(), my_area()))
    return Table("phan-cong-kiem-tra", title, headings, rows, [(_("Tính đến ngày"), day(local_day(now())))])
