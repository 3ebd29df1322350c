"""The minutes as they will be printed: the pages as pictures, the PDF, and which revision it is."""

from io import BytesIO
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, send_file, url_for

from field_client import clock, drafts, lease, visits, web
from field_client.pages.access import ENROLLED, knock
from field_client.pages.problems import NotShown
from field_client.places import NotKnown
from field_client.printing import happening, minutes, receipt, render
from field_client.printing.minutes import Asked, Minutes

bp = Blueprint("paper", __name__)
ASKED = ("lan", "phu-luc")  # in the query: which revision, and whether the whole checklist follows


@bp.get("/cuoc-kiem-tra/<id>/bien-ban")
@knock(ENROLLED)
def preview(id: str) -> str:
    """Show the pages, and what to do next."""
    paper = _minutes(id)
    asked: dict[str, Any] = {name: request.args[name] for name in ASKED if request.args.get(name)}
    found = _finished(id)
    return render_template(
        "paper.html",
        here="places",
        id=id,
        paper=paper,
        pages=[url_for("paper.page", id=id, number=number, **asked) for number in range(1, 1 + len(_pages(paper)))],
        pdf=url_for("paper.pdf", id=id, **asked),
        asked=asked,
        visit=found.visit if found else None,
        stands=happening.stands(web.db(), id, paper.item) if paper.item else None,
        today=clock.local_day(clock.best(web.db().conn, clock.now())).isoformat(),
    )


@bp.get("/cuoc-kiem-tra/<id>/bien-ban/trang-<number>.svg")
@knock(ENROLLED)
def page(id: str, number: str) -> Response:
    """Answer the picture of one page."""
    pages = _pages(_minutes(id))
    if number not in {str(one) for one in range(1, 1 + len(pages))}:
        abort(404)
    return Response(pages[int(number) - 1], mimetype="image/svg+xml")


@bp.get("/cuoc-kiem-tra/<id>/bien-ban.pdf")
@knock(ENROLLED)
def pdf(id: str) -> Response:
    """Answer the PDF."""
    paper = _minutes(id)
    return sent(render.pdf(paper.sheets, paper.made_at), paper.file)


@bp.get("/cuoc-kiem-tra/<id>/phieu-tiep-nhan.pdf")
@knock(ENROLLED)
def slip(id: str) -> Response:
    """Answer the slip that says that the server has the minutes."""
    return sent(render.pdf([receipt.of(web.db(), id)], 0), "phieu-tiep-nhan.pdf")


def sent(document: bytes, name: str) -> Response:
    """Answer a PDF that the browser shows, and saves under *name*."""
    return send_file(BytesIO(document), mimetype="application/pdf", download_name=name)


def _minutes(id: str) -> Minutes:
    """Return what is asked for; another team's minutes are not shown once the lease has ended."""
    db = web.db()
    hidden, found = lease.hidden(db.conn, clock.now()), _finished(id)
    if hidden and found and not found.visit.own:
        raise NotShown(hidden)
    return minutes.of(db, web.settings(), id, Asked(request.args.get("lan", ""), request.args.get("phu-luc", "")))


def _finished(id: str) -> visits.Whole | None:
    try:
        return visits.find(web.db(), id)
    except NotKnown:
        drafts.load(web.db(), id)  # neither: the page says so
        return None


def _pages(paper: Minutes) -> tuple[bytes, ...]:
    return render.pages(paper.sheets)
