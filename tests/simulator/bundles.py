"""What goes by stick in a schedule: carried in parts, handed in twice, left in a drawer, taken out of order."""

import io
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from field_client.bundle import Handover, bundle_in, bundle_out
from field_client.settings import Settings
from field_client.store import get_meta
from field_client.store.mirror import COMPARE_FIRST, Mirror
from server import bundle as at_the_server
from sync.bundle import PART_LIMIT, Opener
from sync.errors import BadBundle
from sync.wire import Cursor
from tests.simulator import pulled
from tests.simulator.ends import LaptopEnd
from tests.simulator.fragile import Killed, Slip

if TYPE_CHECKING:
    from tests.simulator.engine import Schedule

AT_MOST = 12  # files in a drawer
EXPECTED = ("thiếu phần trước", "địa bàn của máy", "khôi phục", "khóa")  # what may be said of a file that is in order


@dataclass
class Drawer:
    """The sticks of one laptop: parts for the server, and parts that came back."""

    up: list[bytes] = field(default_factory=list)
    down: list[bytes] = field(default_factory=list)


def drawer(laptop: LaptopEnd) -> Drawer:
    """Return the drawer of a laptop; the line carries it, as it carries pages and late batches."""
    found: Drawer = laptop.line.__dict__.setdefault("drawer", Drawer())
    return found


def _into(parts: list[bytes]) -> Opener:
    @contextmanager
    def opens(number: int) -> Iterator[io.BytesIO]:
        file = io.BytesIO()
        yield file
        parts.append(file.getvalue())
        del parts[:-AT_MOST]

    return opens


def stick_out(run: "Schedule", laptop: LaptopEnd) -> None:
    """Write a bundle, in parts now and then; whatever was written whole may be handed in."""
    limit = run.dice.choice((PART_LIMIT, PART_LIMIT, 14_000))
    _write(laptop, drawer(laptop).up, limit)


def _write(laptop: LaptopEnd, parts: list[bytes], limit: int = PART_LIMIT) -> None:
    bundle_out(_handover(laptop), _into(parts), at=laptop.at(), limit=limit)


def _handover(laptop: LaptopEnd) -> Handover:
    return Handover.of(laptop.db, Settings(laptop.folder))


def stick_in(run: "Schedule", laptop: LaptopEnd) -> None:
    """Hand a part in at the server, perhaps for the second time; the server may die, or slip, on the way."""
    if drawer(laptop).up:
        _hand_in(run, laptop, run.dice.choice(drawer(laptop).up))


def _hand_in(run: "Schedule", laptop: LaptopEnd, part: bytes) -> bool:
    """Hand a part in, and say whether the return was written to its end."""
    central, back = run.central, list[bytes]()
    if run.dice.random() < run.weather.dies:
        central.conn.left = run.dice.randrange(80)
    if run.dice.random() < run.weather.slips:
        central.conn.slips = run.dice.randrange(80)
    limit = run.dice.choice((PART_LIMIT, PART_LIMIT, 14_000))
    whole = False
    try:
        server = at_the_server.Handover(central.db, central.keys, central.file.with_name("files"))
        at_the_server.bundle_in(server, io.BytesIO(part), _into(back), at=run.at, limit=limit)
        run.count("stick handed in")
        whole = True
    except Slip:
        run.count("stick slipped")
    finally:
        central.conn.left = central.conn.slips = None
        drawer(laptop).down += back
        del drawer(laptop).down[:-AT_MOST]
    return whole


def stick_back(run: "Schedule", laptop: LaptopEnd) -> None:
    """Take in a return, old or new, first part or last."""
    if drawer(laptop).down:
        _take(run, laptop, run.dice.choice(drawer(laptop).down))


def _take(run: "Schedule", laptop: LaptopEnd, part: bytes) -> str:
    """Take a return in and return what was said; within a history and a scope the cursor never moves back."""
    before = Mirror(laptop.db).cursor()
    said = ""
    try:
        bundle_in(_handover(laptop), io.BytesIO(part), at=laptop.at())
        run.count("stick taken")
    except BadBundle as error:
        said = str(error)
        assert any(word in said for word in EXPECTED), said
        run.count(f"stick refused: {next(word for word in EXPECTED if word in said)}")
    after = Mirror(laptop.db).cursor()
    if before and after:
        one, other = Cursor.parse(before), Cursor.parse(after)
        same = (one.lineage, one.scope) == (other.lineage, other.scope)
        assert not same or other.pos >= one.pos, "the cursor moved back"
    return said


def by_stick(run: "Schedule", laptop: LaptopEnd) -> None:
    """The whole way at once, as a sync: afterwards the copy is what the server says it should be."""
    parts, back = list[bytes](), drawer(laptop).down
    _write(laptop, parts)
    drawer(laptop).up += parts
    del back[:]
    whole = False
    with suppress(Killed):
        whole = _hand_in(run, laptop, parts[0])
    run.central.reopen()
    if whole and not any(_take(run, laptop, part) for part in back) and not get_meta(laptop.conn, COMPARE_FIRST):
        # known: a laptop that came back from an old copy gets its own later items over a line only, by name
        pulled.after_a_pull(run.central, laptop)
        run.count("by stick through")


AT_A_LAPTOP = ((stick_out, 4), (stick_in, 4), (stick_back, 4), (by_stick, 3))
