"""Drafts: what is typed, saved field by field as it is typed, judged only when the text is closed for signature.

A draft's fields are flat: a path of an inspection (schemas/inspections.py) and what stands in
the form, also where it is wrong: `date`, `workers.total`, `answers.COM-01`, `notes.COM-01`,
`members.0.name`, `violations.0.code`. Problems come back under the same paths.
"""

import json
import sqlite3
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from field_client import clock, dates, rounds
from field_client.flat import NUMBERS as NUMBERS  # what a form asks for as a number
from field_client.flat import Fields, Rows, flatten, in_form, nest
from field_client.lease import note_clock
from field_client.places import NotKnown, find
from field_client.records import NEWER, Kept, Moved, NotValid, problems_of, record
from field_client.states import kinds_on
from field_client.store import draft_files, get_meta, own, visits, writing
from schemas.checklists import ChecklistItem, items_for, versions
from schemas.fields import instant_text
from schemas.ids import new_id

Day = date  # a draft has a date of its own


class ReadOnly(Exception):
    """A newer program wrote it: it is shown, and not written over."""


class NoDraft(Exception):
    """There is no such draft; *finished* where the inspection was closed for signature."""

    def __init__(self, *, finished: str = "") -> None:
        self.finished = finished
        super().__init__(
            "Nội dung đã chốt; muốn sửa phải đính chính." if finished else "Không có bản nháp này; mở lại từ trang đầu."
        )


@dataclass(frozen=True)
class Draft:
    """A draft as it stands; its id is the inspection's. *text* is the exact text that is stored."""

    id: str
    establishment: str
    base: str | None
    date: str
    created_at: str
    saved_at: str
    text: str = field(repr=False)

    @property
    def fields(self) -> Fields:
        """What is typed, by path."""
        found: Fields = json.loads(self.text)
        return found

    def day(self) -> Day:
        """The day of the visit, as far as it can be read."""
        return Day.fromisoformat(self.date)


def start(db: Database, establishment: str, *, at: datetime, given: Fields | None = None) -> str:
    """Begin a draft for a place and return its id; today's untouched one is used again, so a double tap makes one.

    It begins with today, the outing's team, decision and members, and what is *given*.
    """
    with writing(db) as conn:
        today = clock.local_day(clock.best(conn, at)).isoformat()
        begun = conn.execute(
            "SELECT id FROM drafts WHERE establishment = ? AND date = ? AND base IS NULL AND saved_at = created_at"
            " ORDER BY created_at DESC LIMIT 1",
            (establishment, today),
        ).fetchone()
        if begun and not given:
            return str(begun[0])
        fields = {**_from_round(db), "date": today, "basis": "planned"}
        return _insert(conn, new_id(), establishment, None, flatten({**fields, **(given or {})}), at)


def _from_round(db: Database) -> Fields:
    outing = rounds.current(db)
    team = outing.team if outing else get_meta(db.conn, "team")
    if outing is None:
        return {"team": team}
    return {"team": team, "round": outing.id, "decision": outing.decision, "members": outing.rows()}


def start_correction(db: Database, inspection: str, *, at: datetime) -> str:
    """Begin the correction of a finished inspection, from the revision shown here, or open the one begun."""
    with writing(db) as conn:
        if conn.execute("SELECT 1 FROM drafts WHERE id = ?", (inspection,)).fetchone():
            return inspection
        seen = visits.shown(visits.revisions(conn, inspection))
        if seen is None:
            raise NotKnown("Không có cuộc kiểm tra này trên máy; kiểm tra lại mã, hoặc bấm Nhận về.")
        if seen.read_only:
            raise ReadOnly(NEWER)
        fields = {key: value for key, value in flatten(seen.body).items() if key not in {"reason", "revision"}}
        return _insert(conn, inspection, str(seen.body.get("establishment", "")), seen.name, fields, at)


def keep(db: Database, id: str, body: Fields, *, at: datetime) -> str:
    """Keep an unfinished inspection that a program or file gave, whatever is in it; again under its id, it replaces."""
    with writing(db) as conn:
        fields = flatten({key: value for key, value in body.items() if key != "establishment"})
        conn.execute("DELETE FROM drafts WHERE id = ?", (id,))
        seen = visits.shown(visits.revisions(conn, id))
        return _insert(conn, id, str(body.get("establishment") or ""), seen.name if seen else None, fields, at)


def _insert(
    conn: sqlite3.Connection, id: str, establishment: str, base: str | None, fields: Fields, at: datetime
) -> str:
    today = clock.local_day(clock.best(conn, at)).isoformat()
    fields = {path: value for path, value in fields.items() if path not in {"id", "establishment"}}
    stamp = instant_text(at)
    conn.execute(
        "INSERT INTO drafts (id, establishment, base, date, fields, created_at, saved_at, unsure_since)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (id, establishment, base, _day(fields, today), _write(fields), stamp, stamp, dates.unsure_since(conn, at)),
    )
    note_clock(conn, at)
    return id


