"""The law's answer in words, beside an act and on a place's page: a finding, never a verdict."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlite_utils import Database

from field_client import clock, law, lease, web
from field_client.drafts import Draft
from field_client.pages import form
from field_client.pages.words import day as written
from field_client.pages.words import number
from field_client.places import Thing
from field_client.store.mirror import COPY_AT
from schemas import violations
from schemas.fields import is_day
from schemas.repeat import Answer, Basis, Finding, Window, sentence

ANSWERS: Mapping[Answer, Any] = {
    Answer.REPEAT: _l("Có căn cứ xác định tái phạm"),
    Answer.NOT_FOUND: _l("Không thấy căn cứ tái phạm trong dữ liệu hiện có"),
    Answer.CANNOT_TELL: _l("Chưa đủ thông tin để xác định"),
}
COLOURS = {Answer.REPEAT: "warn", Answer.NOT_FOUND: "", Answer.CANNOT_TELL: "warn"}


@dataclass(frozen=True)
class Said:
    """One answer as it is shown: *lines* are what it rests on or lacks.

    *act* stands on a place's page only, *fine* only beside an act that was picked.
    """

    answer: Answer
    words: str
    lines: tuple[str, ...]
    colour: str = ""
    act: str = ""
    fine: str = ""
    group_unsure: bool = False


@dataclass(frozen=True)
class Law:
    """What a page shows: answers by the key of an act or by its code, whose decisions are held, and the age of it.

    *hidden* says why nothing is shown: the lease has ended, or the laptop is locked.
    """

    said: Mapping[str, Said]
    held: str = ""
    named: tuple[str, ...] = ()
    received: str = ""
    hidden: str = ""


def of_draft(db: Database, draft: Draft, place: Thing | None, at: datetime) -> Law:
    """Answer for each coded act of a draft, on the day it was committed, else that of the visit."""
    hidden = lease.hidden(db.conn, at)
    rows = {key: row for key, row in form.rows(draft.fields, "violations").items() if row.get("code")}
    subjects: dict[date, law.Subject] = {}
    said = {}
    for key, row in rows.items():
        day = _committed(draft, row)
        if day not in subjects:
            subjects[day] = law.subject(db, place.state if place else {}, day)
        subject = subjects[day]
        finding = subject.find(str(row["code"]), day.isoformat(), but=draft.id)
        said[key] = _said(finding, fine=_fine(str(row["code"]), day, subject.operator))
    return _law(db, said, hidden) if rows else Law({})


def of_place(db: Database, place: Thing, at: datetime) -> Law:
    """Answer for each act group of which something is known of who runs the place today."""
    hidden = lease.hidden(db.conn, at)
    if hidden:
        return _law(db, {}, hidden)
    today = clock.local_day(clock.best(db.conn, at))
    subject = law.subject(db, place.state, today)
    found = [(code, subject.find(code, today.isoformat())) for code in subject.codes()]
    said = {
        code: _said(finding, act=web.told(violations.words(code)))
        for answer in (Answer.REPEAT, Answer.CANNOT_TELL)
        for code, finding in found
        if finding.answer is answer
    }
    if not said:
        lacks = subject.lacks
        whole = Finding(Answer.CANNOT_TELL if lacks else Answer.NOT_FOUND, "", missing=lacks)
        said = {"": _said(whole)}
    return _law(db, said)


def _law(db: Database, said: Mapping[str, Said], hidden: str = "") -> Law:
    if hidden:
        return Law(said, hidden=hidden)
    held = law.held(db.conn)
    named = tuple(
        _("%(authority)s: từ ngày %(day)s", authority=authority, day=written(since))
        for authority, since in held.authorities
    )
    return Law(said, _held(held), named, web.meta(COPY_AT) or web.meta("last_contact"))


def _held(held: law.Held) -> str:
    if not held.count:
        return _("Máy chủ chưa giữ quyết định xử phạt nào.")
    return _("Máy chủ giữ quyết định của %(n)s cơ quan, từ ngày %(day)s.", n=held.count, day=written(held.since))


def _committed(draft: Draft, row: Mapping[str, Any]) -> date:
    said = str(row.get("committed_on") or "")
    return date.fromisoformat(said) if is_day(said) else draft.day()


def _fine(code: str, day: date, operator: Thing | None) -> str:
    found = law.fine(code, day, str(operator["form"])) if operator else None
    if found is None:
        return _("Chưa có xác nhận của pháp chế – không in mức phạt")
    return _("Mức phạt từ %(low)s đến %(high)s đồng", low=number(found[0]), high=number(found[1]))


def _said(finding: Finding, *, act: str = "", fine: str = "") -> Said:
    lines = [*(web.told(sentence(one)) for one in finding.missing), *_decisions(finding)]
    lines += filter(None, [_cleared(finding)])
    return Said(
        finding.answer, str(ANSWERS[finding.answer]), tuple(lines), COLOURS[finding.answer], act, fine,
        finding.answer is Answer.REPEAT and not _confirmed(finding.act_group),
    )  # fmt: skip


def _confirmed(group: str) -> bool:
    return any(one.id == group and one.confirmed for one in violations.act_groups())


def _cleared(finding: Finding) -> str:
    """Say from which day the operator is as if it had not been sanctioned, and what that day is counted from."""
    day = written(finding.cleared_on)
    if finding.basis is Basis.COMPLETED:
        return _("Được coi là chưa bị xử phạt từ ngày %(day)s (tính từ ngày chấp hành xong).", day=day)
    if finding.basis is Basis.LIMIT:
        return _("Được coi là chưa bị xử phạt chậm nhất từ ngày %(day)s (tính từ khi hết thời hiệu thi hành).", day=day)
    return _("Đang trốn tránh thi hành: thời hiệu chưa bắt đầu tính.") if finding.basis is Basis.EVASION else ""


def _decisions(finding: Finding) -> list[str]:
    """Name each decision that an answer rests on once, the newest first."""
    found = {one.decision: one for one in reversed(finding.windows)}
    return [_decision(one) for one in sorted(found.values(), key=lambda one: one.decided_on, reverse=True)]


def _decision(one: Window) -> str:
    articles = "; ".join(dict.fromkeys(violations.citation(code, one.decided_on) for code in one.codes))
    if one.complaint_from:
        return _(
            "Quyết định số %(number)s ngày %(day)s, %(authority)s (%(articles)s) – đang khiếu nại, khởi kiện",
            number=one.number, day=written(one.decided_on), authority=one.authority, articles=articles,
        )  # fmt: skip
    return _(
        "Quyết định số %(number)s ngày %(day)s, %(authority)s (%(articles)s)",
        number=one.number, day=written(one.decided_on), authority=one.authority, articles=articles,
    )  # fmt: skip
