"""Changes of visits: a correction, a void, a review."""

from datetime import timedelta
from typing import Any

from marshmallow import ValidationError

from schemas.fields import messages
from schemas.ids import is_id, new_id
from schemas.inspections import NewInspectionSchema
from schemas.items import name_of, read
from schemas.office import Review, ReviewSchema
from server.arrivals.decide import unseen
from server.changes.desk import Desk, Unclear, only, person, text
from server.office import Change
from server.papers import lacks_scan

_visit = NewInspectionSchema()
_review = ReviewSchema()


def correct(desk: Desk, asked: dict[str, Any]) -> Change:
    """Correct a visit: its next revision, made from the present one, with the reason."""
    only(asked, "inspection", "changes", "reason")
    changes = asked.get("changes")
    if not isinstance(changes, dict) or not changes:
        raise Unclear("changes", 'Ghi các mục cần sửa, dạng {"mục": giá trị mới}.')
    if fixed := sorted({"revision", "void", "reason"} & changes.keys()):
        raise Unclear(f"changes.{fixed[0]}", "Mục này không sửa ở đây; lý do ghi ở reason, hủy thì dùng việc void.")
    return _next_revision(desk, asked, changes)


def void(desk: Desk, asked: dict[str, Any]) -> Change:
    """Void a visit: a revision that says so, with the reason."""
    only(asked, "inspection", "reason")
    return _next_revision(desk, asked, {"void": True})


def review(desk: Desk, asked: dict[str, Any]) -> Change:
    """Say what the coordinator thinks of a received visit.

    *item* and *was* name what was looked at, the revision and the review: where either is another by now,
    nothing is said.
    """
    only(asked, "inspection", "review", "comment", "item", "was")
    id, line = find_visit(desk, asked)
    body = {"inspection": id, "review": text(asked, "review"), "comment": asked.get("comment") or ""}
    body |= {"item": asked.get("item") or name_of(line), "was": asked.get("was"), "by": person(desk)[:200]}
    if body["review"] == Review.ACCEPTED and lacks_scan(desk.conn, id, name_of(line)):
        raise Unclear("inspection", "Bản gốc viết tay còn thiếu bản quét; quét và đính kèm rồi duyệt.")
    _valid(_review, body, "")
    if wrong := unseen(desk.conn, body):
        raise Unclear.all(wrong)
    return Change("review", new_id(), body)


def _next_revision(desk: Desk, asked: dict[str, Any], changes: dict[str, Any]) -> Change:
    id, line = find_visit(desk, asked)
    truth = read(line)
    body = dict(truth.body)
    for field, value in changes.items():
        both_maps = isinstance(value, dict) and isinstance(body.get(field), dict)
        body[field] = {**body[field], **value} if both_maps else value
    body |= {"revision": truth.body.get("revision", 1) + 1, "reason": text(asked, "reason")}
    _valid(_visit, body, "changes.")
    if body["date"] > (desk.today + timedelta(days=1)).isoformat():
        raise Unclear("changes.date", "Ngày kiểm tra ở sau hôm nay; nhập lại ngày.")
    return Change("inspection", id, body, truth.name)


def _valid(schema: Any, body: dict[str, Any], prefix: str) -> dict[str, Any]:
    try:
        schema.load(body)
    except ValidationError as error:
        raise Unclear.all({f"{prefix}{field}": sentence for field, sentence in messages(error).items()}) from None
    return body


def find_visit(desk: Desk, asked: dict[str, Any]) -> tuple[str, bytes]:
    """Return the id of the visit that a line names, by id or by the code of an imported row, and its present item."""
    named = text(asked, "inspection")
    id = named
    if not is_id(named):
        row = desk.conn.execute(
            "SELECT thing FROM import_rows WHERE source = 'inspections' AND key = ?", (named,)
        ).fetchone()
        id = row[0] if row else ""
    row = desk.conn.execute(
        "SELECT line FROM visits JOIN items ON items.name = visits.item WHERE visits.id = ?", (id,)
    ).fetchone()
    if row is None:
        raise Unclear("inspection", f"Không có cuộc kiểm tra “{named}” trên máy chủ; xem lại mã.")
    return id, bytes(row[0])
