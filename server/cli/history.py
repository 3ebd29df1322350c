"""The command `history`: what happened at a place, or under an operator, for a purpose that stands in the log."""

import os
import sqlite3
from pathlib import Path

import click
from sqlite_utils import Database

from schemas import purpose as rules
from schemas.minutes_code import WrongCode, parse
from server.arrivals.world import unit_tree
from server.cli.common import data_option, fail, opened, show, user_id
from server.clock import now
from server.history import purpose
from server.history.answers import age_lines, said
from server.history.facts import of as facts_of
from server.history.minutes import place_of_code
from server.history.operator import OperatorHistory, history_of_operator
from server.history.place import PlaceHistory, history_of_place
from server.history.reach import area_of, place_is_within, root_of
from server.history.words import line
from server.office import state_of
from server.pages.words import day
from server.store import reading, writing

History = PlaceHistory | OperatorHistory


@click.command("history")
@click.argument("id")
@data_option
@click.option("--purpose", "why", required=True, help="Lý do tra cứu: số văn bản hoặc vụ việc.")
@click.option("--as", "name", help="Tài khoản tra cứu, trong địa bàn của tài khoản; mặc định là dòng lệnh.")
def history_command(folder: Path, as_json: bool, id: str, why: str, name: str | None) -> None:
    """Lịch sử một cơ sở hoặc một chủ cơ sở: theo mã định danh, mã cơ sở, hoặc mã in trên biên bản.

    \b
    Ví dụ:
        doi178-server history GD-000012 --purpose "Công văn số 12/CV-CAX ngày 20/11/2026" --data /srv/doi178
    """
    db = opened(folder)
    wrong = rules.problem(why)
    if wrong:
        fail(wrong)
    who, communes = _looker(db, name)
    at = now()
    with reading(db) as conn:
        kind, root = _named(conn, id)
        tree = unit_tree(conn)
        if kind == "establishment" and not place_is_within(conn, communes, root):
            fail("Cơ sở này ngoài địa bàn của tài khoản; dùng tài khoản khác.")
        found: History | None = (
            history_of_place(conn, tree, root, at) if kind == "establishment"
            else history_of_operator(conn, tree, root, communes, at)
        )  # fmt: skip
    if found is None:
        fail("Chủ cơ sở này không có cơ sở trong địa bàn của tài khoản; dùng tài khoản khác.")
        return
    with writing(db) as conn:
        purpose.note(conn, who, purpose.OPENED, f"{kind}:{root}", rules.tidy(why), found.facts.units, at, by="command")
    show(found.as_json()) if as_json else _print(found)


def _looker(db: Database, name: str | None) -> tuple[purpose.Looker, frozenset[str] | None]:
    """Return who looks and where: an account in its area, or whoever has the data folder, everywhere."""
    if not name:
        return purpose.Looker(f"command:{os.environ.get('USER', '')}".rstrip(":"), ""), None
    id = user_id(db, name)
    user = state_of(db.conn, "user", id) or {}
    return purpose.Looker(id, user.get("role") or ""), area_of(unit_tree(db.conn), f"{user['epoch']}:{user['area']}")


def _named(conn: sqlite3.Connection, id: str) -> tuple[str, str]:
    """Return the kind and the record that stands for what was named, or fail with what may be named."""
    for kind in ("establishment", "operator"):
        root = root_of(conn, kind, id)
        if root:
            return kind, root
    rows = conn.execute("SELECT DISTINCT root FROM establishments WHERE code = ? AND code <> ''", (id,)).fetchall()
    if len(rows) == 1:
        return "establishment", rows[0][0]
    if len(rows) > 1:
        fail(f"Có nhiều cơ sở mang mã {id}; ghi mã định danh thay cho mã cơ sở.")
    try:
        place = place_of_code(conn, parse(id))
    except WrongCode as wrong:
        place = None
        if id.replace(" ", "").isdigit():
            fail(str(wrong))
    if place is None:
        fail(f"Không có cơ sở, chủ cơ sở hay biên bản nào mang mã “{id}”; xem lại mã.")
    return "establishment", str(place)


def _print(found: History) -> None:
    click.echo(found.facts.name)
    for name, value in facts_of(found):
        if value:
            click.echo(f"  {name}: {value}")
    for one in map(said, found.today):
        click.echo(f"- {one.acts}: {one.answer}. {one.until}".rstrip())
    for event in map(line, found.timeline):
        marks = "".join(f" [{words}]" for words, _colour in event.marks)
        click.echo(f"{day(event.day):10}  {event.group}: {event.title}{marks}")
        for more in event.lines:
            click.echo(f"            {more}")
    for name, value in age_lines(found.age):
        click.echo(f"{name}: {value}")
    click.echo("Để tham khảo; người có thẩm quyền xử phạt quyết định.")


COMMANDS = (history_command,)
