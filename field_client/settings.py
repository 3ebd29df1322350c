"""Where a laptop's data lives, and whether it may lie plain: frozen, read once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path


@dataclass(frozen=True)
class Settings:
    """The one folder of a laptop's data, and the files in it."""

    data: Path
    plain: bool = False  # a new store is not encrypted: said out loud

    @property
    def vault(self) -> Path:
        """The data key, wrapped."""
        return self.data / "vault.json"

    @property
    def database(self) -> Path:
        """The database file."""
        return self.data / "field.db"

    @property
    def key(self) -> Path:
        """This laptop's own private key."""
        return self.data / "device.key"

    @property
    def files(self) -> Path:
        """The folder of the photos and scans that were attached here."""
        return self.data / "files"

    @property
    def releases(self) -> Path:
        """The folder of a newer program on its way."""
        return self.data / "releases"

    @property
    def backups(self) -> Path:
        """The folder of the daily backups."""
        return self.data / "backups"

    @property
    def sync_lock(self) -> Path:
        """Held while something is sent or fetched."""
        return self.data / "sync.lock"

    @property
    def run_lock(self) -> Path:
        """Held by the program that has the folder open in a browser."""
        return self.data / "run.lock"

    @property
    def run_address(self) -> Path:
        """Says where that program listens."""
        return self.data / "run.json"

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ, data: str | Path | None = None) -> "Settings":
        """Take *data*, or DOI178_DATA, or the folder that this system keeps for programs."""
        given = data or environ.get("DOI178_DATA")
        folder = Path(given) if given else user_data_path("doi178-field", appauthor=False)
        return cls(folder, environ.get("DOI178_PLAIN_STORE") == "1")
