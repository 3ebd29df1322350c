"""The code on printed minutes: what a finished revision is called, which laptop says so, and its signature.

The code in the square is 135 bytes, written in base32 so that a QR takes 5.5 bits a letter: version, inspection,
revision, date, name of the item, device, signature, check. The short code below it is for hands: 18 digits that
begin the item's name and 2 that catch slips. Neither holds anything of what was found, of the place, or of a person.
"""

import binascii
import re
import struct
from base64 import b32decode, b32encode, b64decode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

VERSION = 1
MARK = "D178:"
LETTERS = 216  # of a whole code, its mark apart
DIGITS = 20  # of a short code
_SAID = struct.Struct(">B16sHH32s16s")  # version, inspection, revision, days since _FIRST, name, device
_SIGNATURE, _CHECK = 64, 2
_STATEMENT = b"doi178-minutes-1\n"  # so that a signature over something else is never one of these
_FIRST = date(2000, 1, 1)
_LINK = re.compile(r"https?://[^/]+(?:/.*)?/v/([^/?#]+)", re.IGNORECASE)
_NOT_PUBLIC = ("localhost", ".local", ".lan", ".internal", ".home.arpa", ".test", ".invalid", ".example")

_AGAIN = "Mã không đúng: kiểm tra lại từng ký tự với mã in trên biên bản, rồi nhập lại."
_TELEX = "Mã không đúng: trong mã có chữ tiếng Việt; tắt bộ gõ tiếng Việt rồi nhập hoặc quét lại."
_NEWER = "Mã này do bản mới hơn của chương trình in; kiểm chứng ở máy chủ, hoặc nâng cấp chương trình."


class WrongCode(ValueError):
    """The text is no code: it was copied, typed or scanned wrongly. Says nothing of any minutes."""


@dataclass(frozen=True)
class Minutes:
    """What a code speaks of: one revision of one visit, by the name of its item, as *device* printed it."""

    inspection: str
    revision: int
    date: str
    name: str
    device: str

    def pack(self) -> bytes:
        """Write it as bytes, always the same: these are what is signed."""
        days = (date.fromisoformat(self.date) - _FIRST).days
        ids = (UUID(self.inspection).bytes, UUID(self.device).bytes)
        return _SAID.pack(VERSION, ids[0], self.revision, days, bytes.fromhex(self.name), ids[1])

    @property
    def statement(self) -> bytes:
        """The bytes that the device signs."""
        return _STATEMENT + self.pack()


@dataclass(frozen=True)
class MinutesCode:
    """The code in the square on the paper."""

    minutes: Minutes
    signature: bytes

    def text(self) -> str:
        """Write the code as it stands in the square, and as it may be pasted."""
        raw = self.minutes.pack() + self.signature
        return MARK + b32encode(raw + _check(raw)).decode()

    def signed_by(self, public_key: str) -> bool:
        """Say whether the signature is of *public_key* (raw Ed25519, in base64)."""
        try:
            key = Ed25519PublicKey.from_public_bytes(b64decode(public_key, validate=True))
            key.verify(self.signature, self.minutes.statement)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class ShortCode:
    """The twenty digits below the square. They name an item and carry no signature."""

    digits: str

    def text(self) -> str:
        """Write the digits as they are printed, in fives of four."""
        return " ".join(self.digits[at : at + 4] for at in range(0, DIGITS, 4))

    @property
    def names(self) -> tuple[str, str]:
        """The first and the last name of an item that this code may mean: a range that an index serves."""
        value = int(self.digits[:-2])
        first, end = (-(-(one << 64) // 10**18) for one in (value, value + 1))
        return f"{first:016x}" + "0" * 48, f"{end - 1:016x}" + "f" * 48


def sign(minutes: Minutes, signer: Callable[[bytes], bytes]) -> MinutesCode:
    """Make the code of *minutes*; *signer* signs with the key of the device that they name."""
    return MinutesCode(minutes, signer(minutes.statement))


def short_of(name: str) -> ShortCode:
    """Return the short code of the item *name*."""
    value = int(name[:16], 16) * 10**18 >> 64
    check = 98 - value * 100 % 97  # ISO 7064, MOD 97-10, as on bank accounts
    return ShortCode(f"{value:018d}{check:02d}")


def parse(text: str) -> MinutesCode | ShortCode:
    """Read a code as it was typed, pasted or scanned, alone or in a link, or raise WrongCode.

    Spaces, line breaks, hyphens and small letters are forgiven, and nothing else.
    """
    link = _LINK.search(text.strip())
    bare = re.sub(r"[\s\u00ad\u2010-\u2015.-]", "", link[1] if link else text).upper().removeprefix(MARK)
    if re.search(r"[^\x00-\x7f]", bare):
        raise WrongCode(_TELEX if any(letter.isalpha() for letter in bare) else _AGAIN)
    return _short(bare) if bare.isdigit() else _whole(bare)


def _short(digits: str) -> ShortCode:
    if len(digits) != DIGITS:
        raise WrongCode(f"Mã không đúng: mã ngắn có {DIGITS} chữ số, đã nhập {len(digits)}. Kiểm tra lại rồi nhập lại.")
    if int(digits) % 97 != 1:
        raise WrongCode(_AGAIN)
    return ShortCode(digits)


def _whole(letters: str) -> MinutesCode:
    if len(letters) != LETTERS:
        raise WrongCode(_AGAIN)
    try:
        raw = b32decode(letters)
    except binascii.Error:
        raise WrongCode(_AGAIN) from None
    body, check = raw[:-_CHECK], raw[-_CHECK:]
    if _check(body) != check:
        raise WrongCode(_AGAIN)
    version, inspection, revision, days, name, device = _SAID.unpack(body[:-_SIGNATURE])
    if version != VERSION:
        raise WrongCode(_NEWER)
    day = (_FIRST + timedelta(days=days)).isoformat()
    minutes = Minutes(str(UUID(bytes=inspection)), revision, day, name.hex(), str(UUID(bytes=device)))
    return MinutesCode(minutes, body[-_SIGNATURE:])


def _check(raw: bytes) -> bytes:
    """Return a CRC-16: it shows every slip of up to three letters beside each other."""
    return binascii.crc_hqx(raw, 0xFFFF).to_bytes(_CHECK, "big")


def link(code: MinutesCode, address: str) -> str:
    """Return what stands in the square: a link where *address*, the server's, is public, else the bare code.

    In capitals where the address has no path, because a QR then stays small; who reads it does not mind.
    """
    if not is_public(address):
        return code.text()
    base, letters = address.rstrip("/"), code.text().removeprefix(MARK)
    return f"{base}/v/{letters}" if urlsplit(base).path else f"{base}/v/{letters}".upper()


def is_public(address: str) -> bool:
    """Say whether anybody's telephone may reach *address*: HTTPS, and a name of the public kind."""
    parts = urlsplit(address)
    host = (parts.hostname or "").rstrip(".")
    named = "." in host and re.search(r"[a-z]", host.rpartition(".")[2]) is not None
    return parts.scheme == "https" and named and not host.endswith(_NOT_PUBLIC)
