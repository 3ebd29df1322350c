"""The HTTP conversation in a file, for a USB stick: keys, writing, reading. Exactly: docs/bundle.md."""

from sync.bundle.form import Direction
from sync.bundle.keys import mark, public_key
from sync.bundle.reading import Checked, check, marks_of, members
from sync.bundle.writing import PART_LIMIT, Closing, Member, Opener, new_files, part_name, write_parts

__all__ = [
    "PART_LIMIT",
    "Checked",
    "Closing",
    "Direction",
    "Member",
    "Opener",
    "check",
    "mark",
    "marks_of",
    "members",
    "new_files",
    "part_name",
    "public_key",
    "write_parts",
]
