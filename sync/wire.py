"""What goes over any line, HTTP or bundle: batches up, replies, pages down, the opaque cursor."""

import hashlib
import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from schemas.items import name_of
from schemas.parsing import parse
from sync.chain import Receipt, Seal
from sync.errors import BadReply

BATCH_ITEMS = 1000
BATCH_BYTES = 4_000_000  # before compression; one item is always sent, whatever its size
BODY_LIMIT = 8_000_000  # of an unpacked batch; more is refused before it is read whole
LINES_LIMIT = 5_000  # of a batch: it is one transaction, for which everybody else waits


LITTLE = 100_000  # bytes before compression: a day's work, and whatever goes over a bad line


def pack(text: bytes) -> bytes:
    """Compress as gzip, without a time stamp, so that equal bodies are equal bytes.

    Little is squeezed hard. Much comes only over a good line, where half the work for a
    quarter more bytes is the better bargain.
    """
    squeeze = zlib.compressobj(6 if len(text) <= LITTLE else 3, zlib.DEFLATED, 31)
    return squeeze.compress(text) + squeeze.flush()


def unpack(body: bytes, limit: int) -> bytes:
    """Undo pack, or raise BadReply: not gzip, cut short, or more than *limit* bytes."""
    loosen = zlib.decompressobj(31)
    try:
        text = loosen.decompress(body, limit + 1)
    except zlib.error as error:
        raise BadReply(f"The body is not gzip: {error}.") from None
    if len(text) > limit:
        raise BadReply(f"The body is longer than {limit} bytes.")
    if not loosen.eof:
        raise BadReply("The body was cut short.")
    return text


def write_batch(lines: Iterable[bytes]) -> bytes:
    """Write items, one a line, as the body of a batch."""
    return pack(b"\n".join(lines) + b"\n")


class Batch(list[bytes]):
    """Lines that go up together, and the body they make, which may be packed ahead of its time."""

    more = False  # whether others wait behind them
    _body: bytes | None = None

    @property
    def size(self) -> int:
        """The bytes before compression."""
        return sum(map(len, self)) + len(self)

    def pack(self) -> bytes:
        """Return the body; it is made once."""
        if self._body is None:
            self._body = write_batch(self)
        return self._body


def read_batch(body: bytes, limit: int = BODY_LIMIT) -> list[bytes]:
    """Return the lines of a batch's body, or raise BadReply; which of them are items is for the receiver to say."""
    text = unpack(body, limit)
    if text.count(b"\n") > LINES_LIMIT:
        raise BadReply(f"The batch has more than {LINES_LIMIT} lines.")
    return [line for line in text.split(b"\n") if line]


@dataclass(frozen=True)
class Reply:
    """The server's answer to a batch: a receipt for every line that is an item, and one seal."""

    seal: Seal
    signature: str
    receipts: tuple[Receipt, ...]
    unreadable: tuple[str, ...] = ()
    server_time: str = ""
    safe_to: int = 0
    rows: str = ""  # as they stand under the seal's hash; enough to prove the seal again later


def receipt_rows(receipts: Iterable[Receipt | str]) -> list[list[Any]]:
    """Write receipts in the order of the batch's lines.

    The chain says whose a new arrival is. Of a repeat and of an unreadable line the row itself says
    it, or the reply to one batch would settle any other that is as long.
    """
    rows: list[list[Any]] = []
    for receipt in receipts:
        if isinstance(receipt, str):
            rows.append([0, "unreadable", {"line": receipt}])
        elif receipt.present:
            rows.append([receipt.seq, receipt.standing, receipt.detail, receipt.present, receipt.item])
        else:
            rows.append([receipt.seq, receipt.standing, *([receipt.detail] if receipt.detail else [])])
    return rows


def rows_hash(rows: list[list[Any]]) -> str:
    """Return the hash of receipts that stands in the seal."""
    return hashlib.sha256(rows_text(rows).encode()).hexdigest()


def rows_text(rows: list[list[Any]]) -> str:
    """Write receipts as they are hashed."""
    return json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def write_reply(rows: list[list[Any]], seal: Seal, signature: str, *, server_time: str, safe_to: int) -> bytes:
    """Write the answer to a batch."""
    reply = {
        "lineage": seal.lineage,
        "first": seal.first,
        "last": seal.last,
        "before": seal.before,
        "after": seal.after,
        "receipts": rows,
        "signature": signature,
        "server_time": server_time,
        "safe_to": safe_to,
    }
    return pack(json.dumps(reply, ensure_ascii=False, separators=(",", ":")).encode())


def read_reply(body: bytes, lines: list[bytes]) -> Reply:
    """Read the answer to a batch of *lines*, or raise BadReply when it answers something else."""
    return read_reply_to([name_of(line) for line in lines], body)


def read_reply_to(names: list[str], body: bytes) -> Reply:
    """Read the answer to a batch of the items called *names*, or raise BadReply when it answers something else."""
    try:
        raw = json.loads(unpack(body, BODY_LIMIT))
        rows = raw["receipts"]
        if len(rows) != len(names):
            raise BadReply(f"Sent {len(names)} items, was answered for {len(rows)}.")
        seal = Seal(raw["lineage"], raw["first"], raw["last"], raw["before"], raw["after"], rows_hash(rows))
        answered = list(zip(names, rows, strict=True))
        receipts = tuple(_receipt(name, row) for name, row in answered if row[1] != "unreadable")
        unreadable = tuple(_unreadable(name, row) for name, row in answered if row[1] == "unreadable")
        told = raw["server_time"], raw["safe_to"], rows_text(rows)
        return Reply(seal, raw["signature"], receipts, unreadable, *told)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise BadReply(f"The reply cannot be read: {error!r}.") from None


