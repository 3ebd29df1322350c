"""Sending and fetching: one sync at a time, what came of it, and the words for what went wrong."""

import logging
import sqlite3
from base64 import b64decode
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlite_utils import Database

from field_client import clock, history, revoked
from field_client.attachments import left
from field_client.device_line import DeviceLine, Line
from field_client.lease import note_clock
from field_client.locks import Taken, alone
from field_client.outcome import BOTH as BOTH
from field_client.outcome import Half as Half
from field_client.outcome import Outcome as Outcome
from field_client.progress import Progress, Stage, watched
from field_client.reconciling import Difference, compare, compare_first, note_result
from field_client.status import report, waiting
from field_client.store import get_meta, put_meta, writing, writing_unhurried
from field_client.store.mirror import Mirror
from field_client.store.outbox import Outbox, heard_of
from field_client.store.own import NotEnrolled
from field_client.store.shelf import Shelf
from field_client.trouble import STOPPED, UNPROVEN, Said, Trouble, explain
from schemas.fields import instant_text
from sync.engine import pull, push
from sync.errors import BadReply, LineError, OtherHistory, OtherScope, Refused, ServerFault
from sync.files import Parcel, Where, send_files
from sync.heap import collect_seldom
from sync.pace import AFTER_FAILURE, Pace
from sync.report import Report

log = logging.getLogger(__name__)


BEGINNINGS = 4  # of a copy in one sync; more often than that, something is wrong
BUSY = "Đang gửi và nhận ở cửa sổ khác của chương trình; chờ xong rồi thử lại."
_MOVED = "Máy chủ đã đổi khóa; khóa cũ đã ký cho khóa mới nên máy này nhận khóa mới."


def sync_now(
    db: Database, *, halves: frozenset[Half] = BOTH, line: Line | None = None,
    now: Callable[[], datetime] = clock.now,
) -> Outcome:  # fmt: skip
    """Send what waits, then fetch what has changed; only one sync runs on a data folder at a time.

    Whatever goes wrong on the line is told in the outcome, nothing is raised for it, and
    nothing is lost: what has no receipt goes on waiting. NotEnrolled before there is a server.
    """
    try:
        with alone(_beside(db, "sync.lock")):
            line = line or connect(db)
            outcome = _sync(db, halves, line, now)
    except Taken:
        return Outcome(waiting=waiting(db.conn), trouble=Trouble.BUSY, words=BUSY)
    return outcome


def _beside(db: Database, name: str) -> Path:
    """Return the path of what stands under *name* in the data folder."""
    return Path(db.conn.execute("PRAGMA database_list").fetchone()[2]).with_name(name)


def connect(db: Database) -> DeviceLine:
    """Return the line to the server this laptop is enrolled with, or raise NotEnrolled."""
    meta = {key: get_meta(db.conn, key) for key in ("address", "fingerprint", "credential", "server_key")}
    if not meta["credential"]:
        raise NotEnrolled
    return DeviceLine(meta["address"], meta["fingerprint"], meta["credential"])


def server_key(conn: sqlite3.Connection) -> Ed25519PublicKey:
    """Return the key that this laptop's receipts are checked with."""
    return Ed25519PublicKey.from_public_bytes(b64decode(get_meta(conn, "server_key")))


def _sync(db: Database, halves: frozenset[Half], line: Line, now: Callable[[], datetime]) -> Outcome:
    collect_seldom()
    began, said = now(), Said()
    with watched(db, _beside(db, "field.db"), line) as going:
        store = _Store(_Outbox(db, going), _Mirror(db, going), _Shelf(db, going))
        try:
            _exchange(db, halves, line, store, now)
        except LineError as error:
            said = STOPPED if going.stopping else said_of(db, error, now())
    outbox, mirror, shelf = store
    outcome = Outcome(
        sum(outbox.settled.values()), mirror.taken, waiting(db.conn), dict(outbox.settled),
        line.bytes_up, line.bytes_down, said.trouble, said.words, said.retry_after, shelf.count, left(db.conn).waiting,
        _new_pin(db, line), line.patience.waited if isinstance(line, DeviceLine) else 0.0,
    )  # fmt: skip
    _note(db, outcome, halves, mirror.heard or outbox.heard, (began, now()))
    return outcome


