"""How the working of points, the ways onto a list and what people decided are said."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from server.pages.words import KIND_WORDS, day

CHOSEN = {
    "points": _l("Theo điểm"),
    "period": _l("Chưa kiểm tra trong kỳ"),
    "lot": _l("Rút thăm"),
    "kind": _l("Đủ chỉ tiêu loại hình"),
    "person": _l("Điều phối thêm"),
}
DECIDED = {
    "same": _l("Giữ nguyên"),
    "changed": _l("Đổi đội hoặc tháng"),
    "removed": _l("Bỏ khỏi danh sách"),
    "swapped": _l("Đổi lấy cơ sở khác"),
    "added": _l("Điều phối thêm"),
}
STATES = {"open": _l("Đang xem xét"), "confirmed": _l("Đã phân công"), "dropped": _l("Không dùng")}


def part(one: dict[str, Any]) -> str:
    """Say one line of the working: what it is for, and how its points come about."""
    said = {name: one[name] for name in ("count", "each", "percent", "points", "number")} | {"day": day(one["on"])}
    match one["why"]:
        case "open_finding":
            return _("Tồn tại chưa khắc phục, từ %(day)s: %(count)s × %(each)s = %(points)s", **said)
        case "violation":
            return _("Vi phạm ngày %(day)s: %(count)s × %(each)s × %(percent)s %% = %(points)s", **said)
        case "warned":
            return _("Cảnh cáo ngày %(day)s, số %(number)s: %(each)s × %(percent)s %% = %(points)s", **said)
        case "fined":
            return _("Phạt tiền ngày %(day)s, số %(number)s: %(each)s × %(percent)s %% = %(points)s", **said)
        case "tip":
            return _("Tin báo đã xác minh, số %(number)s, ngày %(day)s: %(points)s", **said)
        case "year_since":
            return _("Kiểm tra lần cuối ngày %(day)s, số năm đã qua: %(count)s × %(each)s = %(points)s", **said)
        case "never":
            return _("Chưa được kiểm tra lần nào: %(count)s × %(each)s = %(points)s", **said)
    kind = str(KIND_WORDS.get(one["why"].removeprefix("kind_"), ""))
    return _("Loại hình %(kind)s: %(points)s", kind=kind, points=one["points"])


def months(first: str, last: str) -> str:
    """Say in which months somebody is to go: 4–6/2027, or 11/2026."""
    year = last[:4]
    return f"{int(last[5:])}/{year}" if first == last else f"{int(first[5:])}–{int(last[5:])}/{year}"
