"""How states, kinds, days and moments are said on the laptop's pages: the words of the house, in one place."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from field_client import web
from field_client.clock import VIETNAM, local_day
from schemas import labels, typed
from schemas.checklists import Answer
from schemas.fields import Label


def _said(labels: Mapping[Any, Label]) -> dict[Any, Any]:
    return {member: _l(vietnamese) for member, (vietnamese, _) in labels.items()}


KINDS, STATUS = _said(labels.KINDS), _said(labels.STATUS)
FORMS, LICENCES = _said(labels.FORMS), _said(labels.LICENCES)
BASIS, TRIGGERS = _said(labels.BASIS), _said(labels.TRIGGERS)
INSPECTED, ATTEMPTS = _said(labels.INSPECTED), _said(labels.ATTEMPTS)
OUTCOMES = INSPECTED | ATTEMPTS
STATES = _said(labels.STANDINGS)
WAITS_FOR = _said(labels.WAITS_FOR)
COLOURS = {"accepted": "good", "waiting": "", "declined": "", "erased": "", "": ""}
ANSWER_COLOURS = {Answer.PASS: "good", Answer.FAIL: "warn", Answer.NA: "", Answer.UNCHECKED: ""}
REVIEWS = {"": _l("Mới nhận"), **_said(labels.REVIEWS)}
BLOCKS = {
    "COM": _l("Nội dung chung"),
    "KAR": _l("Karaoke"),
    "VTR": _l("Vũ trường"),
    "MAS": _l("Xoa bóp (massage)"),
    "LUU": _l("Lưu trú"),
    "KHA": _l("Dịch vụ khác"),
}
WEEKDAYS = [_l("Thứ hai"), _l("Thứ ba"), _l("Thứ tư"), _l("Thứ năm"), _l("Thứ sáu"), _l("Thứ bảy"), _l("Chủ nhật")]


def state_of(standing: str, detail: Mapping[str, Any]) -> Any:
    """Say how an item stands; what is quarantined says for what it waits."""
    waits = WAITS_FOR.get(detail.get("reason")) if standing == "quarantined" else None
    return waits or STATES.get(standing, standing)


def number(count: int) -> str:
    """Write a whole number with a point between thousands: 1.234; in English with a comma."""
    written = f"{count:,}"
    return written if web.spoken() == "en" else written.replace(",", ".")


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
    time = f"{here:%H:%M:%S}"
    return time if here.date() == today else _("%(time)s ngày %(day)s", time=time, day=f"{here:%d/%m/%Y}")


def two(count: int) -> str:
    """Write a small count as papers do: 02."""
    return f"{count:02d}"


def megabytes(size: int) -> str:
    """Write a number of bytes as people say it: 1,4 MB (1.4 MB in English); of a small file, KB."""
    if size < 100_000:
        return f"{max(1, round(size / 1000))} KB"
    written = f"{size / 1_000_000:.1f} MB"
    return written if web.spoken() == "en" else written.replace(".", ",")


def pairs(things: list[Any], key: str, name: str) -> list[tuple[Any, Any]]:
    """Return two attributes of each thing, for a list to choose from."""
    return [(getattr(one, key), getattr(one, name)) for one in things]


def init_app(app: Flask) -> None:
    """Teach the templates of *app* these words."""
    app.jinja_env.filters.update(
        number=number, day=day, weekday=weekday, moment=moment, saved=saved, two=two, pairs=pairs,
        megabytes=megabytes,
    )
    app.jinja_env.globals.update(
        KINDS=KINDS, STATUS=STATUS, FORMS=FORMS, LICENCES=LICENCES, BASIS=BASIS, TRIGGERS=TRIGGERS, BLOCKS=BLOCKS,
        INSPECTED=INSPECTED, ATTEMPTS=ATTEMPTS, OUTCOMES=OUTCOMES, STATES=STATES, REVIEWS=REVIEWS,
        state_of=state_of,
        COLOURS=COLOURS, ANSWER_COLOURS=ANSWER_COLOURS,
    )  # fmt: skip
