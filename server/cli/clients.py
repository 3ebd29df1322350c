"""The command about the laptops' program: client."""

from dataclasses import asdict
from pathlib import Path

import click

from server.cli.common import data_option, needed, one_sentence, opened, say, show
from server.clients.keeping import BadRelease, add, all_of
from server.settings import Settings


@click.command("client")
@click.argument("file", metavar="[TỆP]", required=False, type=click.Path(path_type=Path))
@data_option
@one_sentence(BadRelease)
def client(file: Path | None, folder: Path, as_json: bool) -> None:
    """Đưa bản mới của chương trình máy đội lên máy chủ; không có TỆP thì liệt kê các bản đang có.

    Máy của đội được báo có bản mới khi gửi và nhận, qua mạng hoặc qua gói USB; người dùng bấm mới cài.

    \b
    Ví dụ:
        doi178-server client dist/doi178-field-0.2.0-windows-amd64.zip --data /srv/doi178
    """
    opened(folder).close()
    settings = Settings(needed(folder))
    if file is not None:
        release = add(settings.clients, file)
        say(f"Đã nhận bản {release.version} cho máy {release.platform} ({release.size / 1e6:.0f} MB).")
    found = all_of(settings.clients)
    if as_json:
        show([asdict(one) for one in found])
    elif file is None:
        for one in found:
            click.echo(f"{one.platform}  {one.version}  {one.size / 1e6:.0f} MB")


COMMANDS = (client,)
