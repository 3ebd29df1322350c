"""How numbers, shares and comparisons are written in an administrative paper."""

from datetime import date

from server.returns.table import Figures
from server.shares import tenths_of

REPORTS = {
    "half_year": "6 tháng đầu năm {year}",
    "year": "năm {year}",
    "quarter": "quý {quarter} năm {year}",
    "end_of_period": "giai đoạn {first_year}-{year}",
}
_ROMAN = ("I", "II", "III", "IV")


def number(count: int) -> str:
    """Write a number as papers have it: 07, 42, 1.234; nothing is 0, where it is not said in words."""
    return f"{count:02d}" if 0 < count < 10 else f"{count:,}".replace(",", ".")


def many(count: int, unit: str) -> str:
    """Write a number with its unit; of nothing in words."""
    return f"{number(count)} {unit}" if count else f"không có {unit} nào"


def percent(tenths: int) -> str:
    """Write tenths of a percent: 25,0 %."""
    return f"{tenths // 10},{tenths % 10} %"


def day(iso: str) -> str:
    """Write a day: 05/11/2026."""
    return f"{date.fromisoformat(iso):%d/%m/%Y}"


def area(figures: Figures) -> str:
    """Name the area within a sentence: huyện Triệu Sơn."""
    return f"{figures.name[:1].lower()}{figures.name[1:]}" if figures.unit else "cả nước"


def period(figures: Figures, report: str) -> str:
    """Name the days of a report: the half-year, the quarter; of an ad hoc one its days."""
    first, last = date.fromisoformat(figures.first), date.fromisoformat(figures.last)
    named = REPORTS.get(report, "kỳ từ ngày {since} đến hết ngày {until}")
    return named.format(
        year=last.year, first_year=first.year, quarter=_ROMAN[(last.month - 1) // 3], since=day(figures.first),
        until=day(figures.last),
    )  # fmt: skip


def listed(parts: list[tuple[str, int]]) -> str:
    """List what there is of each: "karaoke 42; massage 07"; what there is nothing of is left out."""
    return "; ".join(f"{name} {number(count)}" for name, count in parts if count)


class Told:
    """The total of a table, number by number, as sentences say it."""

    def __init__(self, figures: Figures) -> None:
        """Tell of *figures*."""
        self.figures = figures
        self._units = {column.code: column.unit for column in figures.columns}

    def count(self, code: str) -> int:
        """Return a number of the total."""
        return self.figures.total.cells[code].value or 0

    def many(self, code: str) -> str:
        """Write a number of the total with its unit."""
        return many(self.count(code), self._units[code])

    def compared(self, code: str) -> str:
        """Write a number of the total with its unit, and how it stands to the same days of the year before."""
        return f"{self.many(code)}{self.change(code)}"

    def change(self, code: str) -> str:
        """Say how a number stands to the same days of the year before; nothing where there are none."""
        cell, unit = self.figures.total.cells[code], self._units[code]
        if cell.difference is None or cell.before is None:
            return ""
        if not cell.difference:
            return ", bằng cùng kỳ năm trước" if cell.value else " (cùng kỳ năm trước cũng không có)"
        way = "tăng" if cell.difference > 0 else "giảm"
        before = number(cell.before) if cell.before else "không có"
        return f", {way} {number(abs(cell.difference))} {unit} so với cùng kỳ năm trước ({before})"

    def share(self) -> str:
        """Write the share inspected: 42/168 cơ sở (25,0 %)."""
        return share(self.count("inspected"), self.count("open"), self.figures.target)

    def kinds(self, code: str) -> list[tuple[str, int]]:
        """Return a number of each kind."""
        return [(row.kind_name, row.cells[code].value or 0) for row in self.figures.of_kinds]


def share(part: int, whole: int, target: int | None = None) -> str:
    """Write a share of places as a fraction with its percent.

    Rounded as usual, except where that would show the target, or the whole, as reached when it is not.
    """
    return f"{number(part)}/{number(whole)} cơ sở ({percent(tenths_of(part, whole, target))})"
