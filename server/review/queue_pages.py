"""The queue of the review as a page and as files, and the acceptance of several plain visits at once."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from schemas import labels
from schemas.ids import is_id
from server import web
from server.access import may
from server.changes import apply_one
from server.clock import now
from server.pages.areas import name
from server.pages.asking import my_area
from server.pages.pages import MOST, Pages
from server.pages.words import day
from server.problems import NotFound
from server.review import asked as filters
from server.review import queue, words
from server.review.pages import must_be_mine
from server.rights import may as allowed
from server.store import reading
from server.tables import Table, as_csv, as_xlsx
from server.teams.near import teams_near

bp = Blueprint("review", __name__)
FILES = {"csv": as_csv, "xlsx": as_xlsx}


@bp.get("/can-duyet/cuoc-kiem-tra")
@may("visits.paper")
def page() -> tuple[str, int]:
    """Show a part of the queue, or the filters again with a sentence at the one that does not hold."""
    asked, conn, pages = _asked(), web.db().conn, Pages.read(request.args.get("trang", ""))
    rows: list[queue.Row] = []
    with reading(web.db()):
        if not asked.errors:
            total, rows = queue.part(conn, asked.question, offset=pages.offset, limit=pages.limit)
            pages = pages.of(total)
        teams = teams_near(conn, web.tree(), my_area())
    return render_template(
        "queue.html", asked=asked, rows=rows, pages=pages, words=words, labels=labels, teams=teams,
        communes=filters.communes_offered(web.tree(), my_area()), names=_names(rows),
        reviews=allowed(g.user["role"], "visits.review"), state_of=words.state_of,
        plain=sum(row.plain for row in rows),
    ), 422 if asked.errors else 200  # fmt: skip


@bp.get("/can-duyet/cuoc-kiem-tra.<ending>")
@may("visits.paper")
def file(ending: str) -> Response:
    """Hand out the whole of what the filters ask for as a file."""
    if ending not in FILES:
        raise NotFound(_("Không có loại tệp này; dùng csv hoặc xlsx."))
    asked = _asked()
    with reading(web.db()) as conn:
        rows = queue.rows(conn, asked.question, limit=MOST)
    return FILES[ending](_table(rows))


@bp.get("/can-duyet/cuoc-kiem-tra/duyet")
@may("visits.review")
def sure() -> str:
    """Ask once more before several plain visits are accepted: which they are, and what is not among them."""
    rows = _chosen(request.args.getlist("cuoc"))
    return render_template("queue_sure.html", rows=[row for row in rows if row.plain], names=_names(rows),
                           left=[row for row in rows if not row.plain], asked=_asked(), labels=labels)  # fmt: skip


@bp.post("/can-duyet/cuoc-kiem-tra/duyet")
@may("visits.review")
def accept() -> Response:
    """Accept each of the plain visits that still stands as it was shown; say which do not."""
    asked, done, left = _asked(), 0, []
    for row in _chosen(request.form.getlist("cuoc")):
        said = {"do": "review", "inspection": row.id, "review": "accepted", "item": request.form.get(f"item:{row.id}"),
                "was": request.form.get(f"was:{row.id}", "")}  # fmt: skip
        answer = apply_one(web.db(), said, author=g.user["id"], at=now()) if row.plain else {"standing": ""}
        if answer["standing"] == "accepted":
            done += 1
        else:
            left.append(f"{row.place} {day(row.date)}")
    if done:
        flash(_("Đã duyệt %(n)s cuộc kiểm tra.", n=done), "good")
    if left:
        flash(_("Chưa duyệt vì vừa có thay đổi, mở từng cuộc để xem: %(what)s.", what="; ".join(left)), "warn")
    return redirect(url_for("review.page", **asked.query()), code=303)


def _chosen(ids: list[str]) -> list[queue.Row]:
    with reading(web.db()) as conn:
        rows = queue.of_ids(conn, [id for id in dict.fromkeys(ids) if is_id(id)][:MOST])
        for row in rows:
            must_be_mine(conn, row.establishment)
    return rows


def _asked() -> filters.Asked:
    return filters.read(request.args, web.tree(), my_area())


def _names(rows: list[queue.Row]) -> dict[str, str]:
    return {row.commune: name(web.tree(), row.commune) for row in rows if row.commune}


def _table(rows: list[queue.Row]) -> Table:
    names = _names(rows)
    headings = [_("Ngày kiểm tra"), _("Cơ sở"), _("Mã cơ sở"), _("Xã"), _("Đội kiểm tra"), _("Hình thức kiểm tra"),
                _("Kết quả"), _("Số vi phạm"), _("Số người tham gia"), _("Giấy tờ"), _("Trạng thái duyệt"),
                _("Ý kiến của người duyệt")]  # fmt: skip
    return Table("cuoc-kiem-tra-can-duyet", _("Cuộc kiểm tra cần duyệt"), headings,
                 [_cells(row, names) for row in rows])  # fmt: skip


def _cells(row: queue.Row, names: dict[str, str]) -> list[Any]:
    outcomes = {**labels.INSPECTED, **labels.ATTEMPTS}
    basis = web.told(labels.BASIS[row.basis][0])  # type: ignore[index]
    outcome = web.told(outcomes[row.outcome][0])  # type: ignore[index]
    paper = _("đủ") if row.paper else _("còn thiếu")
    return [day(row.date), row.place, row.code, names.get(row.commune, ""), row.team_name, basis, outcome,
            row.violations, row.members, paper, str(words.state_of(row)), row.comment]  # fmt: skip
