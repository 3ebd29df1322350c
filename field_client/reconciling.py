"""Comparing with the server, by name, everything that was made here; what can be mended safely is."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlite_utils import Database

from field_client.store import get_meta, outbox, own, put_meta, writing
from field_client.store.mirror import COMPARE_FIRST
from schemas.fields import instant_text, is_day
from schemas.labels import STANDINGS
from sync.chain import detail_text
from sync.engine import Comparer
from sync.judge import Standing
from sync.names import Answer, Found, Held, Question, digest, parts

LAST = "last_compare"  # in meta: what the last comparison found


class What(StrEnum):
    """How the two ends differ over an item."""

    SERVER_LACKS = "server-lacks"
    OTHER_RECEIPT = "other-receipt"
    STANDING = "standing"
    LAPTOP_LACKS = "laptop-lacks"


@dataclass(frozen=True)
class Difference:
    """One difference, in a sentence that says what was done about it or what to do; *mended*: nothing is left to do."""

    item: str
    what: What
    sentence: str
    mended: bool

    def as_dict(self) -> dict[str, Any]:
        """Return it as a command prints it."""
        return asdict(self)


@dataclass(frozen=True)
class _Row:
    held: Held
    waiting: bool
    has_line: bool
    proven: bool


def compare(db: Database, line: Comparer, key: Ed25519PublicKey, at: datetime) -> list[Difference]:
    """Compare both ends by name and mend what is safe; return what differed, empty when all was the same.

    What the server lacks waits to be sent again, how it says that items stand is taken over,
    and what this store lacks is fetched. Items that only wait to be sent are no difference.
    """
    rows = _rows(db.conn)
    count, total = digest(
        (one.held.name, one.held.seq, one.held.standing or "")
        for one in sorted(rows, key=lambda one: one.held.seq or 0) if one.held.seq is not None
    )  # fmt: skip
    offered = any(one.waiting and one.held.seq is not None for one in rows)
    if not offered and line.compare(Question(count, total), key).agree:
        return []
    found: list[Difference] = []
    lacking: list[Held] = []
    by_name = {one.held.name: one for one in rows}
    for after, upto, page in parts([one.held for one in rows]):
        question = Question(count, total, after, upto, tuple(page))
        answer = line.compare(question, key)
        found += _mend(db, [by_name[one.name] for one in page], answer, at)
        lacking += answer.others
    return found + _fetch(db, line, lacking)


def _rows(conn: sqlite3.Connection) -> list[_Row]:
    """Return everything made here, in the order of names."""
    rows = conn.execute(
        "SELECT own.name, own.seq, own.standing, coalesce(proofs.lineage, ''), own.waiting, length(own.line) > 0,"
        "       own.proof IS NOT NULL"
        "  FROM own LEFT JOIN proofs ON proofs.id = own.proof ORDER BY own.name"
    )
    return [
        _Row(Held(name, seq, standing if seq is not None else None, lineage), bool(waits), bool(has_line), bool(proof))
        for name, seq, standing, lineage, waits, has_line, proof in rows
    ]


def _mend(db: Database, rows: Sequence[_Row], answer: Answer, at: datetime) -> list[Difference]:
    differences: list[Difference] = []
    again: list[str] = []
    settled: list[str] = []
    standings: dict[str, tuple[str, str | None]] = {}
    for row, found in zip(rows, answer.found, strict=True):
        if row.held.seq is None:
            continue  # it waits, or the server could not read it: nothing was ever promised
        if found is None or found.seq != row.held.seq:
            again += [row.held.name] if row.has_line else []
            differences += [] if row.waiting and row.has_line else [_lacking(db, row, found)]
            continue
        settled += [row.held.name] if row.waiting and (row.proven or found.standing == Standing.ERASED) else []
        if found.standing != row.held.standing:
            standings[row.held.name] = (found.standing, detail_text(found.detail))
            differences.append(_other_standing(db, row.held, found))
    with writing(db) as conn:
        outbox.keep_rows(conn, again)
        conn.executemany("UPDATE own SET waiting = 1 WHERE name = ?", [(name,) for name in again])
        conn.executemany("UPDATE own SET waiting = 0 WHERE name = ?", [(name,) for name in settled])
        if settled:
            outbox.note_history(conn, answer.lineage)
        if standings:
            outbox.change_standings(conn, standings, instant_text(at))
    return differences


def _lacking(db: Database, row: _Row, found: Found | None) -> Difference:
    title = _title(db, row.held.name)
    what = What.OTHER_RECEIPT if found else What.SERVER_LACKS
    if not row.has_line:
        words = "máy chủ không có, nội dung trên máy này cũng không còn; báo văn phòng."
        return Difference(row.held.name, what, f"{title}: {words}", False)
    words = (f"máy chủ đã nhận với mã khác ({found.seq}); sẽ lấy lại mã tiếp nhận khi gửi." if found else
             "máy chủ không có; đã chuyển về “Chờ gửi”, bấm “Gửi ngay” để gửi lại.")  # fmt: skip
    return Difference(row.held.name, what, f"{title}: {words}", True)


def _other_standing(db: Database, held: Held, found: Found) -> Difference:
    here, there = (STANDINGS.get(str(one), (str(one),))[0] for one in (held.standing, found.standing))
    sentence = f"{_title(db, held.name)}: trên máy này là “{here}”, ở máy chủ là “{there}”; đã lấy theo máy chủ."
    return Difference(held.name, What.STANDING, sentence, True)


def _fetch(db: Database, line: Comparer, lacking: list[Held]) -> list[Difference]:
    """Fetch what this store lacks of its own, whole pages at a time, and say of each whether it is here now."""
    wanted = {one.name for one in lacking}
    after, more = min((one.seq or 1 for one in lacking), default=1) - 1, bool(wanted)
    while more and wanted:
        page = line.own(after)
        with writing(db) as conn:
            own.take_back(conn, [one for one in page.items if one.receipt.item in wanted])
        wanted -= {one.receipt.item for one in page.items}
        after, more = page.after, page.more
    return [_fetched(db, one) for one in lacking]


def _fetched(db: Database, held: Held) -> Difference:
    there = db.conn.execute("SELECT 1 FROM own WHERE name = ?", (held.name,)).fetchone()
    if there:
        return Difference(held.name, What.LAPTOP_LACKS,
                          f"{_title(db, held.name)}: máy này thiếu; đã lấy về từ máy chủ.", True)  # fmt: skip
    words = ("Hồ sơ có mã tiếp nhận %s do một bản sao khác của máy này ghi, trùng số với hồ sơ ở đây;"
             " hai bản sao cùng được dùng, báo văn phòng.")  # fmt: skip
    return Difference(held.name, What.LAPTOP_LACKS, words % held.seq, False)


def compare_first(db: Database, line: Comparer, key: Ed25519PublicKey, at: datetime) -> None:
    """Compare before anything is sent, where another history began or this store is an old copy, until it is done."""
    if get_meta(db.conn, COMPARE_FIRST):
        compare(db, line, key, at)
        with writing(db) as conn:
            put_meta(conn, COMPARE_FIRST, "")


def note_result(db: Database, found: list[Difference], at: datetime) -> None:
    """Keep what the last comparison found, for the page."""
    told = {"at": instant_text(at), "differences": [one.as_dict() for one in found]}
    with writing(db) as conn:
        put_meta(conn, LAST, json.dumps(told, ensure_ascii=False))


def last_result(conn: sqlite3.Connection) -> dict[str, Any]:
    """Return when both ends were last compared, and the differences then; empty before the first time."""
    told: dict[str, Any] = json.loads(get_meta(conn, LAST) or "{}")
    return told


_NAMED = {
    "inspection": "SELECT coalesce(establishments.name, ''), visits.date FROM visits"
    " LEFT JOIN establishments ON establishments.id = visits.establishment WHERE visits.id = ?",
    "establishment": "SELECT name, '' FROM establishments WHERE id = ?",
    "operator": "SELECT name, '' FROM operators WHERE id = ?",
}
_KINDS = {"inspection": "Cuộc kiểm tra", "establishment": "Cơ sở", "operator": "Chủ cơ sở"}


def _title(db: Database, name: str) -> str:
    """Say which record it is, as far as it is known here."""
    kind, id, seq = db.conn.execute("SELECT kind, id, seq FROM own WHERE name = ?", (name,)).fetchone()
    called, day = (kind in _NAMED and db.conn.execute(_NAMED[kind], (id,)).fetchone()) or ("", "")
    title = f"{_KINDS.get(kind, 'Hồ sơ')} {called}".strip()
    when = f" ngày {date.fromisoformat(day):%d/%m/%Y}" if is_day(day) else ""
    return f"{title}{when} (mã tiếp nhận {seq})"
