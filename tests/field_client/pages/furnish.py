"""A laptop's data folder as it stands after the first fetch: an area, a team, places, a plan. No server is needed."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from field_client.clock import now
from field_client.settings import Settings
from field_client.store import open_store, put_meta, writing
from field_client.store.mirror import Mirror
from field_client.vault.opening import open_plain
from schemas.fields import instant_text
from schemas.ids import new_id
from schemas.items import read, write
from schemas.units import packaged_units
from sync.wire import Change, Cursor, Page

AREA = "new:15664"
NEXT_COMMUNE = "new:15682"
TEAM = "018f0000-0000-7000-8000-000000000001"
DONG_DO = "018f0000-0000-7000-8000-0000000000a1"
HOA_SEN = "018f0000-0000-7000-8000-0000000000a2"
SON_CA = "018f0000-0000-7000-8000-0000000000a3"
OPERATOR = "018f0000-0000-7000-8000-0000000000b1"
OTHER_VISIT = "018f0000-0000-7000-8000-0000000000c1"
SERVER_TIME = instant_text(now() - timedelta(days=3))  # what a laptop shows depends on how long ago that was
MEMBERS = (
    ("m1", "Lê Thị Hạnh", "Sở Y tế", "Đội trưởng", "TH-012", "2027-12-31"),
    ("m2", "Nguyễn Văn Được", "Công an xã", "Thành viên", "TH-015", "2027-12-31"),
    ("m3", "Phạm Quốc Tuấn", "Văn hóa – Xã hội xã", "Thành viên", "TH-018", "2025-06-30"),
    ("m4", "Trần Thị Mỹ Linh", "Tư pháp xã", "Thư ký", "TH-021", None),
)


def furnish(folder: Path, *, enrolled: bool = True, invented: bool = False, area: str = "new:38") -> Settings:
    """Make a data folder, and return where it is."""
    settings = Settings(folder)
    open_plain(settings)
    db = open_store(settings.database)
    if enrolled:
        _enrol(db, area)
        Mirror(db).take(_page(invented))
    db.close()
    return settings


def _enrol(db: Database, area: str) -> None:
    meta = {
        "device": new_id(), "run": new_id(), "device_seq": "0", "name": "Máy đội xã Triệu Sơn", "area": area,
        "team": TEAM, "credential": "x", "address": "http://127.0.0.1:9", "fingerprint": "", "lineage": "L",
        "server_key": b64encode(bytes(32)).decode(),
        "last_contact": SERVER_TIME,
    }  # fmt: skip
    with writing(db) as conn:
        for key, value in meta.items():
            put_meta(conn, key, value)


def _page(invented: bool) -> Page:
    things = [*_units(), *_register(invented)]
    changes = [Change(pos, kind, id, state) for pos, (kind, id, state) in enumerate(things, 1)]
    line = visit_line(DONG_DO, "2026-03-12", id=OTHER_VISIT)
    changes.append(Change(len(changes) + 1, "inspection", OTHER_VISIT, revisions=(("accepted", line),)))
    at = len(changes)
    return Page(Cursor("L", at, at, "0" * 64).text(), tuple(changes), False, "L", SERVER_TIME, 0)


def _units() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        ("unit", unit.key, {"name": unit.name, "level": unit.level.value, "parent": unit.parent or None})
        for unit in packaged_units()
        if unit.epoch == "new" and (unit.code == "38" or unit.parent == "38")
    ]


def _register(invented: bool) -> list[tuple[str, str, dict[str, Any]]]:
    span = {"from": "2019-01-01", "to": None}
    licence = {"type": "operating_licence", "number": "12/GP", "from": "2019-01-01", "to": "2024-01-01"}
    antt = {"type": "antt_certificate", "number": "77/GCN", "from": "2019-01-01", "to": None}
    members = {
        f"member/{key}": dict(zip(("name", "agency", "role", "card", "card_expires_on"), rest, strict=True))
        for key, *rest in MEMBERS
    }
    return [
        ("operator", OPERATOR, {"name": "Hộ kinh doanh Đỗ Văn Được", "form": "household"}),
        ("team", TEAM, {"name": "Đội kiểm tra liên ngành 178 xã Triệu Sơn", "level": "commune", "epoch": "new",
                        "area": "15664", **members}),
        ("plan", new_id(), {"name": "Kế hoạch thử", "invented": invented, "epoch": "new", "area": "38",
                            "from": "2026-01-01", "to": "2026-12-31"}),
        ("establishment", DONG_DO, place("Karaoke Đông Đô", "KTV-001", "15664", "Phố Giắt, thị trấn cũ", ("karaoke",), {
            "phone": "0912 345 678", "operator/1": {**span, "operator": OPERATOR},
            "licence/1": licence, "licence/2": antt})),
        ("establishment", HOA_SEN, place("Xoa bóp Hoa Sen", "MAS-002", "15682", "Thôn 3", ("massage", "lodging"), {})),
        ("establishment", SON_CA, place("Nhà nghỉ Sơn Ca", "LUU-003", "15664", "Đường tỉnh 514", ("lodging",), {
            "status/2": {"from": "2026-05-01", "to": None, "status": "paused"}})),
    ]  # fmt: skip


def place(
    name: str, code: str, unit: str, address: str, kinds: tuple[str, ...], more: dict[str, Any]
) -> dict[str, Any]:
    """Return the state of a place that has been open since 2019."""
    span = {"from": "2019-01-01", "to": None}
    spans = {f"kind/{at}": {**span, "kind": kind} for at, kind in enumerate(kinds)}
    return {
        "name": name,
        "code": code,
        "place/1": {**span, "epoch": "new", "unit": unit, "address": address},
        "status/1": {**span, "status": "open"},
        **spans,
        **more,
    }


def visit_line(establishment: str, day: str, *, id: str, **body: Any) -> bytes:
    """Write the line of a visit that another laptop made."""
    members = [{"name": name} for name in ("An", "Bình", "Cường")]
    said = {"establishment": establishment, "team": TEAM, "date": day, "basis": "planned", "outcome": "no_violation",
            "members": members, "revision": 1, **body}  # fmt: skip
    line = write(
        kind="inspection", id=id, base=None, device=new_id(), run=new_id(), device_seq=1, author="Lê Thị Hạnh",
        recorded_at="2026-03-12T15:00:00Z", body=said,
    )  # fmt: skip
    assert read(line)
    return line


def moment(text: str) -> datetime:
    """Read an instant."""
    return datetime.fromisoformat(text).astimezone(UTC)
