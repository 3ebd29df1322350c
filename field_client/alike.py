"""Places on this laptop that may be the one a person is about to enter."""

from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from field_client.search import Asked, Row, establishments
from field_client.store.places import views
from schemas.likeness import Likeness, Reason, likeness, traits

EVERY, SOME = -1, 200


@dataclass(frozen=True)
class Alike:
    """A place, and why it may be the same."""

    row: Row
    reasons: tuple[Reason, ...]


def alike(db: Database, given: dict[str, Any], *, most: int = 5) -> list[Alike]:
    """Return the places in the commune of *given* that may be it, the likeliest first.

    *given* is what `records.new_establishment` takes: name, kinds, unit, address, phone, lat, lon. As long as no
    commune is known, those of any commune whose name has the telling words.
    """
    new, unit = traits("establishment", _state(given)), str(given.get("unit") or "")
    if not (unit or new.name):
        return []
    asked = Asked(unit=unit) if unit else Asked(text=new.name)
    rows = {row.id: row for row in establishments(db, asked, limit=EVERY if unit else SOME)}
    found: list[tuple[Likeness, Row]] = []
    for id, view in views(db.conn, "establishment", list(rows)).items():
        likely = likeness(new, traits("establishment", view.state or {}))
        if likely:
            found.append((likely, rows[id]))
    found.sort(key=lambda one: -one[0].score)
    return [Alike(row, likely.reasons) for likely, row in found[:most]]


def _state(given: dict[str, Any]) -> dict[str, Any]:
    """Write what was typed as the state that it would become, as far as likeness goes."""
    kinds = {f"kind/{at}": {"kind": kind} for at, kind in enumerate(given.get("kinds") or ())}
    where = {key: given.get(key) for key in ("lat", "lon")}
    place = {"place/0": {"from": "", "address": given.get("address") or "", **where}}
    return {"name": given.get("name") or "", "phone": given.get("phone") or "", **place, **kinds}
