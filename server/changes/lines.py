"""Taking lines of `apply` one after another: read, understood, made, answered."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from schemas.items import ITEM_LIMIT
from server.changes import (
    assignments,
    catalogue,
    decisions,
    devices,
    events,
    following,
    indicators,
    people,
    places,
    plan_parts,
    planning,
    plans,
    register,
    requests,
    returns,
    settling,
    teams,
    templates,
    tips,
    visits,
    work,
)
from server.changes.desk import Desk, Unclear
from server.clock import local_day
from server.office import Change, make
from sync.chain import Receipt

Answer = dict[str, Any]
Builder = Callable[[Desk, dict[str, Any]], Change]

BUILDERS: dict[str, Builder] = {
    "enter": register.enter,
    "edit": register.edit_thing,
    "status": places.status,
    "unit": places.unit,
    "kinds": places.kinds,
    "operator": places.operator,
    "merge": places.merge,
    "unmerge": places.unmerge,
    "distinct": events.distinct,
    "decision": decisions.decision,
    "data_request": requests.data_request,
    "correct": visits.correct,
    "void": visits.void,
    "review": visits.review,
    "comment": following.comment,
    "paper": following.paper,
    "duty": following.duty,
    "confirm_list": events.confirm_list,
    "outside_check": events.outside_check,
    "resolve": events.resolve,
    "settle": settling.settle,
    "release": settling.release,
    "decline": settling.decline,
    "point": settling.point,
    "assign": assignments.assign,
    "unassign": assignments.unassign,
    "weights": planning.weights,
    "tip": tips.tip,
    "indicator_value": indicators.indicator_value,
    "revoke_device": devices.revoke_device,
    "retire_device": devices.retire_device,
    "device_team": devices.device_team,
    "template": templates.template,
    "user": people.user,
    "deputy": people.deputy,
    "end_deputy": people.end_deputy,
    "team": teams.team,
    "renew_team": teams.renew_team,
    "close_team": teams.close_team,
    "plan": plans.plan,
    "renew_plan": plans.renew_plan,
    "close_plan": plans.close_plan,
    "issued_plan": plan_parts.issued_plan,
    "plan_part": plan_parts.plan_part,
    "return": returns.open_return,
    "return_part": returns.write_part,
    "return_number": returns.number,
    "year_task": work.year_task,
    "unit_inspection": work.unit_inspection,
    "list_proposal": work.list_proposal,
    "act": catalogue.act,
    "act_group": catalogue.act_group,
    "code_violation": catalogue.code_violation,
}
# What is several items at once, all of them or none; the answer is that of the first.
SEVERAL: dict[str, Callable[[Desk, dict[str, Any]], list[Change]]] = {"freeze": returns.freeze}


def apply_lines(db: Database, lines: Iterable[str], *, author: str, at: datetime) -> Iterator[Answer]:
    """Make the change of each line as *author* and answer it before the next is read.

    An answer is `{"receipt": the item's name or None, "standing": …, "problems": {field: sentence}}`.
    A line with problems makes no item and stops no other; empty lines are passed over.
    """
    for line in lines:
        if line.strip():
            yield _apply(db, line, author, at)


def _apply(db: Database, line: str, author: str, at: datetime) -> Answer:
    try:
        asked = _read(line)
    except Unclear as unclear:
        return {"receipt": None, "standing": None, "problems": unclear.problems}
    return apply_one(db, asked, author=author, at=at)


def apply_one(db: Database, asked: dict[str, Any], *, author: str, at: datetime) -> Answer:
    """Make the one change that *asked* says, as a line of `apply` or a page of the office, and answer it."""
    try:
        changes = _understand(db, dict(asked), author, at)
    except Unclear as unclear:
        return {"receipt": None, "standing": None, "problems": unclear.problems}
    receipt = make(db, changes, author=author, at=at)[0]
    return {"receipt": receipt.item, "standing": receipt.standing, "problems": _problems(receipt)}


def _understand(db: Database, asked: dict[str, Any], author: str, at: datetime) -> list[Change]:
    do = asked.pop("do", None)
    desk = Desk(db.conn, author, local_day(at))
    if isinstance(do, str) and do in SEVERAL:
        return SEVERAL[do](desk, asked)
    if not isinstance(do, str) or do not in BUILDERS:
        raise Unclear("do", f"Không có việc “{do}”; ghi một trong: {', '.join(sorted([*BUILDERS, *SEVERAL]))}.")
    return [BUILDERS[do](desk, asked)]


def _read(line: str) -> dict[str, Any]:
    if len(line) > ITEM_LIMIT:
        raise Unclear("line", "Dòng dài quá; chia thành nhiều việc.")
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError):
        asked = None
    if not isinstance(asked, dict):
        raise Unclear("line", 'Dòng này không phải JSON; mỗi dòng là một việc dạng {"do": …}.')
    return asked


def _problems(receipt: Receipt) -> dict[str, str]:
    """Say in words why an item is not, or not whole, in the truth."""
    detail = receipt.detail or {}
    match receipt.standing:
        case "accepted":
            return {}
        case "conflict":
            fields = detail.get("fields") or {"item": None}
            return {path.partition("/")[0]: "Nơi khác đã sửa mục này; giữ cả hai để đối chiếu." for path in fields}
        case "held":
            return {kind: "Hồ sơ liên quan chưa có trên máy chủ." for kind, _ in detail.get("needs", ())}
    return dict(detail.get("problems", {})) or {"item": "Máy chủ chưa ghi được; báo người quản trị."}
