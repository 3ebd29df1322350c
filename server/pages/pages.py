"""A long list in pages: which part is asked for, and how many there are."""

import re
from dataclasses import dataclass, replace

SIZE = 50
MOST = 5000  # rows of a list that is shown whole, to be printed


@dataclass(frozen=True)
class Pages:
    """Page *number* of *count*, counted from 1; number 0 is the whole list."""

    number: int
    total: int = 0

    @classmethod
    def read(cls, text: str) -> "Pages":
        """Read `trang` of an address: a number, or `tat-ca`; anything else is the first page."""
        if text == "tat-ca":
            return cls(0)
        return cls(min(max(int(text), 1), 100_000) if re.fullmatch(r"[0-9]{1,9}", text) else 1)

    @property
    def offset(self) -> int:
        """How many rows stand before this page."""
        return max(self.number - 1, 0) * SIZE

    @property
    def limit(self) -> int:
        """How many rows it may hold."""
        return SIZE if self.number else MOST

    def of(self, total: int) -> "Pages":
        """Return the same page, knowing how many rows there are in all."""
        return replace(self, total=total)

    @property
    def count(self) -> int:
        """How many pages there are; an empty list has one."""
        return max(-(-self.total // SIZE), 1)

    @property
    def cut(self) -> bool:
        """Whether the whole list is too long to be shown at once."""
        return self.number == 0 and self.total > MOST
