"""The catalogue as this laptop knows it: what came with the program, and the office's versions laid over it."""

import json
import sqlite3
from functools import lru_cache

from schemas.acts import laid_over
from schemas.violations import Catalogue, packaged


def current(conn: sqlite3.Connection) -> Catalogue:
    """Return the catalogue with every version that the server has told of, in the server's order."""
    rows = conn.execute(
        "SELECT kind, state FROM things WHERE kind IN ('act', 'act_group') AND gone = 0 ORDER BY pos"
    ).fetchall()
    return _made(tuple(rows)) if rows else packaged()


@lru_cache(maxsize=4)
def _made(rows: tuple[tuple[str, str], ...]) -> Catalogue:
    acts = [json.loads(state) for kind, state in rows if kind == "act"]
    groups = [json.loads(state) for kind, state in rows if kind == "act_group"]
    return laid_over(packaged(), acts, groups)
