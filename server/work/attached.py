"""The file that stands beside a task of the year: taken in with the form, kept under its hash, handed out again."""

from typing import Any

from flask import Response, current_app, request, send_file
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeSerializer

from server import web
from server.clock import now
from server.files.keeping import path_of
from server.indicators import keeping
from server.problems import NotFound

FIELD, KEPT = "tep", "kept"


def taken(given: dict[str, str], said: dict[str, Any]) -> dict[str, str]:
    """Keep the file that was chosen now, or take the one that was kept when the form came back; return what is wrong.

    *given* holds on to it, so that the form need not be given it again.
    """
    uploaded, given[KEPT] = request.files.get(FIELD), request.form.get(KEPT, "")
    try:
        if uploaded and uploaded.filename:
            kept = keeping.take_in(web.db(), web.settings().files, uploaded.read(), uploaded.filename, now())
            given[KEPT] = str(_serializer().dumps([kept.sha256, kept.name]))
        if given[KEPT]:
            said["file"], said["file_name"] = _serializer().loads(given[KEPT])
    except keeping.Unfit as unfit:
        return {FIELD: str(unfit)}
    except BadData:
        return {FIELD: _("Chọn lại tệp.")}
    return {}


def kept_name(given: dict[str, str]) -> str:
    """Return the name of the file that the form holds on to, empty where there is none."""
    try:
        return str(_serializer().loads(given[KEPT])[1]) if given.get(KEPT) else ""
    except BadData:
        return ""


def handed_out(sha256: str, name: str) -> Response:
    """Answer a file under the name that it came with."""
    row = web.db().conn.execute("SELECT type FROM files WHERE sha256 = ?", (sha256,)).fetchone()
    path = path_of(web.settings().files, sha256 or "0" * 64)
    if row is None or not path.exists():
        raise NotFound(_("Không có tệp kèm theo việc này."))
    answer: Response = send_file(path.resolve(), row[0], as_attachment=True, download_name=name or sha256[:8])
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="work-file")
