"""The tables of a return as they are printed, each under its name in the template's language."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from schemas.labels import BASIS
from server.documents.model import Cell as Printed
from server.documents.model import Head, Look, Percent, Points, Row, Sheet
from server.returns.restating import Line
from server.returns.stood import Stood
from server.returns.table import Cell, Column
from server.returns.table import Row as Counted

if TYPE_CHECKING:
    from server.returns.compiling import Below
    from server.returns.draft import Content

# What the table by unit holds: all figures stand in the wide one.
MAIN = ("places", "open", "inspected", "share", "visits", "violating", "violations", "decisions", "fine_amount",
        "tips_received")  # fmt: skip
_WIDEST = 12  # figures in a table on a landscape page
_BASIS = {basis.value: words[0] for basis, words in BASIS.items()}


def sheets(content: "Content", names: Iterable[str]) -> tuple[Sheet, ...]:
    """Return the tables of these names; one that has nothing to say is left out."""
    made: list[Sheet] = []
    for name in names:
        made += _all_figures(content) if name == "số liệu" else [SHEETS[name](content)] if name in SHEETS else []
    return tuple(sheet for sheet in made if sheet.rows)


def _compared(content: "Content") -> Sheet:
    """Return every figure of the whole beside the same days of the year before."""
    rows, group = [], ""
    for column in content.figures.columns:
        if column.group != group:
            group = column.group
            rows.append(Row((group,), Look.GROUP))
        cell = content.figures.total.cells[column.code]
        rows.append(Row((f"{column.heading} ({column.unit})", _value(cell, column), _number(cell.before, column),
                         _difference(cell, column))))  # fmt: skip
    head = ((Head("Số liệu"), Head("Kỳ này"), Head("Cùng kỳ năm trước"), Head("Tăng, giảm")),)
    before = content.figures.before
    notes = (f"Cùng kỳ năm trước: {_day(before[0])} – {_day(before[1])}.",) if before else ()
    return Sheet("Số liệu so với cùng kỳ năm trước", head, tuple(rows), (6, 2, 2, 2), notes=notes, name="So sánh")


def _value(cell: Cell, column: Column) -> Printed:
    return _number(cell.value, column) if column.things or cell.value is not None else "Không có cơ sở"


def _number(value: int | None, column: Column) -> Printed:
    if value is None:
        return None
    return value if column.things else Percent(value)


def _difference(cell: Cell, column: Column) -> Printed:
    if cell.difference is None or column.things:
        return cell.difference
    return Points(cell.difference)


def _by_unit(content: "Content") -> Sheet:
    """Return the main figures of each commune, and the sum."""
    columns = [column for code in MAIN for column in content.figures.columns if column.code == code]
    rows = [_line(row, columns, row.name) for row in content.figures.of_units]
    rows.append(_line(content.figures.total, columns, "Tổng số", Look.TOTAL))
    head = ((Head("Đơn vị"), *(Head(_whole_heading(column)) for column in columns)),)
    return Sheet("Số liệu theo đơn vị", head, tuple(rows), (7, *[3] * len(columns)), wide=True, name="Theo đơn vị")


def _whole_heading(column: Column) -> str:
    return f"{column.group}: {column.heading} ({column.unit})"


def _line(row: Counted, columns: list[Column], name: str, look: Look = Look.PLAIN) -> Row:
    return Row((name, *(_number(row.cells[column.code].value, column) for column in columns)), look)


def _all_figures(content: "Content") -> Iterator[Sheet]:
    """Return every figure by commune and kind: in as many tables as pages are wide, without rows that say nothing."""
    counted, parts = content.figures, _as_wide_as_a_page(content.figures.columns)
    for place, columns in enumerate(parts, 1):
        rows: list[Row] = []
        for unit in counted.of_units:
            kinds = [row for row in counted.rows if (row.unit, row.sure) == (unit.unit, unit.sure)]
            rows += [_both(row, columns) for row in kinds if _says(row, columns)]
            rows += [_both(unit, columns, Look.TOTAL)] if len(kinds) != 1 and _says(unit, columns) else []
        rows.append(_both(counted.total, columns, Look.TOTAL))
        groups = dict.fromkeys(column.group for column in columns)
        title = f"Số liệu theo xã và loại hình: {', '.join(groups)}"
        yield Sheet(title, _heads(columns), tuple(rows), (6, 4, *[2] * len(columns)), wide=True,
                    name=f"Số liệu {place}")  # fmt: skip


def _as_wide_as_a_page(columns: Iterable[Column]) -> list[list[Column]]:
    """Cut the columns between groups so that no table has more than a page holds."""
    parts: list[list[Column]] = []
    for _group, found in groupby(columns, key=lambda column: column.group):
        group = list(found)
        if parts and len(parts[-1]) + len(group) <= _WIDEST:
            parts[-1] += group
        else:
            parts.append(group)
    return parts


def _says(row: Counted, columns: Iterable[Column]) -> bool:
    return any(row.cells[column.code].value for column in columns)


def _both(row: Counted, columns: list[Column], look: Look = Look.PLAIN) -> Row:
    values = (_number(row.cells[column.code].value, column) for column in columns)
    return Row((row.name, row.kind_name or "Cộng", *values), look)


def _heads(columns: list[Column]) -> tuple[tuple[Head, ...], ...]:
    """Return two rows of heads: the groups, and what stands in each."""
    groups: list[tuple[str, int]] = []
    for column in columns:
        if groups and groups[-1][0] == column.group:
            groups[-1] = (column.group, groups[-1][1] + 1)
        else:
            groups.append((column.group, 1))
    first = (Head("Đơn vị", rows=2), Head("Loại hình", rows=2), *(Head(name, columns=count) for name, count in groups))
    return first, tuple(Head(f"{column.heading} ({column.unit})") for column in columns)


def _indicators(content: "Content") -> Sheet:
    """Return every indicator of the plan with its target and where it stands."""
    head = (tuple(Head(text) for text in ("Mã", "Chỉ tiêu", "Yêu cầu", "Số đạt", "Trên tổng số", "Kết quả",
                                          "Đánh giá")),)  # fmt: skip
    rows = tuple(_indicator(one) for one in content.standings)
    return Sheet("Kết quả thực hiện chỉ tiêu", head, rows, (2, 9, 3, 3, 3, 3, 3), name="Chỉ tiêu")


def _indicator(one: Stood) -> Row:
    result: Printed = None
    if one.hidden:
        result = "số nhỏ, không nêu"
    elif one.growth_tenths is not None:
        result = Percent(one.growth_tenths)
    elif one.share_tenths is not None:
        result = Percent(one.share_tenths)
    elif one.is_missing:
        result = "chưa có số liệu"
    elif one.text:
        result = "có báo cáo bằng lời"
    met = None if one.met is None else "Đạt" if one.met else "Chưa đạt"
    return Row((one.code, one.name, one.target or None, one.numerator, one.denominator, result, met))


def _work(content: "Content") -> Sheet:
    """Return the tasks of the year, each with who leads and how far it is."""
    rows = tuple(
        Row((place, one["name"], one["lead"] or None, date.fromisoformat(one["due"]) if one["due"] else None,
             _TASKS.get(one["standing"], one["standing"]), one["paper"] or None))
        for place, one in enumerate(content.work, 1)
    )  # fmt: skip
    head = (tuple(Head(text) for text in ("STT", "Nhiệm vụ", "Chủ trì", "Hạn", "Tình trạng", "Văn bản số")),)
    return Sheet("Các việc theo kế hoạch trong năm", head, rows, (1, 8, 5, 3, 3, 3), name="Việc trong năm")


_TASKS = {"to_do": "Chưa làm", "doing": "Đang làm", "done": "Đã xong", "not_done": "Không làm"}


def _restated(content: "Content") -> Sheet:
    """Return what has changed since the unit's return before."""
    rows = tuple(Row((f"{line.group}: {line.heading} ({line.counted})", _where(line), line.reported, line.now,
                      line.difference, _why(line))) for line in content.restated)  # fmt: skip
    head = (tuple(Head(text) for text in ("Số liệu", "Đơn vị, loại hình", "Đã báo cáo", "Hiện nay", "Chênh lệch",
                                          "Lý do")),)  # fmt: skip
    return Sheet("Điều chỉnh sau khi chốt của báo cáo trước", head, rows, (5, 4, 2, 2, 2, 6), name="Điều chỉnh")


