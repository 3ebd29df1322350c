"""A plan as it was issued, made a plan of the register: what it says word by word, and what we settled beside it."""

import sqlite3
from datetime import date
from typing import Any

from schemas.issued_plans import Deadline, Indicator, Issued, Task, issued
from schemas.plans import Every, Report
from schemas.register import Kind, State
from server.office import things

_REPORTS = {
    "half_year": Report.HALF_YEAR, "year": Report.YEAR, "ad_hoc": Report.AD_HOC, "period": Report.END_OF_PERIOD,
}  # fmt: skip
_CUT_OFF = (
    "Kế hoạch không nói báo cáo lấy số liệu của những ngày nào: lấy từ 1/1 đến hết ngày 14 của tháng báo cáo, "
    "để kịp hạn sớm nhất của cả hai kế hoạch; những ngày còn lại của năm vẫn tính vào tỷ lệ của năm."
)
_WHOLE_PERIOD = "Kế hoạch không nói ngày chốt: lấy từ ngày đầu của kế hoạch đến hết tháng trước tháng phải nộp."
_PLACES = (
    "Kế hoạch không kể tên loại hình: tính mọi loại hình. Kế hoạch không nói đếm cơ sở vào ngày nào, có đếm cơ sở "
    "tạm ngừng không: đếm cơ sở có hoạt động ít nhất một ngày trong năm."
)


def known(id: str) -> Issued | None:
    """Return an issued plan of the program, None where there is none of that name."""
    return next((one for one in issued() if one.id == id), None)


def made_from(conn: sqlite3.Connection, issued_id: str) -> str:
    """Return the id of the plan that was made from an issued one, empty where none was."""
    return next((id for id, state in things(conn, "plan").items() if state.get("issued") == issued_id), "")


def as_issued(one: Issued) -> State:
    """Return the state of a plan with all that *one* says: targets, indicators, deadlines, tasks, periods."""
    state: State = {
        "name": " ".join(("Kế hoạch", one.name[0].lower() + one.name[1:])), "epoch": one.epoch, "area": one.area,
        "from": one.since.isoformat(), "to": one.until.isoformat(), "kinds": [kind.value for kind in Kind],
        "targets": [{"year": year, "percent": _inspected(one, "year")} for year in _years(one)],
        "period_percent": _inspected(one, "to_end"), "denominator": "any_day",
        "period_cohort": next((part.cohort for part in one.indicators if part.cohort), None),
        "issued": one.id, "issued_by": one.issued_by, "grounds": list(one.grounds), "principle": one.principle,
        "settled": " ".join(filter(None, (one.number_note, _PLACES))), "invented": False, **_periods(one),
        **{f"indicator/{part.code}": _indicator(part) for part in one.indicators},
        **{f"deadline/{part.code}": _deadline(part, one) for part in one.deadlines},
        **{f"task/{part.code}": _task(part, one) for part in one.tasks},
    }  # fmt: skip
    return {path: value for path, value in state.items() if value is not None}


def _inspected(one: Issued, period: str) -> int | None:
    """Return the percent of places to be inspected in a year, or to the end, as the plan's own indicator has it."""
    asked = (part for part in one.indicators if part.counts == "establishments" and part.period == period)
    return next((part.at_least for part in asked), None)


def _years(one: Issued) -> range:
    return range(one.since.year, one.until.year + 1)


def _indicator(one: Indicator) -> dict[str, Any]:
    said = {name: list(value) if isinstance(value, tuple) else value for name, value in vars(one).items()}
    said |= {"measure": one.measure.value, "source": one.source.value}
    return _said(said)


def _deadline(one: Deadline, plan: Issued) -> dict[str, Any]:
    last = _first_last_day(one, plan)
    before = one.before[-5:]
    return _said({
        "code": one.code, "name": one.name, "report": _REPORTS.get(one.kind, Report.OTHER).value,
        "due": before or (f"{last:%m-%d}" if last else None), "strict": bool(one.before) and not one.inclusive,
        "every": Every(one.every).value, "year": last.year if last and one.every == "once" else None,
        "compiles": one.compiles, "sender": "; ".join(one.sent_by), "receiver": "; ".join(one.to),
        "heading": one.heading, "words": one.sentence, "settled": one.settled,
    })  # fmt: skip


def _first_last_day(one: Deadline, plan: Issued) -> date | None:
    return next((day for year in _years(plan) if (day := one.last_day(year))), None)


def _task(one: Task, plan: Issued) -> dict[str, Any]:
    deadline = next((part for part in plan.deadlines if part.code == one.deadline), None)
    last = _first_last_day(deadline, plan) if deadline else None
    said = {name: list(value) if isinstance(value, tuple) else value for name, value in vars(one).items()}
    return _said({**said, "due": f"{last:%m-%d}" if last else None})


def _said(values: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is not said; the code of an indicator or a task is the key of its group."""
    keep = "sender" in values
    return {name: value for name, value in values.items()
            if value not in (None, "", []) and (name != "code" or keep)}  # fmt: skip


def _periods(one: Issued) -> State:
    days = [("half_year", "01-01", "06-14", _CUT_OFF), ("year", "01-01", "12-14", _CUT_OFF)]
    if any(part.kind == "period" for part in one.deadlines):
        days.append(("end_of_period", "01-01", "10-31", _WHOLE_PERIOD))
    return {
        f"period/{report}": {"report": report, "first": first, "cut_off": cut_off, "settled": settled}
        for report, first, cut_off, settled in days
    }
