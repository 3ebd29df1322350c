"""What is still missing in the form of a visit, in the form's order, and what is asked once before it is closed."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from flask_babel import gettext as _

from field_client import web
from field_client.drafts import Fields
from field_client.pages import form
from field_client.pages.drafted import Drafted
from field_client.pages.words import two
from schemas.inspections import Basis, Outcome
from schemas.visit_rules import Point


class Gap(NamedTuple):
    """A field in which nothing stands yet: its name in the form, and what it is called."""

    name: str
    label: str


ANSWERS, FOLLOWED = "answers.", "followed."
MANY = (ANSWERS, FOLLOWED)


def gaps(seen: Drafted) -> list[Gap]:
    """Return the fields that a complete visit has and this draft has not, in the order of the form."""
    parts = (_when, _who, _attempt) if seen.attempt else (_when, _who, _earlier, _checklist, _workers, _acts, _end)
    return [gap for part in parts for gap in part(seen)]


def _blank(fields: Fields, *asked: tuple[str, str]) -> Iterator[Gap]:
    return (Gap(name, label) for name, label in asked if fields.get(name) in (None, ""))


def _when(seen: Drafted) -> Iterator[Gap]:
    fields = seen.fields
    yield from _blank(
        fields,
        ("date", _("Ngày kiểm tra")),
        ("started", _("Bắt đầu lúc")),
        *([] if seen.attempt else [("ended", _("Kết thúc lúc")), ("decision", _("Quyết định kiểm tra số"))]),
        ("team", _("Đội kiểm tra")),
        ("basis", _("Hình thức kiểm tra")),
    )
    if fields.get("basis") == Basis.UNSCHEDULED:
        yield from _blank(fields, ("trigger", _("Căn cứ đột xuất")))
    if fields.get("basis") == Basis.UNSCHEDULED or (seen.known.clash and fields.get("basis") != Basis.RECHECK):
        yield from _blank(fields, ("ground", _("Căn cứ")), ("evidence", _("Tài liệu kèm theo")))


def _who(seen: Drafted) -> Iterator[Gap]:
    if not form.rows(seen.fields, "members"):
        yield Gap("add-member", _("Thành phần tham gia"))
    if not seen.attempt:
        yield from _blank(seen.fields, ("representative", _("Đại diện cơ sở")))


def _attempt(seen: Drafted) -> Iterator[Gap]:
    if seen.fields.get("outcome") == form.ATTEMPT:
        yield Gap("outcome", _("Lý do"))
    yield from _blank(seen.fields, ("remark", _("Đã thấy gì tại cơ sở")))


def _earlier(seen: Drafted) -> Iterator[Gap]:
    for row in seen.follow:
        yield from _blank(seen.fields, (row.name, _("Tồn tại của lần kiểm tra trước")))


def _checklist(seen: Drafted) -> Iterator[Gap]:
    """Return what was not answered; on a re-check of findings the list is not asked through."""
    if seen.fields.get("basis") != Basis.RECHECK:
        yield from _blank(seen.fields, *((f"{ANSWERS}{item.code}", item.code) for item in seen.items))


def _workers(seen: Drafted) -> Iterator[Gap]:
    fields = seen.fields
    if fields.get("basis") != Basis.RECHECK:
        yield from _blank(fields, ("workers.total", _("Tổng số người lao động")))
    if minors(fields):
        yield from _blank(fields, ("child_called", _("Đã gọi người phụ trách bảo vệ trẻ em")))
        if form.show("", fields.get("child_called", "")) == "1":
            yield from _blank(fields, ("child_called_at", _("Gọi lúc")))


def minors(fields: Fields) -> int:
    """Return how many people under 18 are counted."""
    count = fields.get("workers.under_18")
    return count if type(count) is int else 0


def _acts(seen: Drafted) -> Iterator[Gap]:
    for key, row in form.rows(seen.fields, "violations").items():
        top = f"violations.{key}."
        if not row.get("code"):
            yield from _blank(seen.fields, (f"{top}text", _("Hành vi")))
        yield from _blank(seen.fields, (f"{top}facts", _("Diễn biến")), (f"{top}committed_on", _("Ngày vi phạm")))
    if seen.fields.get("outcome") == Outcome.VIOLATIONS and not form.rows(seen.fields, "violations"):
        yield Gap("act-search", _("Vi phạm"))


def _end(seen: Drafted) -> Iterator[Gap]:
    yield from _blank(
        seen.fields, ("outcome", _("Kết quả")), ("found_working", _("Cơ sở đang hoạt động khi kiểm tra"))
    )


def before_closing(found: list[Gap], points: Iterable[Point], private: dict[str, str]) -> list[Gap]:
    """Return what is asked once before the text is closed: each field with one sentence, many of a kind as one.

    Where a rule says why a field matters, it speaks for the field.
    """
    ruled = {point.rule.field: web.told(point.words) for point in points}
    one_by_one = [gap for gap in found if not gap.name.startswith(MANY)]
    said = [Gap(gap.name, ruled.pop(gap.name, _("Chưa trả lời: %(label)s", label=gap.label))) for gap in one_by_one]
    said += _as_one(found, ANSWERS, _("%(n)s mục của nội dung kiểm tra chưa trả lời"))
    said += _as_one(found, FOLLOWED, _("%(n)s tồn tại chưa ghi đã hoặc chưa khắc phục"))
    said += [Gap(_FOCUS.get(name, name), words) for name, words in ruled.items()]
    return said + [Gap(name, sentence) for name, sentence in private.items()]


def _as_one(found: list[Gap], start: str, sentence: str) -> Iterator[Gap]:
    some = [gap for gap in found if gap.name.startswith(start)]
    if some:
        yield Gap(some[0].name, sentence % {"n": two(len(some))})


_FOCUS = {"members": "add-member", "violations": "act-search", "followed": "s-follow"}
