"""Histories for programs: the search, a history behind its purpose, the list of repeats, requests, the log."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from marshmallow import fields

from schemas.fields import Count, Day, Id, Record, Text, Truth
from server.api import Caller, Page, Paged, Question, page_of, read
from server.history import lookups, purpose, subjects
from server.history.pages_lookups import DAYS, WORDS
from server.history.pages_repeated import LISTED
from server.history.purpose import Looker
from server.history.reach import area_of
from server.history.repeated import repeated_places
from server.history.requests import request_of, requests_of
from server.history.search import search
from server.history.subjects import Subject
from server.office import state_of
from server.problems import NotAllowed, NotFound, PurposeNeeded
from server.store import reading

ID = "019a0000-0000-7000-8000-000000000001"
NO_PURPOSE = "Mở hồ sơ này trên trang của văn phòng và ghi lý do tra cứu trước; lý do dùng được trong vài giờ."


class SearchQuestion(Question):
    """What is looked for: a name, also an old one, an address, a number, a code of printed minutes."""

    text = Text(limit=400, load_default="")


class HitSchema(Record):
    """A place or an operator that was found, by what. An operator's places are counted: of the area, and elsewhere."""

    kind = Text(required=True)
    id = Id(required=True)
    name = Text(required=True)
    code = Text(required=True)
    by = Text(required=True)
    shown = Text(required=True)
    communes = fields.List(fields.String(), required=True)
    address = Text(required=True)
    operator = Text(required=True)
    here = Count(required=True)
    elsewhere = Count(required=True)


class FoundSchema(Record):
    """The hits, the best first; *more*: others fit as well; *problem*: a code that was copied wrongly."""

    hits = fields.List(fields.Nested(HitSchema), required=True)
    more = Truth(required=True)
    problem = Text(required=True)


EXAMPLE_FOUND = {
    "hits": [
        {"kind": "establishment", "id": ID, "name": "Karaoke Đông Đô", "code": "TS-0042", "by": "old_name",
         "shown": "Quán Sao Đêm", "communes": ["new:15664"], "address": "Số 12, phố Giắt",
         "operator": "Công ty TNHH Đông Đô", "here": 0, "elsewhere": 0}
    ],
    "more": False, "problem": "",
}  # fmt: skip


@read("/search", "history.see", says="Places and operators of the own area that fit what is typed.",
      question=SearchQuestion, answer=FoundSchema, example=EXAMPLE_FOUND, instead_of=("history.find",))  # fmt: skip
def found_by_search(caller: Caller, asked: dict[str, Any]) -> Any:
    """Answer the search."""
    with reading(caller.db) as conn:
        return search(conn, caller.tree, asked["text"], _communes(caller))


class EventSchema(Record):
    """One line of a history; what `said` holds goes by `what`."""

    day = Text(required=True)
    what = Text(required=True)
    about = Text(required=True)
    first = Truth(required=True)
    said = fields.Dict(required=True)


class AuthoritySchema(Record):
    """Whose decisions are held, and from which day."""

    authority = Text(required=True)
    since = Day(required=True, data_key="from")


class AgeSchema(Record):
    """How old what is known is."""

    at = Text(required=True)
    visits_from = Text(required=True)
    decisions_from = Text(required=True)
    decisions = Count(required=True)
    authorities = fields.List(fields.Nested(AuthoritySchema), required=True)
    complete_to = Day(required=True, allow_none=True)


class GroupTodaySchema(Record):
    """The law's answer for one act group today; a finding, never a verdict."""

    act_group = Text(required=True)
    codes = fields.List(fields.String(), required=True)
    acts = fields.List(fields.String(), required=True)
    answer = Text(required=True)
    cleared_on = Day(required=True, allow_none=True)
    basis = Text(required=True, allow_none=True)
    decisions = fields.List(fields.Dict(), required=True)
    missing = fields.List(fields.Dict(), required=True)


class HistorySchema(Record):
    """A history: facts of today, spans, what happened with the latest first, what would be a repeat, its age."""

    facts = fields.Dict(required=True)
    spans = fields.List(fields.Nested(EventSchema), required=True)
    timeline = fields.List(fields.Nested(EventSchema), required=True)
    repeat = fields.List(fields.Nested(GroupTodaySchema), required=True)
    age = fields.Nested(AgeSchema, required=True)


