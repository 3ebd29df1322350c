"""How much goes up at once: on a good line all that a batch may hold, on a bad one what a few seconds carry. Pure."""

from dataclasses import dataclass

from sync.wire import BATCH_BYTES

FIRST = 64_000  # bytes before compression, a sixth to a tenth of it after: a day's work
AFTER_FAILURE = 16_000
LEAST = 4_000
EASY = 2.0  # seconds: a request that took less may be twice as big
AT_ONCE = 0.2  # seconds: a request that took less is on a line that carries anything; four times as big
LONG = 8.0  # seconds: the next one is half as big
TRIES = 3  # failures in a row, after something went through, before a push gives up


@dataclass
class Pace:
    """The bytes of the next batch, and how often in a row the line has failed since it last carried one."""

    bytes: int = FIRST
    carried: bool = False
    failures: int = 0

    def went(self, size: int, seconds: float) -> None:
        """Learn from a batch of *size* bytes that was answered."""
        self.carried, self.failures = True, 0
        if seconds > LONG:
            self.bytes = max(LEAST, size // 2)
        elif seconds < EASY and size > self.bytes // 2:
            self.bytes = min(BATCH_BYTES, self.bytes * (4 if seconds < AT_ONCE else 2))

    def failed(self, size: int) -> bool:
        """Learn from a batch that was not answered; say whether a smaller one is worth a try at once.

        Where nothing has gone through yet there is no line, and waiting is for who called.
        """
        self.failures += 1
        self.bytes = max(LEAST, min(self.bytes, size) // 2)
        return self.carried and self.failures < TRIES
