"""From the state of a place to its narrow row, and to what of it needs a look. Pure."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from schemas.register import State
from schemas.text import fold, sort_key
from server.coverage.spans import Interval, day_after

Flaw = tuple[str, str]  # the problem, and the day from which on it is one; empty: whatever the day
_PHONE_PARTS = re.compile(r"[/,;]| - ")
_PHONE = re.compile(r"(?:0|84)\d{8,10}")
_SHORT_PHONE = re.compile(r"1\d{3,9}")  # 1900 …, and services of four digits
LAT, LON = (8.0, 23.5), (102.0, 110.0)  # of the mainland and its near islands


class RegisterRow(NamedTuple):
    """A row of register_rows, in the order of its columns."""

    id: str
    sort: str
    search: str
    unit: str
    kinds: str
    status: str
    status_from: str
    status_before: str
    expires_on: str


def spans(state: State, group: str) -> list[dict[str, Any]]:
    """Return the values of one group of *state*, the earliest first."""
    found = [(path, value) for path, value in state.items() if path.startswith(group + "/")]
    return [value for _, value in sorted(found, key=lambda one: (str(one[1].get("from") or ""), one[0]))]


def register_row(id: str, state: State) -> RegisterRow:
    """Return the row of a place; the same from the same state, whatever day it is."""
    places, statuses, papers = (spans(state, group) for group in ("place", "status", "licence"))
    last = places[-1] if places else None
    texts = [state.get("name"), state.get("code"), state.get("phone")]
    texts += [span.get("address") for span in places] + [paper.get("number") for paper in papers]
    status, since, before = _status(statuses)
    return RegisterRow(
        id, sort_key(str(state.get("name") or "")), fold(" ".join(str(text) for text in texts if text)),
        f"{last['epoch']}:{last['unit']}" if last else "", _kinds(state), status, since, before, _expires_on(papers),
    )  # fmt: skip


def operator_search(state: State) -> str:
    """Return what of an operator is searched."""
    texts = (state.get("name"), state.get("registration"), state.get("phone"))
    return fold(" ".join(str(text) for text in texts if text))


def _status(chain: list[dict[str, Any]]) -> tuple[str, str, str]:
    if not chain:
        return "", "", ""
    before = chain[-2]["status"] if len(chain) > 1 else ""
    return chain[-1]["status"], chain[-1]["from"], before


def _kinds(state: State) -> str:
    """Return the kinds that have no end, or those that ended last, with a space between and around."""
    ends = [(str(span.get("to") or "9999"), span["kind"]) for span in spans(state, "kind")]
    last = max((end for end, _ in ends), default="")
    found = sorted({kind for end, kind in ends if end == last})
    return f" {' '.join(found)} " if found else ""


def _expires_on(papers: list[dict[str, Any]]) -> str:
    """Return the first day on which the newest paper of some type no longer holds; empty where none ends."""
    newest: dict[str, str] = {}
    for paper in papers:
        kind = str(paper.get("type"))
        newest[kind] = max(newest.get(kind, ""), str(paper.get("to") or "9999-12-31"))
    ends = [end for end in newest.values() if end < "9999"]
    return day_after(min(ends)) if ends else ""


def place_flaws(state: State) -> list[Flaw]:
    """Return what of a place needs a look by itself; nothing of a record that was merged into another."""
    if state.get("merged_into"):
        return []
    found: list[Flaw] = []
    for problem, group in (("no_unit", "place"), ("no_kind", "kind"), ("no_operator", "operator")):
        if not spans(state, group):
            found.append((problem, ""))
    papers = spans(state, "licence")
    if not any(str(paper.get("number") or "").strip() for paper in papers):
        found.append(("no_licence", ""))
    expires = _expires_on(papers)
    if expires:
        found.append(("expired", expires))
    if not phone_makes_sense(str(state.get("phone") or "")):
        found.append(("phone", ""))
    last = next(iter(spans(state, "place")[-1:]), {})
    if not point_makes_sense(last):
        found.append(("point", ""))
    return found


def phone_makes_sense(text: str) -> bool:
    """Say whether every number in *text* may be one that is dialled in Vietnam; no number at all makes sense."""
    parts = [re.sub(r"[\s.()+-]", "", part) for part in _PHONE_PARTS.split(text)]
    return all(_PHONE.fullmatch(part) or _SHORT_PHONE.fullmatch(part) for part in parts if part)


def point_makes_sense(place: dict[str, Any]) -> bool:
    """Say whether the map point of a place lies in Vietnam; none makes sense."""
    lat, lon = place.get("lat"), place.get("lon")
    if lat is None and lon is None:
        return True
    if lat is None or lon is None:
        return False
    return LAT[0] <= lat <= LAT[1] and LON[0] <= lon <= LON[1]


def visit_flaw(opens: Iterable[Interval], day: str) -> str:
    """Return what is wrong with inspecting on *day* a place that the register has open in *opens*; empty: nothing."""
    opens = tuple(opens)
    if any(since <= day < until for since, until in opens):
        return ""
    return "before_opening" if opens and day < opens[0][0] else "not_open"
