"""The command about the texts of printed papers: template."""

from pathlib import Path

import click

from schemas import templates
from schemas.text import nfc
from server.changes import apply_one
from server.cli.common import data_option, fail, opened, say, show, user_id
from server.clock import now
from server.office import things


@click.command("template")
@click.argument("purpose", type=click.Choice(sorted(templates.PURPOSES)))
@data_option
@click.option("--set", "file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Tệp mẫu mới.")
@click.option("--builtin", is_flag=True, help="Dùng lại mẫu có sẵn trong chương trình.")
@click.option("--area", default="", help="Mã đơn vị dùng mẫu; mặc định địa bàn của tài khoản.")
@click.option("--epoch", type=click.Choice(["old", "new"]), help="Bản đồ của mã đơn vị.")
@click.option("--name", "title", default="", help="Tên mẫu, ví dụ số văn bản ban hành mẫu.")
@click.option("--as", "name", help="Tên tài khoản của người làm; mặc định là dòng lệnh.")
def template(
    purpose: str, folder: Path, as_json: bool, file: Path | None, builtin: bool, area: str, epoch: str | None,
    title: str, name: str | None,
) -> None:  # fmt: skip
    """In mẫu của một loại giấy tờ để sửa, hoặc đặt mẫu mới cho một địa bàn.

    \b
    Ví dụ:
        doi178-server template minutes --data /srv/doi178 > bien-ban.txt
        doi178-server template minutes --set bien-ban.txt --area 38 --data /srv/doi178
    """
    db = opened(folder)
    if file is None and not builtin:
        _print(things(db.conn, "template"), purpose, area, as_json)
        return
    asked = {"do": "template", "purpose": purpose, "text": file.read_text(encoding="utf-8-sig") if file else "",
             "area": area, "epoch": epoch, "name": title}  # fmt: skip
    given = {key: value for key, value in asked.items() if value or key == "text"}
    answer = apply_one(db, given, author=user_id(db, name) if name else "command", at=now())
    if answer["problems"] or answer["standing"] != "accepted":
        fail("; ".join(answer["problems"].values()) or "Máy chủ chưa nhận được; thử lại.")
    say("Đã đặt mẫu; máy tính của đội dùng từ lần nhận về tiếp theo.")
    if as_json:
        show(answer)


def _print(found: dict[str, dict[str, str]], purpose: str, area: str, as_json: bool) -> None:
    """Print the text that is set for the area, else the program's own."""
    own = [one for one in found.values() if one["purpose"] == purpose and one["text"] and area in ("", one["area"])]
    text = own[-1]["text"] if own else templates.builtin_text(purpose)
    if as_json:
        show({"purpose": purpose, "name": own[-1]["name"] if own else "", "area": own[-1]["area"] if own else "",
              "text": text})  # fmt: skip
    else:
        click.echo(nfc(text), nl=False)


COMMANDS = (template,)
