"""The page of requests of operators about their own data: recorded, answered, with their deadlines."""

from datetime import date
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from schemas import typed
from schemas.data_requests import days_to_answer
from schemas.fields import is_day
from server import web
from server.access import may
from server.changes import apply_one
from server.clock import local_day, now
from server.history.asking import my_communes
from server.history.changes import name_of
from server.history.door import bp
from server.history.requests import DataRequest, operator_named, request_of, requests_of
from server.office import state_of
from server.pages.areas import name
from server.pages.asking import my_area
from server.pages.pages import Pages
from server.problems import NotAllowed, NotFound
from server.store import reading
from server.tables import Table, as_csv, as_xlsx

FILES = {"csv": as_csv, "xlsx": as_xlsx}
ASKS = {"see": _l("Xem dữ liệu"), "correct": _l("Sửa dữ liệu")}
ANSWERS = {
    "shown": _l("Đã cho xem"),
    "corrected": _l("Đã sửa"),
    "partly": _l("Đã làm một phần"),
    "refused": _l("Không làm theo"),
}
RECORDED = {"so-van-ban": "paper", "yeu-cau": "asks", "noi-dung": "about", "ngay-nhan": "received_on"}
ANSWERED = {"ket-qua": "answer", "ngay-tra-loi": "answered_on", "so-tra-loi": "answer_paper",
            "noi-dung-tra-loi": "answer_note"}  # fmt: skip
DAYS = frozenset({"ngay-nhan", "ngay-tra-loi"})


@bp.get("/tra-cuu/yeu-cau")
@may("requests.answer")
def requests() -> str:
    """Show the requests of the area, and the form that records one."""
    chosen = request.args.get("chu-co-so", "").strip()
    return _page({"chu-co-so": chosen}, {})


@bp.post("/tra-cuu/yeu-cau")
@may("requests.answer")
def record() -> Response | tuple[str, int]:
    """Record a request, or show the form again with what to put right."""
    given = {field: request.form.get(field, "").strip() for field in ("chu-co-so", *RECORDED)}
    operator = operator_named(web.db().conn, my_communes(), given["chu-co-so"])
    if operator is None:
        return _page(given, {"chu-co-so": _("Không có chủ cơ sở này trong địa bàn; ghi số đăng ký, hoặc tìm ở trang"
                                            " Tra cứu.")}), 422  # fmt: skip
    errors = _apply({"operator": operator, **_said(given, RECORDED)}, RECORDED)
    if errors:
        return _page(given, errors), 422
    flash(_("Đã ghi yêu cầu."), "good")
    return redirect(url_for("history.requests"), code=303)


@bp.get("/tra-cuu/yeu-cau/<id>")
@may("requests.answer")
def one_request(id: str) -> str:
    """Show one request, and the form that answers it."""
    found = _found(id)
    given = {field: str(getattr(found, name)) for field, name in ANSWERED.items()}
    given["ngay-tra-loi"] = typed.show_day(given["ngay-tra-loi"])
    return render_template("request_one.html", one=found, given=given, errors={}, ASKS=ASKS, ANSWERS=ANSWERS)


@bp.post("/tra-cuu/yeu-cau/<id>")
@may("requests.answer")
def answer(id: str) -> Response | tuple[str, int]:
    """Keep the answer to a request, or show the form again with what to put right."""
    found = _found(id)
    given = {field: request.form.get(field, "").strip() for field in ANSWERED}
    state = state_of(web.db().conn, "data_request", id) or {}
    errors = _apply({"operator": state["operator"], "paper": found.paper, **_said(given, ANSWERED)}, ANSWERED)
    if not given["ket-qua"]:
        errors = {"ket-qua": _("Chọn kết quả trả lời.")}
    if errors:
        page = render_template("request_one.html", one=found, given=given, errors=errors, ASKS=ASKS, ANSWERS=ANSWERS)
        return page, 422
    flash(_("Đã ghi trả lời."), "good")
    return redirect(url_for("history.requests"), code=303)


