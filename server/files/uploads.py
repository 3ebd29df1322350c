"""The life of an upload: begun for a record that has arrived, resumed at the byte, taken in whole or refused."""

import json
import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from schemas.attachments import limits, too_large
from schemas.fields import instant_text
from schemas.ids import new_id
from server import problems
from server.files import keeping, parts
from server.files.judging import judge
from server.problems import FileHasLocation, FileKind, FileMismatch, FileTooLarge, NoSuchRecord, NoSuchUpload, Problem
from server.store import writing

_LASTING = {problem.slug: problem for problem in (FileHasLocation, FileKind)}  # what the same bytes meet every time
_COLUMNS = "id, attachment, item, device, sha256, size, type, metadata, expires_at, state, slug, words"


@dataclass(frozen=True)
class Asked:
    """What a laptop wants to send: the file of one of its records."""

    device: str
    attachment: str
    sha256: str
    size: int
    type: str
    metadata: str  # as it was sent


@dataclass(frozen=True)
class Upload:
    """One upload, as it stands in the database."""

    id: str
    attachment: str
    item: str
    device: str
    sha256: str
    size: int
    type: str
    metadata: str
    expires_at: str
    state: str
    slug: str
    words: str


def begin(db: Database, folder: Path, asked: Asked, at: datetime) -> Upload:
    """Begin the upload of a file, in place of an older one of the same record; done at once when the file is here."""
    item = _record(db.conn, asked)
    _refused_before(db.conn, asked)
    here = keeping.has(db.conn, folder, asked.sha256, asked.size, asked.type)
    expires_at = instant_text(at + timedelta(days=limits().upload_days))
    upload = Upload(new_id(), asked.attachment, item, asked.device, asked.sha256, asked.size, asked.type,
                    asked.metadata, expires_at, "done" if here else "open", "", "")  # fmt: skip
    if not here:
        parts.make(parts.part_of(folder, upload.id))
    with writing(db) as conn:
        older = [row[0] for row in conn.execute(
            "DELETE FROM uploads WHERE device = ? AND attachment = ? RETURNING id", (asked.device, asked.attachment)
        )]  # fmt: skip
        conn.execute(
            f"INSERT INTO uploads ({_COLUMNS}) VALUES ({', '.join('?' * 12)})", tuple(vars(upload).values())
        )
        if here and not keeping.has(conn, folder, asked.sha256, asked.size, asked.type):
            raise NoSuchUpload("Tệp vừa bị dọn khỏi máy chủ; gửi lại từ đầu. Hồ sơ vẫn còn nguyên.")
        if here:
            keeping.note(conn, upload.id, at)
    for id in older:
        parts.part_of(folder, id).unlink(missing_ok=True)
    return upload


def _record(conn: sqlite3.Connection, asked: Asked) -> str:
    """Return the name of the laptop's item that speaks of this file, or raise what is not right about it."""
    rows = conn.execute(
        "SELECT name, line FROM items WHERE id = ? AND kind = 'attachment' AND device = ?"
        "   AND standing NOT IN ('declined', 'erased')",
        (asked.attachment, asked.device),
    ).fetchall()
    said = {name: json.loads(line)["body"] for name, line in rows if line}
    if not said:
        raise NoSuchRecord("Máy chủ chưa có hồ sơ của tệp này; gửi hồ sơ trước rồi gửi tệp.")
    wrong = too_large(asked.type, asked.size)
    if wrong:
        raise (FileTooLarge if asked.type in limits().types else FileKind)(wrong)
    for name, body in said.items():
        if (body.get("sha256"), body.get("size"), body.get("type")) == (asked.sha256, asked.size, asked.type):
            return name
    raise FileMismatch("Tệp không khớp với hồ sơ của nó; đính kèm lại tệp. Hồ sơ vẫn còn nguyên.")


def _refused_before(conn: sqlite3.Connection, asked: Asked) -> None:
    """Say again at once what was said of the same bytes before, so that they need not come twice."""
    row = conn.execute(
        "SELECT slug, words FROM uploads WHERE device = ? AND attachment = ? AND sha256 = ? AND state = 'refused'",
        (asked.device, asked.attachment, asked.sha256),
    ).fetchone()
    if row and row[0] in _LASTING:
        raise _LASTING[row[0]](row[1])


