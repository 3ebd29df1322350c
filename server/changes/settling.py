"""What is decided of items that are not plainly in the truth: settle, release, decline, and pointing what is held."""

from typing import Any

from schemas.ids import new_id
from schemas.settling import SETTLING, Keep
from server.arrivals.settle_rules import truth_of
from server.arrivals.world import World
from server.changes.desk import Desk, Unclear, checked_edit, only, person, text
from server.office import Change


def settle(desk: Desk, asked: dict[str, Any]) -> Change:
    """End a conflict: keep the item beside the truth (mine), the truth (theirs), or both.

    *with* is the item that stood for the truth when the person looked; left out, the one that does now.
    """
    only(asked, "item", "with", "keep", "reason")
    kind, id, name = find(desk, asked)
    keep = text(asked, "keep")
    if keep not in set(Keep):
        raise Unclear("keep", f"Ghi một trong: {', '.join(Keep)}.")
    other = text(asked, "with") if asked.get("with") else truth_of(World(desk.conn, ""), kind, id)
    return _change(desk, "settlement", {"item": name, "with": other, "keep": keep, "reason": asked.get("reason") or ""})


def release(desk: Desk, asked: dict[str, Any]) -> Change:
    """Let in what its author had no right to write."""
    only(asked, "item", "reason")
    return _change(desk, "release", {"item": find(desk, asked)[2], "reason": text(asked, "reason")})


def decline(desk: Desk, asked: dict[str, Any]) -> Change:
    """Take out for good what is quarantined, or waits for a thing that does not come."""
    only(asked, "item", "reason")
    return _change(desk, "decline", {"item": find(desk, asked)[2], "reason": text(asked, "reason")})


def find(desk: Desk, asked: dict[str, Any]) -> tuple[str, str, str]:
    """Return kind, id and name of the item that a line names."""
    name = text(asked, "item")
    row = desk.conn.execute("SELECT kind, id, name FROM items WHERE name = ?", (name,)).fetchone()
    if row is None:
        raise Unclear("item", f"Không có hồ sơ “{name}” trên máy chủ; xem lại mã.")
    kind, id, name = row
    return kind, id, name


def _change(desk: Desk, kind: str, body: dict[str, Any]) -> Change:
    body = body | {"by": person(desk)}
    problems = SETTLING[kind].validate(body)
    if problems:
        raise Unclear.all({field: str(said[0]) for field, said in problems.items()})
    return Change(kind, new_id(), body)


def point(desk: Desk, asked: dict[str, Any]) -> Change:
    """Point what is held at another place or operator: the record it waits for is made, and merged into that one.

    Nothing is special about that record: if the true one arrives after all, its fields stand
    in conflict with it, and it can be unmerged.
    """
    only(asked, "item", "to")
    missing = _missing(desk, asked)
    into, state = desk.establishment(asked, "to") if missing[0] == "establishment" else desk.operator(asked, "to")
    kept = {path: value for path, value in state.items() if path.partition("/")[0] in _NEEDED[missing[0]]}
    return checked_edit(missing[0], missing[1], kept | {"merged_into": into}, {})


_NEEDED = {"establishment": ("name", "place", "kind", "status"), "operator": ("name", "form")}


def _missing(desk: Desk, asked: dict[str, Any]) -> tuple[str, str]:
    """Return the place or operator that a held item waits for."""
    _, _, name = find(desk, asked)
    row = desk.conn.execute(
        "SELECT kind, id FROM needs WHERE item = ? AND kind IN ('establishment', 'operator') ORDER BY kind", (name,)
    ).fetchone()
    if row is None:
        raise Unclear("item", "Hồ sơ này không chờ cơ sở hay chủ cơ sở nào; tải lại trang.")
    return row[0], row[1]
