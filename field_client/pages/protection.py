"""Protecting the laptop: another passphrase, when it locks, the office's recovery key, backups."""

from pathlib import Path

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from field_client import clock, daily, web
from field_client.pages.access import OPENED, knock
from field_client.recovery import backup_by_key
from field_client.store import Error, put_meta, writing
from field_client.vault import keys, office
from sync.recovery_key import BadText
from sync.sealed import NotSealed

bp = Blueprint("protection", __name__)
Errors = dict[str, str]
MINUTES = ("5", "10", "20", "30")


@bp.get("/bao-ve")
@knock(OPENED)
def page() -> str:
    """Show how the laptop is protected."""
    return _page({})


@bp.post("/bao-ve")
@knock(OPENED)
def change() -> Response | tuple[str, int]:
    """Do the one thing that was asked for, or say what is wrong at its field."""
    acts = {"passphrase": _passphrase, "idle": _idle, "office": _office, "backup": _backup}
    act = acts.get(request.form.get("do", ""))
    errors = act() if act else {"do": _("Không có việc này.")}
    if errors:
        return _page(errors), 422
    return redirect(url_for("protection.page"), code=303)


def _page(errors: Errors) -> str:
    settings, vault = web.settings(), keys.read(web.settings().vault)
    return render_template(
        "protection.html",
        errors=errors,
        plain=not web.key(),
        minutes=MINUTES,
        idle=str(web.gate(current_app).idle_minutes),
        recovery=bool(vault and vault.recovery),
        backups=daily.kept(settings),
        folder=settings.backups,
        last=web.meta(daily.LAST),
        trouble=web.meta(daily.TROUBLE),
        to=request.form.get("to", ""),
    )


def _passphrase() -> Errors:
    if request.form.get("new", "") != request.form.get("again", ""):
        return {"again": _("Hai lần nhập khác nhau; nhập lại mật khẩu.")}
    try:
        web.gate(current_app).change(request.form.get("old", ""), request.form.get("new", ""))
    except keys.WrongPassphrase as error:
        return {"old": web.told(error)}
    except keys.WeakPassphrase as error:
        return {"new": web.told(error)}
    flash(_("Đã đổi mật khẩu. Bản lưu cũ vẫn mở bằng mật khẩu cũ."), "good")
    return {}


def _idle() -> Errors:
    asked = request.form.get("idle", "")
    if asked not in MINUTES:
        return {"idle": _("Chọn số phút trong danh sách.")}
    with writing(web.db()) as conn:
        put_meta(conn, web.IDLE, asked)
    web.gate(current_app).idle_minutes = int(asked)
    flash(_("Trang tự khóa sau %(n)s phút không ai dùng.", n=asked), "good")
    return {}


def _office() -> Errors:
    try:
        with writing(web.db()) as conn:
            office.learn(conn, request.form.get("public", ""))
    except BadText as error:
        return {"public": web.told(error)}
    office.wrap(web.settings(), web.db().conn, web.key())
    flash(_("Đã nhận khóa dự phòng của văn phòng."), "good")
    return {}


def _backup() -> Errors:
    folder, at = request.form.get("to", "").strip(), clock.now()
    if not folder or not Path(folder).is_dir():
        return {"to": _("Không có thư mục này; cắm ổ USB rồi nhập lại, ví dụ E:\\ hoặc /media/usb.")}
    path = Path(folder) / f"doi178-{clock.local_day(at):%Y-%m-%d}-{at:%H%M%S}.backup"
    try:
        backup_by_key(web.db(), web.settings(), path, web.key(), at)
    except NotSealed as error:
        return {"to": web.told(error)}
    except (OSError, Error):
        return {"to": _("Không ghi được vào thư mục này hoặc ổ đầy; chọn nơi khác. Dữ liệu trên máy còn nguyên.")}
    flash(_("Đã lưu vào %(file)s và đọc lại được.", file=str(path)), "good")
    return {}
