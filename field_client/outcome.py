"""What a sync is asked for, and what came of it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from field_client.trouble import Trouble


class Half(StrEnum):
    """The two halves of a sync."""

    SEND = "send"
    GET = "get"


BOTH = frozenset(Half)


@dataclass(frozen=True)
class Outcome:
    """What came of a sync, also of one that was cut short: what is counted here has happened."""

    sent: int = 0
    received: int = 0
    waiting: int = 0
    standings: dict[str, int] = field(default_factory=dict)
    bytes_up: int = 0
    bytes_down: int = 0
    trouble: Trouble = Trouble.NONE
    words: str = ""
    retry_after: float | None = None
    files_sent: int = 0
    files_waiting: int = 0
    notice: str = ""  # what a person should know although nothing went wrong
    waited_s: float = 0.0  # for a server that was busy

    def as_dict(self) -> dict[str, Any]:
        """Return the outcome as a command prints it."""
        keys = ("sent", "received", "waiting", "standings", "bytes_up", "bytes_down", "files_sent",
                "files_waiting")  # fmt: skip
        return {key: getattr(self, key) for key in keys} | {"waited_s": round(self.waited_s, 1)}
