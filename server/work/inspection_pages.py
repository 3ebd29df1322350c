"""Pages of the inspections of units' own work: the list against what plans ask, one, making, changing, mending it."""

from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from schemas.fields import is_day
from schemas.work import unit_checklist
from server import web
from server.access import may
from server.changes import apply_one
from server.clock import local_day, now
from server.office import state_of
from server.pages import meanwhile
from server.pages.areas import inside, name, offered
from server.pages.asking import labelled, my_area
from server.pages.pages import Pages
from server.pages.typed_days import day as typed_day
from server.pages.words import day
from server.problems import NotAllowed, NotFound
from server.store import reading
from server.tables import Share, Table, as_csv, as_xlsx
from server.teams.listing import Standing, teams
from server.work.asked import Asked, asked, write
from server.work.history import history
from server.work.inspections import asked as wanted
from server.work.inspections import inspected, inspection, inspections
from server.work.known import facts
from server.work.minutes import pdf
from server.work.model import UnitInspection
from server.work.tasks import Asking, plans_of
from server.work.words import ANSWERS, asked_in_words, told

bp = Blueprint("unit_inspections", __name__)
FILES = {"csv": as_csv, "xlsx": as_xlsx}
FIELDS = {"ngay": "on", "doi": "team", "co-quan": "body", "so-nguoi": "members", "nhan-xet": "findings",
          "kien-nghi": "recommendations", "han": "mend_by", "so": "number"}  # fmt: skip
BACK = {name: field for field, name in FIELDS.items()} | {"unit": "xa"}
DAYS = ("ngay", "han")


@bp.get("/viec-trong-nam/kiem-tra-cong-tac")
@may("work.see")
def page() -> str:
    """Show the inspections of a year, how many communes had one, and what the plans ask."""
    asking = asked()
    found, every = _every(asking), web.tree().communes(asking.unit)
    pages = Pages.read(request.args.get("trang", "")).of(len(found))
    with reading(web.db()) as conn:
        asks = wanted(plans_of(conn, web.tree(), Asking(asking.unit, asking.year, asking.today)))
    return render_template(
        "unit_inspections.html", rows=found[pages.offset :][: pages.limit], pages=pages, every=every, asks=asks,
        done=inspected(found, every), open=[one for one in found if one.open], legal=unit_checklist().legal,
        turn=lambda **more: asking.query | more, **asking.words(),
    )  # fmt: skip


def _every(asking: Asked) -> tuple[UnitInspection, ...]:
    with reading(web.db()) as conn:
        return inspections(conn, web.tree(), asking.unit, asking.year, asking.today.isoformat())


@bp.get("/viec-trong-nam/kiem-tra-cong-tac.<ending>")
@may("work.see")
def file(ending: str) -> Answer:
    """Answer the same list as a file: one row an inspection, one column a question."""
    if ending not in FILES:
        raise NotFound(_("Không có tệp dạng này; chọn csv hoặc xlsx."))
    asking, questions = asked(), unit_checklist().questions
    found, every = _every(asking), web.tree().communes(asking.unit)
    headings = [_("Đơn vị được kiểm tra"), _("Ngày kiểm tra"), _("Đoàn, đội, cơ quan kiểm tra"), _("Số biên bản"),
                _("Số người tham gia"), *map(asked_in_words, questions), _("Nhận xét, tồn tại"),
                _("Kiến nghị"), _("Hạn khắc phục"), _("Đã khắc phục ngày"), _("Lý do hủy")]  # fmt: skip
    rows = [
        [name(web.tree(), one.unit), day(one.on), one.team_name or one.body, one.number, one.members,
         *(_said(one, question.code) for question in questions), one.findings, one.recommendations, day(one.mend_by),
         day(one.mended_on), one.void]
        for one in found
    ]  # fmt: skip
    words = asking.words()
    title = _("Kiểm tra công tác của xã năm %(year)s – %(unit)s", year=str(asking.year), unit=words["unit_name"])
    part = Share(inspected(found, every), len(every))
    facts_ = [(_("Đơn vị"), words["unit_name"]), (_("Xã đã kiểm tra"), f"{part.part}/{part.whole}"),
              (_("Tỷ lệ (%)"), part.percent)]  # fmt: skip
    return FILES[ending](Table("kiem-tra-cong-tac", title, headings, rows, facts_))


def _said(one: UnitInspection, code: str) -> str:
    found = next((answer for answer in one.answers if answer.code == code), None)
    return str(ANSWERS[found.answer]) if found else ""  # type: ignore[index]


@bp.get("/viec-trong-nam/kiem-tra-cong-tac/them")
@may("work.do")
def ask_for_new() -> str:
    """Show the empty form; with a unit named beside each question stands what our records say of it."""
    asking = asked()
    unit = request.args.get("xa", "").strip()
    return _form(asking, unit, {"xa": unit, "ngay": day(asking.today)}, {})


