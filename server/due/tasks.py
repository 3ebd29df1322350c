"""What the first page says of deadlines: what is due soon and not sent, how many below have not, numbers to give."""

from collections.abc import Iterator

from flask import g, url_for
from flask_babel import gettext as _

from server import web
from server.clock import local_day, now
from server.coverage.figures import Coverage
from server.due.lines import Line
from server.due.reminding import days_left, reminded, rules
from server.due.steps import step
from server.due.words import title
from server.pages.areas import name
from server.pages.figures import LISTED
from server.pages.filters import Filters
from server.pages.lists import Lists
from server.pages.task import Task
from server.pages.words import number
from server.store import reading


def deadlines(filters: Filters, answer: Coverage, lists: Lists) -> Iterator[Task]:
    """Tell of the deadlines that are near or over, by the earlier day where two plans clash."""
    today = local_day(now())
    with reading(web.db()) as conn:
        found = reminded(conn, web.tree(), g.user["unit"], today)
    for line in found[:LISTED]:
        left = min(days_left(one, today) for one in line.dues)
        where, link = _next(line)
        yield Task(_said(line, left), where, link,
                   urgent=left <= min(rules().days_before[-2:]) or left < 0, state=_state(line, left))  # fmt: skip
    more = len(found) - LISTED
    if more > 0:
        yield Task(_("Và %(count)s hạn báo cáo nữa.", count=number(more)), url_for("due.page"), _("Mở hạn báo cáo"))


def _state(line: Line, left: int) -> str:
    if left < 0:
        return _("quá hạn")
    return _("trùng hạn") if line.one.clash else _("sắp đến hạn")


def _said(line: Line, left: int) -> str:
    one = line.one
    elsewhere = len(line.dues) == 1 and one.unit != g.user["unit"]
    report = f"{title(one)} ({name(web.tree(), one.unit)})" if elsewhere else title(one)
    said = {"report": report, "days": number(abs(left)), "count": number(len(line.dues))}
    if len(line.dues) == 1:
        if left < 0:
            return _("%(report)s: quá hạn %(days)s ngày, chưa gửi.", **said)
        return _("%(report)s: hôm nay là ngày cuối, chưa gửi.", **said) if left == 0 else _(
            "%(report)s: còn %(days)s ngày, chưa gửi.", **said)  # fmt: skip
    if left < 0:
        return _("%(report)s: quá hạn %(days)s ngày, %(count)s đơn vị chưa gửi.", **said)
    return _("%(report)s: hôm nay là ngày cuối, %(count)s đơn vị chưa gửi.", **said) if left == 0 else _(
        "%(report)s: còn %(days)s ngày, %(count)s đơn vị chưa gửi.", **said)  # fmt: skip


def _next(line: Line) -> tuple[str, str]:
    """Return where one goes on and its words: of the own unit straight to what it has to do."""
    one = line.one
    here = url_for("due.one", plan=one.plan, deadline=one.deadline, period=line.period)
    if len(line.dues) > 1:
        return here, _("Xem ai chưa gửi")
    where, link = step(line) if one.unit == g.user["unit"] else (here, "")
    return (here, _("Mở hạn")) if not link or link == _("Xem") else (where, link)


def numbers(filters: Filters, answer: Coverage, lists: Lists) -> Iterator[Task]:
    """Tell how many returns of the own unit were sent that its clerk has not numbered yet; a single one is opened."""
    asked = "SELECT id FROM returns WHERE unit = ? AND standing = 'sent' AND number = ''"
    waiting = [id for (id,) in web.db().conn.execute(asked, (g.user["unit"],))]
    text = _("%(count)s báo cáo đã gửi chưa có số.", count=number(len(waiting)))
    if len(waiting) == 1:
        yield Task(text, url_for("return_one.page", id=waiting[0], _anchor="so"), _("Ghi số báo cáo"))
    elif waiting:
        yield Task(text, url_for("due.page"), _("Mở hạn báo cáo"))
