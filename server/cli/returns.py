"""Commands about returns: return open, show, send, number, document, restate, list, make."""

from datetime import date
from pathlib import Path
from typing import Any

import click
from sqlite_utils import Database

from schemas.ids import is_id
from schemas.units import Epoch, epoch_on
from server.changes import apply_one
from server.cli.common import Day, data_option, fail, one_sentence, opened, say, show, unit_key, units, user_id
from server.clock import local_day, now
from server.office import things
from server.problems import DamagedReturn
from server.returns import freezing, paper
from server.returns.draft import Where
from server.returns.one import Shown, shown
from server.returns.reads import as_row, whole
from server.returns.restating import Line
from server.returns.sent import Asked, find, returns
from server.settings import Settings
from server.store import reading

REPORTS = ("half_year", "year", "quarter", "ad_hoc", "end_of_period")
ENDINGS = tuple(paper.MAKERS)


@click.group("return")
def return_group() -> None:
    """Báo cáo: mở bản nháp, gửi, ghi số, lấy văn bản, xem điều chỉnh sau khi chốt."""


def _asked_options(command: Any) -> Any:
    for option in reversed((
        click.option("--unit", required=True, help="Mã đơn vị báo cáo."),
        click.option("--epoch", type=click.Choice(["old", "new"]), help="Bản đồ; mặc định bản đồ dùng trong kỳ."),
        click.option("--plan", help="Kế hoạch: mã, hoặc số hay tên chỉ một kế hoạch có."),
        click.option("--report", required=True, type=click.Choice(REPORTS), help="Loại báo cáo."),
        click.option("--year", type=click.IntRange(2004, 2100), help="Năm; mặc định năm nay."),
        click.option("--quarter", type=click.IntRange(1, 4), help="Quý, của báo cáo quý."),
        click.option("--deadline", help="Ký hiệu hạn trong kế hoạch, khi có nhiều hạn cho loại báo cáo này."),
        click.option("--from", "since", type=Day(), help="Từ ngày, của báo cáo đột xuất."),
        click.option("--to", "until", type=Day(), help="Chốt số liệu hết ngày, của báo cáo đột xuất."),
        click.option("--as", "name", help="Tài khoản; mặc định là dòng lệnh."),
    )):  # fmt: skip
        command = option(command)
    return command


@return_group.command("open")
@data_option
@_asked_options
def open_command(folder: Path, as_json: bool, **asked: Any) -> None:
    """Mở bản nháp báo cáo của một đơn vị; mở lại thì được đúng bản đó.

    \b
    Ví dụ:
        doi178-server return open --unit 15664 --plan 86/KH-UBND --report half_year --year 2026 --data /srv/doi178
    """
    db = opened(folder)
    id = _open(db, asked)
    if as_json:
        show({"id": id})
    else:
        click.echo(id)


def _open(db: Database, asked: dict[str, Any]) -> str:
    until: date = asked["until"] or local_day(now())
    year = asked["year"] or until.year
    epoch = asked["epoch"] or epoch_on(asked["until"] or date(year, 1, 1)).value
    said = {
        "do": "return", "unit": unit_key(db, asked["unit"].rpartition(":")[2], _epoch(db, asked, epoch)),
        "report": asked["report"], "year": year, "plan": _plan(db, asked["plan"]) if asked["plan"] else None,
        "deadline": asked["deadline"], "quarter": asked["quarter"],
        "from": asked["since"].isoformat() if asked["since"] else None,
        "to": asked["until"].isoformat() if asked["until"] else None,
    }  # fmt: skip
    answer = _apply(db, {key: value for key, value in said.items() if value is not None}, asked["name"])
    row = db.conn.execute("SELECT id FROM items WHERE name = ?", (answer["receipt"],)).fetchone()
    return str(row[0])


def _epoch(db: Database, asked: dict[str, Any], usual: str) -> Epoch:
    """Return the map of the unit: as it is said, in its key, else that of the plan, else that of the days."""
    named = asked["epoch"] or asked["unit"].partition(":")[0] * (":" in asked["unit"])
    if not named and asked["plan"]:
        named = things(db.conn, "plan")[_plan(db, asked["plan"])]["epoch"]
    return Epoch(named or usual)


