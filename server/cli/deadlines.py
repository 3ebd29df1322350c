"""The command that tells what is due: deadlines."""

from datetime import date
from pathlib import Path

import click

from schemas.units import UnitTree, epoch_on
from server.cli.common import Day, data_option, fail, opened, show, unit_key, units
from server.clock import local_day, now
from server.due.listing import due
from server.due.reads import DeadlineSchema, as_row
from server.due.shape import Due
from server.store import reading


@click.command("deadlines")
@data_option
@click.option("--unit", help="Mã đơn vị hành chính; mặc định tất cả.")
@click.option("--epoch", type=click.Choice(["old", "new"]), help="Bản đồ; mặc định bản đồ hiện nay.")
@click.option("--from", "first", type=Day(), help="Đến hạn từ ngày; mặc định 1/1 năm nay.")
@click.option("--to", "last", type=Day(), help="Đến hạn đến hết ngày; mặc định 31/12 năm của --from.")
def deadlines_command(
    folder: Path, as_json: bool, unit: str | None, epoch: str | None, first: date | None, last: date | None
) -> None:  # fmt: skip
    """Hạn báo cáo trong một khoảng ngày: ai phải gửi, trước ngày nào, đã gửi chưa, còn thiếu gì.

    \b
    Ví dụ:
        doi178-server deadlines --unit 38 --from 2026-06-01 --to 2026-06-30 --data /srv/doi178
    """
    db, today = opened(folder), local_day(now())
    since = first or date(today.year, 1, 1)
    until = last or date(since.year, 12, 31)
    if until < since:
        fail("--to ở trước --from; nhập lại.")
    tree = units(db)
    map_of_day = epoch or epoch_on(today)
    areas = [unit_key(db, unit, map_of_day)] if unit else list(tree.tops(epoch_on(today)))
    with reading(db) as conn:
        found = [one for area in areas for one in due(conn, tree, area, since, until, today)]
    if as_json:
        show({"deadlines": [DeadlineSchema().dump(as_row(one)) for one in found]})
    else:
        _print(found, tree)


def _print(found: list[Due], tree: UnitTree) -> None:
    for one in found:
        unit = tree.get(one.unit)
        name = unit.name if unit else one.unit
        said = f"{name}: {one.name or one.report} {_rest(one)}"
        click.echo(f"{one.last_day or '–':10}  {_STANDINGS[one.standing]:14}  {said}")
    click.echo(f"{len(found)} hạn báo cáo.")


def _rest(one: Due) -> str:
    sent = f", gửi ngày {one.sent_on}" if one.sent_on else ""
    clash = f"; {one.clash.plan_name} yêu cầu {one.clash.before}" if one.clash and one.open else ""
    return f"({one.before or 'không nêu ngày'}{sent}{clash})"


_STANDINGS = {
    "overdue": "quá hạn", "due": "sắp đến hạn", "to_come": "chưa đến hạn", "no_day": "không có ngày",
    "late_sent": "gửi quá hạn", "sent": "đã gửi", "not_done": "không làm",
}  # fmt: skip

COMMANDS = (deadlines_command,)
