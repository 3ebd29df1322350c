"""How states, kinds, days and moments are said on the laptop's pages: the words of the house, in one place."""

import re
from datetime import date, datetime
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l

from field_client.clock import VIETNAM, local_day
from field_client.pages import typed
from schemas.checklists import Answer
from schemas.inspections import Basis, Outcome, Trigger
from schemas.register import Form, Kind, LicenceType, Status

KINDS = {
    Kind.KARAOKE: _l("Karaoke"),
    Kind.DANCE_HALL: _l("Vũ trường"),
    Kind.MASSAGE: _l("Xoa bóp (massage)"),
    Kind.LODGING: _l("Lưu trú"),
    Kind.OTHER: _l("Khác"),
}
STATUS = {
    Status.OPEN: _l("Đang hoạt động"),
    Status.PAUSED: _l("Tạm ngừng"),
    Status.CLOSED: _l("Đã ngừng hoạt động"),
}
FORMS = {
    Form.ENTERPRISE: _l("Doanh nghiệp"),
    Form.HOUSEHOLD: _l("Hộ kinh doanh"),
    Form.INDIVIDUAL: _l("Cá nhân kinh doanh"),
}
LICENCES = {
    LicenceType.OPERATING: _l("Giấy phép đủ điều kiện kinh doanh"),
    LicenceType.ANTT: _l("Giấy chứng nhận đủ điều kiện về an ninh, trật tự"),
}
BASIS = {
    Basis.PLANNED: _l("Theo kế hoạch"),
    Basis.UNSCHEDULED: _l("Đột xuất"),
    Basis.RECHECK: _l("Kiểm tra lại việc khắc phục"),
}
TRIGGERS = {
    Trigger.COMPLAINT: _l("Có đơn khiếu nại, tố cáo liên quan đến cơ sở"),
    Trigger.REQUEST: _l("Theo yêu cầu của cơ quan có liên quan hoặc Chủ tịch UBND"),
    Trigger.SIGNS: _l("Có dấu hiệu vi phạm, thành viên đội đề nghị"),
}
INSPECTED = {
    Outcome.NO_VIOLATION: _l("Không phát hiện vi phạm"),
    Outcome.VIOLATIONS: _l("Có vi phạm"),
}
ATTEMPTS = {
    Outcome.CLOSED_TONIGHT: _l("Đóng cửa"),
    Outcome.STOPPED: _l("Đã ngừng hoạt động"),
    Outcome.NOT_FOUND: _l("Không tìm thấy"),
    Outcome.REFUSED: _l("Không cho vào"),
}
OUTCOMES = INSPECTED | ATTEMPTS
STATES = {
    "waiting": _l("Chờ gửi"),
    "accepted": _l("Máy chủ đã nhận"),
    "held": _l("Đã nhận, chờ hồ sơ liên quan"),
    "conflict": _l("Đã nhận, có hai bản khác nhau – chờ đối chiếu"),
    "quarantined": _l("Đã nhận, cần sửa"),
    "declined": _l("Không tính vào kết quả"),
    "erased": _l("Đã che thông tin cá nhân"),
    "unreadable": _l("Máy chủ không đọc được – báo văn phòng"),
}
COLOURS = {"accepted": "good", "waiting": "", "declined": "", "erased": "", "": ""}
ANSWER_COLOURS = {Answer.PASS: "good", Answer.FAIL: "warn", Answer.NA: "", Answer.UNCHECKED: ""}
REVIEWS = {
    "": _l("Mới nhận"),
    "issues": _l("Yêu cầu bổ sung"),
    "accepted": _l("Đã duyệt"),
    "rejected": _l("Không tính vào kết quả"),
}
BLOCKS = {
    "COM": _l("Nội dung chung"),
    "KAR": _l("Karaoke"),
    "VTR": _l("Vũ trường"),
    "MAS": _l("Xoa bóp (massage)"),
    "LUU": _l("Lưu trú"),
    "KHA": _l("Dịch vụ khác"),
}
_NOT_KNOWN = re.compile(r"Đ\.\?|UNKNOWN|\(article not shown in source\)|\+(?= |$)")
WEEKDAYS = [_l("Thứ hai"), _l("Thứ ba"), _l("Thứ tư"), _l("Thứ năm"), _l("Thứ sáu"), _l("Thứ bảy"), _l("Chủ nhật")]


def number(count: int) -> str:
    """Write a whole number with a point between thousands: 1.234."""
    return f"{count:,}".replace(",", ".")


def day(value: date | str | None) -> str:
    """Write a day: 05/11/2026; empty when there is none."""
    if isinstance(value, date):
        value = value.isoformat()
    return typed.show_day(value or "")


def weekday(value: date | str) -> str:
    """Write a day with its name: thứ sáu 20/11/2026."""
    try:
        known = value if isinstance(value, date) else date.fromisoformat(value)
    except ValueError:
        return str(value)
    return f"{WEEKDAYS[known.weekday()]} {known:%d/%m/%Y}"


def moment(value: datetime | str | None) -> str:
    """Write a moment as a clock in Vietnam shows it: 23:30 05/11/2026; empty when there is none."""
    if not value:
        return ""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return f"{at.astimezone(VIETNAM):%H:%M %d/%m/%Y}"


def saved(value: datetime | str) -> str:
    """Write when something was saved, to the second: 23:41:07; with the day when it was not today."""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    here = at.astimezone(VIETNAM)
    today = local_day(datetime.now(VIETNAM))
    return f"{here:%H:%M:%S}" if here.date() == today else f"{here:%H:%M:%S} ngày {here:%d/%m/%Y}"


def two(count: int) -> str:
    """Write a small count as papers do: 02."""
    return f"{count:02d}"


def cite(text: str) -> str:
    """Write a citation; where the catalogue does not know the point of the article, say so in words."""
    known = _NOT_KNOWN.sub("", text).strip(" ,;")
    return known if known == text else str(_l("%(known)s (chưa rõ điểm, khoản)", known=known))


def pairs(things: list[Any], key: str, name: str) -> list[tuple[Any, Any]]:
    """Return two attributes of each thing, for a list to choose from."""
    return [(getattr(one, key), getattr(one, name)) for one in things]


def init_app(app: Flask) -> None:
    """Teach the templates of *app* these words."""
    app.jinja_env.filters.update(
        number=number, day=day, weekday=weekday, moment=moment, saved=saved, two=two, pairs=pairs, cite=cite
    )
    app.jinja_env.globals.update(
        KINDS=KINDS, STATUS=STATUS, FORMS=FORMS, LICENCES=LICENCES, BASIS=BASIS, TRIGGERS=TRIGGERS, BLOCKS=BLOCKS,
        INSPECTED=INSPECTED, ATTEMPTS=ATTEMPTS, OUTCOMES=OUTCOMES, STATES=STATES, REVIEWS=REVIEWS,
        COLOURS=COLOURS, ANSWER_COLOURS=ANSWER_COLOURS,
    )  # fmt: skip
