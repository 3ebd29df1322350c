"""The code that this laptop prints on minutes, and the key that signs it."""

import sqlite3

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlite_utils import Database

from field_client.enrolment import own_key
from field_client.settings import Settings
from field_client.store import get_meta
from field_client.store.visits import Revision
from schemas.minutes_code import Minutes, link, short_of, sign


def code_of(db: Database, settings: Settings, revision: Revision) -> str:
    """Return the text of the square on the paper of a finalised *revision*, a link where the address is public.

    Whoever made the revision, this laptop signs: that it held this very text, finalised, when it printed. So a paper
    printed again by the office's PC or another team is proven like the first.
    """
    code = sign(_minutes(db.conn, revision), signing_key(db, settings).sign)
    return link(code, get_meta(db.conn, "address"))


def short_code_of(revision: Revision) -> str:
    """Return the digits that stand below the square, for hands."""
    return short_of(revision.name).text()


def signing_key(db: Database, settings: Settings) -> Ed25519PrivateKey:
    """Return this laptop's key; minutes come by it here and nowhere else."""
    return own_key(db, settings.key)


def _minutes(conn: sqlite3.Connection, revision: Revision) -> Minutes:
    row = conn.execute(
        "SELECT id FROM own WHERE name = :name UNION ALL SELECT id FROM revisions WHERE name = :name LIMIT 1",
        {"name": revision.name},
    ).fetchone()
    body = revision.body
    return Minutes(row[0], body.get("revision", 1), body["date"], revision.name, get_meta(conn, "device"))
