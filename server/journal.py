"""What a restored backup must not undo: revocations, retirements and erasures, in a file beside the backups.

Lines of JSON, only ever added: `{"do": "revoke", "device", "set": {fields of the device}, "at"}` and `unlock`, which
takes it back, `retire` and `reuse` likewise, `{"do": "erase", "item", "ground", "keep_rest", "at"}`, and
`{"do": "restore", …}` for each history that was begun.
"""

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

NAME = "doi178-journal.jsonl"


def note(folder: Path, entry: dict[str, Any]) -> None:
    """Add *entry* to the journal in the data folder *folder*, and to the one beside the nightly backups.

    It is on the disk when this returns. A backup disk that is not there gets it with the next backup.
    """
    line = json.dumps(entry, ensure_ascii=False, sort_keys=True)
    _add(folder / NAME, [line])
    beside = os.environ.get("DOI178_BACKUP_DIR")
    if beside and Path(beside).is_dir():
        with suppress(OSError):
            _add(Path(beside) / NAME, [line])


def read(folders: Iterable[Path]) -> list[dict[str, Any]]:
    """Return what the journals in *folders* say, each entry once, the oldest first; a torn last line is left out."""
    lines = dict.fromkeys(line for folder in folders for line in _lines(folder / NAME))
    entries = []
    for line in lines:
        with suppress(ValueError):
            entry = json.loads(line)
            if isinstance(entry, dict) and isinstance(entry.get("do"), str):
                entries.append(entry)
    return sorted(entries, key=lambda entry: str(entry.get("at", "")))


def copy(source: Path, target: Path) -> None:
    """Add to the journal in *target* what only the one in *source* has."""
    known = set(_lines(target / NAME))
    missing = [line for line in _lines(source / NAME) if line not in known]
    if missing:
        _add(target / NAME, missing)


def _lines(path: Path) -> list[str]:
    try:
        return [line for line in path.read_text(encoding="utf-8", errors="replace").split("\n") if line]
    except FileNotFoundError:
        return []


def _add(path: Path, lines: list[str]) -> None:
    """Append whole lines; one that was torn by a power cut before stays a line of its own."""
    torn = path.exists() and path.stat().st_size and path.read_bytes()[-1:] != b"\n"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as file:
        file.write((b"\n" if torn else b"") + "".join(f"{line}\n" for line in lines).encode())
        file.flush()
        os.fsync(file.fileno())
