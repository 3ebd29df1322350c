"""What stands between the pages and the store: the key, once somebody has unlocked, and whether anybody is there.

The key is in the memory of the running program and nowhere else. When nobody has touched the pages for a while they
are shut until the passphrase is given again; sending in the background goes on meanwhile.
"""

import threading
import time
from collections.abc import Callable

from field_client.settings import Settings
from field_client.vault import keys, office, opening

IDLE_MINUTES = 10


def _clocks() -> tuple[float, float]:
    """Return the clock that nobody can set, and the one that also counts while the lid is closed."""
    return time.monotonic(), time.time()


class Gate:
    """The key of one running program, and whether its pages are shut."""

    def __init__(self, settings: Settings, clocks: Callable[[], tuple[float, float]] = _clocks) -> None:
        """Begin without a key."""
        self.settings = settings
        self.key: bytes | None = None
        self.idle_minutes = IDLE_MINUTES
        self._clocks, self._touched = clocks, clocks()
        self._shut = False
        self._turn = threading.RLock()
        self._then: list[Callable[[bytes], None]] = []

    @property
    def locks(self) -> bool:
        """Say whether there is a passphrase to lock with: the store is open, and not plain."""
        return bool(self.key)

    @property
    def is_open(self) -> bool:
        """Say whether pages are shown: there is a key, and somebody was there a moment ago."""
        if self.locks and self.left() <= 0:
            self._shut = True
        return self.key is not None and not self._shut

    def left(self) -> float:
        """Return the seconds until the pages are shut if nobody touches them."""
        passed = max(now - before for now, before in zip(self._clocks(), self._touched, strict=True))
        return self.idle_minutes * 60 - passed

    def touch(self) -> None:
        """Note that somebody is there."""
        if self.is_open:
            self._touched = self._clocks()

    def shut(self) -> None:
        """Shut the pages now; sending goes on."""
        self._shut = self.locks

    def then(self, act: Callable[[bytes], None]) -> None:
        """Do *act* with the key once there is one, or now."""
        with self._turn:
            self._then.append(act)
            if self.key is not None:
                act(self.key)

    def unlock(self, passphrase: str) -> None:
        """Open with *passphrase*, which becomes the store's where it had none; one try at a time.

        WrongPassphrase, WeakPassphrase, or whatever keeps the store from being opened: then nothing has changed.
        """
        with self._turn:
            if self.key is None:
                self.take(opening.unlock(self.settings, passphrase))
                return
            vault = keys.read(self.settings.vault)
            if vault is None or vault.open(passphrase) != self.key:
                raise keys.WrongPassphrase
            self._reopen()

    def change(self, old: str, new: str) -> None:
        """Set another passphrase, for somebody who knows the one before: WrongPassphrase or WeakPassphrase."""
        with self._turn:
            vault = keys.read(self.settings.vault)
            if vault is None or self.key is None or vault.open(old) != self.key:
                raise keys.WrongPassphrase
            keys.change(self.settings.vault, self.key, new)

    def recover(self, answer: str, passphrase: str) -> None:
        """Open with the two holders' answer and set another passphrase; BadText, WeakPassphrase, NoRecovery."""
        with self._turn:
            key = office.open_by(self.settings, answer, passphrase)
            opening.open_with(self.settings, key)
            self.take(key)

    def take(self, key: bytes) -> None:
        """Go on with *key*, which opened the store."""
        with self._turn:
            if self.key is None:
                for act in self._then:
                    act(key)
                self.key = key
            self._reopen()

    def _reopen(self) -> None:
        self._touched, self._shut = self._clocks(), False
