"""Writing for one laptop: answers to what it brought, and pages."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import Any

from sqlite_utils import Database

from schemas.fields import instant_text
from server.access import revocation
from server.arrivals import feed
from server.bundle.devices import Handover, Taken, known
from server.clients.keeping import newest, piece
from server.door.exchange import next_page
from server.office import state_of
from server.store import get_meta
from sync.bundle import PART_LIMIT, Closing, Direction, Member, Opener, public_key, write_parts
from sync.errors import BadBundle
from sync.release import PIECE, Release, order
from sync.wire import page_end

_NO_DEVICE = "Máy chủ không có máy mã {code}; xem mã trên máy đó bằng: doi178-field status --json"
_LOCKED = "Máy {name} đã bị khóa; không xuất dữ liệu cho máy này."


def bundle_out(
    server: Handover, device: str, open_part: Opener, *, at: datetime, limit: int = PART_LIMIT
) -> Taken:
    """Write pages from the beginning, for a laptop that brought nothing, or raise BadBundle."""
    if state_of(server.db.conn, "device", device) is None:
        raise BadBundle(_NO_DEVICE.format(code=device))
    state = known(server.db.conn, device)
    if state.get("revoked_on"):
        raise BadBundle(_LOCKED.format(name=state["name"]))
    written = Taken(state["id"], state["name"])
    asked = {"cursor": "", "area": state["unit"], "knew": ""}
    write_back(server, state, asked, iter(()), open_part=open_part, taken=written, at=at, limit=limit)
    return written


def write_back(
    server: Handover, device: dict[str, Any], asked: dict[str, Any], answers: Iterator[Member], *,
    open_part: Opener, taken: Taken, at: datetime, limit: int,
) -> None:  # fmt: skip
    """Write *answers*, and pages after the cursor of *asked* until there are no more; a locked laptop gets no page.

    What the laptop asked from stands in the head: it says for which state of the laptop the pages are.
    """
    db, program = server.db, asked.pop("program", None)
    head: dict[str, Any] = {
        "direction": Direction.DOWN,
        "device": device["id"],
        **asked,
        "lineage": get_meta(db.conn, "lineage"),
        "made_at": instant_text(at),
    }
    if device.get("revoked_on"):
        head["refused"] = "revoked-device"
        head["statement"] = revocation(db.conn, device["id"], device).signed(server.keys.signing)
        pages: Iterator[Member] = iter(())
    else:
        after, first, why = _first_page(db, device, asked["cursor"], at)
        release = _newer_program(server, program)
        pages = chain(_pages(db, device, (after, first), taken, at=at), _program(server, release))
        if release:
            head["release"] = release.signed(server.keys.signing)
        if why:
            head["start_over"] = why
    closing = Closing(public_key(device["public_key"]), server.keys.signing)
    taken.parts = write_parts(open_part, closing, head, chain(answers, pages), _end, limit=limit)


def _newer_program(server: Handover, program: Any) -> Release | None:
    """Return the newest program for the laptop's machine, where it is newer than the one that wrote the bundle."""
    if not isinstance(program, dict):
        return None
    found = newest(server.clients, str(program.get("platform", "")))
    return found if found and found.order > order(str(program.get("version", ""))) else None


def _program(server: Handover, release: Release | None) -> Iterator[Member]:
    for number in range(release.pieces if release else 0):
        assert release is not None
        yield Member(f"program-{number:06d}", piece(server.clients, release, number, PIECE))


def _end(marks: list[str | None]) -> dict[str, Any]:
    """Say from which cursor the pages of a part go on; null where it has none."""
    return {"after": next((mark for mark in marks if mark is not None), None)}


def _first_page(db: Database, device: dict[str, Any], cursor: str, at: datetime) -> tuple[str, bytes, str]:
    """Return the page after *cursor*, or where the server cannot go on from there the very first, and why."""
    try:
        return cursor, next_page(db, device, cursor, None, at), ""
    except feed.LostHistory:
        return "", next_page(db, device, "", None, at), "other-history"
    except feed.OtherScope:
        return "", next_page(db, device, "", None, at), "other-scope"


def _pages(
    db: Database, device: dict[str, Any], first: tuple[str, bytes], taken: Taken, *, at: datetime
) -> Iterator[Member]:
    after, page = first
    while True:
        taken.pages += 1
        yield Member(f"page-{taken.pages:06d}", page, after)
        after, more = page_end(page)
        if not more:
            return
        page = next_page(db, device, after, None, at)
