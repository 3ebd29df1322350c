"""What is pointed out beside the fields of a visit. It marks and never blocks."""

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from flask_babel import gettext as _

from field_client import clock, web
from field_client.drafts import Fields
from field_client.pages import form
from field_client.pages.drafted import Drafted
from field_client.pages.missing import Gap
from field_client.pages.words import two, weekday
from schemas.inspections import QUORUM
from schemas.privacy import covered, warnings
from schemas.visit_rules import Point

_FREE = re.compile(
    r"representative(_role)?|ground|evidence|statement|remark|notes\..+|violations\.\w+\.(facts|text)"
    r"|followed\.\w+\.seen"
)


class Mark(NamedTuple):
    """What is pointed out beside a field: the words, and good or warn where a colour goes with them."""

    text: str
    kind: str = ""


def marks(seen: Drafted, points: Iterable[Point], gaps: list[Gap]) -> dict[str, Mark]:
    """Return what is pointed out beside the fields and never blocks; empty text where there is nothing.

    A field in which nothing stands yet is missing, and is not also said to be wrong.
    """
    fields = seen.fields
    present = sum(bool(str(row.get("name", "")).strip()) for row in form.rows(fields, "members").values())
    answered = sum(bool(fields.get(f"answers.{item.code}")) for item in seen.items)
    blank = {gap.name for gap in gaps}
    told = _by_field(point for point in points if point.rule.field not in blank)
    return {
        **told,
        "members": _quorum(present),
        "date": _day(fields),
        "ended": _midnight(fields),
        "checklist": Mark(_("Đã trả lời %(done)s/%(all)s mục", done=answered, all=len(seen.items))),
        "missing": _missing(gaps),
        **{name: _both(told.get(name), mark) for name, mark in private(fields).items()},
    }


def _both(one: Mark | None, other: Mark) -> Mark:
    return Mark(f"{one.text} {other.text}", other.kind) if one else other


_BESIDE = {"members": "cards"}  # beside the members stands how many there are


def _by_field(points: Iterable[Point]) -> dict[str, Mark]:
    found: dict[str, list[str]] = {}
    for point in points:
        if point.rule.id != "quorum":
            found.setdefault(_BESIDE.get(point.rule.field, point.rule.field), []).append(web.told(point.words))
    return {name: Mark(". ".join(words) + ".", "warn") for name, words in found.items()}


def _quorum(present: int) -> Mark:
    if present >= QUORUM:
        return Mark(_("Đủ thành phần (tối thiểu 03 người)"), "good")
    return Mark(_("Thiếu thành phần: mới có %(n)s người", n=two(present)), "warn")


def _missing(gaps: list[Gap]) -> Mark:
    if not gaps:
        return Mark(_("Đã trả lời đủ các mục"), "good")
    return Mark(_("Còn %(n)s mục chưa trả lời", n=two(len(gaps))), "warn")


def _day(fields: Fields) -> Mark:
    typed = str(fields.get("date", ""))
    shown = weekday(typed)
    if not typed or shown == typed:
        return Mark("")
    here = clock.best(web.db().conn, clock.now()).astimezone(clock.VIETNAM)
    if typed > (here.date() + timedelta(days=1)).isoformat():
        return Mark(_("%(day)s ở sau hôm nay; xem lại ngày.", day=shown), "warn")
    started = str(fields.get("started", ""))
    if typed == here.date().isoformat() and len(started) == 5 and started > f"{here:%H:%M}":
        return Mark(
            _("%(day)s; giờ bắt đầu ở sau bây giờ: bắt đầu từ tối hôm trước thì ghi ngày hôm trước.", day=shown), "warn"
        )
    if typed < (here.date() - timedelta(days=1)).isoformat():
        return Mark(_("%(day)s. Ghi lại từ bản viết tay thì sau khi chốt, ghi rõ bản gốc viết tay.", day=shown))
    return Mark(shown)


def _midnight(fields: Fields) -> Mark:
    started, ended = str(fields.get("started", "")), str(fields.get("ended", ""))
    past = len(started) == len(ended) == 5 and ended < started
    return Mark(_("Kết thúc vào ngày hôm sau; ngày kiểm tra là ngày bắt đầu.") if past else "")


def private(fields: Fields) -> dict[str, Mark]:
    """Point out what looks like data about a person in free text."""
    found = {name: warnings(str(value)) for name, value in fields.items() if _FREE.fullmatch(name)}
    return {name: Mark(" ".join(web.told(one.label) for one in some), "warn") for name, some in found.items() if some}


def with_covered(fields: Fields) -> dict[str, str]:
    """Return the fields in which something looks like data about a person, as they read once it is covered."""
    return {name: covered(str(fields[name])) for name in private(fields)}
