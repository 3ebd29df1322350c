"""The OpenAPI document: made of what is registered, never written by hand."""

from functools import cache
from importlib.metadata import version
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import fields

from schemas.fields import Choice, Clock, CodeMap, Day, Id, Text, Truth, Versions
from server.access import EVERYBODY
from server.api.doors import DOORS, operation
from server.api.problems import ANY, responses
from server.api.questions import Flag, InArea
from server.api.reads import READS, Read
from server.problems import BadToken, InvalidInput, NotAllowed, NotFound, SignInFirst
from server.rights import RIGHTS

PREFIX = "/api/v1"
ABOUT = """\
What the office's pages show, for programs: with the same rights, of the same area.

Call with the session of a signed-in browser, or with an access token made at /tai-khoan/ma-truy-cap.
Days are YYYY-MM-DD in Vietnam, instants are UTC. A unit is epoch:code, epoch `old` to 30 June 2025, `new` after.
A word that is not described is refused. Keys may be added to answers; none is renamed or taken away.
"""
SESSION = {
    "session": {"type": "apiKey", "in": "cookie", "name": "doi178", "description": "A signed-in browser."},
    "token": {"type": "http", "scheme": "bearer", "description": "A personal access token: read only."},
    "device": {"type": "http", "scheme": "bearer", "description": "The credential of an enrolled laptop."},
}
TYPES: dict[type[fields.Field[Any]], dict[str, Any]] = {
    Day: {"type": "string", "format": "date"},
    Clock: {"type": "string", "pattern": r"^(([01]\d|2[0-3]):[0-5]\d)?$"},
    CodeMap: {"type": "object", "additionalProperties": {"type": "string"}},
    Versions: {"type": "object", "additionalProperties": {"type": "integer"}},
    Truth: {"type": "boolean"},
    Flag: {"type": "boolean"},
    Choice: {"type": "string"},
}


@cache
def document() -> dict[str, Any]:
    """Return the document; it is the same as long as the program runs."""
    plugin = MarshmallowPlugin()
    spec = APISpec(
        title="Doi178", version=version("doi178"), openapi_version="3.1.0", plugins=[plugin],
        info={"description": ABOUT, "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
    )  # fmt: skip
    assert plugin.converter is not None  # APISpec has given it one
    plugin.converter.add_attribute_function(_described)
    for name, scheme in SESSION.items():
        spec.components.security_scheme(name, scheme)
    for one in sorted(READS.values(), key=lambda one: one.path):
        spec.path(PREFIX + _braces(one.path), operations={"get": _operation(one)})
    for door in DOORS:
        spec.path(door.path, operations={door.method: operation(door)})
    spec.path(f"{PREFIX}/openapi.json", operations={"get": _itself()})
    found = spec.to_dict()
    for path in found["paths"].values():
        for described in path.values():
            for parameter in described["parameters"]:
                _without_null(parameter["schema"])
    return found


def _without_null(schema: dict[str, Any]) -> None:
    """A word of a query stands there or does not; that it loads as None is our affair."""
    if schema.get("default", "") is None:
        del schema["default"]
    if isinstance(schema.get("type"), list):
        schema["type"] = next(kind for kind in schema["type"] if kind != "null")
    if "enum" in schema:
        schema["enum"] = [value for value in schema["enum"] if value is not None]


def _braces(path: str) -> str:
    parts = path.split("/")
    return "/".join(f"{{{p.strip('<>').rpartition(':')[2]}}}" if p.startswith("<") else p for p in parts)


def _operation(one: Read) -> dict[str, Any]:
    free = one.act == EVERYBODY
    possible = [*ANY, *one.problems]
    possible += [BadToken] if free else [BadToken, SignInFirst, NotAllowed]
    possible += [NotFound] if one.paths else []
    query = [{"in": "query", "schema": one.question}]
    path = [{"in": "path", "name": name, "required": True, "schema": {"type": "string"}} for name in one.paths]
    content = {"application/json": {"schema": one.answer, "example": one.example}}
    return {
        "operationId": one.name,
        "summary": one.says,
        "tags": [one.path.split("/")[1]],
        "description": _who(one),
        "parameters": path + query,
        "security": [] if free else [{"session": []}, {"token": []}],
        "responses": {"200": {"description": "The answer.", "content": content}} | responses([*possible, InvalidInput]),
    }


def _itself() -> dict[str, Any]:
    return {
        "operationId": "openapi",
        "summary": "This document.",
        "tags": ["openapi.json"],
        "parameters": [],
        "security": [],
        "responses": {"200": {"description": "The answer.", "content": {"application/json": {"schema": {}}}}}
        | responses(ANY),
    }


def _who(one: Read) -> str:
    if one.act not in RIGHTS:
        return "For everybody." if one.act == EVERYBODY else "For everybody who is signed in."
    return f"For those who may do `{one.act}`: {', '.join(sorted(RIGHTS[one.act]))}."


def _described(self: Any, field: fields.Field[Any], **kwargs: Any) -> dict[str, Any]:
    """Say of our own fields what apispec cannot know."""
    said: dict[str, Any] = {}
    for kind, openapi in TYPES.items():
        if isinstance(field, kind):
            said |= openapi
    if isinstance(field, Choice):
        said["enum"] = [*field.values, *([None] if field.allow_none else [])]
    if isinstance(field, Text) and not isinstance(field, InArea):
        said["maxLength"] = field.limit
    if isinstance(field, Id):
        said["format"] = "uuid"
    if isinstance(field, InArea):
        said |= {"pattern": "^(old|new):[0-9]{1,8}$", "example": "new:15664"}
    if field.allow_none and "type" in said:
        said["type"] = [said["type"], "null"]
    return said
