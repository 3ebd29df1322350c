"""Commands that answer by the law: repeat."""

from datetime import date
from pathlib import Path

import click

from schemas import violations
from schemas.repeat import Answer, Window
from schemas.said import day as written
from server.cli.common import Day, data_option, fail, opened, show
from server.clock import local_day, now
from server.law.asking import Asked, ask
from server.office import state_of
from server.store import reading

ANSWERS = {
    Answer.REPEAT: "Có căn cứ xác định tái phạm",
    Answer.NOT_FOUND: "Không thấy căn cứ tái phạm trong dữ liệu hiện có",
    Answer.CANNOT_TELL: "Chưa đủ thông tin để xác định",
}
REFERENCE = "Để tham khảo; người có thẩm quyền xử phạt quyết định."


@click.command("repeat")
@data_option
@click.option("--operator", required=True, help="Mã định danh của chủ cơ sở.")
@click.option("--code", required=True, help="Mã hành vi trong danh mục.")
@click.option("--on", "day", type=Day(), help="Ngày vi phạm; mặc định hôm nay.")
def repeat_command(folder: Path, as_json: bool, operator: str, code: str, day: date | None) -> None:
    """Một hành vi của một chủ cơ sở vào một ngày có căn cứ xác định tái phạm hay không.

    \b
    Ví dụ:
        doi178-server repeat --operator 018f6d3c-… --code ND38-15.5b --on 2026-11-05 --data /srv/doi178
    """
    db = opened(folder)
    known = violations.find_code(code)
    if not known:
        fail(f"Không có mã hành vi {code} trong danh mục; xem lại mã.")
    with reading(db) as conn:
        if state_of(conn, "operator", operator) is None:
            fail(f"Không có chủ cơ sở mã “{operator}”; xem mã bằng lệnh export.")
        found = ask(conn, operator, known, (day or local_day(now())).isoformat())
    show(found.as_json()) if as_json else _print(found)


def _print(asked: Asked) -> None:
    found = asked.as_json()
    click.echo(ANSWERS[asked.finding.answer])
    if found["cleared_on"]:
        click.echo(f"Được coi là chưa bị xử phạt từ ngày {written(found['cleared_on'])}.")
    for one in found["missing"]:
        click.echo(f"- {one['sentence']}")
    for window in asked.finding.windows:
        click.echo(f"- {_decision(window)}")
    held = found["held_from"]
    if held["authorities"]:
        count = len(held["authorities"])
        click.echo(f"Máy chủ giữ quyết định của {count} cơ quan, từ ngày {written(held['from'])}.")
    else:
        click.echo("Máy chủ chưa giữ quyết định xử phạt nào.")
    click.echo(REFERENCE)


def _decision(one: Window) -> str:
    acts = "; ".join(f"{violations.words(code)} ({violations.citation(code, one.decided_on)})" for code in one.codes)
    complaint = "; đang khiếu nại, khởi kiện" if one.complaint_from else ""
    return f"Quyết định số {one.number} ngày {written(one.decided_on)} của {one.authority}: {acts}{complaint}"


COMMANDS = (repeat_command,)
