"""The log of sensitive look-ups and sign-ins: added to, chained, never changed."""

from server.audit.log import Entry, note

__all__ = ["Entry", "note"]
