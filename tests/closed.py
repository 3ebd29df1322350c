"""An encrypted laptop for tests: one passphrase, and how its store is opened beside the program."""

from pathlib import Path

from sqlite_utils import Database

from field_client.settings import Settings
from field_client.store import open_store
from field_client.vault import keys, opening

PASSPHRASE = "bốn từ dễ nhớ"


def close(settings: Settings) -> bytes:
    """Encrypt what lies in a folder, or what will, and return the data key."""
    return opening.unlock(settings, PASSPHRASE)


def key_of(settings: Settings) -> bytes:
    """Return the data key of an encrypted folder."""
    vault = keys.read(settings.vault)
    assert vault is not None, "it is encrypted"
    return vault.open(PASSPHRASE)


def opened(folder: Path) -> Database:
    """Open the store of an encrypted folder."""
    settings = Settings(folder)
    return open_store(settings.database, key_of(settings))
