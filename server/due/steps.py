"""The one next step of a deadline: where it is done, for whoever may do it."""

from collections.abc import Iterator
from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _

from schemas.plans import Report
from server.due.lines import Line
from server.due.shape import Due, Standing
from server.rights import may

NO_PLAN = "tt05"  # in an address: the quarterly report, which is of no plan


def is_allowed(act: str) -> bool:
    """Say whether who is signed in may do an act."""
    return may(g.user["role"], act)


def address_of(line: Line) -> dict[str, Any]:
    """Return what names a line in an address."""
    unit = request.args.get("don-vi", "").strip() or None
    return {"plan": line.one.plan or NO_PLAN, "deadline": line.one.deadline, "period": line.period, "don-vi": unit}


def step(line: Line) -> tuple[str, str]:
    """Return the one next step: its address and its words."""
    one, here = line.one, url_for("due.one", **address_of(line))
    if len(line.dues) > 1:
        waits = _("Xem ai chưa xong") if one.report == Report.OTHER else _("Xem ai chưa gửi")
        return here, waits if line.waited_for else _("Xem")
    return next(_of_own(one), (here, _("Xem")))


def _of_own(one: Due) -> Iterator[tuple[str, str]]:
    """Return what may be done about it, as far as who asks may."""
    waits = not one.open and not one.number and is_allowed("returns.number")
    lacking = one.open and any(each.what == "values" for each in one.missing)
    ways = [
        (one.report == Report.OTHER and one.open, "work.see", "work.page", _("Mở việc trong năm")),
        (bool(one.return_id), "returns.see", "return_one.page", _("Ghi số báo cáo") if waits else _("Mở báo cáo")),
        (_is_to_be_written(one), "returns.make", "returns.ask", _("Lập báo cáo")),
        (lacking, "indicators.enter", "indicators.unit", _("Nhập chỉ tiêu")),
    ]
    for holds, act, endpoint, said in ways:
        if holds and is_allowed(act):
            opened = {"id": one.return_id, "_anchor": "so" if waits else None}
            yield url_for(endpoint, **(opened if endpoint == "return_one.page" else _asked(one))), said


def _is_to_be_written(one: Due) -> bool:
    on_request = one.report == Report.AD_HOC and bool(one.last_day)
    return one.open and (bool(one.cut_off) or on_request) and one.standing is not Standing.TO_COME


def _asked(one: Due) -> dict[str, Any]:
    """Return what the address of another page names of it."""
    days = f"{one.report}:{one.first}:{one.cut_off}" if one.cut_off else ""
    asked = {"don-vi": one.return_unit, "ky": days, "ke-hoach": one.plan, "loai": one.report,
             "nam": (one.cut_off or one.last_day)[:4],
             "quy": str(int(one.cut_off[5:7]) // 3) if one.report == Report.QUARTER else ""}  # fmt: skip
    return {name: value for name, value in asked.items() if value}
