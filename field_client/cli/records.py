"""Commands about what is kept: establishments, record, edit, export."""

import json
import sys
from dataclasses import replace
from typing import Any, TextIO

import click
from sqlite_utils import Database

from field_client import clock, dates, drafts, open_findings
from field_client.assignments import of_team
from field_client.changes import asked_as, changes
from field_client.cli.common import data_option, fail, one_sentence, opened, say, show
from field_client.export import export as export_lines
from field_client.places import NotKnown, Thing, find, find_establishment
from field_client.records import Body, NotValid, read_json
from field_client.records import edit as edit_thing
from field_client.records import record as record_inspection
from field_client.rounds import team_of
from field_client.search import Asked
from field_client.search import establishments as list_establishments
from field_client.settings import Settings
from field_client.store.own import NotEnrolled
from field_client.template import template as make_template
from schemas.ids import is_id, new_id
from schemas.items import ITEM_LIMIT
from schemas.privacy import warnings
from schemas.register import Kind
from schemas.text import nfc

EVERYTHING = -1


@click.command("establishments")
@data_option
@click.option("--search", "text", default="", help="Tên, mã, địa chỉ, điện thoại hoặc chủ cơ sở; có dấu hay không.")
@click.option("--unit", default="", help="Mã xã, huyện hoặc tỉnh.")
@click.option("--kind", type=click.Choice([kind.value for kind in Kind]), help="Loại hình.")
@click.option("--not-inspected", "year", type=int, metavar="YEAR", help="Chưa được kiểm tra trong năm.")
@click.option("--never-inspected", "never", is_flag=True, help="Chưa có lần kiểm tra nào trên máy này.")
@click.option("--open-findings", "findings", is_flag=True, help="Có tồn tại chưa khắc phục.")
@click.option("--assigned", is_flag=True, help="Phân công cho đội này, còn hạn.")
@click.option("--expired-papers", "expired", is_flag=True, help="Có giấy phép, giấy chứng nhận hết hạn.")
def establishments(
    settings: Settings, as_json: bool, text: str, unit: str, kind: str | None, year: int | None, **also: bool
) -> None:
    """Tìm cơ sở trên máy này.

    \b
    Ví dụ:
        doi178-field establishments --search "dong do" --not-inspected 2026
    """
    db = opened(settings)
    asked = replace(Asked(text=text, unit=unit, kind=kind or "", year=year), **_narrowed(db, also))
    found = list_establishments(db, asked, limit=EVERYTHING)
    if as_json:
        show([row.as_dict() for row in found])
        return
    for row in found:
        click.echo(f"{row.code or row.id:<14} {row.name} – {row.address}, {row.unit_name}")


def _narrowed(db: Database, also: dict[str, bool]) -> dict[str, Any]:
    """Return the rest of what a search is asked for, as the flags say it."""
    at, among = clock.now(), []
    if also["findings"]:
        among.append(open_findings.places(db))
    if also["assigned"]:
        among.append(frozenset(one.establishment for one in of_team(db, team_of(db), at)))
    today = clock.local_day(clock.best(db.conn, at)).isoformat()
    return {"never": also["never"], "among": tuple(among), "expired_on": today if also["expired"] else ""}


@click.command("record")
@click.argument("file", metavar="TỆP", type=click.File(encoding="utf-8-sig"), required=False)
@data_option
@click.option("--template", "establishment", metavar="CƠ_SỞ", help="In một mẫu hợp lệ cho cơ sở có mã này.")
@click.option("--draft", is_flag=True, help="Giữ làm bản nháp, chưa chốt.")
@click.option("--confirm-date", "sure", is_flag=True, help="Xác nhận ngày kiểm tra khi đồng hồ máy không đúng.")
@one_sentence(NotKnown, NotEnrolled)
def record(
    settings: Settings, as_json: bool, file: TextIO | None, establishment: str | None, draft: bool, sure: bool
) -> None:
    """Ghi một cuộc kiểm tra từ tệp JSON (hoặc - để đọc từ stdin), hoặc in mẫu để điền.

    \b
    Ví dụ:
        doi178-field record --template KAR-001 > bien-ban.json
        doi178-field record bien-ban.json
    """
    db = opened(settings)
    if establishment:
        _print_template(db, establishment)
        return
    if file is None:
        raise click.UsageError("Cần tên tệp, hoặc --template CƠ_SỞ.")
    try:
        given = _read(file)
        if not (draft or sure):
            _ask_for_the_date(db, given)
        kept = _keep(db, given, draft)
    except NotValid as error:
        _tell_problems(error.problems, as_json)
        return
    say("Đã lưu bản nháp." if draft else "Đã chốt; chờ gửi.")
    _point_out(db, kept["id"])
    if as_json:
        show(kept | {"problems": []})
    else:
        click.echo(kept["id"])


def _point_out(db: Database, id: str) -> None:
    """Point out on stderr what in free text looks like data about a person; nothing is held back for it."""
    row = db.conn.execute("SELECT line FROM own WHERE id = ? ORDER BY local DESC LIMIT 1", (id,)).fetchone()
    body = json.loads(row[0])["body"] if row else {}
    texts = [str(body.get(key, "")) for key in ("representative", "ground", "evidence", "statement", "remark")]
    texts += [*body.get("notes", {}).values(), *(one.get("facts", "") for one in body.get("violations", ()))]
    for label in dict.fromkeys(one.label for text in texts for one in warnings(text)):
        say(label)


