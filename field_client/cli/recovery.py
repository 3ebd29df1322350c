"""Commands that prove and keep what is on this laptop: reconcile, backup, restore."""

import sys
from pathlib import Path
from typing import Any

import click

from field_client import clock
from field_client.cli.common import data_option, fail, one_sentence, opened, say, show
from field_client.recovery import backup, restore
from field_client.settings import Settings
from field_client.store.own import NotEnrolled
from field_client.syncing import explain
from field_client.syncing import reconcile as reconcile_now
from sync.errors import LineError
from sync.locks import Taken
from sync.room import NotInPlace
from sync.sealed import NotSealed, passphrase_from

_passphrase_option = click.option(
    "--passphrase-file", type=click.Path(path_type=Path), help="Tệp chứa mật khẩu; không có thì chương trình hỏi."
)


def _asked(**more: Any) -> str:
    if not sys.stdin.isatty():
        fail("Cần mật khẩu của bản lưu: đặt DOI178_PASSPHRASE, hoặc thêm --passphrase-file TỆP.")
    return str(click.prompt("Mật khẩu của bản lưu", hide_input=True, err=True, **more))


@click.command("reconcile")
@data_option
@one_sentence(NotEnrolled)
def reconcile(settings: Settings, as_json: bool) -> None:
    """Đối soát với máy chủ: từng hồ sơ ghi trên máy này, hai bên có giữ như nhau không.

    \b
    Ví dụ:
        doi178-field reconcile
    """
    try:
        found = reconcile_now(opened(settings))
    except Taken:
        fail("Đang gửi và nhận ở cửa sổ khác của chương trình; chờ xong rồi chạy lại.")
        return
    except LineError as error:
        fail(explain(error).words)
        return
    if as_json:
        show({"agree": not found, "differences": [one.as_dict() for one in found]})
    if not found:
        say("Khớp hoàn toàn.")
    for one in found:
        say(one.sentence)
    left = sum(not one.mended for one in found)
    if left:
        fail(f"Còn {left} hồ sơ không khớp; báo văn phòng.")


@click.command("backup")
@click.argument("file", metavar="TỆP", type=click.Path(path_type=Path))
@data_option
@_passphrase_option
@one_sentence(NotSealed)
def backup_command(settings: Settings, as_json: bool, file: Path, passphrase_file: Path | None) -> None:
    """Lưu mọi thứ trên máy này vào một tệp mã hóa, kể cả bản nháp; đọc lại để thử ngay.

    \b
    Ví dụ:
        doi178-field backup /media/usb/may-1.backup
    """
    db = opened(settings)
    passphrase = passphrase_from(passphrase_file) or _asked(confirmation_prompt="Nhập lại mật khẩu")
    backup(db, settings, file, passphrase, clock.now())
    say(f"Đã lưu vào {file} và đọc lại được.")
    if as_json:
        show({"file": str(file), "bytes": file.stat().st_size})


@click.command("restore")
@click.argument("file", metavar="TỆP", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@data_option
@_passphrase_option
@click.option("--replace", is_flag=True, help="Máy đã có dữ liệu: cất sang một bên rồi thay bằng bản lưu.")
@one_sentence(NotSealed, NotInPlace)
def restore_command(
    settings: Settings, as_json: bool, file: Path, passphrase_file: Path | None, replace: bool
) -> None:
    """Dựng lại dữ liệu của máy từ bản lưu; lần gửi đầu sẽ lấy về những gì máy đã ghi sau bản lưu.

    \b
    Ví dụ:
        doi178-field restore /media/usb/may-1.backup
    """
    folder = settings.data.absolute()
    passphrase = passphrase_from(passphrase_file) or _asked()
    aside = folder.with_name(f"{folder.name}.truoc-{clock.now():%Y%m%d-%H%M%S}") if replace else None
    device = restore(file, passphrase, folder, aside=aside)
    kept = aside if aside and aside.exists() else None
    say(f"Đã dựng lại dữ liệu trong {folder}. Khi có mạng, chạy: doi178-field sync")
    if kept:
        say(f"Thư mục cũ nằm ở {kept}.")
    if as_json:
        show({"device": device, "aside": str(kept) if kept else None})


COMMANDS = (reconcile, backup_command, restore_command)
