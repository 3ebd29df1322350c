"""A newer program for this laptop: what is offered, how much of it is here, and the buttons that a person presses."""

import threading

from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from field_client import clock, web
from field_client.pages.access import ENROLLED, knock
from field_client.settings import Settings
from field_client.store import connect
from field_client.syncing import connect as connect_line
from field_client.syncing import program_version
from field_client.trouble import explain
from field_client.updating import getting, installing, offers
from field_client.updating.installing import Home, NotNow
from sync.errors import LineError

bp = Blueprint("update", __name__)
_fetching = threading.Lock()


@bp.get("/cap-nhat")
@knock(ENROLLED)
def page() -> str:
    """Show which program runs, which is offered, and what can be done."""
    db, home = web.db(), Home.of()
    release = offers.offered(db.conn)
    return render_template(
        "update.html",
        here="sending",
        version=program_version(),
        release=release,
        got=getting.here(web.settings().releases, release) if release else 0,
        whole=bool(release and getting.is_here(web.settings().releases, release)),
        why_not=installing.why_not(db.conn, release) if release else "",
        home=home,
        going=_fetching.locked(),
    )


@bp.post("/cap-nhat/hoi")
@knock(ENROLLED)
def ask() -> Response:
    """Ask the server whether there is a newer program."""
    db = web.db()
    try:
        found = offers.ask(db, connect_line(db), clock.now())
    except LineError as error:
        flash(explain(error).words, "warn")
    else:
        words = _("Có bản mới: %(version)s.", version=found.version) if found else _("Đang dùng bản mới nhất.")
        flash(words, "good")
    return redirect(url_for("update.page"), code=303)


@bp.post("/cap-nhat/tai")
@knock(ENROLLED)
def fetch() -> Response:
    """Fetch what is offered, in the background; a line that is cut costs one piece."""
    settings = web.settings()
    threading.Thread(target=_fetch, args=(settings, web.key()), name="program", daemon=True).start()
    return redirect(url_for("update.page"), code=303)


def _fetch(settings: Settings, key: bytes) -> None:
    if not _fetching.acquire(blocking=False):
        return
    db = connect(settings.database, key)
    try:
        release = offers.offered(db.conn)
        if release:
            getting.forget_others(settings.releases, release)
            getting.fetch(settings.releases, release, connect_line(db))
    except LineError:
        pass  # what is here stays; the page says how much, and the button goes on
    finally:
        db.close()
        _fetching.release()


@bp.get("/cap-nhat/tien-do")
@knock(ENROLLED)
def progress() -> Response:
    """Answer how much of the offered program is here."""
    release = offers.offered(web.db().conn)
    folder = web.settings().releases
    return jsonify(
        {
            "here": getting.here(folder, release) if release else 0,
            "size": release.size if release else 0,
            "whole": bool(release and getting.is_here(folder, release)),
            "going": _fetching.locked(),
        }
    )


@bp.post("/cap-nhat/cai")
@knock(ENROLLED)
def install() -> Response:
    """Put the newer program beside this one, and begin again with it."""
    db, home, folder = web.db(), Home.of(), web.settings().releases
    release = offers.offered(db.conn)
    if home is None or release is None or not getting.is_here(folder, release):
        flash(_("Bản mới chưa tải đủ về máy; bấm Tải về rồi cài."), "warn")
        return redirect(url_for("update.page"), code=303)
    try:
        installing.install(db.conn, home, release, getting.archive_of(folder, release))
    except NotNow as why:
        flash(str(why), "warn")
        return redirect(url_for("update.page"), code=303)
    getting.forget_others(folder, None)
    return _begin_again()


@bp.post("/cap-nhat/ban-truoc")
@knock(ENROLLED)
def back() -> Response:
    """Let the program before this one start again."""
    home = Home.of()
    try:
        if home is None:
            raise NotNow(_("Chương trình không chạy từ thư mục cài đặt; báo văn phòng."))
        installing.back(home)
    except NotNow as why:
        flash(str(why), "warn")
        return redirect(url_for("update.page"), code=303)
    return _begin_again()


def _begin_again() -> Response:
    again = current_app.extensions.get("doi178-begin-again")
    if again is None:
        flash(_("Đã xong; đóng chương trình rồi mở lại."), "good")
        return redirect(url_for("update.page"), code=303)
    flash(_("Đã mở lại chương trình."), "good")
    again()
    return Response(render_template("begin_again.html", here="sending"))
