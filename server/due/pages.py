"""The calendar of what is due: the list of a year, one deadline with who has not sent, files of both."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from schemas.text import sort_key
from server import web
from server.access import may
from server.clock import local_day, now
from server.documents.docx import as_docx
from server.documents.model import Paper
from server.documents.pdf import as_pdf
from server.due import words
from server.due.letter import Writing
from server.due.letter import letter as write_letter
from server.due.lines import Line, lines, sections, year_of
from server.due.shape import Due, Standing
from server.due.steps import NO_PLAN, address_of, is_allowed, step
from server.pages.areas import inside, name, offered
from server.pages.asking import labelled, my_area, typed_of
from server.pages.words import day, moment
from server.problems import NotAllowed, NotFound
from server.store import reading
from server.tables import Table, as_csv, as_xlsx

bp = Blueprint("due", __name__)
FILES = {"csv": as_csv, "xlsx": as_xlsx}
LETTERS: dict[str, tuple[Callable[[Paper], bytes], str]] = {
    "docx": (as_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (as_pdf, "application/pdf"),
}
BLANKS = {"co-quan": "issuer", "ky-hieu": "symbol", "tham-quyen": "authority", "chuc-vu": "role", "nguoi-ky": "signer"}
LONGEST = 200
FIRST_YEAR, LAST_YEAR = 2006, 2100
HEADINGS = (
    _l("Hạn"), _l("Ngày cuối để gửi"), _l("Báo cáo"), _l("Kế hoạch"), _l("Ký hiệu"), _l("Đơn vị gửi"), _l("Nơi nhận"),
    _l("Tình trạng"), _l("Còn, ngày"), _l("Ngày gửi"), _l("Số báo cáo"), _l("Còn thiếu"), _l("Hạn khác sớm hơn"),
)  # fmt: skip


@bp.get("/han-bao-cao")
@may("deadlines.see")
def page() -> str:
    """Show what is due in a year, what is overdue first."""
    unit, year, today = _unit(), _year(), local_day(now())
    found = _found(unit, year)
    chosen = _of_plan(found)
    plans = {one.plan or NO_PLAN: one.plan_name for one in found}
    return render_template(
        "due.html", sections=sections(lines(chosen)), unit=unit, unit_name=name(web.tree(), unit), year=year,
        units=labelled(offered(web.tree(), my_area(), unit)), years=_years(year, today), plans=plans,
        plan=request.args.get("ke-hoach", ""), query=typed_of("don-vi", "nam", "ke-hoach"), today=today, **_words(),
    )  # fmt: skip


@bp.get("/han-bao-cao.<ending>")
@may("deadlines.see")
def file(ending: str) -> Response:
    """Answer the same as a file, one row a unit."""
    if ending not in FILES:
        raise NotFound(_("Không có tệp dạng này; chọn csv hoặc xlsx."))
    unit = _unit()
    return FILES[ending](_table("han-bao-cao", _of_plan(_found(unit, _year())), unit))


@bp.get("/han-bao-cao/<plan>/<deadline>/<period>")
@may("deadlines.see")
def one(plan: str, deadline: str, period: str) -> str:
    """Show one deadline: the plan's words, who has sent and who has not."""
    unit = _unit()
    line = the_line(unit, plan, deadline, period)
    order = list(Standing)
    rows = sorted(line.dues, key=lambda one: (order.index(one.standing), sort_key(name(web.tree(), one.unit))))
    return render_template(
        "due_one.html", line=line, one=line.one, rows=rows, unit=unit, unit_name=name(web.tree(), unit),
        address=address_of(line), may_write=is_allowed("returns.make"),
        others_wait=any(each.unit != my_area() for each in line.waited_for),
        issuer=_("ỦY BAN NHÂN DÂN %(unit)s", unit=_plain_name(unit).upper()),
        authority=_("TM. ỦY BAN NHÂN DÂN"), **_words(),
    )  # fmt: skip


@bp.get("/han-bao-cao/<plan>/<deadline>/<period>.<ending>")
@may("deadlines.see")
def one_file(plan: str, deadline: str, period: str, ending: str) -> Response:
    """Answer who has sent and who has not as a file."""
    if ending not in FILES:
        raise NotFound(_("Không có tệp dạng này; chọn csv hoặc xlsx."))
    unit = _unit()
    return FILES[ending](_table("han-bao-cao", the_line(unit, plan, deadline, period).dues, unit))


