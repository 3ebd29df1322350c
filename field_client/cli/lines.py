"""Commands about the line: enrol, sync, status, and run."""

from datetime import datetime

import click

from field_client import clock
from field_client.cli.common import data_option, fail, one_sentence, opened, say, show
from field_client.dates import CLOCK_RIGHT, clock_words
from field_client.enrolment import enrol as enrol_laptop
from field_client.lease import lease
from field_client.running import PortTaken, serve
from field_client.settings import Settings
from field_client.status import receipts, status
from field_client.store.own import NotEnrolled
from field_client.syncing import BOTH, Half, Outcome, Trouble, explain, sync_now
from field_client.vault.keys import WeakPassphrase, WrongPassphrase
from field_client.vault.older import Busy
from sync.enrolment import BadCode
from sync.errors import LineError
from sync.sealed import passphrase_from


@click.command("run")
@data_option
@click.option("--port", type=click.IntRange(0, 65535), help="Cổng trên máy này.  [mặc định: 8179, hoặc cổng trống]")
@click.option("--no-browser", is_flag=True, help="Không mở trình duyệt.")
@one_sentence(PortTaken, WrongPassphrase, WeakPassphrase, Busy)
def run(settings: Settings, as_json: bool, port: int | None, no_browser: bool) -> None:
    """Chạy chương trình của đội và mở trong trình duyệt; đang chạy rồi thì mở lại cửa sổ đó.

    \b
    Ví dụ:
        doi178-field run
    """
    link = serve(
        settings, port=port, passphrase=passphrase_from(None), **({"opens": lambda link: None} if no_browser else {})
    )
    if link:
        say(f"Chương trình đang chạy: {link}")


@click.command("enrol")
@click.argument("code", metavar="MÃ")
@data_option
@click.option("--server", default="", help="Địa chỉ máy chủ, thay cho địa chỉ trong mã.")
@click.option("--name", default="", help="Tên của máy trên máy chủ.  [mặc định: tên máy tính]")
@one_sentence(BadCode)
def enrol(settings: Settings, as_json: bool, code: str, server: str, name: str) -> None:
    """Đăng ký máy này với máy chủ bằng mã đăng ký của văn phòng.

    \b
    Ví dụ:
        doi178-field enrol D178-WyI0ZjE3…
    """
    db = opened(settings)
    try:
        done = enrol_laptop(db, settings.key, code, at=clock.now(), server=server, name=name)
    except LineError as error:
        said = explain(error)
        fail("Không gọi được máy chủ; kiểm tra mạng rồi chạy lại cùng mã này."
             if said.trouble is Trouble.OFFLINE else said.words)  # fmt: skip
        return
    say("Đã đăng ký máy. Nhận dữ liệu về: doi178-field sync")
    if as_json:
        show({"device": done.device, "area": done.area})


@click.command("sync")
@data_option
@click.option("--send", is_flag=True, help="Chỉ gửi.")
@click.option("--get", "get", is_flag=True, help="Chỉ nhận về.")
@one_sentence(NotEnrolled)
def sync(settings: Settings, as_json: bool, send: bool, get: bool) -> None:
    """Gửi hồ sơ đang chờ, rồi nhận về những gì đã thay đổi.

    \b
    Ví dụ:
        doi178-field sync
    """
    asked = frozenset(half for half, wanted in ((Half.SEND, send), (Half.GET, get)) if wanted)
    outcome = sync_now(opened(settings), halves=asked or BOTH)
    if as_json:
        show(outcome.as_dict())
    _tell(outcome)


def _tell(outcome: Outcome) -> None:
    if outcome.trouble:
        fail(f"{outcome.words} Còn {outcome.waiting} hồ sơ chờ gửi.")
    say(f"Máy chủ đã nhận {outcome.sent} hồ sơ; nhận về {outcome.received} thay đổi.")
    if outcome.files_sent:
        say(f"Máy chủ đã nhận {outcome.files_sent} tệp đính kèm.")
    if outcome.notice:
        say(outcome.notice)
    if outcome.waiting:
        say(f"Còn {outcome.waiting} hồ sơ chờ gửi.")
    if outcome.files_waiting:
        say(f"Còn {outcome.files_waiting} tệp đính kèm chờ gửi.")


@click.command("status")
@data_option
def show_status(settings: Settings, as_json: bool) -> None:
    """Cho biết còn gì chờ gửi, máy chủ đã nhận những gì, liên lạc lần cuối lúc nào.

    \b
    Ví dụ:
        doi178-field status --json
    """
    db = opened(settings)
    now = status(db)
    if as_json:
        keys = ("device", "name", "area", "team", "waiting", "drafts", "received", "to_put_right", "standings",
                "last_contact", "server_time", "clock_offset_s", "locked_on",
                "files_waiting", "files_refused")  # fmt: skip
        until = lease(db.conn, clock.now()).until
        told = {key: getattr(now, key) for key in keys} | {"lease_until": until.isoformat() if until else None}
        show(told | {"receipts": receipts(db)})
        return
    click.echo(f"Máy: {now.name or 'chưa đăng ký'}")
    click.echo(f"Còn {now.waiting} hồ sơ chờ gửi, {now.drafts} bản nháp; máy chủ đã nhận {now.received} hồ sơ.")
    if now.files_waiting:
        click.echo(f"Còn {now.files_waiting} tệp đính kèm chờ gửi.")
    if now.files_refused:
        click.echo(f"{now.files_refused} tệp đính kèm máy chủ không nhận; xem ở trang của cuộc kiểm tra.")
    click.echo(f"Liên lạc lần cuối: {_local(now.last_contact) or 'chưa có'}")
    if now.to_put_right:
        click.echo(f"{now.to_put_right} hồ sơ máy chủ đã nhận nhưng cần xem lại.")
    if now.locked_on:
        click.echo(f"Văn phòng đã khóa máy này từ ngày {now.locked_on}; mở lại bằng mã đăng ký mới.")
    off = clock.read(db.conn, clock.now()).off_s
    if abs(off) > CLOCK_RIGHT:
        click.echo(f"{clock_words(off)}; chỉnh lại ngày giờ của máy.")
    if now.words:
        click.echo(now.words)


def _local(instant: str) -> str:
    """Write an instant as people read it in Vietnam; empty stays empty."""
    return f"{datetime.fromisoformat(instant).astimezone(clock.VIETNAM):%H:%M ngày %d/%m/%Y}" if instant else ""


COMMANDS = (run, enrol, sync, show_status)
