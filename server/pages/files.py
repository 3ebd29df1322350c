"""The tables that are handed out as CSV and XLSX: their headings, their rows, what they are about."""

from collections.abc import Sequence
from datetime import date

from flask import Response
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from server.coverage.answer import Answer
from server.coverage.compare import change_in_tenths
from server.coverage.figures import Brief, Coverage, Row
from server.coverage.listed import NotCounted, Place, Visit
from server.pages.figures import Line, complete, kinds_in_words, late, trend_rows
from server.pages.links import why
from server.pages.words import BASIS_WORDS, KIND_WORDS, OUTCOME_WORDS, day
from server.problems import NotFound
from server.tables import Share, Table, as_csv, as_xlsx

FIRST = {
    "unit": _l("Đơn vị"), "commune": _l("Xã"), "kind": _l("Loại hình"), "basis": _l("Hình thức kiểm tra"),
    "team": _l("Đội"),
}  # fmt: skip
FILES = {"csv": as_csv, "xlsx": as_xlsx}


def answered(ending: str, table: Table) -> Response:
    """Answer *table* in the form that an address ends with, or raise NotFound."""
    if ending not in FILES:
        raise NotFound(_("Không có tệp dạng này; chọn csv hoặc xlsx."))
    return FILES[ending](table)


def of_shares(full: Answer, unit: str, lines: Sequence[Line]) -> Table:
    """Return the shares as a table: a row a line, and the total."""
    answer = full.now
    headings = [
        str(FIRST["unit" if answer.by == "across" else answer.by]), _("Mã đơn vị"),
        _("Số cơ sở có hoạt động trong kỳ"), _("Cơ sở được kiểm tra"),
        _("Tỷ lệ KT (%)"), _("Chỉ tiêu (%)"), _("Số cơ sở phải kiểm tra"), _("Còn phải kiểm tra"),
        _("Đạt chỉ tiêu"), _("Lượt kiểm tra"), _("Lượt có vi phạm"), _("Cơ sở có vi phạm"), _("Đã nhận, chưa tính"),
        _("Đã kiểm tra nhưng không ở trạng thái hoạt động"), _("Cùng kỳ năm trước: có hoạt động"),
        _("Cùng kỳ năm trước: được kiểm tra"), _("Cùng kỳ năm trước: Tỷ lệ KT (%)"), _("Tăng, giảm (điểm %)"),
        _("Đã rà soát, chốt danh sách ngày"), _("Người chốt"), _("Tính đến ngày"), _("Đã nhận đủ số liệu đến ngày"),
    ]  # fmt: skip
    rows = [_cells(line.name, line.row, line.before, answer) for line in lines]
    rows.append(_cells(_("Tổng"), answer.total, full.before.total if full.before else None, answer))
    name = f"ty-le-co-so-duoc-kiem-tra-{answer.year}"
    title = _("Tỷ lệ cơ sở được kiểm tra – %(unit)s, năm %(year)s", unit=unit, year=str(answer.year))
    return Table(name, title, headings, rows, [*_facts(answer, unit), *trend_rows(full.years)])


def _cells(name: str, row: Row, before: Brief | None, answer: Coverage) -> list[object]:
    met = {True: _("Đạt chỉ tiêu"), False: _("Chưa đạt chỉ tiêu"), None: ""}[row.met]
    change = change_in_tenths(row, before)
    return [
        name, row.unit, row.open, row.inspected, Share(row.inspected, row.open, row.target), row.target, row.required,
        row.remaining, met, row.visits, row.visits_with_violations, row.places_with_violations, row.not_counted,
        row.inspected_not_open, before.open if before else None, before.inspected if before else None,
        Share(before.inspected, before.open, before.target) if before else None,
        None if change is None else change / 10,
        date.fromisoformat(row.confirmed_on) if row.confirmed_on else None, row.confirmed_by, answer.as_of,
        row.complete_to,
    ]  # fmt: skip


def _facts(answer: Coverage, unit: str) -> list[tuple[str, str]]:
    plan = answer.plan
    goal = _("Chưa có chỉ tiêu")
    if plan and answer.total.target:
        goal = f"{answer.total.target} %, {plan.name} {plan.number}"
    facts = [
        (_("Đơn vị"), unit),
        (_("Năm"), str(answer.year)),
        (_("Loại hình"), kinds_in_words(answer.kinds)),
        (_("Chỉ tiêu"), goal),
        (_("Tính đến ngày"), day(answer.as_of)),
        (_("Đã nhận đủ số liệu đến ngày"), f"{complete(answer)} {late(answer)}".strip()),
    ]
    if answer.period:
        facts.append((_("Kỳ"), f"{day(answer.period[0])} – {day(answer.period[1])}"))
    if answer.basis:
        facts.append((_("Hình thức kiểm tra"), str(BASIS_WORDS[answer.basis])))
    if plan and plan.invented:
        facts.append((_("Lưu ý"), _("Số liệu giả định để xem thử chương trình")))
    return facts


def of_places(answer: Coverage, unit: str, title: str, found: Sequence[tuple[Place, str]]) -> Table:
    """Return the places under a number as a table, each with the name of its commune."""
    headings = [
        _("Mã cơ sở"), _("Tên cơ sở"), _("Loại hình"), _("Xã"), _("Địa chỉ"), _("Lượt kiểm tra trong kỳ"),
        _("Kiểm tra lần gần nhất"), _("Đã nhận đủ số liệu đến ngày"),
    ]  # fmt: skip
    rows = [
        [
            place.code, place.name, ", ".join(str(KIND_WORDS[kind]) for kind in place.kinds), where, place.address,
            place.visits, date.fromisoformat(place.last_visit) if place.last_visit else None, answer.total.complete_to,
        ]
        for place, where in found
    ]  # fmt: skip
    return Table(f"co-so-{answer.year}", f"{title} – {unit}, {answer.year}", headings, rows, _facts(answer, unit))


def of_visits(answer: Coverage, unit: str, title: str, found: Sequence[tuple[Visit, str]]) -> Table:
    """Return the visits under a number as a table."""
    headings = [
        _("Ngày kiểm tra"), _("Tên cơ sở"), _("Xã"), _("Đội"), _("Hình thức kiểm tra"), _("Kết quả"), _("Số vi phạm"),
    ]  # fmt: skip
    rows = [
        [
            date.fromisoformat(one.date), one.place_name, where, one.team_name, str(BASIS_WORDS[one.basis]),
            str(OUTCOME_WORDS[one.outcome]), one.violations,
        ]
        for one, where in found
    ]  # fmt: skip
    title = f"{title} – {unit}, {answer.year}"
    return Table(f"luot-kiem-tra-{answer.year}", title, headings, rows, _facts(answer, unit))


def of_not_counted(answer: Coverage, unit: str, title: str, found: Sequence[tuple[NotCounted, str]]) -> Table:
    """Return the visits that were received and are not counted as a table, each with the reason."""
    headings = [
        _("Ngày kiểm tra"), _("Tên cơ sở"), _("Xã"), _("Đội"), _("Hình thức kiểm tra"), _("Vì sao chưa tính"),
    ]  # fmt: skip
    rows = [
        [
            date.fromisoformat(one.date), one.place_name, where, one.team_name, str(BASIS_WORDS.get(one.basis, "")),
            why(one),
        ]
        for one, where in found
    ]  # fmt: skip
    title = f"{title} – {unit}, {answer.year}"
    return Table(f"luot-chua-tinh-{answer.year}", title, headings, rows, _facts(answer, unit))
