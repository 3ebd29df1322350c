"""The catalogue of problems, for the document and for programs."""

from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any

from marshmallow import fields

from schemas.fields import Record, Text
from server.problems import Problem, ServerFault, TooBusy

ANY: tuple[type[Problem], ...] = (TooBusy, ServerFault)  # what every operation may answer
MEDIA = "application/problem+json"


class ProblemSchema(Record):
    """A refusal, as RFC 9457 has it; `type` ends in the slug."""

    type = Text(required=True, metadata={"example": "/problems/invalid-input"})
    title = Text(required=True)
    status = fields.Integer(required=True)
    detail = Text(required=True, metadata={"description": "One sentence in Vietnamese that says what to do."})
    errors = fields.Dict(keys=fields.String(), values=fields.String(), metadata={"description": "A sentence a field."})


class ProblemKindSchema(Record):
    """One kind of refusal."""

    slug = Text(required=True)
    type = Text(required=True)
    status = fields.Integer(required=True)
    title = Text(required=True)
    means = Text(required=True)


class CatalogueSchema(Record):
    """Every refusal there is."""

    problems = fields.List(fields.Nested(ProblemKindSchema), required=True)


def all_problems(root: type[Problem] = Problem) -> Iterator[type[Problem]]:
    """Yield every kind of problem that is loaded, the general one first."""
    yield root
    for below in root.__subclasses__():
        yield from all_problems(below)


def kind(problem: type[Problem]) -> dict[str, Any]:
    """Return what the catalogue says of *problem*."""
    return {
        "slug": problem.slug,
        "type": problem.type(),
        "status": int(problem.status),
        "title": problem.status.phrase,
        "means": " ".join((problem.__doc__ or "").split()),
    }


def responses(possible: Iterable[type[Problem]]) -> dict[str, Any]:
    """Describe the refusals that an operation may answer, by status, each slug with an example."""
    found: dict[str, dict[str, Any]] = {}
    for problem in sorted(set(possible), key=lambda one: (int(one.status), one.slug)):
        said = kind(problem)
        example = {key: said[key] for key in ("type", "title", "status")} | {"detail": "…"}
        response = found.setdefault(
            str(said["status"]), {"description": "", "content": {MEDIA: {"schema": ProblemSchema, "examples": {}}}}
        )
        response["description"] += f"{' ' if response['description'] else ''}`{said['slug']}`: {said['means']}"
        response["content"][MEDIA]["examples"][said["slug"]] = {"value": example}
        if problem.status == HTTPStatus.TOO_MANY_REQUESTS:
            response["headers"] = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}
    return found
