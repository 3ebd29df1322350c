"""Commands about the year's assignment list: plan propose, plan check; and about tips: tips."""

from datetime import date
from pathlib import Path

import click

from schemas.units import Epoch, epoch_on
from server.cli.common import Day, data_option, fail, one_sentence, opened, show, unit_key, units, user_id
from server.cli.setting_up import plan
from server.clock import local_day, now
from server.planning import keeping
from server.planning.survey import Asked, NoTarget
from server.store import reading
from server.tips.share import share
from server.tips.times import Period


@plan.command("propose")
@data_option
@click.option("--unit", required=True, help="Mã đơn vị hành chính của danh sách.")
@click.option("--epoch", type=click.Choice(["old", "new"]), help="Bản đồ; mặc định bản đồ đang dùng.")
@click.option("--year", type=click.IntRange(2004, 2100), help="Năm; mặc định năm nay.")
@click.option("--target", type=click.IntRange(1, 100), help="Chỉ tiêu (%), khi chưa có kế hoạch cho năm đó.")
@click.option("--as", "name", help="Người đề xuất; mặc định là dòng lệnh.")
@one_sentence(NoTarget)
def propose_command(
    folder: Path, as_json: bool, unit: str, epoch: str | None, year: int | None, target: int | None, name: str | None
) -> None:  # fmt: skip
    """Đề xuất danh sách kiểm tra của một năm: máy chủ rút thăm, danh sách được lưu lại để người quyết định.

    \b
    Ví dụ:
        doi178-server plan propose --unit 38 --year 2027 --target 25 --data /srv/doi178
    """
    db, today = opened(folder), local_day(now())
    key = unit_key(db, unit, Epoch(epoch) if epoch else epoch_on(today))
    asked = Asked(key, _this_year_or_next(year or today.year, today), today, target)
    author = user_id(db, name) if name else "command"
    id = keeping.draw(db, units(db), asked, author=author, at=now())
    kept, lines = keeping.find(db.conn, id), keeping.lines(db.conn, id)
    assert kept is not None, "it was made a line above"
    if as_json:
        show(kept.as_json() | {"lines": [line.as_json() for line in lines]})
        return
    for line in lines:
        click.echo(f"{line.place:>5} {line.points:>5}  {line.establishment}  {line.month_from}–{line.month_to}")
    click.echo(f"Danh sách {id}: {len(lines)} cơ sở, số rút thăm {kept.seed}")


def _this_year_or_next(year: int, today: date) -> int:
    if not today.year <= year <= today.year + 1:
        fail(f"Chỉ lập danh sách cho năm {today.year} hoặc {today.year + 1}.")
    return year


@plan.command("check")
@click.argument("proposal")
@data_option
def check_command(proposal: str, folder: Path, as_json: bool) -> None:
    """Tính lại một danh sách đề xuất từ số rút thăm đã lưu, để đối chiếu.

    \b
    Ví dụ:
        doi178-server plan check 018f2b7c-… --data /srv/doi178
    """
    db = opened(folder)
    kept = keeping.find(db.conn, proposal)
    if kept is None:
        fail(f"Không có danh sách mã “{proposal}”; xem mã bằng lệnh plan propose hoặc trên trang Đề xuất.")
        return
    with reading(db) as conn:
        found = keeping.again(conn, units(db), kept)
    if as_json:
        show(found.as_json())
    elif found.same_list:
        click.echo("Khớp hoàn toàn: tính lại ra đúng danh sách này.")
    else:
        click.echo(f"Số liệu đã đổi từ lúc rút thăm: {len(found.gone)} cơ sở không còn, {len(found.new)} cơ sở mới.")
    if found.same_facts and not found.same_list:
        fail("Số liệu không đổi mà danh sách khác; báo người quản trị.")


@click.command("tips")
@data_option
@click.option("--from", "since", required=True, type=Day(), help="Tiếp nhận từ ngày.")
@click.option("--to", "until", required=True, type=Day(), help="Tiếp nhận đến ngày.")
@click.option("--as-of", type=Day(), help="Tính đến ngày; mặc định hôm nay.")
@click.option("--unit", help="Mã đơn vị hành chính; mặc định tất cả.")
@click.option("--epoch", type=click.Choice(["old", "new"]), help="Bản đồ; mặc định bản đồ đang dùng.")
def tips_command(
    folder: Path, as_json: bool, since: date, until: date, as_of: date | None, unit: str | None, epoch: str | None
) -> None:  # fmt: skip
    """Tỷ lệ tin báo được giải quyết đúng hạn, của các tin tiếp nhận trong một kỳ.

    \b
    Ví dụ:
        doi178-server tips --from 2026-01-01 --to 2026-06-30 --unit 38 --data /srv/doi178
    """
    db, today = opened(folder), local_day(now())
    key = unit_key(db, unit, Epoch(epoch) if epoch else epoch_on(today)) if unit else None
    found = share(db.conn, units(db), key, Period(since, until, as_of or today))
    if as_json:
        show(found.as_json())
    else:
        click.echo(f"Giải quyết đúng hạn {found.in_time}/{found.received} tin báo; quá hạn {found.late}.")


COMMANDS = (tips_command,)