def _print_template(db: Database, establishment: str) -> None:
    try:
        show(make_template(db, establishment, clock.now()))
    except NotValid as error:
        fail(str(error))


def _read(file: TextIO) -> Body:
    try:
        text = file.read(8 * ITEM_LIMIT)
    except UnicodeDecodeError:
        raise NotValid({"": "Không đọc được: tệp phải là chữ UTF-8; lưu lại rồi chạy lại."}) from None
    return read_json(text)


def _keep(db: Database, given: Body, draft: bool) -> dict[str, Any]:
    id = given.pop("id", None) or new_id()
    if not isinstance(id, str) or not is_id(id):
        raise NotValid({"id": "Mã không đúng dạng; lấy mẫu bằng: doi178-field record --template CƠ_SỞ"})
    base = given.pop("base", None)
    given |= _establishment(db, given.get("establishment"))
    if draft:
        return {"id": drafts.keep(db, id, given, at=clock.now()), "item": None}
    kept = record_inspection(db, id, given, at=clock.now(), base=base if isinstance(base, str) else None)
    return {"id": kept.id, "item": kept.item}


def _ask_for_the_date(db: Database, given: Body) -> None:
    """Refuse a visit whose day a wrong clock may have given, until a person confirms it."""
    doubt = dates.doubt(db.conn, str(given.get("id", "")), clock.now())
    if doubt:
        raise NotValid({"date": doubt.rpartition(", rồi")[0] + ", rồi chạy lại với --confirm-date."})


def _establishment(db: Database, said: Any) -> Body:
    """Turn a code into the id; a place that is not here is most likely a slip of the pen."""
    if not isinstance(said, str) or not said:
        return {}
    try:
        return {"establishment": find_establishment(db, said).id}
    except NotKnown as error:
        raise NotValid({"establishment": str(error)}) from None


def _tell_problems(problems: dict[str, str], as_json: bool) -> None:
    if as_json:
        show({"id": None, "item": None, "problems": [{"field": f, "problem": p} for f, p in problems.items()]})
    for field, problem in problems.items():
        say(f"{field}: {problem}" if field else problem)
    fail(f"Chưa ghi được: sửa {len(problems)} mục nêu trên rồi chạy lại.")


@click.command("edit")
@click.argument("id", metavar="MÃ")
@click.argument("fields", nargs=-1, required=True, metavar="MỤC=GIÁ_TRỊ…")
@data_option
@one_sentence(NotKnown, NotEnrolled)
def edit(settings: Settings, as_json: bool, id: str, fields: tuple[str, ...]) -> None:
    """Sửa hồ sơ cơ sở hoặc chủ cơ sở; giá trị trống là xóa mục đó.

    \b
    Ví dụ:
        doi178-field edit KAR-001 phone=0912345678
        doi178-field edit KAR-001 status=closed from=2026-11-05
        doi178-field edit KAR-001 kinds=+massage from=2026-11-05
        doi178-field edit KAR-001 licence.type=antt_certificate licence.number=9/GCN licence.to=2027-06-30
    """
    db, now = opened(settings), clock.now()
    thing, asked = _thing(db, id), _asked(fields)
    try:
        wanted = changes(thing.state, asked, clock.local_day(clock.best(db.conn, now)), thing.kind)
        _operators_known(db, wanted)
        kept = edit_thing(db, thing.kind, thing.id, wanted, at=now)
    except NotValid as error:
        fail(_in_one_sentence(error.problems))
        return
    say("Đã lưu; chờ gửi." if kept else "Không có gì thay đổi.")
    if as_json:
        show({"item": kept.item if kept else None})


def _asked(fields: tuple[str, ...]) -> dict[str, Any]:
    """Read FIELD=VALUE, each field once."""
    pairs = [_pair(text) for text in fields]
    twice = sorted({field for field, _ in pairs if [name for name, _ in pairs].count(field) > 1})
    if twice:
        raise click.UsageError(f"Mục {twice[0]} ghi hai lần; ghi một lần, ví dụ kinds=+massage,-karaoke.")
    return dict(pairs)


def _pair(text: str) -> tuple[str, Any]:
    field, equals, value = text.partition("=")
    if not equals or not field:
        raise click.UsageError(f"“{text}” không đúng dạng; viết MỤC=GIÁ_TRỊ, ví dụ phone=0912345678.")
    return field, read_json(value) if value.startswith("{") else (nfc(value) or None)


def _operators_known(db: Database, wanted: dict[str, Any]) -> None:
    """Refuse an operator that is not on this laptop: it is most likely a slip, and the server would wait for it."""
    for path, value in wanted.items():
        if path.startswith("operator/") and isinstance(value, dict) and value.get("operator"):
            try:
                find(db, "operator", str(value["operator"]))
            except NotKnown as error:
                raise NotValid({"operator": str(error)}) from None


def _in_one_sentence(problems: dict[str, str]) -> str:
    return "; ".join(f"{asked_as(path)}: {said}" if path else said for path, said in problems.items())


def _thing(db: Database, id: str) -> Thing:
    try:
        return find_establishment(db, id)
    except NotKnown:
        return find(db, "operator", id)


@click.command("export")
@data_option
def export(settings: Settings, as_json: bool) -> None:
    """In mọi hồ sơ trên máy kèm tình trạng, mỗi dòng một tài liệu JSON.

    \b
    Ví dụ:
        doi178-field export > may-nay.jsonl
    """
    for line in export_lines(opened(settings).conn):
        sys.stdout.write(line + "\n")


COMMANDS = (establishments, record, edit, export)
