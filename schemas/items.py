"""Items: every change there is, as one line of JSON named by the hash of its exact bytes."""

import hashlib
import json
import os
import re
from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from schemas.office import EVENTS
from schemas.parsing import parse
from schemas.register import FIELDS
from schemas.settling import SETTLING
from schemas.versions import upgraded

MOST = 2**53  # numbers above it are not the same in every program
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
SCHEMA = 3  # the version this program writes; it reads this one and two back (schemas/versions.py)
ITEM_LIMIT = 262_144  # bytes of a line; enforced when an item is saved
ENVELOPE = ("kind", "id", "base", "device", "run", "device_seq", "author", "recorded_at", "schema", "salt", "body")
REGISTER_KINDS = frozenset(FIELDS)
KINDS = REGISTER_KINDS | EVENTS.keys() | SETTLING.keys() | {"inspection"}


@dataclass(frozen=True, slots=True)
class Item:
    """One change, with its exact bytes and the name they give it."""

    name: str
    line: bytes
    kind: str
    id: str
    base: str | None
    device: str
    run: str
    device_seq: int
    author: str
    recorded_at: str
    schema: int
    body: dict[str, Any]


class Unreadable(ValueError):
    """The line is no item: not JSON, or its envelope is incomplete. Nothing can be filed under it."""


def name_of(line: bytes) -> str:
    """Return the name of the item written as *line*: the SHA-256 of its exact bytes, in hex."""
    return hashlib.sha256(line).hexdigest()


def new_salt() -> str:
    """Return random text that keeps an erased body from being guessed by hashing."""
    return b64encode(os.urandom(9)).decode()


def write(**parts: Any) -> bytes:
    """Write an item as its line. Keys stand in the order of ENVELOPE; text is UTF-8, not escaped."""
    parts.setdefault("salt", new_salt())
    parts.setdefault("schema", SCHEMA)
    envelope = {key: parts[key] for key in ENVELOPE}
    line = json.dumps(envelope, ensure_ascii=False, separators=(",", ":")).encode()
    if len(line) > ITEM_LIMIT:
        raise ValueError(f"Hồ sơ dài quá {ITEM_LIMIT // 1024} KB; rút ngắn phần ghi chú rồi lưu lại.")
    return line


def read(line: bytes) -> Item:
    """Read *line* back as an item, or raise Unreadable; nothing in the body is judged here.

    A body of an earlier version comes as this program would have written it; its bytes stay as they are.
    """
    try:
        raw = parse(line)
        text = (raw["kind"], raw["id"], raw["device"], raw["run"], raw["author"], raw["recorded_at"], raw["salt"])
        base = raw["base"]
        texts = (*text, base or "")
        shape = all(type(part) is str for part in texts) and type(raw["body"]) is dict
        numbers = all(type(raw[key]) is int and 0 <= raw[key] < MOST for key in ("device_seq", "schema"))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise Unreadable(str(error)) from None
    if not shape or not numbers or len(raw) != len(ENVELOPE) or _UNSTORABLE.search("".join(texts)):
        raise Unreadable("The envelope is incomplete.")
    body = raw["body"] if raw["schema"] == SCHEMA else upgraded(raw["kind"], raw["body"], raw["schema"], SCHEMA)
    return Item(
        name_of(line), line, raw["kind"], raw["id"], base, raw["device"], raw["run"],
        raw["device_seq"], raw["author"], raw["recorded_at"], raw["schema"], body,
    )  # fmt: skip
