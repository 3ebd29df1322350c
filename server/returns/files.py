"""What is taken along of a return: the paper, its figures, what stands under one of them, what has changed since."""

from typing import Any

from flask import Blueprint, Response, g, jsonify, render_template, request
from flask_babel import gettext as _

from server import web
from server.access import may
from server.audit import Entry, note
from server.clock import now
from server.pages.pages import Pages
from server.problems import NotFound
from server.returns import words
from server.returns.draft import Content
from server.returns.figures.under import Under, row_of, under
from server.returns.one import Shown, reached, shown, where
from server.returns.paper import KINDS, MAKERS, file_name, paper
from server.returns.sent import find
from server.returns.table import Cell, Column, Row
from server.store import reading, writing
from server.tables import Table, as_csv, as_xlsx

bp = Blueprint("return_files", __name__)
FILES = {"csv": as_csv, "xlsx": as_xlsx}


class _Query:
    """What the address of a figure says beside its page."""

    def query(self, **other: Any) -> dict[str, Any]:
        """Return it as it stands in an address."""
        return {word: text for word in ("xa", "loai-hinh", "nam-truoc") if (text := request.args.get(word))} | other


def _shown(id: str) -> Shown:
    reached(id)
    with reading(web.db()):
        return shown(where(), id)


@bp.get("/bao-cao/<id>/van-ban.<ending>")
@may("returns.see")
def document(id: str, ending: str) -> Response:
    """Make the paper: DOCX to be edited, PDF, XLSX. That it was taken is noted."""
    row = reached(id)
    if ending not in MAKERS:
        raise NotFound(_("Không có tệp dạng này; chọn docx, pdf hoặc xlsx."))
    one = _shown(id)
    replaced = find(web.db().conn, row.replaces) if row.replaces else None
    made = MAKERS[ending](paper(one.content, one.row, replaced))
    if ending != "xlsx":  # that, as every workbook, is noted by the log itself
        with writing(web.db()) as conn:
            entry = Entry("list_exported", g.user["id"], g.user["role"], f"return:{id}", row.unit,
                          detail={"path": request.path})  # fmt: skip
            note(conn, entry, now())
    named = f'attachment; filename="{file_name(row, ending)}"'
    return Response(made, content_type=KINDS[ending],
                    headers={"Content-Disposition": named, "Cache-Control": "no-store"})  # fmt: skip


@bp.get("/bao-cao/<id>/so-lieu.<ending>")
@may("returns.see")
def figures(id: str, ending: str) -> Response:
    """Answer every figure by commune and kind as a file; json: all that the return says."""
    one = _shown(id)
    if ending == "json":
        return jsonify(one.content.as_json())
    if ending not in FILES:
        raise NotFound(_("Không có tệp dạng này; chọn csv, xlsx hoặc json."))
    counted = one.content.figures
    headings = [_("Đơn vị"), _("Loại hình")]
    headings += [f"{each.group}: {each.heading} ({each.unit})" for each in counted.columns]
    rows = [_line(row, counted.columns) for row in (*counted.rows, *counted.of_units, counted.total)]
    return FILES[ending](Table("so-lieu-bao-cao", str(one.content.head["title"]), headings, rows))


def _line(row: Row, columns: tuple[Column, ...]) -> list[Any]:
    return [row.name, row.kind_name, *(_plain(row.cells[each.code], each) for each in columns)]


def _plain(cell: Cell, column: Column) -> float | None:
    """Return a number; a share in percent."""
    return cell.value if column.things or cell.value is None else cell.value / 10


@bp.get("/bao-cao/<id>/dieu-chinh.<ending>")
@may("returns.see")
def restated(id: str, ending: str) -> Response:
    """Answer what has changed since the return was sent as a file."""
    one = _shown(id)
    if ending == "json":
        return jsonify({"restatements": [line.as_json() for line in one.restated]})
    if ending not in FILES:
        raise NotFound(_("Không có tệp dạng này; chọn csv, xlsx hoặc json."))
    headings = [_("Số liệu"), _("Đơn vị"), _("Loại hình"), _("Đã báo cáo"), _("Hiện nay"), _("Chênh lệch"),
                _("Lý do")]  # fmt: skip
    rows = [
        [f"{line.group}: {line.heading} ({line.counted})", line.unit_name, line.kind_name, line.reported, line.now,
         line.difference, "; ".join(words.why(cause) for cause in line.causes) or _("Chưa xác định được lý do.")]
        for line in one.restated
    ]  # fmt: skip
    title = _("Điều chỉnh sau khi chốt – %(title)s", title=one.content.head["title"])
    return FILES[ending](Table("dieu-chinh", title, headings, rows))


@bp.get("/bao-cao/<id>/so/<code>")
@may("returns.see")
def figure(id: str, code: str) -> str:
    """List what stands under one figure of a return."""
    one, pages = _shown(id), Pages.read(request.args.get("trang", ""))
    found = _under(one.content, code, pages)
    return render_template(
        "return_figure.html", row=one.row, content=one.content, under=found, pages=pages.of(found.total),
        before=bool(request.args.get("nam-truoc")), filters=_Query(), query=_Query().query(), leads_to=words.page_of,
    )  # fmt: skip


@bp.get("/bao-cao/<id>/so/<code>.<ending>")
@may("returns.see")
def figure_file(id: str, code: str, ending: str) -> Response:
    """Answer the same list as a file."""
    if ending not in FILES:
        raise NotFound(_("Không có tệp dạng này; chọn csv hoặc xlsx."))
    found = _under(_shown(id).content, code, Pages(0))
    title = f"{found.column.group}: {found.column.heading} – {found.row.name}"
    headings = [_("Ngày"), _("Hồ sơ"), _("Cơ sở"), _("Ghi chú"), _("Số tiền (đồng)")]
    rows = [[thing.day, thing.name, thing.place_name, "; ".join(filter(None, thing.said)), thing.amount]
            for thing in found.things]  # fmt: skip
    return FILES[ending](Table("duoi-so-lieu", title, headings, rows))


def _under(content: Content, code: str, pages: Pages) -> Under:
    counted = content.figures
    row = row_of(counted, request.args.get("xa", ""), request.args.get("loai-hinh", ""))
    found = row and under(
        web.db().conn, counted, row, code, before=bool(request.args.get("nam-truoc")), offset=pages.offset,
        limit=pages.limit,
    )  # fmt: skip
    if not found or not found.column.things:
        raise NotFound(_("Báo cáo này không có số liệu đó; mở lại báo cáo."))
    return found
