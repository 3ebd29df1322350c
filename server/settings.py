"""Where the server's data lives and how it is reached: frozen, read once, or stop and name what is missing."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

UPLOAD_LIMIT = 128_000_000  # bytes of one request at most, where a page takes files; 16,000,000 elsewhere


@dataclass(frozen=True)
class Settings:
    """What a server needs to know before it opens its database.

    `proxy` (DOI178_PROXY) says that a proxy in front ends TLS: only then may the server
    listen beyond loopback without TLS of its own.
    """

    data: Path
    public_url: str = ""
    proxy: bool = False

    @property
    def database(self) -> Path:
        """The database file."""
        return self.data / "doi178.db"

    @property
    def keys(self) -> Path:
        """The folder of the keys."""
        return self.data / "keys"

    @property
    def files(self) -> Path:
        """The folder of received photos and scans, and of those on their way."""
        return self.data / "files"

    @property
    def clients(self) -> Path:
        """The folder of the laptops' program, one file a release."""
        return self.data / "clients"

    @property
    def run_lock(self) -> Path:
        """Shared by every program that works on this folder; whoever replaces the folder holds it alone."""
        return self.data / "run.lock"

    @property
    def verified(self) -> Path:
        """What the last verification rebuilt, to go on from there."""
        return self.data / "verified"

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read the environment, or stop now and name what is missing."""
        if not environ.get("DOI178_DATA"):
            raise SystemExit("Chưa biết thư mục dữ liệu: đặt DOI178_DATA, hoặc thêm --data THƯ_MỤC.")
        return cls(
            Path(environ["DOI178_DATA"]),
            environ.get("DOI178_PUBLIC_URL", ""),
            environ.get("DOI178_PROXY", "") == "1",
        )


@dataclass(frozen=True)
class NightlyBackup:
    """Where the server puts a backup every night, what opens it, and how many are kept."""

    folder: Path
    passphrase_file: Path
    keep: int = 14

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> "NightlyBackup | None":
        """Read the environment; None where no nightly backup is asked for. Stops when only half of it is said."""
        folder, file = environ.get("DOI178_BACKUP_DIR"), environ.get("DOI178_BACKUP_PASSPHRASE_FILE")
        keep = environ.get("DOI178_BACKUP_KEEP") or "14"
        if not folder:
            return None
        if not file:
            raise SystemExit("Đặt cả DOI178_BACKUP_PASSPHRASE_FILE: tệp chứa mật khẩu của bản lưu hằng đêm.")
        if not keep.isdigit() or int(keep) < 1:
            raise SystemExit("DOI178_BACKUP_KEEP là số bản lưu giữ lại, từ 1 trở lên.")
        return cls(Path(folder), Path(file), int(keep))
