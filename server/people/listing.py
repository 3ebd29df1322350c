"""The accounts of an area as whoever manages them sees them: state, invitation, lock, phone, last use."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from schemas.fields import instant_text
from schemas.text import fold, sort_key
from schemas.units import UnitTree
from server.office import things
from server.pages.areas import inside
from server.people import lockout, second


class Standing(StrEnum):
    """Whether somebody can sign in with an account."""

    IN_USE = "in_use"
    INVITED = "invited"  # no password is set yet, and the invitation is open
    NO_PASSWORD = "no_password"  # nor an invitation that is open
    LOCKED = "locked"  # for a time, after failed tries
    DISABLED = "disabled"


@dataclass(frozen=True)
class Account:
    """One account; *until*: of its invitation or its lock; *used_at*: of the sessions that are open."""

    id: str
    name: str
    role: str
    unit: str
    team: str
    demo: bool
    standing: Standing
    until: str
    second_since: str
    second_missing: bool
    used_at: str


def accounts(conn: sqlite3.Connection, tree: UnitTree, area: str, at: datetime) -> list[Account]:
    """Return the accounts whose area lies in *area*, by name; those that are disabled at the end."""
    known = _Known(conn, at)
    found = [known.account(id, state) for id, state in things(conn, "user").items()]
    mine = [one for one in found if inside(tree, area, one.unit)]
    return sorted(mine, key=lambda one: (one.standing is Standing.DISABLED, sort_key(one.name), one.id))


def account(conn: sqlite3.Connection, id: str, state: dict[str, Any], at: datetime) -> Account:
    """Return one account."""
    return _Known(conn, at).account(id, state)


def chosen(found: list[Account], *, text: str = "", role: str = "", standing: str = "") -> list[Account]:
    """Return those whose name holds *text*, of a role, of a standing; what is empty asks for nothing."""
    wanted = fold(text)
    return [
        one for one in found
        if wanted in fold(one.name) and role in ("", one.role) and standing in ("", one.standing.value)
    ]  # fmt: skip


class _Known:
    """What stands outside the items of accounts, read once for all of them."""

    def __init__(self, conn: sqlite3.Connection, at: datetime) -> None:
        moment = instant_text(at)
        self._passwords = {row[0] for row in conn.execute("SELECT user FROM passwords")}
        self._invited = dict(conn.execute("SELECT user, expires_at FROM invitations WHERE expires_at > ?", (moment,)))
        self._locked = dict(conn.execute("SELECT door, until FROM failures WHERE until > ?", (moment,)))
        self._second = dict(conn.execute("SELECT user, set_up_at FROM second_factors WHERE set_up_at IS NOT NULL"))
        self._used = dict(conn.execute("SELECT user, max(used_at) FROM sessions GROUP BY user"))

    def account(self, id: str, state: dict[str, Any]) -> Account:
        standing, until = self._standing(id, state)
        since = self._second.get(id, "")
        return Account(
            id=id, name=state["name"], role=state["role"], unit=f"{state['epoch']}:{state['area']}",
            team=state.get("team") or "", demo=bool(state.get("demo")), standing=standing, until=until,
            second_since=since, second_missing=not since and second.is_required(state, state["role"]),
            used_at=self._used.get(id, ""),
        )  # fmt: skip

    def _standing(self, id: str, state: dict[str, Any]) -> tuple[Standing, str]:
        locked = self._locked.get(lockout.account(state["name"]), "")
        if state.get("disabled"):
            return Standing.DISABLED, ""
        if id in self._invited:
            return Standing.INVITED, self._invited[id]
        if id not in self._passwords:
            return Standing.NO_PASSWORD, ""
        return (Standing.LOCKED, locked) if locked else (Standing.IN_USE, "")
