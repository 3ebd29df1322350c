"""Commands that answer with figures: coverage."""

import sqlite3
from datetime import date
from pathlib import Path

import click

from schemas.register import Kind
from schemas.units import Epoch, epoch_on
from server.cli.common import Day, data_option, fail, opened, show, unit_key, units
from server.clock import local_day, now
from server.coverage.answer import Answer, answer
from server.coverage.ask import By
from server.coverage.cells import BASES
from server.coverage.figures import Brief, Row
from server.shares import tenths_of
from server.store import reading

BY = ("unit", "across", "commune", "kind", "basis", "team")
FIRST_YEAR, LAST_YEAR = 2004, 2100


@click.command("coverage")
@data_option
@click.option("--year", type=click.IntRange(FIRST_YEAR, LAST_YEAR), help="Năm; mặc định là năm của --as-of.")
@click.option("--as-of", type=Day(), help="Tính đến ngày; mặc định hôm nay.")
@click.option("--unit", help="Mã đơn vị hành chính; mặc định tất cả.")
@click.option("--epoch", type=click.Choice(["old", "new"]), help="Bản đồ; mặc định theo ngày tính đến.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice([kind.value for kind in Kind]), help="Loại hình.")
@click.option("--by", type=click.Choice(BY), default="unit", help="Chia theo.")
@click.option("--team", default="", help="Chỉ các lượt của một đội, và các cơ sở của đội.")
@click.option("--basis", type=click.Choice(BASES), help="Chỉ các lượt theo một hình thức kiểm tra.")
@click.option("--target", type=click.IntRange(1, 100), help="Chỉ tiêu, thay cho chỉ tiêu của kế hoạch.")
@click.option("--period", help="Cả kỳ thay cho một năm, dạng TỪ:ĐẾN.")
def coverage_command(
    folder: Path, as_json: bool, year: int | None, as_of: date | None, unit: str | None, epoch: str | None,
    kinds: tuple[str, ...], by: By, team: str, basis: str | None, target: int | None, period: str | None,
) -> None:  # fmt: skip
    """Tỷ lệ cơ sở được kiểm tra trong một năm, tính đến một ngày.

    \b
    Ví dụ:
        doi178-server coverage --year 2026 --as-of 2026-06-14 --unit 38 --data /srv/doi178
    """
    db = opened(folder)
    day = as_of or local_day(now())
    asked = year or day.year
    if day.year > local_day(now()).year:
        fail(f"Ngày {day:%d/%m/%Y} ở sau năm nay; nhập lại ngày.")
    map_of_day = Epoch(epoch) if epoch else epoch_on(min(day, date(asked, 12, 31)))
    where = unit_key(db, unit, map_of_day) if unit else None
    tree = units(db)
    with reading(db) as conn:
        _check_team(conn, team)
        found = answer(
            conn, tree=tree, epoch=map_of_day, year=asked, as_of=day, unit=where, kinds=kinds, by=by, target=target,
            period=_period(period), team=team, basis=basis or "",
        )  # fmt: skip
    show(found.as_json()) if as_json else _print(found)


def _check_team(conn: sqlite3.Connection, team: str) -> None:
    if team and not conn.execute("SELECT 1 FROM things WHERE kind = 'team' AND id = ?", (team,)).fetchone():
        fail(f"Không có đội {team}; xem mã của đội bằng: doi178-server export.")


def _period(text: str | None) -> tuple[date, date] | None:
    if text is None:
        return None
    try:
        since, _, until = text.partition(":")
        first, last = date.fromisoformat(since), date.fromisoformat(until)
    except ValueError:
        fail(f"“{text}” không phải một kỳ; nhập dạng 2021-01-01:2025-12-31.")
        return None
    if last < first:
        fail("Ngày cuối kỳ ở trước ngày đầu kỳ; nhập lại.")
    return first, last


def _print(found: Answer) -> None:
    for row in found.now.rows:
        click.echo(_line(row))
    click.echo(_line(found.now.total))
    total, before, ahead = found.now.total, found.before, found.outlook
    click.echo(
        f"Lượt kiểm tra: {total.visits}; cơ sở có vi phạm: {total.places_with_violations};"
        f" đã nhận, chưa tính: {total.not_counted}; không ở trạng thái hoạt động: {total.inspected_not_open}"
    )
    if before:
        click.echo(f"Cùng kỳ năm trước: {before.total.inspected}/{before.total.open} {_share(before.total)}")
    if ahead.in_time is not None:
        pace = "kịp" if ahead.in_time else "chậm"
        click.echo(f"Tiến độ: {pace}, cần {ahead.each_week} cơ sở mỗi tuần đến {ahead.deadline:%d/%m/%Y}")
    if ahead.projected is not None:
        click.echo(f"Ước thực hiện cả năm: {ahead.projected}/{total.open}")
    if found.period:
        click.echo(f"Cả kỳ: {_line(found.period.total).strip()}")
    to = total.complete_to
    click.echo(f"Đã nhận đủ số liệu đến ngày: {to:%d/%m/%Y}" if to else "Đã nhận đủ số liệu đến ngày: chưa xác định")


def _share(row: Row | Brief) -> str:
    if not row.open:
        return "Không có cơ sở"
    return f"{tenths_of(row.inspected, row.open, row.target) / 10:.1f} %".replace(".", ",")


def _line(row: Row) -> str:
    target = "Chưa có chỉ tiêu" if row.target is None else f"chỉ tiêu {row.target} %, còn phải kiểm tra {row.remaining}"
    return f"{row.name:<32.32} {row.inspected:>6}/{row.open:<6} {_share(row):>15}   {target}"


COMMANDS = (coverage_command,)