EXAMPLE_HISTORY = {
    "facts": {"id": ID, "name": "Karaoke Đông Đô", "units": ["new:15664"]},
    "spans": [{"day": "2019-01-01", "what": "status", "about": "", "first": True, "said": {"status": "open"}}],
    "timeline": [{"day": "2026-05-06", "what": "outside_check", "about": ID, "first": False,
                  "said": {"agency": "Thanh tra tỉnh", "paper": "Kết luận"}}],
    "repeat": [{"act_group": "G1", "codes": ["ND38-15.5b"], "acts": ["Karaoke hoạt động ngoài 8h-24h"],
                "answer": "repeat", "cleared_on": "2027-04-01", "basis": "completed", "decisions": [], "missing": []}],
    "age": {"at": "2026-11-20T15:00:00Z", "visits_from": "2021-01-21", "decisions_from": "2021-06-30",
            "decisions": 12, "authorities": [{"authority": "UBND xã", "from": "2021-06-30"}],
            "complete_to": "2026-11-19"},
}  # fmt: skip


@read("/establishments/<id>/history", "history.see", says="The history of an establishment, once its purpose is given.",
      answer=HistorySchema, example=EXAMPLE_HISTORY, problems=(PurposeNeeded,),
      instead_of=("history.place", "history.place_file"))  # fmt: skip
def history_of_an_establishment(caller: Caller, asked: dict[str, Any]) -> dict[str, Any]:
    """Answer a history, and note that it was read."""
    return _history(caller, subjects.place(caller.conn, _communes(caller), asked["id"]))


@read("/operators/<id>/history", "history.see", says="The history of an operator, once its purpose is given.",
      answer=HistorySchema, example=EXAMPLE_HISTORY, problems=(PurposeNeeded,),
      instead_of=("history.operator", "history.operator_file"))  # fmt: skip
def history_of_an_operator(caller: Caller, asked: dict[str, Any]) -> dict[str, Any]:
    """Answer a history, and note that it was read."""
    return _history(caller, subjects.operator(caller.conn, _communes(caller), asked["id"]))


def _history(caller: Caller, subject: Subject) -> dict[str, Any]:
    _needs_purpose(caller, subject)
    found = subjects.read(caller.db, caller.tree, subject, _communes(caller), caller.at)
    _note(caller, purpose.HANDED_OUT, subject)
    return found.as_json()


class RepeatedQuestion(Paged):
    """The day that is asked for: today where none is said."""

    as_of = Day(load_default=None)


class RepeatedSchema(Record):
    """A place whose operator repeated a sanctioned act: the act, both decisions, the day on which it leaves."""

    place = Id(required=True)
    name = Text(required=True)
    code = Text(required=True)
    communes = fields.List(fields.String(), required=True)
    address = Text(required=True)
    status = Text(required=True)
    operator = Id(required=True)
    operator_name = Text(required=True)
    act_group = Text(required=True)
    act = Text(required=True)
    committed_on = Text(required=True)
    earlier = Text(required=True)
    earlier_on = Day(required=True)
    decision = Text(required=True)
    decided_on = Day(required=True)
    answer = Text(required=True)
    cleared_on = Text(required=True)


EXAMPLE_REPEATED = {
    "total": 1,
    "rows": [
        {"place": ID, "name": "Karaoke Đông Đô", "code": "TS-0042", "communes": ["new:15664"],
         "address": "Số 12, phố Giắt", "status": "open", "operator": ID, "operator_name": "Công ty TNHH Đông Đô",
         "act_group": "G1", "act": "ND38-15.5b", "committed_on": "2025-06-01", "earlier": "1/QĐ-XPHC",
         "earlier_on": "2025-01-10", "decision": "2/QĐ-XPHC", "decided_on": "2025-06-20", "answer": "repeat",
         "cleared_on": "2026-08-01"}
    ],
}  # fmt: skip


@read("/repeat-places", "history.see", says="Places with a repeat violation as of a day, once the purpose is given.",
      question=RepeatedQuestion, answer=page_of(RepeatedSchema), example=EXAMPLE_REPEATED, problems=(PurposeNeeded,),
      instead_of=("history.repeated", "history.repeated_file"))  # fmt: skip
def places_with_a_repeat(caller: Caller, asked: dict[str, Any]) -> Page:
    """Answer a page of the list, and note that it was read."""
    subject = Subject("repeat_list", caller.area, "", (caller.area,))
    _needs_purpose(caller, subject)
    day = asked["as_of"] or caller.today
    with reading(caller.db) as conn:
        rows = repeated_places(conn, day.isoformat(), _communes(caller))
    _note(caller, LISTED, subject)
    return _page(asked, rows)


class DataRequestSchema(Record):
    """A request of an operator to see or correct its data; empty days and texts are not there yet."""

    id = Id(required=True)
    operator = Id(required=True)
    operator_name = Text(required=True)
    units = fields.List(fields.String(), required=True)
    paper = Text(required=True)
    asks = Text(required=True)
    about = Text(required=True)
    received_on = Day(required=True)
    due_on = Day(required=True)
    answer = Text(required=True)
    answered_on = Text(required=True)
    answer_paper = Text(required=True)
    answer_note = Text(required=True)
    late = Truth(required=True)


