"""What the API says of itself: its document and its catalogue of problems, for everybody."""

from typing import Any

from flask import Response, jsonify

from server.access import EVERYBODY, knock
from server.api.caller import Caller
from server.api.document import document
from server.api.problems import CatalogueSchema, all_problems, kind
from server.api.reads import bp, read
from server.problems import InvalidInput


@bp.get("/openapi.json")
@knock(EVERYBODY)
def openapi() -> Response:
    """Answer the OpenAPI document."""
    return jsonify(document())


@read(
    "/problems", EVERYBODY, says="Every refusal there is, with a slug that keeps its meaning.",
    answer=CatalogueSchema, example={"problems": [kind(InvalidInput)]},
)  # fmt: skip
def problems(caller: Caller, asked: dict[str, Any]) -> dict[str, Any]:
    """Return the catalogue."""
    return {"problems": sorted(map(kind, all_problems()), key=lambda one: str(one["slug"]))}
