"""The page of one visit: all that is known of it, and what the office says to it."""

from collections import Counter
from datetime import date
from itertools import groupby
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from schemas import labels, typed
from schemas.checklists import Answer, ChecklistItem, checklist
from schemas.office import Happening, Review
from schemas.violations import CatalogueRow, catalogue, find
from server import web
from server.access import may
from server.changes import apply_one
from server.clock import local_day, now
from server.duplicates.side import named
from server.history.purpose import Looker
from server.pages.areas import name, whole_communes
from server.pages.asking import my_area
from server.pages.words import day
from server.problems import InvalidInput, NotAllowed, NotFound
from server.review import asked as filters
from server.review import looked, queue, words
from server.review.looking import SEEN, pointed_out
from server.review.visit import Whole, whole
from server.rights import may as allowed
from server.store import reading

bp = Blueprint("visits", __name__)
Item = tuple[ChecklistItem, Answer, str]


@bp.get("/cuoc-kiem-tra/<id>")
@may("visits.see")
def page(id: str) -> str:
    """Show one visit of the area; opened from the queue, also what comes before and after it there."""
    found = _found(id)
    looked.note(web.db(), Looker(g.user["id"], g.user["role"]), found.row.establishment, id, now())
    return _page(found, {}, {})


@bp.post("/cuoc-kiem-tra/<id>/duyet")
@may("visits.review")
def answer(id: str) -> Response | tuple[str, int]:
    """Say what the reviewer thinks and go on to the next of the queue; what does not hold comes back at its field."""
    found, form = _found(id), request.form
    key = found.row.risk, found.row.date, found.row.id
    problems = _of_the_answer(found)
    if not problems:
        said = {"do": "review", "inspection": id, "review": form.get("do"), "comment": form.get("comment", "").strip()}
        said |= {"item": form.get("item", ""), "was": form.get("was", "")}
        problems = _made(said)
    if problems:
        return _page(_found(id), problems, form), 422
    flash(words.SAID[form["do"]] % {"place": found.row.place, "day": day(found.row.date)}, "good")
    if not request.args.get("duyet"):
        return _back(id)
    asked = _asked()
    with reading(web.db()) as conn:
        following = queue.after(conn, asked.question, key)
    if not following:
        return redirect(url_for("review.page", **asked.query()), code=303)
    return redirect(url_for("visits.page", id=following, **asked.query(duyet="1")), code=303)


def _of_the_answer(found: Whole) -> dict[str, str]:
    """Return what an answer lacks before it is made: a reason where one must stand, a second look at personal data."""
    said, comment = request.form.get("do", ""), request.form.get("comment", "").strip()
    if said not in set(Review):
        raise InvalidInput(_("Trang đã cũ; tải lại trang rồi chọn lại."))
    if not comment and said == Review.ISSUES:
        return {"comment": _("Ghi cần bổ sung gì; đội đọc đúng câu này trên máy của mình.")}
    if not comment and said == Review.REJECTED:
        return {"comment": _("Ghi lý do không tính vào kết quả.")}
    if not comment and said == Review.ACCEPTED and found.row.short:
        return {"comment": _("Thiếu thành phần: ghi lý do chấp nhận, nếu không thì cuộc kiểm tra chưa được tính.")}
    warned = pointed_out(comment)
    return {"looked": " ".join(map(web.told, warned))} if warned else {}


@bp.post("/cuoc-kiem-tra/<id>/y-kien")
@may("visits.review")
def comment(id: str) -> Response | tuple[str, int]:
    """Write a word about the visit, which goes down to the team's laptop."""
    text = request.form.get("word", "").strip()
    found, problems = _found(id), {}
    if warned := pointed_out(text):
        problems = {"word-looked": " ".join(map(web.told, warned))}
    if not problems:
        said = {"do": "comment", "inspection": id, "comment": text, "to": request.form.get("to") or None}
        problems = {"word" if key == "comment" else key: words_ for key, words_ in _made(said).items()}
    if problems:
        return _page(found, problems, request.form), 422
    flash(_("Đã ghi ý kiến; đội đọc được ở lần kết nối tới."), "good")
    return _back(id, "y-kien")


@bp.post("/cuoc-kiem-tra/<id>/giay-to")
@may("visits.paper")
def paper(id: str) -> Response | tuple[str, int]:
    """Write down what happened to the paper: the clerk's number, that it was scanned, what the original is."""
    found, form = _found(id), request.form
    happening, _sep, said = form.get("do", "").partition(":")
    on = typed.day(form.get("on", ""), local_day(now())) or None
    told: dict[str, Any] = {"do": "paper", "inspection": id, "happening": happening, "on": on}
    told |= {"number": form.get("number", "").strip()} if happening == Happening.NUMBERED else {}
    told |= {"original": said} if happening == Happening.ORIGINAL else {}
    problems = _made(told)
    if problems:
        return _page(found, {f"paper-{key}": sentence for key, sentence in problems.items()}, form), 422
    flash(_("Đã ghi: %(what)s.", what=words.HAPPENINGS[Happening(happening)]), "good")
    return _back(id, "giay-to")


def _made(said: dict[str, Any]) -> dict[str, str]:
    """Make the change that `apply` would, and return what is wrong with it."""
    done = apply_one(web.db(), said, author=g.user["id"], at=now())
    problems: dict[str, str] = done["problems"]
    if done["standing"] == "accepted":
        return {}
    return problems or {"": _("Máy chủ chưa ghi được; thử lại sau ít phút.")}


