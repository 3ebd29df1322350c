"""The values of a template's blanks: whose return, for which days, by which plan, and the figures that it names."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from schemas.plans import Report
from schemas.units import UnitTree
from server.documents.words import count, tenths
from server.returns.days import Days, period_words
from server.returns.table import Figures

_FIGURES = {
    "số cơ sở": "places", "số cơ sở hoạt động": "open", "số cơ sở được kiểm tra": "inspected",
    "tỷ lệ kiểm tra": "share", "số lượt kiểm tra": "visits", "số cơ sở vi phạm": "violating",
    "số hành vi": "violations", "số quyết định": "decisions", "số cảnh cáo": "warnings", "số phạt tiền": "fines",
    "số tiền phạt": "fine_amount", "số hồ sơ chuyển": "transferred", "số tin báo": "tips_received",
    "số tin báo giải quyết": "tips_handled", "số người được tuyên truyền": "informed",
}  # fmt: skip


def of_state(tree: UnitTree, state: Mapping[str, Any], plan: Mapping[str, Any]) -> dict[str, str]:
    """Return the values that a return has before anything is counted."""
    since, until = (date.fromisoformat(state[name]) for name in ("from", "to"))
    unit = tree.get(f"{state['epoch']}:{state['area']}")
    return {
        "đơn vị": _spoken(unit.name) if unit else "", "cơ quan ban hành": state.get("issuer") or "",
        "kỳ báo cáo": period_words(Report(state["report"]), Days(since, until, None, False), until.year),
        "năm": str(until.year), "từ ngày": f"{since:%d/%m/%Y}", "đến ngày": f"{until:%d/%m/%Y}",
        "kế hoạch": plan.get("name") or "", "số kế hoạch": plan.get("number") or "",
        "yêu cầu của kế hoạch": plan.get("words") or "", "hạn": _due(state),
        "nơi nhận": "; ".join(state.get("receivers") or ()),
    }  # fmt: skip


def of_figures(counted: Figures) -> dict[str, str]:
    """Return the figures that a text may name, as papers write them."""
    columns = {column.code: column for column in counted.columns}
    said = {}
    for blank, code in _FIGURES.items():
        value = counted.total.cells[code].value if code in columns else None
        said[blank] = "" if value is None else count(value) if columns[code].things else tenths(value)
    return said


def _spoken(name: str) -> str:
    """Write a unit's name within a sentence: xã Triệu Sơn."""
    return f"{name[:1].lower()}{name[1:]}"


def _due(state: Mapping[str, Any]) -> str:
    if not state.get("due"):
        return ""
    due = date.fromisoformat(state["due"])
    return f"{'trước' if state.get('strict') else 'đến hết'} ngày {due.day}/{due.month}/{due.year}"
