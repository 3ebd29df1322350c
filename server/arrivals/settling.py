"""Carrying out what office persons decide: each change of a standing is an arrival, told to the laptop concerned."""

from collections.abc import Callable, Sequence
from typing import Any

from schemas.items import REGISTER_KINDS, Item, read
from schemas.settling import Keep
from server.arrivals.acting import change_standing, judge_again
from server.arrivals.decide import Decision
from server.arrivals.erasing import erase
from server.arrivals.prepare import Prepared
from server.arrivals.settle_rules import kept, truth_of
from server.arrivals.world import World
from sync.judge import Standing


def _set(world: World, name: str, standing: Standing, detail: dict[str, Any]) -> None:
    (line,) = world.conn.execute("SELECT line FROM items WHERE name = ?", (name,)).fetchone()
    change_standing(world, Prepared(read(line), {}), Decision(standing, detail))


def _settlement(world: World, item: Item) -> None:
    named = kept(world, item.body["item"])
    assert named is not None, "the rules have seen it"
    told = {"settled": item.body["keep"], "by": item.body.get("by", ""), "why": item.body.get("reason", "")}
    if named.kind in REGISTER_KINDS:
        _settle_edit(world, named.name, told)
    elif item.body["keep"] == Keep.MINE:
        _keep_beside(world, named.name, told)
    else:
        _keep_truth(world, named.name, told)


def _settle_edit(world: World, name: str, told: dict[str, Any]) -> None:
    """Tell of every edit of that device to that thing that no field is in conflict for any more."""
    standing = Standing.DECLINED if told["settled"] == Keep.THEIRS else Standing.ACCEPTED
    rows = world.conn.execute(
        "SELECT others.item FROM aside AS named JOIN aside AS others"
        "    ON others.id = named.id AND others.kind = named.kind AND others.device = named.device"
        " WHERE named.item = ? AND others.standing = 'conflict'"
        "   AND NOT EXISTS (SELECT 1 FROM field_conflicts WHERE field_conflicts.item = others.item)"
        " ORDER BY others.item",
        (name,),
    )
    for (other,) in rows.fetchall():
        _set(world, other, standing, told)


def _keep_beside(world: World, name: str, told: dict[str, Any]) -> None:
    """Make the branch that ends in *name* the truth: what was accepted since they parted is declined."""
    branch = _branch(world, name)
    for other in reversed(_since(world, name, _base(world, branch[0]))):
        _set(world, other, Standing.DECLINED, told | {"settled": Keep.THEIRS.value, "replaced_by": name})
    for one in branch:
        _set(world, one, Standing.ACCEPTED, told)
    while following := _children(world, branch[-1], Standing.CONFLICT):
        branch.append(following[0])
        _set(world, following[0], Standing.ACCEPTED, told)


def _keep_truth(world: World, name: str, told: dict[str, Any]) -> None:
    """Decline the whole branch: from where it parted, with all that was made from it."""
    found = [_branch(world, name)[0]]
    for one in found:
        found.extend(_children(world, one, Standing.CONFLICT))
    for one in found:
        _set(world, one, Standing.DECLINED, told)


def _base(world: World, name: str) -> str | None:
    row = world.conn.execute("SELECT base FROM items WHERE name = ?", (name,)).fetchone()
    return row[0] if row else None


def _standing(world: World, name: str | None) -> str:
    row = world.conn.execute("SELECT standing FROM items WHERE name = ?", (name,)).fetchone()
    return row[0] if row else ""


def _branch(world: World, name: str) -> list[str]:
    """Return the items in conflict from where the branch parted to *name*, in that order."""
    found = [name]
    while (base := _base(world, found[-1])) and _standing(world, base) == Standing.CONFLICT:
        found.append(base)
    return found[::-1]


def _since(world: World, name: str, parted: str | None) -> list[str]:
    """Return what was accepted of the visit of *name* since *parted*, the earliest first; all of it when not at all."""
    (id,) = world.conn.execute("SELECT id FROM items WHERE name = ?", (name,)).fetchone()
    found: list[str] = []
    at = truth_of(world, "inspection", id)
    while at and at != parted and _standing(world, at) == Standing.ACCEPTED:
        found.append(at)
        at = _base(world, at)
    return found[::-1]


def _children(world: World, name: str, standing: Standing) -> Sequence[str]:
    rows = world.conn.execute(
        "SELECT name FROM items WHERE id = (SELECT id FROM items WHERE name = ?) AND base = ? AND standing = ?"
        " ORDER BY seq",
        (name, name, standing.value),
    )
    return [row[0] for row in rows.fetchall()]


def _release(world: World, item: Item) -> None:
    judge_again(world, item.body["item"], carry_out)


def _decline(world: World, item: Item) -> None:
    name, told = item.body["item"], {"by": item.body.get("by", ""), "why": item.body["reason"]}
    world.conn.execute("DELETE FROM needs WHERE item = ?", (name,))
    _set(world, name, Standing.DECLINED, told)


_ACTS: dict[str, Callable[[World, Item], None]] = {
    "settlement": _settlement,
    "release": _release,
    "decline": _decline,
    "erasure": erase,
}


def carry_out(world: World, item: Item) -> None:
    """Do what *item*, just accepted, decides of other items; most decide nothing."""
    act = _ACTS.get(item.kind)
    if act:
        act(world, item)
