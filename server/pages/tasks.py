"""What needs doing today, in sentences, the most urgent first; which of them a role is shown."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from flask import g, url_for
from flask_babel import gettext as _

from server import web
from server.arrivals.runs import clashes
from server.clock import now
from server.coverage.complete import Laptop
from server.coverage.figures import Coverage
from server.coverage.outlook import outlook
from server.due.tasks import deadlines, numbers
from server.duplicates.find import possible, too_many
from server.laptops import laptops
from server.pages import care, waiting
from server.pages.areas import inside, whole_communes
from server.pages.figures import LISTED, late, need
from server.pages.filters import Filters
from server.pages.laptop_words import copies
from server.pages.lists import Lists
from server.pages.task import Task
from server.pages.words import day, number
from server.work.waiting import overdue

QUIET_FOR = timedelta(days=2)  # without word from a laptop, nobody need be told
WORRY_AFTER = timedelta(days=7)
DECIDES = ("coordinator", "admin")


def tasks(role: str, filters: Filters, answer: Coverage, lists: Lists) -> list[Task]:
    """Return what *role* is asked to do today."""
    found = [task for part in BY_ROLE[role] for task in part(filters, answer, lists)]
    return sorted(found, key=lambda task: not task.urgent)


def _to_inspect(filters: Filters, answer: Coverage, lists: Lists) -> Iterator[Task]:
    total = answer.total
    if not total.remaining:
        return
    ahead = outlook(answer)
    needed, behind = need(ahead, total.remaining), ahead.in_time is False
    text = _("Còn phải kiểm tra %(count)s cơ sở để đạt chỉ tiêu", count=number(total.remaining))
    yield Task(
        text + (f": {needed}." if needed else "."),
        url_for("under.page", **filters.query(muc="chua-kiem-tra")), _("Mở danh sách"), behind,
        _("chậm") if behind else "",
    )  # fmt: skip


def _laptops(filters: Filters, answer: Coverage, lists: Lists) -> Iterator[Task]:
    day_of = answer.total.complete_to
    if not late(answer) or (day_of and answer.as_of - day_of <= QUIET_FOR):
        return
    for laptop in answer.holding_back[:LISTED]:
        urgent = laptop.day is None or answer.as_of - laptop.day > WORRY_AFTER
        yield Task(_of_laptop(laptop), urgent=urgent, state=_("lâu chưa gửi") if urgent else "")
    more = len(answer.holding_back) - LISTED
    if more > 0:
        yield Task(_("Và %(count)s máy nữa chưa gửi từ cùng ngày.", count=more))


def _of_laptop(laptop: Laptop) -> str:
    if laptop.day is None:
        return _("%(name)s: đã đăng ký nhưng chưa gửi lần nào; nhắc đội nối mạng rồi bấm “Gửi ngay”.", name=laptop.name)
    left = _("không còn hồ sơ chờ gửi khi nối mạng lần cuối")
    if laptop.unsent or laptop.drafts:
        left = _("còn %(unsent)s hồ sơ chờ gửi, %(drafts)s bản nháp", unsent=laptop.unsent, drafts=laptop.drafts)
    return _("%(name)s: mới có đủ số liệu đến %(day)s, %(left)s.", name=laptop.name, day=day(laptop.day), left=left)


def _copies(filters: Filters, answer: Coverage, lists: Lists) -> Iterator[Task]:
    conn, at = web.db().conn, now()
    for one in laptops(conn) if clashes(conn) else ():
        if copies(one, at) and inside(web.tree(), filters.unit, one.unit):
            text = _("%(name)s: hai bản sao của máy này cùng gửi; hỏi đội bản nào dùng thật.", name=one.name)
            yield Task(text, url_for("laptops.page"), _("Xem máy"), urgent=True, state=_("hai bản sao"))


def _not_counted(filters: Filters, answer: Coverage, lists: Lists) -> Iterator[Task]:
    if answer.total.not_counted:
        yield Task(
            _(
                "%(count)s lượt đã nhận, chưa tính: chờ hồ sơ liên quan, cần sửa, có hai bản khác nhau"
                " hoặc thiếu thành phần.",
                count=number(answer.total.not_counted),
            ),
            *((url_for("deciding.page"), _("Mở danh sách")) if g.user["role"] in DECIDES else ()),
        )


def _lists(filters: Filters, answer: Coverage, lists: Lists) -> Iterator[Task]:
    left = lists.waiting
    if left:
        names = ", ".join(left[:LISTED]) + (" …" if len(left) > LISTED else ".")
        text = _("%(count)s xã chưa rà soát, chốt danh sách năm nay: %(names)s", count=len(left), names=names)
        yield Task(text, url_for("confirming.page"), _("Chốt danh sách"))


def _duplicates(filters: Filters, answer: Coverage, lists: Lists) -> Iterator[Task]:
    conn, communes = web.db().conn, whole_communes(web.tree(), filters.unit)
    count = 0 if too_many(conn, communes) else len(possible(conn, communes))
    if count:
        text = _("%(count)s cặp hồ sơ có thể trùng cơ sở: xem rồi gộp, hoặc ghi là không trùng.", count=number(count))
        yield Task(text, url_for("duplicates.page"), _("Xem từng cặp"))


Part = Callable[[Filters, Coverage, Lists], Iterator[Task]]
BY_ROLE: dict[str, tuple[Part, ...]] = {
    "team": (_to_inspect, waiting.assignments, care.due, _not_counted),
    "coordinator": (
        deadlines, _to_inspect, waiting.reviews, waiting.figures, waiting.tips, waiting.requests, care.due, _copies,
        _laptops, _not_counted, _lists, overdue, _duplicates,
    ),
    "police": (waiting.find_places, waiting.tips),
    "legal": (waiting.coding, waiting.decisions, waiting.requests),
    "clerk": (numbers, waiting.papers, waiting.decisions),
    "auditor": (waiting.look_ups,),
    "admin": (
        care.proof, care.backups, care.jobs, care.erasures, deadlines, care.due, waiting.reviews, waiting.figures,
        _copies, _laptops, _to_inspect, _not_counted, _lists, overdue, _duplicates,
    ),
}  # fmt: skip