def _back(id: str, anchor: str = "") -> Response:
    """Return to the visit, with the queue that it was opened from."""
    query: dict[str, Any] = request.args.to_dict(flat=True)
    return redirect(url_for("visits.page", id=id, **query, _anchor=anchor or None), code=303)


def _found(id: str) -> Whole:
    """Return the visit, or raise that it is not there or elsewhere."""
    tree = web.tree()
    with reading(web.db()) as conn:
        found = whole(conn, id, named(conn, tree), now())
        if found is None:
            raise NotFound(_("Không có cuộc kiểm tra này trên máy chủ; kiểm tra lại địa chỉ."))
        must_be_mine(conn, found.row.establishment)
    return found


def must_be_mine(conn: Any, establishment: str) -> None:
    """Raise NotAllowed where a place stands outside the area of who is signed in."""
    rows = conn.execute("SELECT commune FROM placements WHERE establishment = ?", (establishment,)).fetchall()
    if frozenset(whole_communes(web.tree(), my_area())).isdisjoint(row[0] for row in rows):
        raise NotAllowed(_("Cơ sở này ngoài địa bàn của tài khoản; hỏi người quản trị."))


def _asked() -> filters.Asked:
    return filters.read(request.args, web.tree(), my_area())


def _page(found: Whole, problems: dict[str, str], given: Any) -> str:
    rows = _answered(found.body)
    return render_template(
        "visit.html", found=found, row=found.row, body=found.body, problems=problems, given=given, seen=SEEN,
        state=words.state_of(found.row), unit=name(web.tree(), found.row.commune) if found.row.commune else "",
        blocks=[(words.BLOCKS.get(block, block), list(some))
                for block, some in groupby(rows, key=lambda row: row[0].block)],
        notable=[row for row in rows if row[1] in (Answer.FAIL, Answer.UNCHECKED) or row[2]],
        tally=Counter(answer for _item, answer, _note in rows), acts=_acts(found.body), words=words, labels=labels,
        counting=_counting(found), missing=_missing(found), queue=_in_the_queue(found),
        reviews=allowed(g.user["role"], "visits.review"), papers=allowed(g.user["role"], "visits.paper"),
        decides=allowed(g.user["role"], "arrivals.decide"),
    )  # fmt: skip


def _counting(found: Whole) -> str:
    """Say whether the visit counts towards the share inspected, and why not."""
    row = found.row
    if row.counting:
        return _("Đang được tính vào tỷ lệ cơ sở được kiểm tra.")
    if row.void:
        return _("Biên bản đã hủy: không được tính.")
    if not row.inspected:
        return _("Không kiểm tra được: không được tính.")
    if row.said == Review.REJECTED:
        return _("Không được tính: người duyệt đã đưa ra khỏi kết quả.")
    return _("Chưa được tính: mới có %(n)s người, chờ chấp nhận kèm lý do.", n=f"{row.members:02d}")


def _missing(found: Whole) -> list[str]:
    """Say what of the paper is still missing."""
    stands = found.paper
    if found.row.void or not found.row.inspected:
        return []
    said = []
    if stands.signed is None:
        said.append(_("chưa ghi là đã ký hoặc từ chối ký"))
    if stands.lacks_scan:
        said.append(_("bản gốc viết tay chưa có bản quét"))
    if stands.handed_over is None:
        said.append(_("chưa ghi là đã giao bản cho cơ sở"))
    if not (stands.number or found.body.get("number")):
        said.append(_("chờ văn thư cấp số"))
    return said


def _in_the_queue(found: Whole) -> dict[str, Any] | None:
    """Return what is beside the visit in the queue that it was opened from; None where it was not."""
    if not request.args.get("duyet"):
        return None
    asked, key = _asked(), (found.row.risk, found.row.date, found.row.id)
    with reading(web.db()) as conn:
        before, after = queue.before(conn, asked.question, key), queue.after(conn, asked.question, key)
        total, place = queue.count(conn, asked.question), queue.place_in(conn, asked.question, key)
    inside = not asked.question.states or found.row.state in asked.question.states
    return {"before": before, "after": after, "total": total, "place": place + 1 if inside else 0,
            "query": asked.query(duyet="1"), "list": asked.query()}  # fmt: skip


def _answered(body: dict[str, Any]) -> list[Item]:
    """Return each item with its answer and note, in the checklist's order and its newest wording."""
    answers, notes = body.get("answers") or {}, body.get("notes") or {}
    items = {item.code: item for item in checklist() if item.code in answers or item.code in notes}
    return [
        (item, Answer(answers.get(code) or Answer.UNCHECKED), str(notes.get(code) or ""))
        for code, item in items.items()
    ]


def _acts(body: dict[str, Any]) -> dict[str, CatalogueRow]:
    """Return the catalogue's wording of the acts, as it was in force on the day of the visit."""
    on = date.fromisoformat(str(body["date"])) if body.get("date") else None
    codes = {str(one["code"]) for one in body.get("violations") or () if one.get("code")}
    newest = {row.code: row for row in catalogue()}
    found = {code: (find(code, on) if on else None) or newest.get(code) for code in codes}
    return {code: row for code, row in found.items() if row}


