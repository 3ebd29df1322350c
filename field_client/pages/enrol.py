"""Enrolment: the first page of a new laptop, until the server knows it."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from field_client import clock, web
from field_client.pages.access import OPENED, knock
from field_client.syncing import Trouble, explain
from field_client.vault import office
from sync.enrolment import BadCode, EnrolmentCode
from sync.errors import LineError

bp = Blueprint("enrol", __name__)


@bp.get("/dang-ky")
@knock(OPENED)
def form() -> str:
    """Show the form."""
    return _page({"name": web.meta("name")}, {})


@bp.post("/dang-ky")
@knock(OPENED)
def redeem() -> tuple[str, int] | Response:
    """Redeem the code and fetch the area's register, or show the form again with one sentence at the field."""
    given = {name: request.form.get(name, "").strip() for name in ("code", "name")}
    errors = _wrong(given) or _try(given)
    if errors:
        return _page(given, errors), 422
    office.wrap(web.settings(), web.db().conn, web.key())
    outcome = current_app.extensions["doi178-sync"](web.db())
    if outcome.trouble is Trouble.NONE:
        flash(_("Đã đăng ký máy và nhận dữ liệu của địa bàn."), "good")
    else:
        flash(_("Đã đăng ký máy. Chưa nhận được dữ liệu của địa bàn: bấm “Nhận về” khi có mạng."), "warn")
    return redirect(url_for("today.page"), code=303)


def _page(given: dict[str, str], errors: dict[str, str]) -> str:
    return render_template("enrol.html", given=given, errors=errors, known=web.meta("name"))


def _wrong(given: dict[str, str]) -> dict[str, str]:
    found = {}
    if not given["code"]:
        found["code"] = _("Dán mã đăng ký do văn phòng cấp, bắt đầu bằng D178-.")
    else:
        try:
            EnrolmentCode.parse(given["code"])
        except BadCode as error:
            found["code"] = str(error)
    if not given["name"]:
        found["name"] = _("Nhập tên máy, ví dụ: Máy đội kiểm tra xã Triệu Sơn.")
    elif len(given["name"]) > 120:
        found["name"] = _("Tên máy dài quá 120 ký tự; rút ngắn lại.")
    return found


def _try(given: dict[str, str]) -> dict[str, str]:
    try:
        current_app.extensions["doi178-enrol"](
            web.db(), web.settings().key, given["code"], at=clock.now(), name=given["name"]
        )
    except LineError as error:
        told = explain(error)
        if told.trouble is Trouble.OFFLINE:
            return {"code": _("Chưa có mạng tới máy chủ; nối mạng rồi bấm lại. Mã đăng ký vẫn giữ nguyên ở đây.")}
        return {"code": told.words}
    return {}
