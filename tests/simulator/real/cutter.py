"""A TCP proxy between real ends: it refuses, cuts after some bytes in either direction, holds back, or lets through."""

import random
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass


@dataclass(frozen=True)
class Cut:
    """What happens to one connection: after how many bytes it breaks, None for never; how long each piece is held."""

    up: int | None = None
    down: int | None = None
    refused: bool = False
    held: float = 0.0


class Cutter(threading.Thread):
    """Listens on a port of its own, and carries to *target*; `weather` is the chance that a connection is hurt."""

    def __init__(self, target: int, dice: random.Random) -> None:
        super().__init__(daemon=True)
        self.target, self.dice, self.weather, self.hurt = target, dice, 0.0, 0
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.door.getsockname()[1])

    def run(self) -> None:
        """Carry until the door is closed."""
        with suppress(OSError):
            while True:
                near, _ = self.door.accept()
                threading.Thread(target=self._carry, args=(near, self._cut()), daemon=True).start()

    def _cut(self) -> Cut:
        if self.dice.random() >= self.weather:
            return Cut()
        self.hurt += 1
        after = int(2 ** self.dice.uniform(0, 13))
        return self.dice.choice((Cut(up=after), Cut(down=after), Cut(down=after), Cut(refused=True),
                                 Cut(held=self.dice.uniform(0.0, 0.05))))  # fmt: skip

    def _carry(self, near: socket.socket, cut: Cut) -> None:
        with suppress(OSError), near:
            if cut.refused:
                return
            with socket.create_connection(("127.0.0.1", self.target), 5) as far:
                up = threading.Thread(target=_pass, args=(near, far, cut.up, cut.held), daemon=True)
                up.start()
                _pass(far, near, cut.down, cut.held)
                up.join()

    def stop(self) -> None:
        """Close the door; what is under way is carried to its end."""
        with suppress(OSError):
            self.door.shutdown(socket.SHUT_RDWR)
        self.door.close()


def _pass(source: socket.socket, sink: socket.socket, limit: int | None, held: float) -> None:
    """Pass bytes on until either end closes or *limit* is reached; then both directions end."""
    passed = 0
    with suppress(OSError):
        while piece := source.recv(4096):
            time.sleep(held)
            left = len(piece) if limit is None else limit - passed
            sink.sendall(piece[: max(0, left)])
            passed += len(piece)
            if left < len(piece):
                break
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