def _plan(db: Database, named: str) -> str:
    """Return the plan of an id, else the only one of this number or name, or whose issued plan is called so."""
    known = things(db.conn, "plan")
    if named in known:
        return named
    found = [id for id, state in known.items() if named in (state.get("number"), state["name"], state.get("issued"))]
    if len(found) != 1:
        fail(f"Không rõ kế hoạch “{named}”; ghi mã, xem bằng: doi178-server return list, hoặc trang Kế hoạch.")
    return found[0]


def _apply(db: Database, asked: dict[str, Any], name: str | None) -> dict[str, Any]:
    """Make one change, or end with what is wrong with it."""
    answer = apply_one(db, asked, author=user_id(db, name) if name else "command", at=now())
    if answer["standing"] != "accepted":
        fail(" ".join(answer["problems"].values()))
    return answer


def _shown(db: Database, folder: Path, id: str) -> Shown:
    if not is_id(id) or find(db.conn, id) is None:
        fail(f"Không có báo cáo mã “{id}”; xem mã bằng: doi178-server return list.")
    with reading(db) as conn:
        return shown(Where(conn, units(db), Settings(folder).files, local_day(now())), id)


@return_group.command("show")
@click.argument("id")
@data_option
@one_sentence(DamagedReturn)
def show_command(id: str, folder: Path, as_json: bool) -> None:
    """Xem một báo cáo: bản nháp với số liệu hiện có, báo cáo đã gửi như đã chốt.

    \b
    Ví dụ:
        doi178-server return show 018f2b7c-… --json --data /srv/doi178
    """
    one = _shown(opened(folder), folder, id)
    if as_json:
        show(_plain(whole(one)))
        return
    click.echo(f"{one.row.title}\n{one.row.since} – {one.row.until}  {one.row.standing}")
    for column in one.content.figures.columns:
        click.echo(f"{column.group}: {column.heading:<50} {one.content.figures.total.cells[column.code].value}")


def _plain(said: dict[str, Any]) -> dict[str, Any]:
    return {key: getattr(value, "value", value) for key, value in said.items()}


@return_group.command("send")
@click.argument("id")
@data_option
@click.option("--as", "name", help="Tài khoản; mặc định là dòng lệnh.")
def send_command(id: str, folder: Path, as_json: bool, name: str | None) -> None:
    """Gửi một báo cáo: số liệu và lời văn được chốt, không sửa được nữa.

    \b
    Ví dụ:
        doi178-server return send 018f2b7c-… --as hanh --data /srv/doi178
    """
    db = opened(folder)
    _apply(db, {"do": "freeze", "return": id}, name)
    row = find(db.conn, id)
    assert row is not None, "it was just sent"
    if as_json:
        show({"id": id, "document": row.document, "code": freezing.code(row.document), "seq": row.seq})
    else:
        click.echo(f"Đã chốt số liệu, mã kiểm chứng {freezing.code(row.document)}.")


@return_group.command("number")
@click.argument("id")
@click.argument("number")
@data_option
@click.option("--on", type=Day(), help="Ngày ký; mặc định hôm nay.")
@click.option("--as", "name", help="Tài khoản; mặc định là dòng lệnh.")
def number_command(id: str, number: str, folder: Path, as_json: bool, on: date | None, name: str | None) -> None:
    """Ghi số mà văn thư cấp cho một báo cáo đã gửi, và ngày ký.

    \b
    Ví dụ:
        doi178-server return number 018f2b7c-… 125 --on 2026-06-18 --data /srv/doi178
    """
    on = on or local_day(now())
    asked = {"do": "return_number", "return": id, "number": number, "on": on.isoformat()}
    answer = _apply(opened(folder), asked, name)
    if as_json:
        show(answer)
    else:
        say("Đã ghi số báo cáo.")


@return_group.command("document")
@click.argument("id")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@data_option
@one_sentence(DamagedReturn)
def document_command(id: str, file: Path, folder: Path, as_json: bool) -> None:
    """Ghi văn bản của một báo cáo ra tệp: .docx để sửa, .pdf để in, .xlsx là các bảng.

    \b
    Ví dụ:
        doi178-server return document 018f2b7c-… bao-cao.docx --data /srv/doi178
    """
    ending = file.suffix.removeprefix(".").lower()
    if ending not in ENDINGS:
        fail("Tên tệp phải có đuôi .docx, .pdf hoặc .xlsx.")
    db = opened(folder)
    _write(db, _shown(db, folder, id), file)
    if as_json:
        show({"file": str(file)})
    else:
        say(f"Đã ghi {file}.")


