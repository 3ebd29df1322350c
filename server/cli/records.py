"""Commands about records: import, apply, receipt, export."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

import click

from schemas.labels import STANDINGS
from server import export as exports
from server.arrivals.ingest import receipt_of
from server.changes import apply_lines
from server.cli.common import data_option, fail, one_sentence, opened, say, show, user_id
from server.clock import local_day, now
from server.imports import BadFile, Counts, check_file, import_file
from server.imports.guess import COMMAND, remember
from server.imports.run import told_before
from server.store import reading


@click.group("import")
def import_group() -> None:
    """Nhập từ bảng tính CSV hoặc XLSX."""


def _import_command(what: str, title: str) -> click.Command:
    @click.argument("file", type=click.Path(path_type=Path))
    @data_option
    @click.option("--map", "map_file", type=click.Path(path_type=Path), help="JSON: cột của ta → cột trong tệp.")
    @click.option("--dry-run", is_flag=True, help="Chỉ kiểm tra, không ghi.")
    @click.option("--errors", type=click.Path(path_type=Path), help="Tệp ghi các dòng sai.")
    @click.option("--as", "name", help="Người nhập; mặc định là dòng lệnh.")
    @one_sentence(BadFile)
    def command(
        file: Path, folder: Path, as_json: bool, map_file: Path | None, dry_run: bool, errors: Path | None,
        name: str | None, successors: Path | None = None,
    ) -> None:  # fmt: skip
        db = opened(folder)
        author = user_id(db, name) if name else "command"
        where = errors or file.with_name(f"{file.stem}.loi.csv")
        act = check_file if dry_run else import_file
        header_map = _header_map(map_file) or told_before(db, what, file, local_day(now()))
        counts = act(
            db, what, file, header_map=header_map, errors=where, successors=successors, author=author,
            at=now(), progress=_progress(),
        )  # fmt: skip
        if map_file and header_map and not dry_run:
            remember(db, COMMAND, what, header_map)
        _tell(counts, as_json)

    command.__doc__ = f"""{title}

    \b
    Ví dụ:
        doi178-server import {what} tep.csv --data /srv/doi178
    """
    if what == "units":
        path = click.Path(path_type=Path)
        command = click.option("--successors", type=path, help="Tệp old_code, new_code.")(command)
    return click.command(what)(command)


def _progress() -> Callable[[int, int | None], None]:
    """Return what tells how far an import is, at most once a second."""
    told = 0.0

    def tell(done: int, total: int | None) -> None:
        nonlocal told
        if time.monotonic() - told >= 1:
            told = time.monotonic()
            say(f"Đã đọc {done} dòng" + (f" trên {total}" if total else ""))

    return tell


def _header_map(path: Path | None) -> dict[str, str] | None:
    if path is None:
        return None
    try:
        return {str(ours): str(theirs) for ours, theirs in json.loads(path.read_text(encoding="utf-8-sig")).items()}
    except (OSError, ValueError, AttributeError):
        fail(f"Không đọc được {path}; cần tệp JSON dạng {{\"name\": \"Tên cơ sở\"}}.")
        return None


def _tell(counts: Counts, as_json: bool) -> None:
    words = f"Mới {counts.added}, thay đổi {counts.changed}, như cũ {counts.same}, sai {counts.bad}."
    say(words + (f" Các dòng sai ghi ở {counts.errors}." if counts.bad else ""))
    if as_json:
        show(
            {
                "added": counts.added,
                "changed": counts.changed,
                "same": counts.same,
                "bad": counts.bad,
                "errors": str(counts.errors) if counts.errors else None,
            }
        )


@click.command("apply")
@click.argument("file", type=click.File("r", encoding="utf-8-sig"))
@data_option
@click.option("--as", "name", help="Tên tài khoản của người làm; mặc định là dòng lệnh.")
def apply_command(file: TextIO, folder: Path, as_json: bool, name: str | None) -> None:
    """Làm các thay đổi của văn phòng, mỗi dòng JSON một việc; - là đọc từ stdin.

    \b
    Ví dụ:
        echo '{"do":"status","establishment":"TS-0001","from":"2026-05-01","status":"closed"}' |
            doi178-server apply - --data /srv/doi178
    """
    db = opened(folder)
    author = user_id(db, name) if name else "command"
    bad = 0
    for answer in apply_lines(db, file, author=author, at=now()):
        click.echo(json.dumps(answer, ensure_ascii=False))
        bad += bool(answer["problems"]) or answer["standing"] != "accepted"
    if bad:
        fail(f"{bad} dòng chưa làm được; xem problems ở từng dòng.")


@click.command("receipt")
@click.argument("name")
@data_option
def receipt(name: str, folder: Path, as_json: bool) -> None:
    """Xem mã tiếp nhận và tình trạng hiện nay của một hồ sơ, theo mã kiểm chứng của nó.

    \b
    Ví dụ:
        doi178-server receipt 5c3259de… --data /srv/doi178
    """
    found = receipt_of(opened(folder).conn, name)
    if found is None:
        fail("Máy chủ không có hồ sơ này; kiểm tra lại mã, hoặc gửi lại từ máy tính của đội.")
        return
    if as_json:
        show({"item": found.item, "seq": found.seq, "standing": found.present})
    else:
        click.echo(f"Mã tiếp nhận {found.seq}: {STANDINGS[found.present or found.standing][0]}")


@click.command("export")
@data_option
@click.option("--scope", help="Chỉ những gì máy này giữ khi mọi việc đã xong.")
@one_sentence(exports.NoSuchDevice)
def export(folder: Path, as_json: bool, scope: str | None) -> None:
    """In mọi hồ sơ với tình trạng của nó, mỗi dòng một JSON, theo thứ tự loại rồi mã.

    \b
    Ví dụ:
        doi178-server export --data /srv/doi178 > tat-ca.jsonl
    """
    with reading(opened(folder)) as conn:
        for line in exports.scope(conn, scope) if scope else exports.whole(conn):
            click.echo(line)


for _what, _title in (
    ("units", "Nhập đơn vị hành chính."),
    ("establishments", "Nhập sổ cơ sở."),
    ("inspections", "Nhập các cuộc kiểm tra đã qua."),
    ("decisions", "Nhập các quyết định xử phạt đã qua."),
):
    import_group.add_command(_import_command(_what, _title))

COMMANDS = (import_group, apply_command, receipt, export)