def said_of(db: Database, error: LineError, at: datetime) -> Said:
    """Explain *error*; a laptop is locked by what the server signed, and by nothing else."""
    found = explain(error)
    return Said(Trouble.REFUSED, UNPROVEN) if found.trouble is Trouble.LOCKED and not _locks(db, error, at) else found


def _locks(db: Database, error: LineError, at: datetime) -> bool:
    """Lock this laptop if *error* is the server's own word that it is locked, and say whether it is."""
    told = isinstance(error, Refused) and error.slug == "revoked-device"
    return told and revoked.take(db, getattr(error, "statement", None), at)


def _new_pin(db: Database, line: Line) -> str:
    """Keep the key that the server has moved to, once the line has proven it, and say so."""
    pin = getattr(line, "fingerprint", "")
    if not pin or pin == get_meta(db.conn, "fingerprint"):
        return ""
    with writing(db) as conn:
        put_meta(conn, "fingerprint", pin)
    return _MOVED


class _Outbox(Outbox):
    """Remembers what the server's clock said at the last reply, and tells how far it is."""

    heard = ""

    def __init__(self, db: Database, going: Progress) -> None:
        super().__init__(db)
        self.going = going

    def settle(self, reply: Any) -> None:
        """Settle, and remember."""
        super().settle(reply)
        self.heard = reply.server_time
        self.going.settled(len(reply.receipts) + len(reply.unreadable))


class _Mirror(Mirror):
    """Remembers what the server's clock said at the last page, and tells how far it is."""

    heard = ""

    def __init__(self, db: Database, going: Progress) -> None:
        super().__init__(db)
        self.going = going

    def take(self, page: Any) -> None:
        """Take, and remember."""
        super().take(page)
        self.heard = page.server_time
        self.going.took(len(page.changes))


class _Shelf(Shelf):
    """Tells how far it is."""

    def __init__(self, db: Database, going: Progress) -> None:
        super().__init__(db, _beside(db, "files"))
        self.going = going

    def note(self, parcel: Parcel, where: Where) -> None:
        """Keep how far the server is, and tell."""
        before = self.db.conn.execute("SELECT sent_bytes FROM files WHERE attachment = ?", (parcel.attachment,))
        (had,) = before.fetchone() or (0,)
        super().note(parcel, where)
        self.going.file_at(parcel.attachment, where.offset, had)

    def sent(self, parcel: Parcel, where: Where) -> None:
        """Keep that the server has the file, and tell."""
        super().sent(parcel, where)
        self.going.file_done()


class _Store(NamedTuple):
    """The three that a sync empties and fills."""

    outbox: _Outbox
    mirror: _Mirror
    shelf: _Shelf

    def at(self, stage: Stage) -> None:
        """Tell what the sync is at."""
        self.outbox.going.stage = stage


def _exchange(
    db: Database, halves: frozenset[Half], line: Line, store: _Store, now: Callable[[], datetime]
) -> None:
    """Send records, fetch, then send files; what one of them meets does not stop the others, unless it is the line."""
    outbox, mirror, shelf = store
    trouble = _by_name(db, line, compare_first, now())
    if Half.SEND in halves:
        store.at(Stage.SEND)
        try:
            _send(db, line, outbox, now)
        except ServerFault as error:  # one item that it falls over does not stop what comes down
            trouble = error
    if Half.GET in halves:
        store.at(Stage.GET)
        line.say(_report(db, now))
        try:
            _get(mirror, line, lambda: _offer(db, line, outbox, now) if Half.SEND in halves else None)
        except (Refused, ServerFault, BadReply) as error:
            trouble = error if _locks(db, error, now()) else trouble or error
    if Half.SEND in halves:
        store.at(Stage.FILES)
        _send_files(db, line, outbox, shelf, now)
    if trouble:
        raise trouble


