"""What is said of repeat violations between the ends: windows of days, and the one look-up that both read them by.

How a window comes from decisions is the server's (`server/law`); docs/repeat-violation.md tells the rule.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from schemas import violations


class Answer(StrEnum):
    """Whether an act on a day would be a repeat. *not found* is never “no”: it says what is in the data."""

    REPEAT = "repeat"
    CANNOT_TELL = "cannot_tell"
    NOT_FOUND = "not_found"


class Basis(StrEnum):
    """From what the day is counted on which a decision is cleared."""

    COMPLETED = "completed"
    LIMIT = "enforcement_limit"
    EVASION = "evasion"  # it still runs: there is no such day yet


class Lacks(StrEnum):
    """What is missing where nobody can tell; the sentence names the decision."""

    MAIN = "main"
    ADDITIONAL = "additional"
    REMEDIES = "remedies"
    DELIVERED = "delivered"
    AFTER_LIMIT = "after_limit"
    COMMITTED_ON = "committed_on"
    ACT_GROUP = "act_group"
    OPERATOR = "operator"
    NEW_OPERATOR = "new_operator"
    DUPLICATE = "duplicate"
    DATA = "data"


@dataclass(frozen=True)
class Missing:
    """One missing fact: what it is, and of which decision (its number), act or operator."""

    what: Lacks
    of: str = ""


@dataclass(frozen=True)
class Window:
    """Days on which an act of a group has one answer, because of one decision.

    *since* is its first day and *until* the first day after it, empty where there is none yet.
    *cleared_on* is the first day on which the decision surely counts no more.
    Days are text, as they stand in items: they are compared, never counted.
    """

    act_group: str
    codes: tuple[str, ...]
    since: str
    until: str
    answer: Answer
    decision: str
    number: str
    decided_on: str
    authority: str
    basis: Basis
    cleared_on: str
    missing: tuple[Missing, ...] = ()
    complaint_from: str = ""
    inspection: str = ""  # the visit whose acts it decided: those are not repeats of themselves

    def holds(self, day: str) -> bool:
        """Say whether *day* lies in the window."""
        return self.since <= day and (not self.until or day < self.until)

    def concerns(self, group: str, code: str) -> bool:
        """Say whether it is about acts of *group*; an act whose group is not decided is only like its own code."""
        return self.act_group == group if group else code in self.codes

    def as_json(self) -> dict[str, Any]:
        """Return it as it goes to laptops; what is empty is left out."""
        said: dict[str, Any] = {
            "act_group": self.act_group, "codes": list(self.codes), "from": self.since, "to": self.until,
            "answer": self.answer.value, "decision": self.decision, "number": self.number,
            "decided_on": self.decided_on, "authority": self.authority, "basis": self.basis.value,
            "cleared_on": self.cleared_on, "missing": [[one.what.value, one.of] for one in self.missing],
            "complaint_from": self.complaint_from, "inspection": self.inspection,
        }  # fmt: skip
        return {key: value for key, value in said.items() if value not in ("", [])}


def window(said: Mapping[str, Any]) -> Window:
    """Read a window as a server told it; raises ValueError or KeyError where another version wrote it."""
    return Window(
        act_group=said.get("act_group", ""), codes=tuple(said["codes"]), since=said["from"], until=said.get("to", ""),
        answer=Answer(said["answer"]), decision=said["decision"], number=said.get("number", ""),
        decided_on=said["decided_on"], authority=said.get("authority", ""), basis=Basis(said["basis"]),
        cleared_on=said.get("cleared_on", ""),
        missing=tuple(Missing(Lacks(what), of) for what, of in said.get("missing", ())),
        complaint_from=said.get("complaint_from", ""), inspection=said.get("inspection", ""),
    )  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """What the data say of one act on one day.

    *windows* are those that give the answer, the newest decision first; *cleared_on* is the
    first clean day, or of what is cleared already the day since when; *known* is every
    decision of the group, cleared ones too.
    """

    answer: Answer
    act_group: str
    windows: tuple[Window, ...] = ()
    missing: tuple[Missing, ...] = ()
    cleared_on: str = ""
    basis: Basis | None = None
    known: tuple[Window, ...] = ()


def look_up(
    windows: Iterable[Window], code: str, day: str, *, but: str = "", catalogue: violations.Catalogue | None = None
) -> Finding:
    """Say whether an act under *code*, committed on *day*, is a repeat by *windows* of its operator.

    *but* is the visit on which the act was found: what was decided of that very visit is
    no earlier sanction of it. An act whose group is not decided is never found to be one.
    """
    group = (catalogue or violations.used()).group_of(code, day)
    known = tuple(
        sorted(
            (one for one in windows if one.concerns(group, code) and not (but and one.inspection == but)),
            key=lambda one: (one.decided_on, one.since),
            reverse=True,
        )
    )
    if not group:
        missing = (Missing(Lacks.ACT_GROUP, code),)
        return Finding(Answer.CANNOT_TELL, "", (), missing, known=known)
    holding = [one for one in known if one.holds(day)]
    for answer in (Answer.REPEAT, Answer.CANNOT_TELL):
        giving = tuple(one for one in holding if one.answer is answer)
        if giving:
            return _found(answer, group, giving, known, day)
    passed = next((one for one in known if one.cleared_on and one.cleared_on <= day), None)
    cleared, basis = (passed.cleared_on, passed.basis) if passed else ("", None)
    return Finding(Answer.NOT_FOUND, group, cleared_on=cleared, basis=basis, known=known)


def _found(
    answer: Answer, group: str, giving: tuple[Window, ...], known: tuple[Window, ...], day: str
) -> Finding:
    """Name the decisions that give *answer*; the day is clean once the last of them that hold is cleared."""
    last = max((one for one in known if one.holds(day)), key=lambda one: one.cleared_on or "9999")
    missing = tuple(dict.fromkeys(lack for one in giving for lack in one.missing))
    return Finding(answer, group, giving, missing, last.cleared_on, last.basis, known)


def beside(finding: Finding, duplicates: Iterable[tuple[str, Finding]]) -> Finding:
    """Say *finding* knowing of *duplicates*: records that may be the same operator, by name, with what they say.

    Until a person has said whether they are one, their decisions can only make an answer unsure.
    """
    matter = [(name, other) for name, other in duplicates if other.answer is not Answer.NOT_FOUND and other.act_group]
    if not matter or finding.answer is Answer.REPEAT:
        return finding
    missing = tuple(dict.fromkeys([*finding.missing, *(Missing(Lacks.DUPLICATE, name) for name, _ in matter)]))
    windows = tuple(one for _, other in matter for one in other.windows)
    return replace(finding, answer=Answer.CANNOT_TELL, missing=missing, windows=finding.windows + windows)


SENTENCES: Mapping[Lacks, str] = {
    Lacks.MAIN: "Thiếu ngày chấp hành xong của Quyết định số {of}: hình thức xử phạt chính.",
    Lacks.ADDITIONAL: "Thiếu ngày chấp hành xong của Quyết định số {of}: hình thức xử phạt bổ sung.",
    Lacks.REMEDIES: "Thiếu ngày chấp hành xong của Quyết định số {of}: biện pháp khắc phục hậu quả.",
    Lacks.DELIVERED: "Thiếu ngày giao của Quyết định số {of}.",
    Lacks.AFTER_LIMIT: "Quyết định số {of} được chấp hành sau khi hết thời hiệu thi hành.",
    Lacks.COMMITTED_ON: "Thiếu ngày vi phạm của Quyết định số {of}.",
    Lacks.ACT_GROUP: "Nhóm hành vi của mã {of} chưa được xác định.",
    Lacks.OPERATOR: "Chưa rõ chủ cơ sở vào ngày vi phạm.",
    Lacks.NEW_OPERATOR: "Chủ cơ sở mới ghi trên máy này, máy chủ chưa đối chiếu.",
    Lacks.DUPLICATE: "Chưa rõ có cùng là một chủ cơ sở với “{of}” hay không.",
    Lacks.DATA: "Máy này chưa nhận số liệu về quyết định xử phạt.",
}


def sentence(one: Missing) -> str:
    """Say in words what is missing."""
    return SENTENCES[one.what].format(of=one.of)
