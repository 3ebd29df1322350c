"""The proposed list of a year: drawn, read line by line with its working, changed, and confirmed into assignments."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from server import web
from server.access import may
from server.clock import local_day, now
from server.pages.areas import inside, name, units_below
from server.pages.asking import my_area
from server.pages.pages import Pages
from server.planning import changing, keeping
from server.planning.changing import Hand, NotNow
from server.planning.confirming import confirm, drop
from server.planning.keeping import Kept, KeptLine
from server.planning.pages import files
from server.planning.pages.words import CHOSEN, DECIDED, STATES, months, part
from server.planning.people import teams_near, who
from server.planning.places import named
from server.planning.survey import Asked, NoTarget
from server.problems import NotAllowed, NotFound
from server.store import reading
from server.tables import as_csv, as_xlsx

bp = Blueprint("planning", __name__)
NOBODY = "khong"
FILES = {"csv": as_csv, "xlsx": as_xlsx}


@dataclass(frozen=True)
class Filters:
    """The filters of the lines as they stand in an address."""

    commune: str = ""
    team: str = ""
    decided: str = ""

    def query(self, **other: Any) -> dict[str, Any]:
        """Return the filters as they stand in an address."""
        asked = {"xa": self.commune, "doi-loc": self.team, "quyet-dinh": self.decided} | other
        return {key: value for key, value in asked.items() if value}

    def take(self, line: KeptLine) -> bool:
        """Say whether a line is asked for."""
        return (
            (not self.commune or line.commune == self.commune)
            and (not self.team or line.team == ("" if self.team == NOBODY else self.team))
            and (not self.decided or line.decided == self.decided or (self.decided == "problem" and bool(line.problem)))
        )


def units_offered() -> list[tuple[str, str]]:
    """Return the units for which a list may be drawn."""
    return units_below(web.tree(), my_area())


@bp.get("/phan-cong/de-xuat")
@may("assignments.decide")
def page() -> str:
    """Show the lists of the area, the latest first, and the form that draws another."""
    return _lists({}, {})


@bp.post("/phan-cong/de-xuat")
@may("assignments.decide")
def draw() -> tuple[str, int] | Response:
    """Draw a list for a unit and a year; the seed is the server's."""
    given = {key: request.form.get(key, "").strip() for key in ("don-vi", "nam", "chi-tieu")}
    unit, today = given["don-vi"] or my_area(), local_day(now())
    if unit != my_area() and not inside(web.tree(), my_area(), unit):
        raise NotAllowed(_("Đơn vị này ngoài địa bàn của tài khoản; chọn đơn vị khác, hoặc hỏi người quản trị."))
    errors = _wrong(given, today)
    if errors:
        return _lists(given, errors), 422
    target = int(given["chi-tieu"]) if given["chi-tieu"] else None
    try:
        id = keeping.draw(
            web.db(), web.tree(), Asked(unit, int(given["nam"]), today, target), author=g.user["id"], at=now()
        )
    except NoTarget as none:
        return _lists(given, {"chi-tieu": str(none)}), 422
    flash(_("Đã lập danh sách; số rút thăm do máy chủ rút và được giữ lại."), "good")
    return redirect(url_for("planning.one", id=id), code=303)


def _wrong(given: dict[str, str], today: date) -> dict[str, str]:
    errors = {}
    if given["nam"] not in {str(today.year), str(today.year + 1)}:
        errors["nam"] = _("Chọn năm %(one)s hoặc %(other)s.", one=str(today.year), other=str(today.year + 1))
    target = given["chi-tieu"]
    if target and not (target.isascii() and target.isdigit() and 1 <= int(target[:4]) <= 100):
        errors["chi-tieu"] = _("Nhập chỉ tiêu từ 1 đến 100.")
    return errors


def _lists(given: dict[str, str], errors: dict[str, str]) -> str:
    conn, tree, area = web.db().conn, web.tree(), my_area()
    found = keeping.of_area(conn, tree, area)
    counts = keeping.counts(conn, [one.id for one in found])
    return render_template(
        "proposals.html", area=name(tree, area), lists=found, counts=counts, given=given, errors=errors,
        units=units_offered(), year=local_day(now()).year, STATES=STATES, name=lambda key: name(tree, key),
        who=lambda author: who(conn, author),
    )  # fmt: skip


def _mine(id: str) -> Kept:
    """Return a list of the own area, or say that there is none, or that it is elsewhere."""
    found = keeping.find(web.db().conn, id)
    if found is None:
        raise NotFound(_("Không có danh sách này; mở lại từ trang Đề xuất."))
    if not inside(web.tree(), my_area(), found.unit):
        raise NotAllowed(_("Danh sách này ngoài địa bàn của tài khoản; hỏi người quản trị."))
    return found


def _filters() -> Filters:
    return Filters(*(request.args.get(word, "").strip() for word in ("xa", "doi-loc", "quyet-dinh")))


@bp.get("/phan-cong/de-xuat/<id>")
@may("assignments.decide")
def one(id: str) -> str:
    """Show a list: its quotas, its lines with their points, what people made of them."""
    return _one(_mine(id), {}, {})


def _one(proposal: Kept, given: dict[str, str], errors: dict[str, str]) -> str:
    conn, tree = web.db().conn, web.tree()
    filters, pages = _filters(), Pages.read(request.args.get("trang", ""))
    lines = keeping.lines(conn, proposal.id)
    found = [line for line in lines if filters.take(line)]
    shown = found[pages.offset : pages.offset + pages.limit]
    places = named(conn, [line.establishment for line in shown] + [line.swapped_for or "" for line in shown])
    teams = dict(teams_near(conn, tree, proposal.unit))
    return render_template(
        "proposal.html", proposal=proposal, lines=shown, pages=pages.of(len(found)), places=places, teams=teams,
        tally=files.tally(lines), quotas=files.short_of(proposal, lines), filters=filters,
        area=name(tree, proposal.unit),
        CHOSEN=CHOSEN, DECIDED=DECIDED, STATES=STATES, part=part, months=months, name=lambda key: name(tree, key),
        who=lambda author: who(conn, author), given=given, errors=errors,
        communes=sorted({line.commune for line in lines}, key=lambda key: name(tree, key)),
        again=_again(proposal) if request.args.get("tinh-lai") else None,
    )  # fmt: skip


