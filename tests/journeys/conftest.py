"""Two real ends in real processes, and a line between them that can be cut anywhere."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from schemas.ids import new_id
from server.clock import now
from server.door.enrol import invite
from tests.closed import PASSPHRASE

COMMUNE = "new:15664"


class Line(threading.Thread):
    """A TCP proxy: passes bytes on until it is told to cut.

    `cut_down_after` bytes towards the laptop, or `cut_up_after` towards the server, the
    connection breaks; both count from the next connection on. `down` refuses everything.
    `rate` bytes a second pass, each way, as on a bad line.
    """

    def __init__(self, target: int) -> None:
        super().__init__(daemon=True)
        self.target = target
        self.cut_down_after: int | None = None
        self.cut_up_after: int | None = None
        self.down = False
        self.rate: int | None = None
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16_384)  # what is under way is little
        self.port = self.socket.getsockname()[1]

    def run(self) -> None:
        while True:
            try:
                near, _ = self.socket.accept()
            except OSError:
                return
            if self.down:
                near.close()
                continue
            threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(("127.0.0.1", self.target), 5)
        except OSError:
            near.close()
            return
        up = threading.Thread(target=self._pass, args=(near, far, self.cut_up_after), daemon=True)
        up.start()
        self._pass(far, near, self.cut_down_after)
        up.join()

    def _pass(self, source: socket.socket, sink: socket.socket, limit: int | None) -> None:
        passed = 0
        with suppress(OSError):
            while piece := source.recv(4096):
                if limit is not None and passed + len(piece) > limit:
                    sink.sendall(piece[: max(0, limit - passed)])
                    break
                if self.rate:
                    time.sleep(len(piece) / self.rate)
                sink.sendall(piece)
                passed += len(piece)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def stop(self) -> None:
        self.socket.close()


@dataclass
class ServerEnd:
    """The server as a process that can be killed and started again on the same data."""

    central: Any
    port: int
    process: subprocess.Popen[bytes] | None = None
    arguments: tuple[str, ...] = ()  # of `run`, beside port and folder

    def start(self, *launcher: str) -> None:
        """Start the server, perhaps under a *launcher* that takes its arguments."""
        data = str(self.central.settings.data)
        arguments = ("run", "--port", str(self.port), "--data", data, *self.arguments)
        self.process = subprocess.Popen(
            [sys.executable, *launcher, *arguments] if launcher else end("server.cli", *arguments),
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _wait_for(self.port)

    def kill(self) -> None:
        """kill -9."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)  # with its workers, where it has some
            self.process.wait()
            self.process = None
            while _listens(self.port):  # its workers take a moment to be gone
                time.sleep(0.01)

    def export(self, device: str) -> list[str]:
        """Return what the server says the laptop holds."""
        return call("server.cli", "export", "--scope", device, "--data", str(self.central.settings.data)).splitlines()


@dataclass
class LaptopEnd:
    """A laptop as a data folder, with its commands as processes."""

    data: Path
    device: str = ""
    recorded: set[str] = field(default_factory=set)

    def call(self, *arguments: str, text: str = "", fails: bool | None = False) -> str:
        """Run a command to its end; *fails* None: either way."""
        return call("field_client.cli", *arguments, "--data", str(self.data), text=text, fails=fails)

    def starts(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Begin a command and do not wait."""
        return subprocess.Popen(
            end("field_client.cli", *arguments, "--data", str(self.data)),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def records(self, place: str, **changes: Any) -> str:
        """Record one visit by command and return its id."""
        form = json.loads(self.call("record", "--template", place)) | changes
        id = json.loads(self.call("record", "-", "--json", text=json.dumps(form)))["id"]
        self.recorded.add(id)
        return str(id)

    def status(self) -> dict[str, Any]:
        return dict(json.loads(self.call("status", "--json")))

    def export(self) -> list[str]:
        """Return what the laptop holds, drafts aside."""
        return [line for line in self.call("export").splitlines() if json.loads(line)["kind"] != "draft"]


def end(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", f"from {module} import main; main()", *arguments]


def call(module: str, *arguments: str, text: str = "", fails: bool | None = False) -> str:
    done = subprocess.run(end(module, *arguments), input=text, capture_output=True, text=True, check=False)
    assert fails is None or bool(done.returncode) is fails, done.stderr
    return done.stderr if fails else done.stdout


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def _wait_for(port: int) -> None:
    for _ in range(200):
        if _listens(port):
            return
        time.sleep(0.05)
    raise AssertionError("the server did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(autouse=True)
def passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    """What every command opens the laptop with, and a backup: laptops are encrypted here, as they are everywhere."""
    monkeypatch.setenv("DOI178_PASSPHRASE", PASSPHRASE)


@pytest.fixture
def server_end(central) -> Iterator[ServerEnd]:
    """A running server with one team in Triệu Sơn."""
    member = {"agency": "", "role": "", "card": ""}
    team = {"name": "Đội 178 xã Triệu Sơn", "level": "commune", "epoch": "new", "area": "15664"}
    team |= {f"member/{n}": {"name": name, **member} for n, name in enumerate(("An", "Bình", "Cường"))}
    central.team = new_id()
    central.edit("team", central.team, team)
    running = ServerEnd(central, _free_port())
    running.start()
    yield running
    running.kill()


@pytest.fixture
def line(server_end) -> Iterator[Line]:
    """The line between the ends."""
    carried = Line(server_end.port)
    carried.start()
    yield carried
    carried.stop()


@pytest.fixture
def new_laptop(server_end, line, tmp_path) -> Callable[..., LaptopEnd]:
    """Return a function that enrols a laptop over the line and fetches its copy."""

    def build(name: str = "laptop", unit: str = COMMUNE) -> LaptopEnd:
        central = server_end.central
        address = f"http://127.0.0.1:{line.port}"
        code = invite(central.db, central.keys, unit=unit, team=central.team, address=address, at=now()).code.text()
        laptop = LaptopEnd(tmp_path / name)
        laptop.device = json.loads(laptop.call("enrol", code, "--json"))["device"]
        laptop.call("sync")
        return laptop

    return build
