"""The outbox: items without a receipt, and what becomes of them when one comes."""

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from field_client.store import register, said, visits
from field_client.store.base import get_meta, put_meta, writing
from sync.chain import Receipt, detail_text
from sync.errors import BadReply
from sync.judge import Standing
from sync.wire import Reply, rows_text

_STANDINGS = frozenset(standing.value for standing in Standing)


class Outbox:
    """An Outbox for sync.engine. `settled` counts standings, also when a push is cut short."""

    def __init__(self, db: Database) -> None:
        """Send and settle what *db* holds."""
        self.db = db
        self.settled: Counter[str] = Counter()

    def waiting(self, limit: int, skip: int = 0) -> Sequence[bytes]:
        """Return the oldest lines without a receipt past the first *skip*, at most *limit*."""
        rows = self.db.conn.execute(
            "SELECT line FROM own WHERE waiting = 1 ORDER BY local LIMIT ? OFFSET ?", (limit, skip)
        )
        return [row[0] for row in rows]

    def settle(self, reply: Reply) -> None:
        """Store the receipts and the server's seal over them, in one transaction.

        A line the server could not read is kept and shown, and blocks nothing.
        """
        unknown = {said for r in reply.receipts for said in (r.standing, r.present or r.standing)} - _STANDINGS
        if unknown:
            raise BadReply(f"The reply names a standing that this program does not know: {sorted(unknown)}.")
        with writing(self.db) as conn:
            proof = _keep_proof(conn, reply)
            conn.executemany(_SETTLE, [_settled(receipt, proof) for receipt in reply.receipts])
            conn.executemany(
                "UPDATE own SET waiting = 0, standing = 'unreadable' WHERE name = ? AND seq IS NULL",
                [(name,) for name in reply.unreadable],
            )
            _as_told_since(conn, [receipt.item for receipt in reply.receipts], reply.server_time)
            _blank_erased(conn)
            _note_news(conn, reply)
            _refresh(conn, [*(receipt.item for receipt in reply.receipts), *reply.unreadable])
            note_server(conn, reply.server_time, reply.safe_to)
            note_history(conn, reply.seal.lineage)
        self.settled.update(receipt.present or receipt.standing for receipt in reply.receipts)
        self.settled.update("unreadable" for _ in reply.unreadable)


# A receipt never changes within a history; after another one began, the new one replaces it.
_SETTLE = """
    UPDATE own SET waiting = 0, mirrored = 0, seq = ?, standing = ?, detail = ?, first_standing = ?,
                   first_detail = ?, proof = ?
     WHERE name = ? AND (waiting = 1 OR seq IS NULL)
"""


def _as_told_since(conn: sqlite3.Connection, names: Sequence[str], at: str) -> None:
    """Let stand what the copy told of items meanwhile: a reply that comes late does not take that back."""
    rows = conn.execute(
        "SELECT things.id, things.state FROM json_each(?) AS asked"
        "  CROSS JOIN things ON things.kind = 'standing' AND things.id = asked.value AND gone = 0",
        (json.dumps(names),),
    )
    told = {name: json.loads(state) for name, state in rows}
    if told:
        change_standings(conn, {n: (t["standing"], detail_text(t.get("detail"))) for n, t in told.items()}, at)


def _settled(receipt: Receipt, proof: int) -> tuple[int, str, str, str, str, int, str]:
    first = detail_text(receipt.detail)
    changed = receipt.present and receipt.present != receipt.standing
    return (
        receipt.seq, receipt.present or receipt.standing, "" if changed else first, receipt.standing, first,
        proof, receipt.item,
    )  # fmt: skip


def _note_news(conn: sqlite3.Connection, reply: Reply) -> None:
    """Note what a person must look at: all that was not accepted at once."""
    names = [receipt.item for receipt in reply.receipts if (receipt.present or receipt.standing) != "accepted"]
    conn.executemany(
        "UPDATE own SET standing_at = ?, news = 1 WHERE name = ?",
        [(reply.server_time, name) for name in (*names, *reply.unreadable)],
    )


