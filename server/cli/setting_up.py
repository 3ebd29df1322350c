"""Commands that set a server up: init, run, team, plan, enrol."""

import csv
import json
from pathlib import Path
from typing import Any

import click
from sqlite_utils import Database

from schemas import issued_plans
from schemas.ids import new_id
from server.address import address_of
from server.cli.common import (
    data_option,
    fail,
    keys_of,
    needed,
    one_sentence,
    opened,
    say,
    show,
    unit_key,
    units,
)
from server.clock import now
from server.door.enrol import invite
from server.moves import rekey as move_key
from server.office import edit, make, state_of
from server.pages.words import moment
from server.plans.issuing import as_issued, known, made_from
from server.running import serve
from server.sample import generate
from server.sample.returns import returns_of
from server.settings import Settings
from server.setup import AlreadyThere, create
from server.store import open_store
from sync.chain import Receipt


@click.command("init")
@data_option
@click.option("--sample", type=click.Choice(["S", "M", "L", "demo"]), help="Thêm số liệu giả định, theo cỡ.")
@click.option("--seed", type=int, default=178, show_default=True, help="Mầm ngẫu nhiên của số liệu giả định.")
@one_sentence(AlreadyThere)
def init(folder: Path, as_json: bool, sample: str | None, seed: int) -> None:
    """Tạo máy chủ mới trong một thư mục trống.

    \b
    Ví dụ:
        doi178-server init --data /srv/doi178
    """
    fingerprint = create(Settings(needed(folder)), now())
    if sample:
        say(f"Đang tạo số liệu giả định, cỡ {sample} …")
        db = open_store(Settings(folder).database)
        generate(db, sample, seed, now())
        if sample == "demo":
            returns_of(db, now())
    say(f"Đã tạo máy chủ trong {folder}. Chạy tiếp: doi178-server run --data {folder}")
    if as_json:
        show({"data": str(folder), "fingerprint": fingerprint})


@click.command("run")
@data_option
@click.option("--port", type=int, default=8178, show_default=True, help="Cổng.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Địa chỉ lắng nghe; ngoài loopback thì dùng TLS.")
@click.option("--public-url", default="", envvar="DOI178_PUBLIC_URL", help="Địa chỉ mà các máy tính thấy.")
@click.option("--workers", type=int, default=1, show_default=True, help="Số tiến trình (gunicorn).")
def run(folder: Path, as_json: bool, port: int, host: str, public_url: str, workers: int) -> None:
    """Chạy máy chủ ở tiền cảnh; Ctrl-C để dừng. /healthz trả lời 200 khi sẵn sàng.

    \b
    Ví dụ:
        doi178-server run --data /srv/doi178 --port 8178
    """
    opened(folder).close()
    serve(folder, host=host, port=port, public_url=public_url, workers=workers)


@click.group("team")
def team() -> None:
    """Đội kiểm tra liên ngành."""


@team.command("add")
@click.argument("name")
@data_option
@click.option("--level", type=click.Choice(["province", "district", "commune"]), required=True, help="Cấp.")
@click.option("--area", required=True, help="Mã đơn vị hành chính của địa bàn.")
@click.option("--epoch", type=click.Choice(["old", "new"]), default="new", show_default=True, help="Bản đồ.")
@click.option("--decision", default="", help="Số quyết định thành lập.")
@click.option("--members", type=click.Path(path_type=Path), help="CSV: name, agency, role, card, card_expires_on.")
def team_add(
    name: str, folder: Path, as_json: bool, level: str, area: str, epoch: str, decision: str, members: Path | None
) -> None:
    """Thêm một đội kiểm tra với thành viên và thẻ kiểm tra.

    \b
    Ví dụ:
        doi178-server team add "Đội 178 xã Triệu Sơn" --level commune --area 15664 --members doi.csv --data /srv/doi178
    """
    db = opened(folder)
    unit = units(db).get(unit_key(db, area, epoch))
    if unit is None or unit.level.value != level:
        fail(f"Đơn vị mã {area} không phải cấp {level}; sửa --level hoặc --area.")
    state: dict[str, Any] = {"name": name, "level": level, "epoch": epoch, "area": area}
    if decision:
        state["decision"] = decision
    for place, member in enumerate(_members(members), 1):
        state[f"member/{place}"] = member
    id = new_id()
    _accepted(make(db, [edit("team", id, state, {})], author="command", at=now())[0])
    say(f"Đã thêm đội {name}.")
    if as_json:
        show({"id": id})


def _members(path: Path | None) -> list[dict[str, str | None]]:
    if path is None:
        return []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error):
        fail(f"Không đọc được {path}; cần tệp CSV mã UTF-8.")
    if rows and not {"name", "agency"} <= rows[0].keys():
        fail(f"Tệp {path} thiếu cột name hoặc agency; các cột: name, agency, role, card, card_expires_on.")
    columns = ("name", "agency", "role", "card")
    return [
        {column: (row.get(column) or "").strip() for column in columns}
        | {"card_expires_on": (row.get("card_expires_on") or "").strip() or None}
        for row in rows
    ]


EXAMPLE_PLAN = {
    "name": "Kế hoạch phòng, chống mại dâm năm 2026 (ví dụ)",
    "number": "…/KH-UBND",
    "epoch": "new",
    "area": "38",
    "from": "2026-01-01",
    "to": "2026-12-31",
    "kinds": ["karaoke", "dance_hall", "massage", "lodging", "other"],
    "targets": [{"year": 2026, "percent": 25}],
}


