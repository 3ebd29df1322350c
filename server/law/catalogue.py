"""The catalogue as it stands here: what came with the program, and the legal officer's versions laid over it."""

import json
import sqlite3
from functools import lru_cache

from schemas.acts import laid_over
from schemas.violations import Catalogue, packaged


def current(conn: sqlite3.Connection) -> Catalogue:
    """Return the catalogue of this database; the versions are few, and what is made of them is kept."""
    rows = conn.execute("SELECT kind, state FROM things WHERE kind IN ('act', 'act_group') ORDER BY seq").fetchall()
    return _made(tuple(rows)) if rows else packaged()


@lru_cache(maxsize=8)
def _made(rows: tuple[tuple[str, str], ...]) -> Catalogue:
    acts = [json.loads(state) for kind, state in rows if kind == "act"]
    groups = [json.loads(state) for kind, state in rows if kind == "act_group"]
    return laid_over(packaged(), acts, groups)
