"""The doors that are no reads, described: laptops, files, the program, minutes, the server's health."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from server import problems as p
from server.api.problems import responses

GZIP = {"type": "string", "contentMediaType": "application/gzip"}
BYTES = {"type": "string", "contentMediaType": "application/octet-stream"}
TEXT: dict[str, Any] = {"type": "string"}
NUMBER = {"type": "integer", "minimum": 0}
Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Door:
    """One operation. *answer* is (status, media type or none, schema); *device* says whether a laptop must call."""

    endpoint: str
    method: str
    path: str
    says: str
    answer: tuple[int, str, Schema]
    body: tuple[str, Schema] | None = None
    parameters: tuple[dict[str, Any], ...] = ()
    problems: tuple[type[p.Problem], ...] = ()
    device: bool = True
    pages: bool = False  # answers people: refusals are pages
    headers: Mapping[str, str] = field(default_factory=dict)  # of the answer, and what each says


def header(name: str, says: str, schema: Schema = TEXT, *, needed: bool = False) -> dict[str, Any]:
    """Describe a header of a request."""
    return {"in": "header", "name": name, "description": says, "schema": dict(schema), "required": needed}


def query(name: str, says: str, schema: Schema = TEXT, *, needed: bool = False) -> dict[str, Any]:
    """Describe a word of a query."""
    return {"in": "query", "name": name, "description": says, "schema": dict(schema), "required": needed}


def thing(**properties: Any) -> dict[str, Any]:
    """Describe an object that has all of *properties*."""
    return {"type": "object", "properties": properties, "required": [*properties]}


REPORT = header("Doi178-Report", "How many drafts and unsent items the laptop has left (docs/sync.md, 13).")
TUS = header("Tus-Resumable", "The version of the protocol.", {"type": "string", "enum": ["1.0.0"]}, needed=True)
LENGTH = header("Upload-Length", "Bytes of the whole file.", NUMBER, needed=True)
OFFSET = header("Upload-Offset", "The byte from which this chunk goes on.", NUMBER, needed=True)
METADATA = header("Upload-Metadata", "attachment, sha256 and type, in base64.", needed=True)
CHECKSUM = header("Upload-Checksum", "sha256 or sha1 of this chunk, in base64.")
TOLD = {"Upload-Offset": "Bytes that are here.", "Upload-Expires": "When the upload is forgotten."}
CHUNK = ("application/offset+octet-stream", BYTES)
FILE = (p.OtherTusVersion, p.InvalidInput)
MORE = (p.WrongOffset, p.WrongChecksum, p.FileTooLarge, p.FileKind, p.FileMismatch, p.FileHasLocation, p.Problem)
CODE = thing(code=TEXT, name=TEXT, public_key=TEXT, proof=TEXT)
ENROLLED = thing(device=TEXT, credential=TEXT, name=TEXT, area=TEXT)
NAMES = "application/vnd.doi178.names+gzip"

DOORS: tuple[Door, ...] = (
    Door("door.enrol", "post", "/api/v1/enrol", "Let a laptop in with its code (docs/sync.md, 12).",
         (200, "application/json", ENROLLED), ("application/json", CODE),
         problems=(p.InvalidInput, p.BadEnrolmentCode, p.TooManyTries), device=False),
    Door("door.receive_batch", "post", "/api/v1/batches", "Send a batch of items (docs/sync.md, 4 and 5).",
         (200, "application/vnd.doi178.reply+gzip", GZIP), ("application/vnd.doi178.batch+gzip", GZIP), (REPORT,),
         (p.UnreadableBody,)),
    Door("door.changes", "get", "/api/v1/changes", "Get the next page after a cursor (docs/sync.md, 10).",
         (200, "application/vnd.doi178.page+gzip", GZIP), None,
         (query("after", "The cursor; left out, from the beginning."), REPORT),
         (p.OtherHistory, p.OtherScope, p.RevokedDevice)),
    Door("door.key", "get", "/api/v1/key", "How the server's TLS key has moved, each new one signed by the one before.",
         (200, "application/json", thing(moves={"type": "array", "items": {"type": "object"}})), device=False),
    Door("door.reconcile", "post", "/api/v1/reconcile", "Compare by name what a laptop made (docs/sync.md, 10.1).",
         (200, NAMES, GZIP), (NAMES, GZIP), problems=(p.UnreadableBody,)),
    Door("door.own_items", "get", "/api/v1/own", "Get back what a laptop made (docs/sync.md, 10.2).",
         (200, "application/vnd.doi178.own+gzip", GZIP), None,
         (query("after", "The last sequence that is known.", {"type": "integer", "minimum": 0, "maximum": 10**17}),),
         (p.InvalidInput, p.RevokedDevice)),
    Door("clients.offered", "get", "/api/v1/client", "The newest release of the laptops' program, signed.",
         (200, "application/json", thing(release={"type": ["object", "null"]})), None,
         (query("platform", "The kind of machine, as the release names it."),), (p.RevokedDevice,)),
    Door("clients.part", "get", "/api/v1/client/{sha256}", "One piece of a release.",
         (200, "application/octet-stream", BYTES), None, (query("piece", "Its number, from 0.", NUMBER, needed=True),),
         (p.NotFound, p.InvalidInput, p.RevokedDevice)),
    Door("files.ask", "options", "/api/v1/files", "What the files' door can do (tus 1.0).",
         (204, "", {}), device=False,
         headers={"Tus-Version": "1.0.0", "Tus-Extension": "Its extensions.", "Tus-Max-Size": "Bytes."}),
    Door("files.begin", "post", "/api/v1/files", "Begin to send a photo or a scan (docs/sync.md, 15).",
         (201, "", {}), CHUNK, (TUS, LENGTH, METADATA, CHECKSUM), (*FILE, *MORE, p.NoSuchRecord),
         headers=TOLD | {"Location": "Where it goes on."}),
    Door("files.how_far", "head", "/api/v1/files/{id}", "How many bytes of an upload are here.",
         (200, "", {}), None, (TUS,), (*FILE, p.NoSuchUpload, p.RevokedDevice), headers=TOLD),
    Door("files.go_on", "patch", "/api/v1/files/{id}", "Send further bytes of an upload.",
         (204, "", {}), CHUNK, (TUS, OFFSET, CHECKSUM), (*FILE, *MORE, p.NoSuchUpload), headers=TOLD),
    Door("files.stop", "delete", "/api/v1/files/{id}", "Forget an upload.",
         (204, "", {}), None, (TUS,), (*FILE, p.NoSuchUpload)),
    Door("verification.ask", "get", "/v", "The form for a code on printed minutes.",
         (200, "text/html", TEXT), device=False, pages=True),
    Door("verification.take", "post", "/v", "Lead a code that was typed to its own address.",
         (303, "text/html", TEXT), ("application/x-www-form-urlencoded", thing(ma=TEXT)), (), (p.InvalidInput,),
         device=False, pages=True),
    Door("verification.show", "get", "/v/{code}", "What a code on printed minutes proves: one of four answers.",
         (200, "text/html", TEXT), problems=(p.InvalidInput, p.NotFound, p.TooManyTries), device=False, pages=True),
    Door("health.healthz", "get", "/healthz", "200 when the server is ready; `lineage` is the name of its history.",
         (200, "application/json", thing(lineage=TEXT)), device=False),
)  # fmt: skip


def operation(door: Door) -> dict[str, Any]:
    """Describe *door* as OpenAPI does."""
    status, media, schema = door.answer
    answer: dict[str, Any] = {"description": "Done." if not media else "The answer."}
    if media:
        answer["content"] = {media: {"schema": dict(schema)}}
    if door.headers:
        answer["headers"] = {name: {"description": says, "schema": TEXT} for name, says in door.headers.items()}
    refusals = responses([*door.problems, p.TooBusy, p.ServerFault, *((p.UnknownDevice,) if door.device else ())])
    said: dict[str, Any] = {
        "operationId": door.endpoint.replace(".", "_"),
        "summary": door.says,
        "tags": [door.endpoint.partition(".")[0]],
        "parameters": [*_in_path(door.path), *door.parameters],
        "security": [{"device": []}] if door.device else [],
        "responses": {str(status): answer} | (_as_pages(refusals) if door.pages else refusals),
    }
    if door.body:
        said["requestBody"] = {"content": {door.body[0]: {"schema": dict(door.body[1])}}}
    return said


def _in_path(path: str) -> list[dict[str, Any]]:
    names = [part.strip("{}") for part in path.split("/") if part.startswith("{")]
    return [{"in": "path", "name": name, "required": True, "schema": TEXT} for name in names]


def _as_pages(refusals: dict[str, Any]) -> dict[str, Any]:
    return {status: said | {"content": {"text/html": {"schema": TEXT}}} for status, said in refusals.items()}
