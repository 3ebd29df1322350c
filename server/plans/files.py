"""A plan as files: its indicators, its deadlines or its tasks, one a row."""

from flask import Blueprint, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from server.access import may
from server.pages.typed_days import show_month_day
from server.pages.words import day
from server.plans import words
from server.plans.listing import Plan
from server.plans.pages import REPORTS, reached
from server.problems import NotFound
from server.tables import Table, as_csv, as_xlsx

bp = Blueprint("plan_files", __name__)
FILES = {"csv": as_csv, "xlsx": as_xlsx}


@bp.get("/ke-hoach/<id>.<any('csv', 'xlsx'):ending>")
@may("plans.manage")
def file(id: str, ending: str) -> Response:
    """Hand out the indicators of a plan; with `?muc=han` its deadlines, with `?muc=nhiem-vu` its tasks."""
    tables = {"chi-tieu": indicators, "han": deadlines, "nhiem-vu": tasks}
    what = request.args.get("muc", "chi-tieu")
    if what not in tables:
        raise NotFound(_("Không có mục này của kế hoạch; mở lại kế hoạch."))
    return FILES[ending](tables[what](reached(id)))


def indicators(plan: Plan) -> Table:
    """Return the table of the plan's indicators."""
    headings = [
        _("Ký hiệu"), _("Chỉ tiêu"), _("Yêu cầu"), _("Ít nhất, phần trăm"), _("Nhiều nhất, phần trăm"), _("Tính cho"),
        _("Số đạt"), _("Trên tổng số"), _("Đơn vị tính"), _("Đơn vị tính trước đó"), _("Lý do thay đơn vị tính"),
        _("Nguồn số liệu"), _("Nơi báo cáo"), _("Nơi nhận"), _("Mục trong kế hoạch"), _("Nguyên văn trong kế hoạch"),
        _("Điều kế hoạch không nói (chưa xác nhận)"),
    ]  # fmt: skip
    rows = [
        (one.code, one.name, words.target(one), one.at_least, one.at_most, _of(words.SPANS, one.period), one.numerator,
         one.denominator, _of(words.COUNTS, one.counts), _of(words.COUNTS, one.counts_was), one.counts_note,
         _of(words.SOURCES, one.source), "; ".join(one.reports), one.to, one.heading, one.sentence, one.settled)
        for one in plan.indicators
    ]  # fmt: skip
    return Table("chi-tieu", plan.name, headings, rows, _facts(plan))


def deadlines(plan: Plan) -> Table:
    """Return the table of the plan's deadlines."""
    headings = [
        _("Ký hiệu"), _("Tên"), _("Loại báo cáo"), _("Hạn"), _("Lặp lại"), _("Nơi gửi"), _("Nơi nhận"),
        _("Tổng hợp từ"), _("Mục trong kế hoạch"), _("Nguyên văn trong kế hoạch"),
        _("Điều kế hoạch không nói (chưa xác nhận)"),
    ]  # fmt: skip
    rows = [
        (one.code, one.name, str(REPORTS[one.report]), words.due(one), _of(words.EVERY, one.every), one.sender,
         one.receiver, one.compiles, one.heading, one.words, one.settled)
        for one in plan.deadlines
    ]  # fmt: skip
    return Table("han-bao-cao", plan.name, headings, rows, _facts(plan))


def tasks(plan: Plan) -> Table:
    """Return the table of the plan's tasks."""
    headings = [
        _("Ký hiệu"), _("Nhiệm vụ"), _("Chủ trì"), _("Phối hợp"), _("Thời gian"), _("Làm xong hết ngày"), _("Hạn"),
        _("Mục trong kế hoạch"), _("Nguyên văn trong kế hoạch"), _("Điều kế hoạch không nói (chưa xác nhận)"),
    ]  # fmt: skip
    rows = [
        (one.code, one.name, "; ".join(one.lead), "; ".join(one.help), one.time, show_month_day(one.due), one.deadline,
         one.heading, one.sentence, one.settled)
        for one in plan.tasks
    ]  # fmt: skip
    return Table("nhiem-vu", plan.name, headings, rows, _facts(plan))


def _facts(plan: Plan) -> list[tuple[str, str]]:
    return [(_("Kế hoạch"), plan.name), (_("Số kế hoạch"), plan.number),
            (_("Thời gian"), f"{day(plan.since)} – {day(plan.until)}"),
            (_("Điều kế hoạch không nói (chưa xác nhận)"), plan.settled)]  # fmt: skip


def _of(said: dict[str, object], key: str) -> str:
    return str(said.get(key, key))
