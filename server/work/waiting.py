"""What of the year's work is overdue, as the first page tells it."""

from collections.abc import Iterator
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from server import web
from server.clock import local_day, now
from server.coverage.figures import Coverage
from server.pages.filters import Filters
from server.pages.lists import Lists
from server.pages.task import Task
from server.pages.words import number
from server.store import reading
from server.work.answer import year_tasks
from server.work.summary import summary
from server.work.words import called


def overdue(filters: Filters, answer: Coverage, lists: Lists) -> Iterator[Task]:
    """Tell how many tasks of this year are overdue, and how many communes have not mended what was found in time."""
    tree, today = web.tree(), local_day(now())
    with reading(web.db()) as conn:
        tasks, _teams = year_tasks(conn, tree, None, filters.unit, today.year, today)
        counts = summary(conn, tree, filters.unit, today.year, today)
    late = [one for one in tasks if one.overdue]
    if late:
        text = _("Việc quá hạn trong năm: %(count)s việc, trước hết “%(name)s”.", count=number(len(late)),
                 name=called(late[0]))  # fmt: skip
        only: dict[str, Any] = {"tinh-trang": "qua-han"}
        yield Task(text, url_for("work.page", **only), _("Mở danh sách"), urgent=True, state=_("quá hạn"))
    if counts.overdue:
        text = _("Sau kiểm tra công tác, %(count)s cuộc quá hạn khắc phục.", count=number(counts.overdue))
        yield Task(text, url_for("unit_inspections.page"), _("Mở danh sách"), urgent=True, state=_("quá hạn"))
