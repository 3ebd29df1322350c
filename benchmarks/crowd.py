"""A process full of laptops: `python -m benchmarks.crowd VISITS FOLDER…` prepares them, waits for a word, syncs all.

Each laptop has a store of its own and a thread of its own, and does what the laptop's program
does: it syncs until nothing waits, and comes back when the program would.
"""

import json
import random
import shutil
import sys
import threading
import time
from pathlib import Path
from typing import Any

from benchmarks.ends import Office, fill_outbox
from benchmarks.syncing import first_sync
from field_client import enrolment, syncing
from field_client.jobs import delay
from field_client.store import connect, get_meta, open_store
from field_client.syncing import Trouble, sync_now
from server.clock import now
from server.door.enrol import redeem
from server.keys import read_keys
from server.settings import Settings
from server.store import connect as connect_server
from sync.errors import Unreachable
from sync.wire import Page


class Direct:
    """Redeems enrolment codes at a server's own store: its door lets in thirty in ten minutes."""

    fingerprint = heard = ""

    def __init__(self, office: Office) -> None:
        """Open the server's store."""
        self.db = connect_server(Settings(office.folder).database)
        self.keys = read_keys(Settings(office.folder).keys)

    def enrol(self, secret: str, name: str, public_key: str, proof: str, device: str = "") -> dict[str, Any]:
        """Redeem a code as the door does."""
        given = {"code": secret, "name": name, "public_key": public_key, "proof": proof, "device": device}
        return redeem(self.db, self.keys, given, now())

    def communes(self) -> list[str]:
        """Name the communes in which there are places."""
        return [row[0] for row in self.db.conn.execute("SELECT DISTINCT commune FROM placements ORDER BY commune")]


def enrol_many(office: Office, root: Path, count: int) -> list[Path]:
    """Enrol *count* laptops over the communes that have places; return their folders, each with an empty store."""
    template, direct = root / "template.db", Direct(office)
    where = direct.communes()
    open_store(template).close()
    folders = []
    for n in range(count):
        folder = root / f"{n:04d}"
        folder.mkdir()
        shutil.copy(template, folder / "field.db")
        db = open_store(folder / "field.db")
        code = office.code(where[n % len(where)])
        enrolment.enrol(db, folder / "device.key", code, at=now(), name=f"Máy {n}", line=direct)
        db.close()
        folders.append(folder)
    direct.db.close()
    return folders


class Watched(syncing.DeviceLine):
    """A laptop's line that notes when it began to fetch, all receipts stored, and how often it was sent away."""

    fetching = 0.0
    refused = 0

    def since(self, cursor: str) -> Page:
        """Note the moment, and fetch."""
        self.fetching = self.fetching or time.monotonic()
        return super().since(cursor)

    def ask_once(self, method: str, path: str, **kwargs: Any) -> Any:
        """Count a busy server, and ask."""
        try:
            return super().ask_once(method, path, **kwargs)
        except Unreachable as error:
            self.refused += error.retry_after is not None
            raise


def sync_all(folder: Path, begun: float) -> dict[str, Any]:
    """Sync one laptop until nothing waits, as its program would; return what it took, in seconds from *begun*."""
    db = connect(folder / "field.db")
    said: dict[str, Any] = {"waited": 0.0, "refused": 0, "tries": 0}
    while True:
        meta = [get_meta(db.conn, key) for key in ("address", "fingerprint", "credential")]
        line = Watched(*meta)
        outcome = sync_now(db, line=line)
        said["tries"] += 1
        said["waited"] += outcome.waited_s
        said["refused"] += line.refused
        if line.fetching and not outcome.waiting:
            said.setdefault("receipts", line.fetching - begun)
        if not outcome.waiting and outcome.trouble is Trouble.NONE:
            break
        wait = delay(outcome.trouble, said["tries"], outcome.retry_after, random.random())
        said["waited"] += wait
        time.sleep(wait)
    db.close()
    return said | {"end": time.monotonic() - begun}


def main() -> None:
    """Prepare, wait for a word on stdin, sync all of them, and print what each took."""
    count, folders = int(sys.argv[1]), [Path(name) for name in sys.argv[2:]]
    for folder in folders:
        db = connect(folder / "field.db")
        first_sync(db)
        fill_outbox(db, count)
        db.close()
    print("ready", flush=True)
    sys.stdin.readline()
    begun = time.monotonic()
    said: list[dict[str, Any]] = []
    threads = [threading.Thread(target=lambda one=one: said.append(sync_all(one, begun))) for one in folders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main()
