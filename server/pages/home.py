"""The first page: what needs doing today, for the role and the area of who is signed in."""

from datetime import date

from flask import Blueprint, g, render_template

from server.access import may
from server.clock import local_day, now
from server.pages.asking import ask_all, at_its_best, my_area
from server.pages.coverage import view
from server.pages.filters import Filters
from server.pages.tasks import tasks

bp = Blueprint("home", __name__)


@bp.get("/")
@may("home.see")
def home() -> str:
    """Show how far the area is this year, and what holds it back."""
    filters = todays(local_day(now()))
    full = ask_all(filters)
    answer, shown = full.now, view(filters, full)
    to_do = tasks(g.user["role"], filters, answer, shown.lists)
    return render_template("home.html", filters=filters, answer=answer, view=shown, tasks=to_do)


def todays(today: date) -> Filters:
    """Return what is asked on the first page: the person's whole area, this year, up to today."""
    return at_its_best(Filters(today.year, today, my_area()))
