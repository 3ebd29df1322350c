"""Erasing what should never have been written: what may go, what is said again without it, and the disk behind it."""

from datetime import datetime
from typing import Any

from sqlite_utils import Database

from schemas.fields import instant_text
from schemas.ids import new_id
from schemas.items import REGISTER_KINDS, Item, read
from schemas.register import State
from schemas.settling import SETTLING
from server import journal
from server.arrivals.erasing import what_is_left
from server.changes.desk import Desk, Unclear, person, text
from server.history import texts
from server.office import Change, edit, make, state_of
from server.store import folder_of
from sync.chain import Receipt


def erase(db: Database, desk: Desk, asked: dict[str, Any], at: datetime) -> Receipt:
    """Erase the bytes of an item (*item*, *ground*) and return the receipt of its erasure.

    What repeats its words in the same thing goes with it. What a register edit says in
    words and still stands must be said again first, or a rebuild would lack it:
    *keep_rest* says that a person has looked, and that those values may stay.
    Raises Unclear when it cannot be done; then nothing has changed. What SQLite frees is
    overwritten in the file (server.store), and the log beside it is emptied.
    """
    changes = _changes(desk, asked)
    erasures = [place for place, change in enumerate(changes) if change.kind == "erasure"]
    receipts = make(db, changes, author=desk.author, at=at)
    for place in erasures:
        if receipts[place].standing != "accepted":
            problems = (receipts[place].detail or {}).get("problems")
            raise Unclear.all(problems or {"item": "Máy chủ chưa xóa được; thử lại."})
    texts.write_index_anew(db)
    db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for place in erasures:
        _note(db, changes[place], asked, at)
    return receipts[erasures[0]]


def _note(db: Database, change: Change, asked: dict[str, Any], at: datetime) -> None:
    """Write down beside the backups what a restore must erase again."""
    journal.note(folder_of(db), {
        "do": "erase", "item": change.body["item"], "ground": change.body["ground"],
        "keep_rest": asked.get("keep_rest") is True, "at": instant_text(at),
    })  # fmt: skip


def _changes(desk: Desk, asked: dict[str, Any]) -> list[Change]:
    name, ground = text(asked, "item"), text(asked, "ground")
    item = _read(desk, name)
    about = _with_its_words(desk, item) if item and item.kind in REGISTER_KINDS else [item]
    changes = [_erasure(desk, one.name if one else name, ground, one) for one in about]
    if item and item.kind in REGISTER_KINDS:
        _looked_at(desk, item, asked)
        changes = [*_said_again(desk, [one for one in about if one]), *changes]
    return changes


def _read(desk: Desk, name: str) -> Item | None:
    row = desk.conn.execute("SELECT line FROM items WHERE name = ? AND standing <> 'erased'", (name,)).fetchone()
    return read(row[0]) if row else None


def _erasure(desk: Desk, name: str, ground: str, item: Item | None) -> Change:
    body = {"item": name, "ground": ground, "by": person(desk), "left": what_is_left(item) if item else {}}
    problems = SETTLING["erasure"].validate(body)
    if problems:
        raise Unclear.all({field: str(said[0]) for field, said in problems.items()})
    return Change("erasure", new_id(), body)


def _with_its_words(desk: Desk, item: Item) -> list[Item | None]:
    """Return *item*, and what repeats of it what no longer stands: the edit that replaced a value names it too."""
    present, found = _present(desk, item), [item]
    gone = {path: value for path, value in _words(item).items() if present.get(path) != value}
    rows = desk.conn.execute(
        "SELECT line FROM items WHERE kind = ? AND id = ? AND standing <> 'erased' AND name <> ? ORDER BY seq",
        (item.kind, item.id, item.name),
    )
    for (line,) in rows:
        other = read(line)
        said = (other.body.get("set") or {}, other.body.get("was") or {})
        if any(path in gone and value == gone[path] for part in said for path, value in part.items()):
            found.append(other)
    return list(found)


def _present(desk: Desk, item: Item) -> State:
    return state_of(desk.conn, item.kind, item.id) or {}


def _words(item: Item) -> State:
    """Return what *item* sets in words of a person."""
    left: State = what_is_left(item)["set"]
    return {path: value for path, value in item.body["set"].items() if left[path] != value}


def _looked_at(desk: Desk, item: Item, asked: dict[str, Any]) -> None:
    present = _present(desk, item)
    stands = {path for path, value in _words(item).items() if present.get(path) == value}
    if stands and not asked.get("keep_rest"):
        named = ", ".join(sorted({path.partition("/")[0] for path in stands}))
        raise Unclear(
            "item",
            f"Các mục này của hồ sơ còn đang dùng: {named}. Sửa mục có thông tin cá nhân trước;"
            " các mục còn lại không có thì làm lại với --keep-rest.",
        )


def _said_again(desk: Desk, items: list[Item]) -> list[Change]:
    """Return the edit that says again what *items* say in words and still stands: a rebuild has only that."""
    present = _present(desk, items[0])
    said = [(path, value) for item in items for path, value in _words(item).items()]
    stands = {path: value for path, value in said if present.get(path) == value}
    return [edit(items[0].kind, items[0].id, stands, present)] if stands else []
