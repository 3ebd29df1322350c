"""The page of the search: one box, and what was found in the own area."""

from flask import render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from server import web
from server.access import may
from server.history.asking import my_communes
from server.history.door import bp
from server.history.search import Found, search
from server.pages.areas import name
from server.pages.asking import my_area
from server.store import reading

BY = {
    "name": _l("theo tên"),
    "old_name": _l("theo tên cũ"),
    "address": _l("theo địa chỉ"),
    "old_address": _l("theo địa chỉ cũ"),
    "code": _l("theo mã cơ sở"),
    "licence": _l("theo số giấy phép"),
    "registration": _l("theo số đăng ký"),
    "minutes": _l("theo mã in trên biên bản"),
}
SHOWN = frozenset({"old_name", "old_address", "licence", "address"})  # what was found is said where the hit does not


@bp.get("/tra-cuu")
@may("history.see")
def find() -> str:
    """Show the box, and the places and operators of the area that fit what was typed."""
    asked, tree = request.args.get("tim", "").strip(), web.tree()
    found = Found()
    if asked:
        with reading(web.db()) as conn:
            found = search(conn, tree, asked, my_communes())
    units = {unit: name(tree, unit) for hit in found.hits for unit in hit.communes}
    return render_template("search.html", asked=asked, found=found, units=units, BY=BY, SHOWN=SHOWN,
                           area=name(tree, my_area()), note=_note(asked, found))  # fmt: skip


def _note(asked: str, found: Found) -> str:
    if not asked or found.hits or found.problem:
        return ""
    return _("Không thấy trong địa bàn. Thử ít chữ hơn, tên cũ, tên chủ cơ sở, số giấy phép hoặc mã trên biên bản.")
