"""Whose history is asked for, whether it lies within reach, and reading it for a purpose that the log keeps."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlite_utils import Database

from schemas.units import UnitTree
from server.history import purpose
from server.history.changes import name_of
from server.history.operator import OperatorHistory, history_of_operator
from server.history.place import PlaceHistory, history_of_place
from server.history.purpose import Looker
from server.history.reach import Communes, communes_of, place_is_within, places_of, root_of, units_of
from server.problems import NotAllowed, NotFound
from server.store import reading, writing

History = PlaceHistory | OperatorHistory


@dataclass(frozen=True)
class Subject:
    """Whose history is asked for: the record that stands for it, its name, and the units that own what is known."""

    kind: str
    id: str
    name: str
    units: tuple[str, ...]

    @property
    def key(self) -> str:
        """What it is called in the log."""
        return f"{self.kind}:{self.id}"


def place(conn: sqlite3.Connection, communes: Communes, id: str) -> Subject:
    """Return the place *id*, or raise NotFound, or NotAllowed where it stands outside *communes*."""
    root = root_of(conn, "establishment", id)
    if root is None:
        raise NotFound(_("Không có cơ sở này; tìm lại ở trang Tra cứu."))
    if not place_is_within(conn, communes, root):
        raise NotAllowed(_("Cơ sở này ngoài địa bàn của tài khoản; hỏi người quản trị."))
    return Subject("establishment", root, name_of(conn, "establishment", root), communes_of(conn, root))


def operator(conn: sqlite3.Connection, communes: Communes, id: str) -> Subject:
    """Return the operator *id*, or raise NotFound, or NotAllowed where it never ran a place in *communes*."""
    root = root_of(conn, "operator", id)
    if root is None:
        raise NotFound(_("Không có chủ cơ sở này; tìm lại ở trang Tra cứu."))
    places = places_of(conn, communes, root)
    if not places.here:
        raise NotAllowed(_("Chủ cơ sở này không có cơ sở trong địa bàn của tài khoản; hỏi người quản trị."))
    return Subject("operator", root, name_of(conn, "operator", root), units_of(conn, places.here))


def read(db: Database, tree: UnitTree, subject: Subject, communes: Communes, at: datetime) -> History:
    """Read a history that the person may see, as of one moment."""
    with reading(db) as conn:
        found: History | None
        if subject.kind == "establishment":
            found = history_of_place(conn, tree, subject.id, at)
        else:
            found = history_of_operator(conn, tree, subject.id, communes, at)
    if found is None:
        raise NotFound(_("Không có hồ sơ này; tìm lại ở trang Tra cứu."))
    return found


def note(db: Database, who: Looker, what: str, subject: Subject, at: datetime, **detail: object) -> int:
    """Write into the log that *who* looked at *subject*, for the purpose that holds; return the number of the line."""
    with writing(db) as conn:
        said = purpose.given(conn, who.id, subject.key, at)
        return purpose.note(conn, who, what, subject.key, said, subject.units, at, **detail)
