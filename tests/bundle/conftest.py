"""A laptop that is enrolled at a real server, a line in between, and a stick."""

import io
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlite_utils import Database

from field_client import bundle as at_the_laptop
from field_client import records
from field_client.enrolment import enrol, own_key
from field_client.export import export
from field_client.settings import Settings
from field_client.store import get_meta, open_store
from field_client.syncing import BOTH, Half, Outcome, sync_now
from schemas.ids import new_id
from server import bundle as at_the_server
from server.arrivals import feed
from server.arrivals.verify import verify
from server.door import own
from server.door.enrol import invite, redeem
from server.door.exchange import next_page, take_batch
from server.export import scope
from server.office import state_of
from sync.bundle import PART_LIMIT
from sync.errors import OtherHistory, OtherScope, Refused
from sync.names import Answer, OwnPage, Question, read_answer, read_own, write_question
from sync.report import Report
from sync.wire import Page, Reply, read_page, read_reply, write_batch
from tests.conftest import AT, COMMUNE, Central, visit_body


def handover(central: Central) -> at_the_server.Handover:
    """Return the server as bundles are handed over to it."""
    return at_the_server.Handover(central.db, central.keys, central.settings.files)


@dataclass
class Stick:
    """What lies on a stick: a bundle in parts, each of which can be read again and again."""

    parts: list[bytes] = field(default_factory=list)

    @contextmanager
    def opens(self, number: int) -> Iterator[io.BytesIO]:
        """Write a part."""
        file = io.BytesIO()
        yield file
        self.parts.append(file.getvalue())

    @property
    def only(self) -> bytes:
        """The one part that there is."""
        assert len(self.parts) == 1
        return self.parts[0]


class DirectLine:
    """The line over HTTP without HTTP: what the door asks of the server, asked here."""

    def __init__(self, central: Central) -> None:
        self.central, self.device, self.at = central, "", AT
        self.report = Report()
        self.bytes_up = self.bytes_down = 0

    def say(self, report: Report) -> None:
        """Tell *report* with every request from now on."""
        self.report = report

    def send(self, lines: Sequence[bytes]) -> Reply:
        """Send a batch."""
        body = write_batch(lines)
        answer = take_batch(self.central.db, self.central.keys, self.device, body, self.report, self.at)
        return read_reply(answer, list(lines))

    def since(self, cursor: str) -> Page:
        """Fetch a page."""
        state = state_of(self.central.db.conn, "device", self.device) or {}
        if state.get("revoked_on"):
            raise Refused("", slug="revoked-device")
        device = {**state, "id": self.device, "unit": f"{state['epoch']}:{state['area']}"}
        try:
            return read_page(next_page(self.central.db, device, cursor, self.report, self.at))
        except feed.LostHistory:
            raise OtherHistory("", slug="other-history", status=410) from None
        except feed.OtherScope:
            raise OtherScope("", slug="other-scope", status=410) from None

    def compare(self, question: Question, key: Ed25519PublicKey) -> Answer:
        """Compare by name."""
        body = write_question(question)
        answer = own.compare(self.central.db, self.central.keys, self.device, body, self.at)
        return read_answer(answer, question, body, key)

    def own(self, after: int) -> OwnPage:
        """Fetch what this laptop made."""
        return read_own(own.own_page(self.central.db, self.device, after))

    def enrol(self, secret: str, name: str, public_key: str, proof: str, device: str = "") -> dict[str, Any]:
        """Redeem a code."""
        given = {"code": secret, "name": name, "public_key": public_key, "proof": proof, "device": device}
        told: dict[str, Any] = json.loads(json.dumps(redeem(self.central.db, self.central.keys, given, self.at)))
        return told


@dataclass
class Laptop:
    """A laptop's store, its line, and what goes by stick; *central* is the server it is enrolled at."""

    central: Central
    settings: Settings
    db: Database
    line: DirectLine

    @property
    def key(self) -> Ed25519PrivateKey:
        """The laptop's own key."""
        return own_key(self.db, self.settings.key)

    @property
    def handover(self) -> at_the_laptop.Handover:
        """What is needed to hand bundles over."""
        return at_the_laptop.Handover.of(self.db, self.settings)

    @property
    def device(self) -> str:
        """The laptop's id."""
        return get_meta(self.db.conn, "device")

    def enrols(self, unit: str = COMMUNE) -> None:
        """Enrol for *unit*, again where it is enrolled already."""
        code = invite(self.central.db, self.central.keys, unit=unit, team=None, address="http://127.0.0.1:1", at=AT)
        self.line.device = enrol(
            self.db, self.settings.key, code.code.text(), at=AT, name="Máy thử", line=self.line
        ).device

    def records(self, place: str, count: int = 1, **changes: Any) -> list[str]:
        """Finish visits to *place*, and return their ids."""
        return [records.record(self.db, new_id(), visit_body(place, **changes), at=AT).id for _ in range(count)]

    def syncs(self, halves: frozenset[Half] = BOTH) -> Outcome:
        """Send and fetch over the line."""
        return sync_now(self.db, halves=halves, line=self.line, now=lambda: AT)

    def writes(self, *, limit: int = PART_LIMIT, at: datetime = AT) -> Stick:
        """Write a bundle for the server."""
        stick = Stick()
        at_the_laptop.bundle_out(self.handover, stick.opens, at=at, limit=limit)
        return stick

    def takes(self, part: bytes) -> at_the_laptop.Got:
        """Take in a return file."""
        return at_the_laptop.bundle_in(self.handover, io.BytesIO(part), at=AT)

    def hands_in(self, part: bytes, *, limit: int = PART_LIMIT, at: datetime = AT) -> Stick:
        """Hand a bundle in at the server, and return what goes back."""
        back = Stick()
        self.counts = at_the_server.bundle_in(
            handover(self.central), io.BytesIO(part), back.opens, at=at, limit=limit
        )
        return back

    def sent_from_the_office(self) -> Stick:
        """Return what the office writes for this laptop when nothing came from it."""
        back = Stick()
        at_the_server.bundle_out(handover(self.central), self.device, back.opens, at=AT)
        return back

    def waiting(self) -> int:
        """Count what has no receipt."""
        return int(self.db.conn.execute("SELECT count(*) FROM own WHERE waiting = 1").fetchone()[0])

    def meta(self, key: str) -> str:
        """Return a setting of the laptop."""
        return get_meta(self.db.conn, key)


def agree(laptop: Laptop) -> None:
    """Check that both ends hold the same, and that the server proves it."""
    central = laptop.central
    assert list(export(laptop.db.conn)) == list(scope(central.db.conn, laptop.device))
    assert verify(central.db).problems == ()


@pytest.fixture
def new_laptop(tmp_path: Path) -> Iterator[Callable[..., Laptop]]:
    """Return a function that enrols a laptop at a server; it has fetched nothing yet."""
    made: list[Laptop] = []

    def build(central: Central, name: str = "laptop", unit: str = COMMUNE) -> Laptop:
        settings = Settings(tmp_path / name)
        laptop = Laptop(central, settings, open_store(settings.database), DirectLine(central))
        made.append(laptop)
        laptop.enrols(unit)
        return laptop

    yield build
    for laptop in made:
        laptop.db.close()


@pytest.fixture
def laptop(central: Central, new_laptop: Callable[..., Laptop]) -> Laptop:
    """An enrolled laptop, and a place (`laptop.place`) that it has fetched."""
    laptop = new_laptop(central)
    laptop.place = central.place()  # type: ignore[attr-defined]
    assert not laptop.syncs().trouble
    return laptop


