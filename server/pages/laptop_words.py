"""A laptop in words: its age, what is left on it, its clock, a copy of it, how it stands; as a row, a file, JSON."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from schemas.spans import how_long
from server import web
from server.clock import local_day
from server.laptops import Laptop, State
from server.pages.words import day, moment, number
from server.tables import Table

CLOCK_RIGHT = 120  # seconds; a clock that is off by less is right
WORRY_AFTER = timedelta(days=7)
COPY_SHOWN = timedelta(days=30)  # since the last item that told of two places; then somebody has seen to it
STATES = {
    State.IN_USE: _l("Đang dùng"),
    State.SILENT: _l("Chưa liên lạc lần nào"),
    State.LOCKED: _l("Đã khóa"),
    State.RETIRED: _l("Máy ngừng dùng"),
}
Names = tuple[str, str]  # of its area and of its team


@dataclass(frozen=True)
class Row:
    """A laptop, and how the page says it."""

    laptop: Laptop
    area: str
    team: str
    contact: str
    age: str
    left: str
    since: str
    clock: str
    state: str
    why: str
    missing: str
    copies: str
    late: bool


def row(one: Laptop, names: Names, at: datetime) -> Row:
    """Put a laptop in words, as of the moment *at*."""
    return Row(
        one, *names, contact=moment(one.at) if one.at else "", age=_age(one, at), left=_left(one), since=_since(one),
        clock=_clock(one), state=str(STATES[one.state]), why=_why(one), missing=_missing(one), copies=copies(one, at),
        late=_late(one, at),
    )  # fmt: skip


def _age(one: Laptop, at: datetime) -> str:
    if not one.at:
        return _("Chưa liên lạc lần nào")
    return _("%(time)s trước", time=web.told(how_long((at - datetime.fromisoformat(one.at)).total_seconds())))


def _late(one: Laptop, at: datetime) -> bool:
    waited = not one.at or at - datetime.fromisoformat(one.at) > WORRY_AFTER
    return waited and one.state is not State.RETIRED


def _left(one: Laptop) -> str:
    if not one.at:
        return ""
    if not one.unsent and not one.drafts:
        return _("Không còn gì")
    said = [_("%(n)s hồ sơ chờ gửi", n=number(one.unsent))] if one.unsent else []
    said += [_("%(n)s bản nháp", n=number(one.drafts))] if one.drafts else []
    return ", ".join(said)


def _since(one: Laptop) -> str:
    return _("cuộc kiểm tra sớm nhất %(day)s", day=day(one.earliest)) if one.at and one.earliest else ""


def _clock(one: Laptop) -> str:
    if not one.at:
        return ""
    if abs(one.offset_s) < CLOCK_RIGHT:
        return _("đúng")
    words = web.told(how_long(one.offset_s))
    return _("nhanh %(time)s", time=words) if one.offset_s > 0 else _("chậm %(time)s", time=words)


def _why(one: Laptop) -> str:
    """Say since when, why and by whom a laptop is locked or retired; and that one out of use was heard of again."""
    if one.state is State.LOCKED:
        said = _("từ %(day)s", day=day(one.revoked_on))
        said += f": {one.revoked_reason}" if one.revoked_reason else ""
        return said + (f" ({one.revoked_by})" if one.revoked_by else "")
    if one.state is not State.RETIRED:
        return ""
    said = _("từ %(day)s", day=day(one.retired_on))
    said += _(", %(name)s xác nhận không còn hồ sơ chưa gửi", name=one.retired_by) if one.retired_by else ""
    heard_later = one.day is not None and local_day(datetime.fromisoformat(one.at)).isoformat() > one.retired_on
    return said + (_("; sau đó máy lại liên lạc: cấp mã mới nếu còn dùng") if heard_later else "")


def _missing(one: Laptop) -> str:
    return _("thiếu %(n)s hồ sơ đã ghi trước đó", n=number(one.missing)) if one.missing else ""


def copies(one: Laptop, at: datetime) -> str:
    """Say that a laptop goes on in two places, while that is new; empty when it does not."""
    if not one.copied or one.state is State.RETIRED or at - datetime.fromisoformat(one.copied_at) > COPY_SHOWN:
        return ""
    return _(
        "Hai bản sao của máy này cùng gửi: %(n)s hồ sơ, gần nhất lúc %(at)s.",
        n=number(one.copied), at=moment(one.copied_at),
    )  # fmt: skip


def as_json(one: Laptop, names: Names) -> dict[str, Any]:
    """Return a laptop for programs."""
    keys = (
        "id", "name", "unit", "team", "drafts", "unsent", "earliest", "version", "run", "schema", "missing", "copied",
    )  # fmt: skip
    found = {key: getattr(one, key) for key in keys}
    return found | {
        "area": names[0],
        "team_name": names[1],
        "last_contact": one.at or None,
        "complete_to": one.day.isoformat() if one.day else None,
        "clock_offset_s": one.offset_s if one.at else None,
        "state": one.state.value,
        "revoked_on": one.revoked_on or None,
        "retired_on": one.retired_on or None,
        "retired_by": one.retired_by,
        "copied_at": one.copied_at or None,
    }


def table(rows: list[Row], area: str, at: datetime) -> Table:
    """Return the laptops as a table to be handed out."""
    headings = [
        _("Tên máy"), _("Địa bàn"), _("Đội kiểm tra"), _("Trạng thái"), _("Ghi chú"), _("Liên lạc gần nhất"),
        _("Chờ gửi"), _("Bản nháp"), _("Cuộc kiểm tra sớm nhất"), _("Đã nhận đủ số liệu đến ngày"), _("Đồng hồ"),
        _("Phiên bản"), _("Lần đăng ký"), _("Hồ sơ còn thiếu"), _("Mã máy"), _("Hai bản sao"),
    ]  # fmt: skip
    title = _("Máy tính của đội – %(area)s", area=area)
    facts = [(_("Địa bàn"), area), (_("Số liệu lúc"), moment(at))]
    return Table("may-tinh-cua-doi", title, headings, [_cells(row) for row in rows], facts)


def _cells(row: Row) -> list[Any]:
    one = row.laptop
    return [
        one.name, row.area, row.team, row.state, row.why, row.contact, one.unsent, one.drafts,
        date.fromisoformat(one.earliest) if one.earliest else None, one.day, row.clock, one.version, one.run[:8],
        one.missing, one.id, row.copies,
    ]  # fmt: skip
