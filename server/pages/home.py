"""The first page: what needs doing today, for the role and the area of who is signed in."""

from datetime import date

from flask import Blueprint, g, render_template

from server.access import may
from server.clock import local_day, now
from server.pages.asking import ask_all, at_its_best, my_area
from server.pages.coverage import view
from server.pages.filters import Filters
from server.pages.tasks import tasks
from server.rights import ADMIN, COORDINATOR, TEAM

bp = Blueprint("home", __name__)
ANSWERS_FOR_IT = (TEAM, COORDINATOR, ADMIN)  # whose first figure is the share; the others come to do something


@bp.get("/")
@may("home.see")
def home() -> str:
    """Show how far the area is this year, and what holds it back."""
    filters = todays(local_day(now()))
    full = ask_all(filters)
    answer, shown = full.now, view(filters, full)
    role = g.user["role"]
    to_do = tasks(role, filters, answer, shown.lists)
    return render_template(
        "home.html", filters=filters, answer=answer, view=shown, tasks=to_do, share_first=role in ANSWERS_FOR_IT
    )


def todays(today: date) -> Filters:
    """Return what is asked on the first page: the person's whole area, this year, up to today."""
    return at_its_best(Filters(today.year, today, my_area()))