def _keep_proof(conn: sqlite3.Connection, reply: Reply) -> int:
    seal = reply.seal
    told_otherwise = bool(reply.unreadable) or any(receipt.present for receipt in reply.receipts)
    rows = reply.rows if told_otherwise else ""  # else they can be made again from the receipts kept
    cursor = conn.execute(
        "INSERT INTO proofs (at, lineage, first, last, before, after, receipts, signature, rows)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            reply.server_time, seal.lineage, seal.first, seal.last, seal.before, seal.after, seal.receipts,
            reply.signature, rows,
        ),
    )  # fmt: skip
    return int(cursor.lastrowid or 0)


def _refresh(conn: sqlite3.Connection, names: Sequence[str]) -> None:
    """Show the new standings: a visit that was accepted as it is shown costs one small update.

    Not where the copy holds revisions of it: one may have been made from ours before we heard of our receipt.
    """
    found = conn.execute(
        "SELECT own.kind, own.id, own.name, own.standing, visits.item,"
        "       visits.aside <> '' OR EXISTS (SELECT 1 FROM revisions WHERE revisions.id = own.id)"
        "  FROM json_each(?) AS asked CROSS JOIN own ON own.name = asked.value"
        "  LEFT JOIN visits ON visits.id = own.id AND own.kind = 'inspection'",
        (json.dumps(names),),
    ).fetchall()
    plain = [(id, name) for kind, id, name, standing, item, more in found
             if kind == "inspection" and standing == "accepted" and item == name and not more]  # fmt: skip
    conn.executemany("UPDATE visits SET standing = 'accepted' WHERE id = ? AND item = ?", plain)
    done = {name for _, name in plain}
    rest = {(kind, id) for kind, id, name, *_ in found if name not in done}
    visits.refresh(conn, sorted(id for kind, id in rest if kind == "inspection"))
    said.refresh(conn, sorted(id for kind, id in rest if kind in said.KINDS))
    for kind in register.KINDS:
        register.refresh(conn, kind, sorted(id for of, id in rest if of == kind))


def note_server(conn: sqlite3.Connection, server_time: str, safe_to: int) -> None:
    """Keep the latest time the server said, from which the lease begins anew, and how far its other disk holds."""
    if server_time > get_meta(conn, "server_time"):
        put_meta(conn, "server_time", server_time)
        put_meta(conn, "clock_seen", server_time)
    put_meta(conn, "safe_to", safe_to)


def heard_of(conn: sqlite3.Connection, server_time: str, at: datetime) -> None:
    """Keep what the server's clock said to us just now, and how far this machine's is from it."""
    put_meta(conn, "last_contact", server_time)
    put_meta(conn, "server_time", server_time)
    put_meta(conn, "clock_seen", server_time)
    put_meta(conn, "clock_offset_s", round((at - datetime.fromisoformat(server_time)).total_seconds()))


def note_history(conn: sqlite3.Connection, lineage: str) -> None:
    """Keep of which history the first receipt was since the copy was started over: another one would tell of a loss.

    A history that is known stays: the pull that finds another one starts over.
    """
    if not get_meta(conn, "lineage"):
        put_meta(conn, "lineage", lineage)


def change_standings(conn: sqlite3.Connection, changes: dict[str, tuple[str, str | None]], at: str) -> None:
    """Take in how our own items stand at the moment *at*: {name: (standing, detail)}; None where no detail was said.

    Items without a receipt wait for theirs, which will say how they stand. A standing that
    is another now is news, until somebody has looked at it.
    """
    conn.executemany(
        "UPDATE own SET detail = CASE WHEN standing = ?1 THEN coalesce(?2, detail) ELSE coalesce(?2, '') END,"
        "       standing_at = CASE WHEN standing = ?1 THEN standing_at ELSE ?4 END,"
        "       news = CASE WHEN standing = ?1 THEN news ELSE 1 END,"
        "       standing = ?1 WHERE name = ?3 AND seq IS NOT NULL",
        [(standing, detail, name, at) for name, (standing, detail) in changes.items() if standing in _STANDINGS],
    )
    _blank_erased(conn)
    _refresh(conn, list(changes))


