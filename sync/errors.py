"""What can go wrong between the ends. Each says what to do."""

from typing import Any


class LineError(Exception):
    """The root: something between the ends went wrong, and nothing is lost."""


class Unreachable(LineError):
    """Try again later, nothing is wrong: being out of range is a normal day."""

    def __init__(self, detail: str, *, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Refused(LineError):
    """A person must look: the server answered, and said no."""

    def __init__(self, detail: str, *, slug: str = "refused", status: int = 0, statement: Any = None) -> None:
        super().__init__(detail)
        self.slug = slug
        self.status = status
        self.statement = statement  # of a lock: what the server signed (sync.revocation), not checked yet


class OtherHistory(Refused):
    """The server does not hold what this laptop has read: start the copy over, keep everything."""


class OtherScope(Refused):
    """This laptop follows another area by now: begin its copy anew, keep everything made here."""


class ServerFault(LineError):
    """The server fell over this batch: send less at once, down to one item."""


class BadReply(LineError):
    """The answer cannot be right: keep everything waiting and say so."""


class BadBundle(LineError):
    """The file cannot be taken, or not be written: the text says in one sentence, for people, what to do."""
