"""Where two plans want the same report of one unit, and the nearer plan's day comes too late for the other's.

The district's compiled report is due before 25 June, and the province wants the districts' before 15 June: whoever
keeps the one is late for the other. It is seen from the data of the plans, whichever they are.
"""

from collections.abc import Iterable
from dataclasses import replace

from schemas.units import Epoch, UnitTree
from server.coverage.where import sure_unit
from server.due.shape import Clash, Due


def with_clashes(tree: UnitTree, found: Iterable[Due], own: dict[str, str]) -> list[Due]:
    """Return each with the earlier deadline that it clashes with; *own*: the unit of each plan by its id.

    What the units below send for a compiled report goes by that report's earlier day too.
    """
    listed = list(found)
    wanted = _earliest(tree, listed, own)
    compiled = _compiled(listed, wanted)
    return [_told(one, wanted.get(_mine(one)) or compiled.get((one.plan, one.code, _year(one)))) for one in listed]


def _earliest(tree: UnitTree, found: list[Due], own: dict[str, str]) -> dict[tuple[str, str, str, str], Due]:
    """Return, of each report that a unit sends under a plan, the earliest that a plan of a unit above wants."""
    same: dict[tuple[str, str, str], list[Due]] = {}
    for one in found:
        if one.last_day and one.cut_off:
            same.setdefault((one.unit, one.report, _year(one)), []).append(one)
    earliest: dict[tuple[str, str, str, str], Due] = {}
    for rivals in same.values():
        for one in rivals:
            sooner = [other for other in rivals if other.last_day < one.last_day
                      and _above(tree, own.get(other.plan, ""), own.get(one.plan, ""))]  # fmt: skip
            if sooner:
                earliest[_mine(one)] = min(sooner, key=lambda other: other.last_day)
    return earliest


def _above(tree: UnitTree, other: str, mine: str) -> bool:
    """Say whether *other* holds *mine* and is larger, on whichever map each stands."""
    return bool(other and mine) and other != mine and other in _holders(tree, mine)


def _holders(tree: UnitTree, unit: str) -> set[str]:
    over = set(tree.ancestors(unit))
    for epoch in Epoch:
        sure = sure_unit(tree, unit, epoch)
        over |= {sure, *tree.ancestors(sure)} if sure else set()
    return over


def _compiled(found: list[Due], wanted: dict[tuple[str, str, str, str], Due]) -> dict[tuple[str, str, str], Due]:
    """Return, of each deadline of those below, the earlier day of the report that is compiled of it."""
    return {(one.plan, one.compiles, _year(one)): wanted[_mine(one)] for one in found
            if one.compiles and _mine(one) in wanted}  # fmt: skip


def _told(one: Due, sooner: Due | None) -> Due:
    if sooner is None or sooner.last_day >= one.last_day or not one.last_day:
        return one
    clash = Clash(sooner.plan, sooner.plan_name, sooner.code, sooner.name, sooner.receiver, sooner.before,
                  sooner.strict, sooner.last_day)  # fmt: skip
    return replace(one, clash=clash, go_by=sooner.last_day)


def _mine(one: Due) -> tuple[str, str, str, str]:
    return one.plan, one.deadline, one.unit, _year(one)


def _year(one: Due) -> str:
    return (one.cut_off or one.last_day)[:4]