@bp.get("/han-bao-cao/<plan>/<deadline>/<period>/don-doc")
@may("returns.make")
def letter(plan: str, deadline: str, period: str) -> Response:
    """Answer the letter to those that have not sent, to be signed; nothing is sent."""
    unit, tree = _unit(), web.tree()
    line = the_line(unit, plan, deadline, period)
    ending = request.args.get("dang", "docx")
    if ending not in LETTERS:
        raise NotFound(_("Không có tệp dạng này; chọn docx hoặc pdf."))
    if not line.waited_for or not line.one.last_day:
        raise NotFound(_("Mọi đơn vị đã gửi báo cáo này, hoặc báo cáo không có ngày hạn; không có ai để đôn đốc."))
    names = {one.unit: _plain_name(one.unit) for one in line.waited_for}
    given = {field: request.args.get(word, "").strip()[:LONGEST] for word, field in BLANKS.items()}
    how = Writing(unit, _plain_name(unit), words.title(line.one), local_day(now()), names, given)
    make, kind = LETTERS[ending]
    body, name_of_it = make(write_letter(web.db().conn, tree, line.waited_for, how)), f"don-doc.{ending}"
    return Response(body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name_of_it}"'})


def _plain_name(unit: str) -> str:
    found = web.tree().get(unit)
    return found.name if found else unit


def the_line(unit: str, plan: str, deadline: str, period: str) -> Line:
    """Return the deadline of an address, or raise NotFound."""
    try:
        year = date.fromisoformat(period).year if period != "-" else local_day(now()).year
    except ValueError:
        year = 0
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound(_("Không có hạn báo cáo này; mở lại danh sách hạn báo cáo."))
    near = [each for at in (year, year + 1) for each in _found(unit, at)]  # it may be due in the year after its days
    own = "" if plan == NO_PLAN else plan
    same = {each.key: each for each in near if (each.plan, each.deadline) == (own, deadline)}
    for line in lines(same.values()):
        if line.period == period:
            return line
    raise NotFound(_("Không có hạn báo cáo này; mở lại danh sách hạn báo cáo."))


def _found(unit: str, year: int) -> list[Due]:
    with reading(web.db()) as conn:
        return year_of(conn, web.tree(), unit, year, local_day(now()))


def _of_plan(found: list[Due]) -> list[Due]:
    wanted = request.args.get("ke-hoach", "").strip()
    return [one for one in found if wanted in ("", one.plan or NO_PLAN)]


def _unit() -> str:
    area, tree = my_area(), web.tree()
    unit = request.args.get("don-vi", "").strip() or area
    if unit != area and not inside(tree, area, unit):
        raise NotAllowed(_("Đơn vị này ngoài địa bàn của tài khoản; chọn đơn vị khác, hoặc hỏi người quản trị."))
    return unit


def _year() -> int:
    text = request.args.get("nam", "").strip()
    year = int(text) if text.isascii() and text.isdecimal() and len(text) == len("2026") else local_day(now()).year
    return min(max(year, FIRST_YEAR), LAST_YEAR)


def _years(year: int, today: date) -> list[int]:
    return sorted({year, *range(today.year - 5, today.year + 2)}, reverse=True)


def _words() -> dict[str, Any]:
    return {
        "title_of": words.title, "when": words.when, "left": words.left, "standing_of": words.standing,
        "standing_of_one": words.standing_of_one, "missing_of": words.missing, "clash_of": words.clash,
        "days_of": words.days_of, "caution_of": words.caution, "LOOKS": words.LOOKS, "SECTIONS": words.SECTIONS,
        "step": step, "address_of": address_of, "name_of": lambda unit: name(web.tree(), unit), "Line": Line,
        "NO_PLAN": NO_PLAN,
    }  # fmt: skip


def _table(file_name: str, found: list[Due] | tuple[Due, ...], unit: str) -> Table:
    facts = [(_("Đơn vị"), name(web.tree(), unit)), (_("Lấy lúc"), moment(now()))]
    title = _("Hạn báo cáo – %(unit)s", unit=name(web.tree(), unit))
    return Table(file_name, title, [str(one) for one in HEADINGS], [_row(one) for one in found], facts)


def _row(one: Due) -> list[Any]:
    only = Line((one,))
    return [
        words.when(one), _day(one.last_day), words.title(one), one.plan_name, one.code, name(web.tree(), one.unit),
        one.receiver, words.standing_of_one(one), one.days if one.open else None, _day(one.sent_on), one.number,
        "; ".join(words.missing(only)), day(one.clash.last_day) if one.clash else "",
    ]  # fmt: skip


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
