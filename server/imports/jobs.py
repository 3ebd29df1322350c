"""Imports that a page begins: the file is kept, the work is done in a thread, and a row says how far it is.

Whoever takes such a row writes its sign of life every second. One whose sign is old was cut short;
it is begun again and goes on by the ledger.
"""

import json
import logging
import shutil
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from sqlite_utils import Database

from schemas.fields import instant_text
from schemas.ids import new_id
from server.clock import now
from server.imports.changed import ChangeFile
from server.imports.planning import Planned
from server.imports.reading import BadFile
from server.imports.run import Counts, Progress, import_file
from server.imports.within import Within
from server.jobs.retention import holding
from server.office import state_of
from server.settings import Settings
from server.store import connect, writing

log = logging.getLogger(__name__)
SILENT_FOR = timedelta(seconds=30)  # after which what runs has been cut short
KEPT_FOR = timedelta(days=90)
FILE, ERRORS, CHANGES = "tep", "loi.csv", "thay-doi.csv"
_AGAIN = "Máy chủ gặp lỗi khi nhập; những dòng đã nhập vẫn còn. Bấm “Nhập tiếp”, hoặc báo người quản trị."
_COLUMNS = (
    "id, what, unit, author, name, state, header_map, made_at, heard_at, done_rows, total_rows, counts, problem"
)


@dataclass(frozen=True)
class Run:
    """One import: whose, of what, how far it is and what became of it."""

    id: str
    what: str
    unit: str
    author: str
    name: str
    state: str
    header_map: Mapping[str, str]
    made_at: str
    heard_at: str
    done_rows: int
    total_rows: int | None
    counts: Mapping[str, int]
    problem: str

    def cut_short(self, at: datetime) -> bool:
        """Say whether it runs by its row, and nobody has heard of it for a while."""
        return self.state == "running" and self.heard_at < instant_text(at - SILENT_FOR)


@dataclass(frozen=True)
class Area:
    """Where who imports may write: the unit itself, its present communes, the keys that lead to them."""

    unit: str
    communes: frozenset[str]
    units: frozenset[str]


def folder(settings: Settings, id: str) -> Path:
    """Return where the files of an import lie."""
    return settings.data / "imports" / id


def keep(settings: Settings, db: Database, what: str, area: Area, given: tuple[str, BinaryIO], author: str) -> str:
    """Keep an uploaded file, name and stream, to be looked at before it is imported; old ones are let go."""
    id, at = new_id(), now()
    name, stream = given
    place = folder(settings, id)
    place.mkdir(parents=True)
    with (place / FILE).open("wb") as file:
        shutil.copyfileobj(stream, file)
    with writing(db) as conn:
        conn.execute(
            "INSERT INTO import_runs (id, what, unit, author, name, state, header_map, made_at, heard_at, done_rows,"
            " total_rows, counts, problem) VALUES (?, ?, ?, ?, ?, 'uploaded', '{}', ?, ?, 0, NULL, '{}', '')",
            (id, what, area.unit, author, name[:200], instant_text(at), instant_text(at)),
        )
    _let_go(settings, db, at)
    return id


def _let_go(settings: Settings, db: Database, at: datetime) -> None:
    if holding(db.conn, "import_files"):
        return
    old = instant_text(at - KEPT_FOR)
    rows = db.conn.execute("SELECT id FROM import_runs WHERE made_at < ? AND state <> 'running'", (old,)).fetchall()
    for (id,) in rows:
        drop(settings, db, id)


def drop(settings: Settings, db: Database, id: str) -> None:
    """Forget an import and its files; what it made stays."""
    shutil.rmtree(folder(settings, id), ignore_errors=True)
    with writing(db) as conn:
        conn.execute("DELETE FROM import_runs WHERE id = ?", (id,))


def find(db: Database, id: str) -> Run | None:
    """Return one import."""
    row = db.conn.execute(f"SELECT {_COLUMNS} FROM import_runs WHERE id = ?", (id,)).fetchone()
    return _run(row) if row else None


