"""Plain visits, most of what arrives: new, surely valid, made from nothing; written many at a time.

Nothing is decided here that `decide` would decide otherwise. What is not plain, or not surely
to be accepted, is taken one by one (ingest), and so is a whole run when writing it falls over.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from schemas.items import Item
from server.arrivals.acting import log, undone_if_it_fails
from server.arrivals.fold_events import COUNTING, DATE, OUTCOME, VISIT, remember_visits, visit_row
from server.arrivals.fold_law import FOUND, act_rows
from server.arrivals.prepare import Prepared, Sender
from server.arrivals.world import KEEP, World
from server.coverage.steps import Visit
from server.register.keep import INSPECTED, judge_new_visits
from server.store import in_parts, marks
from sync.chain import Receipt
from sync.judge import Standing


class Plain(NamedTuple):
    """A plain visit: what is kept of it. Its body is let go of: those of a batch do not fit a processor's cache."""

    name: str
    line: bytes
    id: str
    device: str
    run: str
    device_seq: int
    establishment: str
    year: int
    row: tuple[Any, ...]  # of the visit, as nobody has reviewed it
    acts: tuple[tuple[Any, ...], ...]  # what it found, each act
    counts: Visit | None  # what coverage takes of it, where it counts


def shortened(one: Prepared | str) -> Plain | Prepared | str:
    """Return what is kept of a plain visit, and anything else as it is."""
    if isinstance(one, str) or not one.plain:
        return one
    item = one.item
    body, row = item.body, visit_row(item)
    found = len(body.get("violations", ())), body.get("found_working")
    counts = Visit(body["date"], *found, body["team"], body["basis"])
    return Plain(
        item.name, item.line, item.id, item.device, item.run, item.device_seq, body["establishment"],
        int(body["date"][:4]), row, act_rows(item), counts if row[COUNTING] else None,
    )  # fmt: skip


def item_of(one: Plain | Prepared) -> Plain | Item:
    """Return what bears the name, id, device, run and number of an item."""
    return one if isinstance(one, Plain) else one.item


class Runs:
    """The plain visits of a batch that follow each other, so far; others end a run, so that the order is kept."""

    def __init__(self, world: World, sender: Sender, visits: Sequence[Plain]) -> None:
        """Read at once what all plain *visits* of the batch will ask for."""
        self.world = world
        self.sender = sender
        self.run: list[Plain] = []
        self.spoken_for = _spoken_for(world, visits)  # ids of which a second item is not plain any more
        remember_visits(world, {(one.establishment, one.year) for one in visits})

    def add(self, one: Plain) -> bool:
        """Add a visit to the run; False when it must be judged, for whose it is or what came before it."""
        if one.device != self.sender.device or self.sender.revoked or one.id in self.spoken_for:
            return False
        self.spoken_for.add(one.id)
        self.run.append(one)
        return True

    def end(self, take: Callable[[Plain], Receipt]) -> list[Receipt]:
        """Take in the run: in bulk what is surely accepted, and by *take* what is not, or fell over in bulk."""
        run, self.run = self.run, []
        receipts: list[Receipt] = []
        self.world.know_communes(one.establishment for one in run)
        for sure, part in groupby(run, key=self._surely):
            visits = list(part)
            done = _in_bulk(self.world, visits) if sure and len(visits) > 1 else None
            receipts += map(take, visits) if done is None else done
        return receipts

    def _surely(self, one: Plain) -> bool:
        """Say whether its place is known and within what the sender may write about: only then is it accepted."""
        communes, scope = self.world.communes(one.establishment), self.sender.scope
        return bool(communes) and (scope is None or not scope.isdisjoint(communes))


def _spoken_for(world: World, visits: Iterable[Plain]) -> set[str]:
    """Return the ids under which there is a truth already, or something aside that one of *visits* may mend."""
    found: set[str] = set()
    for part in in_parts([one.id for one in visits]):
        for table in ("visits", "aside"):
            rows = world.conn.execute(f"SELECT id FROM {table} WHERE id IN ({marks(part)})", part)
            found.update(row[0] for row in rows)
    return found


def _in_bulk(world: World, visits: Sequence[Plain]) -> list[Receipt] | None:
    """Write *visits*, or undo it and return None when that falls over: one by one shows which of them it is."""

    def otherwise(error: Exception) -> None:
        log.warning("A run of %d visits fell over and is taken one by one.", len(visits), exc_info=error)

    return undone_if_it_fails(world, lambda: write(world, visits), otherwise)


def write(world: World, visits: Sequence[Plain]) -> list[Receipt]:
    """Accept *visits* in order: what `_arrive` and `fold_visit` would write for each, in four statements."""
    remember_visits(world, {(one.establishment, one.year) for one in visits})
    accepted = Standing.ACCEPTED.value
    receipts = world.arrive_all([one.name for one in visits], accepted)
    world.conn.executemany(
        KEEP,
        [
            (receipt.seq, one.name, "inspection", one.id, None, one.device, accepted, one.line)
            for receipt, one in zip(receipts, visits, strict=True)
        ],
    )
    world.conn.executemany(VISIT, [one.row for one in visits])
    _judge(world, visits)
    world.conn.executemany(FOUND, [act for one in visits for act in one.acts])
    world.stamp_all(
        (commune, "inspection", one.id) for one in visits for commune in world.communes(one.establishment)
    )
    world.arrived.extend(("item", one.name) for one in visits)
    for one in visits:
        if one.counts and (root := world.root(one.establishment)):
            world.deltas.added(root, one.counts)
    return receipts


def _judge(world: World, visits: Sequence[Plain]) -> None:
    """Note which of the new visits are to a place that the register has closed that day: a plain one is never void."""
    there = [(one.id, one.establishment, str(one.row[DATE])) for one in visits if one.row[OUTCOME] in INSPECTED]
    roots = {place: root for _, place, _ in there if (root := world.root(place))}
    judge_new_visits(world.conn, there, roots)
