"""Where two revisions of one visit differ: in words, in the order of the form. Nothing is judged here."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from schemas import fields, labels, violations
from schemas.checklists import Answer, checklist
from schemas.inspections import InspectionSchema, ViolationSchema, WorkerCountsSchema
from schemas.said import Named, day

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """One thing that two revisions say differently; an empty text is where one of them says nothing.

    *path* is that of a problem of content: `date`, `answers.COM-01`, `violations.018f….facts`.
    """

    path: str
    label: str
    one: str
    other: str


# In the order of the form. The number of the revision and tonight's outing are no part of what was found.
ORDER = (
    "establishment", "team", "decision", "date", "started", "ended", "basis", "trigger", "ground", "evidence",
    "members", "representative", "representative_role", "checklists", "answers", "workers", "informed",
    "child_called", "child_called_at", "outcome", "found_working", "violations", "followed", "crime_signs",
    "statement", "remark", "copies", "number", "void", "reason",
)  # fmt: skip
_NOT_SAID = frozenset({"revision", "round", "notes"})  # notes are told with their answers
_CHOICES: Mapping[str, Mapping[Any, fields.Label]] = {
    "basis": labels.BASIS,
    "trigger": labels.TRIGGERS,
    "outcome": labels.INSPECTED | labels.ATTEMPTS,  # type: ignore[operator]
}
_LABELS = {name: label[0] for name, label in fields.labels(InspectionSchema).items()}


def differences(one: Body, other: Body, named: Named = lambda kind, id: id) -> list[Difference]:
    """Return what *one* and *other* say differently; nothing said and an empty value are the same.

    A body that was quarantined may hold anything: what cannot be read as it should be is shown as it stands.
    """
    unknown = sorted((one.keys() | other.keys()) - set(ORDER) - _NOT_SAID)
    found = [difference for key in (*ORDER, *unknown) for difference in _compare(key, one, other, named)]
    return [difference for difference in found if difference.one != difference.other]


def _compare(key: str, one: Body, other: Body, named: Named) -> Iterator[Difference]:
    if key in _PARTS:
        yield from _PARTS[key](one, other)
    else:
        label = _LABELS.get(key, key)
        yield Difference(key, label, _words(key, one.get(key), named), _words(key, other.get(key), named))


def _words(key: str, value: Any, named: Named) -> str:
    if value in (None, "", [], {}) or (key in ("void", "crime_signs") and value is False):
        return ""
    if isinstance(value, str) and value in _CHOICES.get(key, {}):
        return _CHOICES[key][value][0]
    if key in ("establishment", "team") and isinstance(value, str):
        return named(key, value)
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if key == "checklists" and isinstance(value, dict):
        return ", ".join(f"{block} {version}" for block, version in sorted(value.items()))
    return day(str(value)) if key == "date" else str(value)


def _members(one: Body, other: Body) -> Iterator[Difference]:
    """Compare who was there by name: a person on one side only is there with all that is said of that person."""
    left, right = (_by(_listed(body, "members"), "name") for body in (one, other))
    yield from _rows("members", _LABELS["members"], left, right, _member)


def _member(said: Body) -> str:
    parts = [str(said.get(key) or "") for key in ("role", "agency")]
    card = f"thẻ {said['card']}" if said.get("card") else ""
    return ", ".join([str(said.get("name") or ""), *filter(None, [*parts, card])])


def _answers(one: Body, other: Body) -> Iterator[Difference]:
    """Compare the checklist item by item: the answer, and the note beside it."""
    known = {item.code: item.text_vi for item in checklist()}
    maps = [_mapped(body, part) for body in (one, other) for part in ("answers", "notes")]
    there = set().union(*maps)
    codes = [*(code for code in known if code in there), *sorted(there - known.keys())]
    for code in codes:
        left, right = (_answer(*(part.get(code) for part in side)) for side in (maps[:2], maps[2:]))
        yield Difference(f"answers.{code}", f"{code} {known.get(code, '')}".strip(), left, right)


def _answer(answer: Any, note: Any) -> str:
    said = Answer(answer).label if isinstance(answer, str) and answer in set(Answer) else str(answer or "")
    return " – ".join(filter(None, [said, str(note or "")]))


def _workers(one: Body, other: Body) -> Iterator[Difference]:
    left, right = _mapped(one, "workers"), _mapped(other, "workers")
    known = fields.labels(WorkerCountsSchema)
    for key in (*known, *sorted((left.keys() | right.keys()) - known.keys())):
        values = ["" if side.get(key) is None else str(side[key]) for side in (left, right)]
        yield Difference(f"workers.{key}", known[key][0] if key in known else key, *values)


def _violations(one: Body, other: Body) -> Iterator[Difference]:
    """Compare violations by their id, field by field; one on one side only is shown whole."""
    left, right = (_by(_listed(body, "violations"), "id") for body in (one, other))
    for id in (*left, *(id for id in right if id not in left)):
        if id not in left or id not in right:
            yield from _rows("violations", _LABELS["violations"], _only(left, id), _only(right, id), _violation)
            continue
        label = f"{_LABELS['violations']}: {_act(left[id])}"
        for key, (vietnamese, _) in fields.labels(ViolationSchema).items():
            values = [_of_violation(key, side[id]) for side in (left, right)]
            yield Difference(f"violations.{id}.{key}", f"{label} – {vietnamese}", *values)


def _followed(one: Body, other: Body) -> Iterator[Difference]:
    """Compare what was seen of earlier findings, finding by finding."""
    left, right = (_by(_listed(body, "followed"), "finding") for body in (one, other))
    yield from _rows("followed", _LABELS["followed"], left, right, _follow_up)


def _follow_up(said: Body) -> str:
    state = "Đã khắc phục" if said.get("resolved") is True else "Chưa khắc phục"
    return ". ".join(filter(None, [state, str(said.get("seen") or "")]))


def _of_violation(key: str, said: Body) -> str:
    value = str(said.get(key) or "")
    return violations.words(value) if key == "code" and value else day(value)


def _violation(said: Body) -> str:
    on = day(said.get("committed_on"))
    return ". ".join(filter(None, [_act(said), str(said.get("facts") or ""), f"Ngày {on}" if on else ""]))


def _act(said: Body) -> str:
    return violations.words(str(said["code"])) if said.get("code") else str(said.get("text") or "")


def _rows(
    path: str, label: str, left: Mapping[str, Body], right: Mapping[str, Body], words: Callable[[Body], str]
) -> Iterator[Difference]:  # fmt: skip
    for key in (*left, *(key for key in right if key not in left)):
        values = [words(side[key]) if key in side else "" for side in (left, right)]
        yield Difference(f"{path}.{key}", label, *values)


def _only(rows: Mapping[str, Body], key: str) -> dict[str, Body]:
    return {key: rows[key]} if key in rows else {}


def _mapped(body: Body, key: str) -> Body:
    value = body.get(key)
    return value if isinstance(value, dict) else {}


def _listed(body: Body, key: str) -> list[Body]:
    value = body.get(key)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _by(rows: list[Body], key: str) -> dict[str, Body]:
    """Key *rows* by one of their fields; a second one with the same value is told apart by its place."""
    found: dict[str, Body] = {}
    for place, row in enumerate(rows):
        named = str(row.get(key) or "")
        found[named if named and named not in found else f"{named}#{place}"] = row
    return found


_PARTS: dict[str, Callable[[Body, Body], Iterator[Difference]]] = {
    "members": _members,
    "answers": _answers,
    "workers": _workers,
    "violations": _violations,
    "followed": _followed,
}
