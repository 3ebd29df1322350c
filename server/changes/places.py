"""Changes of the register: a place's status, commune, kinds and operator; merges."""

from datetime import date, timedelta
from typing import Any

from schemas.ids import new_id
from schemas.register import Kind, State, Status
from schemas.units import Level
from server.changes.desk import Desk, Unclear, checked_edit, only, text
from server.office import Change, state_of


def status(desk: Desk, asked: dict[str, Any]) -> Change:
    """Open, pause or close a place from a day."""
    only(asked, "establishment", "from", "status")
    id, present = desk.establishment(asked)
    day = desk.day(asked, "from")
    said = text(asked, "status")
    if said not in set(Status):
        raise Unclear("status", f"Không có tình trạng “{said}”; ghi một trong: {', '.join(Status)}.")
    return checked_edit("establishment", id, _span(present, "status", day, {"status": said}), present)


def unit(desk: Desk, asked: dict[str, Any]) -> Change:
    """Move a place to a commune from a day; its address and map point stay, unless an address is given."""
    only(asked, "establishment", "from", "epoch", "code", "address")
    id, present = desk.establishment(asked)
    day = desk.day(asked, "from")
    commune = desk.unit(asked, "code", day)
    if commune.level is not Level.COMMUNE:
        raise Unclear("code", f"{commune.name} không phải xã, phường; ghi mã xã.")
    before = _holding(present, "place", day)
    kept = {key: before[key] for key in ("address", "lat", "lon") if before.get(key) is not None}
    if asked.get("address"):
        kept = {"address": text(asked, "address")}
    value = {"epoch": commune.epoch.value, "unit": commune.code, **kept}
    return checked_edit("establishment", id, _span(present, "place", day, value), present)


def operator(desk: Desk, asked: dict[str, Any]) -> Change:
    """Hand a place to an operator from a day."""
    only(asked, "establishment", "from", "operator")
    id, present = desk.establishment(asked)
    day = desk.day(asked, "from")
    owner, _ = desk.operator(asked)
    return checked_edit("establishment", id, _span(present, "operator", day, {"operator": owner}), present)


def _span(present: State, group: str, day: date, value: dict[str, Any]) -> State:
    """Begin a span on *day*; one that begins there already is changed, one that lasted into it ends the day before.

    The one that ends comes first: a merge goes path by path, and the new one would overlap it.
    """
    since, eve = day.isoformat(), (day - timedelta(days=1)).isoformat()
    spans = _chain(present, group)
    after: State = {path: {**span, "to": eve} for path, span in spans if span["from"] < since <= (span.get("to") or "")}
    same = [path for path, span in spans if span["from"] == since]
    return after | {same[0] if same else f"{group}/{new_id()}": {"from": since, **value}}


def _chain(present: State, group: str) -> list[tuple[str, dict[str, Any]]]:
    spans = [(path, value) for path, value in present.items() if path.startswith(f"{group}/")]
    return sorted(spans, key=lambda span: str(span[1]["from"]))


def _holding(present: State, group: str, day: date) -> dict[str, Any]:
    """Return the span that holds on *day*, or the first when all begin later."""
    spans = [span for _, span in _chain(present, group)]
    begun = [span for span in spans if span["from"] <= day.isoformat()]
    return begun[-1] if begun else (spans[0] if spans else {})


def kinds(desk: Desk, asked: dict[str, Any]) -> Change:
    """Say all kinds that a place offers from a day on: what is new begins, what is not named ends the day before."""
    only(asked, "establishment", "from", "kinds")
    id, present = desk.establishment(asked)
    day = desk.day(asked, "from")
    wanted = _wanted_kinds(asked.get("kinds"))
    after = _kept_and_ended(present, wanted, day)
    lasting = {
        span["kind"] for path, span in (present | after).items() if path.startswith("kind/") and _lasts(span, day)
    }
    for kind in sorted(wanted - lasting):
        after[f"kind/{new_id()}"] = {"from": day.isoformat(), "kind": kind}
    return checked_edit("establishment", id, after or _as_it_is(present), present)


def _wanted_kinds(asked: Any) -> set[str]:
    named = asked.split() if isinstance(asked, str) else asked
    if not isinstance(named, list) or not named:
        raise Unclear("kinds", f"Ghi một hay nhiều loại hình trong: {', '.join(Kind)}.")
    unknown = [str(kind) for kind in named if kind not in set(Kind)]
    if unknown:
        raise Unclear("kinds", f"Không có loại hình “{unknown[0]}”; ghi một hay nhiều trong: {', '.join(Kind)}.")
    return set(named)


def _kept_and_ended(present: State, wanted: set[str], day: date) -> State:
    """Return what becomes of the kind spans that reach *day* or begin later."""
    after: State = {}
    since, eve = day.isoformat(), (day - timedelta(days=1)).isoformat()
    for path, span in _chain(present, "kind"):
        if (span.get("to") or since) < since:
            continue
        if span["from"] > since or (span["from"] == since and span["kind"] not in wanted):
            after[path] = None
        elif span["kind"] not in wanted:
            after[path] = {**span, "to": eve}
        elif span.get("to"):
            after[path] = {**span, "to": None}
    return after


def _lasts(span: dict[str, Any] | None, day: date) -> bool:
    return bool(span) and not (span or {}).get("to") and (span or {})["from"] <= day.isoformat()


def _as_it_is(present: State) -> State:
    """Return an edit that says what stands: asked twice, a change is answered with a receipt again."""
    path, span = _chain(present, "kind")[0]
    return {path: span}


def merge(desk: Desk, asked: dict[str, Any]) -> Change:
    """Merge a place or an operator into the record that survives; circles are refused."""
    only(asked, "establishment", "operator", "into")
    kind, id, present = _merged(desk, asked)
    into, _ = getattr(desk, kind)(asked, "into")
    chain = [into]
    while (following := (state_of(desk.conn, kind, chain[-1]) or {}).get("merged_into")) and following not in chain:
        chain.append(following)
    if id in chain:
        raise Unclear("into", "Hai hồ sơ không thể gộp vòng vào nhau; tách hồ sơ kia ra trước.")
    return checked_edit(kind, id, {"merged_into": into}, present)


def unmerge(desk: Desk, asked: dict[str, Any]) -> Change:
    """Take a place or an operator out of the record that it was merged into."""
    only(asked, "establishment", "operator", "into")
    kind, id, present = _merged(desk, asked)
    if not present.get("merged_into"):
        raise Unclear(kind, "Hồ sơ này không gộp vào đâu.")
    return checked_edit(kind, id, {"merged_into": None}, present)


def _merged(desk: Desk, asked: dict[str, Any]) -> tuple[str, str, State]:
    if ("establishment" in asked) == ("operator" in asked):
        raise Unclear("establishment", "Ghi một trong hai: establishment hoặc operator.")
    kind = "establishment" if "establishment" in asked else "operator"
    return kind, *getattr(desk, kind)(asked)