def _get(mirror: Mirror, line: Line, offer: Callable[[], Any]) -> None:
    """Fetch what has changed; where the copy must begin anew, it does, and again should that happen meanwhile."""
    for _ in range(BEGINNINGS):
        try:
            pull(mirror, line)
            return
        except OtherScope:
            mirror.leave_area()
        except OtherHistory:
            mirror.start_over()
            offer()
    pull(mirror, line)


def _offer(db: Database, line: Line, outbox: Outbox, now: Callable[[], datetime]) -> None:
    """Offer everything made here to a server of another history: by name first, then what it lacks."""
    _by_name(db, line, compare_first, now())
    _send(db, line, outbox, now)


def _by_name(
    db: Database, line: Line, act: Callable[[Database, Line, Ed25519PublicKey, datetime], Any], at: datetime
) -> LineError | None:  # fmt: skip
    """Compare by name before sending, so that only what the server lacks goes up; return what went wrong in it.

    It stops nothing: what waits is sent whole then, and what the server had is answered as a repeat.
    """
    try:
        act(db, line, server_key(db.conn), at)
    except (Refused, ServerFault, BadReply) as error:
        log.warning("Could not compare by name: %s", error)
        return error
    return None


def reconcile(db: Database, *, line: Line | None = None, now: Callable[[], datetime] = clock.now) -> list[Difference]:
    """Compare with the server by name all that was made here, mend what is safe, and keep what came of it.

    Raises LineError where it cannot be done now, Taken while something is sent or fetched, NotEnrolled.
    """
    with alone(_beside(db, "sync.lock")):
        line = line or connect(db)
        line.say(_report(db, now))
        found = compare(db, line, server_key(db.conn), now())
        note_result(db, found, now())
        return found


def _send(db: Database, line: Line, outbox: Outbox, now: Callable[[], datetime]) -> Counter[str]:
    line.say(_report(db, now))
    return push(outbox, line, server_key(db.conn), pace=_pace(db.conn))


def _pace(conn: sqlite3.Connection) -> Pace:
    """Begin with little where the line failed in the last sync."""
    last = conn.execute("SELECT trouble FROM syncs ORDER BY id DESC LIMIT 1").fetchone()
    return Pace(AFTER_FAILURE) if last and last[0] in {Trouble.OFFLINE, Trouble.BAD_REPLY} else Pace()


def _send_files(db: Database, line: Line, outbox: Outbox, shelf: Shelf, now: Callable[[], datetime]) -> None:
    """Send the files whose records the server has; a record that is finished meanwhile goes between two pieces."""

    left_over = waiting(db.conn)

    def between() -> None:
        nonlocal left_over
        if waiting(db.conn) > left_over:
            with suppress(ServerFault):
                _send(db, line, outbox, now)
            left_over = waiting(db.conn)

    if shelf.waiting():
        send_files(shelf, line.files, between)
    shelf.let_go()
    shelf.drop_strays(now())


def _report(db: Database, now: Callable[[], datetime]) -> Report:
    return report(db.conn, version=program_version(), clock=instant_text(now()))


@cache
def program_version() -> str:
    """Return the version of the program that is installed, empty in a checkout."""
    try:
        return version("doi178")
    except PackageNotFoundError:
        return ""


def _note(
    db: Database, outcome: Outcome, halves: frozenset[Half], heard: str, span: tuple[datetime, datetime]
) -> None:
    """Keep the history of syncs, and how far this laptop's clock is from the server's.

    The server said its time somewhere between the beginning and the end: on a slow line that is
    many minutes, which are not the clock's fault. Should power fail in the next moments, the row
    may be missing: nobody was promised it, and the receipts were made safe before.
    """
    began, at = span
    with writing_unhurried(db) as conn:
        if heard:
            heard_of(conn, heard, min(max(datetime.fromisoformat(heard), began), at))
        note_clock(conn, at)
        history.note(conn, outcome, history.Way.of(halves), began, at)
