"""Commands that keep and prove what there is: verify, backup, restore, lost."""

import sys
from pathlib import Path
from typing import Any

import click

from server.arrivals.checkpoint import note_result, start_over
from server.audit.proof import forget
from server.cli.common import data_option, fail, needed, one_sentence, opened, say, show
from server.clock import local_day, now
from server.recovery import lost as losses
from server.recovery.backup import Made, backup, is_on_another_disk, is_safe
from server.recovery.nightly import prove
from server.recovery.restore import Restored, restore
from server.settings import Settings
from server.store import reading
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


@click.command("verify")
@data_option
@click.option("--whole", is_flag=True, help="Dựng lại mọi thứ từ đầu, không dùng kết quả của lần trước.")
def verify(folder: Path, as_json: bool, whole: bool) -> None:
    """Kiểm chứng: chuỗi tiếp nhận nguyên vẹn, đủ nội dung, số liệu đúng như dựng lại từ hồ sơ.

    \b
    Ví dụ:
        doi178-server verify --whole --data /srv/doi178
    """
    db = opened(folder)
    settings = Settings(folder)
    try:
        if whole:
            start_over(settings.verified)
            forget(settings.verified)
        verdict = prove(db, settings)
    except Taken:
        fail("Đang có một lần kiểm chứng khác; chờ xong rồi chạy lại.")
        return
    note_result(db, verdict, now())
    if as_json:
        show({"arrivals": verdict.arrivals, "erased": verdict.erased, "problems": list(verdict.problems),
              "from": verdict.since, "checked": verdict.arrivals - verdict.since})  # fmt: skip
    else:
        again = f"; dựng lại từ lượt {verdict.since + 1}" if verdict.since else ""
        click.echo(f"{verdict.arrivals} lượt tiếp nhận, {verdict.erased} hồ sơ đã xóa nội dung{again}.")
        for problem in verdict.problems:
            click.echo(problem)
    if verdict.problems:
        fail(f"Có {len(verdict.problems)} điều không khớp; giữ nguyên thư mục dữ liệu và đối chiếu với bản lưu.")


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@data_option
@_passphrase_option
@click.option("--another-disk", is_flag=True, help="Tệp nằm ở ổ đĩa hoặc máy khác, dù hệ thống không thấy điều đó.")
@one_sentence(NotSealed)
def backup_command(
    file: Path, folder: Path, as_json: bool, passphrase_file: Path | None, another_disk: bool
) -> None:
    """Lưu cả máy chủ vào một tệp mã hóa, trong khi máy chủ vẫn chạy; đọc lại để thử ngay.

    \b
    Ví dụ:
        doi178-server backup /media/usb/doi178-2026-11-26.backup --data /srv/doi178
    """
    db = opened(folder)
    settings = Settings(folder)
    passphrase = passphrase_from(passphrase_file) or _asked(confirmation_prompt="Nhập lại mật khẩu")
    made = backup(db, settings, file, passphrase, now())
    safe = another_disk or is_on_another_disk(settings, file)
    if safe:
        is_safe(db, made)
    _tell_backup(made, as_json, "" if safe else " Tệp ở cùng ổ đĩa với dữ liệu: chép sang ổ đĩa khác.", safe)


def _tell_backup(made: Made, as_json: bool, advice: str, safe: bool) -> None:
    say(f"Đã lưu đến lượt tiếp nhận {made.seq} vào {made.path} và đọc lại được.{advice}")
    if as_json:
        show({"file": str(made.path), "lineage": made.lineage, "seq": made.seq, "files": made.files,
              "bytes": made.size, "another_disk": safe})  # fmt: skip


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@data_option
@_passphrase_option
@click.option("--replace", is_flag=True, help="Thư mục đã có dữ liệu: cất sang một bên rồi thay bằng bản lưu.")
@one_sentence(NotSealed, NotInPlace)
def restore_command(
    file: Path, folder: Path | None, as_json: bool, passphrase_file: Path | None, replace: bool
) -> None:
    """Dựng lại máy chủ từ bản lưu, trong một thư mục trống của máy này.

    \b
    Ví dụ:
        doi178-server restore /media/usb/doi178-2026-11-26.backup --data /srv/doi178
    """
    target = needed(folder)
    passphrase = passphrase_from(passphrase_file) or _asked()
    moment = now()
    aside = target.absolute().with_name(f"{target.absolute().name}.truoc-{moment:%Y%m%d-%H%M%S}") if replace else None
    restored = restore(file, passphrase, target, moment, aside=aside)
    _tell_restore(restored, target)
    if as_json:
        show({"seq": restored.seq, "former": restored.former, "lineage": restored.lineage,
              "again": list(restored.again), "not_again": list(restored.not_again),
              "aside": str(restored.aside) if restored.aside else None})  # fmt: skip


def _tell_restore(restored: Restored, folder: Path) -> None:
    say(f"Đã dựng lại máy chủ trong {folder}, đến lượt tiếp nhận {restored.seq}.")
    for sentence in restored.again:
        say(f"Đã làm lại: {sentence}.")
    for sentence in restored.not_again:
        say(f"Chưa làm lại được: {sentence}")
    if restored.aside:
        say(f"Thư mục cũ nằm ở {restored.aside}.")
    say("Các máy của đội sẽ tự gửi lại những gì bản lưu không có. Chạy tiếp:")
    say(f"  doi178-server run --data {folder}")
    say(f"  doi178-server lost --data {folder}")


@click.command("lost")
@data_option
def lost(folder: Path, as_json: bool) -> None:
    """Cho biết sau khi khôi phục: các máy đã thấy những gì mà bản lưu không có, và gì đã nhận lại.

    \b
    Ví dụ:
        doi178-server lost --data /srv/doi178
    """
    with reading(opened(folder)) as conn:
        found = losses.lost(conn)
    if as_json:
        show([one.as_dict() for one in found])
        return
    if not found:
        click.echo("Máy chủ này chưa lần nào được khôi phục.")
    for one in found:
        _tell_lost(one)


def _tell_lost(one: losses.Lost) -> None:
    when = f"Khôi phục ngày {local_day(one.ended_at):%d/%m/%Y}" if one.ended_at else "Một lần khôi phục khác"
    click.echo(f"{when}: bản lưu có đến lượt tiếp nhận {one.shared_to}, các máy đã thấy đến lượt {one.seen_to}.")
    click.echo(f"  {len(one.back)} hồ sơ đã nhận lại, {len(one.awaited)} hồ sơ còn chờ gửi lại.")
    for row in one.awaited:
        click.echo(f"  Còn chờ: hồ sơ {row['item']}, lượt {row['seq']}, máy {row['device']}.")
    for first, last in one.missing:
        numbers = f"Lượt {first}" if first == last else f"Các lượt {first} đến {last}"
        click.echo(f"  {numbers}: chưa máy nào nhận là của mình (thay đổi tình trạng, việc của văn phòng,"
                   " hoặc máy chưa liên lạc lại).")  # fmt: skip


COMMANDS = (verify, backup_command, restore_command, lost)
