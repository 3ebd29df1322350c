"""Erasure: the bytes of an item go, by a named person with a ground; what figures need of it stays, without words."""

import json
from typing import Any

from schemas.items import REGISTER_KINDS, Item, Unreadable, read
from schemas.settling import REMOVED, visit_without_words, without_words
from server.arrivals.acting import change_standing
from server.arrivals.decide import Decision
from server.arrivals.prepare import Prepared
from server.arrivals.world import World
from sync.judge import Standing

Body = dict[str, Any]
SAID_OF_VISITS = frozenset({"paper", "resolution", "duty", "comment", "review"})


def what_is_left(item: Item) -> Body:
    """Return the body of *item* without any text of a person: a rebuild folds this in its place."""
    if item.kind == "inspection":
        return visit_without_words(item.body)
    if item.kind in REGISTER_KINDS:
        scrubbed: Body = without_words(item.body["set"])
        return {"set": scrubbed, "was": dict.fromkeys(scrubbed)}
    left: Body = without_words(item.body)
    return left


def erase(world: World, item: Item) -> None:
    """Carry out the erasure *item*: bytes and salt go, here and, by the feed, on every laptop that has them."""
    name = item.body["item"]
    row = world.conn.execute("SELECT line, standing FROM items WHERE name = ?", (name,)).fetchone()
    if row is None:
        world.conn.execute("UPDATE unreadable SET line = ? WHERE hash = ?", (b"", name))
        return
    erased = read(row[0])
    told = {"by": item.body.get("by", ""), "ground": item.body["ground"]}
    world.conn.execute("DELETE FROM needs WHERE item = ?", (name,))
    change_standing(world, Prepared(erased, {}), Decision(Standing.ERASED, told))
    world.conn.execute("UPDATE items SET line = ? WHERE name = ?", (b"", name))
    if row[1] == Standing.ACCEPTED:
        _where_it_shows(world, erased)


def _where_it_shows(world: World, erased: Item) -> None:
    """Let those hear of it who were told the words of *erased*, and blank them where they stand by themselves."""
    if erased.kind == "inspection":
        (place,) = world.conn.execute("SELECT establishment FROM visits WHERE id = ?", (erased.id,)).fetchone()
        for commune in world.communes(place):
            world.stamp(commune, "inspection", erased.id)
    elif erased.kind == "outside_check" and not _said_again(world, erased):
        world.conn.execute(
            "UPDATE outside_checks SET agency = ?, paper = ? WHERE id = ?", (REMOVED, _bare(erased, "paper"), erased.id)
        )
        for commune in world.communes(erased.body["establishment"]):
            world.stamp(commune, "outside_check", erased.id)
    elif erased.kind in SAID_OF_VISITS and not _said_again(world, erased):
        _blank_what_was_said(world, erased)
    elif erased.kind == "access":
        world.conn.execute(
            "UPDATE accesses SET author = '', recorded_at = '', purpose = ? WHERE item = ?",
            (_bare(erased, "purpose"), erased.name),
        )
    elif erased.kind == "confirm_list" and not _said_again(world, erased):
        unit = f"{erased.body['epoch']}:{erased.body['unit']}"
        said = (_bare(erased, "by"), unit)
        world.conn.execute("UPDATE list_confirmations SET confirmed_by = ? WHERE unit = ?", said)


def _blank_what_was_said(world: World, erased: Item) -> None:
    """Blank the words; a review is told with its visit, and the one that stands is never erased."""
    left = json.dumps(what_is_left(erased), ensure_ascii=False, separators=(",", ":"))
    world.conn.execute("UPDATE said_of_visits SET author = '', said = ? WHERE item = ?", (left, erased.name))
    place = world.conn.execute(
        "SELECT establishment FROM visits WHERE id = ?", (erased.body["inspection"],)
    ).fetchone()
    for commune in world.communes(place[0]) if place and erased.kind != "review" else ():
        world.stamp(commune, erased.kind, erased.id)


def _bare(erased: Item, key: str) -> str:
    return str(without_words({key: erased.body[key]})[key]) if key in erased.body else ""


def _said_again(world: World, erased: Item) -> bool:
    row = world.conn.execute(
        "SELECT 1 FROM items AS later JOIN items AS erased ON erased.name = ?"
        " WHERE later.id = erased.id AND later.kind = erased.kind AND later.standing = 'accepted'"
        "   AND later.seq > erased.seq LIMIT 1",
        (erased.name,),
    ).fetchone()
    return row is not None


def remains(conn: Any) -> dict[str, Body]:
    """Return, by the name of each erased item, what is left of its body."""
    rows = conn.execute("SELECT line FROM items WHERE kind = 'erasure' AND standing = 'accepted'")
    said = [json.loads(line)["body"] for (line,) in rows]
    return {body["item"]: body["left"] for body in said}


def read_kept(row: tuple[str, str, str, str | None, str, bytes], left: dict[str, Body]) -> Item:
    """Read an item of which (name, kind, id, base, device, line) are kept, also one whose bytes are gone."""
    name, kind, id, base, device, line = row
    if line:
        return read(line)
    if name not in left:
        raise Unreadable(f"the bytes of {name} are gone, and no erasure says so")
    return Item(name, b"", kind, id, base, device, "", 0, "", "", 0, left[name])
