"""The server's web application, put together in one place."""

from flask import Flask

from server import access, problems, web
from server.clients import door as clients
from server.deciding import pages as deciding
from server.door import api
from server.duplicates import pages as duplicates
from server.files import tus, view
from server.pages import assignments, coverage, frame, home, laptops, look, shown, stick
from server.people import pages as people
from server.review import duty_pages, queue_pages
from server.review import pages as visits
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
    stick.bp,
    duplicates.bp,
    queue_pages.bp,
    visits.bp,
    duty_pages.bp,
    deciding.bp,
    tus.bp,
    view.bp,
    laptops.bp,
    verification.bp,
    assignments.bp,
)


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