def _receipt(name: str, row: list[Any]) -> Receipt:
    seq, standing, detail, present, item = (*row, None, None, None)[:5]
    if present and item != name:
        raise BadReply("The reply repeats the receipt of another item.")
    return Receipt(name, seq, standing, detail, present)


def _unreadable(name: str, row: list[Any]) -> str:
    if row[2]["line"] != name:
        raise BadReply("The reply says of another line that it cannot be read.")
    return name


@dataclass(frozen=True)
class Cursor:
    """How far a laptop has read: opaque to it, and only good for the history it was given by."""

    lineage: str
    pos: int
    seq: int
    head: str
    scope: str = ""  # a digest of the feeds that were read

    def text(self) -> str:
        """Write the cursor as the laptop keeps it."""
        raw = json.dumps([self.lineage, self.pos, self.seq, self.head, self.scope], separators=(",", ":"))
        return urlsafe_b64encode(raw.encode()).decode()

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """Read a cursor that this server wrote, or raise ValueError."""
        try:
            lineage, pos, seq, head, scope = (*json.loads(urlsafe_b64decode(text.encode())), "")[:5]
        except (TypeError, RecursionError):
            raise ValueError("not a cursor") from None
        numbers = all(type(number) is int and 0 <= number < 2**63 for number in (pos, seq))
        if not (all(isinstance(part, str) for part in (lineage, head, scope)) and numbers):
            raise ValueError("not a cursor")
        return cls(lineage, pos, seq, head, scope)


@dataclass(frozen=True)
class Change:
    """One thing as it now is, in the part of the world that the laptop follows.

    *state* for a thing of the register; *revisions* for an inspection, each its standing
    and exact line; *gone* when it has left; for kind `standing`, *state* is
    {"standing", "detail"} of the laptop's own item named *id*. *text* is the JSON of the
    state, for whom it is enough; a server gives nothing else of a thing of the register.
    """

    pos: int
    kind: str
    id: str
    state: dict[str, Any] | None = None
    gone: bool = False
    revisions: tuple[tuple[str, bytes], ...] = ()
    review: dict[str, Any] | None = None
    text: str = field(default="", compare=False)


@dataclass(frozen=True)
class Page:
    """Changes in server order, and the cursor after them; *since*: the feed's position that they follow on."""

    cursor: str
    changes: tuple[Change, ...] = field(default=())
    more: bool = False
    lineage: str = ""
    server_time: str = ""
    safe_to: int = 0
    since: int = 0


def write_page(page: Page) -> bytes:
    """Write a page: a head line, then one line a change; an inspection's own lines follow it as they are."""
    head = {
        "cursor": page.cursor,
        "more": page.more,
        "lineage": page.lineage,
        "server_time": page.server_time,
        "safe_to": page.safe_to,
        "since": page.since,
    }
    out = [json.dumps(head, separators=(",", ":")).encode()]
    for change in page.changes:
        row: dict[str, Any] = {"pos": change.pos, "kind": change.kind, "id": change.id}
        if change.gone:
            row["gone"] = True
        if change.state is not None and not change.text:
            row["state"] = change.state
        if change.revisions:
            row["lines"] = [standing for standing, _ in change.revisions]
        if change.review is not None:
            row["review"] = change.review
        line = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
        out.append((f'{line[:-1]},"state":{change.text}}}' if change.text else line).encode())
        out.extend(line for _, line in change.revisions)
    return pack(b"\n".join(out) + b"\n")


PAGE_LIMIT = 64_000_000


def read_page(body: bytes) -> Page:
    """Read a page, or raise BadReply; a page that was cut is no page."""
    try:
        lines = iter(unpack(body, PAGE_LIMIT).split(b"\n"))
        head = json.loads(next(lines))
        changes = tuple(_changes(lines))
        told = head["lineage"], head["server_time"], head["safe_to"], head["since"]
        return Page(head["cursor"], changes, head["more"], *told)
    except (ValueError, KeyError, TypeError, StopIteration, RuntimeError) as error:
        raise BadReply(f"The page cannot be read: {error!r}.") from None


def page_end(body: bytes) -> tuple[str, bool]:
    """Return the cursor after a page of our own and whether more is ready, without reading the whole page."""
    start = zlib.decompressobj(31).decompress(body, 65_536)
    head = json.loads(start.split(b"\n", 1)[0])
    return head["cursor"], head["more"]


def _changes(lines: Iterator[bytes]) -> Iterator[Change]:
    for line in lines:
        if not line:
            continue
        row, text = _row(line)
        revisions = tuple((standing, next(lines)) for standing in row.get("lines", ()))
        yield Change(
            row["pos"], row["kind"], row["id"], row.get("state"), row.get("gone", False), revisions,
            row.get("review"), text,
        )  # fmt: skip


def _row(line: bytes) -> tuple[dict[str, Any], str]:
    """Read a change's line; where its state stands last, as our server writes it, also as the text that it came in."""
    before, there, state = line.partition(b',"state":')
    if there:
        with suppress(ValueError):
            row = parse(before + b"}")
            row["state"] = parse(state[:-1])
            return row, state[:-1].decode()
    return parse(line), ""
