"""The laptop's web application, put together in one place."""

from flask import Flask

from field_client import web
from field_client.pages import (
    access,
    assigned,
    attention,
    bag_card,
    blanks,
    duty,
    edit_place,
    enrol,
    files,
    forgotten,
    frame,
    from_a_day,
    going,
    history,
    lock,
    look,
    new_place,
    operators,
    paper,
    paper_events,
    place,
    places,
    problems,
    protection,
    record,
    sanctions,
    sending,
    shown,
    stick,
    talk,
    today,
    update,
    verification,
    visit,
    void,
    words,
)
from field_client.settings import Settings

PAGES = (
    look,
    lock,
    forgotten,
    protection,
    enrol,
    today,
    places,
    new_place,
    edit_place,
    from_a_day,
    operators,
    place,
    assigned,
    record,
    visit,
    files,
    void,
    sanctions,
    sending,
    going,
    history,
    stick,
    attention,
    duty,
    talk,
    update,
    verification,
    paper,
    paper_events,
    blanks,
    bag_card,
)


def create_app(settings: Settings | None = None) -> Flask:
    """Build the laptop's pages on the data of *settings*, or of the environment."""
    app = Flask(__name__)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    web.init_app(app, settings or Settings.from_environ())
    access.init_app(app)
    frame.init_app(app)
    words.init_app(app)
    files.init_app(app)
    shown.init_app(app)
    paper_events.init_app(app)
    problems.register(app)
    for page in PAGES:
        app.register_blueprint(page.bp)
    return app
