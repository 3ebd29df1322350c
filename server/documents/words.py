"""How cells, days and headings are written on a paper of the office: 1.234; 25,0 %; ngày 05 tháng 11 năm 2026."""

import re
from datetime import date

from schemas.fields import is_day
from schemas.paper_words import clean
from schemas.paper_words import day as whole_day
from server.documents.model import Cell, Paper, Part, Percent, Points
from server.tables import Share

NOTHING = "–"
NOTHING_TO_SHARE = "không có"
_PERCENT = re.compile(r"(?<=\d) %")
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def written(cell: Cell) -> str:
    """Write a cell as Vietnamese papers do; a share of nothing is no share."""
    match cell:
        case None:
            return NOTHING
        case str():
            return clean(cell).replace("\n", " ")
        case date():
            return cell.strftime("%d/%m/%Y")
        case Share():
            return f"{cell.percent.replace('.', ',')}\u00a0%" if cell.whole else NOTHING_TO_SHARE
        case Percent():
            return tenths(cell.tenths)
        case Points():
            return tenths(cell.tenths).replace("\u00a0%", "\u00a0điểm\u00a0%")
    return count(cell)


def is_figure(cell: Cell) -> bool:
    """Say whether a cell stands on the right, as figures do."""
    return isinstance(cell, (int, Share, Percent, Points))


def count(value: int) -> str:
    """Write a number with a point between its thousands."""
    return f"{value:,}".replace(",", ".").replace("-", "−")


def tenths(value: int) -> str:
    """Write tenths of a percent: −8,5 %."""
    whole, part = divmod(abs(value), 10)
    return f"{'−' if value < 0 else ''}{whole},{part}\u00a0%"


def roman(number: int) -> str:
    """Write the number of a part or an annex."""
    said = ""
    for worth, letters in _ROMAN:
        times, number = divmod(number, worth)
        said += letters * times
    return said


def day_line(paper: Paper) -> str:
    """Return place and date as they stand under the motto, with room to write what is not known."""
    return f"{clean(paper.place)}, {day_words(paper.day)}"


def day_words(day: str) -> str:
    """Write a day, or the room for one in a year, or the room for a whole day."""
    year = day[:4] if day[:4].isdigit() else "……"
    return whole_day(day) if is_day(day) else f"ngày …… tháng …… năm {year}"


def number_line(paper: Paper) -> str:
    """Return number and symbol: Số: 12/BC-UBND."""
    number, symbol = clean(paper.number), clean(paper.symbol).lstrip("/")
    return f"Số: {number}" if "/" in number else f"Số: {number or '……'}/{symbol}"


def belongs_to(paper: Paper) -> str:
    """Say of which paper an annex is one."""
    kind = clean(paper.kind).capitalize() or "Công văn"
    number = number_line(paper).removeprefix("Số: ")
    return f"(Kèm theo {kind} số {number} {day_words(paper.day)})"


def foot(paper: Paper) -> str:
    """Return the small line at the foot of each page."""
    said = ("Dự thảo: số liệu còn có thể thay đổi",) if paper.draft else ()
    code = (f"Mã kiểm chứng: {clean(paper.code)}",) if paper.code else ()
    return " · ".join((*said, *code, *map(clean, paper.marks)))


def numbered(parts: tuple[Part, ...], above: str = "") -> list[tuple[str, Part]]:
    """Return each part with its heading as printed: I. …, and below another part 1. …"""
    headed, place = [], 0
    for part in parts:
        place += bool(part.heading)
        number = f"{place}." if above else f"{roman(place)}."
        headed.append((f"{number} {clean(part.heading)}" if part.heading else "", part))
    return headed


def lines(text: str) -> list[str]:
    """Return the paragraphs of a text: its lines, without the empty ones. A figure and its % stay on one line."""
    return [_PERCENT.sub("\u00a0%", one.strip()) for one in clean(text).split("\n") if one.strip()]
