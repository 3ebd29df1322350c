"""The two buttons for the USB stick: a bundle to carry to the server, and the return that comes back."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, BinaryIO, cast

from flask import Blueprint, flash, redirect, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from field_client import clock, web
from field_client.bundle import Got, Handover, bundle_in, bundle_out
from field_client.pages import sending, words
from field_client.pages.access import ENROLLED, knock
from schemas.text import fold
from sync.errors import BadBundle

bp = Blueprint("stick", __name__)
LIMIT = 1_000_000_000  # what the program's own web server takes


@bp.url_value_preprocessor
def allow_files(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Let a return file be as long as it is; it goes to a file on the disk as it comes in."""
    request.max_content_length = LIMIT


@bp.post("/gui-nhan/xuat-usb")
@knock(ENROLLED)
def write_out() -> Response | tuple[str, int]:
    """Hand the browser a bundle with everything that waits, to be saved on the stick."""
    file = tempfile.TemporaryFile(dir=web.settings().data)  # noqa: SIM115  # the answer closes it, once it is sent
    try:
        bundle_out(_laptop(), _into(file), at=clock.now())
    except BadBundle as error:
        file.close()
        return sending.shown({"stick": str(error)}), 422
    file.seek(0)
    return send_file(file, "application/octet-stream", as_attachment=True, download_name=_name())


def _laptop() -> Handover:
    return Handover.of(web.db(), web.settings())


def _into(file: IO[bytes]) -> Any:
    @contextmanager
    def open_part(number: int) -> Iterator[BinaryIO]:
        if number > 1:
            raise BadBundle(_("Gói lớn hơn 2 GB; xuất bằng lệnh: doi178-field bundle out TỆP"))
        yield cast(BinaryIO, file)

    return open_part


def _name() -> str:
    """Name the file so that the office sees from which laptop and when, in letters that every stick takes."""
    laptop = "-".join("".join(letter if letter.isalnum() else " " for letter in fold(web.meta("name"))).split())
    return f"doi178-{laptop or 'may'}-{clock.now().astimezone(clock.VIETNAM):%Y%m%d-%H%M}.d178"


@bp.post("/gui-nhan/nhan-usb")
@knock(ENROLLED)
def take_in() -> Response | tuple[str, int]:
    """Take in the return, or show the page again with one sentence at the field."""
    given = request.files.get("return")
    if given is None or not given.filename:
        return sending.shown({"return": _("Chọn gói trả về của máy chủ trên USB.")}), 422
    try:
        got = bundle_in(_laptop(), cast(BinaryIO, given.stream), at=clock.now())
    except BadBundle as error:
        return sending.shown({"return": str(error)}), 422
    flash(_said(got), "warn" if got.more else "good")
    return redirect(url_for("sending.page"), code=303)


def _said(got: Got) -> str:
    counts = {"n": words.number(got.sent), "m": words.number(got.received)}
    said = _("Máy chủ đã nhận %(n)s hồ sơ; nhận về %(m)s thay đổi.", **counts)
    return f"{said} {_('Gói trả về còn phần tiếp theo; nhận phần đó nữa.')}" if got.more else str(said)
