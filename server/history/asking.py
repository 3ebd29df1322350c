"""From a request to a history: whose it is, whether it lies in the own area, and for what purpose it is opened."""

from dataclasses import dataclass
from datetime import datetime

from flask import g
from flask_babel import gettext as _

from server import web
from server.history import purpose
from server.history.changes import name_of
from server.history.operator import OperatorHistory, history_of_operator
from server.history.place import PlaceHistory, history_of_place
from server.history.purpose import Looker
from server.history.reach import area_of, communes_of, place_is_within, places_of, root_of, units_of
from server.pages.asking import my_area
from server.problems import NotAllowed, NotFound
from server.store import reading, writing


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


def my_communes() -> frozenset[str]:
    """Return the present communes of the area of who is signed in."""
    return area_of(web.tree(), my_area())


def looker() -> Looker:
    """Return who is signed in, as the log names a person."""
    return Looker(g.user["id"], g.user["role"])


def place(id: str) -> Subject:
    """Return the place *id*, or raise NotFound, or NotAllowed where it stands elsewhere."""
    conn = web.db().conn
    root = root_of(conn, "establishment", id)
    if root is None:
        raise NotFound(_("Không có cơ sở này; tìm lại ở trang Tra cứu."))
    if not place_is_within(conn, my_communes(), root):
        raise NotAllowed(_("Cơ sở này ngoài địa bàn của tài khoản; hỏi người quản trị."))
    (name,) = conn.execute("SELECT name FROM establishments WHERE id = ?", (root,)).fetchone()
    return Subject("establishment", root, name, communes_of(conn, root))


def operator(id: str) -> Subject:
    """Return the operator *id*, or raise NotFound, or NotAllowed where it never ran a place in the area."""
    conn = web.db().conn
    root = root_of(conn, "operator", id)
    if root is None:
        raise NotFound(_("Không có chủ cơ sở này; tìm lại ở trang Tra cứu."))
    places = places_of(conn, my_communes(), root)
    if not places.here:
        raise NotAllowed(_("Chủ cơ sở này không có cơ sở trong địa bàn của tài khoản; hỏi người quản trị."))
    return Subject("operator", root, name_of(conn, "operator", root), units_of(conn, places.here))


def purpose_for(subject: str, at: datetime) -> str:
    """Return the purpose for which *subject* is open to who is signed in, empty where it must be asked for."""
    return purpose.given(web.db().conn, g.user["id"], subject, at)


def open_for(subject: str, said: str, at: datetime) -> None:
    """Open *subject* for who is signed in, for the purpose *said*, which was found good."""
    with writing(web.db()) as conn:
        purpose.give(conn, g.user["id"], subject, said, at)


def read(subject: Subject, at: datetime) -> PlaceHistory | OperatorHistory:
    """Read a history that the person may see."""
    tree, communes = web.tree(), my_communes()
    with reading(web.db()) as conn:
        if subject.kind == "establishment":
            found: PlaceHistory | OperatorHistory | None = history_of_place(conn, tree, subject.id, at)
        else:
            found = history_of_operator(conn, tree, subject.id, communes, at)
    if found is None:
        raise NotFound(_("Không có hồ sơ này; tìm lại ở trang Tra cứu."))
    return found


def note(subject: Subject, what: str, at: datetime, **detail: object) -> int:
    """Write into the log that *subject* was looked at; return the number of the line."""
    with writing(web.db()) as conn:
        said = purpose.given(conn, g.user["id"], subject.key, at)
        return purpose.note(conn, looker(), what, subject.key, said, subject.units, at, **detail)
