"""What is done again after a restore: locked laptops stay locked, laptops out of use stay so, erased bytes are gone."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from server.changes.desk import Desk, Unclear
from server.changes.erasing import erase
from server.clock import local_day
from server.office import RESTORE, edit, make, state_of
from server.store import writing
from sync.judge import Standing

log = logging.getLogger(__name__)
Entry = dict[str, Any]
TAKEN_BACK = {"unlock": "revoke", "reuse": "retire"}


def do_again(db: Database, entries: list[Entry], at: datetime) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Do what *entries* of the journal say and the database lacks; return in words what was done, and what could not.

    What an entry is about may be younger than the backup: then it is named among those that could not.
    """
    done: list[str] = []
    left: list[str] = []
    taken_back = {(TAKEN_BACK.get(entry["do"]), entry.get("device")): place for place, entry in enumerate(entries)}
    for place, entry in enumerate(entries):
        if taken_back.get((entry["do"], entry.get("device")), -1) > place:
            continue
        act = ACTS.get(entry["do"])
        said = act(db, entry, at) if act else None
        if said is not None:
            (done if said.startswith("+") else left).append(said[1:])
    return tuple(done), tuple(left)


def _mark(field: str, words: str) -> Callable[[Database, Entry, datetime], str | None]:
    def act(db: Database, entry: Entry, at: datetime) -> str | None:
        device = str(entry.get("device"))
        state = state_of(db.conn, "device", device)
        if state is None:
            return f"-{words}: máy {device} chưa có trong bản lưu; máy này không vào được nếu không có mã đăng ký mới."
        if state.get(field):
            return None
        said = dict(entry.get("set") or {}) | {field: (entry.get("set") or {}).get(field) or _today(at)}
        receipt = make(db, [edit("device", device, said, state)], author=RESTORE, at=at)[0]
        return f"{'+' if receipt.standing == 'accepted' else '-'}{words}: {state.get('name', device)}"

    return act


def _today(at: datetime) -> str:
    return local_day(at).isoformat()


# Of what is to be erased again: what is here, and is neither the truth of a visit nor the review that holds.
_NOW = """
    SELECT item, ground, keep_rest FROM erasures_due
     WHERE EXISTS (SELECT 1 FROM items WHERE name = erasures_due.item AND standing <> 'erased')
       AND item NOT IN (SELECT item FROM visits) AND item NOT IN (SELECT item FROM reviews)
"""


def _erase(db: Database, entry: Entry, at: datetime) -> str | None:
    name, ground = str(entry.get("item")), str(entry.get("ground") or "")
    row = db.conn.execute("SELECT standing FROM items WHERE name = ?", (name,)).fetchone()
    if row and row[0] == Standing.ERASED:
        return None
    with writing(db) as conn:
        conn.execute(
            "INSERT INTO erasures_due (item, ground, keep_rest) VALUES (?, ?, ?) ON CONFLICT (item) DO NOTHING",
            (name, ground, int(entry.get("keep_rest") is True)),
        )
    erase_again(db, at)
    if not db.conn.execute("SELECT 1 FROM erasures_due WHERE item = ?", (name,)).fetchone():
        return f"+Xóa nội dung hồ sơ {name}"
    if row:
        return f"-Xóa nội dung hồ sơ {name}: nội dung này đang dùng trong bản lưu; đính chính để che thông tin cá nhân."
    return f"-Xóa nội dung hồ sơ {name}: chưa có trong bản lưu; sẽ xóa ngay khi máy của đội gửi lại."


def erase_again(db: Database, at: datetime) -> None:
    """Erase what was erased after the backup, as far as it is here by now and may go; called after each batch too."""
    if not db.conn.execute("SELECT 1 FROM erasures_due LIMIT 1").fetchone():  # as after nearly every batch
        return
    for name, ground, keep_rest in db.conn.execute(_NOW).fetchall():
        asked = {"item": name, "ground": ground or "Xóa lại sau khi khôi phục", "keep_rest": keep_rest == 1}
        try:
            erase(db, Desk(db.conn, RESTORE, local_day(at)), asked, at)
        except Unclear as unclear:
            log.warning("Item %s is not erased again yet: %s", name, unclear.problems)
            continue
        with writing(db) as conn:
            conn.execute("DELETE FROM erasures_due WHERE item = ?", (name,))


ACTS: dict[str, Callable[[Database, Entry, datetime], str | None]] = {
    "revoke": _mark("revoked_on", "Khóa máy"),
    "retire": _mark("retired_on", "Máy ngừng dùng"),
    "erase": _erase,
}
