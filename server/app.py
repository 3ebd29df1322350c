"""The server's web application, put together in one place."""

from flask import Flask

from server import access, problems, web
from server.acts import pages as acts
from server.acts import reads as acts_reads
from server.api import pages as api_pages
from server.audit import pages as audit
from server.boards import pages as boards
from server.boards import reads as board_reads
from server.clients import door as clients
from server.deciding import pages as deciding
from server.deciding import reads as deciding_reads
from server.decisions import pages as decisions
from server.decisions import reads as decisions_reads
from server.door import api
from server.due import feed as due_feed
from server.due import pages as due
from server.due import reads as due_reads
from server.duplicates import pages as duplicates
from server.duplicates import reads as duplicates_reads
from server.files import tus, view
from server.history import site as history
from server.imports import reads as import_reads
from server.indicators import pages as indicators
from server.indicators import reads as indicator_reads
from server.indicators import records_pages, records_read
from server.jobs import api as jobs_api
from server.jobs import pages as jobs
from server.jobs import reminders_pages, retention_pages
from server.law import pages as law
from server.law import reads as law_reads
from server.pages import (
    coverage,
    coverage_read,
    frame,
    home,
    home_read,
    imports,
    laptops,
    laptops_read,
    look,
    shown,
    stick,
    tokens,
    under,
    under_read,
)
from server.people import account_reads, joining, managing, mine, rights_page
from server.people import pages as people
from server.people import reads as people_reads
from server.planning.pages import assigned, weights
from server.planning.pages import reads as planning_reads
from server.plans import files as plan_files
from server.plans import pages as plans
from server.plans import part_pages as plan_parts
from server.plans import reads as plan_reads
from server.register import (
    area_reads,
    confirming,
    edit_place,
    new_place,
    operator_edit,
    place_page,
    quality_page,
    split,
)
from server.register import pages as register
from server.register import reads as register_reads
from server.returns import below as return_below
from server.returns import files as return_files
from server.returns import one as return_one
from server.returns import pages as returns
from server.returns import reads as return_reads
from server.returns.figures import reads as figures_reads
from server.review import duty_pages, queue_pages
from server.review import pages as visits
from server.review import reads as review_reads
from server.settings import Settings
from server.teams import pages as teams
from server.teams import reads as team_reads
from server.tips import pages as tips
from server.tips import reads as tip_reads
from server.verification import pages as verification
from server.work import inspection_pages, review_pages
from server.work import pages as work
from server.work import reads as work_reads
from sync.heap import collect_seldom

BLUEPRINTS = (
    api.bp,
    clients.bp,
    api.health,
    people.bp,
    joining.bp,
    mine.bp,
    managing.bp,
    rights_page.bp,
    teams.bp,
    plans.bp,
    plan_parts.bp,
    plan_files.bp,
    returns.bp,
    return_one.bp,
    return_files.bp,
    return_below.bp,
    work.bp,
    inspection_pages.bp,
    review_pages.bp,
    look.bp,
    shown.bp,
    home.bp,
    coverage.bp,
    under.bp,
    stick.bp,
    register.bp,
    imports.bp,
    confirming.bp,
    split.bp,
    quality_page.bp,
    new_place.bp,
    place_page.bp,
    edit_place.bp,
    operator_edit.bp,
    duplicates.bp,
    queue_pages.bp,
    visits.bp,
    duty_pages.bp,
    deciding.bp,
    tus.bp,
    view.bp,
    laptops.bp,
    verification.bp,
    tokens.bp,
    audit.bp,
    jobs.bp,
    retention_pages.bp,
    reminders_pages.bp,
    due.bp,
    due_feed.bp,
    assigned.bp,
    weights.bp,
    tips.bp,
    indicators.bp,
    boards.bp,
    records_pages.bp,
    api_pages.bp,
    history.bp,
    decisions.bp,
    law.bp,
    acts.bp,
)
# The modules whose reads stand under /api/v1; a page's own reads stand beside it and come with its blueprint.
READS = (
    coverage_read,
    figures_reads,
    under_read,
    planning_reads,
    tip_reads,
    indicator_reads,
    board_reads,
    records_read,
    decisions_reads,
    law_reads,
    acts_reads,
    jobs_api,
    due_reads,
    home_read,
    laptops_read,
    duplicates_reads,
    deciding_reads,
    register_reads,
    area_reads,
    import_reads,
    account_reads,
    people_reads,
    team_reads,
    work_reads,
    plan_reads,
    return_reads,
    review_reads,
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
