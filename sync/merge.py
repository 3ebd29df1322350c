"""Register edits, merged field by field: what a change did not see, it does not overwrite."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from schemas.register import CHAINS, State


@dataclass(frozen=True)
class Merge:
    """What an edit did: the values that were applied, and those that stand beside the truth."""

    applied: dict[str, Any] = field(default_factory=dict)
    conflicts: dict[str, Any] = field(default_factory=dict)


def merge(present: State, edit: dict[str, dict[str, Any]]) -> Merge:
    """Merge *edit* into the *present* state of a thing.

    A field is applied when its present value is what the edit replaced, or is already
    the new value; otherwise it is in conflict and the others still apply. A span that
    would overlap another of its chain is in conflict too.
    """
    result = Merge()
    for path, value in edit["set"].items():
        now = present.get(path)
        if now == value:
            continue
        if now == edit["was"][path] and not overlaps(present, result.applied, path, value):
            result.applied[path] = value
        else:
            result.conflicts[path] = value
    return result


def apply(state: State, applied: dict[str, Any]) -> State:
    """Return *state* with *applied* in it; a value of None takes the path away."""
    after = state | applied
    return {path: value for path, value in after.items() if value is not None}


def prevailing(present: State, values: dict[str, Any]) -> dict[str, Any]:
    """Return what to set so that *values* stand in *present*, whatever stood there.

    A span that one of them lies on gives way: it goes when it begins no earlier, else it
    ends the day before.
    """
    applied = dict(values)
    for path, value in values.items():
        for at in overlapped(present, values, path, value):
            other = present[at]
            earlier = str(other["from"]) < str(value["from"])
            applied[at] = {**other, "to": _eve(value["from"])} if earlier else None
    return applied


def _eve(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def side_by_side(values: dict[str, Any], item: str) -> dict[str, Any]:
    """Return what to set so that *values* stand beside what is there: under paths of their own, named after *item*."""
    return {f"{path.partition('/')[0]}/{item[:24]}-{place}": values[path] for place, path in enumerate(sorted(values))}


def may_stand_together(paths: Iterable[str]) -> bool:
    """Say whether both values of every one of *paths* can be kept: papers are things of their own."""
    return all(path.startswith("licence/") for path in paths)


def difference(before: State, after: State) -> dict[str, dict[str, Any]]:
    """Return the register edit that turns *before* into *after*."""
    paths = [path for path in before | after if before.get(path) != after.get(path)]
    return {
        "set": {path: after.get(path) for path in paths},
        "was": {path: before.get(path) for path in paths},
    }


def overlaps(present: State, applied: dict[str, Any], path: str, value: Any) -> bool:
    """Say whether the span *value* at *path* lies on another span of its chain.

    A span holds until the next begins, so two overlap only when they begin on one day,
    or when the earlier one says that it lasts into the later. Kinds may stand together,
    unless it is the same kind.
    """
    return bool(overlapped(present | applied, {}, path, value))


def overlapped(state: State, left_out: Container[str], path: str, value: Any) -> list[str]:
    """Return the paths of *state*, but for those in *left_out*, whose spans the span *value* at *path* lies on."""
    group = path.partition("/")[0]
    if value is None or (group not in CHAINS and group != "kind"):
        return []
    others = {
        at: other
        for at, other in state.items()
        if at != path and at not in left_out and other is not None and at.partition("/")[0] == group
    }
    if group == "kind":
        return [at for at, other in others.items() if other["kind"] == value["kind"] and _together(value, other)]
    return [at for at, other in others.items() if _clash(value, other)]


def _clash(one: dict[str, Any], other: dict[str, Any]) -> bool:
    first, second = sorted((one, other), key=lambda span: str(span["from"]))
    if first["from"] == second["from"]:
        return True
    return bool(first.get("to") and first["to"] >= second["from"])


def _together(one: dict[str, Any], other: dict[str, Any]) -> bool:
    first, second = sorted((one, other), key=lambda span: str(span["from"]))
    return not first.get("to") or bool(first["to"] >= second["from"])