def _blank_erased(conn: sqlite3.Connection) -> None:
    """Remove the bytes of what the office has erased, here and in the copy; the receipt stays."""
    rows = conn.execute("SELECT id, name FROM own WHERE standing = 'erased' AND length(line) > 0").fetchall()
    conn.executemany("UPDATE own SET line = x'', waiting = 0 WHERE id = ? AND name = ?", rows)
    conn.executemany("DELETE FROM revisions WHERE id = ? AND name = ?", rows)


def let_go(conn: sqlite3.Connection, safe_to: int) -> None:
    """Remove the bytes of what was made for an area that this laptop has left, once a backup elsewhere holds them.

    Only what is settled and not in the copy goes; what a person may still have to look at
    stays, with the earlier revisions of that visit. The receipts stay.
    """
    mark = int(get_meta(conn, "left_area_at") or 0)
    if not mark or not safe_to:
        return
    rows = conn.execute(_LET_GO, {"mark": mark, "safe_to": safe_to}).fetchall()
    conn.executemany("UPDATE own SET line = x'' WHERE local = ?", [(local,) for local, _, _ in rows])
    visits.refresh(conn, sorted({id for _, kind, id in rows if kind == "inspection"}))
    said.refresh(conn, sorted({id for _, kind, id in rows if kind in said.KINDS}))
    for kind in register.KINDS:
        register.refresh(conn, kind, sorted({id for _, of, id in rows if of == kind}))


_LET_GO = """
    SELECT local, kind, id FROM own
     WHERE local <= :mark AND seq <= :safe_to AND waiting = 0 AND standing IN ('accepted', 'declined')
       AND kind IN ('inspection', 'establishment', 'operator', 'assignment', 'outside_check', 'paper', 'resolution',
                    'duty', 'comment')
       AND length(line) > 0
       AND NOT EXISTS (SELECT 1 FROM things WHERE things.kind = own.kind AND things.id = own.id AND gone = 0)
       AND NOT EXISTS (SELECT 1 FROM own AS other WHERE other.id = own.id
                          AND coalesce(other.standing, '') NOT IN ('accepted', 'declined', 'erased'))
"""


def keep_rows(conn: sqlite3.Connection, names: Sequence[str]) -> None:
    """Write out the rows of the seals over *names*, which are about to get other receipts: the rest stays proven."""
    wanted = {
        row[0]
        for row in conn.execute(
            "SELECT proofs.id FROM json_each(?) AS asked CROSS JOIN own ON own.name = asked.value"
            "  JOIN proofs ON proofs.id = own.proof WHERE rows = ''",
            (json.dumps(names),),
        )
    }
    if not wanted:
        return
    said: dict[int, list[Any]] = {proof: [] for proof in wanted}
    rows = conn.execute("SELECT proof, seq, first_standing, first_detail FROM own WHERE proof IS NOT NULL ORDER BY seq")
    for proof, seq, standing, detail in rows:
        if proof in wanted:
            said[proof].append([seq, standing, *([json.loads(detail)] if detail else [])])
    conn.executemany(
        "UPDATE proofs SET rows = ? WHERE id = ?", [(rows_text(found), proof) for proof, found in said.items()]
    )


def offer_again(conn: sqlite3.Connection) -> None:
    """Put all our own items back in the outbox, and their files: the server has another history and may lack some.

    What is still out on a stick is answered by the old history: those answers are not waited for any more.
    """
    conn.execute("DELETE FROM bundles")
    keep_rows(conn, [row[0] for row in conn.execute("SELECT name FROM own WHERE proof IS NOT NULL")])
    conn.execute("UPDATE own SET waiting = 1 WHERE waiting = 0 AND length(line) > 0")
    conn.execute("UPDATE files SET state = 'waiting', upload = '', sent_bytes = 0 WHERE state = 'sent' AND here = 1")
