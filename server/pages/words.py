"""How figures, days and states are said on the pages: the words of the house, in one place."""

from datetime import date, datetime

from flask import Flask
from flask_babel import lazy_gettext as _l

from schemas import labels
from server import web
from server.clock import VIETNAM
from server.shares import tenths_of

KINDS = {kind: _l(vietnamese) for kind, (vietnamese, _) in labels.KINDS.items()}
ROLES = {
    "team": _l("Đội kiểm tra"),
    "coordinator": _l("Điều phối"),
    "police": _l("Công an"),
    "legal": _l("Pháp chế"),
    "clerk": _l("Văn thư"),
    "auditor": _l("Giám sát nhật ký"),
    "admin": _l("Quản trị"),
}
BASIS_WORDS = {basis.value: _l(vietnamese) for basis, (vietnamese, _) in labels.BASIS.items()}
OUTCOME_WORDS = {
    outcome.value: _l(vietnamese) for outcome, (vietnamese, _) in {**labels.INSPECTED, **labels.ATTEMPTS}.items()
}
KIND_WORDS = {kind.value: label for kind, label in KINDS.items()}


def number(count: int) -> str:
    """Write a whole number with a point between thousands: 1.234; in English with a comma."""
    written = f"{count:,}"
    return written if web.spoken() == "en" else written.replace(",", ".")


def share(part: int, whole: int, target: int | None = None) -> str:
    """Write a share with one decimal: 25,0 %; in English 25.0 %.

    Rounded as usual, except where that would show the target, or the whole, as reached when it is not.
    """
    tenths = tenths_of(part, whole, target)
    return f"{tenths // 10}{'.' if web.spoken() == 'en' else ','}{tenths % 10} %"


def day(value: date | str | None) -> str:
    """Write a day: 05/11/2026; empty when there is none."""
    if isinstance(value, str):
        value = date.fromisoformat(value[:10]) if value else None
    return f"{value:%d/%m/%Y}" if value else ""


def moment(value: datetime | str) -> str:
    """Write a moment as a clock in Vietnam shows it: 23:30 05/11/2026."""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return f"{at.astimezone(VIETNAM):%H:%M %d/%m/%Y}"


def init_app(app: Flask) -> None:
    """Teach the templates of *app* these words."""
    app.jinja_env.filters.update(number=number, share=share, day=day, moment=moment)
    app.jinja_env.globals.update(
        KINDS=KINDS, KIND_WORDS=KIND_WORDS, BASIS_WORDS=BASIS_WORDS, OUTCOME_WORDS=OUTCOME_WORDS,
        ROLES=ROLES
    )
