"""Between which days one decision was carried out, or its limit passed: the months of clearing are counted from it."""

from dataclasses import dataclass
from datetime import date

from schemas.repeat import Basis, Lacks
from server.law.decision import Decision, Done, Known, Part
from server.law.months import NEVER, add_months

LIMIT_MONTHS = 12  # Law on Handling of Administrative Violations, Đ.74: the limit of enforcing a decision
_LACKS = {Part.MAIN: Lacks.MAIN, Part.ADDITIONAL: Lacks.ADDITIONAL, Part.REMEDIES: Lacks.REMEDIES}


@dataclass(frozen=True)
class Bounds:
    """The first and the last day that it can have been; one day where everything is known. NEVER: it still runs."""

    earliest: date
    latest: date
    basis: Basis
    lacks: tuple[Lacks, ...] = ()


@dataclass(frozen=True)
class _Between:
    first: date
    last: date
    basis: Basis
    lack: Lacks | None = None


def bounds(decision: Decision) -> Bounds:
    """Say between which days *decision* was carried out whole, or could no longer be enforced.

    The latest part counts. What is not known of an earlier one does not matter then.
    """
    limit = enforcement_limit(decision)
    parts = [_part(part, done, decision.decided_on, limit) for part, done in decision.parts.items()]
    if decision.main_is_delivery:
        parts.append(_delivery(decision, limit))
    earliest = max(part.first for part in parts)
    latest = max(parts, key=lambda part: (part.last, part.basis is Basis.COMPLETED))
    lacks = tuple(part.lack for part in parts if part.lack and part.last > earliest)
    basis = Basis.EVASION if latest.last == NEVER else latest.basis
    return Bounds(earliest, latest.last, basis, lacks)


def enforcement_limit(decision: Decision) -> date:
    """Return the day on which a decision can no longer be enforced: a year on, or a year after evasion ended.

    Evasion that began after that is none. One without an end still runs: NEVER.
    """
    limit = add_months(decision.decided_on, LIMIT_MONTHS)
    if not decision.evading or (decision.evasion_from and decision.evasion_from > limit):
        return limit
    return max(limit, add_months(decision.evasion_to, LIMIT_MONTHS)) if decision.evasion_to else NEVER


def _part(part: Part, done: Done, decided: date, limit: date) -> _Between:
    if done is Known.NOT_DONE:
        return _Between(limit, limit, Basis.LIMIT)
    if done is Known.NOTHING:
        return _Between(decided, limit, Basis.LIMIT, _LACKS[part])
    assert isinstance(done, date)
    return _carried_out(part, max(done, decided), limit)


def _carried_out(part: Part, day: date, limit: date) -> _Between:
    """Read a part with a date: within the limit it is that day; past it, it depends on the part.

    A suspension is over on its last day. A remedy that is still outstanding keeps nothing
    open. Of a fine paid late the law can be read both ways, so nobody can tell between.
    """
    if day <= limit or part is Part.ADDITIONAL:
        return _Between(day, day, Basis.COMPLETED)
    if part is Part.REMEDIES:
        return _Between(limit, limit, Basis.LIMIT)
    return _Between(limit, day, Basis.COMPLETED, Lacks.AFTER_LIMIT)


def _delivery(decision: Decision, limit: date) -> _Between:
    if decision.delivered_on:
        return _carried_out(Part.MAIN, max(decision.delivered_on, decision.decided_on), limit)
    return _Between(decision.decided_on, limit, Basis.LIMIT, Lacks.DELIVERED)
