"""Counts what goes over a line, headers and all: a proxy between a client and a server on loopback."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit


class Counter:
    """The bytes and the connections that went through."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self.up = self.down = self.connections = 0
        self.address = ""

    def start_over(self) -> None:
        """Begin at nothing again."""
        self.up = self.down = self.connections = 0


@contextmanager
def counting(address: str) -> Iterator[Counter]:
    """Listen in front of *address* for the block; the counter says where."""
    target = urlsplit(address)
    assert target.hostname and target.port, "the address of a server on loopback"
    counter = Counter()
    with socket.create_server(("127.0.0.1", 0)) as door:
        counter.address = f"http://127.0.0.1:{door.getsockname()[1]}"
        threading.Thread(target=_accept, args=(door, (target.hostname, target.port), counter), daemon=True).start()
        yield counter


def _accept(door: socket.socket, target: tuple[str, int], counter: Counter) -> None:
    with suppress(OSError):  # the door was closed: the block has ended
        while True:
            client, _ = door.accept()
            counter.connections += 1
            server = socket.create_connection(target)
            for one, other, way in ((client, server, "up"), (server, client, "down")):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=_pass, args=(one, other, counter, way), daemon=True).start()


def _pass(one: socket.socket, other: socket.socket, counter: Counter, way: str) -> None:
    with suppress(OSError):
        while piece := one.recv(65_536):
            setattr(counter, way, getattr(counter, way) + len(piece))
            other.sendall(piece)
        other.shutdown(socket.SHUT_WR)
