"""A commune goes through its list of places and confirms it, by name and date: rà soát, chốt danh sách."""

import sqlite3
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from schemas.forms import place as form
from schemas.items import read
from schemas.text import sort_key
from server import web
from server.access import may
from server.changes import apply_one
from server.clock import local_day, now
from server.pages.areas import name, offered, whole_communes
from server.pages.asking import labelled, my_area
from server.pages.words import day
from server.problems import NotAllowed, NotFound
from server.register.reach import my_communes, unit_asked
from server.store import in_parts, marks, reading
from server.tables import Table, as_csv, as_xlsx

bp = Blueprint("confirming", __name__)
FILES = {"csv": as_csv, "xlsx": as_xlsx}


@dataclass(frozen=True)
class Confirmed:
    """A commune with its list: how many places, how many changed since it was confirmed, when and by whom that was."""

    commune: str
    name: str
    places: int
    changed: int
    on: str
    by: str
    before: tuple[tuple[str, str], ...] = ()  # earlier confirmations: day, by


def confirmed(conn: sqlite3.Connection, names: dict[str, str]) -> list[Confirmed]:
    """Return the lists of the communes *names*, by name."""
    communes = list(names)
    known = {row[0]: row[1:] for row in conn.execute("SELECT unit, confirmed_on, confirmed_by FROM list_confirmations")}
    counts: dict[str, int] = {}
    for some in in_parts(communes):
        counts.update(
            conn.execute(
                "SELECT commune, count(*) FROM placements JOIN register_rows ON register_rows.id = establishment"
                f" WHERE commune IN ({marks(some)}) GROUP BY commune",
                some,
            ).fetchall()
        )
    found = [
        Confirmed(key, names[key], counts.get(key, 0), _changed(conn, key, on) if on else 0, on, by, _before(conn, key))
        for key in communes
        for on, by in [known.get(key, ("", ""))]
    ]
    return sorted(found, key=lambda one: (not one.places, sort_key(one.name)))


def _changed(conn: sqlite3.Connection, commune: str, on: str) -> int:
    """Count the places of a commune whose record changed after the day on which its list was confirmed."""
    row = conn.execute(
        "SELECT count(*) FROM placements JOIN things ON things.kind = 'establishment' AND things.id = establishment"
        " JOIN arrivals ON arrivals.seq = things.seq WHERE commune = ? AND arrivals.at >= ?",
        (commune, f"{on}T17:00:00"),  # the day ends in Vietnam at 17:00 UTC
    ).fetchone()
    return int(row[0])


def _before(conn: sqlite3.Connection, commune: str) -> tuple[tuple[str, str], ...]:
    rows = conn.execute(
        "SELECT line FROM items WHERE id = ? AND kind = 'confirm_list' AND standing = 'accepted' ORDER BY seq DESC",
        (commune,),
    ).fetchall()
    bodies = [read(bytes(line)).body for (line,) in rows if line]
    return tuple((str(body.get("on")), str(body.get("by") or "")) for body in bodies[1:6])


@bp.get("/co-so/chot-danh-sach")
@may("register.see")
def page() -> str:
    """Show which communes have confirmed their lists, and the form that confirms one."""
    return _page(unit_asked(), {}, {})


@bp.get("/co-so/chot-danh-sach.<ending>")
@may("register.see")
def file(ending: str) -> Response:
    """Answer the same as a file."""
    if ending not in FILES:
        raise NotFound(_("Không có tệp dạng này; chọn csv hoặc xlsx."))
    unit = unit_asked()
    rows: list[list[Any]] = [
        [one.name, one.places, one.changed if one.on else None, date.fromisoformat(one.on) if one.on else None, one.by]
        for one in _lists(unit)
    ]
    title = _("Rà soát, chốt danh sách cơ sở")
    facts = [(_("Địa bàn"), name(web.tree(), unit))]
    return FILES[ending](Table("chot-danh-sach", title, [str(one) for one in HEADINGS], rows, facts))


HEADINGS = (_l("Xã"), _l("Số cơ sở trong danh sách"), _l("Sửa sau khi chốt"), _l("Chốt ngày"), _l("Người chốt"))


def _lists(unit: str) -> list[Confirmed]:
    tree = web.tree()
    with reading(web.db()) as conn:
        return confirmed(conn, {key: name(tree, key) for key in whole_communes(tree, unit)})


@bp.post("/co-so/chot-danh-sach")
@may("register.confirm")
def confirm() -> tuple[str, int] | Response:
    """Confirm the list of one commune, as `apply` does; or show the form again with what to put right."""
    given = {name: request.form.get(name, "").strip()[:300] for name in ("xa", "ngay", "nguoi-chot")}
    errors: dict[str, str] = {}
    today = local_day(now())
    if given["xa"] and given["xa"] not in my_communes():
        raise NotAllowed(_("Xã này ngoài địa bàn của tài khoản; hỏi người quản trị."))
    on = form.take(errors, "ngay", form.day, given["ngay"], today)
    if on and on > today.isoformat():
        errors["ngay"] = _("Ngày chốt ở sau hôm nay; nhập lại ngày.")
    needed = {"xa": _("Chọn xã."), "ngay": _("Nhập ngày chốt danh sách."),
              "nguoi-chot": _("Ghi họ tên, chức vụ người chốt danh sách.")}  # fmt: skip
    errors |= {field: sentence for field, sentence in needed.items() if not given[field]}
    if not errors:
        epoch, _colon, code = given["xa"].partition(":")
        asked = {"do": "confirm_list", "unit": code, "epoch": epoch, "on": on, "by": given["nguoi-chot"]}
        problems = apply_one(web.db(), asked, author=g.user["id"], at=now())["problems"]
        errors = {_FIELD_OF.get(path, "xa"): said for path, said in problems.items()}
    if errors:
        return _page(unit_asked(), given, errors), 422
    said = _("Đã ghi: %(commune)s chốt danh sách ngày %(day)s.", commune=name(web.tree(), given["xa"]), day=day(on))
    flash(said, "good")
    return redirect(url_for("confirming.page", **_same_unit()), code=303)


_FIELD_OF = {"unit": "xa", "on": "ngay", "by": "nguoi-chot"}


def _same_unit() -> dict[str, Any]:
    unit = unit_asked()
    return {} if unit == my_area() else {"don-vi": unit}


def _page(unit: str, given: dict[str, str], errors: dict[str, str]) -> str:
    tree, lists = web.tree(), _lists(unit)
    asked = request.args.get("xa", "")
    given = given or {"xa": asked if any(one.commune == asked for one in lists) else
                      (lists[0].commune if len(lists) == 1 else ""), "ngay": day(local_day(now()))}  # fmt: skip
    year = str(local_day(now()).year)
    return render_template(
        "confirming.html", unit=unit, unit_name=name(tree, unit), units=labelled(offered(tree, my_area(), unit)),
        lists=lists, given=given, errors=errors, done=sum(1 for one in lists if one.on[:4] == year), year=year,
    )  # fmt: skip
