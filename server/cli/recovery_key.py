"""Commands about the recovery key of laptops: recovery-key make, recovery-key answer."""

import sys
from pathlib import Path

import click
import qrcode

from server import recovery_key
from server.cli.common import data_option, one_sentence, opened, say, show
from server.clock import now
from sync.recovery_key import BadText, answer


@click.group("recovery-key")
def group() -> None:
    """Khóa dự phòng: mở lại máy của đội khi quên mật khẩu."""


@group.command("make")
@data_option
@click.option("--holder", "holders", multiple=True, required=True, help="Người giữ một nửa khóa; ghi hai lần.")
def make(folder: Path, as_json: bool, holders: tuple[str, ...]) -> None:
    """Tạo khóa dự phòng và in hai nửa một lần, mỗi nửa cho một người; máy chủ không giữ nửa nào.

    \b
    Ví dụ:
        doi178-server recovery-key make --holder "Nguyễn Văn A" --holder "Trần Thị B" --data /srv/doi178
    """
    if len(set(holders)) != 2:
        raise click.UsageError("Cần đúng hai người giữ khóa: --holder TÊN --holder TÊN.")
    made = recovery_key.make_key(opened(folder), (holders[0], holders[1]), now())
    for name, half in zip(holders, made.halves, strict=True):
        click.echo(f"\nNửa khóa của {name} – in ra, cho vào phong bì dán kín, không chụp, không lưu tệp:\n\n{half}\n")
        _picture(half)
    say("Hai nửa khóa chỉ hiện lần này. Máy đăng ký từ nay nhận khóa dự phòng; máy đã đăng ký thì nhập mã sau đây"
        f" ở trang Bảo vệ máy:\n{made.public}")  # fmt: skip
    if as_json:
        show({"public": made.public, "holders": list(holders)})


@group.command("answer")
@click.argument("request", metavar="MÃ_YÊU_CẦU", nargs=-1, required=True)
@data_option
@one_sentence(BadText)
def answer_command(folder: Path | None, as_json: bool, request: tuple[str, ...]) -> None:
    """Trả lời mã yêu cầu của một máy quên mật khẩu, khi cả hai người giữ khóa có mặt; không lưu gì, không cần máy chủ.

    \b
    Ví dụ:
        doi178-server recovery-key answer "LEXA BCDE …"
    """
    halves = [_half(which) for which in ("thứ nhất", "thứ hai")]
    told = answer(" ".join(request), *halves)
    if as_json:
        show({"answer": told})
        return
    click.echo(f"\nMã trả lời, nhập vào máy đang chờ:\n\n{told}\n")
    _picture(told)


def _half(which: str) -> str:
    typed = sys.stdin.isatty()
    return str(click.prompt(f"Nửa khóa {which}", hide_input=typed, err=True))


def _picture(text: str) -> None:
    code = qrcode.QRCode(border=2)
    code.add_data(text.replace(" ", ""))
    code.print_ascii(invert=True)


COMMANDS = (group,)
