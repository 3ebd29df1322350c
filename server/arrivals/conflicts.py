"""Fields of the register that stand beside the truth: what a device's last word on each of them is."""

import json
from dataclasses import dataclass
from typing import Any

from server.arrivals.world import World


@dataclass(frozen=True)
class Word:
    """What a device says of a field and has not been settled."""

    kind: str
    id: str
    path: str
    device: str
    value: Any
    item: str  # that said it


def last_words(world: World, item: str) -> list[Word]:
    """Return the last words of the device of *item* on each field in which that item is in conflict, by path.

    Later edits by the same device to such a field have joined the conflict: the latest counts.
    """
    rows = world.conn.execute(
        "SELECT others.kind, others.id, others.path, others.device, others.value, others.item"
        "  FROM field_conflicts AS named JOIN field_conflicts AS others"
        "    ON others.kind = named.kind AND others.id = named.id AND others.path = named.path"
        "   AND others.device = named.device"
        " WHERE named.item = ? ORDER BY others.path, others.seq",
        (item,),
    )
    words = {
        path: Word(kind, id, path, device, json.loads(value), said_by)
        for kind, id, path, device, value, said_by in rows
    }
    return list(words.values())
