"""The Ed25519 keys that both ends have, as the age format takes them: written as OpenSSH writes keys."""

import hashlib
from base64 import b64decode, b64encode

import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat


def public_key(text: str) -> Ed25519PublicKey:
    """Read a key that is kept raw in base64, or raise ValueError."""
    return Ed25519PublicKey.from_public_bytes(b64decode(text, validate=True))


def recipient(key: Ed25519PublicKey) -> pyrage.ssh.Recipient:
    """Return whom a bundle is closed for."""
    return pyrage.ssh.Recipient.from_str(_openssh(key).decode())


def identity(key: Ed25519PrivateKey) -> pyrage.ssh.Identity:
    """Return who opens a bundle."""
    return pyrage.ssh.Identity.from_buffer(key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))


def mark(key: Ed25519PublicKey) -> str:
    """Return how a file in the age format marks that it is for *key*: four bytes of a hash, in base64."""
    wire = b64decode(_openssh(key).split()[1])
    return b64encode(hashlib.sha256(wire).digest()[:4]).decode().rstrip("=")


def _openssh(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
