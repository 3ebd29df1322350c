"""Two people at one form: what somebody else wrote since a form was opened is not written over."""

from flask import request
from flask_babel import gettext as _

from server import web

SEEN = "seen"  # the hidden field of a form: what stood there when it was opened


def mark(kind: str, id: str) -> str:
    """Return what a form of a thing says it saw; empty where the thing is yet to be made."""
    row = web.db().conn.execute("SELECT seq FROM things WHERE kind = ? AND id = ?", (kind, id)).fetchone()
    return str(row[0]) if row else ""


def overtaken(present: str) -> str:
    """Return what to tell whoever sends a form that did not see what stands now; empty where it did.

    A form is shown again with the mark that it came with, so that it stays refused until the page is opened anew.
    """
    if request.form.get(SEEN, present) == present:
        return ""
    return str(_("Người khác vừa sửa mục này; mở lại trang, xem rồi ghi lại."))


def shown(present: str) -> str:
    """Return the mark for a form that is shown, for the first time or again."""
    return request.form.get(SEEN, present)
