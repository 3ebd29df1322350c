"""Where an arriving item stands: gathers what the pure rules need to know, and asks them."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from schemas.items import REGISTER_KINDS, Item
from schemas.planning import NUMBERS
from schemas.register import State
from schemas.settling import SETTLING
from schemas.units import Level
from server.arrivals.assigning import assignment_problem, may_assign
from server.arrivals.merges import chain_of_merges
from server.arrivals.prepare import Prepared, Sender
from server.arrivals.sending import frozen_problem, sent_problem
from server.arrivals.settle_rules import problems
from server.arrivals.world import World
from sync.judge import Reason, Standing, judge
from sync.merge import merge

LAPTOP_KINDS = frozenset({
    "inspection", "establishment", "operator", "outside_check", "paper", "attachment", "resolution", "duty",
    "assignment", "access", "comment",
})  # fmt: skip

NAMING = frozenset({"decision", "data_request", "assignment", "tip"})  # an operator or a place, by a plain field


@dataclass(frozen=True)
class Decision:
    """A standing, what stands beside it on the arrival, and what a held item needs."""

    standing: Standing
    detail: dict[str, Any] | None = None
    needs: list[tuple[str, str]] = field(default_factory=list)


def decide(world: World, one: Prepared, sender: Sender) -> Decision:
    """Decide where *one* stands: whose it is, content, what it needs, right, then the truth it was made from.

    An item in another device's name is never held: what is judged again later is judged by the name it bears.
    """
    if one.item.device != sender.device:
        return _quarantined(Reason.RIGHT)
    if one.problems:
        return _quarantined(one.reason, problems=one.problems)
    missing = needs(world, one.item)
    if missing:
        return Decision(Standing.HELD, {"needs": [list(need) for need in missing]}, missing)
    if sender.revoked or not may_write(world, one.item, sender):
        return _quarantined(Reason.RIGHT)
    if one.item.kind == "inspection":
        return _judge_visit(world, one.item)
    if one.item.kind in REGISTER_KINDS:
        return _judge_edit(world, one.item)
    return _judge_event(world, one.item)


def _quarantined(reason: Reason, **detail: Any) -> Decision:
    return Decision(Standing.QUARANTINED, {"reason": reason.value, **detail})


def needs(world: World, item: Item) -> list[tuple[str, str]]:
    """Return what *item* needs and has not arrived: an establishment, an operator, its visit, its base."""
    if item.kind == "inspection":
        wanted = [("establishment", item.body["establishment"])]
        if item.base and _standing_of(world, item.base) in {None, Standing.HELD}:
            return [*_missing(world, wanted), ("item", item.base)]
    elif item.kind in REGISTER_KINDS:
        wanted = _named_in_edit(item)
    elif item.kind == "attachment":
        wanted = [("inspection", item.body["inspection"])]
    else:
        wanted = [("establishment", item.body["establishment"])] if "establishment" in item.body else []
    return _missing(world, wanted)


def _named_in_edit(item: Item) -> list[tuple[str, str]]:
    wanted = []
    for path, value in item.body["set"].items():
        if path.startswith("operator/") and value:
            wanted.append(("operator", value["operator"]))
        elif path == "merged_into" and value:
            wanted.append((item.kind, value))
        elif item.kind in NAMING and path in {"operator", "establishment"} and value:
            wanted.append((path, value))
    edits = any(was is not None for was in item.body["was"].values())
    if edits and item.kind in {"establishment", "operator", "assignment"}:
        wanted.append((item.kind, item.id))
    return wanted


def _missing(world: World, wanted: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [need for need in wanted if not _known(world, *need)]


def _known(world: World, kind: str, id: str) -> bool:
    if kind == "establishment" and world.communes(id):
        return True
    if kind == "inspection":
        return bool(_place_of_visit(world, id))
    row = world.conn.execute("SELECT 1 FROM things WHERE kind = ? AND id = ?", (kind, id)).fetchone()
    return row is not None


def _standing_of(world: World, name: str) -> Standing | None:
    row = world.conn.execute("SELECT standing FROM items WHERE name = ?", (name,)).fetchone()
    return Standing(row[0]) if row else None


def may_write(world: World, item: Item, sender: Sender) -> bool:
    """Say whether *sender* may write about what *item* is about: the office everywhere, a laptop in its area."""
    if sender.scope is None:
        return True
    if item.kind not in LAPTOP_KINDS:
        return False
    if item.kind == "operator":
        places = world.conn.execute("SELECT establishment FROM operator_places WHERE operator = ?", (item.id,))
        found = [row[0] for row in places.fetchall()]
        return not found or any(_within(world, place, sender.scope) for place in found)
    if item.kind == "establishment":
        return _within(world, item.id, sender.scope) or _comes_into(world, item, sender.scope)
    if item.kind == "assignment":
        return may_assign(world, item, sender)
    place = item.body.get("establishment") or _place_of_visit(world, item.body.get("inspection", ""))
    return _within(world, place, sender.scope)


def _within(world: World, establishment: str, scope: frozenset[str]) -> bool:
    return not scope.isdisjoint(world.communes(establishment))


def _comes_into(world: World, item: Item, scope: frozenset[str]) -> bool:
    if world.communes(item.id):
        return False
    places = [value for path, value in item.body["set"].items() if path.startswith("place/") and value]
    units = [world.tree.get(key) for place in places if (key := f"{place['epoch']}:{place['unit']}") in scope]
    return any(unit and unit.level is Level.COMMUNE for unit in units)


def _place_of_visit(world: World, inspection: str) -> str:
    row = world.conn.execute("SELECT establishment FROM visits WHERE id = ?", (inspection,)).fetchone()
    return row[0] if row else ""


def _judge_visit(world: World, item: Item) -> Decision:
    row = world.conn.execute("SELECT item FROM visits WHERE id = ?", (item.id,)).fetchone()
    base = _standing_of(world, item.base) if item.base else None
    return Decision(judge(item, row[0] if row else None, base))


def _judge_edit(world: World, item: Item) -> Decision:
    present = world.state(item.kind, item.id)
    problem = (
        _creation_problem(item, present)
        or _merge_problem(world, item)
        or _unit_problem(world, item)
        or assignment_problem(world, item, present)
        or sent_problem(world, item)
    )
    if problem:
        return _quarantined(Reason.CONTENT, problems=problem)
    merged = merge(present or {}, item.body)
    rows = world.conn.execute(
        "SELECT path FROM field_conflicts WHERE kind = ? AND id = ? AND device = ?", (item.kind, item.id, item.device)
    )
    joined = {row[0] for row in rows} & set(merged.applied)
    conflicts = merged.conflicts | {path: merged.applied[path] for path in joined}
    if conflicts:
        # Names only: a chained arrival stays for ever, and a value may have to be erased.
        return Decision(Standing.CONFLICT, {"fields": dict.fromkeys(sorted(conflicts))})
    return Decision(Standing.ACCEPTED)


_NEEDED = {
    "establishment": ("name", "place", "kind", "status"),
    "operator": ("name", "form"),
    "team": ("name", "level", "epoch", "area"),
    "plan": ("name", "epoch", "area", "from", "to", "targets"),
    "unit": ("name", "level"),
    "user": ("name", "role", "epoch", "area"),
    "deputy": ("user", "acts_for", "from", "to"),
    "device": ("name",),
    "decision": ("number", "operator", "codes", "decided_on", "sanction"),
    "data_request": ("operator", "paper", "asks", "received_on", "due_on"),
    "act": ("row", "code", "name_vi", "effective_from", "citation", "mark"),
    "act_group": ("group", "codes"),
    "assignment": ("establishment", "team", "basis", "given_on", "expires_on"),
    "template": ("name", "epoch", "area", "purpose", "text"),
    "weights": ("epoch", "area", *NUMBERS),
    "indicator_value": ("plan", "indicator", "epoch", "unit", "report", "from", "to", "standing"),
    "tip": ("number", "received_on", "channel", "epoch", "unit", "due_on"),
    "return": ("report", "epoch", "area", "from", "to", "title", "issuer", "standing", "version"),
    "year_task": ("code", "epoch", "area", "year", "standing"),
    "unit_inspection": ("epoch", "unit", "on", "members", "version"),
    "list_proposal": ("epoch", "unit", "year", "asks", "text", "proposed_on", "standing"),
}
_OF_A_VISIT = frozenset({"review", "paper", "resolution", "duty", "coding"})
VERSIONS = frozenset({"act", "act_group"})  # of the catalogue: each is made once and never changed
_WORDS = {"place": "Chọn xã.", "kind": "Chọn ít nhất một loại hình.", "status": "Chọn tình trạng hoạt động."}


def _creation_problem(item: Item, present: State | None) -> dict[str, str]:
    if present is not None and item.kind in VERSIONS:
        return {next(iter(item.body["set"]), "row"): "Một phiên bản không sửa được; lập phiên bản mới."}
    if present is not None:
        return {} if item.body["set"].get("name", "-") else {"name": "Nhập tên."}
    groups = {path.partition("/")[0] for path, value in item.body["set"].items() if value is not None}
    return {part: _WORDS.get(part, "Chưa nhập mục này.") for part in _NEEDED[item.kind] if part not in groups}


def _merge_problem(world: World, item: Item) -> dict[str, str]:
    into = item.body["set"].get("merged_into")
    if into and item.id in chain_of_merges(world, item.kind, into):
        return {"merged_into": "Hai hồ sơ không thể gộp vòng vào nhau; tách hồ sơ kia ra trước."}
    return {}


def _unit_problem(world: World, item: Item) -> dict[str, str]:
    if item.kind == "unit":
        return _level_problem(world, item)
    places = {path: value for path, value in item.body["set"].items() if path.startswith("place/") and value}
    unknown = [path for path, place in places.items() if not world.tree.get(f"{place['epoch']}:{place['unit']}")]
    return {path: f"Không có xã mã {places[path]['unit']} trên bản đồ đã chọn." for path in unknown}


def _level_problem(world: World, item: Item) -> dict[str, str]:
    """Refuse a unit that would not lie below its parent, or above what lies in it: no tree could hold it."""
    state = (world.state("unit", item.id) or {}) | item.body["set"]
    epoch, _, _ = item.id.partition(":")
    parent = world.state("unit", f"{epoch}:{state.get('parent')}") if state.get("parent") else None
    below = [] if "level" not in item.body["was"] or item.body["was"]["level"] is None else world.tree.children(item.id)
    lower = [unit.level for key in below if (unit := world.tree.get(key))]
    wrong = (parent and not _above(parent["level"], state["level"])) or any(
        not _above(state["level"], level) for level in lower
    )
    return {"parent": "Đơn vị cấp trên phải ở cấp cao hơn; kiểm tra lại cấp và mã cấp trên."} if wrong else {}


def _above(level: str, other: str) -> bool:
    order = [one.value for one in Level]
    return order.index(level) < order.index(other)


_OF_A_VISIT = frozenset({"review", "paper", "resolution", "duty", "comment"})


def unseen(conn: sqlite3.Connection, body: Mapping[str, Any]) -> dict[str, str]:
    """Return what a review has not seen and would write over: another review, or another revision of its visit."""
    item, last = conn.execute(
        "SELECT visits.item, coalesce(reviews.item, '') FROM visits LEFT JOIN reviews ON inspection = visits.id"
        " WHERE visits.id = ?",
        (body["inspection"],),
    ).fetchone()
    if body.get("was") not in (None, last):
        return {"was": "Người khác vừa duyệt cuộc kiểm tra này; xem ý kiến đó rồi quyết định."}
    if body.get("item") not in (None, "", item):
        return {"was": "Biên bản vừa có đính chính mới; xem lại rồi quyết định."}
    return {}


def _judge_event(world: World, item: Item) -> Decision:
    if item.kind in SETTLING:
        wrong = problems(world, item)
        return _quarantined(Reason.CONTENT, problems=wrong) if wrong else Decision(Standing.ACCEPTED)
    if item.kind in _OF_A_VISIT and not _place_of_visit(world, item.body["inspection"]):
        return _quarantined(Reason.CONTENT, problems={"inspection": "Không có cuộc kiểm tra này trên máy chủ."})
    if item.kind == "review" and (wrong := unseen(world.conn, item.body)):
        return _quarantined(Reason.CONTENT, problems=wrong)
    if item.kind == "frozen" and (wrong := frozen_problem(world, item)):
        return _quarantined(Reason.CONTENT, problems=wrong)
    if item.kind == "attachment" and _attached_before(world, item):
        return _quarantined(Reason.CONTENT, problems={"id": "Mã này đã có tệp khác; đính kèm lại tệp."})
    return Decision(Standing.ACCEPTED)


def _attached_before(world: World, item: Item) -> bool:
    """Say whether another item has said what this id is: an attachment is said once."""
    row = world.conn.execute("SELECT 1 FROM attachments WHERE id = ? AND item <> ?", (item.id, item.name)).fetchone()
    return row is not None