def save(db: Database, id: str, changes: Fields, *, at: datetime) -> str:
    """Merge typed fields into a draft, as they are, and return when they were saved.

    None takes a field away; a list or map replaces all that stood below its path. What was
    finished meanwhile is not brought back: NoDraft.
    """
    with writing(db) as conn:
        draft = _find(conn, id)
        fields = {p: v for p, v in draft.fields.items() if not any(_below(p, path) for path in changes)}
        fields |= flatten(changes)
        stamp = instant_text(at)
        conn.execute(
            "UPDATE drafts SET fields = ?, date = ?, saved_at = ?,"
            "       unsure_since = CASE unsure_since WHEN '' THEN ? ELSE unsure_since END WHERE id = ?",
            (_write(fields), _day(fields, draft.date), stamp, dates.unsure_since(conn, at, draft.saved_at), id),
        )
        note_clock(conn, at)
    return stamp


def _below(path: str, top: str) -> bool:
    return path == top or path.startswith(top + ".")


def _write(fields: Fields) -> str:
    """Write the fields as text; half a letter, as a cut paste leaves it, cannot be stored and becomes “?”."""
    text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    return text.encode(errors="replace").decode()


def _day(fields: Fields, otherwise: str) -> str:
    """Return the date typed, where it is one: the server is told the earliest date among drafts."""
    try:
        return date.fromisoformat(fields["date"]).isoformat()
    except (KeyError, TypeError, ValueError):
        return otherwise


_FIELDS = "id, establishment, base, date, created_at, saved_at, fields"


def load(db: Database, id: str) -> Draft:
    """Return a draft, or raise NoDraft."""
    return _find(db.conn, id)


def _find(conn: sqlite3.Connection, id: str) -> Draft:
    row = conn.execute(f"SELECT {_FIELDS} FROM drafts WHERE id = ?", (id,)).fetchone()
    if row is None:
        finished = conn.execute("SELECT name FROM own WHERE id = ? ORDER BY local DESC LIMIT 1", (id,)).fetchone()
        raise NoDraft(finished=finished[0] if finished else "")
    return Draft(*row)


def all_drafts(db: Database) -> list[Draft]:
    """Return every draft, the one saved last first."""
    rows = db.conn.execute(f"SELECT {_FIELDS} FROM drafts ORDER BY saved_at DESC, id DESC")
    return [Draft(*row) for row in rows]


def discard(db: Database, id: str) -> None:
    """Throw a draft away with its photos, because a person asked for it; nothing happens when it is gone already."""
    with writing(db) as conn:
        names = draft_files.forget(conn, id)
        conn.execute("DELETE FROM drafts WHERE id = ?", (id,))
    draft_files.let_go(db, names)


def checklist(db: Database, draft: Draft) -> tuple[ChecklistItem, ...]:
    """Return what is asked of the draft's place on its day, the common block first."""
    return items_for(_kinds(db, draft), draft.day())


def _kinds(db: Database, draft: Draft) -> tuple[str, ...]:
    try:
        return kinds_on(find(db, "establishment", draft.establishment).state, draft.day())
    except NotKnown:
        return ()


def to_inspection(draft: Draft) -> dict[str, Any]:
    """Return the draft in the shape of InspectionSchema; what cannot be read is left for the schema to refuse."""
    return _nested(draft)[0]


def _nested(draft: Draft) -> tuple[dict[str, Any], Rows]:
    body, rows = nest(draft.fields)
    return (body | {"establishment": draft.establishment} if draft.establishment else body), rows


def problems(db: Database, draft: Draft, *, at: datetime) -> dict[str, str]:
    """Return what must be put right before the draft can be closed, under the paths of the form."""
    body, rows = _nested(draft)
    return {in_form(path, rows): said for path, said in problems_of(db, draft.id, body, at).items()}


def finalise(db: Database, id: str, *, at: datetime, asked: dict[str, str] | None = None) -> Kept:
    """Close a draft's text for signature: kept, queued and the draft gone, in one transaction.

    A second time it changes nothing and gives the same item. NotValid when something must
    be put right, under the paths of the form; the draft stays as it is. *asked* is what a
    person must still answer, by path: it is said with whatever else is found.
    """
    while True:
        try:
            draft = load(db, id)
        except NoDraft as gone:
            if gone.finished:
                return Kept(id, gone.finished)
            raise
        body, rows = _nested(draft)
        if body.get("answers"):
            body["checklists"] = versions(_kinds(db, draft), draft.day())
        try:
            if asked:
                raise NotValid({**asked, **problems_of(db, id, body, at)})
            return record(db, id, body, at=at, base=draft.base, draft=draft.text, author=_leader(db, body))
        except NotValid as error:
            raise NotValid({in_form(path, rows): said for path, said in error.problems.items()}) from None
        except Moved:
            continue


def _leader(db: Database, body: dict[str, Any]) -> str:
    row = db.conn.execute("SELECT leader FROM rounds WHERE id = ?", (str(body.get("round")),)).fetchone()
    return get_meta(db.conn, own.AT_THE_KEYS) or (row[0] if row else "") or own.author(db.conn)
