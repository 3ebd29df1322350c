"""Commands that answer with figures: coverage."""

from datetime import date
from pathlib import Path

import click

from schemas.register import Kind
from schemas.units import Epoch, epoch_on
from server.cli.common import Day, data_option, fail, opened, show, unit_key, units
from server.clock import local_day, now
from server.coverage.ask import By, coverage
from server.coverage.figures import Coverage, Row
from server.store import reading

FIRST_YEAR, LAST_YEAR = 2004, 2100


@click.command("coverage")
@data_option
@click.option("--year", type=click.IntRange(FIRST_YEAR, LAST_YEAR), help="Năm; mặc định là năm của --as-of.")
@click.option("--as-of", type=Day(), help="Tính đến ngày; mặc định hôm nay.")
@click.option("--unit", help="Mã đơn vị hành chính; mặc định tất cả.")
@click.option("--epoch", type=click.Choice(["old", "new"]), help="Bản đồ; mặc định theo ngày tính đến.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice([kind.value for kind in Kind]), help="Loại hình.")
@click.option("--by", type=click.Choice(["unit", "commune", "kind", "team"]), default="unit", help="Chia theo.")
@click.option("--target", type=click.IntRange(1, 100), help="Chỉ tiêu, thay cho chỉ tiêu của kế hoạch.")
@click.option("--period", help="Cả kỳ thay cho một năm, dạng TỪ:ĐẾN.")
def coverage_command(
    folder: Path, as_json: bool, year: int | None, as_of: date | None, unit: str | None, epoch: str | None,
    kinds: tuple[str, ...], by: By, target: int | None, period: str | None,
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
        found = coverage(
            conn, tree=tree, epoch=map_of_day, year=asked, as_of=day, unit=where, kinds=kinds, by=by, target=target,
            period=_period(period),
        )  # fmt: skip
    show(found.as_json()) if as_json else _print(found)


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


def _print(found: Coverage) -> None:
    for row in found.rows:
        click.echo(_line(row))
    click.echo(_line(found.total))
    to = found.total.complete_to
    click.echo(f"Đã nhận đủ số liệu đến ngày: {to:%d/%m/%Y}" if to else "Đã nhận đủ số liệu đến ngày: chưa xác định")


def _line(row: Row) -> str:
    share = "Không có cơ sở" if row.share is None else f"{row.share:.1f} %".replace(".", ",")
    target = "Chưa có chỉ tiêu" if row.target is None else f"chỉ tiêu {row.target} %, còn phải kiểm tra {row.remaining}"
    return f"{row.name:<32.32} {row.inspected:>6}/{row.open:<6} {share:>15}   {target}"


COMMANDS = (coverage_command,)
