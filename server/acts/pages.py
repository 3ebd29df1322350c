"""The pages of the catalogue: rows and groups, their versions, the forms of the role legal, the uncoded queue."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from schemas.acts import MARKS
from schemas.labels import KINDS
from schemas.violations import CatalogueRow
from server import web
from server.access import may
from server.acts import form
from server.acts.reading import groups, row_of, rows_like, shipped, uncoded, versions
from server.changes import apply_one
from server.changes.catalogue import stated
from server.clock import local_day, now
from server.law.catalogue import current
from server.office import state_of
from server.pages.areas import whole_communes
from server.pages.asking import my_area
from server.pages.pages import Pages
from server.pages.words import day
from server.problems import InvalidInput, NotAllowed, NotFound
from server.store import reading
from server.tables import Table, as_csv, as_xlsx

bp = Blueprint("acts", __name__)
FILES = {"csv": as_csv, "xlsx": as_xlsx}
HOUSEHOLD = {"": _l("chưa rõ – không in mức phạt"), "individual": _l("cá nhân"), "enterprise": _l("tổ chức")}
SOURCE = {
    "V": _l("đã đọc văn bản"), "V-2nd": _l("đọc ở nguồn thứ hai"), "GK": _l("hiểu biết chung, chưa kiểm chứng"),
    "INF": _l("suy luận"), "UNKNOWN": _l("chưa tìm thấy"),
}  # fmt: skip
assert set(SOURCE) == set(MARKS)


@bp.get("/danh-muc")
@may("law.see")
def page() -> str:
    """Show the rows of the catalogue with validity, source and who confirmed them."""
    query = {key: request.args.get(key, "").strip() for key in ("tim", "xac-nhan")}
    catalogue = current(web.db().conn)
    rows = rows_like(catalogue, query["tim"], {"roi": "yes", "chua": "no"}.get(query["xac-nhan"], ""))
    return render_template(
        "acts.html", rows=rows, catalogue=catalogue, query=query, SOURCE=SOURCE, total=len(catalogue.rows),
        confirmed=sum(bool(row.confirmed_by) for row in catalogue.rows), today=local_day(now()),
    )  # fmt: skip


@bp.get("/danh-muc.<ending>")
@may("law.see")
def file(ending: str) -> Any:
    """Answer the whole catalogue as a file."""
    if ending not in FILES:
        raise NotFound(_("Không có tệp dạng này; chọn csv hoặc xlsx."))
    catalogue = current(web.db().conn)
    headings = [
        _("Mã hành vi"), _("Hành vi"), _("Nhóm hành vi"), _("Điều khoản"), _("Có hiệu lực từ ngày"),
        _("Hết hiệu lực sau ngày"), _("Dấu nguồn"), _("Người xác nhận"), _("Ngày xác nhận"),
        _("Cá nhân: từ"), _("Cá nhân: đến"), _("Tổ chức: từ"), _("Tổ chức: đến"),
    ]  # fmt: skip
    rows = [_cells(row, catalogue.group_of(row.code, "9999-12-31")) for row in catalogue.rows]
    return FILES[ending](Table("danh-muc-hanh-vi", _("Danh mục hành vi vi phạm"), headings, rows))


def _cells(row: CatalogueRow, group: str) -> list[Any]:
    amounts = (row.ind_min, row.ind_max, row.org_min, row.org_max) if row.confirmed_by else (None,) * 4
    return [
        row.code, row.name_vi, group, row.citation, day(row.effective_from), day(row.effective_to), row.mark,
        row.confirmed_by, day(row.confirmed_on), *amounts,
    ]  # fmt: skip


@bp.get("/danh-muc/hanh-vi/<key>")
@may("law.see")
def row(key: str) -> str:
    """Show one row with all its versions, and to the role legal the form of the next one."""
    found = _row(key)
    return _row_page(found, form.filled(found) | {"seen": _seen("act", "row", key)}, {})


def _row(key: str) -> CatalogueRow:
    found = row_of(current(web.db().conn), key)
    if found is None:
        raise NotFound(_("Không có dòng này trong danh mục; mở lại danh mục."))
    return found


def _seen(kind: str, path: str, value: str) -> str:
    return next((one.id for one in versions(web.db().conn, kind, path, value)), "")


def _row_page(found: CatalogueRow | None, given: dict[str, Any], errors: dict[str, str]) -> str:
    conn = web.db().conn
    catalogue, first = current(conn), shipped(found.key) if found else None
    return render_template(
        "act.html", row=found, given=given, errors=errors, KINDS=KINDS, MARKS=SOURCE, HOUSEHOLD=HOUSEHOLD,
        versions=versions(conn, "act", "row", found.key) if found else [], SOURCE=SOURCE,
        group=catalogue.group_of(found.code, "9999-12-31") if found else "", catalogue=catalogue,
        first=stated(first) | {"confirmed_by": first.confirmed_by} if first else None,
        kinds=given.get("kinds") or (list(found.kinds) if found else []),
    )  # fmt: skip


@bp.get("/danh-muc/hanh-vi-moi")
@may("law.edit")
def new_row() -> str:
    """Show the form of a new row: an act that the catalogue does not have, or an amended one."""
    return _row_page(None, {"mark": "V"}, {})


@bp.post("/danh-muc/hanh-vi")
@may("law.edit")
def keep_row() -> tuple[str, int] | Response:
    """Make a new version of a row, or a new row; or show the form again."""
    given: dict[str, Any] = {key: value for key, value in request.form.items() if key not in {"csrf_token", "kinds"}}
    kinds = request.form.getlist("kinds")
    found = _row(given["row"]) if given.get("row") else None
    asked = form.asked_act(given, kinds, local_day(now()))
    answer = apply_one(web.db(), {"do": "act", **asked}, author=g.user["id"], at=now())
    if answer["standing"] != "accepted":
        return _row_page(found, given | {"kinds": kinds}, answer["problems"]), 422
    flash(_("Đã ghi phiên bản mới; các máy nhận ở lần kết nối tới."), "good")
    key = given.get("row") or f"{asked['code']}@{asked['effective_from']}"
    return redirect(url_for("acts.row", key=key), code=303)


@bp.get("/danh-muc/nhom")
@may("law.see")
def group_list() -> str:
    """Show the act groups, and which codes have none."""
    conn = web.db().conn
    catalogue = current(conn)
    alone = sorted({row.code for row in catalogue.rows if not catalogue.group_of(row.code, "9999-12-31")})
    return render_template("act_groups.html", groups=groups(conn, catalogue), alone=alone, catalogue=catalogue)


@bp.get("/danh-muc/nhom/<group>")
@may("law.see")
def group(group: str) -> str:
    """Show one group with all its versions, and to the role legal the form of the next one."""
    return _group_page(group, _of_group(group) | {"seen": _seen("act_group", "group", group)}, {})


def _of_group(group: str) -> dict[str, Any]:
    conn = web.db().conn
    found = next((one for one in groups(conn, current(conn)) if one.id == group), None)
    return {"name": found.name, "codes": " ".join(found.codes)} if found else {"codes": ""}


def _group_page(group: str, given: dict[str, Any], errors: dict[str, str]) -> str:
    conn = web.db().conn
    catalogue = current(conn)
    known = {one.id: one for one in groups(conn, catalogue)}
    found = known.get(group)
    if found is None and not errors:
        raise NotFound(_("Không có nhóm này; mở lại danh sách nhóm."))
    members = [row for row in catalogue.rows if found and row.code in found.codes]
    return render_template(
        "act_group.html", id=group, group=found, members=members, given=given, errors=errors, catalogue=catalogue,
        versions=versions(conn, "act_group", "group", group), rows=_newest(catalogue.rows),
    )  # fmt: skip


def _newest(rows: tuple[CatalogueRow, ...]) -> list[CatalogueRow]:
    return sorted({row.code: row for row in rows}.values(), key=lambda row: row.code)


@bp.post("/danh-muc/nhom")
@may("law.edit")
def keep_group() -> tuple[str, int] | Response:
    """Make a new version of a group, or a new group; or show the form again."""
    given = {key: value.strip() for key, value in request.form.items() if key != "csrf_token"}
    name = given.get("group", "")
    named: dict[str, Any] = {key: given[key] for key in ("group", "name", "note", "seen", "codes") if key in given}
    asked: dict[str, Any] = {"do": "act_group"}
    asked.update(named)
    answer = apply_one(web.db(), asked | form.confirmation(given, local_day(now())), author=g.user["id"], at=now())
    if answer["standing"] != "accepted":
        return _group_page(name, given, answer["problems"]), 422
    flash(_("Đã ghi phiên bản mới của nhóm; kết quả tra cứu tái phạm đổi theo ngay."), "good")
    return redirect(url_for("acts.group", group=name), code=303)


@bp.get("/danh-muc/chua-co-ma")
@may("law.edit")
def queue() -> str:
    """Show the violations of the area that have no code."""
    return _queue({}, {})


def _queue(given: dict[str, str], errors: dict[str, str]) -> str:
    pages = Pages.read(request.args.get("trang", ""))
    with reading(web.db()) as conn:
        communes = whole_communes(web.tree(), my_area())
        total, found = uncoded(conn, communes, offset=pages.offset, limit=min(pages.limit, 200))
        catalogue = current(conn)
    name = str((state_of(web.db().conn, "user", g.user["id"]) or {}).get("name") or "")
    return render_template(
        "uncoded.html", found=found, pages=pages.of(total), given=given, errors=errors, me=name,
        rows=_newest(catalogue.rows), today=local_day(now()),
    )  # fmt: skip


@bp.post("/danh-muc/chua-co-ma")
@may("law.edit")
def code_it() -> tuple[str, int] | Response:
    """Say which act a violation is, or that none fits."""
    given = {key: value.strip() for key, value in request.form.items() if key != "csrf_token"}
    _in_area(given.get("inspection", ""))
    none = given.get("do") == "none"
    asked = {"do": "code_violation", "inspection": given.get("inspection"), "violation": given.get("violation")}
    asked |= {key: given[key] for key in ("by", "note") if given.get(key)}
    errors = {} if none or given.get("code") else {"code": _("Chọn mã hành vi, hoặc bấm “Không hành vi nào phù hợp”.")}
    if not errors:
        asked |= {"code": "" if none else given["code"]}
        errors = apply_one(web.db(), asked, author=g.user["id"], at=now())["problems"]
    if errors:
        return _queue(given, errors), 422
    done = _("Đã ghi: không hành vi nào phù hợp.") if none else _("Đã xác định mã %(code)s.", code=given["code"])
    flash(done, "good")
    return redirect(url_for("acts.queue"), code=303)


def _in_area(inspection: str) -> None:
    if not inspection:
        raise InvalidInput(_("Trang đã cũ; tải lại trang rồi chọn lại."))
    rows = web.db().conn.execute(
        "SELECT commune FROM visits JOIN placements USING (establishment) WHERE visits.id = ?", (inspection,)
    ).fetchall()
    if not rows:
        raise NotFound(_("Không có cuộc kiểm tra này trên máy chủ; tải lại trang."))
    if set(whole_communes(web.tree(), my_area())).isdisjoint(commune for (commune,) in rows):
        raise NotAllowed(_("Cuộc kiểm tra này ngoài địa bàn của tài khoản; hỏi người quản trị."))
