"""The page of the year's work: what is left first, each task with its state and paper; and the form of one."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from schemas.text import fold
from schemas.work import Renewal
from server import web
from server.access import may
from server.changes.work import task_id
from server.indicators.keeping import ACCEPTED
from server.pages import meanwhile
from server.pages.pages import Pages
from server.pages.typed_days import day as typed_day
from server.pages.words import day
from server.problems import NotFound
from server.store import reading
from server.tables import Table, as_csv, as_xlsx
from server.work import attached
from server.work.answer import year_tasks
from server.work.asked import Asked, asked, write
from server.work.history import history
from server.work.model import TeamRenewal, YearTask
from server.work.summary import summary
from server.work.words import RENEWALS, STANDINGS, called

bp = Blueprint("work", __name__)
FILES = {"csv": as_csv, "xlsx": as_xlsx}
FIELDS = {"tinh-trang": "standing", "ngay": "on", "so-van-ban": "paper_number", "ngay-van-ban": "paper_on",
          "co-quan": "paper_body", "ghi-chu": "note", "ly-do": "reason"}  # fmt: skip
DAYS = ("ngay", "ngay-van-ban")
LEFT, LATE = "con-lai", "qua-han"


@bp.get("/viec-trong-nam")
@may("work.see")
def page() -> str:
    """Show the work of a year of a unit: its tasks, what is left first, and how far the rest is."""
    asking = asked()
    with reading(web.db()) as conn:
        every, teams = year_tasks(conn, web.tree(), None, asking.unit, asking.year, asking.today)
        counts = summary(conn, web.tree(), asking.unit, asking.year, asking.today)
    found, pages = _chosen(every), Pages.read(request.args.get("trang", ""))
    pages = pages.of(len(found))
    return render_template(
        "work.html", rows=found[pages.offset :][: pages.limit], pages=pages, every=every, counts=counts, teams=teams,
        left=[one for one in every if one.left], late=[one for one in every if one.overdue], given=request.args,
        not_renewed=[one for one in teams if one.standing is Renewal.NOT_YET], **_words(asking),
        turn=lambda **more: asking.query | _typed() | more, kept=asking.query | _typed(),
        one_plan=len({one.plan for one in every if one.plan}) < 2,
    )  # fmt: skip


def _words(asking: Asked) -> dict[str, Any]:
    return {**asking.words(), "STANDINGS": STANDINGS, "RENEWALS": RENEWALS, "called": called}


def _typed() -> dict[str, str]:
    typed = {name: request.args.get(name, "").strip() for name in ("tinh-trang", "tim")}
    return {name: value for name, value in typed.items() if value}


def _chosen(every: tuple[YearTask, ...]) -> list[YearTask]:
    """Return the tasks of a standing whose name, code or leading body holds what was typed."""
    standing, text = request.args.get("tinh-trang", "").strip(), fold(request.args.get("tim", "").strip())

    def fits(one: YearTask) -> bool:
        if standing == LEFT:
            return one.left
        return one.overdue if standing == LATE else standing in ("", one.standing.value)

    return [one for one in every if fits(one) and text in fold(f"{one.name} {one.code} {'; '.join(one.lead)}")]


@bp.get("/viec-trong-nam.<ending>")
@may("work.see")
def file(ending: str) -> Response:
    """Answer the same list as a file."""
    if ending not in FILES:
        raise NotFound(_("Không có tệp dạng này; chọn csv hoặc xlsx."))
    asking = asked()
    with reading(web.db()) as conn:
        every, _teams = year_tasks(conn, web.tree(), None, asking.unit, asking.year, asking.today)
    headings = [_("Mã"), _("Nhiệm vụ"), _("Kế hoạch"), _("Chủ trì"), _("Phối hợp"), _("Thời gian"), _("Hạn"),
                _("Tình trạng"), _("Quá hạn"), _("Ngày"), _("Số văn bản"), _("Ngày văn bản"), _("Cơ quan ban hành"),
                _("Ghi chú"), _("Lý do không làm")]  # fmt: skip
    rows = [
        [one.code, called(one), one.plan_number or one.plan_name, "; ".join(one.lead), "; ".join(one.help), one.time,
         day(one.due), str(STANDINGS[one.standing]), _("quá hạn") if one.overdue else "", day(one.on),
         one.paper_number, day(one.paper_on), one.paper_body, one.note, one.reason]
        for one in _chosen(every)
    ]  # fmt: skip
    words = asking.words()
    title = _("Việc trong năm %(year)s – %(unit)s", year=str(asking.year), unit=words["unit_name"])
    return FILES[ending](Table("viec-trong-nam", title, headings, rows, [(_("Đơn vị"), words["unit_name"])]))


@bp.get("/viec-trong-nam/nhiem-vu/<code>")
@may("work.see")
def one(code: str) -> str:
    """Show one task with what the plan says of it, what is written down, and the form for who may."""
    found, teams = _found(asking := asked(), code)
    given = {field: getattr(found, name) for field, name in FIELDS.items() if field != "tinh-trang"}
    given |= {field: day(given[field]) for field in DAYS}
    return _one(asking, (found, teams), given | {"tinh-trang": found.standing.value}, {})


def _found(asking: Asked, code: str) -> tuple[YearTask, tuple[TeamRenewal, ...]]:
    """Return the task of a code and of the plan that the address names, with the teams where it is their renewal."""
    plan = request.values.get("ke-hoach", "")
    with reading(web.db()) as conn:
        every, teams = year_tasks(conn, web.tree(), None, asking.unit, asking.year, asking.today)
    found = next((one for one in every if one.code == code and plan in ("", one.plan)), None)
    if found is None:
        raise NotFound(_("Năm này đơn vị không có nhiệm vụ này; mở lại danh sách việc trong năm."))
    return found, teams if found.special == "renewal" else ()


@bp.get("/viec-trong-nam/nhiem-vu/<code>/tep")
@may("work.see")
def attachment(code: str) -> Response:
    """Hand out the file that stands beside a task."""
    task, _teams = _found(asked(), code)
    return attached.handed_out(task.file, task.file_name)


def _one(
    asking: Asked, found: tuple[YearTask, tuple[TeamRenewal, ...]], given: dict[str, str], errors: dict[str, str]
) -> str:  # fmt: skip
    task, teams = found
    id = task_id(task.plan, task.code, asking.unit, asking.year)
    return render_template(
        "work_task.html", task=task, teams=teams, given=given, errors=errors, Renewal=Renewal, accepted=ACCEPTED,
        kept_name=attached.kept_name(given),
        edits=history(web.db().conn, "year_task", id), seen=meanwhile.shown(meanwhile.mark("year_task", id)),
        **_words(asking),
    )  # fmt: skip


@bp.post("/viec-trong-nam/nhiem-vu/<code>")
@may("work.do")
def keep(code: str) -> Response | tuple[str, int]:
    """Write down how far a task is, or show the form again with what to put right."""
    found = _found(asking := asked(), code)
    task = found[0]
    given = {field: request.form.get(field, "").strip() for field in (*FIELDS, "checked")}
    epoch, _colon, unit = asking.unit.partition(":")
    said: dict[str, Any] = {"do": "year_task", "plan": task.plan, "task": task.code, "unit": unit, "epoch": epoch,
                            "year": asking.year, "checked": given["checked"] or None}  # fmt: skip
    said |= {name: given[field] for field, name in FIELDS.items()}
    said |= {FIELDS[field]: typed_day(given[field], asking.today) for field in DAYS}
    said["standing"] = said["standing"] or task.standing.value
    mark = meanwhile.mark("year_task", task_id(task.plan, task.code, asking.unit, asking.year))
    late = meanwhile.overtaken(mark)
    unfit = attached.taken(given, said)
    problems = {"seen": late} if late else unfit or write(said)
    problems.pop("", None)  # nothing has changed: what stands is what was said
    if problems:
        back = {name: field for field, name in FIELDS.items()} | {"file": attached.FIELD}
        return _one(asking, found, given, {back.get(key, key): said for key, said in problems.items()}), 422
    flash(_("Đã ghi: %(task)s.", task=called(task)), "good")
    return redirect(url_for("work.page", **asking.query), code=303)