def _where(line: Line) -> str:
    return ", ".join(filter(None, [line.unit_name, line.kind_name]))


_WHY = {"late": "về sau khi chốt", "voided": "đã hủy biên bản", "corrected": "đã đính chính",
        "rejected": "không tính vào kết quả", "reviewed": "được duyệt sau khi chốt",
        "coded": "vi phạm được ghi mã hành vi sau khi chốt",
        "handed_over": "việc chuyển hồ sơ ghi hoặc sửa sau khi chốt", "merged": "hồ sơ đã gộp",
        "unmerged": "hồ sơ đã tách lại", "register": "hồ sơ nhập hoặc sửa sau khi chốt",
        "decision": "quyết định nhập hoặc sửa sau khi chốt", "tip": "tin báo nhập hoặc sửa sau khi chốt",
        "value": "số liệu chỉ tiêu nhập hoặc sửa sau khi chốt"}  # fmt: skip


def _why(line: Line) -> str:
    """Say the first causes in short, each with its name and day."""
    said = [f"{cause.name} ({_day(cause.day)}): {_WHY[cause.why]}" for cause in line.causes[:3]]
    more = len(line.causes) - len(said)
    return "; ".join([*said, *([f"và {more} hồ sơ nữa"] if more > 0 else [])]) or "chưa xác định được lý do"


