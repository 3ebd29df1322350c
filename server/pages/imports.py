"""Importing a spreadsheet on a page: the file, which column is which, what rows would do, what became of them."""

import csv
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from flask import Blueprint, flash, g, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from server import web
from server.access import may
from server.clock import local_day, now
from server.duplicates.side import named
from server.imports import jobs
from server.imports.changed import Field, beside, fields
from server.imports.guess import Heading, heading, remember, remembered
from server.imports.jobs import Area, Run
from server.imports.planning import Planned
from server.imports.reading import BadFile
from server.imports.run import planner_of, preview
from server.imports.within import Within
from server.office import state_of
from server.pages.areas import whole_communes
from server.pages.asking import my_area
from server.problems import InvalidInput, NotAllowed, NotFound
from server.settings import UPLOAD_LIMIT

bp = Blueprint("imports", __name__)
WHAT = {"co-so": "establishments", "kiem-tra": "inspections", "quyet-dinh": "decisions"}
TITLES = {
    "establishments": _l("Danh sách cơ sở"),
    "inspections": _l("Các cuộc kiểm tra đã qua"),
    "decisions": _l("Các quyết định xử phạt đã qua"),
}
FATES = {"added": _l("Thêm mới"), "changed": _l("Thay đổi"), "same": _l("Như cũ"), "bad": _l("Sai")}
FIRST_ROWS, LATEST, SHOWN = 10, 20, 100
LABELS = {
    "code": _l("Mã"), "name": _l("Tên cơ sở"), "kinds": _l("Loại hình"), "unit_epoch": _l("Bản đồ hành chính"),
    "unit_code": _l("Mã xã"), "address": _l("Địa chỉ"), "phone": _l("Điện thoại"), "operator": _l("Chủ cơ sở"),
    "operator_form": _l("Hình thức của chủ cơ sở"), "operator_no": _l("Số đăng ký kinh doanh"),
    "licence_no": _l("Số giấy phép"), "licence_from": _l("Giấy phép cấp ngày"), "licence_to": _l("Giấy phép hết hạn"),
    "antt_no": _l("Số giấy ANTT"), "antt_from": _l("Giấy ANTT cấp ngày"), "antt_to": _l("Giấy ANTT hết hạn"),
    "opened_on": _l("Hoạt động từ ngày"), "closed_on": _l("Ngừng hoạt động ngày"), "lat": _l("Vĩ độ"),
    "lon": _l("Kinh độ"), "establishment": _l("Mã cơ sở"), "date": _l("Ngày kiểm tra"), "team": _l("Đội kiểm tra"),
    "basis": _l("Hình thức kiểm tra"), "outcome": _l("Kết quả"), "found_working": _l("Cơ sở đang hoạt động"),
    "violations": _l("Hành vi vi phạm"), "number": _l("Số"), "trigger": _l("Căn cứ đột xuất"), "ground": _l("Căn cứ"),
    "remark": _l("Ghi chú"), "authority": _l("Cơ quan ra quyết định"), "codes": _l("Mã hành vi"),
    "committed_on": _l("Ngày vi phạm"), "decided_on": _l("Ngày quyết định"), "delivered_on": _l("Ngày giao quyết định"),
    "sanction": _l("Hình thức xử phạt"), "sanctions": _l("Hình thức từng hành vi"), "amount": _l("Số tiền phạt"),
    "ordered": _l("Nội dung phải thi hành"), "main_done_on": _l("Ngày chấp hành xong"),
    "additional_done_on": _l("Chấp hành hình thức bổ sung"), "remedies_done_on": _l("Khắc phục hậu quả xong"),
    "suspension_to": _l("Đình chỉ đến ngày"), "cancelled_on": _l("Ngày hủy quyết định"),
    "complaint_from": _l("Khiếu nại từ ngày"), "evasion_from": _l("Trốn tránh từ ngày"),
    "evasion_to": _l("Trốn tránh đến ngày"),
}  # fmt: skip
FILES = {"loi": jobs.ERRORS, "thay-doi": jobs.CHANGES}


