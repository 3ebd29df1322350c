"""Register edits, merged field by field: what a change did not see, it does not overwrite."""

from dataclasses import dataclass, field
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
    group = path.partition("/")[0]
    if value is None or (group not in CHAINS and group != "kind"):
        return False
    others = [
        other
        for at, other in (present | applied).items()
        if at != path and other is not None and at.partition("/")[0] == group
    ]
    if group == "kind":
        others = [other for other in others if other["kind"] == value["kind"]]
        return any(_together(value, other) for other in others)
    return any(_clash(value, other) for other in others)


def _clash(one: dict[str, Any], other: dict[str, Any]) -> bool:
    first, second = sorted((one, other), key=lambda span: str(span["from"]))
    if first["from"] == second["from"]:
        return True
    return bool(first.get("to") and first["to"] >= second["from"])


def _together(one: dict[str, Any], other: dict[str, Any]) -> bool:
    first, second = sorted((one, other), key=lambda span: str(span["from"]))
    return not first.get("to") or bool(first["to"] >= second["from"])
