"""Every record this laptop holds, with its standing, as JSON lines: the one shape that both ends write."""

import json
import sqlite3
from collections.abc import Iterator

from field_client.store.places import views
from field_client.store.visits import revisions


def export(conn: sqlite3.Connection) -> Iterator[str]:
    """Write records of files, establishments, inspections (every revision), operators, teams, drafts, each by id.

    When all is settled this is the server's `export --scope` of this laptop, drafts apart.
    """
    yield from _attachments(conn)
    yield from _register(conn, "establishment")
    ids = conn.execute(
        "SELECT id FROM revisions UNION SELECT id FROM own WHERE kind = 'inspection' ORDER BY id"
    ).fetchall()
    for (id,) in ids:
        yield from sorted(write("inspection", id, one.standing, one.body) for one in revisions(conn, id))
    yield from _register(conn, "operator")
    for id, state in conn.execute("SELECT id, state FROM things WHERE kind = 'team' AND gone = 0 ORDER BY id"):
        yield write("team", id, "accepted", json.loads(state))
    for id, establishment, fields in conn.execute("SELECT id, establishment, fields FROM drafts ORDER BY id"):
        yield write("draft", id, "draft", json.loads(fields) | {"establishment": establishment})


def _attachments(conn: sqlite3.Connection) -> Iterator[str]:
    """Write the records of files that were made here; one whose bytes were erased has nothing to say."""
    rows = conn.execute(
        "SELECT id, coalesce(standing, 'waiting'), line FROM own WHERE kind = 'attachment' ORDER BY id, name"
    )
    for id, standing, line in rows:
        if line and standing != "erased":
            yield write("attachment", id, standing, json.loads(line)["body"])


def write(kind: str, id: str, standing: str, body: object) -> str:
    """Write one line; keys of the body are sorted, so that two ends can be compared with diff."""
    row = {"kind": kind, "id": id, "standing": standing, "body": body}
    return json.dumps(row, ensure_ascii=False, sort_keys=True)


def _register(conn: sqlite3.Connection, kind: str) -> Iterator[str]:
    """Write the local view of each thing of *kind*.

    What the server took in and does not send to this area (an operator without a place) is left out.
    """
    rows = conn.execute(
        "SELECT id FROM things WHERE kind = ?1 AND gone = 0"
        " UNION SELECT id FROM own WHERE kind = ?1 AND NOT (coalesce(standing, '') = 'accepted' AND mirrored = 1)"
        " ORDER BY id",
        (kind,),
    )
    ids = [row[0] for row in rows]
    for first in range(0, len(ids), 1000):
        some = ids[first : first + 1000]
        seen = views(conn, kind, some)
        yield from (write(kind, id, seen[id].standing, state) for id in some if (state := seen[id].state) is not None)
