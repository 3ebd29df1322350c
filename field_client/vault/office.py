"""The office's recovery key on a laptop: with it a forgotten passphrase costs nothing."""

import sqlite3
from contextlib import suppress

from field_client.settings import Settings
from field_client.store.base import get_meta, put_meta
from field_client.vault import keys
from sync.recovery_key import BadText, Code, Kind, recipient_of

KNOWN = "recovery_key"  # its public text, as the office gave it


class NoRecovery(Exception):
    """No office has a key for this laptop."""

    def __init__(self) -> None:
        super().__init__("Máy này chưa có khóa dự phòng của văn phòng nên không mở lại được khi quên mật khẩu.")


def learn(conn: sqlite3.Connection, public: str) -> None:
    """Keep the public text of the office's recovery key, or raise BadText; called under the write lock."""
    put_meta(conn, KNOWN, Code(Kind.PUBLIC, Code.read(public, Kind.PUBLIC).mark, recipient_of(public)).text())


def wrap(settings: Settings, conn: sqlite3.Connection, key: bytes) -> None:
    """See that the data key is wrapped for the recovery key that this laptop was told of; a plain store has none."""
    vault = keys.read(settings.vault)
    if not key or vault is None:
        return
    with suppress(BadText):  # of a form that this program does not know
        recipient = recipient_of(get_meta(conn, KNOWN))
        if vault.recovery is None or vault.recovery.recipient != recipient:
            keys.wrap_for_office(settings.vault, key, recipient)


def request(settings: Settings) -> str:
    """Return the text that a locked laptop shows to the two holders, or raise NoRecovery."""
    vault = keys.read(settings.vault)
    if vault is None or vault.recovery is None:
        raise NoRecovery
    return vault.recovery.request()


def open_by(settings: Settings, answer: str, passphrase: str) -> bytes:
    """Return the data key that the holders' *answer* opens, wrapped anew: by *passphrase*, and for another answer.

    BadText or WeakPassphrase, and nothing has changed.
    """
    vault = keys.read(settings.vault)
    if vault is None or vault.recovery is None:
        raise NoRecovery
    key = vault.recovery.open(answer)
    keys.change(settings.vault, key, passphrase)
    keys.wrap_for_office(settings.vault, key, vault.recovery.recipient)
    return key
