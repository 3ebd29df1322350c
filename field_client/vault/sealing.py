"""How a laptop locks its backups: under its data key, with vault.json in front, so that no passphrase need be typed."""

import json
from base64 import b64decode, b64encode
from pathlib import Path

from field_client.vault import box
from field_client.vault.keys import Vault, WrongPassphrase
from sync.recovery_key import Wrapped
from sync.sealed import Closing, NotSealed, by_passphrase, first_part


def by_data_key(vault: Vault, key: bytes) -> Closing:
    """Lock with *key*; *vault* goes in front, by which the passphrase of that day or the recovery key opens it."""

    def lock(secret: bytes) -> bytes:
        said = {"vault": vault.text().decode(), "identity": b64encode(box.close(secret, key)).decode()}
        return json.dumps(said).encode()

    def unlock(locked: bytes) -> bytes:
        try:
            return box.opened(b64decode(json.loads(locked)["identity"]), key)
        except (box.Broken, ValueError, KeyError):
            raise NotSealed("Khóa này không mở được bản lưu; chọn bản lưu khác.") from None

    return Closing(lock, unlock)


def vault_of(path: Path) -> Vault | None:
    """Return what opens the backup at *path*, None where a passphrase of its own does; or raise NotSealed."""
    first = first_part(path)
    if not first.startswith(b"{"):
        return None
    try:
        return Vault.of(json.loads(first)["vault"].encode())
    except (ValueError, KeyError):
        raise NotSealed(f"Tệp {path} bị cắt hoặc bị hỏng; dùng bản lưu khác.") from None


def opened_by(path: Path, passphrase: str) -> tuple[Closing, bytes]:
    """Return how *passphrase* opens the backup at *path*, and the data key of what is in it; or raise NotSealed."""
    vault = vault_of(path)
    if vault is None:
        return by_passphrase(passphrase), b""
    try:
        key = vault.open(passphrase)
    except WrongPassphrase:
        raise NotSealed("Mật khẩu không đúng với bản lưu này; nhập mật khẩu của ngày lưu.") from None
    return by_data_key(vault, key), key


def wrapped_in(path: Path) -> Wrapped | None:
    """Return how the recovery key opens the backup at *path*, None where it does not."""
    vault = vault_of(path)
    return vault.recovery if vault else None


def opened_by_answer(path: Path, answer: str) -> tuple[Closing, bytes]:
    """Do as `opened_by` with the answer of the two holders of the recovery key; BadText where it is another one's."""
    vault = vault_of(path)
    if vault is None or vault.recovery is None:
        raise NotSealed("Bản lưu này không mở được bằng khóa dự phòng; nhập mật khẩu của ngày lưu.")
    key = vault.recovery.open(answer)
    return by_data_key(vault, key), key
