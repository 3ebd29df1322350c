"""The USB stick at the office: a laptop's bundle is taken in and its return handed out; data for a laptop."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any, BinaryIO, cast

from flask import Blueprint, g, render_template, request, send_file
from werkzeug.wrappers import Response

from schemas.text import fold, sort_key
from server import web
from server.access import may
from server.bundle import Handover, Taken, bundle_in, bundle_out
from server.clock import VIETNAM, now
from server.office import things
from server.pages.areas import inside
from server.settings import UPLOAD_LIMIT
from server.store import get_meta
from sync.bundle import Opener
from sync.errors import BadBundle

bp = Blueprint("stick", __name__, url_prefix="/may-tinh/goi-du-lieu")
_OUTSIDE = "Máy {name} ở ngoài địa bàn của tài khoản này; nhờ người phụ trách địa bàn đó nhận gói."
_TOO_LONG = "Gói trả về lớn hơn 2 GB; dùng lệnh doi178-server bundle in trên máy chủ."


@bp.url_value_preprocessor
def allow_files(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Let a bundle be longer than other requests; it goes to a file on the disk as it comes in."""
    request.max_content_length = UPLOAD_LIMIT


@bp.get("")
@may("laptops.keep")
def page() -> str:
    """Show both forms."""
    return _shown({})


@bp.post("")
@may("laptops.keep")
def take_in() -> Response | tuple[str, int]:
    """Take in a laptop's bundle and hand out its return, or show the page with one sentence at the field."""
    given = request.files.get("bundle")
    if given is None or not given.filename:
        return _shown({"bundle": "Chọn gói của máy trên USB."}), 422
    file = cast(BinaryIO, given.stream)
    return _handed_out("bundle", lambda back: bundle_in(_server(), file, back, at=now(), allowed=_within_the_area))


@bp.post("/xuat")
@may("laptops.keep")
def write_out() -> Response | tuple[str, int]:
    """Hand out data for a laptop that brought nothing."""
    id = request.form.get("device", "")
    if id not in dict(_laptops()):
        return _shown({"device": "Chọn máy."}), 422
    return _handed_out("device", lambda out: bundle_out(_server(), id, out, at=now()))


def _server() -> Handover:
    return Handover(web.db(), web.keys(), web.settings().files)


def _shown(errors: dict[str, str]) -> str:
    return render_template("stick.html", errors=errors, laptops=_laptops(), chosen=request.form.get("device", ""))


def _handed_out(name: str, write: Callable[[Opener], Taken]) -> Response | tuple[str, int]:
    file = tempfile.TemporaryFile(dir=web.settings().data)  # noqa: SIM115  # the answer closes it, once it is sent
    try:
        taken = write(_into(file))
    except BadBundle as error:
        file.close()
        return _shown({name: str(error)}), 422
    file.seek(0)
    return send_file(file, "application/octet-stream", as_attachment=True, download_name=_file_name(taken.name))


def _into(file: IO[bytes]) -> Opener:
    @contextmanager
    def open_part(number: int) -> Iterator[BinaryIO]:
        if number > 1:
            raise BadBundle(_TOO_LONG)
        yield cast(BinaryIO, file)

    return open_part


def _file_name(laptop: str) -> str:
    """Name the file after the laptop that it is for, in letters that every stick takes."""
    plain = "-".join("".join(letter if letter.isalnum() else " " for letter in fold(laptop)).split())
    return f"doi178-tra-ve-{plain or 'may'}-{now().astimezone(VIETNAM):%Y%m%d-%H%M}.d178"


def _within_the_area(device: dict[str, Any]) -> None:
    if not inside(web.tree(), g.user["unit"], device["unit"]):
        raise BadBundle(_OUTSIDE.format(name=device["name"]))


def _laptops() -> list[tuple[str, str]]:
    """Return id and name of the laptops of the area that data may be written for."""
    conn, tree = web.db().conn, web.tree()
    office = get_meta(conn, "office_device")
    found = [
        (id, str(state["name"]))
        for id, state in things(conn, "device").items()
        if id != office and state.get("public_key") and state.get("area")
        and not state.get("revoked_on") and not state.get("retired_on")
        and inside(tree, g.user["unit"], f"{state['epoch']}:{state['area']}")
    ]  # fmt: skip
    return sorted(found, key=lambda laptop: sort_key(laptop[1]))
