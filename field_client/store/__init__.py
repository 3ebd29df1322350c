"""The laptop's store: one SQLite file that holds all a team made and its copy of the area.

Where to find what, for whoever builds pages or commands on it:
`base` opens and writes · `field_client.drafts` what is typed · `field_client.records` what is finished,
and register edits · `field_client.search` lists · `field_client.places`, `field_client.visits` one thing each ·
`field_client.rounds` tonight's outing · `field_client.status` what waits · `field_client.syncing` the line.
`own`, `outbox`, `mirror`, `places`, `visits` in this folder are the insides of those.
"""

from field_client.store.base import (
    DatabaseError,
    Error,
    IntegrityError,
    Newer,
    OperationalError,
    connect,
    files_key,
    get_meta,
    open_store,
    put_meta,
    reading,
    writing,
    writing_unhurried,
)

__all__ = [
    "DatabaseError", "Error", "IntegrityError", "Newer", "OperationalError", "connect", "files_key", "get_meta",
    "open_store", "put_meta", "reading", "writing", "writing_unhurried",
]  # fmt: skip
