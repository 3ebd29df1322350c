"""At which places something is open, kept beside their visits, so that a list need not work out every place anew.

Whatever changes a visit with findings, or says that one is resolved, marks its place (the triggers of the migration
`places_with_findings`); the marked ones are worked out when a list asks, and kept by whoever sends in the background.
"""

from sqlite_utils import Database

from field_client import findings
from field_client.store import reading, writing

AT_ONCE = 200  # places in a transaction


def places(db: Database) -> frozenset[str]:
    """Return the ids of all places where something is open; of merged records the one that stands for them."""
    with reading(db) as conn:
        together = findings.united(db)  # their findings stand together: these few are worked out each time
        marked = conn.execute("SELECT establishment FROM places_with_findings WHERE open IS NULL").fetchall()
        known = conn.execute("SELECT establishment FROM places_with_findings WHERE open = 1").fetchall()
        found = findings.worked_out(db, (id for [id] in marked))
        return frozenset(id for [id] in known if id not in together).union(found)


def work_out(db: Database) -> None:
    """Work out what is marked, and keep it: a few places at a time, so that nobody waits for it."""
    while _some(db):
        pass


def _some(db: Database) -> bool:
    with writing(db) as conn:
        rows = conn.execute(
            "SELECT establishment FROM places_with_findings WHERE open IS NULL LIMIT ?", (AT_ONCE,)
        ).fetchall()
        marked = [id for [id] in rows]
        found = findings.worked_out(db, marked)
        conn.executemany(
            "UPDATE places_with_findings SET open = ? WHERE establishment = ?",
            [(int(id in found), id) for id in marked],
        )
    return bool(marked)
