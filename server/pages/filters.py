"""The filters of the share inspected, read from the query string: what holds, or one sentence at the filter."""

import re
from collections.abc import Container
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from schemas.register import Kind
from schemas.units import UnitTree
from server.pages.areas import inside
from server.problems import NotAllowed

FIRST_YEAR = 2004  # Decree 178/2004
BY = {
    "don-vi": "unit", "ban-do-kia": "across", "xa": "commune", "loai-hinh": "kind", "hinh-thuc": "basis", "doi": "team",
}  # fmt: skip
BASES = {"ke-hoach": "planned", "dot-xuat": "unscheduled", "kiem-tra-lai": "recheck"}
_PERIOD = re.compile(r"\d{4}-\d{2}-\d{2}:\d{4}-\d{2}-\d{2}")
_DAY = re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})|(?P<d2>\d{1,2})[/.-](?P<m2>\d{1,2})[/.-](?P<y2>\d{4})")


@dataclass(frozen=True)
class Filters:
    """What is asked for. No kinds means those of the plan."""

    year: int
    as_of: date
    unit: str
    kinds: tuple[Kind, ...] = ()
    by: str = "unit"
    team: str = ""
    basis: str = ""
    period: tuple[date, date] | None = None

    def query(self, **other: object) -> dict[str, Any]:
        """Return the filters as they stand in an address, with *other* put in their place."""
        by = next(word for word, meaning in BY.items() if meaning == self.by)
        asked: dict[str, Any] = {"nam": str(self.year), "tinh-den": self.as_of.isoformat(), "don-vi": self.unit}
        asked |= {"loai-hinh": [kind.value for kind in self.kinds]} if self.kinds else {}
        asked |= {"theo": by} if by != "don-vi" else {}
        asked |= {"doi": self.team} if self.team else {}
        asked |= {"hinh-thuc": next(word for word, basis in BASES.items() if basis == self.basis)} if self.basis else {}
        asked |= {"ky": ":".join(map(str, self.period))} if self.period else {}
        return asked | {name.replace("_", "-"): value for name, value in other.items()}


@dataclass
class Asked:
    """The filters as they were typed, and a sentence for each that does not hold."""

    typed: dict[str, str]
    kinds: list[str]
    errors: dict[str, str] = field(default_factory=dict)


def read(
    query: MultiDict[str, str], tree: UnitTree, area: str, today: date, teams: Container[str] = ()
) -> tuple[Filters | None, Asked]:
    """Read the filters of *query* for a person of *area*; None where one does not hold. *teams* are those there are.

    A unit that exists outside the area is no slip of the pen: it raises NotAllowed.
    """
    names = ("nam", "tinh-den", "don-vi", "theo", "doi", "hinh-thuc", "ky")
    typed = {name: query.get(name, "").strip() for name in names}
    asked = Asked(typed, [kind.strip() for kind in query.getlist("loai-hinh") if kind.strip()])
    as_of = _read_day(asked, today)
    year = _read_year(asked, as_of, today)
    unit = _read_unit(asked, tree, area)
    kinds = _read_kinds(asked)
    by = BY.get(typed["theo"] or "don-vi")
    if by is None:
        asked.errors["theo"] = _("Chưa có cách xếp này; chọn trong danh sách.")
    period = _read_period(asked)
    basis = _read_basis(asked)
    team = typed["doi"]
    if team and team not in teams:
        asked.errors["doi"] = _("Không có đội này; chọn trong danh sách.")
    if asked.errors or not year or not by:
        return None, asked
    last = min(today, period[1] if period else date(year, 12, 31))
    return Filters(year, min(as_of or last, last), unit, kinds, by, team, basis, period), asked


def _read_period(asked: Asked) -> tuple[date, date] | None:
    text = asked.typed["ky"]
    if not text:
        return None
    try:
        first, last = map(date.fromisoformat, text.split(":")) if _PERIOD.fullmatch(text) else (date.max, date.min)
    except ValueError:
        first, last = date.max, date.min
    if first > last or first.year < FIRST_YEAR:
        asked.errors["ky"] = _("Kỳ không đúng; chọn trong danh sách.")
        return None
    return first, last


def _read_basis(asked: Asked) -> str:
    word = asked.typed["hinh-thuc"]
    if word and word not in BASES:
        asked.errors["hinh-thuc"] = _("Không có hình thức kiểm tra này; chọn trong danh sách.")
    return BASES.get(word, "")


def _read_day(asked: Asked, today: date) -> date | None:
    text = asked.typed["tinh-den"]
    if not text:
        return None
    found = _DAY.fullmatch(text)
    try:
        parts = found and [found[name] or found[f"{name}2"] for name in "ymd"]
        day = date(*map(int, parts)) if parts else None
    except ValueError:
        day = None
    if day is None:
        asked.errors["tinh-den"] = _("Ngày không đúng; nhập ngày/tháng/năm, ví dụ 05/11/2026.")
    elif day.year < FIRST_YEAR:
        asked.errors["tinh-den"] = _("Ngày ở trước năm 2004, khi chưa có Nghị định 178/2004; nhập lại ngày.")
    elif day > today:
        asked.errors["tinh-den"] = _("Ngày ở sau hôm nay (%(today)s); nhập lại ngày.", today=f"{today:%d/%m/%Y}")
    return day


def _read_year(asked: Asked, as_of: date | None, today: date) -> int | None:
    text = asked.typed["nam"]
    if not text:
        return (as_of or today).year
    if not re.fullmatch(r"[0-9]{4}", text):
        asked.errors["nam"] = _("Năm không đúng; nhập bốn chữ số, ví dụ 2026.")
        return None
    year = int(text)
    if not FIRST_YEAR <= year <= today.year:
        asked.errors["nam"] = _("Chọn năm từ 2004 đến %(this_year)s.", this_year=str(today.year))
    elif as_of and as_of.year < year:
        asked.errors["tinh-den"] = _(
            "Ngày %(day)s ở trước năm %(year)s; sửa năm hoặc sửa ngày.", day=f"{as_of:%d/%m/%Y}", year=text
        )
    return year


def _read_unit(asked: Asked, tree: UnitTree, area: str) -> str:
    unit = asked.typed["don-vi"] or area
    if unit != area and tree.get(unit) is None:
        asked.errors["don-vi"] = _("Không có đơn vị hành chính này; chọn trong danh sách.")
    elif unit != area and not inside(tree, area, unit):
        raise NotAllowed(_("Đơn vị này ngoài địa bàn của tài khoản; chọn đơn vị khác, hoặc hỏi người quản trị."))
    return unit


def _read_kinds(asked: Asked) -> tuple[Kind, ...]:
    known = {kind.value for kind in Kind}
    if set(asked.kinds) - known:
        asked.errors["loai-hinh"] = _("Không có loại hình này; chọn trong danh sách.")
        return ()
    return tuple(kind for kind in Kind if kind.value in asked.kinds)
