"""The tables that are handed out as CSV and XLSX: their headings, their rows, what they are about."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from server.coverage.figures import Coverage, Row
from server.coverage.remaining import Remaining
from server.pages.figures import Line, complete, kinds_in_words, late
from server.pages.words import KIND_WORDS, day
from server.tables import Share, Table

FIRST = {"unit": _l("Đơn vị"), "commune": _l("Xã"), "kind": _l("Loại hình"), "team": _l("Đội")}


def of_shares(answer: Coverage, unit: str, lines: Sequence[Line]) -> Table:
    """Return the shares as a table: a row a line, and the total."""
    headings = [
        str(FIRST[answer.by]), _("Mã đơn vị"), _("Số cơ sở có hoạt động trong kỳ"), _("Cơ sở được kiểm tra"),
        _("Tỷ lệ KT (%)"), _("Chỉ tiêu (%)"), _("Số cơ sở phải kiểm tra"), _("Còn phải kiểm tra"),
        _("Đạt chỉ tiêu"), _("Lượt kiểm tra"), _("Lượt có vi phạm"), _("Đã nhận, chưa tính"),
        _("Đã kiểm tra nhưng không ở trạng thái hoạt động"), _("Tính đến ngày"), _("Đã nhận đủ số liệu đến ngày"),
    ]  # fmt: skip
    rows = [_cells(line.name, line.row, answer) for line in lines]
    rows.append(_cells(_("Tổng"), answer.total, answer))
    name = f"ty-le-co-so-duoc-kiem-tra-{answer.year}"
    title = _("Tỷ lệ cơ sở được kiểm tra – %(unit)s, năm %(year)s", unit=unit, year=str(answer.year))
    return Table(name, title, headings, rows, _facts(answer, unit))


def _cells(name: str, row: Row, answer: Coverage) -> list[object]:
    met = {True: _("Đạt chỉ tiêu"), False: _("Chưa đạt chỉ tiêu"), None: ""}[row.met]
    return [
        name, row.unit, row.open, row.inspected, Share(row.inspected, row.open), row.target, row.required,
        row.remaining, met, row.visits, row.visits_with_violations, row.not_counted, row.inspected_not_open,
        answer.as_of, row.complete_to,
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
    if plan and plan.invented:
        facts.append((_("Lưu ý"), _("Số liệu giả định để xem thử chương trình")))
    return facts


def of_remaining(answer: Coverage, unit: str, places: Sequence[Remaining], unit_names: Sequence[str]) -> Table:
    """Return the places still to inspect as a table."""
    headings = [
        _("Mã cơ sở"), _("Tên cơ sở"), _("Loại hình"), _("Xã"), _("Địa chỉ"), _("Kiểm tra lần gần nhất"),
        _("Đã nhận đủ số liệu đến ngày"),
    ]  # fmt: skip
    rows = [
        [
            place.code, place.name, ", ".join(str(KIND_WORDS[kind]) for kind in place.kinds), where, place.address,
            date.fromisoformat(place.last_visit) if place.last_visit else None, answer.total.complete_to,
        ]
        for place, where in zip(places, unit_names, strict=True)
    ]  # fmt: skip
    title = _("Cơ sở chưa được kiểm tra – %(unit)s, năm %(year)s", unit=unit, year=str(answer.year))
    return Table(f"co-so-chua-duoc-kiem-tra-{answer.year}", title, headings, rows, _facts(answer, unit))
