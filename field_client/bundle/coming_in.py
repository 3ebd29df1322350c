"""Taking in a return file: answers to what went out, and pages."""

import json
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlite_utils import Database

from field_client.attachments import left
from field_client.bundle import answers
from field_client.bundle.handover import Handover, history
from field_client.history import Way
from field_client.history import note as note_sync
from field_client.locks import Taken, alone
from field_client.outcome import Outcome
from field_client.status import waiting
from field_client.store import get_meta, writing
from field_client.store.mirror import Mirror
from field_client.store.outbox import Outbox, note_server
from field_client.store.own import NotEnrolled
from field_client.store.shelf import Shelf
from field_client.syncing import BUSY, Trouble, said_of, server_key
from field_client.updating import getting, offers
from sync import engine
from sync.bundle import Checked, Direction, check, mark, marks_of, members
from sync.errors import BadBundle, BadReply, OtherHistory, Refused
from sync.files import ABOUT_THE_FILE, Where
from sync.wire import Cursor, Page, read_page, read_reply_to

_FORGED = "Gói trả về không do máy chủ mà máy này đăng ký ký tên; xin lại gói ở văn phòng."
_OUTGOING = "Đây là gói xuất ra để mang đến máy chủ; máy này chỉ nhận gói trả về của máy chủ."
_ANOTHERS = "Gói trả về này dành cho máy khác; nhận nó trên máy đã xuất gói."
_GAP = "Gói trả về này thiếu phần trước nó; nhận phần trước, hoặc xuất gói mới từ máy này rồi mang đến máy chủ."
_OTHER_AREA = "Gói trả về này ghi khi địa bàn của máy còn khác; xuất gói mới từ máy này rồi mang đến máy chủ."
_OTHER_HISTORY = (
    "Máy chủ đã được khôi phục từ bản lưu, gói trả về này không còn khớp; "
    "xuất gói mới từ máy này rồi mang đến máy chủ."
)
_BAD_REPLY = "Gói trả về có câu trả lời không đúng; hồ sơ vẫn chờ gửi. Xin lại gói; nếu lặp lại, báo văn phòng."
_WORDS = "Nhận từ gói dữ liệu USB."


@dataclass
class Got:
    """What a return file brought; what is counted here has happened, also when it then broke off."""

    received: int = 0
    waiting: int = 0
    attachments: int = 0  # files that the server has now
    standings: Counter[str] = field(default_factory=Counter)
    more: bool = False  # another part follows

    @property
    def sent(self) -> int:
        """How many of our items the server has answered for."""
        return sum(self.standings.values())

    def as_dict(self) -> dict[str, Any]:
        """Return the counts as a command prints them."""
        counts = {key: getattr(self, key) for key in ("sent", "received", "waiting", "attachments", "more")}
        return counts | {"standings": dict(self.standings)}


def bundle_in(laptop: Handover, file: BinaryIO, *, at: datetime) -> Got:
    """Take in a return file, or raise BadBundle: what was taken before the file turned out bad stays taken.

    Any order, any number of times, mixed with the network: each answer and each page is a
    transaction of its own, and what this laptop has already is passed over.
    """
    db = laptop.db
    try:
        with alone(laptop.lock):
            checked = _checked(db.conn, laptop.key, file)
            got, trouble, words = Got(more=bool(checked.end["more"])), Trouble.NONE, _WORDS
            try:
                _take(laptop, file, checked, got)
            except BadBundle as error:
                trouble, words = Trouble.REFUSED, str(error)
            except Refused as error:
                said = said_of(db, error, at)
                trouble, words = said.trouble, said.words
            got.waiting = waiting(db.conn)
            _note(db, got, trouble, words, at)
    except Taken:
        raise BadBundle(BUSY) from None
    if trouble:
        raise BadBundle(words)
    return got


def _checked(conn: sqlite3.Connection, key: Ed25519PrivateKey, file: BinaryIO) -> Checked:
    """Read the file to its end and see that it is whole, the server's, and for this laptop as it is now."""
    if not get_meta(conn, "device"):
        raise NotEnrolled
    server, marks = server_key(conn), marks_of(file)
    if mark(key.public_key()) not in marks:
        raise BadBundle(_OUTGOING if mark(server) in marks else _ANOTHERS)

    def signer(head: dict[str, Any]) -> Ed25519PublicKey:
        if head["device"] != get_meta(conn, "device"):
            raise BadBundle(_ANOTHERS)
        return server

    checked = check(file, key, Direction.DOWN, signer, forged=_FORGED)
    if history(conn) not in {"", checked.head["lineage"]} and not _starts_over(conn, checked.head):
        raise BadBundle(_OTHER_HISTORY)
    return checked


