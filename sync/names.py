"""Comparing by name what a laptop made with what the server holds of it, and the page of what a laptop lacks.

First a count and a digest, so that the usual case is one short request; then names, a page at a time.
"""

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from schemas.items import name_of
from sync.chain import Receipt
from sync.errors import BadReply
from sync.wire import BODY_LIMIT, PAGE_LIMIT, pack, unpack

NAMES = 4000  # in one question, as our client asks


@dataclass(frozen=True, slots=True)
class Held:
    """One item as a laptop holds it: without a receipt *seq* is None; *lineage* is that of the receipt."""

    name: str
    seq: int | None = None
    standing: str | None = None
    lineage: str = ""


@dataclass(frozen=True)
class Question:
    """Whether both ends hold the same: of everything (*held* is None), or of the names after *after* up to *upto*.

    An empty *upto* is the end of all names.
    """

    count: int
    digest: str
    after: str = ""
    upto: str = ""
    held: tuple[Held, ...] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """How the server holds an item: its sequence and present standing; *detail* where the standing is another."""

    seq: int
    standing: str
    detail: dict[str, Any] | None = None


@dataclass(frozen=True)
class Answer:
    """What the server holds of what was named, in that order, and what else of this laptop in that range of names."""

    lineage: str
    agree: bool
    found: tuple[Found | None, ...] = ()
    others: tuple[Held, ...] = ()


def digest(rows: Iterable[tuple[str, int, str]]) -> tuple[int, str]:
    """Return count and digest of items (name, sequence, standing), in the order of their sequences."""
    count, total = 0, hashlib.sha256()
    for name, seq, standing in rows:
        count += 1
        total.update(f"{seq} {name} {standing}\n".encode())
    return count, total.hexdigest()


def write_question(question: Question) -> bytes:
    """Write a question: a head line, then one line an item."""
    head: dict[str, Any] = {"count": question.count, "digest": question.digest}
    if question.held is None:
        return pack(_line(head))
    lineages = sorted({one.lineage for one in question.held if one.lineage})
    at = {lineage: place for place, lineage in enumerate(lineages)}
    head |= {"after": question.after, "upto": question.upto, "lineages": lineages}
    rows = [
        [one.name] if one.seq is None else [one.name, one.seq, one.standing, at.get(one.lineage, -1)]
        for one in question.held
    ]
    return pack(b"".join(map(_line, [head, *rows])))


def read_question(body: bytes) -> Question:
    """Read a question, or raise BadReply."""
    try:
        lines = [json.loads(line) for line in unpack(body, BODY_LIMIT).split(b"\n") if line]
        head, rows = lines[0], lines[1:]
        if "after" not in head:
            return Question(int(head["count"]), str(head["digest"]))
        held = tuple(_held(row, head["lineages"]) for row in rows)
        return Question(int(head["count"]), str(head["digest"]), str(head["after"]), str(head["upto"]), held)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        raise BadReply(f"The question cannot be read: {error!r}.") from None


def _held(row: list[Any], lineages: list[str]) -> Held:
    if len(row) == 1:
        return Held(str(row[0]))
    name, seq, standing, at = row
    if type(seq) is not int or not 0 < seq < 2**63:
        raise ValueError("no sequence")
    return Held(str(name), seq, str(standing), str(lineages[at]) if at >= 0 else "")


def write_answer(answer: Answer, question: bytes, key: Ed25519PrivateKey) -> bytes:
    """Write the answer to the body *question*, signed together with it."""
    rows = [[one.seq, one.standing, *([one.detail] if one.detail else [])] if one else None for one in answer.found]
    told = {
        "agree": answer.agree,
        "found": rows,
        "others": [[one.name, one.seq, one.standing] for one in answer.others],
    }
    signature = b64encode(key.sign(_signed(answer.lineage, question, told))).decode()
    return pack(_line({"lineage": answer.lineage, **told, "signature": signature}))


def read_answer(body: bytes, asked: Question, question: bytes, key: Ed25519PublicKey) -> Answer:
    """Read the answer to *asked*, sent as *question*, or raise BadReply: also when the server did not sign it."""
    try:
        raw = json.loads(unpack(body, PAGE_LIMIT))
        told = {part: raw[part] for part in ("agree", "found", "others")}
        key.verify(b64decode(raw["signature"], validate=True), _signed(raw["lineage"], question, told))
        found = tuple(Found(*row) if row else None for row in raw["found"])
        others = tuple(Held(name, seq, standing) for name, seq, standing in raw["others"])
    except InvalidSignature:
        raise BadReply("The answer is not signed by the server this laptop is enrolled with.") from None
    except (ValueError, KeyError, TypeError) as error:
        raise BadReply(f"The answer cannot be read: {error!r}.") from None
    if not raw["agree"] and len(found) != len(asked.held or ()):
        raise BadReply(f"Named {len(asked.held or ())} items, was answered for {len(found)}.")
    return Answer(str(raw["lineage"]), bool(raw["agree"]), found, others)


def _signed(lineage: str, question: bytes, told: dict[str, Any]) -> bytes:
    said = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    parts = ("doi178-names-1", lineage, hashlib.sha256(question).hexdigest(), hashlib.sha256(said).hexdigest())
    return "\n".join(parts).encode()


def _line(part: Any) -> bytes:
    return json.dumps(part, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


@dataclass(frozen=True, slots=True)
class Own:
    """One item of a laptop's own as the server keeps it: the exact line, its receipt, and the detail it has now."""

    line: bytes
    receipt: Receipt
    detail: dict[str, Any] | None = None


@dataclass(frozen=True)
class OwnPage:
    """A laptop's own items after a sequence, in order; those whose bytes were erased are left out."""

    after: int
    more: bool
    items: tuple[Own, ...]


def write_own(page: OwnPage) -> bytes:
    """Write a page: a head line, then for each item a line of its receipt and its own line as it is."""
    out = [_line({"after": page.after, "more": page.more})]
    for one in page.items:
        told = one.receipt
        out.append(_line([told.seq, told.standing, told.detail, told.present or told.standing, one.detail]))
        out.append(one.line + b"\n")
    return pack(b"".join(out))


def read_own(body: bytes) -> OwnPage:
    """Read such a page, or raise BadReply."""
    try:
        lines = iter(unpack(body, PAGE_LIMIT).split(b"\n"))
        head = json.loads(next(lines))
        return OwnPage(int(head["after"]), bool(head["more"]), tuple(_owns(lines)))
    except (ValueError, KeyError, TypeError, StopIteration, RuntimeError) as error:
        raise BadReply(f"The page cannot be read: {error!r}.") from None


def _owns(lines: Iterator[bytes]) -> Iterator[Own]:
    for told in lines:
        if told:
            seq, standing, detail, present, now = json.loads(told)
            line = next(lines)
            yield Own(line, Receipt(name_of(line), seq, standing, detail, present), now)


def parts(held: Sequence[Held]) -> Iterator[tuple[str, str, Sequence[Held]]]:
    """Cut *held* into the pages of a comparison: after which name, up to which, and what is held between.

    They must be in the order of their names; together the pages cover all names there can be.
    """
    after = ""
    for start in range(0, max(len(held), 1), NAMES):
        page = held[start : start + NAMES]
        upto = page[-1].name if start + NAMES < len(held) else ""
        yield after, upto, page
        after = upto
