"""The command that answers where the indicators of a plan stand."""

from datetime import date
from pathlib import Path

import click

from server.cli.common import Day, data_option, fail, opened, show, units
from server.clock import local_day, now
from server.indicators.reads import as_json as told_of
from server.indicators.standing import Standing, standings
from server.indicators.words import percent
from server.office import state_of
from server.plans.listing import plan as plan_of
from server.store import reading


@click.command("indicators")
@data_option
@click.option("--plan", required=True, help="Mã kế hoạch.")
@click.option("--unit", help="Đơn vị, dạng bản đồ:mã (old:397); mặc định đơn vị của kế hoạch.")
@click.option("--from", "first", type=Day(), required=True, help="Từ ngày.")
@click.option("--to", "last", type=Day(), required=True, help="Đến hết ngày.")
def indicators_command(
    folder: Path, as_json: bool, plan: str, unit: str | None, first: date, last: date
) -> None:  # fmt: skip
    """Kết quả từng chỉ tiêu của một kế hoạch trong một kỳ; số nhỏ về người không hiện.

    \b
    Ví dụ:
        doi178-server indicators --plan 019a… --from 2026-01-01 --to 2026-06-14 --data /srv/doi178
    """
    db, today = opened(folder), local_day(now())
    if last < first:
        fail("Ngày cuối kỳ ở trước ngày đầu kỳ; nhập lại.")
    if state_of(db.conn, "plan", plan) is None:
        fail(f"Không có kế hoạch mã “{plan}”; xem mã ở trang Kế hoạch.")
    tree, found = units(db), plan_of(db.conn, plan, today)
    where = unit or found.unit
    if where not in tree.descendants(found.unit):
        fail(f"Kế hoạch này không áp dụng cho đơn vị {where}; ghi dạng bản đồ:mã, ví dụ {found.unit}.")
    with reading(db) as conn:
        told = standings(conn, tree, found, where, first, last, today)
    if as_json:
        show({"plan": plan, "unit": where, "from": first.isoformat(), "to": last.isoformat(),
              "indicators": [_whole(one) for one in told]})  # fmt: skip
    else:
        for one in told:
            click.echo(_line(one))


def _whole(one: Standing) -> dict[str, object]:
    return told_of(one) | {"ids": {name: list(ids) for name, ids in one.ids.items()}}


def _line(one: Standing) -> str:
    if one.hidden:
        said = "không hiện vì số nhỏ"
    elif one.numerator is None or one.denominator is None:
        said = one.text or "chưa có"
    else:
        share = percent(one.growth_tenths if one.indicator.measure == "growth" else one.share_tenths)
        said = f"{one.numerator}/{one.denominator} ({share or 'không tính tỷ lệ'})"
    target = f" [{one.target}]" if one.target else ""
    return f"{one.indicator.code} {one.indicator.name}{target}: {said}"


COMMANDS = (indicators_command,)
