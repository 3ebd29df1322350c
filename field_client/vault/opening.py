"""How a data folder stands, and how it is opened: with a passphrase, or plain because somebody said so."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum

from field_client.settings import Settings
from field_client.vault import keys, older
from sync.locks import Taken, alone


class State(Enum):
    """How a data folder stands before it is opened."""

    NEW = "new"
    OLDER = "older"  # from a program that did not encrypt
    PLAIN = "plain"  # somebody said so
    CLOSED = "closed"


class Torn(Exception):
    """There is an encrypted database and nothing that opens it: a restore was cut short."""

    def __init__(self) -> None:
        super().__init__("Dữ liệu ở đây thiếu tệp vault.json nên không mở được; dựng lại từ bản lưu.")


class NoPassphrase(Exception):
    """The store is encrypted, or is to be, and nobody said the passphrase."""

    def __init__(self) -> None:
        super().__init__(
            "Dữ liệu trên máy này được mã hóa: đặt DOI178_PASSPHRASE, hoặc chạy ở cửa sổ lệnh để nhập mật khẩu."
        )


def state(settings: Settings) -> State:
    """Say how the folder stands."""
    vault = keys.read(settings.vault)
    if vault is not None:
        return State.PLAIN if vault.plain else State.CLOSED
    return State.OLDER if older.is_plain(settings.database) else State.NEW


def open_plain(settings: Settings) -> bytes:
    """Keep that the store is plain, which its user said out loud, and return the key of a plain store: none."""
    with _alone(settings):
        if state(settings) is State.CLOSED:
            raise NoPassphrase
        keys.stay_plain(settings.vault)
    return b""


def unlock(settings: Settings, passphrase: str) -> bytes:
    """Return the data key of the store that *passphrase* opens; what still lies plain in it is encrypted first.

    Where there was no key yet, one is made, and this becomes the passphrase: WeakPassphrase if it is too short.
    """
    vault = keys.read(settings.vault)
    key = vault.open(passphrase) if vault is not None and not vault.plain else _begin(settings, passphrase)
    open_with(settings, key)
    return key


def _begin(settings: Settings, passphrase: str) -> bytes:
    with _alone(settings):
        vault = keys.read(settings.vault)
        if vault is not None and not vault.plain:  # another program was first
            return vault.open(passphrase)
        if settings.database.exists() and settings.database.stat().st_size and not older.is_plain(settings.database):
            raise Torn
        return keys.make(settings.vault, passphrase)


def open_with(settings: Settings, key: bytes) -> None:
    """Encrypt what lies plain in a store whose data key is known: all of it, or what an earlier try left."""
    if older.left(settings):
        with _alone(settings):
            for _ in older.steps(settings, key):
                pass


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with alone(settings.data / "vault.lock"):
            yield
    except Taken:
        raise older.Busy from None
