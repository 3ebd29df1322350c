"""The office's recovery key: in two halves, it opens a laptop whose passphrase was forgotten, by QR and code.

A laptop wraps its data key for the public half (`wrap`). To open it again it shows a request, which is the one-time
point of that wrapping; whoever has both halves answers with what the point and the private key make; only on that
laptop does the answer open anything. All texts have one form: 40 bytes in 64 letters that survive a telephone.
"""

import hashlib
import os
from base64 import b32decode, b32encode, b64decode, b64encode
from dataclasses import dataclass
from enum import Enum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_MISREAD = str.maketrans({"0": "O", "1": "I", "8": "B"})
_LETTERS = 64


class BadText(Exception):
    """What was typed is no such text, or belongs elsewhere; the message says in one sentence what to do."""


class Kind(Enum):
    """What a text is."""

    REQUEST = b"Y"
    ANSWER = b"T"
    FIRST = b"1"
    SECOND = b"2"
    PUBLIC = b"K"


@dataclass(frozen=True)
class Code:
    """A text of 64 letters: what it is, of which recovery key (or for which request), and 32 bytes."""

    kind: Kind
    mark: bytes
    body: bytes

    def text(self) -> str:
        """Return it as it is shown: sixteen groups of four letters."""
        inner = self.kind.value + self.mark + self.body
        letters = b32encode(inner + hashlib.sha256(inner).digest()[:4]).decode()
        return " ".join(letters[at : at + 4] for at in range(0, _LETTERS, 4))

    @classmethod
    def read(cls, text: str, *kinds: Kind) -> "Code":
        """Read what a person typed or scanned; spaces and dashes do not count, nor 0 for O, 1 for I, 8 for B."""
        letters = "".join(one for one in text.upper().translate(_MISREAD) if one.isalnum())
        if len(letters) != _LETTERS:
            raise BadText(f"Mã có {len(letters)} ký tự, cần đúng {_LETTERS}; xem lại từng nhóm bốn ký tự.")
        try:
            raw = b32decode(letters)
            inner, found = raw[:-4], Kind(raw[:1])
        except ValueError:
            raise BadText("Mã không đúng; xem lại từng nhóm bốn ký tự.") from None
        if hashlib.sha256(inner).digest()[:4] != raw[-4:]:
            raise BadText("Mã không đúng; xem lại từng nhóm bốn ký tự.")
        if found not in kinds:
            raise BadText("Đây là mã khác; nhập đúng mã được hỏi.")
        return cls(found, inner[1:4], inner[4:])


@dataclass(frozen=True)
class Wrapped:
    """A data key that the recovery key opens; *point* is the one-time point it was wrapped with."""

    recipient: bytes
    point: bytes
    closed: bytes

    def as_dict(self) -> dict[str, str]:
        """Return it as JSON carries it."""
        return {name: b64encode(getattr(self, name)).decode() for name in ("recipient", "point", "closed")}

    @classmethod
    def of(cls, said: dict[str, str]) -> "Wrapped":
        """Read what `as_dict` made."""
        return cls(*(b64decode(said[name]) for name in ("recipient", "point", "closed")))

    def request(self) -> str:
        """Return what the laptop shows to be opened."""
        return Code(Kind.REQUEST, _mark(self.recipient), self.point).text()

    def open(self, answer: str) -> bytes:
        """Return the data key, or raise BadText."""
        given = Code.read(answer, Kind.ANSWER)
        if given.mark != _mark(self.point):
            raise BadText("Mã trả lời này là cho yêu cầu khác; gửi lại mã yêu cầu đang hiện trên máy này.")
        try:
            return _lock(given.body, self.recipient, self.point).decrypt(bytes(12), self.closed, None)
        except InvalidTag:
            raise BadText("Mã trả lời không mở được máy này; làm lại với hai nửa khóa đúng của văn phòng.") from None


@dataclass(frozen=True)
class Made:
    """A fresh recovery key: the public one, which laptops get, and two halves of the private one, for two people."""

    public: str
    halves: tuple[str, str]


def recipient_of(public: str) -> bytes:
    """Return the public key in its text, or raise BadText."""
    code = Code.read(public, Kind.PUBLIC)
    if code.mark != _mark(code.body):
        raise BadText("Mã không đúng; xem lại từng nhóm bốn ký tự.")
    return code.body


def make() -> Made:
    """Draw a recovery key. One half alone says nothing about the other, nor about the key."""
    key = X25519PrivateKey.generate()
    recipient, first = key.public_key().public_bytes_raw(), os.urandom(32)
    second = _xor(first, key.private_bytes_raw())
    mark = _mark(recipient)
    public = Code(Kind.PUBLIC, mark, recipient).text()
    return Made(public, (Code(Kind.FIRST, mark, first).text(), Code(Kind.SECOND, mark, second).text()))


def wrap(key: bytes, recipient: bytes) -> Wrapped:
    """Wrap a data key for the recovery key, with a new one-time point."""
    once = X25519PrivateKey.generate()
    point = once.public_key().public_bytes_raw()
    shared = once.exchange(X25519PublicKey.from_public_bytes(recipient))
    return Wrapped(recipient, point, _lock(shared, recipient, point).encrypt(bytes(12), key, None))


def answer(request: str, one: str, other: str) -> str:
    """Return the answer to a laptop's *request*, from both halves in either order, or raise BadText."""
    asked = Code.read(request, Kind.REQUEST)
    halves = [Code.read(half, Kind.FIRST, Kind.SECOND) for half in (one, other)]
    if halves[0].kind is halves[1].kind:
        raise BadText("Hai nửa khóa giống nhau; cần nửa của cả hai người.")
    if {half.mark for half in halves} != {asked.mark}:
        raise BadText("Nửa khóa không thuộc khóa dự phòng của máy này; tìm đúng phong bì.")
    key = X25519PrivateKey.from_private_bytes(_xor(halves[0].body, halves[1].body))
    if _mark(key.public_key().public_bytes_raw()) != asked.mark:
        raise BadText("Hai nửa khóa không khớp nhau; tìm đúng phong bì.")
    try:
        shared = key.exchange(X25519PublicKey.from_public_bytes(asked.body))
    except ValueError:
        raise BadText("Mã yêu cầu không dùng được; tải lại trang trên máy rồi đọc lại mã.") from None
    return Code(Kind.ANSWER, _mark(asked.body), shared).text()


def _lock(shared: bytes, recipient: bytes, point: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(HKDF(SHA256(), 32, None, b"doi178 recovery" + recipient + point).derive(shared))


def _mark(key: bytes) -> bytes:
    return hashlib.sha256(key).digest()[:3]


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
