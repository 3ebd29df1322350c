"""The log of look-ups: who opened which history, when and why, for the auditor and for who owns the data."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from server import web
from server.access import may
from server.clock import local_day, now
from server.history.asked_day import AskedDay, read_day
from server.history.asking import my_communes
from server.history.code import line_of
from server.history.door import bp
from server.history.lookups import SANCTIONS, Asked, Lookup, by_number, lookups
from server.pages.areas import name
from server.pages.asking import my_area
from server.pages.pages import Pages
from server.pages.words import ROLES, day, moment
from server.problems import InvalidInput, NotFound
from server.store import reading
from server.tables import Table, as_csv, as_xlsx

FILES = {"csv": as_csv, "xlsx": as_xlsx}
WORDS = {
    "history.open": _l("Mở lịch sử"),
    "history.file": _l("Lấy tệp lịch sử"),
    "history.extract": _l("In bản trích"),
    "repeat_list.open": _l("Mở danh sách tái phạm"),
    "repeat_list.file": _l("Lấy tệp danh sách tái phạm"),
    SANCTIONS: _l("Mở quyết định xử phạt trên máy của đội"),
}
DAYS = 30  # that are shown where no day is asked for


@dataclass(frozen=True)
class Filters:
    """What was asked for, as it holds or as it was typed."""

    since: AskedDay
    until: AskedDay
    who: str
    what: str
    code: str
    problem: str = ""

    @property
    def errors(self) -> dict[str, str]:
        """A sentence for each that does not hold."""
        said = {"tu-ngay": self.since.error, "den-ngay": self.until.error, "ma": self.problem}
        return {field: error for field, error in said.items() if error}

    def query(self) -> dict[str, str]:
        """Return them as they stand in an address."""
        said = {"tu-ngay": self.since.typed, "den-ngay": self.until.typed, "ai": self.who, "viec": self.what,
                "ma": self.code}  # fmt: skip
        return {field: value for field, value in said.items() if value}


@bp.get("/nhat-ky/tra-cuu")
@may("lookups.see")
def log() -> str | tuple[str, int]:
    """Show the look-ups of the area's data, filtered, the latest first."""
    filters = _filters(now())
    if filters.errors:
        return render_template("lookups.html", filters=filters, rows=None, WORDS=WORDS, area=_area()), 422
    found = _read(filters)
    pages = Pages.read(request.args.get("trang", "")).of(len(found))
    rows = [_shown(one) for one in found[pages.offset :][: pages.limit]]
    return render_template("lookups.html", filters=filters, rows=rows, pages=pages, WORDS=WORDS, area=_area())


@bp.get("/nhat-ky/tra-cuu.<ending>")
@may("lookups.see")
def log_file(ending: str) -> Response:
    """Hand out the look-ups as a file."""
    if ending not in FILES:
        raise NotFound(_("Không có tệp dạng này; chọn csv hoặc xlsx."))
    filters = _filters(now())
    if filters.errors:
        raise InvalidInput(next(iter(filters.errors.values())), errors=filters.errors)
    return FILES[ending](_table(filters, _read(filters)))


def _filters(at: datetime) -> Filters:
    today, given = local_day(at), request.args
    until = read_day(given.get("den-ngay", ""), today, today)
    since = read_day(given.get("tu-ngay", ""), today, (until.day or today) - timedelta(days=DAYS))
    what, code = given.get("viec", ""), given.get("ma", "").strip()
    problem = ""
    if code and line_of(web.db().conn, code) is None:
        problem = _("Không có mã tra cứu này; kiểm tra lại 16 chữ số in trên bản trích.")
    return Filters(since, until, given.get("ai", "").strip()[:80], what if what in WORDS else "", code, problem)


def _read(filters: Filters) -> list[Lookup]:
    lists = {my_area(), *web.tree().ancestors(my_area())}
    with reading(web.db()) as conn:
        if filters.code:
            one = by_number(conn, my_communes(), lists, line_of(conn, filters.code) or 0)
            return [one] if one else []
        assert filters.since.day and filters.until.day, "a filter that does not hold is answered before"
        asked = Asked(filters.since.day, filters.until.day, filters.who, filters.what)
        return lookups(conn, my_communes(), lists, asked)


def _area() -> str:
    return name(web.tree(), my_area())


def _shown(one: Lookup) -> dict[str, object]:
    return {"row": one, "what": WORDS[one.what], "role": ROLES.get(one.role, one.role), "about": _about(one),
            "units": ", ".join(name(web.tree(), unit) for unit in one.units)}  # fmt: skip


def _about(one: Lookup) -> str:
    return name(web.tree(), one.id) if one.kind == "repeat_list" else one.name


def _table(filters: Filters, rows: list[Lookup]) -> Table:
    headings = [
        _("Lúc"), _("Việc"), _("Người tra cứu"), _("Vai trò"), _("Đã xem"), _("Mã hồ sơ"), _("Đơn vị có dữ liệu"),
        _("Lý do tra cứu"), _("Mã tra cứu"), _("Máy"), _("Máy chủ nhận lúc"),
    ]  # fmt: skip
    lines = [
        [moment(one.at), str(WORDS[one.what]), one.who_name, str(ROLES.get(one.role, one.role)), _about(one), one.id,
         ", ".join(name(web.tree(), unit) for unit in one.units), one.purpose, one.code, one.device,
         moment(one.received_at) if one.received_at else ""]
        for one in rows
    ]  # fmt: skip
    facts = [(_("Đơn vị"), _area()), (_("Từ ngày"), day(filters.since.day)), (_("Đến ngày"), day(filters.until.day))]
    return Table("nhat-ky-tra-cuu", _("Nhật ký tra cứu – %(unit)s", unit=_area()), headings, lines, facts)
