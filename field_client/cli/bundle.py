"""Commands about the USB stick: bundle out, bundle in."""

from pathlib import Path

import click

from field_client import clock
from field_client.bundle import Handover, bundle_in, bundle_out
from field_client.cli.common import data_option, fail, one_sentence, opened, say, show
from field_client.settings import Settings
from field_client.store.own import NotEnrolled
from sync.bundle import new_files, part_name
from sync.errors import BadBundle


@click.group("bundle")
def bundle() -> None:
    """Gói dữ liệu USB: xuất ra USB, nhận từ USB."""


@bundle.command("out")
@click.argument("file", metavar="TỆP", type=click.Path(path_type=Path))
@data_option
@one_sentence(BadBundle, NotEnrolled)
def write_out(settings: Settings, as_json: bool, file: Path) -> None:
    """Xuất ra USB mọi hồ sơ đang chờ gửi, để mang đến máy chủ.

    \b
    Ví dụ:
        doi178-field bundle out /media/usb/may-3.d178
    """
    db = opened(settings)
    with new_files(file) as open_part:
        sent = bundle_out(Handover.of(db, settings), open_part, at=clock.now())
    files = [str(part_name(file, number)) for number in range(1, sent.parts + 1)]
    say(f"Đã xuất {sent.items} hồ sơ, {sent.attachments} ảnh và bản quét ra {', '.join(files)}.")
    say("Mang USB đến máy chủ, rồi nhận gói trả về.")
    if as_json:
        show(sent.as_dict() | {"files": files})


@bundle.command("in")
@click.argument("file", metavar="TỆP", type=click.Path(path_type=Path))
@data_option
@one_sentence(BadBundle, NotEnrolled)
def take_in(settings: Settings, as_json: bool, file: Path) -> None:
    """Nhận từ USB gói trả về của máy chủ.

    \b
    Ví dụ:
        doi178-field bundle in /media/usb/may-3-tra-ve.d178
    """
    db = opened(settings)
    try:
        given = file.open("rb")
    except OSError:
        fail(f"Không đọc được {file}; cắm USB, kiểm tra tên tệp rồi chạy lại.")
        return
    with given:
        got = bundle_in(Handover.of(db, settings), given, at=clock.now())
    say(f"Máy chủ đã nhận {got.sent} hồ sơ; nhận về {got.received} thay đổi.")
    if got.more:
        say("Gói trả về còn phần tiếp theo; nhận phần đó nữa.")
    if got.waiting:
        say(f"Còn {got.waiting} hồ sơ chờ gửi.")
    if as_json:
        show(got.as_dict())


COMMANDS = (bundle,)
