"""The law's answer for each act group in words, with what it rests on; a finding, never a verdict."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from schemas.repeat import Answer, Basis, Window, sentence
from server import web
from server.history.age import Age
from server.history.status import GroupToday
from server.law.answers import ANSWERS
from server.pages.words import day, number

__all__ = ["ANSWERS", "BASES", "COLOURS", "Said", "age_lines", "said"]
COLOURS = {Answer.REPEAT: "warn", Answer.NOT_FOUND: "", Answer.CANNOT_TELL: "warn"}
BASES = {
    Basis.COMPLETED: _l("tính từ ngày chấp hành xong"),
    Basis.LIMIT: _l("tính từ ngày hết thời hiệu thi hành"),
    Basis.EVASION: _l("đang trốn tránh thi hành, thời hiệu chưa tính lại"),
}


@dataclass(frozen=True)
class Said:
    """One act group as it is shown: the answer, until when, and line by line how it comes about."""

    acts: str
    code: str
    answer: str
    colour: str
    until: str
    missing: tuple[str, ...]
    working: tuple[str, ...]


def said(one: GroupToday) -> Said:
    """Say what holds for an act group today."""
    found = one.finding
    until = ""
    if found.cleared_on:
        until = _("Được coi là chưa bị xử phạt từ ngày %(day)s", day=day(found.cleared_on))
    elif found.answer is Answer.REPEAT:
        until = _("Chưa có ngày được coi là chưa bị xử phạt")
    return Said(
        "; ".join(web.told(act) for act in one.acts), one.codes[0], str(ANSWERS[found.answer]),
        COLOURS[found.answer], until, tuple(web.told(sentence(lack)) for lack in found.missing),
        tuple(_working(window) for window in dict.fromkeys([*found.windows, *found.known])),
    )  # fmt: skip


def _working(one: Window) -> str:
    said = {
        "number": one.number, "day": day(one.decided_on), "authority": one.authority, "since": day(one.since),
        "until": day(one.until), "answer": str(ANSWERS[one.answer]), "basis": str(BASES[one.basis]),
    }  # fmt: skip
    if not one.until:
        return _("Quyết định số %(number)s ngày %(day)s của %(authority)s: vi phạm từ ngày %(since)s, chưa có ngày"
                 " kết thúc: %(answer)s (%(basis)s).", **said)  # fmt: skip
    if one.until != one.cleared_on:  # what the day of clearing is counted from says nothing of an earlier end
        return _("Quyết định số %(number)s ngày %(day)s của %(authority)s: vi phạm từ ngày %(since)s đến trước ngày"
                 " %(until)s: %(answer)s.", **said)  # fmt: skip
    return _("Quyết định số %(number)s ngày %(day)s của %(authority)s: vi phạm từ ngày %(since)s đến trước ngày"
             " %(until)s: %(answer)s (%(basis)s).", **said)  # fmt: skip


def age_lines(age: Age) -> list[tuple[str, str]]:
    """Say how old what is shown is, as names and values."""
    visits = day(age.visits_from) or _("chưa có")
    held = _("chưa giữ quyết định nào")
    if age.authorities:
        held = _("từ ngày %(day)s, của %(n)s cơ quan", day=day(age.decisions_from), n=number(len(age.authorities)))
    return [
        (_("Cuộc kiểm tra: có từ ngày"), visits),
        (_("Quyết định xử phạt: đang giữ"), held),
        (_("Đã nhận đủ số liệu đến ngày"), day(age.complete_to) or _("chưa rõ")),
    ]
