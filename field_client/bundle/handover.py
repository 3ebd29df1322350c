"""What a laptop needs to hand bundles over."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlite_utils import Database

from field_client.enrolment import own_key
from field_client.settings import Settings
from field_client.store import get_meta
from field_client.store.shelf import Shelf


def history(conn: sqlite3.Connection) -> str:
    """Return the server's history that this laptop knows, empty while it looks for another."""
    return get_meta(conn, "mirror_lineage") or get_meta(conn, "lineage")


@dataclass(frozen=True)
class Handover:
    """A laptop's database, its own key, its files, and the lock under which it sends and fetches."""

    db: Database
    key: Ed25519PrivateKey
    shelf: Shelf
    lock: Path

    @property
    def releases(self) -> Path:
        """The folder of a newer program on its way, beside the lock."""
        return self.lock.with_name("releases")

    @classmethod
    def of(cls, db: Database, settings: Settings) -> "Handover":
        """Put together what lies in one data folder."""
        return cls(db, own_key(db, settings.key), Shelf(db, settings.files), settings.sync_lock)
