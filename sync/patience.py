"""How long a sync waits by itself for a server that is busy, before it leaves the rest for later."""

import random
import time
from collections.abc import Callable

from sync.errors import Unreachable

IN_ALL = 25.0  # seconds in one sync; a person may be looking at it


class Patience:
    """What is left of one sync's patience. It is asked outside of any transaction: nothing else waits meanwhile."""

    def __init__(
        self, in_all: float = IN_ALL, *, sleep: Callable[[float], object] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:  # fmt: skip
        """Begin, with *in_all* seconds to wait."""
        self.left = in_all
        self.waited = 0.0
        self._sleep = sleep
        self._chance = chance

    def wait(self, busy: Unreachable) -> None:
        """Wait as long as the server asked for, and a little more, so that laptops do not come back together.

        Raises *busy* again where the server asked for nothing, or for more than is left.
        """
        if busy.retry_after is None or busy.retry_after > self.left:
            raise busy
        seconds = min(busy.retry_after * (1 + self._chance() / 2), self.left)
        self._sleep(seconds)
        self.left -= seconds
        self.waited += seconds
