"""Where bundles are handed over, of which laptop one is, and what became of it."""

import sqlite3
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from server.keys import Keys
from server.office import state_of
from sync.errors import BadBundle

_UNKNOWN = "Máy chủ không biết máy của gói này; đăng ký lại máy rồi xuất gói mới."
_RETIRED = "Máy {name} đã ngừng dùng; đăng ký lại máy bằng mã mới, rồi nhận gói này."


@dataclass(frozen=True)
class Handover:
    """The server where bundles are handed over: its database, its keys, its folders of received files and programs."""

    db: Database
    keys: Keys
    files: Path

    @property
    def clients(self) -> Path:
        """The folder of the laptops' program, beside the files."""
        return self.files.with_name("clients")


@dataclass
class Taken:
    """What came in from a stick, and what went back; what is counted here has happened."""

    device: str
    name: str
    batches: int = 0
    standings: Counter[str] = field(default_factory=Counter)
    repeats: int = 0
    unreadable: int = 0
    attachments: int = 0  # files that are here now
    refused: int = 0  # files that were not taken
    pages: int = 0
    parts: int = 0  # of the return
    locked: bool = False
    more: bool = False  # another part of the laptop's bundle follows

    @property
    def items(self) -> int:
        """How many items were answered for."""
        return sum(self.standings.values())

    def as_dict(self) -> dict[str, Any]:
        """Return the counts as a command prints them."""
        keys = ("device", "batches", "items", "repeats", "attachments", "refused", "pages", "locked", "more")
        return {key: getattr(self, key) for key in keys} | {"standings": dict(self.standings)}


def known(conn: sqlite3.Connection, id: str) -> dict[str, Any]:
    """Return the state of a laptop as the door knows it, or refuse one that is not there or out of use."""
    state = state_of(conn, "device", id)
    if state is None or not state.get("public_key") or not state.get("area"):
        raise BadBundle(_UNKNOWN)
    if state.get("retired_on"):
        raise BadBundle(_RETIRED.format(name=state["name"]))
    return {**state, "id": id, "unit": f"{state['epoch']}:{state['area']}"}
