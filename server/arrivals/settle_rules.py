"""Whether a decision of an office person can be carried out: what is named is there, and still as the person saw it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from schemas.items import Item
from schemas.settling import Keep
from server.arrivals.conflicts import last_words
from server.arrivals.merges import chain_of_merges
from server.arrivals.world import World
from sync.judge import Reason, Standing
from sync.merge import may_stand_together

Problems = dict[str, str]
_UNKNOWN = {"item": "Không có hồ sơ này trên máy chủ; xem lại mã."}
_SETTLED = {"item": "Hồ sơ này không còn hai bản khác nhau; tải lại trang."}
_MOVED = {"with": "Bản trên máy chủ đã đổi từ lúc xem; tải lại trang rồi đối chiếu lại."}
_ONE_ONLY = {"keep": "Không giữ được cả hai; chọn một bản."}


@dataclass(frozen=True)
class Kept:
    """An item as it is kept: what it is about and how it stands now."""

    name: str
    kind: str
    id: str
    standing: str
    detail: dict[str, Any]


def kept(world: World, name: str) -> Kept | None:
    """Return the item *name* as it is kept, None when there is none."""
    row = world.conn.execute(
        "SELECT items.kind, items.id, items.standing, aside.detail FROM items"
        "  LEFT JOIN aside ON aside.item = items.name WHERE name = ?",
        (name,),
    ).fetchone()
    if row is None:
        return None
    kind, id, standing, detail = row
    return Kept(name, kind, id, standing, json.loads(detail) if detail else {})


def truth_of(world: World, kind: str, id: str) -> str | None:
    """Return the name of the item that a thing's present state, or a visit's truth, comes from; None without one."""
    if kind == "inspection":
        row = world.conn.execute("SELECT item FROM visits WHERE id = ?", (id,)).fetchone()
    else:
        row = world.conn.execute(
            "SELECT item FROM things JOIN arrivals ON arrivals.seq = things.seq WHERE kind = ? AND id = ?", (kind, id)
        ).fetchone()
    return row[0] if row else None


def problems(world: World, item: Item) -> Problems:
    """Return why the decision *item* cannot be carried out, by field; empty when it can."""
    named = kept(world, item.body["item"])
    if named is None:
        return _unreadable(world, item)
    return _RULES[item.kind](world, item, named)


def _unreadable(world: World, item: Item) -> Problems:
    row = world.conn.execute("SELECT 1 FROM unreadable WHERE hash = ?", (item.body["item"],)).fetchone()
    return {} if row and item.kind == "erasure" else _UNKNOWN


def _settlement(world: World, item: Item, named: Kept) -> Problems:
    if named.standing != Standing.CONFLICT:
        return _SETTLED
    if truth_of(world, named.kind, named.id) != item.body.get("with"):
        return _MOVED
    words = last_words(world, named.name)
    if item.body["keep"] == Keep.BOTH and not (words and may_stand_together(word.path for word in words)):
        return _ONE_ONLY
    into = next((word.value for word in words if word.path == "merged_into"), None)
    circle = item.body["keep"] == Keep.MINE and into and named.id in chain_of_merges(world, named.kind, into)
    return {"keep": "Hai hồ sơ không thể gộp vòng vào nhau; tách hồ sơ kia ra trước."} if circle else {}


# Who may come in is said by the office alone: nobody lets in an account that a laptop wrote.
_OFFICE_ONLY = frozenset({"user", "deputy", "device"})


def _release(world: World, item: Item, named: Kept) -> Problems:
    if named.kind in _OFFICE_ONLY:
        return {"item": "Tài khoản và máy chỉ do văn phòng lập; hồ sơ này không nhận vào được, hãy bỏ đi."}
    if named.standing == Standing.QUARANTINED and named.detail.get("reason") == Reason.RIGHT:
        return {}
    return {"item": "Hồ sơ này không chờ quyết định về quyền ghi; tải lại trang."}


def _decline(world: World, item: Item, named: Kept) -> Problems:
    if named.standing in {Standing.QUARANTINED, Standing.HELD}:
        return {}
    if named.standing == Standing.CONFLICT:
        return {"item": "Hồ sơ này có hai bản khác nhau: đối chiếu và chọn giữ bản nào."}
    return {"item": "Hồ sơ này không chờ quyết định; nếu cần bỏ, hãy đính chính hoặc hủy biên bản."}


def _erasure(world: World, item: Item, named: Kept) -> Problems:
    if named.standing == Standing.ERASED:
        return {"item": "Nội dung hồ sơ này đã được xóa từ trước."}
    if named.kind in _NEVER:
        return {"item": "Loại hồ sơ này không xóa nội dung được."}
    if named.kind == "inspection" and truth_of(world, "inspection", named.id) == named.name:
        return {"item": "Đây là bản đang dùng: đính chính để che thông tin cá nhân trước, rồi xóa bản cũ."}
    stands = world.conn.execute("SELECT 1 FROM reviews WHERE item = ?", (named.name,)).fetchone()
    return {"item": "Đây là ý kiến duyệt đang dùng: ghi ý kiến mới trước, rồi xóa bản cũ."} if stands else {}


# What orders the world and names nobody stays: without it a rebuild would say something else.
_NEVER = frozenset({"settlement", "release", "erasure", "unit", "plan", "device", "user", "deputy"})
_RULES: dict[str, Callable[[World, Item, Kept], Problems]] = {
    "settlement": _settlement,
    "release": _release,
    "decline": _decline,
    "erasure": _erasure,
}