def _write(db: Database, one: Shown, file: Path) -> None:
    replaced = find(db.conn, one.row.replaces) if one.row.replaces else None
    made = paper.MAKERS[file.suffix.removeprefix(".").lower()](paper.paper(one.content, one.row, replaced))
    file.write_bytes(made)


@return_group.command("restate")
@click.argument("id")
@data_option
@one_sentence(DamagedReturn)
def restate_command(id: str, folder: Path, as_json: bool) -> None:
    """Xem điều chỉnh sau khi chốt: số đã báo cáo, số hiện nay, vì sao.

    \b
    Ví dụ:
        doi178-server return restate 018f2b7c-… --json --data /srv/doi178
    """
    one = _shown(opened(folder), folder, id)
    if one.row.is_draft:
        fail("Báo cáo này chưa gửi, chưa có số liệu đã chốt.")
    if as_json:
        show({"id": id, "seq": one.row.seq, "restatements": [line.as_json() for line in one.restated]})
        return
    for line in one.restated:
        click.echo(_said(line))
    if not one.restated:
        say("Số liệu hiện nay khớp với báo cáo đã gửi.")


def _said(line: Line) -> str:
    where = " ".join(filter(None, [line.unit_name, line.kind_name]))
    why = ", ".join(f"{cause.why} {cause.name} {cause.day}" for cause in line.causes[:3])
    return f"{line.group}: {line.heading} ({where})  {line.reported} → {line.now}  {why}"


@return_group.command("list")
@data_option
@click.option("--unit", help="Mã đơn vị; mặc định tất cả.")
@click.option("--epoch", type=click.Choice(["old", "new"]), help="Bản đồ; mặc định bản đồ đang dùng.")
@click.option("--year", type=click.IntRange(2004, 2100), help="Năm; mặc định năm nay.")
def list_command(folder: Path, as_json: bool, unit: str | None, epoch: str | None, year: int | None) -> None:
    """Liệt kê các báo cáo của một năm, kể cả của các đơn vị dưới.

    \b
    Ví dụ:
        doi178-server return list --unit 38 --year 2026 --json --data /srv/doi178
    """
    db, today = opened(folder), local_day(now())
    key = unit_key(db, unit, Epoch(epoch) if epoch else epoch_on(today)) if unit else ""
    found = returns(db.conn, units(db), Asked(key, year or today.year))
    if as_json:
        show({"returns": [_plain(as_row(one)) for one in found]})
        return
    for one in found:
        click.echo(f"{one.id}  {one.unit:<12} {one.report:<14} {one.until}  {one.standing:<9} {one.number}")


@return_group.command("make")
@data_option
@_asked_options
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="Thư mục ghi văn bản.")
@click.option("--send", "sends", is_flag=True, help="Gửi luôn: số liệu được chốt.")
@one_sentence(DamagedReturn)
def make_command(folder: Path, as_json: bool, out: Path, sends: bool, **asked: Any) -> None:
    """Mở báo cáo và ghi cả ba văn bản ra một thư mục, trong một bước.

    \b
    Ví dụ:
        doi178-server return make --plan 86/KH-UBND --unit 38 --report year --year 2026 --out bao-cao --data /srv/doi178
    """
    db = opened(folder)
    id = _open(db, asked)
    row = find(db.conn, id)
    if sends and row and row.is_draft:
        _apply(db, {"do": "freeze", "return": id}, asked["name"])
    out.mkdir(parents=True, exist_ok=True)
    one = _shown(db, folder, id)
    files = {ending: out / paper.file_name(one.row, ending) for ending in ENDINGS}
    for file in files.values():
        _write(db, one, file)
    if as_json:
        show({"id": id, "files": {ending: str(file) for ending, file in files.items()}})
    else:
        for file in files.values():
            click.echo(str(file))


COMMANDS = (return_group,)
