"""A few bytes locked by a passphrase, as an age file.

pyrage reads such files, but when it writes one it takes as much memory for the key as the
machine can fill in a second: 1 GB where this was measured, and the PC that opens it must
have as much. This writes the same public format (C2SP, age-encryption.org/v1) for 128 MB.
"""

import hashlib
import hmac
import os
import unicodedata
from base64 import b64encode

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

WORK = 17  # log2 of scrypt's N: 128 MB and some tenths of a second
CHUNK = 65_536


def tidy(passphrase: str) -> str:
    """Return the passphrase in the one form that counts: Vietnamese letters may be typed in two."""
    return unicodedata.normalize("NFC", passphrase.strip())


def lock(secret: bytes, passphrase: str) -> bytes:
    """Return *secret*, at most 64 KiB, as an age file that *passphrase* opens."""
    assert len(secret) <= CHUNK, "one chunk"
    file_key, salt, nonce = os.urandom(16), os.urandom(16), os.urandom(16)
    wrapping = hashlib.scrypt(
        tidy(passphrase).encode(), salt=b"age-encryption.org/v1/scrypt" + salt, n=1 << WORK, r=8, p=1, dklen=32,
        maxmem=1 << (WORK + 11),
    )  # fmt: skip
    wrapped = ChaCha20Poly1305(wrapping).encrypt(bytes(12), file_key, None)
    head = f"age-encryption.org/v1\n-> scrypt {_text(salt)} {WORK}\n{_text(wrapped)}\n---".encode()
    mac = hmac.new(_derive(file_key, b"", b"header"), head, "sha256").digest()
    last = bytes(11) + b"\1"  # the first chunk, and the last
    body = ChaCha20Poly1305(_derive(file_key, nonce, b"payload")).encrypt(last, secret, None)
    return head + f" {_text(mac)}\n".encode() + nonce + body


def _derive(key: bytes, salt: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt or None, purpose).derive(key)


def _text(raw: bytes) -> str:
    return b64encode(raw).decode().rstrip("=")
