"""What all commands share: the data folder, JSON on request, one sentence on stderr when it fails."""

import functools
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from sqlite_utils import Database

from field_client.catalogue import current
from field_client.settings import Settings
from field_client.store import open_store
from field_client.vault import office, older, opening
from field_client.vault.keys import WeakPassphrase, WrongPassphrase
from schemas import violations
from sync.sealed import passphrase_from


def data_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--data` and `--json`; it gets the settings, and whether to print JSON."""

    @functools.wraps(command)
    def run(*args: Any, folder: Path | None, **kwargs: Any) -> Any:
        return command(*args, settings=Settings.from_environ(data=folder), **kwargs)

    path = click.Path(path_type=Path, file_okay=False)
    with_data = click.option(
        "--data", "folder", envvar="DOI178_DATA", type=path, help="Thư mục dữ liệu (hoặc DOI178_DATA)."
    )(run)
    return click.option("--json", "as_json", is_flag=True, help="In một tài liệu JSON ra stdout.")(with_data)


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


def opened(settings: Settings) -> Database:
    """Open this laptop's database, made when there is none yet: with DOI178_PASSPHRASE, or with what is typed."""
    return opened_with_key(settings)[0]


def opened_with_key(settings: Settings) -> tuple[Database, bytes]:
    """Do as `opened`, and return the data key too, which is empty where the store is plain."""
    try:
        key = _key(settings)
        db = open_store(settings.database, key)
        office.wrap(settings, db.conn, key)
        violations.use(current(db.conn))
        return db, key
    except (WrongPassphrase, WeakPassphrase, opening.NoPassphrase, opening.Torn, older.Busy, older.NotCopied) as error:
        raise click.ClickException(str(error)) from None


def _key(settings: Settings) -> bytes:
    state = opening.state(settings)
    if state is opening.State.PLAIN or (settings.plain and state is not opening.State.CLOSED):
        return opening.open_plain(settings)
    return opening.unlock(settings, passphrase_from(None) or asked(first=state is not opening.State.CLOSED))


def asked(*, first: bool) -> str:
    """Ask for the passphrase at the keys; the first one is typed twice."""
    if not sys.stdin.isatty():
        raise opening.NoPassphrase
    words = "Mật khẩu mới cho dữ liệu trên máy này (ít nhất 10 ký tự)" if first else "Mật khẩu"
    again = "Nhập lại mật khẩu mới" if first else False
    return str(click.prompt(words, hide_input=True, err=True, confirmation_prompt=again))


def say(text: str) -> None:
    """Say something to the person at the keys."""
    click.echo(text, err=True)


def show(document: Any) -> None:
    """Print one JSON document on stdout."""
    json.dump(document, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")
