"""The log of sensitive look-ups and sign-ins: added to, chained, never changed."""

from server.audit.log import Entry, Who, note

__all__ = ["Entry", "Who", "note"]
