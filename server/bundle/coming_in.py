"""Taking in what a laptop wrote for the stick, and answering it."""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from typing import IO, Any, BinaryIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlite_utils import Database

from schemas.attachments import type_of
from server.bundle.devices import Handover, Taken, known
from server.bundle.going_back import write_back
from server.door.contacts import note_of_bundle
from server.door.exchange import take_batch
from server.files import uploads
from server.files.uploads import Asked
from server.office import things
from server.problems import Problem
from server.store import writing
from sync.bundle import (
    PART_LIMIT,
    Checked,
    Direction,
    Member,
    Opener,
    check,
    mark,
    marks_of,
    members,
    public_key,
)
from sync.errors import BadBundle, BadReply
from sync.report import Report
from sync.wire import BODY_LIMIT, unpack

_ANOTHERS = "Gói này xuất cho máy chủ khác; mang đến máy chủ mà máy đó đã đăng ký."
_RETURN = "Đây là gói trả về cho máy {name}; nhận nó trên máy đó, không phải ở máy chủ."
_FORGED = "Gói này không do máy đã ghi tên trong gói ký tên; xuất lại gói từ máy đó."
_UNREADABLE = "{n} phần của gói không đọc được, những phần khác máy chủ đã nhận; xuất lại gói từ máy đó."


def everybody(device: dict[str, Any]) -> None:
    """Refuse no laptop: who runs a command is the office."""


def bundle_in(
    server: Handover, file: BinaryIO, back: Opener, *, at: datetime, limit: int = PART_LIMIT,
    allowed: Callable[[dict[str, Any]], None] = everybody,
) -> Taken:  # fmt: skip
    """Take in a laptop's bundle and write the return through *back*, or raise BadBundle.

    *allowed* is given the laptop's state, with `id` and `unit`, and may refuse it before anything is taken.
    Each batch is a transaction of its own, as over HTTP, and all of them are taken before the return is
    begun: one that cannot be written is made again by handing the same bundle in again.
    """
    checked = _checked(server, file)
    device = known(server.db.conn, checked.head["device"])
    allowed(device)
    taken = Taken(device["id"], device["name"], locked=bool(device.get("revoked_on")), more=bool(checked.end["more"]))
    with tempfile.TemporaryFile() as replies:
        spans = list(_take(server, file, replies, taken, at=at))
        if not taken.unreadable:
            _note(server.db, checked, at)
        asked: dict[str, Any] = {key: str(checked.head.get(key, "")) for key in ("cursor", "area", "knew")}
        asked["program"] = checked.head.get("program")
        answers = _answers(replies, spans)
        write_back(server, device, asked, answers, open_part=back, taken=taken, at=at, limit=limit)
    if taken.unreadable:
        raise BadBundle(_UNREADABLE.format(n=taken.unreadable))
    return taken


def _checked(server: Handover, file: BinaryIO) -> Checked:
    """Read the file to its end and see that it is whole, for this server, and of a laptop that it knows."""
    conn, keys, marks = server.db.conn, server.keys, marks_of(file)
    if mark(keys.signing.public_key()) not in marks:
        for state in things(conn, "device").values():
            if state.get("public_key") and mark(public_key(state["public_key"])) in marks:
                raise BadBundle(_RETURN.format(name=state["name"]))
        raise BadBundle(_ANOTHERS)

    def signer(head: dict[str, Any]) -> Ed25519PublicKey:
        return public_key(known(conn, head["device"])["public_key"])

    return check(file, keys.signing, Direction.UP, signer, forged=_FORGED)


def _take(
    server: Handover, file: BinaryIO, answers: IO[bytes], taken: Taken, *, at: datetime
) -> Iterator[tuple[str, int]]:
    """Take in each piece, put the answer to it aside, and yield the answer's name and length."""
    with closing(members(file, server.keys.signing)) as pieces:
        for name, body in pieces:
            kind, _, of = name.partition("-")
            if kind == "batch":
                answer = _take_one(server, body, taken, at)
                named = f"reply-{hashlib.sha256(body).hexdigest()}"
            elif kind == "file":
                answer, named = _store(server, of, body, taken, at=at), f"stored-{of}"
            else:
                continue
            if answer:
                answers.write(answer)
                yield named, len(answer)


def _take_one(server: Handover, body: bytes, taken: Taken, at: datetime) -> bytes:
    """Take in a batch and return the reply; empty when it cannot be read."""
    try:
        reply = take_batch(server.db, server.keys, taken.device, body, None, at)
    except BadReply:
        taken.unreadable += 1
        return b""
    _count(taken, reply)
    return reply


def _store(server: Handover, attachment: str, body: bytes, taken: Taken, *, at: datetime) -> bytes:
    """Take in the file of an attachment as the files' door does, and return what is said of it."""
    digest = hashlib.sha256(body).hexdigest()
    asked = Asked(taken.device, attachment, digest, len(body), type_of(body[:16]), "")
    try:
        upload = uploads.begin(server.db, server.files, asked, at)
        if upload.state != "done":
            uploads.go_on(server.db, server.files, upload, 0, (body,), at)
    except Problem as problem:
        taken.refused += 1
        return json.dumps({"slug": problem.slug, "words": problem.detail}, ensure_ascii=False).encode()
    taken.attachments += 1
    last = server.db.conn.execute("SELECT coalesce(max(seq), 0) FROM arrivals").fetchone()[0]
    return json.dumps({"seq": last}).encode()


def _count(taken: Taken, reply: bytes) -> None:
    rows = json.loads(unpack(reply, BODY_LIMIT))["receipts"]
    taken.batches += 1
    taken.standings.update(row[3] if len(row) > 3 else row[1] for row in rows)
    taken.repeats += sum(len(row) > 3 for row in rows)


def _note(db: Database, checked: Checked, at: datetime) -> None:
    report = Report.parse(str(checked.end.get("report", "")))
    if report is not None:
        with writing(db) as conn:
            note_of_bundle(conn, checked.head, report, at)


def _answers(kept: IO[bytes], spans: list[tuple[str, int]]) -> Iterator[Member]:
    kept.seek(0)
    for name, length in spans:
        yield Member(name, kept.read(length))
