"""Commands that prove and keep what is on this laptop: reconcile, backup, restore."""

import sys
from pathlib import Path
from typing import Any

import click

from field_client import clock
from field_client.cli.common import asked, data_option, fail, one_sentence, opened, opened_with_key, say, show
from field_client.recovery import backup, backup_by_key, restore, restore_opened
from field_client.settings import Settings
from field_client.store.own import NotEnrolled
from field_client.syncing import explain
from field_client.syncing import reconcile as reconcile_now
from field_client.vault import keys
from field_client.vault.keys import WeakPassphrase, WrongPassphrase
from field_client.vault.office import NoRecovery, open_by, request
from field_client.vault.older import Busy, NotCopied
from field_client.vault.opening import State, state, unlock
from field_client.vault.sealing import opened_by_answer, wrapped_in
from sync.errors import LineError
from sync.locks import Taken
from sync.recovery_key import BadText
from sync.room import NotInPlace
from sync.sealed import Closing, NotSealed, passphrase_from

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
    db, key = opened_with_key(settings)
    if key and passphrase_file is None:
        backup_by_key(db, settings, file, key, clock.now())
    else:
        passphrase = passphrase_from(passphrase_file) or _asked(confirmation_prompt="Nhập lại mật khẩu")
        backup(db, settings, file, passphrase, clock.now())
    say(f"Đã lưu vào {file} và đọc lại được.")
    if as_json:
        show({"file": str(file), "bytes": file.stat().st_size})


@click.command("restore")
@click.argument("file", metavar="TỆP", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@data_option
@_passphrase_option
@click.option("--recovery", is_flag=True, help="Quên mật khẩu: hai người giữ khóa dự phòng trả lời mã yêu cầu.")
@click.option("--replace", is_flag=True, help="Máy đã có dữ liệu: cất sang một bên rồi thay bằng bản lưu.")
@one_sentence(NotSealed, NotInPlace, BadText)
def restore_command(
    settings: Settings, as_json: bool, file: Path, passphrase_file: Path | None, recovery: bool, replace: bool
) -> None:
    """Dựng lại dữ liệu của máy từ bản lưu; lần gửi đầu sẽ lấy về những gì máy đã ghi sau bản lưu.

    \b
    Ví dụ:
        doi178-field restore /media/usb/may-1.backup
    """
    folder = settings.data.absolute()
    aside = folder.with_name(f"{folder.name}.truoc-{clock.now():%Y%m%d-%H%M%S}") if replace else None
    if recovery:
        device = restore_opened(file, *_by_the_holders(file), folder, aside=aside)
    else:
        device = restore(file, passphrase_from(passphrase_file) or _asked(), folder, aside=aside)
    kept = aside if aside and aside.exists() else None
    say(f"Đã dựng lại dữ liệu trong {folder}. Khi có mạng, chạy: doi178-field sync")
    if kept:
        say(f"Thư mục cũ nằm ở {kept}.")
    if as_json:
        show({"device": device, "aside": str(kept) if kept else None})


def _by_the_holders(file: Path) -> tuple[Closing, bytes]:
    wrapped = wrapped_in(file)
    if wrapped is None:
        fail("Bản lưu này không mở được bằng khóa dự phòng; nhập mật khẩu của ngày lưu.")
    else:
        say(f"Mã yêu cầu, đọc cho hai người giữ khóa dự phòng:\n{wrapped.request()}")
    return opened_by_answer(file, str(click.prompt("Mã trả lời", err=True)))


@click.command("passphrase")
@data_option
@click.option("--recovery", is_flag=True, help="Quên mật khẩu: hai người giữ khóa dự phòng trả lời mã yêu cầu.")
@one_sentence(WrongPassphrase, WeakPassphrase, NoRecovery, BadText, Busy, NotCopied)
def passphrase_command(settings: Settings, as_json: bool, recovery: bool) -> None:
    """Đổi mật khẩu của dữ liệu trên máy này, hoặc đặt mật khẩu đầu tiên và mã hóa dữ liệu chưa mã hóa.

    \b
    Ví dụ:
        doi178-field passphrase
    """
    if recovery:
        say(f"Mã yêu cầu, đọc cho hai người giữ khóa dự phòng:\n{request(settings)}")
        open_by(settings, str(click.prompt("Mã trả lời", err=True)), _new())
    elif state(settings) is State.CLOSED:
        vault = keys.read(settings.vault)
        assert vault is not None, "it is encrypted"
        keys.change(settings.vault, vault.open(passphrase_from(None) or asked(first=False)), _new())
    else:
        unlock(settings, passphrase_from(None) or asked(first=True))
    say("Đã đặt mật khẩu.")
    if as_json:
        show({"encrypted": True})


def _new() -> str:
    return str(click.prompt("Mật khẩu mới (ít nhất 10 ký tự)", hide_input=sys.stdin.isatty(), err=True,
                            confirmation_prompt="Nhập lại mật khẩu mới" if sys.stdin.isatty() else False))  # fmt: skip


COMMANDS = (reconcile, backup_command, restore_command, passphrase_command)
