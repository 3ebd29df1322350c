"""A received photo or scan, for signed-in people whose area has the place of its visit."""

from flask import Blueprint, Response, g, send_file

from schemas.attachments import limits
from server import web
from server.access import SIGNED_IN, knock
from server.files.keeping import path_of
from server.pages.areas import inside
from server.problems import NotFound

bp = Blueprint("file_view", __name__, url_prefix="/tep")


@bp.get("/<sha256>")
@knock(SIGNED_IN)
def show(sha256: str) -> Response:
    """Hand out the file; under a visit elsewhere it is as if it were not there."""
    rows = web.db().conn.execute(
        "SELECT attachments.type, visits.date, placements.commune FROM attachments"
        "  JOIN visits ON visits.id = attachments.inspection"
        "  JOIN placements ON placements.establishment = visits.establishment"
        " WHERE attachments.sha256 = ? AND attachments.received = 1 ORDER BY visits.date",
        (sha256,),
    )
    found = [(media, day) for media, day, commune in rows if inside(web.tree(), g.user["unit"], commune)]
    path = path_of(web.settings().files, sha256)
    if not found or not path.exists():
        raise NotFound("Không có tệp này; kiểm tra lại địa chỉ.")
    media, day = found[0]
    name = f"kiem-tra-{day}-{sha256[:8]}{limits().types[media].suffix if media in limits().types else ''}"
    answer: Response = send_file(
        path.resolve(), media, as_attachment=not media.startswith("image/"), download_name=name
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
