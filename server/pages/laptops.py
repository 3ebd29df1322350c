"""The laptops of the area: how each stands, codes that bring one in, locking one, taking one out of use."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from schemas.qr import svg
from server import web
from server.access import may
from server.address import address_of, is_here
from server.changes import apply_one
from server.clock import now
from server.coverage.complete import Reported
from server.door.enrol import Invitation, invite
from server.laptops import Laptop, State, laptops
from server.office import things
from server.pages import laptop_words as words
from server.pages.areas import inside, name, offered
from server.pages.asking import labelled, my_area
from server.pages.words import day
from server.problems import NotAllowed, NotFound
from server.tables import as_csv, as_xlsx

bp = Blueprint("laptops", __name__)
FILES = {"csv": as_csv, "xlsx": as_xlsx}


@dataclass(frozen=True)
class Code:
    """A fresh enrolment code as the page shows it."""

    made: Invitation
    unit: str
    team: str
    here_only: bool

    @property
    def text(self) -> str:
        """The code to copy."""
        return self.made.code.text()

    @property
    def picture(self) -> Any:
        """The code as a QR."""
        return svg(self.text, _("Mã đăng ký dạng QR"))


@bp.get("/may-tinh")
@may("laptops.keep")
def page() -> str:
    """Show the laptops of the area, those that reported least far first."""
    found, at = _mine(), now()
    reported = Reported(web.db().conn, web.tree()).to(my_area())
    return render_template(
        "laptops.html", rows=[words.row(one, _names(one), at) for one in found], State=State,
        area=name(web.tree(), my_area()), complete=day(reported) or _("Chưa xác định"),
    )  # fmt: skip


@bp.get("/may-tinh.<ending>")
@may("laptops.keep")
def file(ending: str) -> Response:
    """Answer the same list as a file: csv, xlsx or json."""
    found, at = _mine(), now()
    if ending == "json":
        return jsonify({"laptops": [words.as_json(one, _names(one)) for one in found]})
    if ending not in FILES:
        raise NotFound(_("Không có tệp dạng này; chọn csv, xlsx hoặc json."))
    rows = [words.row(one, _names(one), at) for one in found]
    return FILES[ending](words.table(rows, name(web.tree(), my_area()), at))


def _mine() -> list[Laptop]:
    area, tree = my_area(), web.tree()
    return [one for one in laptops(web.db().conn) if inside(tree, area, one.unit)]


def _names(one: Laptop) -> tuple[str, str]:
    """Name the area and the team of a laptop."""
    if "teams" not in g:
        g.teams = things(web.db().conn, "team")
    return name(web.tree(), one.unit), g.teams.get(one.team, {}).get("name", "")


@bp.get("/may-tinh/dang-ky")
@may("laptops.keep")
def ask_for_code() -> str:
    """Show the form that makes an enrolment code."""
    return _code_page(request.args)


@bp.post("/may-tinh/dang-ky")
@may("laptops.keep")
def make_code() -> str:
    """Make a code for one laptop and show it; it is kept nowhere in clear, so it is shown this once."""
    unit, team = request.form.get("don-vi", ""), request.form.get("doi", "")
    if not inside(web.tree(), my_area(), unit):
        raise NotAllowed(_("Đơn vị này ở ngoài địa bàn của tài khoản; chọn lại đơn vị."))
    teams = dict(_teams())
    address = web.settings().public_url or address_of(web.settings().data)
    made = invite(
        web.db(), web.keys(), unit=unit, team=team if team in teams else None, address=address, at=now()
    )
    return _code_page(request.form, Code(made, name(web.tree(), unit), teams.get(team, ""), is_here(address)))


def _code_page(given: MultiDict[str, str], code: Code | None = None) -> str:
    tree, area = web.tree(), my_area()
    unit = given.get("don-vi", "")
    chosen = unit if inside(tree, area, unit) else area
    return render_template(
        "laptop_code.html", code=code, chosen=chosen, team=given.get("doi", ""), teams=_teams(),
        units=labelled(offered(tree, area, chosen)),
    )  # fmt: skip


def _teams() -> list[tuple[str, str]]:
    """Return the teams of the area, by name."""
    tree, area = web.tree(), my_area()
    found = things(web.db().conn, "team").items()
    mine = [(id, str(state["name"])) for id, state in found
            if inside(tree, area, f"{state.get('epoch')}:{state.get('area')}")]  # fmt: skip
    return sorted(mine, key=lambda team: team[1])


@bp.get("/may-tinh/<id>/khoa")
@may("laptops.keep")
def ask_to_lock(id: str) -> str:
    """Ask before a laptop is locked."""
    return _confirm("laptop_lock.html", id, {}, {})


@bp.post("/may-tinh/<id>/khoa")
@may("laptops.keep")
def lock(id: str) -> tuple[str, int] | Response:
    """Lock a laptop, or show the form again with what is missing."""
    given = {"reason": request.form.get("reason", "").strip()}
    asked = {"do": "revoke_device", "device": id, **given}
    return _do("laptop_lock.html", given, asked, _("Đã khóa máy “%(name)s”."))


@bp.get("/may-tinh/<id>/ngung-dung")
@may("laptops.keep")
def ask_to_retire(id: str) -> str:
    """Ask who has made sure that nothing unsent is left on a laptop."""
    return _confirm("laptop_retire.html", id, {}, {})


@bp.post("/may-tinh/<id>/ngung-dung")
@may("laptops.keep")
def retire(id: str) -> tuple[str, int] | Response:
    """Take a laptop out of use once somebody by name has said that nothing unsent is on it."""
    given = {"by": request.form.get("by", "").strip(), "sure": request.form.get("sure", "")}
    wrong = {}
    if not given["by"]:
        wrong["by"] = _("Ghi họ tên người đã xác nhận trên máy không còn hồ sơ chưa gửi.")
    if not given["sure"]:
        wrong["sure"] = _("Đánh dấu xác nhận trước khi cho máy ngừng dùng.")
    if wrong:
        return _confirm("laptop_retire.html", id, given, wrong), 422
    asked = {"do": "retire_device", "device": id, "by": given["by"]}
    return _do("laptop_retire.html", given, asked, _("Máy “%(name)s” đã ngừng dùng."))


def _confirm(template: str, id: str, given: dict[str, str], errors: dict[str, str]) -> str:
    one = _one(id)
    return render_template(template, row=words.row(one, _names(one), now()), given=given, errors=errors)


def _one(id: str) -> Laptop:
    """Return a laptop of the area, or raise what a person must read."""
    found = next((one for one in laptops(web.db().conn) if one.id == id), None)
    if found is None:
        raise NotFound(_("Không có máy này; mở lại danh sách máy tính của đội."))
    if not inside(web.tree(), my_area(), found.unit):
        raise NotAllowed(_("Máy này ở ngoài địa bàn của tài khoản; hỏi người quản trị."))
    return found


def _do(
    template: str, given: dict[str, str], asked: dict[str, str], done: str
) -> tuple[str, int] | Response:
    """Make the change that a line of `apply` would make of *asked*, or show the form again."""
    one = _one(asked["device"])
    answer = apply_one(web.db(), asked, author=g.user["id"], at=now())
    if answer["problems"]:
        return _confirm(template, one.id, given, answer["problems"]), 422
    flash(done % {"name": one.name})
    return redirect(url_for("laptops.page"), code=303)
