"""Commands about the accounts of the office: adding one, inviting anew, opening one that is locked."""

from pathlib import Path

import click

from server.address import address_of
from server.audit import Entry, note
from server.cli.common import data_option, one_sentence, opened, say, show, unit_key, user_id
from server.clock import now
from server.pages.words import moment
from server.people import invitations, lockout, second, sessions
from server.people.users import BadUser, add_user
from server.rights import ROLES
from server.store import writing


@click.group("user")
def user() -> None:
    """Tài khoản của văn phòng."""


@user.command("add")
@click.argument("name")
@data_option
@click.option("--role", type=click.Choice(ROLES), required=True, help="Vai trò.")
@click.option("--area", required=True, help="Mã đơn vị hành chính của địa bàn.")
@click.option("--epoch", type=click.Choice(["old", "new"]), default="new", show_default=True, help="Bản đồ.")
@click.option("--password", help="Mật khẩu; không có thì chương trình hỏi.")
@click.option("--demo", is_flag=True, help="Tài khoản dùng thử: không hỏi mã 6 số. Không dùng cho số liệu thật.")
@one_sentence(BadUser)
def user_add(
    name: str, folder: Path, as_json: bool, role: str, area: str, epoch: str, password: str | None, demo: bool
) -> None:
    """Thêm một tài khoản. Vai trò police và admin cài mã 6 số ở lần đăng nhập đầu.

    \b
    Ví dụ:
        doi178-server user add hanh --role coordinator --area 38 --data /srv/doi178
    """
    db = opened(folder)
    unit = unit_key(db, area, epoch)
    secret = password or click.prompt("Mật khẩu", hide_input=True, confirmation_prompt=True, err=True)
    also = {"demo": True} if demo else None
    id = add_user(db, name, role=role, unit=unit, password=secret, author="command", at=now(), also=also)
    say(f"Đã thêm tài khoản {name}.")
    if as_json:
        show({"id": id})


@user.command("invite")
@click.argument("name")
@data_option
@click.option("--reset-code", is_flag=True, help="Cũng bỏ mã 6 số đã cài, khi mất điện thoại.")
def user_invite(name: str, folder: Path, as_json: bool, reset_code: bool) -> None:
    """Mời chủ tài khoản đặt mật khẩu mới; in mã dùng một lần trong 7 ngày.

    \b
    Ví dụ:
        doi178-server user invite hanh --data /srv/doi178
    """
    db = opened(folder)
    id = user_id(db, name)
    with writing(db) as conn:
        made = invitations.invite(conn, id, now())
        note(conn, Entry("invited", "command", subject=f"user:{id}", detail={"name": name}), now())
        if reset_code and second.remove(conn, id):
            sessions.end_all(conn, id)
            note(conn, Entry("second_removed", "command", subject=f"user:{id}", detail={"name": name}), now())
    link = f"{address_of(folder)}/loi-moi?ma={made.code}"
    if as_json:
        show({"code": made.code, "address": link, "expires_at": made.expires_at})
    else:
        click.echo(link)
        say(f"Mã lời mời: {made.code}. Dùng một lần, trước {moment(made.expires_at)}.")


@user.command("unlock")
@click.argument("name")
@data_option
def user_unlock(name: str, folder: Path, as_json: bool) -> None:
    """Mở khóa đăng nhập cho tài khoản bị khóa vì nhập sai nhiều lần.

    \b
    Ví dụ:
        doi178-server user unlock hanh --data /srv/doi178
    """
    db = opened(folder)
    id = user_id(db, name)
    with writing(db) as conn:
        was_counted = lockout.forget(conn, lockout.account(name))
        note(conn, Entry("unlocked", "command", subject=f"user:{id}", detail={"name": name}), now())
    say(f"Đã mở khóa đăng nhập cho {name}." if was_counted else f"Tài khoản {name} không bị khóa.")
    if as_json:
        show({"unlocked": was_counted})


COMMANDS = (user,)