@bp.url_value_preprocessor
def allow_files(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Let a file be longer than other requests; it goes to the disk as it comes in."""
    request.max_content_length = UPLOAD_LIMIT


@dataclass(frozen=True)
class First:
    """One of the first rows, as the page shows it: what it would do, with the fields or the problems in words."""

    line: int
    key: str
    fate: str
    fields: tuple[Field, ...]
    problems: tuple[tuple[str, str, str], ...]
    beside: tuple[str, ...] = ()  # fields that the register has otherwise: a person compares them


@bp.get("/co-so/nhap")
@may("register.import")
def page() -> str:
    """Show the form that takes a file, and what was imported lately."""
    return _page({})


@bp.post("/co-so/nhap")
@may("register.import")
def upload() -> tuple[str, int] | Response:
    """Keep the file and go on to its columns; nothing is imported yet."""
    what, given = WHAT.get(request.form.get("loai", "")), request.files.get("tep")
    errors = {} if what else {"loai": _("Chọn nội dung của tệp.")}
    if given is None or not given.filename:
        errors["tep"] = _("Chọn tệp CSV hoặc XLSX.")
    if errors or given is None or what is None:
        return _page(errors), 422
    file = (str(given.filename), cast(BinaryIO, given.stream))
    id = jobs.keep(web.settings(), web.db(), what, _area(), file, g.user["id"])
    try:
        _heading(_found(id))
    except BadFile as bad:
        jobs.drop(web.settings(), web.db(), id)
        return _page({"tep": str(bad).replace(jobs.FILE, str(given.filename), 1)}), 422
    return redirect(url_for("imports.one", id=id), code=303)


def _page(errors: dict[str, str]) -> str:
    runs = [(run, _author(run)) for run in jobs.latest(web.db(), my_area(), LATEST)]
    return render_template(
        "imports.html", errors=errors, WHAT=WHAT, TITLES=TITLES, runs=runs, chosen=request.values.get("loai", "co-so"),
        at=now(),
    )  # fmt: skip


def _author(run: Run) -> str:
    return str((state_of(web.db().conn, "user", run.author) or {}).get("name") or run.author)


def _area() -> Area:
    tree, unit = web.tree(), my_area()
    communes = frozenset(whole_communes(tree, unit))
    before = {old for commune in communes for old in tree.predecessors(commune)}
    return Area(unit, communes, communes | before)


def _found(id: str) -> Run:
    run = jobs.find(web.db(), id)
    if run is None:
        raise NotFound(_("Không có lần nhập này; mở lại trang nhập từ bảng tính."))
    if run.unit != my_area():
        raise NotAllowed(_("Lần nhập này của địa bàn khác; hỏi người quản trị."))
    return run


@bp.get("/co-so/nhap/<id>")
@may("register.import")
def one(id: str) -> str:
    """Show the columns and the first rows before an import, how far it is, or what became of it."""
    run = _found(id)
    return _one(run, dict(run.header_map), {}) if run.state == "uploaded" else _result(run)


@bp.post("/co-so/nhap/<id>")
@may("register.import")
def act(id: str) -> tuple[str, int] | Response:
    """Look again with other columns, import, go on with what was cut short, or throw the file away."""
    run, do = _found(id), request.form.get("do", "")
    if do == "drop" and run.state in ("uploaded", "failed"):
        jobs.drop(web.settings(), web.db(), id)
        flash(_("Đã bỏ tệp; chưa có dòng nào được nhập thêm."))
        return redirect(url_for("imports.page"), code=303)
    if do not in ("look", "import", "again"):
        raise InvalidInput(_("Trang đã cũ; tải lại trang rồi chọn lại."))
    if run.state == "uploaded":
        header_map, errors = _chosen(run)
        if errors:
            return _one(run, header_map, errors), 422
        jobs.choose(web.db(), id, header_map)
        remember(web.db(), my_area(), run.what, {name: header for name, header in header_map.items() if header})
    if do != "look":
        jobs.begin(web.settings(), web.db(), id, _area())
    return redirect(url_for("imports.one", id=id), code=303)


def _chosen(run: Run) -> tuple[dict[str, str], dict[str, str]]:
    """Return which header was chosen for which column, none for one that the file lacks; what must be put right."""
    planner = planner_of(run.what, None, local_day(now()))
    header_map = {column.name: request.form.get(f"cot:{column.name}", "") for column in planner.columns}
    needed = _("Phải chỉ ra cột này: mỗi dòng được biết qua nó.")
    errors = {name: needed for name in planner.keys if not header_map[name]}
    seen: dict[str, str] = {}
    for name, header in header_map.items():
        if header and header in seen:
            errors[name] = _("Cột “%(header)s” đã chọn cho mục khác; mỗi cột chỉ một mục.", header=header)
        seen[header] = name
    return header_map, errors


def _heading(run: Run) -> Heading:
    planner = planner_of(run.what, None, local_day(now()))
    known = remembered(web.db().conn, my_area(), run.what)
    return heading(jobs.folder(web.settings(), run.id) / jobs.FILE, planner.columns, known)


def _one(run: Run, header_map: dict[str, str], errors: dict[str, str]) -> str:
    """Show the columns as they are guessed or were chosen, and what the first rows would do."""
    planner = planner_of(run.what, None, local_day(now()))
    head = _heading(run)
    chosen = header_map or {column.name: head.guessed.get(column.name, "") for column in planner.columns}
    unknown = _("Chưa đoán được cột này; chọn trong danh sách rồi bấm “Xem lại mấy dòng đầu”.")
    errors = errors or {name: unknown for name in planner.keys if not chosen[name]}
    first, problem = ([], "") if errors else _first(run, chosen)
    labels = [(column.name, LABELS.get(column.name, column.name)) for column in planner.columns]
    return render_template(
        "import_columns.html", run=run, title=TITLES[run.what], labels=labels, chosen=chosen, headers=head.cells,
        rows=head.rows, keys=planner.keys, errors=errors, first=first, problem=problem, FATES=FATES,
        guessed=not run.header_map,
    )  # fmt: skip


def _first(run: Run, header_map: dict[str, str]) -> tuple[list[First], str]:
    """Return what the first rows would do, and why that cannot be said where it cannot."""
    area, file = _area(), jobs.folder(web.settings(), run.id) / jobs.FILE
    try:
        found = preview(
            web.db(), run.what, file, at=now(), header_map=header_map, most=FIRST_ROWS,
            within=Within(web.db().conn, area.communes, area.units),
        )  # fmt: skip
    except BadFile as bad:
        return [], str(bad)
    return [_shown(planned) for planned in found], ""


def _shown(planned: Planned) -> First:
    find = named(web.db().conn, web.tree())
    changes = tuple(fields(planned, lambda kind, id: find(kind, id) or id))
    problems = tuple((str(LABELS.get(one.column, one.column)), one.value, one.reason) for one in planned.problems)
    aside = tuple(beside(planned, lambda kind, id: state_of(web.db().conn, kind, id)))
    return First(planned.row.line, jobs.key_of(planned), planned.fate.value, changes, problems, aside)


def _result(run: Run) -> str:
    place = jobs.folder(web.settings(), run.id)
    cut = run.cut_short(now())
    return render_template(
        "import_result.html", run=run, title=TITLES[run.what], cut=cut, goes_on=run.state == "running" and not cut,
        bad=_table(place / jobs.ERRORS), changed=_table(place / jobs.CHANGES), most=SHOWN, labels=LABELS,
        there={key for key, name in FILES.items() if (place / name).exists()},
    )  # fmt: skip


def _table(path: Any) -> list[list[str]]:
    """Return the first lines of a file of ours, without its heading."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        next(rows, None)
        return [row for row, _n in zip(rows, range(SHOWN), strict=False)]


@bp.get("/co-so/nhap/<id>/<name>.csv")
@may("register.import")
def file(id: str, name: str) -> Response:
    """Hand out the rows that were not taken, or what changed."""
    run = _found(id)
    path = jobs.folder(web.settings(), run.id) / FILES.get(name, "")
    if name not in FILES or not path.exists():
        raise NotFound(_("Không có tệp này; mở lại trang của lần nhập."))
    return send_file(path.resolve(), "text/csv; charset=utf-8", as_attachment=True, download_name=f"{name}.csv")
