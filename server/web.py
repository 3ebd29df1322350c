"""What every request of the server needs: the database, the keys, the settings, the headers."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from flask import Flask, current_app, g, request
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect
from sqlite_utils import Database
from werkzeug.wrappers import Response

from schemas import violations
from schemas.language import LANGUAGE, TRANSLATIONS, english, english_parts, language
from schemas.units import UnitTree
from server.arrivals.world import unit_tree
from server.clock import now
from server.keys import Keys, read_keys
from server.law.catalogue import current
from server.pool import Pool
from server.settings import Settings
from server.store import open_store
from server.turns import Turns

csrf = CSRFProtect()
_SPOKEN = "doi178.spoken"
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def init_app(app: Flask, settings: Settings) -> None:
    """Give *app* its settings, keys and habits. The database is opened here, to migrate it, and stays open.

    Requests borrow connections of their own; when the last one closes, SQLite empties the
    write-ahead log into the file, which would cost a request tens of milliseconds.
    """
    app.extensions["doi178_kept_open"] = open_store(settings.database)
    app.extensions["doi178_pool"] = Pool(settings.database)
    app.extensions["doi178_turns"] = {work: Turns(settings.data / "turns", work) for work in ("batch", "page")}
    keys = read_keys(settings.keys)
    app.config.update(
        SECRET_KEY=keys.derive("session"),
        MAX_CONTENT_LENGTH=16_000_000,
        SESSION_COOKIE_NAME="doi178",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.public_url.startswith("https"),
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_CHECK_DEFAULT=False,
    )
    app.extensions["doi178"] = (settings, keys)
    csrf.init_app(app)
    Babel(
        app,
        default_locale="vi",
        default_timezone="Asia/Ho_Chi_Minh",
        default_translation_directories=str(TRANSLATIONS),
        locale_selector=spoken,
    )
    app.after_request(_harden)
    app.teardown_appcontext(_close)


def db() -> Database:
    """Return this request's connection."""
    if "db" not in g:
        g.db = _pool().lend()
        violations.use(current(g.db.conn))
    found: Database = g.db
    return found


def _pool() -> Pool:
    found: Pool = current_app.extensions["doi178_pool"]
    return found


@contextmanager
def turn(work: str) -> Iterator[None]:
    """Have a turn at *work* for the block, or raise Busy; who waits for it keeps no connection."""
    _close(None)
    with current_app.extensions["doi178_turns"][work].one():
        yield


def tree() -> UnitTree:
    """Return the administrative units."""
    return unit_tree(db().conn)


def spoken() -> str:
    """Return the language of this request; Vietnamese where there is none, as on the command line.

    A page asks for it at every number and every word, so that the cookie is read once a request.
    """
    if not request:
        return language("")
    environ = request.environ
    found: str | None = environ.get(_SPOKEN)
    if found is None:
        found = environ[_SPOKEN] = language(request.cookies.get(LANGUAGE))
    return found


def told(said: object) -> str:
    """Return a sentence of the library in the language of this request."""
    return english(str(said)) if spoken() == "en" else str(said)


def told_parts(said: object) -> str:
    """Return a value put together with commas in the language of this request."""
    return english_parts(str(said)) if spoken() == "en" else str(said)


def settings() -> Settings:
    """Return the settings of the running server."""
    found: Settings = current_app.extensions["doi178"][0]
    return found


def keys() -> Keys:
    """Return the keys of the running server."""
    found: Keys = current_app.extensions["doi178"][1]
    return found


def _close(error: BaseException | None) -> None:
    handle = g.pop("db", None)
    if handle is not None:
        violations.use(None)
        _pool().take_back(handle)


def _harden(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    if not request.path.startswith("/static/"):
        response.headers.setdefault("Cache-Control", "no-store")
    response.headers["X-Server-Time"] = now().isoformat()
    return response
