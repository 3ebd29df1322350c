"""Who looked a visit up without working on it: a line in the log, under the place and for the purpose given there."""

from datetime import datetime

from sqlite_utils import Database

from server.history import purpose
from server.history.purpose import Looker
from server.rights import LEGAL, POLICE
from server.store import writing


def note(db: Database, who: Looker, establishment: str, visit: str, at: datetime) -> None:
    """Write down that police or legal opened a visit; for those who review, write papers or made it, it is work."""
    if who.role not in (POLICE, LEGAL):
        return
    subject = f"establishment:{establishment}"
    with writing(db) as conn:
        rows = conn.execute("SELECT commune FROM placements WHERE establishment = ?", (establishment,)).fetchall()
        why = purpose.given(conn, who.id, subject, at)
        purpose.note(conn, who, purpose.OPENED, subject, why, {row[0] for row in rows}, at, visit=visit)
