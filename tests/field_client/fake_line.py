"""A server in memory, held to the same promises as the real one by test_line.py; its line can be made to fail."""

import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from schemas.ids import new_id
from schemas.items import Item, Unreadable, name_of, read
from sync.chain import GENESIS, Receipt, Seal, walk
from sync.enrolment import proven
from sync.errors import BadReply, OtherHistory, Refused, ServerFault, Unreachable
from sync.merge import apply
from sync.names import Answer, Found, Held, Own, OwnPage, Question, digest, read_answer, write_answer, write_question
from sync.report import Report
from sync.revocation import Revocation
from sync.wire import Change, Cursor, Page, Reply, receipt_rows, rows_hash
from tests.field_client.fake_files import FakeFiles

SERVER_TIME = "2026-11-20T15:00:00Z"


class FakeLine:
    """An Uplink and a Downlink to a server that keeps everything in memory."""

    def __init__(self) -> None:
        self.key = Ed25519PrivateKey.generate()
        self.lineage = new_id()
        self.head = GENESIS
        self.receipts: dict[str, Receipt] = {}
        self.lines: list[bytes] = []
        self.states: dict[tuple[str, str], dict[str, Any]] = {}
        self.feed: list[Change] = []
        self.enrolled: dict[str, dict[str, Any]] = {}
        self.code = "bí mật"
        self.server_time = SERVER_TIME
        self.page_size = 100
        self.reports: list[Report] = []
        self.batches: list[int] = []
        self.bytes_up = self.bytes_down = 0
        self.files = FakeFiles()
        # What may go wrong.
        self.down = False
        self.loses_answers = False
        self.tears_pages = False
        self.falls_over_more_than: int | None = None
        self.poison: bytes | None = None
        self.statement: Any = None  # what it says to a laptop that it has locked
        self.fingerprint = ""  # of the key that it has moved to

    @property
    def public_key(self) -> str:
        """The key that receipts are checked with, raw and in base64."""
        return b64encode(self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()

    def say(self, report: Report) -> None:
        """Note what the laptop says of itself."""
        self.reports.append(report)

    def send(self, lines: Sequence[bytes]) -> Reply:
        """Take in a batch."""
        self._passable()
        self.batches.append(len(lines))
        self.bytes_up += sum(map(len, lines))
        if self.falls_over_more_than is not None and len(lines) > self.falls_over_more_than:
            raise ServerFault("The server fell over.")
        if self.poison in lines:
            raise ServerFault("The server fell over.")
        first, before = len(self.lines) + 1, self.head
        answers = [self._take(line) for line in lines]
        fresh = [a for a in answers if isinstance(a, Receipt) and a.seq >= first and not a.present]
        self.head = walk(before, fresh)
        reply = self._reply(answers, (first, len(self.lines)) if fresh else (0, 0), before)
        if self.loses_answers:
            raise Unreachable("the answer was lost")
        return reply

    def _reply(self, answers: list[Receipt | str], span: tuple[int, int], before: str) -> Reply:
        after = self.head if span[1] else before
        seal = Seal(self.lineage, *span, before, after, rows_hash(receipt_rows(answers)))
        receipts = tuple(answer for answer in answers if isinstance(answer, Receipt))
        unreadable = tuple(answer for answer in answers if isinstance(answer, str))
        return Reply(seal, seal.sign(self.key), receipts, unreadable, self.server_time, 0)

    def _take(self, line: bytes) -> Receipt | str:
        try:
            item = read(line)
        except Unreadable:
            return name_of(line)
        known = self.receipts.get(item.name)
        if known:
            return Receipt(known.item, known.seq, known.standing, known.detail, known.present or known.standing)
        self.lines.append(line)
        standing, detail = self._judge(item)
        receipt = self.receipts[item.name] = Receipt(item.name, len(self.lines), standing, detail)
        if standing == "accepted":
            self._fold(item)
        return receipt

    def _judge(self, item: Item) -> tuple[str, dict[str, Any] | None]:
        if item.kind != "inspection":
            return "accepted", None
        place = item.body.get("establishment")
        if ("establishment", place) not in self.states:
            return "held", {"needs": [["establishment", place]]}
        return "accepted", None

    def _fold(self, item: Item) -> None:
        if item.kind == "attachment":
            self.files.records.add(item.id)
            return
        if item.kind == "inspection":
            told = [change for change in self.feed if (change.kind, change.id) == ("inspection", item.id)]
            before = told[-1].revisions if told else ()
            self.tells("inspection", item.id, revisions=(*before, ("accepted", item.line)))
        else:
            self.knows(item.kind, item.id, item.body["set"])

    def knows(self, kind: str, id: str, changes: dict[str, Any]) -> None:
        """Enter or change a thing of the register, as the office would."""
        state = self.states[kind, id] = apply(self.states.get((kind, id), {}), changes)
        self.tells(kind, id, state=state)

    def tells(self, kind: str, id: str, **parts: Any) -> None:
        """Put a change at the end of the feed; the thing's older place there is taken away."""
        pos = self.feed[-1].pos + 1 if self.feed else 1
        self.feed = [change for change in self.feed if (change.kind, change.id) != (kind, id)]
        self.feed.append(Change(pos, kind, id, **parts))

    def decides(self, name: str, standing: str, detail: dict[str, Any] | None = None) -> None:
        """Change how an item stands, and tell its laptop."""
        self.receipts[name] = Receipt(name, self.receipts[name].seq, self.receipts[name].standing, None, standing)
        self.tells("standing", name, state={"standing": standing, "detail": detail})

    def restores_from_nothing(self) -> None:
        """Begin another history that lacks everything but the register."""
        self.lineage, self.head = new_id(), GENESIS
        self.receipts, self.lines = {}, []
        self.feed = [change for change in self.feed if change.kind not in {"inspection", "standing"}]

    def locks(self, device: str) -> None:
        """Lock a laptop: nothing goes down to it any more."""
        self.statement = Revocation(device, "2026-11-20", self.lineage).signed(self.key)

    def since(self, cursor: str) -> Page:
        """Return the next page after *cursor*."""
        self._passable()
        if self.statement:
            words = "Máy này đã bị khóa; liên hệ văn phòng."
            raise Refused(words, slug="revoked-device", status=403, statement=self.statement)
        after = 0
        if cursor:
            held = Cursor.parse(cursor)
            if held.lineage != self.lineage:
                raise OtherHistory("Máy chủ đã được khôi phục.", slug="other-history", status=410)
            after = held.pos
        if self.tears_pages:
            raise BadReply("The body was cut short.")
        rest = [change for change in self.feed if change.pos > after]
        page = tuple(rest[: self.page_size])
        self.bytes_down += 100 * len(page)
        end = Cursor(self.lineage, page[-1].pos if page else after, len(self.lines), self.head).text()
        return Page(end, page, len(rest) > len(page), self.lineage, self.server_time, 0)

    def compare(self, question: Question, key: Ed25519PublicKey) -> Answer:
        """Compare with what is kept; everything here was made by the one laptop."""
        self._passable()
        kept = [(r.item, r.seq, r.present or r.standing) for r in self.receipts.values()]
        body = write_question(question)
        answer = self._compared(question, kept)
        return read_answer(write_answer(answer, body, self.key), question, body, key)

    def _compared(self, question: Question, kept: list[tuple[str, int, str]]) -> Answer:
        if question.held is None:
            return Answer(self.lineage, digest(kept) == (question.count, question.digest))
        known = {name: Found(seq, standing) for name, seq, standing in kept}
        named = {one.name for one in question.held}
        others = tuple(Held(*one) for one in kept
                       if one[0] not in named and question.after < one[0] <= (question.upto or "g"))  # fmt: skip
        return Answer(self.lineage, False, tuple(known.get(one.name) for one in question.held), others)

    def own(self, after: int) -> OwnPage:
        """Return up to two items a page."""
        self._passable()
        rest = [r for r in self.receipts.values() if r.seq > after]
        items = tuple(Own(self.lines[r.seq - 1], replace(r, present=r.present or r.standing)) for r in rest[:2])
        return OwnPage(items[-1].receipt.seq if items else after, len(rest) > 2, items)

    def enrol(self, secret: str, name: str, public_key: str, proof: str, device: str = "") -> dict[str, Any]:
        """Redeem an enrolment code; again with the same key it gives the same credential."""
        self._passable()
        claimed = self.enrolled.setdefault(secret, {"key": public_key, "device": new_id()})
        if secret != self.code or claimed["key"] != public_key or not proven(public_key, secret, proof):
            raise Refused("Mã đăng ký không đúng hoặc đã hết hạn; xin mã mới ở văn phòng.", slug="bad-enrolment-code")
        answer = {
            "device": claimed["device"], "credential": f"credential of {public_key}", "name": name,
            "area": "new:15664", "team": None, "lineage": self.lineage, "server_key": self.public_key,
        }  # fmt: skip
        if self.loses_answers:
            raise Unreachable("the answer was lost")
        return json.loads(json.dumps(answer))

    def _passable(self) -> None:
        if self.down:
            raise Unreachable("no line")
