"""The page of what the minutes of a period say in sums: workers and papers as counts, conditions by kind."""

from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from server import web
from server.access import may
from server.clock import local_day, now
from server.indicators.records import Records, records
from server.pages.areas import name, units_below
from server.pages.asking import my_area
from server.pages.words import KIND_WORDS, day
from server.problems import NotFound
from server.store import reading
from server.tables import Share, Table, as_csv, as_xlsx
from server.tips.filters import Filters, read

bp = Blueprint("records", __name__)
FILES = {"csv": as_csv, "xlsx": as_xlsx}
WORKERS = {
    "contract": _l("Có hợp đồng lao động"),
    "health_papers": _l("Có giấy khám sức khỏe còn hạn"),
    "commitment": _l("Đã ký cam kết"),
    "informed": _l("Được tuyên truyền khi kiểm tra"),
}


@bp.get("/chi-tieu/ho-so")
@may("indicators.see")
def page() -> tuple[str, int]:
    """Show the sums of a period for the own area or a unit of it."""
    filters, errors, found = _asked()
    tree = web.tree()
    return render_template(
        "records.html", filters=filters, errors=errors, given=request.args, found=found, WORKERS=WORKERS,
        units=units_below(tree, my_area()), area=name(tree, filters.unit), kinds=kinds_of,
    ), (422 if errors else 200)  # fmt: skip


def _asked() -> tuple[Filters, dict[str, str], Records]:
    filters, errors = read(request.args, web.tree(), my_area(), local_day(now()))
    period = filters.period(local_day(now()))
    with reading(web.db()) as conn:
        found = records(conn, web.tree(), filters.unit, (period.since, min(period.until, period.as_of)))
    return filters, errors, found


def kinds_of(kinds: tuple[str, ...]) -> str:
    """Say for which kinds a condition is."""
    return ", ".join(str(KIND_WORDS[kind]) for kind in kinds if kind in KIND_WORDS) or str(_("mọi loại hình"))


@bp.get("/chi-tieu/ho-so.<ending>")
@may("indicators.see")
def file(ending: str) -> Any:
    """Answer the conditions as a file."""
    if ending not in FILES:
        raise NotFound(_("Không có tệp dạng này; chọn csv hoặc xlsx."))
    filters, _errors, found = _asked()
    rows = [
        [kinds_of(one.item.kinds), one.item.code, one.item.text_vi, one.passed, one.failed,
         Share(one.passed, one.answered), one.not_applicable, one.unchecked]
        for one in found.conditions
    ]  # fmt: skip
    headings = [_("Loại hình"), _("Mã"), _("Điều kiện"), _("Đạt"), _("Không đạt"), _("Tỷ lệ đạt (%%)"),
                _("Không áp dụng"), _("Chưa kiểm tra")]  # fmt: skip
    facts = [(_("Từ ngày"), day(filters.since)), (_("Đến hết ngày"), day(filters.until)),
             *((str(WORKERS[one.what]), f"{one.count}/{one.total}") for one in found.workers)]  # fmt: skip
    title = _("Từ biên bản kiểm tra – %(area)s", area=name(web.tree(), filters.unit))
    return FILES[ending](Table("tu-bien-ban", title, headings, rows, facts))