def latest(db: Database, unit: str, most: int) -> list[Run]:
    """Return the imports of an area, the latest first."""
    rows = db.conn.execute(
        f"SELECT {_COLUMNS} FROM import_runs WHERE unit = ? ORDER BY made_at DESC, id DESC LIMIT ?", (unit, most)
    )
    return [_run(row) for row in rows.fetchall()]


def _run(row: tuple[object, ...]) -> Run:
    cells = dict(zip(_COLUMNS.split(", "), row, strict=True))
    cells |= {name: json.loads(str(cells[name])) for name in ("header_map", "counts")}
    return Run(**cells)  # type: ignore[arg-type]  # the columns are those of the class


def choose(db: Database, id: str, header_map: Mapping[str, str]) -> None:
    """Keep which header is which column."""
    with writing(db) as conn:
        conn.execute(
            "UPDATE import_runs SET header_map = ? WHERE id = ? AND state = 'uploaded'",
            (json.dumps(dict(header_map), ensure_ascii=False), id),
        )


def begin(settings: Settings, db: Database, id: str, area: Area) -> bool:
    """Begin an import, or go on with one that was cut short; False when somebody else has."""
    at = now()
    with writing(db) as conn:
        taken = conn.execute(
            "UPDATE import_runs SET state = 'running', heard_at = ?, problem = '' WHERE id = ?"
            " AND (state IN ('uploaded', 'failed') OR (state = 'running' AND heard_at < ?))",
            (instant_text(at), id, instant_text(at - SILENT_FOR)),
        ).rowcount
    if taken:
        threading.Thread(target=work, args=(settings, id, area), name=f"import {id}", daemon=True).start()
    return bool(taken)


def work(settings: Settings, id: str, area: Area) -> None:
    """Do an import from its first row to its last, on a connection of its own, and note what became of it."""
    db = connect(settings.database)
    try:
        run = find(db, id)
        if run is None:
            return
        counts = _import(settings, db, run, area)
        said = {"added": counts.added, "changed": counts.changed, "same": counts.same, "bad": counts.bad}
        _note(db, id, "done", counts=json.dumps(said))
        (folder(settings, id) / FILE).unlink(missing_ok=True)  # what it said stands in the register now
    except BadFile as error:
        _note(db, id, "failed", problem=str(error))
    except Exception:
        log.exception("Import %s was cut short", id)
        _note(db, id, "failed", problem=_AGAIN)
    finally:
        db.close()


def _import(settings: Settings, db: Database, run: Run, area: Area) -> Counts:
    place = folder(settings, run.id)
    changes = ChangeFile(place / CHANGES, key_of, lambda kind, id: _name(db, kind, id))
    try:
        return import_file(
            db, run.what, place / FILE, author=run.author, at=now(), header_map=run.header_map, errors=place / ERRORS,
            progress=_progress(db, run.id), within=Within(db.conn, area.communes, area.units), each=changes.add,
        )  # fmt: skip
    finally:
        changes.close()


def _name(db: Database, kind: str, id: str) -> str:
    return str((state_of(db.conn, kind, id) or {}).get("name") or id)


def key_of(planned: Planned) -> str:
    """Return by which code or number a row is known."""
    cells = planned.row.cells
    return cells.get("code") or cells.get("number") or ""


def _progress(db: Database, id: str) -> Progress:
    """Return what tells how far an import is: a sign of life in its row, at most once a second."""
    told = 0.0

    def tell(done: int, total: int | None) -> None:
        nonlocal told
        if time.monotonic() - told < 1:
            return
        told = time.monotonic()
        with writing(db) as conn:
            conn.execute(
                "UPDATE import_runs SET done_rows = ?, total_rows = ?, heard_at = ? WHERE id = ?",
                (done, total, instant_text(now()), id),
            )

    return tell


def _note(db: Database, id: str, state: str, *, counts: str = "{}", problem: str = "") -> None:
    with writing(db) as conn:
        conn.execute(
            "UPDATE import_runs SET state = ?, counts = ?, problem = ?, heard_at = ? WHERE id = ?",
            (state, counts, problem, instant_text(now()), id),
        )
