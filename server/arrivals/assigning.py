"""Whether an assignment may be written: a laptop reserves for a team and lets go again, the office assigns."""

from schemas.items import Item
from schemas.register import State
from server.arrivals.prepare import Sender
from server.arrivals.world import World


def may_assign(world: World, item: Item, sender: Sender) -> bool:
    """Say whether a laptop may write *item*: a reservation of a place in its area, its own team's or its own."""
    present = world.state("assignment", item.id) or {}
    after: State = present | item.body["set"]
    if not after.get("reserved") or (present and not present.get("reserved")):
        return False
    here = sender.scope or frozenset()
    places = {after.get("establishment"), present.get("establishment")} - {None}
    if any(here.isdisjoint(world.communes(str(place))) for place in places):
        return False
    return not present or _team_of(world, sender.device) == present["team"] or _made_by(world, item.id, sender.device)


def _team_of(world: World, device: str) -> str:
    return str((world.state("device", device) or {}).get("team") or "")


def _made_by(world: World, id: str, device: str) -> bool:
    row = world.conn.execute(
        "SELECT 1 FROM items WHERE id = ? AND kind = 'assignment' AND device = ? AND standing = 'accepted' LIMIT 1",
        (id, device),
    ).fetchone()
    return row is not None


def assignment_problem(world: World, item: Item, present: State | None) -> dict[str, str]:
    """Return what is wrong with an assignment beyond its fields."""
    if item.kind != "assignment":
        return {}
    after: State = (present or {}) | item.body["set"]
    if world.state("team", str(after.get("team"))) is None:
        return {"team": "Không có đội này trên máy chủ; chọn lại đội."}
    if str(after.get("expires_on")) < str(after.get("given_on")):
        return {"expires_on": "Hạn thực hiện ở trước ngày phân công; nhập lại."}
    if str(after.get("starts_on") or "") > str(after.get("expires_on")):
        return {"starts_on": "Ngày bắt đầu ở sau hạn thực hiện; nhập lại."}
    return {}
