"""In which language and which colours this browser is shown the pages, and the switches for both."""

from urllib.parse import urlsplit

from flask import Blueprint, Flask, current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from schemas.language import LANGUAGE, LANGUAGES
from schemas.look import DARK_MEDIA, look
from server import web
from server.access import EVERYBODY, knock

bp = Blueprint("shown", __name__)
LOOK = "doi178-look"  # a cookie, as is LANGUAGE: both hold before a session opens and after it ends
A_YEAR = 365 * 24 * 3600


def init_app(app: Flask) -> None:
    """Teach the templates of *app* to say what the library says, and how they are shown."""
    app.jinja_env.filters.update(told=web.told, told_parts=web.told_parts)
    app.jinja_env.globals["how_shown"] = shown


def shown() -> dict[str, str]:
    """Return what the frame of a page says of itself."""
    now = web.spoken()
    other = next(one for one in LANGUAGES if one != now)
    colours = look(request.cookies.get(LOOK))
    return {
        "language": now,
        "other": other,
        "other_name": LANGUAGES[other],
        "look": colours,
        "dark_media": DARK_MEDIA[colours],
        "back": _here(),
    }


@bp.post("/hien-thi")
@knock(EVERYBODY)
def switch() -> Response:
    """Show this browser the pages in another language or other colours from now on.

    Nothing is changed but how pages look here, so no token is asked for: it works before a session is opened.
    """
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    answer = redirect(_ours(request.form.get("back", "")), code=303)
    for cookie, asked in ((LANGUAGE, request.form.get("language")), (LOOK, request.form.get("look"))):
        if asked is not None:
            answer.set_cookie(cookie, asked[:8], max_age=A_YEAR, httponly=True, samesite="Lax", secure=secure)
    return answer


def _here() -> str:
    """Return the address of this page; of one that only takes forms, the first page."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    both_ways = request.url_rule is not None and "GET" in (request.url_rule.methods or ())
    return request.path if both_ways else url_for("home.home")


def _ours(wanted: str) -> str:
    """Return where to go back to: a page of ours, or the first page."""
    parts = urlsplit(wanted)
    ours = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted and not parts.netloc
    return wanted if ours else url_for("home.home")
