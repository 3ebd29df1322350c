"""A code on printed minutes, scanned or typed: what it proves, without any network."""

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from field_client import verification, web
from field_client.pages.access import ENROLLED, knock
from schemas.minutes_code import WrongCode

bp = Blueprint("verification", __name__)
LONGEST = 1000


@bp.get("/kiem-chung")
@knock(ENROLLED)
def page() -> Response:
    """Show the form, and the answer where the address holds a code."""
    given = request.args.get("ma", "")[:LONGEST]
    proof, error = None, ""
    if "ma" in request.args:
        try:
            proof = verification.prove(web.db(), web.settings(), given)
        except WrongCode as wrong:
            error = str(wrong) if given.strip() else _("Nhập mã in trên biên bản.")
    shown = render_template(
        "verification.html", here="places", given="" if proof else given, proof=proof, error=error,
        keys_at=verification.keys_at(web.db()),
    )  # fmt: skip
    return Response(shown, status=422 if error else 200)