def _visits(content: "Content") -> Sheet:
    """Return the inspections behind the figures, one line each."""
    rows = tuple(
        Row((place, date.fromisoformat(line.date), line.name, line.address, line.unit_name, _BASIS.get(line.basis, ""),
             line.team_name, line.number or None, "; ".join(line.violations) or None,
             "; ".join(line.decisions) or None))
        for place, line in enumerate(content.annex.lines, 1)
    )  # fmt: skip
    head = (tuple(Head(text) for text in ("STT", "Ngày", "Cơ sở", "Địa chỉ", "Xã", "Hình thức", "Đội kiểm tra",
                                          "Biên bản số", "Vi phạm", "Quyết định")),)  # fmt: skip
    return Sheet("Danh sách các cuộc kiểm tra", head, rows, (2, 4, 6, 7, 4, 4, 6, 4, 8, 5), wide=True, name="Danh sách")


def _below(content: "Content") -> Sheet:
    """Return what each unit below sent, and what the office knows where it is another."""
    columns = [column for column in content.figures.columns if column.code in MAIN and column.things]
    rows = []
    for one in content.below:
        cells: list[Printed] = [one.name, _below_standing(one)]
        for column in columns:
            said, own = one.reported.get(column.code), one.own.get(column.code) or 0
            cells.append(f"{said} ({own})" if one.differs(column.code) else said if one.has_sent else f"({own})")
        rows.append(Row(tuple(cells)))
    head = ((Head("Đơn vị"), Head("Báo cáo"), *(Head(_whole_heading(column)) for column in columns)),)
    notes = ("Trong ngoặc: số hiện có trên máy chủ, khi khác với số đã báo cáo.",)
    widths = (7, 3, *[3] * len(columns))
    return Sheet("Tổng hợp báo cáo của các đơn vị", head, tuple(rows), widths, wide=True, notes=notes, name="Tổng hợp")


def _below_standing(one: "Below") -> str:
    if one.is_unreadable:
        return "đã gửi, không đọc được số liệu đã chốt"
    return "đã gửi" if one.has_sent else "chưa gửi"


def _day(text: str) -> str:
    return f"{date.fromisoformat(text):%d/%m/%Y}" if text else ""


SHEETS: dict[str, Callable[["Content"], Sheet]] = {
    "chỉ tiêu": _indicators,
    "so sánh": _compared,
    "đơn vị": _by_unit,
    "tổng hợp": _below,
    "điều chỉnh": _restated,
    "việc trong năm": _work,
    "danh sách": _visits,
}
