"""Moving the server to another TLS key: the old one signs the new one, and laptops follow (sync.moving)."""

import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from schemas.fields import instant_text
from server.keys import Keys, fingerprint_of, read_keys, write_tls
from sync.moving import move

MOVES = "moves.json"


def rekey(folder: Path, at: datetime) -> Keys:
    """Give the server whose keys are in *folder* a new TLS key, signed by the old one; it serves it when next run.

    The old key stays beside it, in a folder named after its fingerprint. A move that was cut
    short is taken up where it stood.
    """
    fresh = folder / "new"
    if not (fresh / "tls.crt").exists():
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        write_tls(fresh)
    new = fingerprint_of(fresh / "tls.crt")
    if new not in {made["new"] for made in moves(folder)}:
        _add(folder, move(_tls_key(folder), new, instant_text(at)).as_dict())
    kept = folder / f"old-{fingerprint_of(folder / 'tls.crt')[:16]}"
    kept.mkdir(mode=0o700, exist_ok=True)
    for name in ("tls.pem", "tls.crt"):  # the certificate last: it says whether the move is done
        if (fresh / name).exists():
            shutil.copy2(folder / name, kept / name)
            (fresh / name).replace(folder / name)
    fresh.rmdir()
    return read_keys(folder)


def moves(folder: Path) -> list[dict[str, Any]]:
    """Return every move of the server's TLS key so far, the oldest first."""
    try:
        return list(json.loads((folder / MOVES).read_text()))
    except FileNotFoundError:
        return []


def _add(folder: Path, made: dict[str, str]) -> None:
    unfinished = folder / f"{MOVES}.new"
    unfinished.write_text(json.dumps([*moves(folder), made], indent=1))
    unfinished.replace(folder / MOVES)


def _tls_key(folder: Path) -> ec.EllipticCurvePrivateKey:
    key = load_pem_private_key((folder / "tls.pem").read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey), "tls.pem holds an elliptic curve key"
    return key
