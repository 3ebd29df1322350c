"""That nobody has changed the log: its chain, and the heads of it that were written down among the arrivals."""

import json
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from schemas.items import read
from server.audit.log import GENESIS, link
from server.office import Change, make
from server.store import get_meta

FILE = "log.json"
LOG = "01a20000-0000-7000-8000-a0d170170178"  # the id of the log as a thing: all heads are of one
HEAD = "log_head"


@dataclass(frozen=True)
class Head:
    """The last line of the log, and the chain's hash after it."""

    seq: int = 0
    chain: str = GENESIS


def head(conn: sqlite3.Connection) -> Head:
    """Return where the log ends."""
    row = conn.execute("SELECT seq, chain FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
    return Head(*row) if row else Head()


def anchor(db: Database, at: datetime) -> bool:
    """Write the log's head down among the arrivals, where it is new: who cuts lines off its end would have to
    forge those too. Return whether there was something new."""
    now, before = head(db.conn), _anchors(db.conn)
    if now.seq == max((one.seq for one in before), default=0):
        return False
    make(db, [Change(HEAD, LOG, {"seq": now.seq, "chain": now.chain})], author="audit", at=at)
    return True


def _anchors(conn: sqlite3.Connection) -> list[Head]:
    rows = conn.execute(
        "SELECT line FROM items WHERE id = ? AND kind = ? AND standing = 'accepted' ORDER BY seq", (LOG, HEAD)
    )
    return [Head(said["seq"], said["chain"]) for (line,) in rows if (said := read(line).body)]


def check_log(conn: sqlite3.Connection, folder: Path) -> list[str]:
    """Check the log from where the last check in *folder* ended, and every head among the arrivals.

    Without the file of the last check it is walked from the beginning.
    """
    since, problems = _checkpoint(conn, folder)
    problems += _walk(conn, since) + _against_anchors(conn)
    if not problems:
        now = head(conn)
        told = {"lineage": get_meta(conn, "lineage"), "seq": now.seq, "chain": now.chain}
        (folder / FILE).write_text(json.dumps(told))
    return problems


def forget(folder: Path) -> None:
    """Forget the last check: the next one is from the beginning."""
    (folder / FILE).unlink(missing_ok=True)


def _checkpoint(conn: sqlite3.Connection, folder: Path) -> tuple[Head, list[str]]:
    """Return from where to go on, and what is gone of what was there last time."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        told = json.loads((folder / FILE).read_text())
        known = Head(int(told["seq"]), str(told["chain"]))
        if told["lineage"] != get_meta(conn, "lineage") or known.seq == 0:
            return Head(), []
        if _chain_at(conn, known.seq) == known.chain:
            return known, []
        return Head(), [f"Nhật ký: lần kiểm chứng trước đã thấy đến dòng {known.seq}; nay dòng đó không còn như thế."]
    return Head(), []


def _walk(conn: sqlite3.Connection, since: Head) -> list[str]:
    before, last = since.chain, since.seq
    rows = conn.execute(
        "SELECT seq, at, what, who, role, subject, unit, purpose, detail, chain FROM audit WHERE seq > ? ORDER BY seq",
        (since.seq,),
    )
    for *row, chain in rows:
        if row[0] != last + 1:
            return [f"Nhật ký: thiếu các dòng từ {last + 1} đến {row[0] - 1}."]
        before, last = link(before, tuple(row)), row[0]
        if before != chain:
            return [f"Nhật ký: chuỗi đứt ở dòng {last}: dòng đó hoặc một dòng trước nó đã bị sửa."]
    return []


def _against_anchors(conn: sqlite3.Connection) -> list[str]:
    wrong = [one.seq for one in _anchors(conn) if _chain_at(conn, one.seq) != one.chain]
    return [f"Nhật ký: dòng {wrong[0]} không còn như đã ghi trong các lượt tiếp nhận."] if wrong else []


def _chain_at(conn: sqlite3.Connection, seq: int) -> str:
    row = conn.execute("SELECT chain FROM audit WHERE seq = ?", (seq,)).fetchone()
    return str(row[0]) if row else ""
