"""A lock that one program at a time holds, and that the system releases when the program dies."""

from sync.locks import Taken, alone

__all__ = ["Taken", "alone"]
