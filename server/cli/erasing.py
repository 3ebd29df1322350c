"""The command that erases what should never have been written."""

import getpass
from pathlib import Path

import click

from server.changes.desk import Desk, Unclear
from server.changes.erasing import erase as erase_item
from server.cli.common import data_option, fail, opened, say, show, user_id
from server.clock import local_day, now
from server.files.keeping import drop_orphans
from server.settings import Settings


@click.command("erase")
@click.argument("name")
@data_option
@click.option("--ground", required=True, help="Căn cứ: văn bản hoặc quy định nào.")
@click.option("--keep-rest", is_flag=True, help="Đã xem: các mục còn đang dùng của hồ sơ không có thông tin phải xóa.")
@click.option("--as", "person", help="Tên tài khoản của người xóa; mặc định là người dùng của máy chủ này.")
def erase(name: str, folder: Path, as_json: bool, ground: str, keep_rest: bool, person: str | None) -> None:
    """Xóa nội dung một hồ sơ, theo mã kiểm chứng: ở đây, ở các bản lưu sau, và trên các máy ở lần kết nối tới.

    \b
    Ví dụ:
        doi178-server erase 5c3259de… --ground "Công văn số 12" --data /srv/doi178
    """
    db, at = opened(folder), now()
    author = user_id(db, person) if person else getpass.getuser()
    asked = {"item": name, "ground": ground, "keep_rest": keep_rest}
    try:
        receipt = erase_item(db, Desk(db.conn, author, local_day(at)), asked, at)
    except Unclear as unclear:
        fail(" ".join(dict.fromkeys(unclear.problems.values())))
        return
    drop_orphans(db, Settings(folder).files, at)
    say("Đã xóa nội dung. Các bản lưu làm trước đây vẫn còn nội dung này; khi khôi phục từ chúng, máy chủ sẽ xóa lại.")
    if as_json:
        show({"item": name, "erasure": receipt.item})


COMMANDS = (erase,)
