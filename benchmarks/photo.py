"""One photo over a line that is cut again and again, beside the same bytes in one request over a whole line."""

import hashlib
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

import requests
from sqlite_utils import Database

from benchmarks.ends import Office, Workshop, known_places, office_with_register, serving
from benchmarks.figure import Figure, tell, timed
from benchmarks.sizes import Size
from benchmarks.syncing import first_sync
from field_client.attachments import attach, left
from field_client.records import record
from field_client.syncing import sync_now
from field_client.taking import Given
from schemas.attachments import Role
from schemas.ids import new_id
from server.clock import local_day, now

FIGURES = ("photo",)
PHOTO = 5_000_000  # bytes
CUT = 256 * 1024  # bytes that a connection carries up before it breaks
ROUNDS = 5
SYNCS = 20  # at most, each going on where the one before it stopped


def measure(size: Size, workshop: Workshop) -> Iterator[Figure]:
    """Send a photo whose record has arrived; the time is that of the syncs until the server has it."""
    ours, theirs, cuts = [], [], 0
    with serving(office_with_register(workshop, size), workers=2) as office:
        for n in range(ROUNDS):
            tell(f"  a photo over a cut line, round {n + 1} of {ROUNDS}")
            with cutting(office.address, CUT) as line:
                seconds, photo = _send(office, workshop.folder("photographer"), size, line)
                cuts += line.cuts
            ours.append(seconds)
            theirs.append(_plain(workshop.folder("plain"), photo))
    note = f"{PHOTO} bytes, cut after each {CUT} of a connection, {cuts / ROUNDS:.0f} cuts; median of {ROUNDS}"
    yield Figure("photo", size.name, median(ours), "s", {"plain": median(theirs)}, note)


def _send(office: Office, folder: Path, size: Size, line: "Cutting") -> tuple[float, bytes]:
    db = office.laptop(folder, size.area, line.address)
    first_sync(db)
    _photograph(db, folder)
    line.whole = False
    with timed() as clock:
        for _ in range(SYNCS):
            sync_now(db)
            if not left(db.conn).waiting:
                break
    assert not left(db.conn).waiting, "the photo did not arrive"
    (kept,) = (folder / "files").iterdir()
    received = office.folder / "files" / kept.name[:2] / kept.name
    assert received.read_bytes() == kept.read_bytes(), "what arrived is not what was sent"
    db.close()
    return clock.seconds, kept.read_bytes()


def _photograph(db: Database, folder: Path) -> None:
    """Finish a visit with one photo, and let its record arrive: only the photo is timed."""
    place, _ = known_places(db)[0]
    body = {"establishment": place, "team": new_id(), "date": local_day(now()).isoformat(), "basis": "planned",
            "outcome": "no_violation", "members": [{"name": name} for name in ("An", "Bình", "Cường")]}  # fmt: skip
    visit = record(db, new_id(), body, at=now()).id
    paper = folder / "photo.pdf"
    paper.write_bytes(b"%PDF-1.7\n" + os.urandom(PHOTO - 9))
    attach(db, visit, paper, Given(Role.PHOTO), at=now())
    paper.unlink()


class Cutting:
    """A line in front of a server; unless it is *whole*, a connection breaks once it has carried so much up."""

    def __init__(self, after: int) -> None:
        """Begin whole."""
        self.after = after
        self.whole = True
        self.cuts = 0
        self.address = ""


@contextmanager
def cutting(address: str, after: int) -> Iterator[Cutting]:
    """Listen in front of *address* for the block; the line says where."""
    target = urlsplit(address)
    line = Cutting(after)
    with socket.create_server(("127.0.0.1", 0)) as door:
        line.address = f"http://127.0.0.1:{door.getsockname()[1]}"
        threading.Thread(target=_accept, args=(door, (target.hostname, target.port), line), daemon=True).start()
        yield line


def _accept(door: socket.socket, target: tuple[str, int], line: Cutting) -> None:
    with suppress(OSError):  # the door was closed: the block has ended
        while True:
            client, _ = door.accept()
            server = socket.create_connection(target)
            for one in (client, server):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=_pass, args=(client, server, line), daemon=True).start()
            threading.Thread(target=_pass, args=(server, client, None), daemon=True).start()


def _pass(one: socket.socket, other: socket.socket, line: Cutting | None) -> None:
    passed = 0
    with suppress(OSError):
        while piece := one.recv(65_536):
            room = line.after - passed if line and not line.whole else len(piece)
            other.sendall(piece[:room])
            passed += len(piece)
            if line and len(piece) > room:
                line.cuts += 1
                break
    for end in (one, other):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def _plain(folder: Path, photo: bytes) -> float:
    """Return the seconds of one request with all the bytes, to a bare server that writes them to its disk."""

    class Bare(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            with (folder / "photo").open("wb") as file:
                file.write(self.rfile.read(int(self.headers["Content-Length"])))
                file.flush()
                os.fsync(file.fileno())
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Bare) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/{hashlib.sha256(photo).hexdigest()}"
        with requests.Session() as session, timed() as clock:
            session.trust_env = False
            session.put(address, data=photo, timeout=60).raise_for_status()
        server.shutdown()
    return clock.seconds
