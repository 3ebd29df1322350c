"""What a paper says of a visit: one revision's body, in the words of papers. A body may hold anything."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlite_utils import Database

from field_client.printing import place_facts as register
from field_client.printing.fill import Facts
from field_client.store import visits
from schemas import labels
from schemas.checklists import Answer, ChecklistItem, checklist
from schemas.fields import is_day
from schemas.inspections import Basis, Outcome, Trigger
from schemas.paper_words import clean, clock, day, known, two
from schemas.violations import CatalogueRow, find, words

Body = dict[str, Any]
Row = dict[str, str]
_COUNTS = (("số lao động", "total"), ("số có hợp đồng", "contract"), ("số có giấy khám sức khỏe", "health_papers"),
           ("số đã cam kết", "commitment"), ("số dưới 18 tuổi", "under_18"))  # fmt: skip
_BLOCKS = {"COM": "Nội dung chung", "KAR": "Karaoke", "VTR": "Vũ trường", "MAS": "Xoa bóp (massage)", "LUU": "Lưu trú",
           "KHA": "Dịch vụ khác"}  # fmt: skip
_KEYS = {answer: number for number, answer in enumerate(Answer, 1)}


def of_visit(db: Database, body: Body) -> Facts:
    """Return what is known of the visit that *body* writes down; paper events and revisions apart."""
    place = register.find_place(db, body.get("establishment"))
    on = str(body.get("date") or "")
    answered = list(_answered(body))
    values = {
        **register.of_place(db, place, on if is_day(on) else "9999-12-31"),
        **register.of_team(db, str(body.get("team") or "")),
        **_when(body),
        **_why(body),
        **_boxes(body),
        **_sums(body, answered),
        **_said(body),
    }
    rows = {
        "thành viên": register.member_rows(body.get("members")),
        "giấy phép": register.licences(place),
        "không đạt": [_item_row(item, note) for item, answer, note in answered if answer is Answer.FAIL],
        "có ghi chú": [{**_item_row(item, note), "trả lời": answer.label} for item, answer, note in answered
                       if note and answer is not Answer.FAIL],
        "vi phạm": [_violation(one, on) for one in _dicts(body.get("violations"))],
        "tồn tại": [_followed(db, one) for one in _dicts(body.get("followed"))],
    }  # fmt: skip
    return Facts(known(values) | _boxes(body), rows, checklist_rows(answered))


def _dicts(value: Any) -> list[Body]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _when(body: Body) -> Row:
    on, started, ended = (str(body.get(key) or "") for key in ("date", "started", "ended"))
    last = on
    if is_day(on) and started and ended and ended < started:  # past midnight
        last = (date.fromisoformat(on) + timedelta(days=1)).isoformat()
    return {
        "ngày lập": day(on), "ngày kiểm tra": day(on), "bắt đầu": clock(started), "kết thúc": clock(ended),
        "ngày kết thúc": day(last) if ended else "",
    }  # fmt: skip


def _why(body: Body) -> Row:
    trigger, outcome, basis = body.get("trigger"), body.get("outcome"), body.get("basis")
    attempts: dict[Any, str] = {one: label[0].lower() for one, label in labels.ATTEMPTS.items()}
    return {
        "hình thức kiểm tra": labels.BASIS[Basis(basis)][0].lower() if basis in set(Basis) else "",
        "căn cứ đột xuất": labels.TRIGGERS[Trigger(trigger)][0] if trigger in set(Trigger) else "",
        "căn cứ": clean(body.get("ground")),
        "tài liệu": clean(body.get("evidence")),
        "quyết định kiểm tra": number_only(clean(body.get("decision"))),
        "không kiểm tra được": attempts.get(outcome, "") if isinstance(outcome, str) else "",
    }


def number_only(decision: str) -> str:
    """Leave out the word that the paper says itself: “Số 178/QĐ” stands as “178/QĐ”."""
    return decision[3:].lstrip(" :") if decision.lower().startswith("số ") else decision


def _boxes(body: Body) -> Row:
    """Return the boxes that are so: each with no words of its own."""
    so = {
        "đang hoạt động": body.get("found_working") is True,
        "không hoạt động": body.get("found_working") is False,
        "có vi phạm": body.get("outcome") == Outcome.VIOLATIONS,
        "không có vi phạm": body.get("outcome") == Outcome.NO_VIOLATION,
        "có dấu hiệu tội phạm": body.get("crime_signs") is True,
    }
    return {name: "" for name, is_so in so.items() if is_so}


def _sums(body: Body, answered: list[tuple[ChecklistItem, Answer, str]]) -> Row:
    workers = body.get("workers") if isinstance(body.get("workers"), dict) else {}
    found = {blank: two((workers or {}).get(field)) for blank, field in _COUNTS}
    found["số người được tuyên truyền"] = two(body.get("informed"))
    found["số hành vi"] = two(len(_dicts(body.get("violations"))))
    if answered:
        tally = Counter(answer for _, answer, _ in answered)
        names = (("số đạt", Answer.PASS), ("số không đạt", Answer.FAIL), ("số không áp dụng", Answer.NA),
                 ("số chưa kiểm tra", Answer.UNCHECKED))  # fmt: skip
        found |= {blank: two(tally[answer]) for blank, answer in names}
    return found


def _said(body: Body) -> Row:
    return {
        "đại diện cơ sở": clean(body.get("representative")),
        "chức vụ đại diện": clean(body.get("representative_role")),
        "nhận xét": clean(body.get("remark")),
        "ý kiến của cơ sở": clean(body.get("statement")),
        "số bản": two(body.get("copies")),
        "số biên bản": clean(body.get("number")),
    }


def _answered(body: Body) -> Iterator[tuple[ChecklistItem, Answer, str]]:
    """Yield each item with its answer and note, worded as on the day of the visit, in the checklist's order."""
    answers, notes = (found if isinstance(found := body.get(key), dict) else {} for key in ("answers", "notes"))
    on = str(body.get("date") or "")
    items: dict[str, ChecklistItem] = {}
    for item in checklist():
        asked = item.code in answers or item.code in notes
        if asked and (item.code not in items or not is_day(on) or item.valid_on(date.fromisoformat(on))):
            items[item.code] = item
    for code, item in items.items():
        given = answers.get(code)
        yield item, Answer(given) if given in set(Answer) else Answer.UNCHECKED, clean(notes.get(code))


