"""The group of commands, and its entry point."""

import shutil
import sys
from pathlib import Path

import click

from field_client.cli import bundle, files, lines, papers, records, recovery, updating, verification
from field_client.settings import Settings
from field_client.starting import from_an_icon, show
from field_client.store import Error, Newer


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def commands() -> None:
    """Đội 178 trên máy của đội: tìm cơ sở, ghi cuộc kiểm tra, gửi và nhận khi có mạng."""


GROUPS = (
    lines,
    records,
    files,
    papers,
    bundle,
    recovery,
    updating,
    verification,
)
for command in (command for group in GROUPS for command in group.COMMANDS):
    commands.add_command(command)


def main() -> None:
    """Run a command; what goes wrong outside our rules is one sentence too."""
    try:
        commands.main(prog_name="doi178-field", standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.Abort:
        click.echo("Aborted!", err=True)
        sys.exit(1)
    except click.UsageError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        _end(error.format_message())
    except Newer as error:
        _end(str(error))
    except Error as error:
        _end(disk_sentence(str(error)))
    except PermissionError as error:
        _end(f"Không được phép ghi vào {error.filename}; chọn thư mục khác bằng --data, hoặc xin quyền.")
    except OSError as error:
        _end(disk_sentence(f"{error.strerror}: {error.filename}"))


def disk_sentence(error: str) -> str:
    """Say what to do about an error of the disk or the database file."""
    found = error.lower()
    if "full" in found or "no space" in found or ("disk i/o" in found and _is_full()):
        return "Ổ đĩa đầy; xóa bớt tệp rồi chạy lại. Dữ liệu đã lưu vẫn còn nguyên."
    if "readonly" in found or "read-only" in found or "unable to open" in found:
        return "Không mở được tệp dữ liệu để ghi; chọn thư mục khác bằng --data, hoặc xin quyền ghi."
    if "locked" in found:
        return "Tệp dữ liệu đang bận; chờ một phút rồi chạy lại."
    return f"Tệp dữ liệu gặp lỗi: {error}. Giữ nguyên thư mục và báo văn phòng."


def _is_full() -> bool:
    """Say whether the disk of the data folder is full: SQLite then often reports no more than an error of I/O."""
    named = [Path(sys.argv[at + 1]) for at, word in enumerate(sys.argv[:-1]) if word == "--data"]
    folder = Settings.from_environ(data=named[0] if named else None).data
    return folder.exists() and shutil.disk_usage(folder).free < 1_000_000


def _end(sentence: str) -> None:
    click.echo(f"Error: {sentence}", err=True)
    if from_an_icon():
        show(sentence)
    sys.exit(1)
