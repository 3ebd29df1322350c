"""What every request on the laptop needs: the database, the settings, the local session, the headers."""

import hashlib
import secrets
from io import BytesIO
from typing import IO, Any

from flask import Flask, Request, current_app, g, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect
from itsdangerous import BadSignature
from sqlite_utils import Database
from werkzeug.wrappers import Response

from field_client import memory
from field_client.catalogue import current
from field_client.enrolment import enrol
from field_client.settings import Settings
from field_client.store import get_meta, open_store, put_meta, writing
from field_client.store.idle import Idle
from field_client.store.own import AT_THE_KEYS
from field_client.syncing import reconcile, sync_now
from field_client.vault import office, opening
from field_client.vault.gate import IDLE_MINUTES, Gate
from schemas import violations
from schemas.language import LANGUAGE, TRANSLATIONS, english, english_parts, language

csrf = CSRFProtect()


IDLE = "idle_minutes"
LONG = 200_000  # bytes of a page after which memory is given back


class Asked(Request):
    """A request. Files that come with it go to a temporary file when they are long, unless it is `in_memory`."""

    in_memory = False

    def _get_file_stream(self, *args: Any, **kwargs: Any) -> IO[bytes]:
        return BytesIO() if self.in_memory else super()._get_file_stream(*args, **kwargs)


class TimelessSessions(SecureCookieSessionInterface):
    """Sessions that no clock ends: on a machine whose clock is set back, one signed “in 2062” is still ours.

    Until the store is opened its secret is not known: a session has another cookie then, so that the one of a page
    that has been open since before is there again afterwards.
    """

    def get_cookie_name(self, app: Flask) -> str:
        """Return the name of the session's cookie."""
        name: str = super().get_cookie_name(app)
        return name if gate(app).key is not None else f"{name}-khoa"

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Read the session, whenever it was signed."""
        signer, kept = self.get_signing_serializer(app), request.cookies.get(self.get_cookie_name(app))
        if signer is None or not kept:
            return None if signer is None else self.session_class()
        try:
            return self.session_class(signer.loads(kept))
        except BadSignature:
            return self.session_class()


CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def init_app(app: Flask, settings: Settings) -> None:
    """Give *app* its settings, its gate and its habits; a plain store is opened here, another when it is unlocked.

    The session's secret stays with the data, so that a page that was open when the program
    was killed goes on saving once it runs again; the key of the door is new each time.
    Two laptops' programs on one machine share a host, so each names its cookie after its folder.
    """
    folder = hashlib.sha256(str(settings.data.resolve()).encode()).hexdigest()[:8]
    app.config.update(
        SECRET_KEY=secrets.token_hex(32),
        MAX_CONTENT_LENGTH=4_000_000,
        MAX_FORM_MEMORY_SIZE=4_000_000,
        SESSION_COOKIE_NAME=f"doi178-field-{folder}",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_CHECK_DEFAULT=False,
        BABEL_DEFAULT_LOCALE="vi",
    )
    app.extensions["doi178"] = settings
    app.extensions["doi178-key"] = secrets.token_urlsafe(24)
    app.extensions["doi178-sync"], app.extensions["doi178-enrol"] = sync_now, enrol
    app.extensions["doi178-reconcile"] = reconcile
    app.request_class = Asked
    app.session_interface = TimelessSessions()
    app.extensions["doi178-gate"] = Gate(settings)
    gate(app).then(lambda key: _open(app, key))
    if settings.plain or opening.state(settings) is opening.State.PLAIN:
        gate(app).take(opening.open_plain(settings))
    csrf.init_app(app)
    Babel(app, default_translation_directories=str(TRANSLATIONS), locale_selector=spoken)
    app.after_request(_harden)
    app.teardown_appcontext(_close)


def door(app: Flask) -> str:
    """Return the path that opens a browser's session with this process: /mo/ and its key."""
    return f"/mo/{app.extensions['doi178-key']}"


def db() -> Database:
    """Return this request's connection."""
    if "db" not in g:
        g.db = _idle().take()
        violations.use(current(g.db.conn))
    return g.db


def spoken() -> str:
    """Return the language of this request; Vietnamese where there is none, as on the command line."""
    return language(request.cookies.get(LANGUAGE) if request else "")


def told(said: object) -> str:
    """Return a sentence of the library in the language of this request."""
    return english(str(said)) if spoken() == "en" else str(said)


def told_parts(said: object) -> str:
    """Return a value put together with commas in the language of this request."""
    return english_parts(str(said)) if spoken() == "en" else str(said)


def key() -> bytes:
    """Return the key of the open store, for a connection of one's own in another thread."""
    found = gate(current_app).key
    assert found is not None, "no page that needs the database is shown before it is unlocked"
    return found


def gate(app: Flask) -> Gate:
    """Return what stands between the pages of *app* and its store."""
    found: Gate = app.extensions["doi178-gate"]
    return found


def settings() -> Settings:
    """Return the settings of the running program."""
    found: Settings = current_app.extensions["doi178"]
    return found


def meta(key: str) -> str:
    """Return a setting of this laptop, empty when it is not set."""
    return get_meta(db().conn, key)


def soon() -> None:
    """Ask the program's courier to send in a moment, where one runs (`app.extensions["doi178-courier"]`)."""
    courier = current_app.extensions.get("doi178-courier")
    if courier is not None:
        courier.soon()


def before(app: Flask) -> SecureCookieSession:
    """Return the session that the calling browser had with an earlier run of this program, empty if it had none."""
    found = app.session_interface.open_session(app, request)
    assert isinstance(found, SecureCookieSession)
    return found


def _open(app: Flask, key: bytes) -> None:
    """Open the database and keep it open: when the last connection closes, SQLite empties its log into the file."""
    db = open_store(gate(app).settings.database, key)
    with writing(db) as conn:
        secret = get_meta(conn, "session_secret") or secrets.token_hex(32)
        put_meta(conn, "session_secret", secret)
        put_meta(conn, AT_THE_KEYS, "")
    memory.bound(db.conn)
    app.extensions["doi178-kept-open"], app.extensions["doi178-idle"] = db, Idle(gate(app).settings.database, key)
    app.config["SECRET_KEY"] = secret
    office.wrap(gate(app).settings, db.conn, key)
    gate(app).idle_minutes = int(get_meta(db.conn, IDLE) or IDLE_MINUTES)


def _close(error: BaseException | None) -> None:
    handle = g.pop("db", None)
    if handle is not None:
        violations.use(None)
        _idle().give_back(handle)
    if g.pop("long", False):
        memory.let_go()


def _idle() -> Idle:
    found: Idle = current_app.extensions["doi178-idle"]
    return found


def _harden(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    g.long = (response.content_length or 0) > LONG
    if not request.path.startswith(("/static/", "/look/")):
        response.headers.setdefault("Cache-Control", "no-store")
    return response
