"""From a request to a history: who asks, within which area, and for what purpose."""

from datetime import datetime

from flask import g

from server import web
from server.history import purpose, subjects
from server.history.purpose import Looker
from server.history.reach import area_of
from server.history.subjects import History, Subject
from server.pages.asking import my_area
from server.store import writing


def my_communes() -> frozenset[str]:
    """Return the present communes of the area of who is signed in."""
    return area_of(web.tree(), my_area())


def looker() -> Looker:
    """Return who is signed in, as the log names a person."""
    return Looker(g.user["id"], g.user["role"])


def place(id: str) -> Subject:
    """Return the place *id* of the own area."""
    return subjects.place(web.db().conn, my_communes(), id)


def operator(id: str) -> Subject:
    """Return the operator *id* with a place in the own area."""
    return subjects.operator(web.db().conn, my_communes(), id)


def purpose_for(subject: str, at: datetime) -> str:
    """Return the purpose for which *subject* is open to who is signed in, empty where it must be asked for."""
    return purpose.given(web.db().conn, g.user["id"], subject, at)


def open_for(subject: str, said: str, at: datetime) -> None:
    """Open *subject* for who is signed in, for the purpose *said*, which was found good."""
    with writing(web.db()) as conn:
        purpose.give(conn, g.user["id"], subject, said, at)


def read(subject: Subject, at: datetime) -> History:
    """Read a history that the person may see."""
    return subjects.read(web.db(), web.tree(), subject, my_communes(), at)


def note(subject: Subject, what: str, at: datetime, **detail: object) -> int:
    """Write into the log that *subject* was looked at; return the number of the line."""
    return subjects.note(web.db(), looker(), what, subject, at, **detail)
