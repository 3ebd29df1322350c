"""vault.json: the data key of a store, wrapped by the team's passphrase and by the office's recovery key.

The data key is 32 random bytes. It opens the database, in which the key of the files stands. Nothing that opens the
data key lies on the laptop.
"""

import json
import os
import time
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pyrage

from field_client.vault import box
from sync import recovery_key
from sync.age_lock import lock, tidy
from sync.locks import Taken, alone
from sync.recovery_key import Wrapped

FORM = 1
SHORTEST = 10
TOO_SHORT = (
    f"Mật khẩu cần ít nhất {SHORTEST} ký tự: ngắn hơn thì người lấy được máy dò ra. Nên ghép bốn, năm từ dễ nhớ."
)


class WrongPassphrase(Exception):
    """The passphrase does not open this store."""

    def __init__(self) -> None:
        super().__init__("Mật khẩu không đúng; nhập lại.")


class WeakPassphrase(Exception):
    """The passphrase is too short to protect anything."""

    def __init__(self) -> None:
        super().__init__(TOO_SHORT)


@dataclass(frozen=True)
class Vault:
    """What vault.json says: the wrapped key, or that the store is plain because its user said so."""

    by_passphrase: bytes = b""  # an age file
    recovery: Wrapped | None = None
    plain: bool = False

    def open(self, passphrase: str) -> bytes:
        """Return the data key, or raise WrongPassphrase."""
        try:
            return bytes(pyrage.passphrase.decrypt(self.by_passphrase, tidy(passphrase)))
        except pyrage.DecryptError:
            raise WrongPassphrase from None

    def text(self) -> bytes:
        """Return it as it stands in the file."""
        said = {"form": FORM, "plain": self.plain, "passphrase": b64encode(self.by_passphrase).decode()}
        return json.dumps(said | {"recovery": self.recovery.as_dict() if self.recovery else None}).encode()

    @classmethod
    def of(cls, text: bytes) -> "Vault":
        """Read what `text` wrote."""
        said = json.loads(text)
        wrapped = Wrapped.of(said["recovery"]) if said["recovery"] else None
        return cls(b64decode(said["passphrase"]), wrapped, said["plain"])


def read(file: Path) -> Vault | None:
    """Return what *file* says, None where there is none."""
    try:
        return Vault.of(file.read_bytes())
    except FileNotFoundError:
        return None


def make(file: Path, passphrase: str) -> bytes:
    """Draw a data key, keep it wrapped in *file*, and return it; WeakPassphrase before anything is written."""
    key = os.urandom(32)
    box.write(file, Vault(_wrapped(key, passphrase)).text(), box.PLAIN)
    return key


def change(file: Path, key: bytes, passphrase: str) -> None:
    """Wrap *key* by another passphrase from now on; the one before opens this file no more."""
    wrapped = _wrapped(key, passphrase)
    with _editing(file) as vault:
        box.write(file, replace(vault, by_passphrase=wrapped).text(), box.PLAIN)


def _wrapped(key: bytes, passphrase: str) -> bytes:
    if len(tidy(passphrase)) < SHORTEST:
        raise WeakPassphrase
    return lock(key, passphrase)


def stay_plain(file: Path) -> None:
    """Keep that the store is to be plain, because a person said so."""
    box.write(file, Vault(plain=True).text(), box.PLAIN)


def wrap_for_office(file: Path, key: bytes, recipient: bytes) -> None:
    """Wrap *key* for the office's recovery key too, anew each time: an answer that was once overheard opens no more."""
    with _editing(file) as vault:
        box.write(file, replace(vault, recovery=recovery_key.wrap(key, recipient)).text(), box.PLAIN)


@contextmanager
def _editing(file: Path) -> Iterator[Vault]:
    """Be the only program that changes *file*, and see what it says now: a change of another is not written over."""
    with ExitStack() as held:
        for _ in range(200):
            with suppress(Taken):
                held.enter_context(alone(file.with_name("vault.lock")))
                break
            time.sleep(0.05)
        else:
            raise Taken
        vault = read(file)
        assert vault is not None, "an encrypted store has its file"
        yield vault
