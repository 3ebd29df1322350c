"""What waits for a role beyond the share: visits to review, tips, requests, uncoded acts, decisions, assignments."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _

from server import web
from server.acts.reading import uncoded
from server.audit.find import Asked, find
from server.clock import local_day, now
from server.coverage.figures import Coverage
from server.decisions.listing import Filter, State, decisions_in
from server.history.requests import requests_of
from server.indicators.listing import returned
from server.indicators.listing import waiting as figures_to_review
from server.indicators.words import period_name
from server.law.catalogue import current
from server.office import state_of
from server.pages.areas import whole_communes
from server.pages.filters import Filters
from server.pages.lists import Lists
from server.pages.task import Task
from server.pages.words import number
from server.planning import open as assigned
from server.review.queue import Question, count, waiting
from server.rights import may
from server.tips.lists import tips as tips_of
from server.tips.times import Period, Timing

WEEK = timedelta(days=7)
YEARS_OF_TIPS = timedelta(days=3 * 365)


def reviews(filters: Filters, answer: Coverage, lists: Lists) -> Iterator[Task]:
    """Tell how many visits wait to be reviewed, and how many of them teams have mended or answered."""
    many, mended = waiting(web.db().conn, _communes(filters))
    if mended:
        text = _("%(count)s cuộc kiểm tra đội đã bổ sung, trả lời: xem lại.", count=number(mended))
        yield Task(text, _at("review.page", **{"trang-thai": "da-bo-sung"}), _("Xem cuộc đã bổ sung"),
                   urgent=True, state=_("đã bổ sung"))  # fmt: skip
    if many > mended:
        text = _("%(count)s cuộc kiểm tra mới nhận, chưa duyệt.", count=number(many - mended))
        yield Task(text, url_for("review.page"), _("Duyệt"))


def papers(filters: Filters, answer: Coverage, lists: Lists) -> Iterator[Task]:
    """Tell how many minutes wait for a number, and of how many a paper is missing."""
    conn, communes = web.db().conn, _communes(filters)
    numbers = count(conn, Question(communes, states=(), lacks_number=True))
    missing = count(conn, Question(communes, states=(), lacks_paper=True))
    if numbers:
        text = _("%(count)s biên bản chờ cấp số.", count=number(numbers))
        yield Task(text, _at("review.page", **{"trang-thai": "tat-ca", "cho-so": "1"}), _("Cấp số"))
    if missing:
        text = _("%(count)s cuộc kiểm tra còn thiếu giấy tờ.", count=number(missing))
        yield Task(text, _at("review.page", **{"trang-thai": "tat-ca", "thieu-giay-to": "1"}), _("Mở danh sách"))


def tips(filters: Filters, answer: Coverage, lists: Lists) -> Iterator[Task]:
    """Tell how many tips are past their day, and how many nobody has verified."""
    today = local_day(now())
    found = tips_of(web.db().conn, web.tree(), filters.unit, Period(today - YEARS_OF_TIPS, today, today))
    late = sum(tip.timing is Timing.OVERDUE for tip in found)
    unverified = sum(not tip.verified and not tip.handled_on for tip in found)
    if late:
        text = _("%(count)s tin báo quá hạn, chưa giải quyết.", count=number(late))
        yield Task(text, _at("tips.page", **{"trang-thai": "qua-han"}), _("Xem tin báo quá hạn"), urgent=True,
                   state=_("quá hạn"))  # fmt: skip
    if unverified:
        text = _("%(count)s tin báo chưa xác minh.", count=number(unverified))
        yield Task(text, _at("tips.page", **{"trang-thai": "chua-xac-minh"}), _("Xác minh"))


def figures(filters: Filters, answer: Coverage, lists: Lists) -> Iterator[Task]:
    """Tell how many figures were sent back to be mended, and how many of units below wait for review."""
    for one in returned(web.db().conn, g.user["unit"]):
        text = _("%(count)s số liệu chỉ tiêu bị trả lại để sửa: %(plan)s, %(report)s.", count=number(one.count),
                 plan=_plan_name(one.plan), report=period_name(one.period))  # fmt: skip
        asked = {"ke-hoach": one.plan, "ky": one.period.key, "don-vi": g.user["unit"]}
        yield Task(text, _at("indicators.unit", **asked), _("Sửa số liệu"), urgent=True, state=_("bị trả lại"))
    for one in figures_to_review(web.db().conn, web.tree(), filters.unit):
        text = _("%(count)s số liệu chỉ tiêu chờ duyệt: %(plan)s, %(report)s.", count=number(one.count),
                 plan=_plan_name(one.plan), report=period_name(one.period))  # fmt: skip
        yield Task(text, _at("indicators.page", **{"ke-hoach": one.plan, "ky": one.period.key}), _("Duyệt số liệu"))


def _plan_name(plan: str) -> str:
    return str((state_of(web.db().conn, "plan", plan) or {}).get("name", ""))


def requests(filters: Filters, answer: Coverage, lists: Lists) -> Iterator[Task]:
    """Tell how many operators wait for an answer about their data."""
    today = local_day(now()).isoformat()
    open_ones = [one for one in requests_of(web.db().conn, frozenset(_communes(filters)), today) if not one.answer]
    if open_ones:
        late = sum(one.late for one in open_ones)
        text = _("%(count)s yêu cầu của chủ cơ sở chưa trả lời, %(late)s đã quá hạn.", count=number(len(open_ones)),
                 late=number(late))  # fmt: skip
        yield Task(text, url_for("history.requests"), _("Trả lời"), urgent=bool(late),
                   state=_("quá hạn") if late else "")  # fmt: skip


def coding(filters: Filters, answer: Coverage, lists: Lists) -> Iterator[Task]:
    """Tell how many violations have no code, and how much of the catalogue nobody has confirmed."""
    conn = web.db().conn
    total, _some = uncoded(conn, _communes(filters), limit=1)
    if total:
        text = _("%(count)s hành vi chưa có mã: chưa tính được tái phạm.", count=number(total))
        yield Task(text, url_for("acts.queue"), _("Gắn mã"))
    unsure = sum(not row.confirmed_by for row in current(conn).rows)
    if unsure:
        text = _("%(count)s dòng danh mục hành vi chờ pháp chế xác nhận: chưa in mức phạt.", count=number(unsure))
        yield Task(text, url_for("acts.page"), _("Mở danh mục"))


def decisions(filters: Filters, answer: Coverage, lists: Lists) -> Iterator[Task]:
    """Tell of how many decisions it is not known whether they were carried out."""
    asked = Filter(state=State.UNKNOWN)
    total = decisions_in(web.db().conn, _communes(filters), asked, local_day(now()), limit=1).total
    if total:
        text = _("%(count)s quyết định xử phạt chưa biết đã chấp hành xong chưa.", count=number(total))
        yield Task(text, _at("decisions.page", **{"tinh-trang": "chua-ro"}), _("Ghi ngày chấp hành"))


def assignments(filters: Filters, answer: Coverage, lists: Lists) -> Iterator[Task]:
    """Tell a team how many assignments are open, and how many are past their day."""
    secrets = may(g.user["role"], "assignments.decide")
    wanted = assigned.Wanted(_communes(filters), now(), secrets=secrets)
    waiting, late = (
        len(assigned.assignments(web.db().conn, replace(wanted, state=state)))
        for state in (assigned.State.WAITING, assigned.State.LATE)
    )
    if waiting or late:
        text = _("%(count)s phân công chưa kiểm tra, %(late)s đã quá hạn.", count=number(waiting + late),
                 late=number(late))  # fmt: skip
        yield Task(text, url_for("assignments.page"), _("Mở phân công"), urgent=bool(late),
                   state=_("quá hạn") if late else "")  # fmt: skip


def look_ups(filters: Filters, answer: Coverage, lists: Lists) -> Iterator[Task]:
    """Tell the auditor how many lines of the log are of the last seven days."""
    since = local_day(now()) - WEEK
    total = find(web.db().conn, web.tree(), g.user["role"], Asked(filters.unit, since=since), limit=1).total
    text = _("%(count)s dòng nhật ký trong 7 ngày qua.", count=number(total))
    yield Task(text, url_for("audit.page", tu=f"{since:%d/%m/%Y}"), _("Đọc nhật ký"))
    yield Task(_("Ai đã tra cứu cơ sở nào, vì lý do gì."), url_for("history.log"), _("Nhật ký tra cứu"))


def find_places(filters: Filters, answer: Coverage, lists: Lists) -> Iterator[Task]:
    """Show police where they look up."""
    yield Task(_("Tra cứu cơ sở, chủ cơ sở hoặc mã trên biên bản."), url_for("history.find"), _("Tra cứu"))
    yield Task(_("Cơ sở có tái phạm tính đến hôm nay."), url_for("history.repeated"), _("Mở danh sách"))


def _at(endpoint: str, **query: Any) -> str:
    return url_for(endpoint, **query)


def _communes(filters: Filters) -> tuple[str, ...]:
    return tuple(whole_communes(web.tree(), filters.unit))
