"""What is finished: an inspection closed for signature, a place or operator made or edited. Kept and queued at once."""

import json
import sqlite3
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid5

from marshmallow import ValidationError
from sqlite_utils import Database

from field_client import clock, dates
from field_client.printing.events import may_change_freely
from field_client.store import draft_files, own, places, register, visits, writing
from field_client.store.visits import Revision
from schemas import violations
from schemas.fields import messages
from schemas.ids import is_id, new_id
from schemas.inspections import Inspection, NewInspectionSchema, Violation
from schemas.register import State, check_edit, understood
from sync.merge import difference, overlaps

Body = dict[str, Any]
UNREADABLE = "Dữ liệu không đúng dạng."
NEWER = "Hồ sơ này do bản mới hơn của chương trình ghi: chỉ xem được; nâng cấp chương trình trên máy này rồi sửa."


class NotValid(Exception):
    """Something must be put right first: `problems` names each field and says what to do. Nothing was changed."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(dict.fromkeys(problems.values())))
        self.problems = problems


class Moved(Exception):
    """The draft was typed into while it was being finished: read it again."""


@dataclass(frozen=True)
class Kept:
    """What was kept: the id of the thing, and the name of the item that says so."""

    id: str
    item: str


@lru_cache(maxsize=1)
def _schema() -> NewInspectionSchema:
    return NewInspectionSchema()


def check(db: Database, id: str, body: Body, at: datetime) -> Inspection:
    """Return the inspection that *body* writes down, or raise NotValid with every problem found."""
    try:
        visit: Inspection = _schema().load(with_violation_ids(id, body))
    except ValidationError as error:
        raise NotValid(messages(error)) from None
    visit = replace(visit, violations=tuple(_in_force(one, visit.date) for one in visit.violations))
    if visit.date > dates.last_possible(db.conn, at):
        raise NotValid({"date": "Ngày kiểm tra ở sau hôm nay; nhập lại ngày."})
    return visit


def problems_of(db: Database, id: str, body: Body, at: datetime) -> dict[str, str]:
    """Return what must be put right in *body*, a sentence a field; nothing is kept."""
    try:
        check(db, id, body, at)
    except NotValid as wrong:
        return wrong.problems
    return {}


def _in_force(violation: Violation, day: date) -> Violation:
    """Keep an act uncoded, with its text, when the catalogue has no row for it on the day it was committed."""
    if not violation.code or violations.find(violation.code, violation.committed_on or day):
        return violation
    return replace(violation, code="", text=violation.text or violations.words(violation.code))


def with_violation_ids(id: str, body: Body) -> Body:
    """Give each violation an id, the same one every time: a visit recorded twice is one visit."""
    found = body.get("violations")
    if not is_id(id) or not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        return body
    named = [
        one if one.get("id") else {**one, "id": str(uuid5(UUID(id), f"{place} {one.get('code')} {one.get('text')}"))}
        for place, one in enumerate(found)
    ]
    return {**body, "violations": named}


def compact(visit: Inspection) -> Body:
    """Write *visit* down, without the parts in which nothing is said."""
    said = _without_nothing(_schema().dump(visit))
    return {key: value for key, value in said.items() if value or key not in ("void", "crime_signs")}


def _without_nothing(part: Body) -> Body:
    kept: Body = {}
    for key, value in part.items():
        if isinstance(value, list):
            value = [_without_nothing(one) if isinstance(one, dict) else one for one in value]
        elif isinstance(value, dict):
            value = _without_nothing(value)
        if value not in (None, "", [], {}):
            kept[key] = value
    return kept


def record(
    db: Database, id: str, body: Body, *, at: datetime, base: str | None = None, draft: str | None = None,
    author: str = "",
) -> Kept:  # fmt: skip
    """Keep a finished inspection and queue it for the server, in one transaction; its draft goes with it.

    The photos and scans of the draft are queued as attachments of this revision.

    Recorded again as it was, it changes nothing. Recorded again changed, it is the next
    revision, made from *base* (by default from the one shown here), and gives its reason; not
    where *base* was read back and nobody has signed it.
    *draft* is the text of the draft that *body* was made from: Moved when it is another now.
    """
    if not is_id(id):
        raise NotValid({"id": "Mã không đúng dạng; lấy mã từ mẫu: doi178-field record --template CƠ_SỞ"})
    visit = check(db, id, body, at)
    with writing(db) as conn:
        _same_draft(conn, id, draft)
        found = visits.revisions(conn, id)
        before = visits.shown(found)
        name = _recorded_before(found, visit) or _write(conn, id, visit, before, base, author, at)
        draft_files.become_attachments(conn, id, name, author=author or own.author(conn), at=at)
        conn.execute("DELETE FROM drafts WHERE id = ?", (id,))
    return Kept(id, name)


def _same_draft(conn: sqlite3.Connection, id: str, draft: str | None) -> None:
    if draft is None:
        return
    row = conn.execute("SELECT fields FROM drafts WHERE id = ?", (id,)).fetchone()
    if row is None or row[0] != draft:
        raise Moved


def _recorded_before(found: list[Revision], visit: Inspection) -> str:
    """Return the last revision made here, or the one shown, if it says what *visit* says; its number apart."""
    last = [revision for revision in found if revision.own][-1:]
    for revision in (*last, visits.shown(found)):
        if revision and _said(revision.body) == _said(compact(visit)):
            return revision.name
    return ""


def _said(body: Body) -> Body:
    return {key: value for key, value in body.items() if key != "revision"}


def _write(
    conn: sqlite3.Connection, id: str, visit: Inspection, before: Revision | None, base: str | None,
    author: str, at: datetime,
) -> str:  # fmt: skip
    base = base or (before.name if before else None)
    if before and before.read_only:
        raise NotValid({"": NEWER})
    if base and not visit.reason.strip() and not may_change_freely(conn, id, base):
        raise NotValid({"reason": "Ghi lý do đính chính."})
    body = compact(visit) | {"revision": _number(before)}
    name = _add(conn, "inspection", id, body, base=base, author=author, at=at)
    visits.refresh(conn, [id])
    return name


def _add(
    conn: sqlite3.Connection, kind: str, id: str, body: Body, *, base: str | None, author: str, at: datetime
) -> str:
    try:
        return own.add(conn, kind, id, body, base=base, author=author or own.author(conn), at=at)
    except ValueError as error:  # too long to be sent
        raise NotValid({"": str(error)}) from None


def _number(before: Revision | None) -> int:
    said = before.body.get("revision", 1) if before else 0
    return said + 1 if type(said) is int else 2


def edit(db: Database, kind: str, id: str, changes: State, *, at: datetime) -> Kept | None:
    """Set the paths of *changes* on an establishment or operator, as seen here; None when nothing changes.

    A value of None takes a path away. The edit remembers what it replaced, so that what
    somebody else changed meanwhile is not overwritten.
    """
    with writing(db) as conn:
        view = places.views(conn, kind, [id])[id]
        if view.state is None:
            raise NotValid({"id": f"Không có “{id}” trên máy này; kiểm tra lại mã, hoặc bấm Nhận về."})
        if not understood(kind, view.state):
            raise NotValid({"": NEWER})
        body = difference(view.state, view.state | changes)
        if not body["set"]:
            return None
        return _keep_edit(conn, kind, id, body, view.state, at)


def _keep_edit(
    conn: sqlite3.Connection, kind: str, id: str, body: dict[str, State], present: State, at: datetime
) -> Kept:
    problems = check_edit(kind, body)
    if "name" in body["set"] and not str(body["set"]["name"] or "").strip():
        problems["name"] = "Nhập tên."
    if not problems:
        clash = [path for path, value in body["set"].items() if overlaps(present, body["set"], path, value)]
        problems = dict.fromkeys(clash, "Trùng thời gian với mục đã có; nhập lại ngày.")
    if problems:
        raise NotValid(problems)
    name = _add(conn, kind, id, body, base=None, author="", at=at)
    register.refresh(conn, kind, [id])
    return Kept(id, name)


def new_operator(db: Database, fields: State, *, at: datetime) -> Kept:
    """Enter an operator: name, form (enterprise, household, individual), registration, phone, address."""
    state = _stated(fields)
    problems = {key: "Chưa nhập mục này." for key in ("name", "form") if key not in state}
    return new(db, "operator", state, problems, at)


def new_establishment(db: Database, fields: State, *, at: datetime) -> Kept:
    """Enter a place that the register lacks; it can be inspected at once.

    *fields*: name, kinds (a list), unit (epoch:code), address; optionally phone, code, operator
    (an id), from (a day; by default today), status (by default open), lat, lon, papers (a list of licences).
    """
    since = fields.get("from") or clock.local_day(clock.best(db.conn, at)).isoformat()
    epoch, _, code = str(fields.get("unit") or "").partition(":")
    state: State = _stated({key: fields.get(key) for key in ("name", "phone", "code")})
    place = _stated({key: fields.get(key) for key in ("address", "lat", "lon")})
    if code:
        state[f"place/{new_id()}"] = {"from": since, "epoch": epoch, "unit": code, **place}
    for kind in dict.fromkeys(fields.get("kinds") or ()):
        state[f"kind/{new_id()}"] = {"from": since, "kind": kind}
    state[f"status/{new_id()}"] = {"from": since, "status": fields.get("status") or "open"}
    if fields.get("operator"):
        state[f"operator/{new_id()}"] = {"from": since, "operator": fields["operator"]}
    state |= {f"licence/{new_id()}": _stated(paper) for paper in fields.get("papers") or ()}
    problems = {} if code else {"unit": "Chọn xã."}
    problems |= {} if fields.get("kinds") else {"kinds": "Chọn ít nhất một loại hình."}
    problems |= {} if "name" in state else {"name": "Nhập tên."}
    return new(db, "establishment", state, problems, at)


def _stated(fields: State) -> State:
    """Leave out what was not filled in, and the spaces around what was."""
    tidy = {key: value.strip() if isinstance(value, str) else value for key, value in fields.items()}
    return {key: value for key, value in tidy.items() if value not in (None, "")}


def new(db: Database, kind: str, state: State, problems: dict[str, str], at: datetime) -> Kept:
    """Enter a thing of the register that stands at *state*, or raise NotValid with *problems* and what else is wrong.

    What is wrong within a group is said under the group's name.
    """
    found = {path.partition("/")[0]: said for path, said in check_edit(kind, difference({}, state)).items()}
    if problems or found:
        raise NotValid(found | problems)
    with writing(db) as conn:
        return _keep_edit(conn, kind, new_id(), difference({}, state), {}, at)


def read_json(text: str) -> Body:
    """Read what a file or a program gave as one record, or raise NotValid."""
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        raise NotValid({"": "Không đọc được: tệp phải là JSON; lấy mẫu bằng: doi178-field record --template CƠ_SỞ"}) \
            from None  # fmt: skip
    if not isinstance(given, dict):
        raise NotValid({"": UNREADABLE})
    return given
