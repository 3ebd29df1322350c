"""The server's web application, put together in one place."""

from flask import Flask

from server import access, problems, web
from server.api import pages as api_pages
from server.clients import door as clients
from server.deciding import pages as deciding
from server.door import api
from server.duplicates import pages as duplicates
from server.files import tus, view
from server.pages import assignments, coverage, coverage_read, frame, home, laptops, look, shown, stick, under, under_read
from server.people import pages as people
from server.settings import Settings
from server.verification import pages as verification
from sync.heap import collect_seldom

BLUEPRINTS = (
    api.bp,
    clients.bp,
    api.health,
    people.bp,
    look.bp,
    shown.bp,
    home.bp,
    coverage.bp,
    under.bp,
    stick.bp,
    duplicates.bp,
    deciding.bp,
    tus.bp,
    view.bp,
    laptops.bp,
    verification.bp,
    assignments.bp,
    api_pages.bp,
)
# The modules whose reads stand under /api/v1; a page's own reads stand beside it and come with its blueprint.
READS = (coverage_read, under_read)


def create_app(settings: Settings | None = None) -> Flask:
    """Build the server from *settings*, or from the environment."""
    collect_seldom()
    app = Flask(__name__)
    web.init_app(app, settings or Settings.from_environ())
    access.init_app(app)
    problems.register(app)
    frame.init_app(app)
    shown.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app
