"""A paper as PDF. The same paper gives the same bytes; nothing is read from the network."""

import json
import subprocess
import sys
from pathlib import Path

from server.documents.laid import laid
from server.documents.model import Paper
from server.documents.setting import set_pages
from server.documents.tabled import Laid

# The typesetter keeps what it has set: half a gigabyte for a province's return, and it is never given back.
_MANY = 3000  # cells; more are set by a process of their own, which ends
_ROOT = Path(__file__).parents[2]


def as_pdf(paper: Paper) -> bytes:
    """Set *paper* as PDF."""
    said = laid(paper)
    given = json.dumps(said, ensure_ascii=False)
    return _apart(given) if _cells(said) > _MANY else set_pages(given)


def _cells(said: Laid) -> int:
    tables = (table for one in (*said["body"], *said["annexes"]) for table in one.get("tables", ()))
    return sum(len(table["rows"]) * len(table["figures"]) for table in tables)


def _apart(given: str) -> bytes:
    command = [sys.executable, "-m", "server.documents.setting"]
    return subprocess.run(command, input=given.encode(), cwd=_ROOT, capture_output=True, check=True).stdout
