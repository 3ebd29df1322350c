"""Deputies: a user who acts for another for a time, with the other's role and area, under the own name."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from server.office import state_of

_FOR = " thay "  # between two ids, in the author of what a deputy does


@dataclass(frozen=True)
class Deputy:
    """That *user* acts for *acts_for* on the days from *since* to *until*, both whole."""

    id: str
    user: str
    acts_for: str
    since: str
    until: str
    paper: str
    withdrawn: bool

    def holds_on(self, day: date) -> bool:
        """Say whether it holds on a day of Vietnam."""
        return not self.withdrawn and self.since <= day.isoformat() <= self.until


def every(conn: sqlite3.Connection) -> list[Deputy]:
    """Return all deputies there are and were, the latest first."""
    rows = conn.execute("SELECT id, state FROM things WHERE kind = 'deputy'")
    found = [_read(id, json.loads(state)) for id, state in rows]
    return sorted(found, key=lambda one: (one.since, one.id), reverse=True)


def _read(id: str, state: dict[str, Any]) -> Deputy:
    return Deputy(id, state["user"], state["acts_for"], state["from"], state["to"], state.get("paper") or "",
                  bool(state.get("withdrawn")))  # fmt: skip


def held_by(conn: sqlite3.Connection, user: str, day: date) -> list[Deputy]:
    """Return for whom *user* may act on a day: those whose account is in use."""
    mine = [one for one in every(conn) if one.user == user and one.holds_on(day)]
    return [one for one in mine if _is_in_use(conn, one.acts_for)]


def _is_in_use(conn: sqlite3.Connection, user: str) -> bool:
    account = state_of(conn, "user", user)
    return bool(account) and not (account or {}).get("disabled")


def in_force(conn: sqlite3.Connection, id: str, user: str, day: date) -> Deputy | None:
    """Return the deputy *id* of *user* if it holds on a day, None when it does not any more."""
    return next((one for one in held_by(conn, user, day) if one.id == id), None)


def author(user: str, acts_for: str) -> str:
    """Return who made a change, as its item says it: the own name first, then for whom."""
    return f"{user}{_FOR}{acts_for}"


def account_of(conn: sqlite3.Connection, author: str) -> dict[str, Any] | None:
    """Return the account with whose role and area *author* made a change; None when it is no user."""
    return state_of(conn, "user", author.rpartition(_FOR)[2])


def called(conn: sqlite3.Connection, author: str) -> str:
    """Return who made a change as people are called: “hanh”, “hanh thay binh”, or what a program calls itself."""
    return in_names(author, {id: str((state_of(conn, "user", id) or {"name": id})["name"]) for id in people(author)})


def people(author: str) -> list[str]:
    """Return whose ids stand in an author: who did it, and for whom where it was done for another."""
    return author.split(_FOR)


def in_names(author: str, names: Mapping[str, str]) -> str:
    """Return an author with the names of the ids that stand in it, as far as they are known."""
    return _FOR.join(names.get(id, id) for id in people(author))
