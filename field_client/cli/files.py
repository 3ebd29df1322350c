"""Commands about photos and scans: attach."""

from pathlib import Path

import click

from field_client import clock
from field_client.attachments import attach as attach_file
from field_client.cli.common import data_option, one_sentence, opened, say, show
from field_client.places import NotKnown
from field_client.settings import Settings
from field_client.store.blobs import NotWritten
from field_client.store.own import NotEnrolled
from field_client.taking import Given, NotAttachable
from schemas.attachments import Role
from schemas.privacy import warnings


@click.command("attach")
@click.argument("visit", metavar="CUỘC_KIỂM_TRA")
@click.argument("file", metavar="TỆP", type=click.Path(path_type=Path))
@data_option
@click.option("--scan", is_flag=True, help="Tệp là bản quét giấy tờ, không phải ảnh chụp cơ sở.")
@click.option("--caption", default="", help="Chú thích ngắn.")
@one_sentence(NotKnown, NotEnrolled, NotAttachable, NotWritten)
def attach(settings: Settings, as_json: bool, visit: str, file: Path, scan: bool, caption: str) -> None:
    """Đính kèm một ảnh hoặc bản quét vào cuộc kiểm tra đã chốt; vị trí nơi chụp được xóa khỏi tệp.

    \b
    Ví dụ:
        doi178-field attach 018f6d3c-5a10-7c21-9b44-6f0a1d2e3c45 anh.jpg
    """
    role = Role.SCAN if scan else Role.PHOTO
    kept = attach_file(opened(settings), visit, file, Given(role, caption), at=clock.now())
    for warned in warnings(caption):
        say(warned.label)
    say("Đã đính kèm; tệp được gửi sau hồ sơ, khi có mạng.")
    if as_json:
        show({"id": kept.id, "item": kept.item})


COMMANDS = (attach,)
