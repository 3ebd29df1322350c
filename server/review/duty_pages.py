"""What teams have to do after visits, with what is overdue: the page, its files, and that a duty is done on paper."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from schemas import duties as rules
from schemas import typed
from server import web
from server.access import may
from server.changes import apply_one
from server.clock import local_day, now
from server.pages.areas import name
from server.pages.asking import my_area, typed_of
from server.pages.pages import Pages
from server.problems import InvalidInput, NotFound
from server.review import asked as filters
from server.review.duties import Task, of_area, part
from server.review.pages import must_be_mine
from server.rights import may as allowed
from server.store import reading
from server.tables import Table, as_csv, as_xlsx
from server.teams.near import teams_near

bp = Blueprint("duties", __name__)
FILES = {"csv": as_csv, "xlsx": as_xlsx}
TIMES = ("con-lai", "qua-han", "da-lam")


@bp.get("/viec-phai-lam")
@may("duties.see")
def page() -> tuple[str, int]:
    """Show the duties of the area's teams, by team and last day."""
    return _page({}, {})


@bp.post("/viec-phai-lam")
@may("visits.paper")
def done() -> Response | tuple[str, int]:
    """Write down that a duty is done, by which paper; or that it is not after all."""
    form, _inside = request.form, _asked()
    visit, duty = form.get("inspection", ""), form.get("duty", "")
    row = web.db().conn.execute("SELECT establishment FROM visits WHERE id = ?", (visit,)).fetchone()
    if row is None:
        raise InvalidInput(_("Không có cuộc kiểm tra này trên máy chủ; kiểm tra lại địa chỉ."))
    must_be_mine(web.db().conn, row[0])
    on = typed.day(form.get("on", ""), local_day(now())) or None
    asked: dict[str, Any] = {"do": "duty", "inspection": visit, "duty": duty, "on": on}
    asked |= {"note": form.get("note", "").strip(), "done": form.get("do") != "undo"}
    if asked["done"] and not asked["note"]:
        return _page({"note": _("Ghi giấy tờ nào cho thấy việc đã làm: số, ngày.")}, form)
    answer = apply_one(web.db(), asked, author=g.user["id"], at=now())
    if answer["standing"] != "accepted":
        return _page(answer["problems"] or {"": _("Máy chủ chưa ghi được; thử lại sau ít phút.")}, form)
    flash(_("Đã ghi: việc đã làm xong.") if asked["done"] else _("Đã ghi: việc chưa làm xong."), "good")
    return redirect(url_for("duties.page", **_query(_asked())), code=303)


@bp.get("/viec-phai-lam.<ending>")
@may("duties.see")
def file(ending: str) -> Response:
    """Hand out what the filters ask for as a file."""
    if ending not in FILES:
        raise NotFound(_("Không có loại tệp này; dùng csv hoặc xlsx."))
    return FILES[ending](_table(_tasks(_asked(), None)[0]))


def _asked() -> filters.Asked:
    return filters.read(request.args, web.tree(), my_area())


def _tasks(asked: filters.Asked, pages: Pages | None) -> tuple[list[Task], dict[str, int]]:
    """Return the duties that the filters ask for, of a page or all, and how many there are of each time."""
    kind, team = request.args.get("viec", ""), asked.typed["doi"]
    with reading(web.db()) as conn:
        found = of_area(conn, asked.question.communes, now())
        if team or kind:
            found = [one for one in found if team in ("", one.team) and kind in ("", one.duty)]
        left = [one for one in found if not one.done_on]
        late, done = [one for one in left if one.overdue], [one for one in found if one.done_on]
        of_time = dict(zip(TIMES, (left, late, done), strict=True))
        shown = part(conn, of_time[_time()], *((pages.offset, pages.limit) if pages else ()))
    return shown, {time: len(some) for time, some in of_time.items()}


def _time() -> str:
    asked = request.args.get("thoi-han", "")
    return asked if asked in TIMES else TIMES[0]


def _query(asked: filters.Asked) -> dict[str, Any]:
    """Return the filters of the page as they stand in an address."""
    return asked.query(**typed_of("viec", "thoi-han"))


def _page(problems: dict[str, str], given: Any) -> tuple[str, int]:
    asked, pages = _asked(), Pages.read(request.args.get("trang", ""))
    rows, counts = _tasks(asked, pages)
    pages = pages.of(counts[_time()])
    tree, area = web.tree(), my_area()
    wrong = (given.get("inspection"), given.get("duty")) if problems else ()
    return render_template(
        "duties.html", asked=asked, rows=rows, pages=pages, counts=counts, time=_time(), query=_query(asked),
        given=given, problems=problems, wrong=wrong, kind=request.args.get("viec", ""), kinds=rules.rows(),
        teams=teams_near(web.db().conn, tree, area), communes=filters.communes_offered(tree, area),
        names={one.commune: name(tree, one.commune) for one in rows if one.commune},
        papers=allowed(g.user["role"], "visits.paper"),
    ), 422 if problems or asked.errors else 200  # fmt: skip


def _table(tasks: list[Task]) -> Table:
    tree = web.tree()
    headings = [_("Đội kiểm tra"), _("Việc phải làm"), _("Đến hạn"), _("Giờ"), _("Quá hạn"), _("Đã làm ngày"),
                _("Giấy tờ"), _("Cơ sở"), _("Xã"), _("Ngày kiểm tra"), _("Căn cứ")]  # fmt: skip
    rows = [
        [one.team_name, web.told(one.words), date.fromisoformat(one.due_on), one.due_at,
         _("Quá hạn") if one.overdue else "", date.fromisoformat(one.done_on) if one.done_on else None, one.note,
         one.place, name(tree, one.commune) if one.commune else "", date.fromisoformat(one.date), one.source]
        for one in tasks
    ]  # fmt: skip
    return Table("viec-phai-lam", _("Việc phải làm sau kiểm tra"), headings, rows)
