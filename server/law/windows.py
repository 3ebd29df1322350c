"""The windows of days that an operator's decisions open: one pure function, read with docs/repeat-violation.md."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from schemas.repeat import Answer, Lacks, Missing, Window
from server.law.bounds import bounds
from server.law.decision import Decision, Sanction
from server.law.months import NEVER, add_months

MONTHS = {Sanction.WARNING: 6, Sanction.FINE: 12}  # the Law, Đ.7.1
LOOK_BACK = 24  # months within which an act may be sanctioned (Đ.6): where its day is not known, it lies in these


def windows(decisions: Iterable[Decision]) -> list[Window]:
    """Return the windows of the *decisions* of one operator, by group and then by the day of the decision.

    Outside of them the answer is *not found*.
    """
    opened = sorted(decisions, key=lambda one: (one.decided_on, one.id))
    by_group: dict[tuple[str, str], list[tuple[Decision, list[Window]]]] = {}
    for decision in opened:
        for key, codes, sanction in _groups(decision):
            by_group.setdefault(key, []).append((decision, _of_one(decision, key[0], codes, sanction)))
    return [one for _, found in sorted(by_group.items()) for one in _together(found)]


def _groups(decision: Decision) -> list[tuple[tuple[str, str], tuple[str, ...], Sanction]]:
    """Gather the sanctioned acts of a decision by group; an undecided one is by itself under its code.

    Remedies alone are no sanction. Where acts of one group were treated differently, the fine counts.
    """
    found: dict[tuple[str, str], dict[str, Sanction]] = {}
    for code, group, sanction in decision.acts:
        if sanction is not Sanction.NONE:
            found.setdefault((group, "" if group else code), {})[code] = sanction
    return [
        (key, tuple(acts), Sanction.FINE if Sanction.FINE in acts.values() else Sanction.WARNING)
        for key, acts in found.items()
    ]


def _of_one(decision: Decision, group: str, codes: tuple[str, ...], sanction: Sanction) -> list[Window]:
    """Return what one decision says by itself: surely a repeat, then, where a fact is missing, nobody can tell."""
    found, months = bounds(decision), MONTHS[sanction]
    sure, clean = add_months(found.earliest, months), add_months(found.latest, months)
    repeat = Window(
        act_group=group, codes=codes, since=decision.decided_on.isoformat(), until=_text(sure), answer=Answer.REPEAT,
        decision=decision.id, number=decision.number, decided_on=decision.decided_on.isoformat(),
        authority=decision.authority, basis=found.basis, cleared_on=_text(clean),
        complaint_from=decision.complaint_from.isoformat() if decision.complaint_from else "",
        inspection=decision.inspection,
    )  # fmt: skip
    if sure == clean:
        return [repeat]
    missing = tuple(Missing(lack, decision.number) for lack in found.lacks)
    return [repeat, replace(repeat, since=_text(sure), until=_text(clean), answer=Answer.CANNOT_TELL, missing=missing)]


def _text(day: date) -> str:
    return "" if day == NEVER else day.isoformat()


def _together(found: Sequence[tuple[Decision, list[Window]]]) -> list[Window]:
    """Put the decisions of one group together: one in whose window a sanctioned act fell is not cleared by itself.

    It holds until the newer decision, from which day that one's own window is used.
    """
    result: list[Window] = []
    for place, (_, own) in enumerate(found):
        kept = list(own)
        for newer, its_own in found[place + 1 :]:
            kept = _held_open(kept, newer, its_own[-1].cleared_on)
        result += kept
    return result


def _held_open(own: list[Window], newer: Decision, cleared_on: str) -> list[Window]:
    """Lengthen the windows of an older decision up to *newer*, where an act that was sanctioned then fell inside.

    *cleared_on* is the day on which the newer one is cleared: no day before it is clean then.
    """
    last, day = own[-1], newer.decided_on.isoformat()
    if not last.until or last.until >= day:
        return own
    answer = _fell_inside(own, newer)
    if answer is Answer.NOT_FOUND:
        return own
    if answer is last.answer:
        return [*own[:-1], replace(last, until=day, cleared_on=cleared_on)]
    missing = () if answer is Answer.REPEAT else (Missing(Lacks.COMMITTED_ON, newer.number),)
    return [*own, replace(last, since=last.until, until=day, cleared_on=cleared_on, answer=answer, missing=missing)]


def _fell_inside(own: list[Window], newer: Decision) -> Answer:
    """Say whether the act that *newer* sanctions was committed within *own*; where its day is not known, it may be."""
    if newer.committed_on is None:
        from_when = add_months(newer.decided_on, -LOOK_BACK).isoformat()
        return Answer.CANNOT_TELL if from_when < own[-1].until else Answer.NOT_FOUND
    day = newer.committed_on.isoformat()
    return next((one.answer for one in own if one.holds(day)), Answer.NOT_FOUND)