def find(db: Database, id: str, device: str, at: datetime) -> Upload:
    """Return an upload of *device*, or raise NoSuchUpload; a refused one raises what it was refused for."""
    row = db.conn.execute(f"SELECT {_COLUMNS} FROM uploads WHERE id = ? AND device = ?", (id, device)).fetchone()
    if row is None or (row[9] == "open" and row[8] < instant_text(at)):
        raise NoSuchUpload("Lần gửi tệp này không còn; gửi lại từ đầu. Hồ sơ vẫn còn nguyên.")
    upload = Upload(*row)
    if upload.state == "refused":
        raise refusal(upload)
    return upload


def refusal(upload: Upload) -> Problem:
    """Return what an upload was refused for."""
    kinds: dict[str, type[Problem]] = {kind.slug: kind for kind in (FileHasLocation, FileKind, FileMismatch)}
    return kinds[upload.slug](upload.words)


def offset(db: Database, folder: Path, upload: Upload, at: datetime) -> int:
    """Return how many bytes are safely here; an upload that is whole and was not looked at yet is taken in first."""
    if upload.state == "done":
        return upload.size
    try:
        size = parts.length(parts.part_of(folder, upload.id))
    except FileNotFoundError:
        size = upload.size  # moved to its place, or lost: taking it in tells which
    if size == upload.size:
        take_in(db, folder, upload, at)
    return size


def go_on(db: Database, folder: Path, upload: Upload, start: int, pieces: Iterable[bytes], at: datetime) -> int:
    """Append *pieces* after *start* bytes, take the file in when it is whole, and return the new offset."""
    if upload.state == "done":
        if start != upload.size:
            raise _not_there(upload.size)
        return upload.size
    try:
        size = parts.add(parts.part_of(folder, upload.id), start, pieces)
    except parts.Moved:
        raise _not_there(offset(db, folder, upload, at)) from None
    except FileNotFoundError:
        raise NoSuchUpload("Lần gửi tệp này không còn; gửi lại từ đầu. Hồ sơ vẫn còn nguyên.") from None
    if size == upload.size:
        take_in(db, folder, upload, at)
    return size


def _not_there(size: int) -> Problem:
    detail = f"Máy chủ đã có {size} byte đầu của tệp; hỏi lại rồi gửi tiếp từ đó."
    return problems.WrongOffset(detail, headers={"Upload-Offset": str(size)})


def take_in(db: Database, folder: Path, upload: Upload, at: datetime) -> None:
    """Look at a whole upload; put it in its place and mark its records, or drop its bytes and raise why.

    May be done twice, and after a crash at any step: the last thing written is the row that says it is done.
    """
    part, final = parts.part_of(folder, upload.id), keeping.path_of(folder, upload.sha256)
    with suppress(FileNotFoundError):  # another request was quicker
        problem = judge(part, upload.sha256, upload.type)
        if problem:
            _refuse(db, part, upload, problem)
            raise problem
        parts.put(part, final)
    with writing(db) as conn:
        if final.exists():
            keeping.note(conn, upload.id, at)
        else:
            conn.execute("DELETE FROM uploads WHERE id = ?", (upload.id,))
    if not final.exists():
        raise NoSuchUpload("Phần tệp đã nhận bị mất; gửi lại từ đầu. Hồ sơ vẫn còn nguyên.")


def _refuse(db: Database, part: Path, upload: Upload, problem: Problem) -> None:
    with writing(db) as conn:
        conn.execute(
            "UPDATE uploads SET state = 'refused', slug = ?, words = ? WHERE id = ?",
            (problem.slug, problem.detail, upload.id),
        )
    part.unlink(missing_ok=True)


def drop(db: Database, folder: Path, upload: Upload) -> None:
    """Forget an upload and the bytes of it that are on their way; a file that is here stays."""
    with writing(db) as conn:
        conn.execute("DELETE FROM uploads WHERE id = ?", (upload.id,))
    parts.part_of(folder, upload.id).unlink(missing_ok=True)


def expire(db: Database, folder: Path, at: datetime) -> int:
    """Forget the uploads that are past their time, and count them; why one was refused is kept."""
    with writing(db) as conn:
        late: list[Any] = conn.execute(
            "DELETE FROM uploads WHERE state <> 'refused' AND expires_at < ? RETURNING id", (instant_text(at),)
        ).fetchall()
    for (id,) in late:
        parts.part_of(folder, id).unlink(missing_ok=True)
    return len(late)
