"""The pages of one history: the purpose first, then the place or the operator, its files and its extract."""


from flask import current_app, g, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from schemas import purpose as rules
from server import web
from server.access import may
from server.clock import now
from server.history import asking, extract, facts, purpose
from server.history.answers import age_lines, said
from server.history.code import code_of
from server.history.door import bp
from server.history.files import timeline_table
from server.history.subjects import Subject
from server.history.words import line
from server.pages.areas import name
from server.pages.frame import frame
from server.pages.pages import Pages
from server.pages.words import moment
from server.problems import NotFound
from server.rights import may as may_do
from server.tables import as_csv, as_xlsx

FILES = {"csv": as_csv, "xlsx": as_xlsx}
_VIEWS = {"establishment": "place", "operator": "operator"}
TEMPLATES = {"establishment": "history_place.html", "operator": "history_operator.html"}


@bp.get("/co-so/<id>/lich-su")
@may("history.see")
def place(id: str) -> str | Response:
    """Show the history of an establishment, or ask for the purpose."""
    return _show(asking.place(id), id)


@bp.post("/co-so/<id>/lich-su")
@may("history.see")
def open_place(id: str) -> Response | tuple[str, int]:
    """Open the history of an establishment for a purpose."""
    return _open(asking.place(id))


@bp.get("/co-so/<id>/lich-su.<ending>")
@may("history.see")
def place_file(id: str, ending: str) -> Response:
    """Hand out the history of an establishment as a file."""
    return _file(asking.place(id), ending)


@bp.post("/co-so/<id>/lich-su/ban-trich")
@may("history.see")
def place_extract(id: str) -> Response:
    """Print the history of an establishment under a look-up code."""
    return _extract(asking.place(id))


@bp.get("/chu-co-so/<id>")
@may("history.see")
def operator(id: str) -> str | Response:
    """Show the history of an operator, or ask for the purpose."""
    return _show(asking.operator(id), id)


@bp.post("/chu-co-so/<id>")
@may("history.see")
def open_operator(id: str) -> Response | tuple[str, int]:
    """Open the history of an operator for a purpose."""
    return _open(asking.operator(id))


@bp.get("/chu-co-so/<id>.<ending>")
@may("history.see")
def operator_file(id: str, ending: str) -> Response:
    """Hand out the history of an operator as a file."""
    return _file(asking.operator(id), ending)


@bp.post("/chu-co-so/<id>/ban-trich")
@may("history.see")
def operator_extract(id: str) -> Response:
    """Print the history of an operator under a look-up code."""
    return _extract(asking.operator(id))


def address(subject: Subject, ending: str = "") -> str:
    """Return where the history of *subject* stands."""
    view = _VIEWS[subject.kind]
    return url_for(f"history.{view}_file", id=subject.id, ending=ending) if ending else (
        url_for(f"history.{view}", id=subject.id)
    )  # fmt: skip


def _show(subject: Subject, id: str) -> str | Response:
    if subject.id != id:  # a record that was merged away: the one that stands for it
        return redirect(address(subject))
    at = now()
    why = asking.purpose_for(subject.key, at)
    if not why:
        return _ask(subject, purpose.last_given(web.db().conn, asking.looker().id, at), "")
    found = asking.read(subject, at)
    asking.note(subject, purpose.OPENED, at)
    pages = Pages.read(request.args.get("trang", "")).of(len(found.timeline))
    shown = found.timeline[pages.offset : pages.offset + pages.limit]
    return render_template(
        TEMPLATES[subject.kind], subject=subject, facts=found.facts, lines=[line(event) for event in shown],
        pages=pages, here=address(subject), today=[said(one) for one in found.today], age=age_lines(found.age), why=why,
        units=[name(web.tree(), unit) for unit in subject.units], files={e: address(subject, e) for e in FILES},
        has_visit_page=visit_page(), extract=url_for(f"history.{_VIEWS[subject.kind]}_extract", id=subject.id),
        may_answer=may_do(g.user["role"], "requests.answer"), **facts.extra(found),
    )  # fmt: skip


def visit_page() -> bool:
    """Say whether this office has a page of one visit to lead to."""
    return any(rule.rule.startswith("/cuoc-kiem-tra/<") for rule in current_app.url_map.iter_rules())


def _ask(subject: Subject, given: str, error: str) -> str:
    return render_template("history_why.html", subject=subject, given=given, error=error, here=address(subject),
                           hours=rules.rules()["purpose_hours"])  # fmt: skip


def _open(subject: Subject) -> Response | tuple[str, int]:
    given = request.form.get("ly-do", "")
    error = rules.problem(given)
    if error:
        return _ask(subject, given, error), 422
    asking.open_for(subject.key, given, now())
    return redirect(address(subject), code=303)


def _file(subject: Subject, ending: str) -> Response:
    if ending not in FILES:
        raise NotFound(_("Không có tệp dạng này; chọn csv hoặc xlsx."))
    at = now()
    if not asking.purpose_for(subject.key, at):
        return redirect(address(subject))
    found = asking.read(subject, at)
    asking.note(subject, purpose.HANDED_OUT, at, form=ending)
    return FILES[ending](timeline_table(subject, found))


def _extract(subject: Subject) -> Response:
    """Write the print into the log first: its line is what the code on the paper names."""
    at = now()
    why = asking.purpose_for(subject.key, at)
    if not why:
        return redirect(address(subject), code=303)
    found = asking.read(subject, at)
    seq = asking.note(subject, purpose.PRINTED, at)
    with force_locale("vi"):
        printing = extract.Printing(
            kind=subject.kind, name=subject.name, unit=", ".join(name(web.tree(), unit) for unit in subject.units[:3]),
            code=code_of(web.db().conn, seq), by=g.user["name"], at=moment(at), purpose=why, facts=facts.of(found),
            mark=str(_("Số liệu giả định")) if frame().invented else "",
        )  # fmt: skip
        body = extract.pdf(printing, found, int(at.timestamp()))
    named = "ban-trich-lich-su-co-so" if subject.kind == "establishment" else "ban-trich-lich-su-chu-co-so"
    return Response(body, content_type="application/pdf",
                    headers={"Content-Disposition": f'inline; filename="{named}.pdf"'})  # fmt: skip
