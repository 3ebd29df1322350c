"""The group of commands, and its entry point."""

import os
import shutil
import sqlite3
import sys
from pathlib import Path

import click

from server.cli import (
    bundle,
    clients,
    deadlines,
    erasing,
    figures,
    history,
    indicators,
    law,
    people,
    planning,
    records,
    recovery,
    recovery_key,
    returns,
    setting_up,
    templates,
)
from server.store import Newer


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def commands() -> None:
    """Máy chủ Đội 178: sổ cơ sở, tỷ lệ cơ sở được kiểm tra, gửi và nhận với các máy tính của đội."""


COMMANDS = (
    *setting_up.COMMANDS, *people.COMMANDS, *records.COMMANDS, *erasing.COMMANDS, *figures.COMMANDS, *law.COMMANDS,
    *bundle.COMMANDS, *planning.COMMANDS, *recovery.COMMANDS, *recovery_key.COMMANDS, *clients.COMMANDS,
    *templates.COMMANDS,
    *history.COMMANDS,
    *indicators.COMMANDS,
    *returns.COMMANDS,
    *deadlines.COMMANDS,
)  # fmt: skip
for command in COMMANDS:
    commands.add_command(command)


def main() -> None:
    """Run a command; what goes wrong outside our rules is one sentence too."""
    try:
        commands.main(prog_name="doi178-server")
    except Newer as error:
        _end(str(error))
    except sqlite3.Error as error:
        _end(_disk_sentence(str(error)))
    except PermissionError as error:
        _end(f"Không được phép ghi vào {error.filename}; chọn thư mục khác hoặc xin quyền.")
    except OSError as error:
        _end(_disk_sentence(f"{error.strerror}: {error.filename}"))
    except UnicodeDecodeError:
        _end("Tệp phải là chữ UTF-8; lưu lại rồi chạy lại.")


def _disk_sentence(error: str) -> str:
    if "full" in error or "No space" in error or ("disk I/O" in error and _is_full()):
        return "Ổ đĩa đầy; xóa bớt tệp rồi chạy lại. Dữ liệu đã có vẫn còn nguyên."
    if "readonly" in error or "Read-only" in error or "unable to open" in error:
        return "Không mở được tệp dữ liệu để ghi; kiểm tra thư mục và quyền ghi."
    if "locked" in error:
        return "Máy chủ đang bận ghi; chờ một phút rồi chạy lại."
    return f"Tệp dữ liệu gặp lỗi: {error}."


def _is_full() -> bool:
    """Say whether the disk of the data folder is full: SQLite then often reports no more than an error of I/O."""
    named = [sys.argv[at + 1] for at, word in enumerate(sys.argv[:-1]) if word == "--data"]
    folder = Path(named[0] if named else os.environ.get("DOI178_DATA", "."))
    return folder.exists() and shutil.disk_usage(folder).free < 1_000_000


def _end(sentence: str) -> None:
    click.echo(f"Error: {sentence}", err=True)
    sys.exit(1)
