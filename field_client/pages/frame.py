"""What stands round every page: what waits, how the line is, whose laptop this is, the mark of invented data."""

from dataclasses import dataclass

from flask import Flask, current_app, g, session

from field_client import places, status, web
from field_client.pages import roster
from field_client.pages.going import badge
from field_client.store.own import AT_THE_KEYS
from field_client.syncing import Trouble


@dataclass(frozen=True)
class Frame:
    """The head of a page; an empty one where the browser was not opened by the program."""

    opened: bool = False
    enrolled: bool = False
    waiting: int = 0
    badge: str = ""  # what waits, in words
    offline: bool = False
    trouble: str = ""
    last_contact: str = ""
    device: str = ""
    area: str = ""
    team: str = ""
    invented: bool = False
    locked_on: str = ""
    locks: bool = False  # there is a passphrase to lock with
    person: str = ""  # who is at the keys
    people: tuple[str, ...] = ()


def init_app(app: Flask) -> None:
    """Give the templates of *app* their frame."""
    app.jinja_env.globals.update(frame=frame, team_name=team_name)


def frame() -> Frame:
    """Return the frame of this request."""
    if not session.get("opened") or not web.gate(current_app).is_open:
        return Frame()
    if "frame" not in g:
        g.frame = _frame()
    found: Frame = g.frame
    return found


def _frame() -> Frame:
    db, now = web.db(), status.status(web.db())
    return Frame(
        opened=True,
        enrolled=now.enrolled,
        waiting=now.waiting,
        badge=badge(now),
        offline=now.trouble == Trouble.OFFLINE,
        trouble=now.words if now.trouble else "",
        last_contact=now.last_contact,
        device=now.name,
        area=places.unit_name(db, now.area) if now.area else "",
        team=team_name(now.team),
        locked_on=now.locked_on,
        locks=web.gate(current_app).locks,
        person=web.meta(AT_THE_KEYS),
        people=roster.names(db),
        invented=any(plan["invented"] for plan in places.plans(db)),
    )


def team_name(id: str) -> str:
    """Return the name of a team, empty when this laptop does not know it."""
    try:
        return places.find(web.db(), "team", id).name if id else ""
    except places.NotKnown:
        return ""