def _starts_over(conn: sqlite3.Connection, head: dict[str, Any]) -> bool:
    """Say whether the copy begins anew: the server could not go on from where this laptop still stands."""
    still = (head.get("knew"), head.get("cursor")) == (history(conn), get_meta(conn, "cursor"))
    return still and head["knew"] != "" and bool(head.get("start_over") or head["lineage"] != head["knew"])


def _take(laptop: Handover, file: BinaryIO, checked: Checked, got: Got) -> None:
    db, head = laptop.db, checked.head
    out: dict[str, bytes] = {}
    release = offers.take(db, head.get("release"))
    if _starts_over(db.conn, head):
        out = _start_over(db, head.get("start_over", ""))
    outbox, mirror, shelf = Outbox(db), Mirror(db), laptop.shelf
    try:
        with closing(members(file, laptop.key)) as pieces:
            for name, body in pieces:
                kind, _, of = name.partition("-")
                if kind == "reply":
                    _settle(outbox, of, body, answers.split(out.get(of, b"")) or answers.items_of(db.conn, of))
                elif kind == "stored":
                    _stored(shelf, of, body, out)
                elif kind == "page":
                    _turn(mirror, body, checked)
                elif kind == "program" and release and of.isdecimal():
                    getting.put(laptop.releases, release, int(of), body)
    except OtherHistory:
        raise BadBundle(_OTHER_HISTORY) from None
    except BadReply as error:
        raise BadBundle(_BAD_REPLY) from error
    finally:
        got.standings, got.received, got.attachments = outbox.settled, mirror.taken, shelf.count
    if head.get("refused") and head["made_at"] >= get_meta(db.conn, "server_time"):
        raise Refused("", slug=head["refused"], statement=head.get("statement"))
    with writing(db) as conn:
        note_server(conn, head["made_at"], int(get_meta(conn, "safe_to") or 0))


def _start_over(db: Database, why: str) -> dict[str, bytes]:
    """Begin the copy anew as the line would, and return the batches that are out.

    With another history they are waited for no longer; but the answers in this file are of the new one.
    """
    out = answers.all_out(db.conn)
    mirror = Mirror(db)
    if why == "other-scope":
        mirror.leave_area()
    else:
        mirror.start_over()
    return out


def _misfit(conn: sqlite3.Connection, page: Page, checked: Checked) -> str:
    """Say why a page does not continue the copy; empty when it does."""
    held, after = get_meta(conn, "cursor"), checked.end.get("after")
    if checked.head["area"] != get_meta(conn, "area"):
        return _OTHER_AREA
    if after and _position(after)[0] > _position(held)[0]:
        return _GAP
    return _OTHER_AREA if held and Cursor.parse(held).scope != Cursor.parse(page.cursor).scope else ""


def _position(cursor: str) -> tuple[int, int]:
    if not cursor:
        return (-1, -1)
    read = Cursor.parse(cursor)
    return (read.pos, read.seq)


def _settle(outbox: Outbox, batch: str, body: bytes, names: list[str]) -> None:
    """Take in the answer to a batch; one that is not waited for has come before, or its items are sent again."""
    if not names:
        return
    reply = read_reply_to(names, body)
    engine.check(reply, server_key(outbox.db.conn))
    outbox.settle(reply)
    answers.forget(outbox.db, batch)


def _stored(shelf: Shelf, attachment: str, body: bytes, out: dict[str, bytes]) -> None:
    """Take in what the server says of a file, as from the line; what it says of another time is passed over."""
    waited_for, parcel = f"{answers.FILE}{attachment}", shelf.find(attachment)
    if parcel is None or not (waited_for in out or answers.items_of(shelf.db.conn, waited_for)):
        return
    try:
        said = json.loads(body)
        seq, slug, words = int(said.get("seq", 0)), str(said.get("slug", "")), str(said.get("words", ""))
    except (ValueError, TypeError, AttributeError) as error:
        raise BadReply(f"What is said of a file cannot be read: {error!r}.") from None
    if not slug:
        shelf.sent(parcel, Where("", parcel.size, seq))
    elif slug in ABOUT_THE_FILE - {"file-mismatch"}:
        shelf.refuse(parcel, words)
    answers.forget(shelf.db, waited_for)


def _turn(mirror: Mirror, body: bytes, checked: Checked) -> None:
    """Take a page, unless this laptop has read as far."""
    page = read_page(body)
    if _position(page.cursor) <= _position(mirror.cursor()):
        return
    misfit = _misfit(mirror.db.conn, page, checked)
    if misfit:
        raise BadBundle(misfit)
    mirror.take(page)


def _note(db: Database, got: Got, trouble: Trouble, words: str, at: datetime) -> None:
    """Keep it among the tries to send and fetch."""
    outcome = Outcome(got.sent, got.received, got.waiting, trouble=trouble, words=words, files_sent=got.attachments,
                      files_waiting=left(db.conn).waiting)  # fmt: skip
    with writing(db) as conn:
        note_sync(conn, outcome, Way.STICK, at, at)
