"""What stands round every page of the office: who is signed in, the places to go, the mark of invented data."""

from dataclasses import dataclass, field

from flask import Flask, g

from server import web
from server.clock import local_day, now
from server.office import things
from server.pages import words
from server.pages.areas import may_here, name
from server.pages.menu import Menu, menu
from server.people import deputies


@dataclass(frozen=True)
class Frame:
    """Who is here, and whether the figures come from a plan that was made up to show the program."""

    user: str = ""
    role: str = ""
    area: str = ""
    invented: bool = False
    at: str = ""
    menu: Menu = field(default_factory=Menu)
    acts_for: str = ""  # whose role and area are used
    may_act: tuple[tuple[str, str], ...] = ()  # deputies that hold today: id, and the name of who is acted for


def init_app(app: Flask) -> None:
    """Give the templates of *app* their words and their frame."""
    words.init_app(app)
    app.jinja_env.globals.update(frame=frame, can=can)


def can(act: str) -> bool:
    """Say whether who is signed in may do *act*: a page shows no button that would be refused."""
    user = getattr(g, "user", None)
    return user is not None and may_here(web.tree(), user, act)


def frame() -> Frame:
    """Return the frame of this request; an empty one where nobody is signed in."""
    user = getattr(g, "user", None)
    if not user:
        return Frame()
    return Frame(
        user=user["name"],
        role=str(words.ROLES.get(user["role"], user["role"])),
        area=name(web.tree(), user["unit"]),
        invented=_invented(),
        at=words.moment(now()),
        menu=menu(user),
        acts_for=user.get("acts_for", ""),
        may_act=_may_act(),
    )


def _may_act() -> tuple[tuple[str, str], ...]:
    conn = web.db().conn
    held = deputies.held_by(conn, g.session.user, local_day(now())) if g.session else []
    return tuple((one.id, deputies.called(conn, one.acts_for)) for one in held)


def _invented() -> bool:
    today = local_day(now()).isoformat()
    plans = things(web.db().conn, "plan").values()
    return any(plan.get("invented") and plan.get("from", "") <= today <= plan.get("to", "9999") for plan in plans)