EXAMPLE_REQUEST = {
    "id": ID, "operator": ID, "operator_name": "Công ty TNHH Đông Đô", "units": ["new:15664"], "paper": "05/ĐN",
    "asks": "correct", "about": "Sửa số đăng ký", "received_on": "2026-11-05", "due_on": "2026-11-20", "answer": "",
    "answered_on": "", "answer_paper": "", "answer_note": "", "late": False,
}  # fmt: skip


@read("/data-requests", "requests.answer", says="Requests of operators of the own area about their data.",
      question=Paged, answer=page_of(DataRequestSchema), example={"total": 1, "rows": [EXAMPLE_REQUEST]},
      instead_of=("history.requests", "history.requests_file"))  # fmt: skip
def data_requests(caller: Caller, asked: dict[str, Any]) -> Page:
    """Answer a page of the requests, what waits for an answer first."""
    with reading(caller.db) as conn:
        return _page(asked, requests_of(conn, _communes(caller), caller.today.isoformat()))


@read("/data-requests/<id>", "requests.answer", says="One request of an operator about its data.",
      answer=DataRequestSchema, example=EXAMPLE_REQUEST, instead_of=("history.one_request",))  # fmt: skip
def data_request(caller: Caller, asked: dict[str, Any]) -> Any:
    """Answer one request."""
    if state_of(caller.conn, "data_request", asked["id"]) is None:
        raise NotFound("Không có yêu cầu này; tải lại danh sách.")
    found = request_of(caller.conn, _communes(caller), caller.today.isoformat(), asked["id"])
    if found is None:
        raise NotAllowed("Yêu cầu này ngoài địa bàn của tài khoản; hỏi người quản trị.")
    return found


class LookupsQuestion(Paged):
    """Which look-ups: from and to a day, both in it; the last thirty days where none is said."""

    since = Day(load_default=None)
    until = Day(load_default=None)
    who = Text(limit=80, load_default="")
    what = Text(limit=40, load_default="")


class LookupSchema(Record):
    """One look-up: who, when, what, why, and whose data it was; `seq` 0: on a laptop, told when it was received."""

    seq = Count(required=True)
    at = Text(required=True)
    what = Text(required=True)
    who = Text(required=True)
    who_name = Text(required=True)
    role = Text(required=True)
    kind = Text(required=True)
    id = Text(required=True)
    name = Text(required=True)
    units = fields.List(fields.String(), required=True)
    purpose = Text(required=True)
    code = Text(required=True)
    form = Text(required=True)
    device = Text(required=True)
    received_at = Text(required=True)


EXAMPLE_LOOKUPS = {
    "total": 1,
    "rows": [
        {"seq": 12, "at": "2026-11-20T15:00:00Z", "what": "history.open", "who": ID, "who_name": "congan",
         "role": "police", "kind": "establishment", "id": ID, "name": "Karaoke Đông Đô", "units": ["new:15664"],
         "purpose": "Công văn số 12/CV-CAX", "code": "", "form": "", "device": "", "received_at": ""}
    ],
}  # fmt: skip


@read("/lookups", "lookups.see", says="Who looked up histories of the own area, when and why.",
      question=LookupsQuestion, answer=page_of(LookupSchema), example=EXAMPLE_LOOKUPS,
      instead_of=("history.log", "history.log_file"))  # fmt: skip
def looked_up(caller: Caller, asked: dict[str, Any]) -> Page:
    """Answer a page of the log of look-ups, the latest first."""
    until: date = asked["until"] or caller.today
    since: date = asked["since"] or until - timedelta(days=DAYS)
    wanted = lookups.Asked(since, until, asked["who"], asked["what"] if asked["what"] in WORDS else "")
    lists = {caller.area, *caller.tree.ancestors(caller.area)}
    with reading(caller.db) as conn:
        return _page(asked, lookups.lookups(conn, _communes(caller), lists, wanted))


def _communes(caller: Caller) -> frozenset[str]:
    return area_of(caller.tree, caller.area)


def _page(asked: dict[str, Any], rows: list[Any]) -> Page:
    return Page(len(rows), [asdict(row) for row in rows[asked["offset"] :][: asked["limit"]]])


def _needs_purpose(caller: Caller, subject: Subject) -> None:
    if not purpose.given(caller.conn, caller.id, subject.key, caller.at):
        raise PurposeNeeded(NO_PURPOSE)


def _note(caller: Caller, what: str, subject: Subject) -> None:
    subjects.note(caller.db, Looker(caller.id, caller.role), what, subject, caller.at, form="json")

