"""A line without HTTP that does what lines do: it carries the same bytes, and asks the server what the door asks."""

import json
import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from server.access import revocation
from server.arrivals import feed
from server.door import own
from server.door.enrol import redeem
from server.door.exchange import next_page, take_batch
from server.office import state_of
from server.problems import BadEnrolmentCode
from sync.errors import BadReply, OtherHistory, OtherScope, Refused, ServerFault, Unreachable
from sync.names import Answer, OwnPage, Question, read_answer, read_own, write_question
from sync.report import Report
from sync.wire import Page, Reply, read_batch, read_page, read_reply, write_batch
from tests.simulator.fragile import Killed, Slip

if TYPE_CHECKING:
    from tests.simulator.ends import CentralEnd


FORGER = Ed25519PrivateKey.from_private_bytes(bytes(32))  # somebody on the line who is not the server


@dataclass
class Weather:
    """How the line behaves, how often the ends die, and the server slips: chances between 0 and 1."""

    bad: float = 0.0
    dies: float = 0.0
    slips: float = 0.0


class SimLine:
    """An Uplink, a Downlink and a Redeemer for one laptop, straight into the server's store."""

    def __init__(
        self, central: "CentralEnd", dice: random.Random, weather: Weather, now: Callable[[], datetime]
    ) -> None:
        self.central, self.dice, self.weather, self.now = central, dice, weather, now
        self.device = ""
        self.bytes_up = self.bytes_down = 0
        self.report = Report()
        self.hurt: list[str] = []  # what was done to this sync
        self.forced: list[str] = []  # what happens to the next requests, whatever the weather
        self.replies: list[tuple[int, bytes]] = []  # replies that came before, and to how many lines
        self.late: list[bytes] = []  # batches that are still on their way
        self.pages: list[bytes] = []  # pages that came before
        self.meanwhile: Callable[[], None] = lambda: None

    def say(self, report: Report) -> None:
        """Tell *report* with every request from now on."""
        self.report = Report.parse(report.text()) or Report()

    def _fate(self, *fates: str) -> str:
        """Draw what happens to a request; empty: nothing."""
        if self.forced:
            fate = self.forced.pop(0)
        elif self.dice.random() >= self.weather.bad:
            return ""
        else:
            fate = self.dice.choice(fates)
        self.hurt.append(fate)
        return fate

    def _maybe_die(self) -> None:
        if self.dice.random() < self.weather.dies:
            self.central.conn.left = self.dice.randrange(60)
        if self.dice.random() < self.weather.slips:
            self.central.conn.items, self.central.conn.slips = self.dice.randrange(5), self.dice.randrange(20)

    def may_die(self, conn: Any) -> None:
        """Let the laptop whose store is *conn* die at one of its next statements, perhaps."""
        if self.dice.random() < self.weather.dies:
            conn.left = self.dice.randrange(30)

    def _served(self, act: Callable[[], bytes]) -> bytes:
        """Answer as a server that may die on the way; nobody answers then."""
        self._maybe_die()
        try:
            return act()
        except Killed:
            self.hurt.append("server killed")
            self.central.reopen()
            raise Unreachable("the connection was reset") from None
        except Slip:
            self.hurt.append("slip")
            raise ServerFault("500") from None
        finally:
            self.central.conn.left = self.central.conn.slips = None
            self.central.conn.items = 0

    def _device(self) -> dict[str, Any]:
        known = self.central.conn.execute("SELECT 1 FROM credentials WHERE device = ?", (self.device,)).fetchone()
        state = state_of(self.central.conn, "device", self.device)
        if not known or state is None:
            raise Refused("unknown", slug="unknown-device", status=401)
        return state

    def send(self, lines: Sequence[bytes]) -> Reply:
        """Send a batch; what may go wrong does."""
        body = write_batch(lines)
        self.bytes_up += len(body)
        self.meanwhile()
        fate = self._fate("no line", "torn up", "late", "5xx", "answer lost", "answer cut", "double", "reordered",
                          "busy", "forged", "stale")  # fmt: skip
        self._on_the_way_up(fate, body)
        if fate == "reordered" and len(lines) > 1:
            self._served(lambda: self.receive(write_batch(self.dice.sample(list(lines), len(lines)))))
        if fate == "double":
            self._served(lambda: self.receive(body))
        answer = self._served(lambda: self.receive(body))
        self.bytes_down += len(answer)
        return self._on_the_way_down(fate, answer, lines)

    def _on_the_way_up(self, fate: str, body: bytes) -> None:
        if fate == "late":
            self.late.append(body)
        if fate in {"no line", "late"}:
            raise Unreachable(fate)
        if fate == "busy":
            raise Unreachable(fate, retry_after=30.0)
        if fate == "5xx":
            raise ServerFault(fate)
        self._device()
        if fate == "torn up":
            self._receive_torn(body)

    def _on_the_way_down(self, fate: str, answer: bytes, lines: Sequence[bytes]) -> Reply:
        if fate == "answer lost":
            raise Unreachable(fate)
        if fate == "answer cut":
            answer = answer[: self.dice.randrange(len(answer))]
        given = self._stale(len(lines), answer) if fate == "stale" else answer
        self.replies.append((len(lines), answer))
        reply = read_reply(given, list(lines))
        return replace(reply, signature=reply.seal.sign(FORGER)) if fate == "forged" else reply

    def _stale(self, lines: int, answer: bytes) -> bytes:
        """Return the answer to a batch before, as long as this one; an answer is its own where there was none."""
        before = [other for count, other in self.replies if count == lines]
        return self.dice.choice(before) if before else answer

    def _receive_torn(self, body: bytes) -> None:
        with suppress(BadReply):
            read_batch(body[: self.dice.randrange(len(body))])
            raise AssertionError("a torn body was read")
        raise Refused("torn", slug="unreadable-body", status=422)

    def receive(self, body: bytes) -> bytes:
        """Take a batch in, as the door does."""
        return take_batch(self.central.db, self.central.keys, self.device, body, self.report, self.now())

    def since(self, cursor: str) -> Page:
        """Fetch a page; what may go wrong does."""
        self.meanwhile()
        fate = self._fate("no line", "page cut", "page lost", "old page", "5xx")
        if fate == "no line":
            raise Unreachable(fate)
        if fate == "5xx":
            raise ServerFault(fate)
        if self._device().get("revoked_on"):
            said = revocation(self.central.conn, self.device, self._device()).signed(self.central.keys.signing)
            raise Refused("revoked", slug="revoked-device", status=403, statement=said)
        answer = self._served(lambda: self.page(cursor))
        self.bytes_down += len(answer)
        if fate == "page lost":
            raise Unreachable(fate)
        if fate == "page cut":
            answer = answer[: self.dice.randrange(len(answer))]
        page = read_page(answer)
        self.pages.append(answer)
        return page

    def page(self, cursor: str) -> bytes:
        """Answer the next page, as the door does."""
        state = state_of(self.central.conn, "device", self.device) or {}
        device = {**state, "id": self.device, "unit": f"{state['epoch']}:{state['area']}"}
        try:
            return next_page(self.central.db, device, cursor, self.report, self.now())
        except feed.LostHistory:
            raise OtherHistory("", slug="other-history", status=410) from None
        except feed.OtherScope:
            raise OtherScope("", slug="other-scope", status=410) from None

    def compare(self, question: Question, key: Ed25519PublicKey) -> Answer:
        """Compare by name, as the door does."""
        self.meanwhile()
        fate = self._fate("no line", "names cut", "names lost", "5xx")
        if fate == "no line":
            raise Unreachable(fate)
        if fate == "5xx":
            raise ServerFault(fate)
        self._device()
        body = write_question(question)
        answer = self._served(lambda: own.compare(self.central.db, self.central.keys, self.device, body, self.now()))
        if fate == "names lost":
            raise Unreachable(fate)
        if fate == "names cut":
            answer = answer[: self.dice.randrange(len(answer))]
        return read_answer(answer, question, body, key)

    def own(self, after: int) -> OwnPage:
        """Fetch what this laptop made, as the door does."""
        fate = self._fate("no line", "own cut")
        if fate == "no line":
            raise Unreachable(fate)
        if self._device().get("revoked_on"):
            raise Refused("revoked", slug="revoked-device", status=403)
        answer = self._served(lambda: own.own_page(self.central.db, self.device, after))
        return read_own(answer[: self.dice.randrange(len(answer))] if fate else answer)

    def enrol(self, secret: str, name: str, public_key: str, proof: str, device: str = "") -> dict[str, Any]:
        """Redeem a code, as the door does."""
        given = {"code": secret, "name": name, "public_key": public_key, "proof": proof, "device": device}
        fate = self._fate("no line", "answer lost")
        if fate == "no line":
            raise Unreachable(fate)
        try:
            answer = self._served(
                lambda: json.dumps(redeem(self.central.db, self.central.keys, given, self.now())).encode()
            )
        except RuntimeError as error:  # the device's own item stands aside, for a slip
            self.hurt.append("slip")
            raise ServerFault(str(error)) from None
        except BadEnrolmentCode as error:
            raise Refused(str(error), slug=error.slug, status=403) from None
        if fate == "answer lost":
            raise Unreachable(fate)
        told: dict[str, Any] = json.loads(answer)
        return told
