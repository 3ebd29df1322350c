"""Steps of a laptop's way to the server: clocks, crashes, syncs, what comes twice or late, another area, a lock."""

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from field_client.store.mirror import Mirror
from field_client.syncing import Half
from server.office import edit, state_of
from sync.errors import BadReply, OtherHistory, OtherScope
from sync.wire import Cursor, read_page
from tests.simulator.drawing import AREAS
from tests.simulator.ends import LaptopEnd

if TYPE_CHECKING:
    from tests.simulator.engine import Schedule


def clock_jumps(run: "Schedule", laptop: LaptopEnd) -> None:
    """The battery is flat, or somebody set the year wrong."""
    laptop.offset = timedelta(days=run.dice.choice((0, 0, -6000, 13000, 1, -1)))


def dies(run: "Schedule", laptop: LaptopEnd) -> None:
    """The program is closed the hard way."""
    laptop.reopen()


def syncs(run: "Schedule", laptop: LaptopEnd) -> None:
    """Send and fetch."""
    run.sync(laptop)


def sends(run: "Schedule", laptop: LaptopEnd) -> None:
    """Send only."""
    run.sync(laptop, frozenset({Half.SEND}))


def gets(run: "Schedule", laptop: LaptopEnd) -> None:
    """Fetch only."""
    run.sync(laptop, frozenset({Half.GET}))


def old_page(run: "Schedule", laptop: LaptopEnd) -> None:
    """A page that came before comes again, as from a stick that is put in twice."""
    mirror = Mirror(laptop.db)
    before = mirror.cursor()
    taken = [page for page in map(read_page, laptop.line.pages) if _reaches(before, page.cursor)]
    if taken:
        with suppress(OtherHistory, OtherScope, BadReply):
            mirror.take(run.dice.choice(taken))
        assert _reaches(mirror.cursor(), before), "the cursor moved back"


def _reaches(held: str, cursor: str) -> bool:
    """Say whether a copy goes as far as *cursor*; one that was fetched ahead, and never taken, lies beyond it."""
    return bool(held) and Cursor.parse(held).pos >= Cursor.parse(cursor).pos


def late_batch(run: "Schedule", laptop: LaptopEnd) -> None:
    """A batch that was given up for lost arrives after all, behind younger ones."""
    if laptop.line.late:
        laptop.line.receive(laptop.line.late.pop(run.dice.randrange(len(laptop.line.late))))


def moves_area(run: "Schedule", laptop: LaptopEnd) -> None:
    """The laptop is handed to another team: it is enrolled again for another area."""
    laptop.enrols(run.central, run.dice.choice(AREAS))
    laptop.line.pages.clear()


def enrols_again(run: "Schedule", laptop: LaptopEnd) -> None:
    """The same laptop, the same area, a new code."""
    laptop.enrols(run.central, laptop.area)


def is_locked(run: "Schedule", laptop: LaptopEnd) -> None:
    """The office locks a laptop."""
    state = state_of(run.central.conn, "device", laptop.line.device) or {}
    run.office(edit("device", laptop.line.device, {"revoked_on": run.today().isoformat()}, state))


SYNCS = frozenset({syncs, sends, gets})
AT_A_LAPTOP = (
    (clock_jumps, 1), (dies, 2), (syncs, 22), (sends, 5), (gets, 5), (old_page, 5), (late_batch, 4), (moves_area, 2),
    (enrols_again, 1), (is_locked, 1),
)  # fmt: skip
