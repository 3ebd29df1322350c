"""A laptop in a process of its own: `python -m benchmarks.laptop send|get FOLDER` syncs once and says how it went."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.ends import memory, process
from benchmarks.figure import timed
from field_client.store import connect
from field_client.syncing import Half, sync_now


class Failed(Exception):
    """The sync did not go through."""


def sync_apart(half: Half, folder: Path) -> dict[str, Any]:
    """Sync the laptop of *folder* in a process of its own; return seconds, counts, bytes and memory."""
    with process("-m", "benchmarks.laptop", half.value, str(folder), output=subprocess.PIPE) as running:
        said, trouble = running.communicate()
    try:
        outcome: dict[str, Any] = json.loads(said.splitlines()[-1])
    except (ValueError, IndexError):
        raise Failed(said + trouble) from None
    if outcome["trouble"]:
        raise Failed(outcome["words"])
    return outcome


def main() -> None:
    """Sync once; the time is that of the sync, without the start of Python."""
    half, folder = sys.argv[1:]
    db = connect(Path(folder) / "field.db")
    with timed() as clock:
        outcome = sync_now(db, halves=frozenset({Half(half)}))
    peak, present = memory(os.getpid())
    said = outcome.as_dict() | {"trouble": outcome.trouble.value, "words": outcome.words, "seconds": clock.seconds}
    print(json.dumps(said | {"peak": peak, "present": present}), flush=True)


if __name__ == "__main__":
    main()
