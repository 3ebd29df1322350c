"""The imports of an area for programs: what was imported, how far it is and what became of it."""

from typing import Any

from marshmallow import fields

from schemas.fields import Count, Id, Record, Text
from server.api import Caller, read
from server.imports.jobs import latest

MOST = 100


class ImportSchema(Record):
    """One import: uploaded, running, done or failed."""

    id = Id(required=True)
    what = Text(required=True)
    name = Text(required=True)
    state = Text(required=True)
    made_at = Text(required=True)
    heard_at = Text(required=True)
    done_rows = Count(required=True)
    total_rows = Count(required=True, allow_none=True)
    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    problem = Text(required=True)


class ImportsSchema(Record):
    """The latest imports of the own area, the latest first."""

    imports = fields.List(fields.Nested(ImportSchema), required=True)


EXAMPLE_IMPORTS = {"imports": [{
    "id": "018f0000-0000-7000-8000-000000000001", "what": "establishments", "name": "register.csv", "state": "done",
    "made_at": "2026-11-20T03:00:00Z", "heard_at": "2026-11-20T03:00:09Z", "done_rows": 120, "total_rows": 120,
    "counts": {"added": 100, "changed": 10, "same": 8, "bad": 2}, "problem": "",
}]}  # fmt: skip


@read(
    "/imports", "register.import", says="What was imported in the own area, and what became of it.",
    answer=ImportsSchema, example=EXAMPLE_IMPORTS, instead_of=("imports.page", "imports.one", "imports.file"),
)  # fmt: skip
def imports(caller: Caller, asked: dict[str, Any]) -> Any:
    """Answer the latest imports."""
    return {"imports": latest(caller.db, caller.area, MOST)}