@bp.get("/tra-cuu/yeu-cau.<ending>")
@may("requests.answer")
def requests_file(ending: str) -> Response:
    """Hand out the requests as a file."""
    if ending not in FILES:
        raise NotFound(_("Không có tệp dạng này; chọn csv hoặc xlsx."))
    return FILES[ending](_table(_all()))


def _found(id: str) -> DataRequest:
    if state_of(web.db().conn, "data_request", id) is None:
        raise NotFound(_("Không có yêu cầu này; tải lại danh sách."))
    found = request_of(web.db().conn, my_communes(), local_day(now()).isoformat(), id)
    if found is None:
        raise NotAllowed(_("Yêu cầu này ngoài địa bàn của tài khoản; hỏi người quản trị."))
    return found


def _said(given: dict[str, str], fields: dict[str, str]) -> dict[str, Any]:
    """Return what a form says in the words of `apply`; a day that cannot be read stays as it was typed."""
    today = local_day(now())
    return {
        path: typed.day(given[field], today) if field in DAYS else given[field]
        for field, path in fields.items() if given[field]
    }  # fmt: skip


def _apply(asked: dict[str, Any], fields: dict[str, str]) -> dict[str, str]:
    """Make the change, and return a sentence for each field that does not hold."""
    errors = {
        field: _("Ngày không đúng; nhập ngày/tháng/năm, ví dụ 05/11/2026.")
        for field in DAYS & fields.keys() if asked.get(fields[field]) and not is_day(asked[fields[field]])
    }  # fmt: skip
    if errors:
        return errors
    told = apply_one(web.db(), {"do": "data_request", **asked}, author=g.user["id"], at=now())
    if told["standing"] == "accepted":
        return {}
    found = {field: told["problems"][path] for field, path in fields.items() if path in told["problems"]}
    return found or {next(iter(fields)): _("Nơi khác vừa sửa hồ sơ này; tải lại trang rồi ghi lại.")}


def _all() -> list[DataRequest]:
    with reading(web.db()) as conn:
        return requests_of(conn, my_communes(), local_day(now()).isoformat())


def _page(given: dict[str, str], errors: dict[str, str]) -> str:
    found = _all()
    pages = Pages.read(request.args.get("trang", "")).of(len(found))
    operator = operator_named(web.db().conn, my_communes(), given["chu-co-so"]) if given["chu-co-so"] else None
    if operator == given["chu-co-so"]:  # led here from its page: people know the number, not our id
        number = (state_of(web.db().conn, "operator", operator) or {}).get("registration")
        given = given | {"chu-co-so": number or operator}
    return render_template(
        "requests.html", rows=found[pages.offset :][: pages.limit], pages=pages, given=given, errors=errors,
        operator=name_of(web.db().conn, "operator", operator) if operator else "", days=days_to_answer(),
        waiting=sum(not one.answer for one in found), area=name(web.tree(), my_area()), ASKS=ASKS, ANSWERS=ANSWERS,
    )  # fmt: skip


def _table(rows: list[DataRequest]) -> Table:
    headings = [
        _("Số văn bản yêu cầu"), _("Chủ cơ sở"), _("Yêu cầu"), _("Nội dung yêu cầu"), _("Ngày nhận"), _("Hạn trả lời"),
        _("Kết quả trả lời"), _("Ngày trả lời"), _("Số văn bản trả lời"), _("Nội dung trả lời"), _("Quá hạn"),
    ]  # fmt: skip
    lines = [
        [one.paper, one.operator_name, str(ASKS[one.asks]), one.about, _date(one.received_on), _date(one.due_on),
         str(ANSWERS.get(one.answer, "")), _date(one.answered_on), one.answer_paper, one.answer_note,
         _("quá hạn") if one.late else ""]
        for one in rows
    ]  # fmt: skip
    area = name(web.tree(), my_area())
    facts = [(_("Đơn vị"), area)]
    return Table("yeu-cau-cua-chu-co-so", _("Yêu cầu của chủ cơ sở – %(unit)s", unit=area), headings, lines, facts)


def _date(day: str) -> date | None:
    return date.fromisoformat(day) if day else None
