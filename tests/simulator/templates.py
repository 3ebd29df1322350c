"""The stores that a schedule begins with: a server that knows a few communes, and a laptop's empty store."""

from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import server.setup as setup
from field_client.store import open_store
from schemas.units import AdminUnit, Epoch, Level, packaged_successors, packaged_units
from server.settings import Settings

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
HERE, THERE = "new:15664", "new:15682"
PROVINCE, FAR_PROVINCE = "new:38", "new:01"
UNDECIDED = "old:99001"  # invented: an old commune of which nobody knows what became


def _split() -> tuple[str, tuple[str, ...]]:
    after: dict[str, list[str]] = {}
    for old, new in packaged_successors():
        after.setdefault(old, []).append(new)
    code = next(code for code, found in sorted(after.items()) if len(found) == 2)
    return f"old:{code}", tuple(f"new:{new}" for new in after[code])


SPLIT, HALVES = _split()


def _kept() -> tuple[list[AdminUnit], list[tuple[str, str]]]:
    """Return the units of this small world: a few communes on both maps with all above them."""
    units = {unit.key: unit for unit in packaged_units()}
    far = next(unit.key for unit in packaged_units() if unit.parent_key == FAR_PROVINCE)
    wanted = {HERE, THERE, *HALVES}
    pairs = [(old, new) for old, new in packaged_successors() if f"new:{new}" in wanted or f"old:{old}" == SPLIT]
    keys = {*wanted, far, SPLIT, *(f"old:{old}" for old, _ in pairs)}
    for key in list(keys):
        while parent := units[key].parent_key:
            keys.add(key := parent)
    found = [unit for unit in packaged_units() if unit.key in keys]
    district = next(units[key] for key in (f"old:{old}" for old, _ in pairs)).parent
    lost = AdminUnit(Epoch.OLD, UNDECIDED[4:], "Xã chưa rõ", Level.COMMUNE, district, None, None)
    return [*found, lost], [pair for pair in pairs if f"new:{pair[1]}" in keys]


UNITS, PAIRS = _kept()
COMMUNES = tuple(unit.key for unit in UNITS if unit.level is Level.COMMUNE)
NEW_COMMUNES = tuple(key for key in COMMUNES if key.startswith("new:"))


def make_templates(folder: Path) -> Path:
    """Make both stores in *folder*, once; schedules copy them."""
    with (
        patch.object(setup, "packaged_units", lambda: UNITS),
        patch.object(setup, "packaged_successors", lambda: PAIRS),
    ):
        setup.create(Settings(folder / "server"), AT)
    db = open_store(folder / "laptop" / "field.db")
    db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    return folder
