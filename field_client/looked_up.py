"""Opening what is known of sanctions at a place: written down for the office, with the purpose, before it is shown."""

from datetime import datetime

from sqlite_utils import Database

from field_client.records import NotValid
from field_client.store import own, writing
from schemas.fields import messages
from schemas.ids import new_id
from schemas.office import EVENTS


def sanctions(db: Database, establishment: str, purpose: str, *, at: datetime) -> None:
    """Write down who opens the sanctions of a place and why, or raise NotValid; it waits to be sent like any record."""
    body = {"establishment": establishment, "what": "sanctions", "purpose": purpose.strip()}
    wrong = messages(EVENTS["access"].validate(body))
    if wrong:
        raise NotValid(wrong)
    with writing(db) as conn:
        own.add(conn, "access", new_id(), body, author=own.author(conn), at=at)
