"""The server's keys: one that signs, one for TLS, one secret. Files in the data folder, never in the database."""

import hmac
import os
from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from sync.http import key_fingerprint


@dataclass(frozen=True)
class Keys:
    """The keys of one server, read once."""

    signing: Ed25519PrivateKey
    secret: bytes
    fingerprint: str

    @property
    def public(self) -> str:
        """The key that receipts are checked with, raw and in base64."""
        return b64encode(self.signing.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()

    def derive(self, *parts: str) -> str:
        """Return a secret text that only this server can make again from *parts*."""
        return hmac.new(self.secret, "\n".join(parts).encode(), sha256).hexdigest()


def make_keys(folder: Path) -> None:
    """Make the keys of a new server in *folder*, readable by nobody else."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    signing = Ed25519PrivateKey.generate()
    _write(folder / "sign.pem", signing.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    write_tls(folder)
    _write(folder / "secret", os.urandom(32))


def write_tls(folder: Path) -> None:
    """Make a key and certificate for TLS in *folder*, the certificate last."""
    tls = ec.generate_private_key(ec.SECP256R1())
    _write(folder / "tls.pem", tls.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    _write(folder / "tls.crt", _certificate(tls).public_bytes(Encoding.PEM))


def read_keys(folder: Path) -> Keys:
    """Read the keys in *folder*, or raise FileNotFoundError."""
    signing = load_pem_private_key((folder / "sign.pem").read_bytes(), None)
    assert isinstance(signing, Ed25519PrivateKey), "sign.pem holds an Ed25519 key"
    return Keys(signing, (folder / "secret").read_bytes(), fingerprint_of(folder / "tls.crt"))


def fingerprint_of(certificate: Path) -> str:
    """Return the fingerprint of the key in a certificate's file: what laptops pin."""
    return key_fingerprint(x509.load_pem_x509_certificate(certificate.read_bytes()).public_bytes(Encoding.DER))


def _certificate(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    """Make a certificate for *key*. Laptops pin the key, so the name and the dates only please TLS libraries."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "doi178")])
    today = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=2))
        .not_valid_after(today + timedelta(days=365 * 20))
        .sign(key, hashes.SHA256())
    )


def _write(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