@bp.post("/viec-trong-nam/kiem-tra-cong-tac/them")
@may("work.do")
def make() -> Answer | str | tuple[str, int]:
    """Write down an inspection, or show the form again with what to put right."""
    return _take(asked(), None)


@bp.get("/viec-trong-nam/kiem-tra-cong-tac/<id>")
@may("work.see")
def one(id: str) -> str:
    """Show one inspection with what our records said on its day, and what happened to it since."""
    return _one(_mine(id), {}, {})


def _one(found: UnitInspection, given: dict[str, str], errors: dict[str, str]) -> str:
    today = local_day(now())
    return render_template(
        "unit_inspection.html", one=found, unit_name=name(web.tree(), found.unit), given=given, errors=errors,
        questions={one.code: one for one in unit_checklist().questions}, ANSWERS=ANSWERS,
        facts=_facts(found.unit, int(found.on[:4])),
        asked_in_words=asked_in_words,
        edits=history(web.db().conn, "unit_inspection", found.id), above=found.unit != my_area(),
        today=day(today), legal=unit_checklist().legal,
    )  # fmt: skip


def _facts(unit: str, year: int = 0) -> dict[str, str]:
    """Return what our records say today beside each question, in words."""
    today = local_day(now())
    with reading(web.db()) as conn:
        return {key: told(fact) for key, fact in facts(conn, web.tree(), unit, year or today.year, today).items()}


def _mine(id: str) -> UnitInspection:
    state = state_of(web.db().conn, "unit_inspection", id)
    if state is None:
        raise NotFound(_("Không có cuộc kiểm tra này; mở lại danh sách."))
    if not inside(web.tree(), my_area(), f"{state['epoch']}:{state['unit']}"):
        raise NotAllowed(_("Đơn vị này ngoài địa bàn của tài khoản; hỏi người quản trị."))
    return inspection(web.db().conn, id, local_day(now()).isoformat())


def _of_above(id: str) -> UnitInspection:
    """Return an inspection that the person's unit may write of: a unit does not inspect itself."""
    found = _mine(id)
    if found.unit == my_area():
        raise NotAllowed(_("Biên bản do cấp trên ghi; đơn vị được kiểm tra chỉ ghi kết quả khắc phục."))
    return found


@bp.get("/viec-trong-nam/kiem-tra-cong-tac/<id>/sua")
@may("work.do")
def ask_to_change(id: str) -> str:
    """Show the form of an inspection as it stands."""
    found = _of_above(id)
    given = {field: str(getattr(found, attribute)) for field, attribute in FIELDS.items()}
    given |= {field: day(given[field]) for field in DAYS} | {"xa": found.unit}
    given["co-quan-tham-gia"] = "\n".join(found.agencies)
    for answer in found.answers:
        given |= {f"tra-loi-{answer.code}": answer.answer, f"ghi-chu-{answer.code}": answer.note}
    return _form(asked(), found.unit, given, {}, found)


@bp.post("/viec-trong-nam/kiem-tra-cong-tac/<id>/sua")
@may("work.do")
def change(id: str) -> Answer | str | tuple[str, int]:
    """Change an inspection, or show the form again with what to put right."""
    return _take(asked(), _of_above(id))


def _form(
    asking: Asked, unit: str, given: dict[str, str], errors: dict[str, str], found: UnitInspection | None = None
) -> str:  # fmt: skip
    tree, area = web.tree(), my_area()
    known = _facts(unit) if unit and tree.get(unit) and inside(tree, area, unit) else {}
    units = [[pair for pair in group if pair[0] != area] for group in offered(tree, area, unit if known else area)]
    id = found.id if found else ""
    return render_template(
        "unit_inspection_form.html", found=found, given=given, errors=errors, facts=known, choices=ANSWERS,
        asked_in_words=asked_in_words,
        unit_choices=labelled(units), checklist=unit_checklist(), teams=_teams(asking, given.get("doi", "")),
        seen=meanwhile.shown(meanwhile.mark("unit_inspection", id)), query=asking.query,
    )  # fmt: skip


def _teams(asking: Asked, chosen: str) -> list[tuple[str, str]]:
    every = teams(web.db().conn, web.tree(), my_area(), asking.today)
    return [(one.id, one.name) for one in every if one.standing is Standing.WORKING or one.id == chosen]


def _take(asking: Asked, found: UnitInspection | None) -> Answer | str | tuple[str, int]:
    given = {key: value.strip() for key, value in request.form.items()}
    unit = found.unit if found else given.get("xa", "")
    if unit and not inside(web.tree(), my_area(), unit):
        raise NotAllowed(_("Đơn vị này ngoài địa bàn của tài khoản; chọn đơn vị khác, hoặc hỏi người quản trị."))
    if given.get("do") == "look":  # the unit was chosen: what is known of it comes beside the questions
        return _form(asking, unit, given, {}, found)
    errors = _wrong(given, unit, found)
    late = meanwhile.overtaken(meanwhile.mark("unit_inspection", found.id)) if found else ""
    problems = errors or ({"seen": late} if late else _write(asking, given, unit, found))
    if problems:
        return _form(asking, unit, given, {BACK.get(key, _field(key)): said for key, said in problems.items()},
                     found), 422  # fmt: skip
    flash(_("Đã ghi cuộc kiểm tra công tác: %(unit)s.", unit=name(web.tree(), unit)), "good")
    return redirect(url_for("unit_inspections.one", id=given["id"]), code=303)