def _item_row(item: ChecklistItem, note: str) -> Row:
    return known({"nội dung": clean(item.text_vi), "căn cứ mục": clean(item.citation), "ghi chú": note})


def checklist_rows(answered: list[tuple[ChecklistItem, Answer, str]]) -> list[Body]:
    """Return the lines of the annex: each block's name, then its items; the boxes are the keys 1 to 4."""
    rows: list[Body] = []
    block = ""
    for item, answer, note in answered:
        if item.block != block:
            block = item.block
            rows.append({"block": _BLOCKS.get(block, block)})
        rows.append({"code": item.code, "text": clean(item.text_vi), "answer": _KEYS[answer], "note": note})
    return rows


def blank_rows(items: tuple[ChecklistItem, ...]) -> list[Body]:
    """Return the lines of an annex to fill in by hand."""
    rows = checklist_rows([(item, Answer.UNCHECKED, "") for item in items])
    return [{**row, "answer": 0} if "code" in row else row for row in rows]


def _violation(one: Body, on: str) -> Row:
    committed = str(one.get("committed_on") or on)
    code = clean(one.get("code"))
    row = _act(code, committed)
    return known({
        "hành vi": _without_stop(clean(row.name_vi) if row else clean(one.get("text")) or words(code)),
        "điều khoản": clean(row.citation) if row else clean(one.get("citation")),
        "ngày vi phạm": day(one.get("committed_on")),
        "diễn biến": clean(one.get("facts")),
    })  # fmt: skip


def _act(code: str, on: str) -> CatalogueRow | None:
    return find(code, date.fromisoformat(on)) if code and is_day(on) else None


def _without_stop(text: str) -> str:
    return text.rstrip(" .;")


def _followed(db: Database, one: Body) -> Row:
    """Say what became of a finding of an earlier visit; its words are looked up in that visit."""
    earlier = visits.shown(visits.revisions(db.conn, str(one.get("inspection") or "")))
    body = earlier.body if earlier else {}
    return known({
        "nội dung": _finding(body, str(one.get("finding") or "")),
        "ngày trước": day(body.get("date")),
        "kết quả": "đã khắc phục" if one.get("resolved") is True else "chưa khắc phục",
        "hiện trạng": clean(one.get("seen")),
    })  # fmt: skip


def _finding(body: Body, key: str) -> str:
    for violation in _dicts(body.get("violations")):
        if violation.get("id") == key:
            return _violation(violation, str(body.get("date") or "")).get("hành vi", "")
    return next((_without_stop(clean(item.text_vi)) for item in checklist() if item.code == key), "")
