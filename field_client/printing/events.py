"""What has happened to a visit's paper: the events in their order, and what they say of one revision together."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from field_client.store import said
from schemas.office import Happening, Original, Witness


@dataclass(frozen=True)
class Happened:
    """One event of a paper; *item* is the revision that it is about."""

    id: str
    item: str
    happening: Happening
    on: str
    author: str
    standing: str
    number: str = ""
    original: Original | None = None
    witness: Witness | None = None
    copies: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Paper:
    """How the paper of one revision stands: the last word of each kind."""

    original: Original | None = None
    read_back: bool = False
    signed: Happened | None = None  # signed, or refused
    handed_over: Happened | None = None
    number: str = ""
    scanned: bool = False

    @property
    def closed(self) -> bool:
        """Whether somebody has signed, refused or got it: from then on a change is a correction with its reason."""
        return bool(self.signed or self.handed_over)

    @property
    def lacks_scan(self) -> bool:
        """Whether the original was written by hand and nobody else can see it yet."""
        return self.original is Original.HANDWRITTEN and not self.scanned


def of_visit(conn: sqlite3.Connection, inspection: str) -> list[Happened]:
    """Return the events of a visit's papers, ours and those that the server told, in their order."""
    return _readable(said.of_visit(conn, inspection, "paper"))


def _readable(rows: Sequence[said.Said]) -> list[Happened]:
    return [one for row in rows if (one := _read(row))]


def _read(row: said.Said) -> Happened | None:
    """Read one event; what a newer program says in words that are not known here is passed over."""
    body = row.body
    if body.get("happening") not in set(Happening):
        return None
    original, witness = body.get("original"), body.get("witness")
    return Happened(
        row.id, str(body.get("item") or ""), Happening(body["happening"]), str(body.get("on") or ""), row.author,
        row.standing, str(body.get("number") or ""), Original(original) if original in set(Original) else None,
        Witness(witness) if witness in set(Witness) else None,
        copies if type(copies := body.get("copies")) is int else None, str(body.get("note") or ""),
    )  # fmt: skip


def paper(events: Sequence[Happened], item: str, scans: int = 0) -> Paper:
    """Return how the paper of the revision *item* stands; *scans* are the scans that are attached to it."""
    about = {one.happening: one for one in events if one.item == item}
    signed = [one for one in events
              if one.item == item and one.happening in (Happening.SIGNED, Happening.SIGNATURE_REFUSED)]  # fmt: skip
    original = about.get(Happening.ORIGINAL)
    return Paper(
        original=original.original if original else None,
        read_back=Happening.READ_BACK in about,
        signed=signed[-1] if signed else None,
        handed_over=about.get(Happening.HANDED_OVER),
        number=number_of(events, item),
        scanned=bool(scans) or Happening.SCANNED in about,
    )


def number_of(events: Sequence[Happened], item: str) -> str:
    """Return the number that the clerk gave to the revision *item*, empty where none is known."""
    given = [one.number for one in events if one.item == item and one.happening is Happening.NUMBERED]
    return given[-1] if given else ""


def may_change_freely(conn: sqlite3.Connection, inspection: str, item: str) -> bool:
    """Say whether the revision *item* was read back and nobody has signed it: its change needs no reason.

    That nothing is written of a paper does not show that nobody signed it; so somebody must have said so.
    """
    stands = paper(of_visit(conn, inspection), item)
    return stands.read_back and not stands.closed
