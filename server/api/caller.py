"""Who reads, and what a read may use: the database, the units, the moment."""

import sqlite3
from dataclasses import dataclass
from datetime import date, datetime

from sqlite_utils import Database

from schemas.units import UnitTree
from server.clock import local_day


@dataclass(frozen=True)
class Caller:
    """The account that a session or a token stands for. *area* is the key of its unit, epoch:code."""

    db: Database
    tree: UnitTree
    id: str
    name: str
    role: str
    area: str
    at: datetime
    token: str = ""  # the id of the access token; empty where a browser reads

    @property
    def conn(self) -> sqlite3.Connection:
        """The connection of this request; a read that asks twice opens `reading(caller.db)` itself."""
        return self.db.conn

    @property
    def today(self) -> date:
        """The day in Vietnam."""
        return local_day(self.at)
