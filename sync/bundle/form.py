"""What both writing and reading a bundle keep to: names of members, the signed text, sentences for bad files."""

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

FORMAT, VERSION = "doi178-bundle", 1
HEAD, END, SIGNATURE = "head.json", "end.json", "signature"
MAGIC = b"age-encryption.org/v1\n"

NO_BUNDLE = "Tệp này không phải gói dữ liệu USB của Đội 178; chọn đúng tệp rồi làm lại."
CUT = "Gói dữ liệu USB bị cắt hoặc hỏng; chép lại tệp từ nơi đã xuất rồi làm lại."
NEWER = "Gói dữ liệu USB do bản mới hơn của chương trình ghi; cài bản mới rồi làm lại."


class Direction(StrEnum):
    """Which way a bundle goes."""

    UP = "up"  # from a laptop to its server
    DOWN = "down"  # from the server to one laptop


@dataclass
class Manifest:
    """The list of members as it is signed: one line a member, hashed as the bundle is written or read."""

    hash: Any = field(default_factory=hashlib.sha256)

    def note(self, name: str, size: int, digest: str) -> None:
        """Add a member."""
        self.hash.update(f"{name} {size} {digest}\n".encode())

    def text(self) -> bytes:
        """Return the exact bytes that are signed."""
        return f"doi178-bundle-1\n{self.hash.hexdigest()}".encode()
