"""Where the server is reached: left in the data folder by whoever serves, read for the enrolment codes."""

import json
from pathlib import Path
from urllib.parse import urlsplit

from sync.http import LOOPBACK

ADDRESS_FILE = "address.json"
DEFAULT_ADDRESS = "http://127.0.0.1:8178"


def address_of(folder: Path) -> str:
    """Return the address under which the server in *folder* was last run."""
    try:
        return str(json.loads((folder / ADDRESS_FILE).read_text())["address"])
    except (OSError, ValueError, KeyError):
        return DEFAULT_ADDRESS


def leave_address(folder: Path, address: str) -> None:
    """Write where the server is reached, for the enrolment codes; only once the port is ours."""
    (folder / ADDRESS_FILE).write_text(json.dumps({"address": address}))


def is_here(address: str) -> bool:
    """Say whether *address* means this very machine, and reaches it from no other."""
    return urlsplit(address).hostname in LOOPBACK
