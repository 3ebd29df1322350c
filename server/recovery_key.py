"""The office's recovery key for laptops: its public text and its two holders are kept here, its halves nowhere."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from schemas.fields import instant_text
from server.store import get_meta, put_meta, writing
from sync.recovery_key import Made, make

_KEPT = "recovery_key"


@dataclass(frozen=True)
class Known:
    """What the office knows of its recovery key: the public text, who holds a half, since when."""

    public: str = ""
    holders: tuple[str, ...] = ()
    made_at: str = ""


def make_key(db: Database, holders: tuple[str, str], at: datetime) -> Made:
    """Make a new recovery key, which laptops get when they are enrolled; its halves are returned once."""
    made = make()
    with writing(db) as conn:
        said = {"public": made.public, "holders": list(holders), "made_at": instant_text(at)}
        put_meta(conn, _KEPT, json.dumps(said, ensure_ascii=False))
    return made


def known(db: Database) -> Known:
    """Return what is known of the key in use."""
    found = get_meta(db.conn, _KEPT)
    said = json.loads(found) if found else {}
    return Known(said["public"], tuple(said["holders"]), said["made_at"]) if said else Known()
