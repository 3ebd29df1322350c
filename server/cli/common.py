"""What all commands share: the data folder, JSON on request, one sentence on stderr when it fails."""

import functools
import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click
from sqlite_utils import Database

from schemas import violations
from schemas.units import UnitTree
from server.arrivals.world import unit_tree
from server.keys import Keys, read_keys
from server.law.catalogue import current
from server.office import things
from server.settings import Settings
from server.store import open_store
from sync.locks import Taken, join


class Day(click.ParamType):
    """A day as YYYY-MM-DD."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the day, or fail with what to type."""
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"“{value}” không phải một ngày; nhập dạng 2026-11-05.", param, ctx)


def data_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--data` and `--json`."""
    path = click.Path(path_type=Path)
    command = click.option(
        "--data", "folder", envvar="DOI178_DATA", type=path, help="Thư mục dữ liệu (hoặc DOI178_DATA)."
    )(command)
    return click.option("--json", "as_json", is_flag=True, help="In một tài liệu JSON ra stdout.")(command)


def fail(sentence: str) -> None:
    """Say one sentence on stderr and end with status 1."""
    raise click.ClickException(sentence)


def one_sentence(*errors: type[Exception]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Turn *errors*, whose text is for people, into one sentence on stderr and status 1."""

    def wrap(command: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(command)
        def run(*args: Any, **kwargs: Any) -> Any:
            try:
                return command(*args, **kwargs)
            except errors as error:
                raise click.ClickException(str(error)) from None

        return run

    return wrap


def needed(folder: Path | None) -> Path:
    """Return the data folder, or say how to name it."""
    if folder is None:
        raise click.ClickException("Chưa biết thư mục dữ liệu: thêm --data THƯ_MỤC, hoặc đặt DOI178_DATA.")
    return folder


def opened(folder: Path | None) -> Database:
    """Open the server's database in *folder*, or say that there is none."""
    settings = Settings(needed(folder))
    if not settings.database.exists():
        fail(f"Thư mục {folder} chưa có máy chủ; chạy trước: doi178-server init --data {folder}")
    try:
        join(settings.run_lock)  # until this command ends
    except Taken:
        fail(f"Thư mục {folder} đang được khôi phục; chờ xong rồi chạy lại.")
    db = open_store(settings.database)
    violations.use(current(db.conn))
    return db


def keys_of(folder: Path) -> Keys:
    """Read the server's keys in *folder*."""
    return read_keys(Settings(folder).keys)


def units(db: Database) -> UnitTree:
    """Return the units this server knows."""
    return unit_tree(db.conn)


def unit_key(db: Database, code: str, epoch: str) -> str:
    """Return the key of the unit *code* on the map *epoch*, or say that there is none."""
    key = f"{epoch}:{code}"
    if units(db).get(key) is None:
        fail(f"Không có đơn vị mã {code} trên bản đồ {epoch}; xem mã trong tệp đơn vị hành chính.")
    return key


def user_id(db: Database, name: str) -> str:
    """Return the id of the user named *name*; the command line itself is the author `command` without one."""
    for id, user in things(db.conn, "user").items():
        if user["name"] == name:
            return id
    fail(f"Không có tài khoản {name}; tạo bằng: doi178-server user add {name}")
    return ""


def say(text: str) -> None:
    """Say something to the person at the keys."""
    click.echo(text, err=True)


def show(document: Any) -> None:
    """Print one JSON document on stdout."""
    json.dump(document, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")
