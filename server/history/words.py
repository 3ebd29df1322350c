"""A history in words: each line as its page, its extract and the command line say it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from schemas import labels
from schemas.inspections import Outcome
from schemas.office import How
from schemas.register import Status
from server import web
from server.history.events import Event
from server.pages.words import KIND_WORDS, day, number

GROUPS: Mapping[str, Any] = {
    "visit": _l("Kiểm tra"), "decision": _l("Xử phạt"), "outside_check": _l("Cơ quan khác kiểm tra"),
    "operator": _l("Chủ cơ sở"), "runs": _l("Chủ cơ sở"), "leaves": _l("Chủ cơ sở"), "status": _l("Tình trạng"),
    "place": _l("Địa chỉ"), "kind": _l("Loại hình"), "name": _l("Tên"), "merged": _l("Gộp hồ sơ"),
    "unmerged": _l("Tách hồ sơ"),
}  # fmt: skip
PARTS = {
    "main": _l("Hình thức xử phạt chính"),
    "additional": _l("Hình thức xử phạt bổ sung"),
    "remedies": _l("Biện pháp khắc phục hậu quả"),
}
SANCTIONS = {"warning": _l("Cảnh cáo"), "fine": _l("Phạt tiền"), "none": _l("Không phạt, chỉ khắc phục hậu quả")}
HOW = {How.ON_SITE.value: _l("tại chỗ"), How.PAPERS.value: _l("qua tài liệu")}
_OUTCOMES: Mapping[Outcome, Any] = {**labels.INSPECTED, **labels.ATTEMPTS}


@dataclass(frozen=True)
class Line:
    """One line of a history in words. *marks* are states, each with its colour; *visit* leads to its page."""

    day: str
    group: str
    title: str
    lines: tuple[str, ...] = ()
    marks: tuple[tuple[str, str], ...] = ()
    visit: str = ""


def line(event: Event) -> Line:
    """Say *event*."""
    said = event.said
    title, more, marks = _SAYING[event.what](event)
    until = _("đến hết ngày %(day)s", day=day(said["to"])) if said.get("to") else ""
    return Line(
        event.day, str(GROUPS[event.what]), title, tuple(filter(None, [*more, until])), marks,
        said.get("id", "") if event.what == "visit" else said.get("inspection", ""),
    )  # fmt: skip


Saying = tuple[str, list[str], tuple[tuple[str, str], ...]]


def _visit(event: Event) -> Saying:
    said = event.said
    outcome = web.told(_OUTCOMES[Outcome(said["outcome"])][0]) if said["outcome"] in set(Outcome) else said["outcome"]
    facts = [_("tại %(place)s", place=said["place_name"]) if said.get("place_name") else ""]
    facts += [web.told(labels.BASIS[said["basis"]][0]), said["team_name"]]
    facts += [_("Biên bản số %(number)s", number=said["number"])] if said["number"] else []
    facts += [_("Đính chính lần %(n)s", n=said["revision"])] if said["revision"] > 1 else []
    more = [" · ".join(filter(None, facts)), *(_finding(one) for one in said["findings"])]
    return outcome, more, tuple(_visit_marks(said))


def _visit_marks(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    if said["void"]:
        return [(_("Hủy biên bản"), "")]
    left = sum(one["resolved"] is not True for one in said["findings"])
    found = [(_("%(n)s tồn tại chưa khắc phục", n=number(left)), "warn")] if left else []
    if not left and said["findings"]:
        found.append((_("Đã khắc phục"), "good"))
    if said["review"] == "rejected":
        found.append((_("Không tính vào kết quả"), ""))
    elif said["review"] == "issues":
        found.append((_("Yêu cầu bổ sung"), "warn"))
    elif not said["counting"] and said["outcome"] in ("violations", "no_violation"):
        found.append((_("Đã nhận, chưa tính"), ""))
    return found


def _finding(one: Mapping[str, Any]) -> str:
    title = web.told(one["title"])
    if one["resolved"]:
        how = str(HOW.get(one["how"], ""))
        return _("%(finding)s – đã khắc phục, xem %(how)s ngày %(day)s", finding=title, how=how, day=day(one["on"]))
    if one["resolved"] is False:
        return _("%(finding)s – chưa khắc phục khi xem lại ngày %(day)s", finding=title, day=day(one["on"]))
    return _("%(finding)s – chưa có ghi nhận khắc phục", finding=title)


def _decision(event: Event) -> Saying:
    said = event.said
    title = _("Quyết định số %(number)s của %(authority)s", number=said.get("number", ""),
              authority=said.get("authority", ""))  # fmt: skip
    more = [_("tại %(place)s", place=said["place"])] if said.get("place") else []
    more += [_("tại cơ sở ngoài địa bàn")] if said.get("elsewhere") else []
    more += [_act(one) for one in said["acts"]]
    if said.get("amount"):
        more.append(_("Số tiền phạt: %(amount)s đồng", amount=number(said["amount"])))
    more += [_part(part, done) for part, done in said["parts"].items()]
    return title, more, tuple(_decision_marks(said))


def _act(one: Mapping[str, Any]) -> str:
    sanction = str(SANCTIONS.get(one["sanction"], ""))
    return _("%(act)s (%(article)s): %(sanction)s", act=web.told(one["words"]), article=one["article"],
             sanction=sanction.lower())  # fmt: skip


def _part(part: str, done: str) -> str:
    name = str(PARTS[part])
    if done == "no":
        return _("%(part)s: chưa chấp hành", part=name)
    if done:
        return _("%(part)s: chấp hành xong ngày %(day)s", part=name, day=day(done))
    return _("%(part)s: chưa rõ đã chấp hành xong hay chưa", part=name)


def _decision_marks(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    if said.get("cancelled_on"):
        return [(_("Đã hủy ngày %(day)s", day=day(said["cancelled_on"])), "")]
    found = [(_("Đang khiếu nại, khởi kiện"), "warn")] if said.get("complaint_from") else []
    if said.get("evasion_from") and not said.get("evasion_to"):
        found.append((_("Đang trốn tránh thi hành"), "warn"))
    return found


def _check(event: Event) -> Saying:
    paper = event.said.get("paper")
    return event.said["agency"], [_("Giấy tờ đã xem: %(paper)s", paper=paper)] if paper else [], ()


def _status(event: Event) -> Saying:
    status = event.said["status"]
    return web.told(labels.STATUS[Status(status)][0]) if status in set(Status) else status, [], ()


def _place(event: Event) -> Saying:
    said = event.said
    if not said["address"]:
        return said["unit_name"], [], ()
    return _("%(address)s, %(unit)s", address=said["address"], unit=said["unit_name"]), [], ()


_SAYING: Mapping[str, Callable[[Event], Saying]] = {
    "visit": _visit,
    "decision": _decision,
    "outside_check": _check,
    "status": _status,
    "place": _place,
    "operator": lambda event: (event.said["name"], [], ()),
    "kind": lambda event: (str(KIND_WORDS.get(event.said["kind"], event.said["kind"])), [], ()),
    "runs": lambda event: (_("Là chủ cơ sở “%(name)s”", name=event.said["name"]), [], ()),
    "leaves": lambda event: (_("Không còn là chủ cơ sở “%(name)s”", name=event.said["name"]), [], ()),
    "name": lambda event: (
        _("Đổi tên “%(was)s” thành “%(name)s”", was=event.said["was"], name=event.said["name"]), [], ()
    ),
    "merged": lambda event: (
        _("Gộp hồ sơ “%(name)s” vào “%(into)s”", name=event.said["name"], into=event.said["into"]), [], ()
    ),
    "unmerged": lambda event: (
        _("Tách lại hồ sơ “%(name)s” khỏi “%(into)s”", name=event.said["name"], into=event.said["into"]), [], ()
    ),
}  # fmt: skip