def _again(proposal: Kept) -> keeping.Again:
    """Work the list out again from its seed."""
    with reading(web.db()) as conn:
        return keeping.again(conn, web.tree(), proposal)


@bp.get("/phan-cong/de-xuat/<id>.<ending>")
@may("assignments.decide")
def file(id: str, ending: str) -> Any:
    """Answer a list as a file: what was proposed beside what was decided."""
    proposal = _mine(id)
    if ending not in FILES:
        raise NotFound(_("Không có tệp dạng này; chọn csv hoặc xlsx."))
    lines = [line for line in keeping.lines(web.db().conn, id) if _filters().take(line)]
    return FILES[ending](files.table(web.db().conn, web.tree(), proposal, lines))


@bp.get("/phan-cong/de-xuat/<id>/<place>")
@may("assignments.decide")
def line(id: str, place: str) -> str:
    """Show one line with all that can be done about it."""
    return _line(_mine(id), place, {}, {})


def _line(proposal: Kept, place: str, given: dict[str, str], errors: dict[str, str]) -> str:
    conn, tree = web.db().conn, web.tree()
    found = keeping.line(conn, proposal.id, place)
    if found is None:
        raise NotFound(_("Cơ sở này không có trong danh sách."))
    can_change = proposal.state == keeping.OPEN and not found.assignment
    others = _others(proposal, found.commune) if can_change else []
    ids = [place, found.swapped_for or "", *(one.known.id for one in others)]
    return render_template(
        "proposal_line.html", proposal=proposal, line=found, places=named(conn, ids), others=others, errors=errors,
        given=given, teams=teams_near(conn, tree, proposal.unit), area=name(tree, proposal.unit), part=part,
        months=months, commune=name(tree, found.commune), CHOSEN=CHOSEN, DECIDED=DECIDED, can_change=can_change,
        who=lambda author: who(conn, author), all_months=[f"{proposal.year}-{month:02d}" for month in range(1, 13)],
    )  # fmt: skip


def _others(proposal: Kept, commune: str) -> list[Any]:
    with reading(web.db()) as conn:
        return changing.others(conn, web.tree(), proposal, commune)[:30]


def _hand(proposal: Kept) -> Hand:
    return Hand(web.db(), proposal, g.user["id"], now())


@bp.post("/phan-cong/de-xuat/<id>/<place>")
@may("assignments.decide")
def change(id: str, place: str) -> tuple[str, int] | Response:
    """Take the line out, put it back, swap it, or send another team in other months."""
    proposal = _mine(id)
    given = {key: request.form.get(key, "").strip() for key in ("viec", "doi", "tu", "den", "thay")}
    try:
        _act(_hand(proposal), place, given)
    except NotNow as wrong:
        field = {"co-so": "thay"}.get(wrong.field, wrong.field)
        return _line(proposal, place, given, {field: str(wrong)}), 422
    flash(_("Đã ghi."), "good")
    return redirect(url_for("planning.one", id=id, **_filters().query()), code=303)


def _act(hand: Hand, place: str, given: dict[str, str]) -> None:
    match given["viec"]:
        case "bo":
            changing.remove(hand, place)
        case "giu":
            changing.put_back(hand, place)
        case "thay":
            if not given["thay"]:
                raise NotNow("thay", _("Chọn cơ sở thay vào."))
            changing.add(hand, given["thay"], instead_of=place)
        case _:
            changing.send(hand, place, given["doi"], (given["tu"], given["den"]))


@bp.post("/phan-cong/de-xuat/<id>/them")
@may("assignments.decide")
def add(id: str) -> tuple[str, int] | Response:
    """Put a place on the list, named by its code."""
    proposal, code = _mine(id), request.form.get("co-so", "").strip()
    try:
        changing.add(_hand(proposal), changing.by_code(web.db().conn, code))
    except NotNow as wrong:
        return _one(proposal, {"co-so": code}, {wrong.field: str(wrong)}), 422
    flash(_("Đã thêm vào cuối danh sách."), "good")
    return redirect(url_for("planning.one", id=id, **Filters(decided="added").query()), code=303)


@bp.post("/phan-cong/de-xuat/<id>/xac-nhan")
@may("assignments.decide")
def decide(id: str) -> tuple[str, int] | Response:
    """Make assignments of the list, or decide that nothing comes of it."""
    proposal = _mine(id)
    try:
        if request.form.get("viec") == "khong-dung":
            drop(_hand(proposal))
            flash(_("Danh sách này không dùng nữa; vẫn giữ lại để đối chiếu."), "good")
            return redirect(url_for("planning.page"), code=303)
        done = confirm(_hand(proposal))
    except NotNow as wrong:
        return _one(proposal, {}, {"co-so": str(wrong)}), 422
    if done.refused:
        flash(_("Đã phân công %(done)s cơ sở; còn %(left)s dòng chưa phân công được, lý do ở từng dòng.",
                done=done.assigned, left=done.refused), "warn")  # fmt: skip
        return redirect(url_for("planning.one", id=id, **Filters(decided="problem").query()), code=303)
    flash(_("Đã phân công %(done)s cơ sở theo danh sách.", done=done.assigned), "good")
    return redirect(url_for("planning.one", id=id), code=303)
