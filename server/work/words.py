"""The words of the year's work on the pages, and the sentence for each thing that our records say."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from schemas.checklists import Answer
from schemas.work import Asks, Decided, Question, Renewal, TaskStanding, standing_tasks
from server import web
from server.pages.words import day, number, share
from server.work.known import Fact
from server.work.model import YearTask

STANDINGS = {
    TaskStanding.TO_DO: _l("Chưa làm"),
    TaskStanding.DOING: _l("Đang làm"),
    TaskStanding.DONE: _l("Xong"),
    TaskStanding.NOT_DONE: _l("Không làm"),
}
RENEWALS = {
    Renewal.RENEWED: _l("Đã kiện toàn trong quý I"),
    Renewal.LATE: _l("Kiện toàn sau quý I"),
    Renewal.HOLDS: _l("Quyết định còn hiệu lực đến hết năm"),
    Renewal.NOT_YET: _l("Chưa kiện toàn"),
}
ANSWERS = {
    Answer.PASS: _l("Đạt"),
    Answer.FAIL: _l("Không đạt"),
    Answer.NA: _l("Không áp dụng"),
    Answer.UNCHECKED: _l("Chưa kiểm tra"),
}
ASKS = {
    Asks.ADD: _l("Đưa cơ sở vào danh sách"),
    Asks.REMOVE: _l("Đưa cơ sở ra khỏi danh sách"),
    Asks.KIND: _l("Đổi loại hình"),
    Asks.OTHER: _l("Kiến nghị khác"),
}
DECIDED = {
    Decided.PROPOSED: _l("Chờ trả lời"),
    Decided.AGREED: _l("Đồng ý"),
    Decided.REFUSED: _l("Không đồng ý"),
}


def called(one: YearTask) -> str:
    """Return a task's name in the language of the page; a plan's own words stand as they are."""
    if one.plan or web.spoken() != "en":
        return one.name
    return next((standing.english for standing in standing_tasks() if standing.code == one.code), one.name)


def asked_in_words(one: Question) -> str:
    """Return a question in the language of the page."""
    return one.english if web.spoken() == "en" else one.text


def told(fact: Fact) -> str:
    """Say what our records have beside a question, with the day it is from."""
    said: dict[str, Any] = dict(fact.numbers)
    on = day(fact.on)
    if fact.known == "share":
        return _share(fact.said, said, on)
    if fact.known == "team":
        return _team(fact.said, said)
    return _SENTENCES[fact.said](said, on) if fact.said in _SENTENCES else str(_NOTHING[fact.said])


def _counts(said: dict[str, Any]) -> dict[str, str]:
    return {key: number(value) for key, value in said.items()}


_SENTENCES: dict[str, Callable[[dict[str, Any], str], str]] = {
    "plan_own": lambda said, on: _("Có kế hoạch của đơn vị: %(number)s.", number=said["number"]),
    "plan_task": lambda said, on: _("Việc “kế hoạch năm” ghi là xong, văn bản %(number)s ngày %(day)s.",
                                    number=said["number"], day=on),
    "list_done": lambda said, on: _("Đã chốt danh sách ngày %(day)s.", day=on),
    "list_before": lambda said, on: _("Chưa chốt danh sách trong năm; lần trước chốt ngày %(day)s.", day=on),
    "list_some": lambda said, on: _("%(done)s/%(all)s xã đã chốt danh sách trong năm.", **_counts(said)),
    "tips": lambda said, on: _(
        "Đến %(day)s nhận %(received)s tin báo: %(in_time)s giải quyết đúng hạn, %(late)s trễ hoặc quá hạn,"
        " %(running)s còn hạn.", day=on, **_counts(said)),
    "returns": lambda said, on: _("%(sent)s báo cáo của năm đã chốt, gửi; số liệu mới nhất đến %(day)s.", day=on,
                                  **_counts(said)),
    "communication": lambda said, on: _("Đã nhập %(figures)s số liệu tuyên truyền của năm, mới nhất đến %(day)s.",
                                        day=on, **_counts(said)),
    "papers": lambda said, on: _("Đến %(day)s, %(there)s/%(visits)s biên bản của đội có đủ giấy tờ đã ký.", day=on,
                                 **_counts(said)),
}  # fmt: skip
_NOTHING = {
    "plan_none": _l("Chưa ghi nhận kế hoạch năm của đơn vị."),
    "list_never": _l("Chưa chốt danh sách lần nào."),
    "tips_none": _l("Không nhận tin báo nào trong năm."),
    "returns_none": _l("Chưa gửi báo cáo nào của năm trên hệ thống."),
    "communication_none": _l("Chưa nhập số liệu tuyên truyền của năm."),
    "papers_none": _l("Đội của đơn vị chưa có biên bản nào trong năm."),
}


def _share(known: str, said: dict[str, Any], on: str) -> str:
    if known == "share_none":
        return _("Không có cơ sở nào hoạt động trong năm.")
    counts = {"inspected": number(said["inspected"]), "open": number(said["open"]), "day": on}
    counts["share"] = share(said["inspected"], said["open"], said["target"])
    if known == "share_no_target":
        return _("Đến %(day)s đã kiểm tra %(inspected)s/%(open)s cơ sở (%(share)s); chưa có chỉ tiêu.", **counts)
    return _("Đến %(day)s đã kiểm tra %(inspected)s/%(open)s cơ sở (%(share)s); chỉ tiêu %(target)s %%.", **counts,
             target=str(said["target"]))  # fmt: skip


def _team(known: str, said: dict[str, Any]) -> str:
    if known == "team_none":
        return _("Không có đội nào của đơn vị đang có hiệu lực.")
    counts = {"decision": said["decision"] or "–", "members": number(said["members"])}
    if known == "team_run_out":
        return _("Quyết định %(decision)s, %(members)s thành viên, %(run_out)s thẻ hết hạn.", **counts,
                 run_out=number(said["run_out"]))  # fmt: skip
    return _("Quyết định %(decision)s còn hiệu lực, %(members)s thành viên, thẻ còn hạn.", **counts)
