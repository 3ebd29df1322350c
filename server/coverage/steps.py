"""The rule of the share inspected, for one place: from what is known of it to its steps over days. Pure.

Periods are half open: *since* is the first day, *until* the day after the last.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from server.coverage.spans import FOREVER, Interval, Timeline, day_after, unite


class Visit(NamedTuple):
    """A counting visit; *basis* is planned, unscheduled or recheck."""

    date: str
    violations: int
    found_working: int | None
    team: str
    basis: str


class PlaceFacts(NamedTuple):
    """What is known of one place: the surviving record, with the open days and visits of all merged into it."""

    root: str
    opens: tuple[Interval, ...]  # by the register; sorted, apart
    places: Timeline
    kinds: Timeline
    visits: tuple[Visit, ...]  # sorted by date


class Counts(NamedTuple):
    """What one place, or many, adds to the figures; *violating*: inspected places in which violations were found."""

    open: int = 0
    inspected: int = 0
    violating: int = 0
    inspected_not_open: int = 0
    visits: int = 0
    with_violations: int = 0


class Step(NamedTuple):
    """From *day* on, this much more (or less) stands in a unit, under these kinds.

    *part* is WHOLE, or says of which visits alone the step tells: those of a team, or of a basis.
    """

    part: str
    unit: str
    kinds: str
    day: str
    counts: Counts


class Standing(NamedTuple):
    """Where a place stands at the end of a period, and what it counts there."""

    unit: str
    kinds: str
    counts: Counts


WHOLE = ""
OPENED = Counts(open=1)
INSPECTED = Counts(inspected=1)
NOT_YET = Counts(inspected=-1)
VIOLATING = Counts(violating=1)
NOT_VIOLATING_YET = Counts(violating=-1)
FOUND_CLOSED = Counts(inspected_not_open=1)
OPENED_AFTER_ALL = Counts(inspected=1, inspected_not_open=-1)
CLEAN_VISIT = Counts(visits=1)
VISIT_WITH_VIOLATIONS = Counts(visits=1, with_violations=1)

Move = tuple[str, str, str]  # from this day: unit, kinds
Change = tuple[str, Counts]
Parts = Iterable[tuple[str, Sequence[Visit]]]


def parts(visits: Sequence[Visit]) -> Parts:
    """Part *visits* by their basis and by their team: each is in two parts, and in the whole."""
    if len(visits) == 1:
        return ((visits[0].basis, visits), (visits[0].team, visits))
    found: dict[str, list[Visit]] = {}
    for visit in visits:
        found.setdefault(visit.basis, []).append(visit)
        found.setdefault(visit.team, []).append(visit)
    return found.items()


def steps(place: PlaceFacts, since: str, until: str) -> list[Step]:
    """Return what the place adds to the figures of a period, day by day: the whole, and each part of its visits.

    The sum of the steps of the whole up to any day D is what it counts as of D. It stands
    where it was on D if it was open on D, else where it was on its last open day of the
    period up to D; if it had none, where it was on D. When it moves, its counts move with
    it. When it was open is a matter of all its visits, and is told by the whole alone.
    """
    opens, visits = _within(place, since, until)
    opened = first_open(opens, since, until)
    moves = _moves(place, opens, opened, since, until)
    found = _placed(moves, WHOLE, ([] if opened is None else [(opened, OPENED)]) + _seen(opened, visits))
    for part, some in parts(visits) if visits else ():
        found += _placed(moves, part, _seen(opened, some))
    return found


def _placed(moves: list[Move], part: str, changes: list[Change]) -> list[Step]:
    if len(moves) == 1:
        _, unit, kinds = moves[0]
        return [Step(part, unit, kinds, day, counts) for day, counts in changes]
    return _carried(moves, part, changes)


def added_steps(place: PlaceFacts, more: Iterable[Visit], since: str, until: str) -> list[Step] | None:
    """Return by what `steps` grows when counting visits are added to a place; None where that is to be seen from both.

    Of a place that never moved and was open on the first day of the period no visit can say
    anything but that it was inspected: from the first of them on.
    """
    if not len(place.places) == 1 == len(place.kinds) or first_open(place.opens, since, until) != since:
        return None
    new = [visit for visit in more if since <= visit.date < until]
    before = visits_within(place, since, until)
    unit, kinds = place.places[0][1], place.kinds[0][1]
    known = dict(parts(before)) if before else {}
    found = [Step(WHOLE, unit, kinds, day, counts) for day, counts in _grown(before, new)]
    for part, some in parts(new) if new else ():
        changes = _grown(known.get(part, ()), some)
        found += [Step(part, unit, kinds, day, counts) for day, counts in changes]
    return found


def _grown(before: Sequence[Visit], more: Sequence[Visit]) -> list[Change]:
    """Return what more visits change for a place that was open all along."""
    changes = [(visit.date, VISIT_WITH_VIOLATIONS if visit.violations else CLEAN_VISIT) for visit in more]
    was, now = _first(before), _first(more)
    if now < was:
        changes += [(now, INSPECTED)] + ([(was, NOT_YET)] if was < FOREVER else [])
    was, now = _first_bad(before), _first_bad(more)
    if now < was:
        changes += [(now, VIOLATING)] + ([(was, NOT_VIOLATING_YET)] if was < FOREVER else [])
    return changes


def _first(visits: Iterable[Visit]) -> str:
    return min((visit.date for visit in visits), default=FOREVER)


def _first_bad(visits: Iterable[Visit]) -> str:
    return min((visit.date for visit in visits if visit.violations), default=FOREVER)


def standing(place: PlaceFacts, since: str, until: str, chosen: Callable[[Visit], bool] | None = None) -> Standing:
    """Return where the place stands at the end of a period: the sum of its steps.

    With *chosen* only those visits count; when it was open is still a matter of all.
    """
    opens, visits = _within(place, since, until)
    opened = first_open(opens, since, until)
    _, unit, kinds = _moves(place, opens, opened, since, until)[-1]
    if chosen is not None:
        visits = tuple(filter(chosen, visits))
    return Standing(unit, kinds, counted(visits, int(opened is not None)))


def counted(visits: Sequence[Visit], was_open: int) -> Counts:
    """Return what *visits* count for a place that was, or was not, open."""
    bad = sum(1 for visit in visits if visit.violations)
    seen = int(bool(visits))
    return Counts(was_open, seen & was_open, int(bad > 0) & was_open, seen & ~was_open, len(visits), bad)


def open_on(place: PlaceFacts, day: str) -> bool:
    """Say whether the place was open on *day*: by the register, or because a visit found it working."""
    return any(begin <= day < end for begin, end in place.opens) or any(
        visit.found_working and visit.date == day for visit in place.visits
    )


def first_open(opens: tuple[Interval, ...], since: str, until: str) -> str | None:
    """Return the first open day of a period, None when there is none."""
    for begin, end in opens:
        if end > since:
            day = max(begin, since)
            return day if day < until else None
    return None


def visits_within(place: PlaceFacts, since: str, until: str) -> tuple[Visit, ...]:
    """Return the counting visits of a period, the earliest first."""
    return tuple(visit for visit in place.visits if since <= visit.date < until)


def _within(place: PlaceFacts, since: str, until: str) -> tuple[tuple[Interval, ...], tuple[Visit, ...]]:
    """Return the open days, with those on which a visit found it working, and the visits of a period."""
    opens = place.opens
    if not place.visits:
        return opens, ()
    visits = visits_within(place, since, until)
    found = [v.date for v in visits if v.found_working and not any(a <= v.date < b for a, b in opens)]
    if found:
        opens = unite([*opens, *((day, day_after(day)) for day in found)])
    return opens, visits


def _moves(place: PlaceFacts, opens: tuple[Interval, ...], opened: str | None, since: str, until: str) -> list[Move]:
    """Return where the place stands from which day on; the first entry is of *since*.

    Before it was open in the period it stands where the register has it. After that, a
    change of the register counts from the next open day on, if one comes before the
    next change.
    """
    if len(place.places) == 1 == len(place.kinds):
        return [(since, place.places[0][1], place.kinds[0][1])]
    days = [since, *sorted({day for day, _ in (*place.places, *place.kinds) if since < day < until}), until]
    moves: list[Move] = []
    for day, end in pairwise(days):
        begin: str | None = day
        if opened is not None and opened < day:
            begin = first_open(opens, day, end)
        where = _at(place.places, day), _at(place.kinds, day)
        if begin is not None and (not moves or moves[-1][1:] != where):
            moves.append((begin, *where))
    return moves


def _at(timeline: Timeline, day: str) -> str:
    value = timeline[0][1]
    for begin, later in timeline:
        if begin > day:
            break
        value = later
    return value


def _seen(opened: str | None, visits: Sequence[Visit]) -> list[Change]:
    """Return what *visits* change on which day, wherever the place then stands; the earliest comes first."""
    if not visits:
        return []
    changes = [(v.date, VISIT_WITH_VIOLATIONS if v.violations else CLEAN_VISIT) for v in visits]
    first, bad = visits[0].date, _first_bad(visits)
    if opened is not None and opened <= first:
        changes.append((first, INSPECTED))
    else:
        changes.append((first, FOUND_CLOSED))
        if opened is not None:
            changes.append((opened, OPENED_AFTER_ALL))
    if opened is not None and bad < FOREVER:
        changes.append((max(opened, bad), VIOLATING))
    return changes


def _carried(moves: list[Move], part: str, changes: list[Change]) -> list[Step]:
    """Put each change where the place stands on its day, and carry what came before over each move."""
    found: list[Step] = []
    for place, (begin, unit, kinds) in enumerate(moves):
        end = moves[place + 1][0] if place + 1 < len(moves) else FOREVER
        so_far = plus(*(counts for day, counts in changes if day < begin))
        if any(so_far):
            _, old_unit, old_kinds = moves[place - 1]
            found.append(Step(part, old_unit, old_kinds, begin, Counts(*(-n for n in so_far))))
            found.append(Step(part, unit, kinds, begin, so_far))
        found.extend(Step(part, unit, kinds, day, counts) for day, counts in changes if begin <= day < end)
    return found


def plus(*many: Counts) -> Counts:
    """Add up counts."""
    return Counts(*map(sum, zip(*many, strict=True))) if many else Counts()
