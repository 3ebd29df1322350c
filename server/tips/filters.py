"""The filters of the tips, read from the query string: a period, a unit, where they stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from schemas.fields import is_day
from schemas.units import UnitTree
from server.pages import typed
from server.pages.areas import inside
from server.problems import NotAllowed
from server.tips.lists import Tip
from server.tips.times import Period, Timing

STATES = {
    "dung-han": _l("Đã giải quyết đúng hạn"),
    "tre-han": _l("Đã giải quyết, trễ hạn"),
    "qua-han": _l("Quá hạn, chưa giải quyết"),
    "con-han": _l("Còn hạn"),
    "chua-xac-minh": _l("Chưa xác minh"),
    "da-xac-minh": _l("Đã xác minh: đúng"),
}
_TIMINGS = {
    "dung-han": Timing.IN_TIME,
    "tre-han": Timing.LATE,
    "qua-han": Timing.OVERDUE,
    "con-han": Timing.RUNNING,
}


@dataclass(frozen=True)
class Filters:
    """What is asked for; *since* and *until* are days of receipt."""

    unit: str
    since: str
    until: str
    state: str = ""

    def query(self, **other: Any) -> dict[str, Any]:
        """Return the filters as they stand in an address."""
        asked = {"don-vi": self.unit, "tu": self.since, "den": self.until, "trang-thai": self.state} | other
        return {key: value for key, value in asked.items() if value}

    def period(self, today: date) -> Period:
        """Return the period that is asked for, as of *today*."""
        return Period(date.fromisoformat(self.since), date.fromisoformat(self.until), today)

    def take(self, tip: Tip) -> bool:
        """Say whether a tip stands where it is asked for."""
        match self.state:
            case "":
                return True
            case "chua-xac-minh":
                return not tip.verified
            case "da-xac-minh":
                return tip.verified == "true"
        return tip.timing is _TIMINGS[self.state]


def read(query: Mapping[str, str], tree: UnitTree, area: str, today: date) -> tuple[Filters, dict[str, str]]:
    """Read the filters, and a sentence at each that does not hold; this year's tips of the area where nothing is said.

    A unit outside the area raises NotAllowed.
    """
    unit = query.get("don-vi", "").strip() or area
    if unit != area and not inside(tree, area, unit):
        raise NotAllowed(_("Đơn vị này ngoài địa bàn của tài khoản; chọn đơn vị khác, hoặc hỏi người quản trị."))
    first, last = f"{today.year}-01-01", today.isoformat()
    days = {word: typed.day(query.get(word, ""), today) or default for word, default in (("tu", first), ("den", last))}
    errors = {word: _("Ngày không đúng; nhập ngày/tháng/năm, ví dụ 05/11/2026.")
              for word, day in days.items() if not is_day(day)}  # fmt: skip
    if not errors and days["den"] < days["tu"]:
        errors["den"] = _("Ngày cuối kỳ ở trước ngày đầu kỳ; nhập lại.")
    state = query.get("trang-thai", "").strip()
    kept = days if not errors else {"tu": first, "den": last}
    return Filters(unit, kept["tu"], kept["den"], state if state in STATES else ""), errors
