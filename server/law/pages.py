"""The page that answers whether an act would be a repeat, with the working, and the counters beside it."""

from datetime import date
from typing import Any

from flask import Blueprint, g, render_template, request
from flask_babel import gettext as _

from schemas.repeat import Answer, sentence
from schemas.whose import operator_on
from server import web
from server.access import may
from server.audit.log import Entry, note
from server.clock import local_day, now
from server.decisions import words as said
from server.decisions.listing import in_area
from server.law import answers
from server.law.catalogue import current
from server.law.choosing import places_like, visit
from server.law.counters import counters
from server.law.working import working
from server.office import state_of
from server.pages.areas import whole_communes
from server.pages.asking import my_area
from server.pages.past_days import day
from server.problems import NotAllowed, NotFound
from server.store import reading, writing

bp = Blueprint("law", __name__)
ASKED = ("chu-co-so", "co-so", "cuoc-kiem-tra", "ma", "ngay", "tim")


@bp.get("/tai-pham")
@may("law.see")
def page() -> tuple[str, int]:
    """Ask about an operator, an act and a day, and show the answer with everything that it rests on."""
    given = {key: request.args.get(key, "").strip() for key in ASKED}
    conn, today = web.db().conn, local_day(now())
    errors: dict[str, str] = {}
    on = _day(given, today, errors)
    operator, lacks = _operator(given, on or today)
    code = current(conn).find_code(given["ma"]) if given["ma"] else ""
    if given["ma"] and not code:
        errors["ma"] = _("Không có mã hành vi này trong danh mục; chọn trong danh sách.")
    shown: dict[str, Any] = {"found": None, "form": ""}
    if operator and code and on and not errors:
        shown = _answer(operator, code, on.isoformat(), given["cuoc-kiem-tra"])
    places = places_like(conn, whole_communes(web.tree(), my_area()), given["tim"]) if given["tim"] else []
    name = (state_of(conn, "operator", operator) or {}).get("name", "") if operator else ""
    return render_template(
        "repeat.html", given=given, errors=errors, places=places, operator=operator, operator_name=name, lacks=lacks,
        code=code, rows=_rows(), answers=answers, said=said, Answer=Answer, lack_words=sentence,
        on=on, today=today, **shown,
    ), 422 if errors else 200  # fmt: skip


def _day(given: dict[str, str], today: date, errors: dict[str, str]) -> date | None:
    text = day(given["ngay"], today) or today.isoformat()
    try:
        return date.fromisoformat(text)
    except ValueError:
        errors["ngay"] = _("Ngày không đúng; nhập ngày/tháng/năm, ví dụ 05/11/2026.")
        return None


def _operator(given: dict[str, str], on: date) -> tuple[str, bool]:
    """Return who is asked about, of the person's area; True beside it where a place was named and nobody is known."""
    conn, place = web.db().conn, given["co-so"]
    if given["cuoc-kiem-tra"]:
        seen = visit(conn, given["cuoc-kiem-tra"])
        if seen is None:
            raise NotFound(_("Không có cuộc kiểm tra này trên máy chủ; mở lại từ danh sách."))
        place = seen.establishment
    operator = given["chu-co-so"]
    if not operator and place:
        state = state_of(conn, "establishment", place)
        if state is None:
            raise NotFound(_("Không có cơ sở này; tìm lại."))
        operator = operator_on(state, on) or ""
    if not operator and not place:
        return "", False
    if operator and state_of(conn, "operator", operator) is None:
        raise NotFound(_("Không có chủ cơ sở này; tìm lại."))
    if not in_area(conn, operator, place, whole_communes(web.tree(), my_area())):
        raise NotAllowed(_("Chủ cơ sở này ngoài địa bàn của tài khoản; hỏi người quản trị."))
    return operator, not operator


def _answer(operator: str, code: str, on: str, but: str) -> dict[str, Any]:
    """Answer, and note in the log who asked what."""
    at, detail = now(), {"code": code, "day": on}
    with writing(web.db()) as conn:
        user = g.user
        note(conn, Entry("repeat", user["id"], user["role"], f"operator:{operator}", user["unit"], detail=detail), at)
    with reading(web.db()) as conn:
        state = state_of(conn, "operator", operator) or {}
        return {
            "found": working(conn, operator, code, on, but=but), "counted": counters(conn, operator, code, on),
            "form": str(state.get("form") or ""), "row": current(conn).find(code, date.fromisoformat(on)),
        }  # fmt: skip


def _rows() -> list[Any]:
    return sorted({row.code: row for row in current(web.db().conn).rows}.values(), key=lambda row: row.code)
