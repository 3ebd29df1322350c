"""Laptops with keys of their own, so that what they sign can be proven."""

from base64 import b64encode
from dataclasses import dataclass

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from schemas.items import read
from schemas.minutes_code import Minutes, sign
from tests.conftest import COMMUNE


@dataclass
class Signing:
    """A laptop that prints: its items, as tests/conftest.py writes them, and its key."""

    laptop: object
    key: Ed25519PrivateKey

    def code(self, line, **wrong):
        """Return the code on the paper of *line*; *wrong*: what it says instead of the truth."""
        item = read(line)
        said = {
            "inspection": item.id, "revision": item.body.get("revision", 1), "date": item.body["date"],
            "name": item.name, "device": self.laptop.id,
        }  # fmt: skip
        return sign(Minutes(**(said | wrong)), self.key.sign)


@pytest.fixture
def printing(central):
    """Return a function that enrols a laptop with a key."""

    def build(unit=COMMUNE):
        key, laptop = Ed25519PrivateKey.generate(), central.laptop(unit)
        public = b64encode(key.public_key().public_bytes_raw()).decode()
        central.edit("device", laptop.id, {"public_key": public}, {"name": "Máy thử"})
        return Signing(laptop, key)

    return build
