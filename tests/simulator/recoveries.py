"""Stores that are lost and come back from old copies: the server with a new history, a laptop with a new run.

What stood only on a store that was destroyed is listed, and at the end exactly that is missing.
"""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlcipher3 import dbapi2

import field_client.store.base as field_store
import server.store as server_store
from field_client.recovery import take_new_run
from field_client.store import get_meta
from server.arrivals import feed
from server.office import state_of
from server.recovery.restore import begin_again
from server.settings import Settings
from server.store import put_meta, writing
from tests.simulator.ends import CentralEnd, LaptopEnd

if TYPE_CHECKING:
    from tests.simulator.engine import Schedule


def _copy(source: Path, target: Path, library: Any = sqlite3) -> None:
    """Copy a database through the library that has it open: a second one in this process would drop its locks."""
    target.unlink(missing_ok=True)
    with closing(library.connect(str(source))) as one, closing(library.connect(str(target))) as other:
        one.backup(other)


def _put_back(copy: Path, file: Path) -> None:
    for suffix in ("-wal", "-shm"):
        Path(f"{file}{suffix}").unlink(missing_ok=True)
    shutil.copy(copy, file)


def server_is_copied(run: "Schedule") -> None:
    """Last night's backup, on another disk: it holds everything up to here."""
    _copy(run.central.file, run.central.file.with_name("last-night.db"))
    with writing(run.central.db) as conn:
        (last,) = conn.execute("SELECT coalesce(max(seq), 0) FROM arrivals").fetchone()
        put_meta(conn, "safe_to", last)


def server_restored(run: "Schedule") -> None:
    """The server's disk is lost, and last night's backup takes its place."""
    central = run.central
    copy = central.file.with_name("last-night.db")
    if not copy.exists():
        run.count("server_restored without a copy")
        return
    entries = _journal(central, run.at.isoformat())
    central.db.conn.left = None
    central.db.close()
    _put_back(copy, central.file)
    feed.unit_tree.__globals__["_trees"].pop(str(central.file), None)
    db = server_store.connect(central.file)
    begin_again(db, Settings(central.file.parent), entries, run.at)
    db.close()
    central.reopen()
    run.count("server restored")
    _list_what_is_lost(run)
    weather, run.weather.bad, run.weather.dies = (run.weather.bad, run.weather.dies), 0.0, 0.0  # it may be amid a sync
    for laptop in run.laptops:
        before, state = laptop.line.device, state_of(central.conn, "device", laptop.line.device)
        if state is None:  # enrolled since, or for another area then: the office lets it in again
            run.count("enrolled again under its old id")
        if state is None or f"{state['epoch']}:{state['area']}" != laptop.area:
            laptop.enrols(central, laptop.area)
            assert laptop.line.device == before, "it is another laptop now"
    run.weather.bad, run.weather.dies = weather


def _journal(central: CentralEnd, at: str) -> list[dict[str, Any]]:
    """Return what is kept beside the backups: which laptops are locked, what was erased."""
    devices = central.all("SELECT id, state FROM things WHERE kind = 'device'")
    locked = [id for id, state in devices if json.loads(state).get("revoked_on")]
    erased = central.all("SELECT name FROM items WHERE standing = 'erased'")
    return [
        *({"do": "revoke", "device": id, "at": at} for id in locked),
        *({"do": "erase", "item": name, "ground": "x", "keep_rest": True, "at": at} for (name,) in erased),
    ]


def laptop_is_copied(run: "Schedule", laptop: LaptopEnd) -> None:
    """Somebody makes a backup of a laptop."""
    _copy(laptop.folder / "field.db", laptop.folder / "copy.db", dbapi2)


def laptop_restored(run: "Schedule", laptop: LaptopEnd) -> None:
    """A laptop falls into the water, and a new one takes its backup."""
    copy = laptop.folder / "copy.db"
    if not copy.exists():
        run.count("laptop_restored without a copy")
        return
    laptop.remember()
    laptop.db.conn.left = None
    laptop.db.close()
    _put_back(copy, laptop.folder / "field.db")
    db = field_store.connect(laptop.folder / "field.db")
    take_new_run(db)
    moved = get_meta(db.conn, "area") != laptop.area
    laptop.typed = {row[0] for row in db.conn.execute("SELECT id FROM drafts")}
    laptop.finishing, laptop.restored = None, True
    db.close()
    laptop.reopen()
    laptop.line.late.clear()  # they were on their way from a laptop that is no more
    laptop.line.pages.clear()  # known: a page does not say where it begins, and this copy may be before that
    run.count("laptop restored")
    _list_what_is_lost(run)
    if moved:  # it was handed to another team since: its copy is of the area before
        laptop.enrols(run.central, laptop.area)


def _list_what_is_lost(run: "Schedule") -> None:
    """Note of each laptop what it finished and no store holds any more."""
    there = {row[0] for row in run.central.all("SELECT name FROM items")}
    for laptop in run.laptops:
        here = {row[0] for row in laptop.all("SELECT name FROM own WHERE length(line) > 0")}
        laptop.lost = laptop.finished.keys() - there - here
        run.counted["items lost with a store"] = sum(len(one.lost) for one in run.laptops)


AT_A_LAPTOP: tuple[tuple[Callable[["Schedule", LaptopEnd], None], int], ...] = (
    (laptop_is_copied, 2), (laptop_restored, 2),
)  # fmt: skip
AT_THE_OFFICE: tuple[tuple[Callable[["Schedule"], None], int], ...] = ((server_is_copied, 3), (server_restored, 2))
