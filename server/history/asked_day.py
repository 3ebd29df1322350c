"""The day that a list is asked for, as it is typed into its filter."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from schemas import typed
from schemas.fields import is_day


@dataclass(frozen=True)
class AskedDay:
    """A day of a filter: as it holds, or as it was typed with a sentence that says what to do."""

    day: date | None
    typed: str
    error: str = ""

    @property
    def shown(self) -> str:
        """What stands in the field."""
        return f"{self.day:%d/%m/%Y}" if self.day else self.typed


def read_day(text: str, today: date, default: date | None) -> AskedDay:
    """Read a day up to *today*; nothing typed is *default*."""
    if not text.strip():
        return AskedDay(default, "")
    said = typed.day(text, today)
    if not is_day(said):
        return AskedDay(None, text, _("Ngày không đúng; nhập ngày/tháng/năm, ví dụ 05/11/2026."))
    day = date.fromisoformat(said)
    if day > today:
        return AskedDay(None, text, _("Ngày ở sau hôm nay (%(today)s); nhập lại ngày.", today=f"{today:%d/%m/%Y}"))
    return AskedDay(day, text)
