"""How sending stands at this moment, in words: for the badge of every page and for the sending page while one waits."""

from math import ceil
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from field_client import status, web
from field_client.jobs import Courier
from field_client.outcome import Outcome
from field_client.pages import words
from field_client.pages.access import ENROLLED, knock
from field_client.progress import Progress, Stage, running
from field_client.trouble import Trouble

bp = Blueprint("going", __name__)
A_MINUTE, AN_HOUR = 60, 3600


@bp.get("/gui-nhan/tien-do")
@knock(ENROLLED)
def now() -> Response:
    """Answer how sending stands; the pages ask every few seconds. Whoever locks by idleness does not count this."""
    return jsonify(told())


@bp.post("/gui-nhan/tam-dung")
@knock(ENROLLED)
def pause() -> AnyResponse:
    """Stop what is going on, and begin nothing by itself for half an hour."""
    sender = courier()
    if sender:
        sender.pause()
    return redirect(url_for("sending.page"), code=303)


def courier() -> Courier | None:
    """Return what sends by itself, None where nothing does."""
    found: Courier | None = current_app.extensions.get("doi178-courier")
    return found


def told() -> dict[str, Any]:
    """Return what a page shows of sending: the badge, what is going on, and what came of the last one."""
    standing, going = status.status(web.db()), running(web.settings().database)
    sender = courier()
    last = sender.last if sender else None
    return {
        "badge": badge(standing),
        "offline": standing.trouble == Trouble.OFFLINE,
        "running": going is not None,
        "paused": bool(sender and sender.paused),
        "stopping": bool(going and going.stopping),
        "sentence": sentence(going) if going else "",
        "detail": detail(going) if going else "",
        "part": going.part() if going else None,
        "last": last[0] if last else 0,
        "said": _said(*last[1:]) if last else "",
        "waiting": [standing.records_waiting, standing.files_waiting],
    }


def _said(halves: frozenset[Any], outcome: Outcome) -> str:
    from field_client.pages.sending import said  # it shows this page

    return said(outcome, halves)


def badge(standing: status.Status) -> str:
    """Say what waits; empty when nothing does."""
    records, files = standing.records_waiting, standing.files_waiting
    if records and files:
        return str(_("Còn %(n)s hồ sơ, %(files)s tệp chờ gửi", n=words.number(records), files=words.number(files)))
    if files:
        return str(_("Còn %(files)s tệp chờ gửi", files=words.number(files)))
    return str(_("Còn %(n)s hồ sơ chờ gửi", n=words.number(records))) if records else ""


def sentence(going: Progress) -> str:
    """Say what a sync is at."""
    if going.stopping:
        return str(_("Đang dừng…"))
    match going.stage:
        case Stage.SEND:
            return str(_("Đang gửi hồ sơ: máy chủ đã nhận %(done)s trên %(all)s.",
                         done=words.number(going.records_done), all=words.number(going.records)))  # fmt: skip
        case Stage.GET:
            return str(_("Đang nhận về: %(n)s thay đổi.", n=words.number(going.received)))
        case Stage.FILES:
            return str(_("Đang gửi ảnh, bản quét: xong %(done)s trên %(all)s tệp, %(part)s trên %(whole)s.",
                         done=words.number(going.files_done), all=words.number(going.files),
                         part=words.megabytes(going.file_bytes_done),
                         whole=words.megabytes(going.file_bytes)))  # fmt: skip
    return str(_("Đang nối với máy chủ…"))


def detail(going: Progress) -> str:
    """Say how much went over the line, how fast, and how long it still takes."""
    amounts = {"up": words.megabytes(going.line.bytes_up), "down": words.megabytes(going.line.bytes_down)}
    rate, left = going.rate, going.seconds_left()
    if not rate:
        return str(_("Đã chuyển lên %(up)s, nhận về %(down)s.", **amounts))
    speed = words.megabytes(round(rate))
    if left is None:
        return str(_("Đã chuyển lên %(up)s, nhận về %(down)s; %(speed)s mỗi giây.", speed=speed, **amounts))
    return str(_("Đã chuyển lên %(up)s, nhận về %(down)s; %(speed)s mỗi giây; %(left)s.", speed=speed,
                 left=duration(left), **amounts))  # fmt: skip


def duration(seconds: float) -> str:
    """Say how long something still takes, as far as anybody can know."""
    if seconds < A_MINUTE:
        return str(_("còn dưới 1 phút"))
    if seconds < AN_HOUR:
        return str(_("còn khoảng %(n)s phút", n=ceil(seconds / A_MINUTE)))
    hours, minutes = divmod(ceil(seconds / A_MINUTE), 60)
    return str(_("còn khoảng %(h)s giờ %(n)s phút", h=hours, n=minutes))
