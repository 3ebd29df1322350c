"""From a number to the list of what stands under it, and back: the words of both in addresses and headings."""

from dataclasses import dataclass, field, replace
from urllib.parse import quote_plus

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from server.coverage.figures import Coverage, Name, Row
from server.coverage.listed import NotCounted
from server.coverage.under import Under, What
from server.pages.filters import Filters

WHAT = {
    "hoat-dong": What.OPEN,
    "da-kiem-tra": What.INSPECTED,
    "chua-kiem-tra": What.LEFT,
    "co-vi-pham": What.VIOLATING,
    "khong-hoat-dong": What.NOT_OPEN,
    "luot": What.VISITS,
    "luot-co-vi-pham": What.WITH_VIOLATIONS,
    "chua-tinh": What.NOT_COUNTED,
}
WORDS = {str(meaning): word for word, meaning in WHAT.items()}
HEADINGS = {
    What.OPEN: _l("Cơ sở có hoạt động trong kỳ"),
    What.INSPECTED: _l("Cơ sở được kiểm tra"),
    What.LEFT: _l("Cơ sở chưa được kiểm tra"),
    What.VIOLATING: _l("Cơ sở được kiểm tra và có vi phạm"),
    What.NOT_OPEN: _l("Cơ sở đã kiểm tra nhưng không ở trạng thái hoạt động"),
    What.VISITS: _l("Lượt kiểm tra"),
    What.WITH_VIOLATIONS: _l("Lượt kiểm tra có vi phạm"),
    What.NOT_COUNTED: _l("Lượt đã nhận, chưa tính"),
}
GROUPS = ("unit", "unknown", "kind", "basis", "team")


WAITS = {
    "held": _l("Đã nhận, chờ hồ sơ liên quan"),
    "conflict": _l("Đã nhận, có hai bản khác nhau – chờ đối chiếu"),
    "quarantined": _l("Đã nhận, cần sửa"),
}


def why(one: NotCounted) -> str:
    """Say why a visit that was received is not counted."""
    if one.why == "short":
        return _("Thiếu thành phần: mới có %(members)s người", members=f"{one.members:02d}")
    return str(WAITS[one.why])


@dataclass(frozen=True)
class Links:
    """The lists under the numbers of one table."""

    filters: Filters
    _of: dict[tuple[str, bool], str] = field(default_factory=dict, compare=False, repr=False)

    def to(self, what: str, row: Row | None = None) -> str:
        """Return the address of the list under *what* (a name of What) of a row, or of the total."""
        of = what, row is None
        if of not in self._of:  # a table asks for thousands, which differ in the name of the row only
            here = replace(self.filters, by="unit") if row is None else self.filters
            self._of[of] = url_for("under.page", **here.query(muc=WORDS[what]))
        return self._of[of] if row is None else f"{self._of[of]}&dong={quote_plus(':'.join(row.label), safe=':')}"

    def by_kind(self) -> "Links":
        """Return the links of the same question with rows by kind."""
        return Links(replace(self.filters, by="kind"))

    def of_period(self, whole: Coverage) -> "Links":
        """Return the links of the whole period of a plan."""
        return Links(replace(self.filters, period=whole.period))

    def of_year(self, year: int, as_of: object) -> "Links":
        """Return the links of the same question of another year."""
        return Links(replace(self.filters, year=year, as_of=as_of))  # type: ignore[arg-type]


def read_under(query: MultiDict[str, str], filters: Filters) -> Under | None:
    """Read which number is looked under; None where there is no such number."""
    what = WHAT.get(query.get("muc", "chua-kiem-tra"))
    row = _row(query.get("dong", ""))
    if what is None or (row and row[0] not in GROUPS):
        return None
    return Under(what, filters.by if row else "unit", row)


def _row(text: str) -> Name | None:
    group, _, key = text.partition(":")
    return (group, key) if group else None
