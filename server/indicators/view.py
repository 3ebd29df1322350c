"""What an address of the pages asks for: a plan, a unit of it, a report and a body, as far as the area allows."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from schemas.units import UnitTree
from server.indicators.listing import start
from server.indicators.periods import Asked, periods, present, read
from server.pages.areas import inside
from server.plans.listing import Plan, Standing, all_plans
from server.problems import InvalidInput, NotAllowed, NotFound


@dataclass(frozen=True)
class View:
    """What is asked for, with what may be chosen instead; *agency*: of one body only."""

    plan: Plan
    plans: tuple[Plan, ...]
    unit: str
    period: Asked
    periods: tuple[Asked, ...]
    agency: str

    def query(self, **other: str) -> dict[str, str]:
        """Return it as it stands in an address."""
        asked = {"ke-hoach": self.plan.id, "don-vi": self.unit, "ky": self.period.key, "co-quan": self.agency} | other
        return {key: value for key, value in asked.items() if value}


def offered(conn: sqlite3.Connection, tree: UnitTree, area: str, today: date) -> list[Plan]:
    """Return the plans with indicators that hold in an area: its own and those above, past ones too, in force first."""
    mine = [one for one in all_plans(conn, today) if one.indicators and start(tree, one, area)]
    order = (Standing.IN_FORCE, Standing.TO_COME, Standing.PAST, Standing.CLOSED)
    depth = {one.id: len(tree.ancestors(one.unit)) for one in mine}  # the own area's before that of a larger one
    return sorted(mine, key=lambda one: (order.index(one.standing), -depth[one.id], -int(one.since[:4])))


def view(
    conn: sqlite3.Connection, tree: UnitTree, query: Mapping[str, str], area: str, today: date
) -> View | None:  # fmt: skip
    """Read an address; None where no plan with indicators holds there. What is outside raises NotAllowed."""
    unit = query.get("don-vi", "").strip()
    if unit:
        _check_unit(tree, area, unit)
    found = offered(conn, tree, area, today)
    wanted = query.get("ke-hoach", "").strip()
    holds = [one for one in found if not unit or unit in tree.descendants(one.unit)]
    period = _period(query)
    holds.sort(key=lambda one: not _reaches(one, period))  # of a period that was named, a plan that has it
    plan = next((one for one in (found if wanted else holds) if one.id == wanted or not wanted), None)
    if plan is None:
        if wanted:
            raise NotFound(_("Không có kế hoạch này trong địa bàn; mở lại trang Chỉ tiêu."))
        return None
    if unit and unit not in tree.descendants(plan.unit):
        raise NotFound(_("Kế hoạch này không áp dụng cho đơn vị này; chọn đơn vị khác."))
    if period is None or not _reaches(plan, period):  # another plan is looked at in a report of its own
        period = present(plan, today)
    return View(
        plan, tuple(found), unit or start(tree, plan, area), period, tuple(periods(plan, today)),
        query.get("co-quan", "").strip(),
    )  # fmt: skip


def _period(query: Mapping[str, str]) -> Asked | None:
    """Return the report that is named, None where none is."""
    if not query.get("ky"):
        return None
    period = read(query["ky"])
    if period is None:
        raise InvalidInput(_("Chọn kỳ báo cáo trong danh sách."), errors={"ky": _("Chọn kỳ báo cáo trong danh sách.")})
    return period


def _reaches(plan: Plan, period: Asked | None) -> bool:
    """Say whether a report has days of the plan; where none was named, every plan does."""
    return period is None or (period.last.isoformat() >= plan.since and period.first.isoformat() <= plan.until)


def _check_unit(tree: UnitTree, area: str, unit: str) -> None:
    if tree.get(unit) is None:
        raise NotFound(_("Không có đơn vị này; chọn trong danh sách."))
    if not inside(tree, area, unit):
        raise NotAllowed(_("Đơn vị này ngoài địa bàn của tài khoản; chọn đơn vị khác, hoặc hỏi người quản trị."))