@click.group("plan")
def plan() -> None:
    """Kế hoạch và chỉ tiêu."""


@plan.command("add")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@data_option
@click.option("--example", is_flag=True, help="In một kế hoạch mẫu để điền.")
@click.option("--issued", type=click.Choice([one.id for one in issued_plans.issued()]),
              help="Lấy một kế hoạch đã ban hành, có sẵn trong chương trình.")  # fmt: skip
def plan_add(file: Path | None, folder: Path, as_json: bool, example: bool, issued: str | None) -> None:
    """Thêm một kế hoạch từ tệp JSON, hoặc một kế hoạch đã ban hành với đủ chỉ tiêu, hạn và nhiệm vụ.

    \b
    Ví dụ:
        doi178-server plan add --example > ke-hoach.json
        doi178-server plan add ke-hoach.json --data /srv/doi178
        doi178-server plan add --issued trieu-son-2021-2025 --data /srv/doi178
    """
    if example:
        show(EXAMPLE_PLAN)
        return
    db = opened(folder)
    there = made_from(db.conn, issued) if issued else ""
    if there:
        say("Kế hoạch này đã có; không thêm gì.")
    else:
        there = _add_plan(db, _read_issued(issued) if issued else _read_plan(file))
    if as_json:
        show({"id": there})


def _add_plan(db: Database, state: dict[str, Any]) -> str:
    id = new_id()
    _accepted(make(db, [edit("plan", id, state, {})], author="command", at=now())[0])
    say(f"Đã thêm kế hoạch: {state.get('name', '')}")
    return id


def _read_issued(id: str) -> dict[str, Any]:
    one = known(id)
    assert one is not None, "click let in only those that there are"
    return as_issued(one)


def _read_plan(file: Path | None) -> dict[str, Any]:
    if file is None:
        fail("Chỉ ra tệp JSON của kế hoạch, hoặc dùng --example để in mẫu.")
    assert file is not None, "fail raises"
    try:
        state = json.loads(file.read_text(encoding="utf-8-sig"))
    except OSError:
        fail(f"Không đọc được {file}.")
    except ValueError:
        fail(f"Tệp {file} không phải JSON; in mẫu bằng: doi178-server plan add --example")
    if not isinstance(state, dict):
        fail(f"Tệp {file} phải là một kế hoạch; in mẫu bằng: doi178-server plan add --example")
    return dict(state)


def _accepted(receipt: Receipt) -> None:
    """Fail with the fields that are wrong, unless the office's own change was accepted."""
    if receipt.standing != "accepted":
        problems = (receipt.detail or {}).get("problems", {})
        fail("; ".join(f"{path}: {sentence}" for path, sentence in problems.items()) or "Không ghi được.")


@click.command("enrol")
@data_option
@click.option("--area", required=True, help="Mã đơn vị hành chính mà máy ghi hồ sơ.")
@click.option("--epoch", type=click.Choice(["old", "new"]), default="new", show_default=True, help="Bản đồ.")
@click.option("--team", "team_id", help="Mã đội dùng máy.")
@click.option("--address", help="Địa chỉ máy chủ in trong mã; mặc định là địa chỉ đang chạy.")
def enrol(folder: Path, as_json: bool, area: str, epoch: str, team_id: str | None, address: str | None) -> None:
    """Tạo mã đăng ký cho một máy tính; dùng một lần, trong 24 giờ.

    \b
    Ví dụ:
        doi178-server enrol --area 15664 --data /srv/doi178
    """
    db = opened(folder)
    unit = unit_key(db, area, epoch)
    where = address or address_of(folder)
    if team_id and state_of(db.conn, "team", team_id) is None:
        fail(f"Không có đội mã {team_id}; xem mã đội bằng: doi178-server export --data {folder}")
    made = invite(db, keys_of(folder), unit=unit, team=team_id, address=where, at=now())
    code = made.code.text()
    if as_json:
        parts = {"address": where, "fingerprint": made.code.fingerprint, "expires_at": made.expires_at}
        show({"code": code, **parts})
    else:
        click.echo(code)
        _print_qr(code)
        say(f"Dùng một lần, trước {moment(made.expires_at)}.")


@click.command("rekey")
@data_option
def rekey(folder: Path, as_json: bool) -> None:
    """Đổi khóa HTTPS của máy chủ; khóa cũ ký cho khóa mới, nên các máy đã đăng ký tự nhận khóa mới.

    \b
    Ví dụ:
        doi178-server rekey --data /srv/doi178
    """
    opened(folder).close()
    keys = move_key(Settings(needed(folder)).keys, now())
    say("Đã đổi khóa. Chạy lại máy chủ để dùng khóa mới; có proxy phía trước thì nạp lại khóa cho proxy.")
    if as_json:
        show({"fingerprint": keys.fingerprint})
    else:
        click.echo(keys.fingerprint)


def _print_qr(code: str) -> None:
    import qrcode

    picture = qrcode.QRCode(border=2)
    picture.add_data(code)
    picture.print_ascii(invert=True)


COMMANDS = (init, run, team, plan, enrol, rekey)
