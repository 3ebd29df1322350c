"""A forgotten passphrase, or data that are gone: the answer of the two holders, or a backup. No network is needed."""

from datetime import date
from pathlib import Path

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from field_client import clock, daily, web
from field_client.pages.access import LOCKED, knock
from field_client.pages.lock import carry_on
from field_client.recovery import restore_here
from field_client.store import Error
from field_client.vault import keys, office, older, opening, sealing
from schemas.qr import svg
from sync.locks import Taken
from sync.recovery_key import BadText
from sync.sealed import Closing, NotSealed

bp = Blueprint("forgotten", __name__)
Errors = dict[str, str]


@bp.get("/mo-khoa/quen")
@knock(LOCKED)
def form() -> str | Response:
    """Show the request for the two holders, and take their answer."""
    return _form({})


@bp.post("/mo-khoa/quen")
@knock(LOCKED)
def recover() -> Response | tuple[str, int]:
    """Open by the holders' answer and set another passphrase, or say what is wrong at its field."""
    errors = _recover()
    if errors:
        return _form(errors), 422
    carry_on(current_app)
    flash(_("Đã mở khóa và đặt mật khẩu mới."), "good")
    return redirect(url_for("today.page"), code=303)


def _form(errors: Errors) -> str:
    try:
        asked = office.request(web.settings())
    except office.NoRecovery:
        asked = ""
    picture = svg(asked.replace(" ", ""), _("Mã yêu cầu")) if asked else ""
    return render_template(
        "forgotten.html", asked=asked, picture=picture, errors=errors, answer=request.form.get("answer", "")
    )


def _recover() -> Errors:
    if request.form.get("new", "") != request.form.get("again", ""):
        return {"again": _("Hai lần nhập khác nhau; nhập lại mật khẩu.")}
    try:
        web.gate(current_app).recover(request.form.get("answer", ""), request.form.get("new", ""))
    except (BadText, office.NoRecovery, older.Busy, older.NotCopied) as error:
        return {"answer": web.told(error)}
    except keys.WeakPassphrase as error:
        return {"new": web.told(error)}
    return {}


@bp.get("/mo-khoa/dung-lai")
@knock(LOCKED)
def choose() -> str:
    """Offer the backups that are here, or ask for the file."""
    return _restoring({})


@bp.post("/mo-khoa/dung-lai")
@knock(LOCKED)
def restore() -> Response | tuple[str, int]:
    """Bring the laptop back from a backup, or say what is wrong at its field; what was here is put aside, not lost."""
    gate = web.gate(current_app)
    errors = {"file": _("Máy đang mở; đóng chương trình rồi mở lại, chưa nhập mật khẩu.")} if gate.key else _restore()
    if errors:
        return _restoring(errors), 422
    carry_on(current_app)
    flash(_("Đã dựng lại từ bản lưu. Có mạng thì bấm “Nhận về” để lấy lại những gì ghi sau ngày lưu."), "good")
    return redirect(url_for("today.page"), code=303)


def _restore() -> Errors:
    path = Path(request.form.get("file", "").strip() or request.form.get("here", ""))
    if not path.is_file():
        return {"file": _("Không có tệp này; cắm ổ USB rồi nhập lại đường dẫn.")}
    try:
        closing, key = _opened(path)
        restore_here(path, closing, key, web.settings(), at=clock.now())
        web.gate(current_app).take(key or _closed_at_once())
    except (NotSealed, BadText) as error:
        return {"answer" if request.form.get("answer") else "passphrase": web.told(error)}
    except keys.WeakPassphrase as error:
        return {"passphrase": web.told(error)}
    except Taken:
        return {"file": _("Một chương trình khác đang mở dữ liệu này; đóng lại rồi làm lại.")}
    except (OSError, Error):
        return {"file": _("Ổ đĩa đầy hoặc không ghi được; dọn bớt rồi làm lại. Dữ liệu cũ còn nguyên.")}
    return {}


def _opened(path: Path) -> tuple[Closing, bytes]:
    answer = request.form.get("answer", "").strip()
    return sealing.opened_by_answer(path, answer) if answer else sealing.opened_by(path, request.form["passphrase"])


def _closed_at_once() -> bytes:
    """Open what came back from a backup of a plain store: plain still if that was said, else encrypted now."""
    if opening.state(web.settings()) is opening.State.PLAIN:
        return b""
    return opening.unlock(web.settings(), request.form["passphrase"])


def _restoring(errors: Errors) -> str:
    here = daily.kept(web.settings())
    given = {name: request.form.get(name, "") for name in ("file", "here", "answer")}
    asked = _asked(Path(given["file"].strip() or given["here"] or "."))
    picture = svg(asked.replace(" ", ""), _("Mã yêu cầu")) if asked else ""
    named = [(str(path), f"{date.fromisoformat(path.stem):%d/%m/%Y}") for path in here]
    return render_template("restoring.html", here=named, given=given, errors=errors, asked=asked, picture=picture)


def _asked(path: Path) -> str:
    """Return the request to the two holders for a backup that was chosen, empty where they cannot open it."""
    try:
        wrapped = sealing.wrapped_in(path)
    except (NotSealed, OSError):
        return ""
    return wrapped.request() if wrapped else ""
