"""A request that is under way while something else is done. Knows no line, no store."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class Flight(Generic[Answer]):
    """Something asked of a line. Where the line waits for a network, it is asked in a thread of its own.

    Any other line (a file, a server in this process) is asked at once, so that a test sees the
    same order every time. What went wrong is raised where the answer is wanted. The thread
    touches nothing but the line, and never keeps the program from ending.
    """

    def __init__(self, ask: Callable[[], Answer], line: object) -> None:
        """Ask."""
        self._ask = ask
        self._answer: list[Answer] = []
        self._error: BaseException | None = None
        self._thread: threading.Thread | None = None
        if getattr(line, "waits", False):
            self._thread = threading.Thread(target=self._go, daemon=True)
            self._thread.start()
        else:
            self._go()

    def _go(self) -> None:
        try:
            self._answer.append(self._ask())
        except BaseException as error:  # raised where the answer is wanted
            self._error = error

    def land(self) -> Answer:
        """Wait for the answer, or for what went wrong."""
        if self._thread:
            self._thread.join()
        if self._error:
            raise self._error
        return self._answer[0]
