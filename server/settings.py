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
