"""Commands about the USB stick: bundle in, bundle out."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from server.bundle import Handover, Taken, bundle_in, bundle_out
from server.cli.common import data_option, fail, keys_of, needed, one_sentence, opened, say, show
from server.clock import now
from server.settings import Settings
from sync.bundle import new_files, part_name
from sync.errors import BadBundle


@click.group("bundle")
def bundle() -> None:
    """Gói dữ liệu USB: nhận gói của một máy, xuất gói cho một máy."""


@bundle.command("in")
@click.argument("file", metavar="TỆP", type=click.Path(path_type=Path))
@data_option
@click.option(
    "--return", "back", metavar="TỆP", required=True, type=click.Path(path_type=Path), help="Tệp trả về để ghi mới."
)
@one_sentence(BadBundle)
def take_in(file: Path, folder: Path, as_json: bool, back: Path) -> None:
    """Nhận gói dữ liệu USB của một máy và ghi gói trả về cho chính máy đó.

    \b
    Ví dụ:
        doi178-server bundle in /media/usb/may-3.d178 --return /media/usb/may-3-tra-ve.d178 --data /srv/doi178
    """
    with _readable(file) as given, new_files(back) as open_part:
        taken = bundle_in(_server(folder), given, open_part, at=now())
    say(f"Đã nhận {taken.items} hồ sơ của máy {taken.name}, trong đó {taken.repeats} hồ sơ đã nhận từ trước.")
    if taken.attachments or taken.refused:
        say(f"Đã nhận {taken.attachments} ảnh và bản quét; {taken.refused} tệp không nhận được.")
    if taken.locked:
        say("Máy này đã bị khóa: hồ sơ được giữ lại để văn phòng xem, gói trả về không có dữ liệu mới.")
    if taken.more:
        say("Gói của máy còn phần tiếp theo; nhận từng phần, theo thứ tự nào cũng được.")
    _written(taken, back, as_json)


@bundle.command("out")
@click.argument("file", metavar="TỆP", type=click.Path(path_type=Path))
@data_option
@click.option("--device", required=True, metavar="MÃ", help="Mã của máy, như doi178-field status in ra.")
@one_sentence(BadBundle)
def write_out(file: Path, folder: Path, as_json: bool, device: str) -> None:
    """Xuất dữ liệu cho một máy không có mạng, khi máy đó chưa gửi gì đến.

    \b
    Ví dụ:
        doi178-server bundle out --device 018f6d3c-… /media/usb/may-3.d178 --data /srv/doi178
    """
    with new_files(file) as open_part:
        written = bundle_out(_server(folder), device, open_part, at=now())
    _written(written, file, as_json)


def _server(folder: Path) -> Handover:
    return Handover(opened(folder), keys_of(needed(folder)), Settings(folder).files)


def _written(taken: Taken, path: Path, as_json: bool) -> None:
    files = [str(part_name(path, number)) for number in range(1, taken.parts + 1)]
    say(f"Đã ghi {', '.join(files)}; mang đến máy {taken.name} và nhận theo thứ tự này.")
    if as_json:
        show(taken.as_dict() | {"files": files})


@contextmanager
def _readable(path: Path) -> Iterator[BinaryIO]:
    try:
        file = path.open("rb")
    except OSError:
        fail(f"Không đọc được {path}; cắm USB, kiểm tra tên tệp rồi chạy lại.")
        return
    with file:
        yield file


COMMANDS = (bundle,)