def _wrong(given: dict[str, str], unit: str, found: UnitInspection | None) -> dict[str, str]:
    wrong = {}
    if not found and not unit:
        wrong["xa"] = _("Chọn đơn vị được kiểm tra.")
    elif not found and unit == my_area():
        wrong["xa"] = _("Đơn vị không tự kiểm tra; chọn đơn vị trực thuộc.")
    if not given.get("so-nguoi", "").isdecimal():
        wrong["so-nguoi"] = _("Nhập số người tham gia đoàn kiểm tra.")
    return wrong


def _write(asking: Asked, given: dict[str, str], unit: str, found: UnitInspection | None) -> dict[str, str]:
    epoch, _colon, code = unit.partition(":")
    said: dict[str, Any] = {name_: given.get(field, "") for field, name_ in FIELDS.items()}
    said |= {FIELDS[field]: typed_day(given.get(field, ""), asking.today) for field in DAYS}
    agencies = [line.strip() for line in given.get("co-quan-tham-gia", "").splitlines() if line.strip()]
    said |= {"do": "unit_inspection", "unit": code, "epoch": epoch, "members": int(given["so-nguoi"]),
             "agencies": agencies, "checked": given.get("checked") or None}  # fmt: skip
    codes = [question.code for question in unit_checklist().questions]
    said["answers"] = {one: {"answer": given[f"tra-loi-{one}"], "note": given.get(f"ghi-chu-{one}", "")}
                       for one in codes if given.get(f"tra-loi-{one}")}  # fmt: skip
    if found:
        said["inspection"] = found.id
        given["id"] = found.id
    answer = apply_one(web.db(), said, author=g.user["id"], at=now())
    problems = dict(answer["problems"])
    problems.pop("", None)
    if answer["receipt"]:
        row = web.db().conn.execute("SELECT id FROM items WHERE name = ?", (answer["receipt"],)).fetchone()
        given["id"] = str(row[0])
    return problems


def _field(path: str) -> str:
    group, _slash, code = path.partition("/")
    return f"ghi-chu-{code}" if group == "answer" else path


@bp.post("/viec-trong-nam/kiem-tra-cong-tac/<id>/khac-phuc")
@may("work.do")
def mend(id: str) -> Answer | tuple[str, int]:
    """Say that what was found is mended, as the unit itself or the one above saw it."""
    found, today = _mine(id), local_day(now())
    given = {field: request.form.get(field, "").strip() for field in ("ngay-khac-phuc", "cach-khac-phuc", "checked")}
    on = typed_day(given["ngay-khac-phuc"], today)
    problems = {} if on and is_day(on) else {"mended_on": _("Nhập ngày khắc phục xong, ví dụ 15/3/2026.")}
    said = {"do": "unit_inspection", "inspection": id, "mended_on": on, "mended_how": given["cach-khac-phuc"],
            "checked": given["checked"] or None}  # fmt: skip
    problems = problems or write(said)
    if problems:
        back = {"mended_on": "ngay-khac-phuc", "mended_how": "cach-khac-phuc"}
        return _one(found, given, {back.get(key, "ngay-khac-phuc"): said for key, said in problems.items()}), 422
    flash(_("Đã ghi kết quả khắc phục."), "good")
    return redirect(url_for("unit_inspections.one", id=id), code=303)


@bp.post("/viec-trong-nam/kiem-tra-cong-tac/<id>/huy")
@may("work.do")
def void(id: str) -> Answer | tuple[str, int]:
    """Void an inspection that was written down by mistake, with the reason; it stays and counts no more."""
    found, reason = _of_above(id), request.form.get("ly-do-huy", "").strip()
    problems = {} if reason else {"void": _("Ghi lý do hủy.")}
    problems = problems or write({"do": "unit_inspection", "inspection": id, "void": reason})
    if problems:
        return _one(found, {"ly-do-huy": reason}, {"ly-do-huy": next(iter(problems.values()))}), 422
    flash(_("Đã hủy cuộc kiểm tra; không tính vào kết quả."), "good")
    return redirect(url_for("unit_inspections.one", id=id), code=303)


@bp.get("/viec-trong-nam/kiem-tra-cong-tac/<id>/bien-ban.pdf")
@may("work.see")
def minutes(id: str) -> Response:
    """Hand out the minutes as a paper, with room for names and signatures."""
    found = _mine(id)
    set_ = pdf(found, web.tree(), now())
    headers = {"Content-Disposition": 'inline; filename="bien-ban-kiem-tra-cong-tac.pdf"'}
    return Response(set_, mimetype="application/pdf", headers=headers)
