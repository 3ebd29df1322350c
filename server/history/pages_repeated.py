"""The page of places with a repeat violation as of a day: the purpose first, then the list and its files."""

from datetime import date, datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from schemas import purpose as rules
from schemas.repeat import Answer
from server import web
from server.access import may
from server.clock import local_day, now
from server.history import asking, purpose
from server.history.age import age_of
from server.history.answers import ANSWERS, COLOURS, age_lines
from server.history.asked_day import AskedDay, read_day
from server.history.door import bp
from server.history.repeated import Repeated, repeated_places
from server.history.subjects import Subject
from server.law.catalogue import current
from server.pages.areas import name
from server.pages.asking import my_area
from server.pages.pages import Pages
from server.problems import InvalidInput, NotFound
from server.store import reading
from server.tables import Table, as_csv, as_xlsx

FILES = {"csv": as_csv, "xlsx": as_xlsx}
LISTED, LIST_FILE = "repeat_list.open", "repeat_list.file"


def subject() -> Subject:
    """Return what the list is called in the log: that of the area of who is signed in."""
    area = my_area()
    return Subject("repeat_list", area, name(web.tree(), area), (area,))


@bp.get("/tra-cuu/tai-pham")
@may("history.see")
def repeated() -> str | tuple[str, int]:
    """Show the list as of a day, or ask for the purpose."""
    at = now()
    asked, here = _day(at), subject()
    why = asking.purpose_for(here.key, at)
    if not why:
        return _ask(asked, purpose.last_given(web.db().conn, asking.looker().id, at), "")
    if asked.day is None:
        return render_template("repeated.html", asked=asked, area=here.name, rows=None, why=why), 422
    rows = _read(asked.day)
    asking.note(here, LISTED, at, as_of=asked.day.isoformat())
    pages = Pages.read(request.args.get("trang", "")).of(len(rows))
    with reading(web.db()) as conn:
        age = age_of(conn, web.tree(), (here.id,), at)
    return render_template(
        "repeated.html", asked=asked, area=here.name, rows=[_shown(one) for one in rows[pages.offset:][:pages.limit]],
        pages=pages, why=why, age=age_lines(age),
        sure=sum(one.answer == Answer.REPEAT for one in rows), unsure=sum(one.answer != Answer.REPEAT for one in rows),
    )  # fmt: skip


@bp.post("/tra-cuu/tai-pham")
@may("history.see")
def open_repeated() -> Response | tuple[str, int]:
    """Open the list for a purpose."""
    given, at = request.form.get("ly-do", ""), now()
    asked, error = _day(at), rules.problem(given)
    if error:
        return _ask(asked, given, error), 422
    asking.open_for(subject().key, given, at)
    return redirect(_address(asked), code=303)


@bp.get("/tra-cuu/tai-pham.<ending>")
@may("history.see")
def repeated_file(ending: str) -> Response:
    """Hand out the list as a file."""
    if ending not in FILES:
        raise NotFound(_("Không có tệp dạng này; chọn csv hoặc xlsx."))
    at = now()
    asked, here = _day(at), subject()
    if not asking.purpose_for(here.key, at):
        return redirect(_address(asked))
    if asked.day is None:
        raise InvalidInput(asked.error, errors={"tinh-den": asked.error})
    rows = _read(asked.day)
    asking.note(here, LIST_FILE, at, as_of=asked.day.isoformat(), form=ending)
    return FILES[ending](_table(rows, asked.day, here.name))


def _day(at: datetime) -> AskedDay:
    today = local_day(at)
    return read_day(request.values.get("tinh-den", ""), today, today)


def _address(asked: AskedDay) -> str:
    query: dict[str, Any] = {"tinh-den": asked.typed} if asked.typed else {}
    return url_for("history.repeated", **query)


def _ask(asked: AskedDay, given: str, error: str) -> str:
    here = Subject("repeat_list", "", _("Cơ sở có tái phạm"), ())
    return render_template(
        "history_why.html", subject=here, given=given, error=error, hours=rules.rules()["purpose_hours"],
        here=_address(asked),
    )  # fmt: skip


def _read(day: date) -> list[Repeated]:
    with reading(web.db()) as conn:
        return repeated_places(conn, day.isoformat(), asking.my_communes())


def _shown(one: Repeated) -> dict[str, object]:
    units = [name(web.tree(), unit) for unit in one.communes]
    return {"row": one, "act": web.told(current(web.db().conn).words(one.act)), "units": ", ".join(units),
            "answer": ANSWERS[Answer(one.answer)], "colour": COLOURS[Answer(one.answer)]}  # fmt: skip


def _table(rows: list[Repeated], day: date, area: str) -> Table:
    headings = [
        _("Mã cơ sở"), _("Tên cơ sở"), _("Xã"), _("Địa chỉ"), _("Chủ cơ sở"), _("Hành vi"), _("Quyết định trước"),
        _("Ngày quyết định trước"), _("Ngày vi phạm sau"), _("Quyết định sau"), _("Ngày quyết định sau"), _("Kết luận"),
        _("Được coi là chưa bị xử phạt từ ngày"),
    ]  # fmt: skip
    lines = [
        [one.code, one.name, shown["units"], one.address, one.operator_name, shown["act"], one.earlier,
         _date(one.earlier_on), _date(one.committed_on), one.decision, _date(one.decided_on), str(shown["answer"]),
         _date(one.cleared_on)]
        for one in rows for shown in [_shown(one)]
    ]  # fmt: skip
    facts = [(_("Đơn vị"), area), (_("Tính đến ngày"), f"{day:%d/%m/%Y}"),
             (_("Lưu ý"), _("Để tham khảo; người có thẩm quyền xử phạt quyết định."))]  # fmt: skip
    return Table(f"co-so-co-tai-pham-{day}", _("Cơ sở có tái phạm – %(unit)s", unit=area), headings, lines, facts)


def _date(day: str) -> date | None:
    return date.fromisoformat(day) if day else None
