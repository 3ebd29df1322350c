"""The files' door in memory, held to the same promises as the real one by test_file_line.py; it can be made to fail."""

import hashlib

from schemas.ids import new_id
from sync.errors import Refused, ServerFault, Unreachable
from sync.files import Parcel, Where


class FakeFiles:
    """A FileLine to a server that keeps everything in memory."""

    def __init__(self) -> None:
        self.records: set[str] = set()
        self.kept: dict[str, bytes] = {}
        self.parts: dict[str, tuple[Parcel, bytes]] = {}
        self.pieces: list[int] = []
        # What may go wrong.
        self.down = False
        self.passes: int | None = None  # bytes, and then a cut
        self.keeps_what_was_cut = True
        self.refuses: dict[str, str] = {}  # a file's hash, and the slug
        self.falls_over: set[str] = set()
        self.corrupts: set[str] = set()

    def begin(self, parcel: Parcel) -> Where:
        """Begin an upload; a file that the server has is whole at once."""
        self._passable()
        if parcel.attachment not in self.records:
            raise Refused("Máy chủ chưa có hồ sơ của tệp này.", slug="no-such-record", status=404)
        upload = new_id()
        self.parts[upload] = (parcel, self.kept.get(parcel.sha256, b""))
        return Where(upload, len(self.parts[upload][1]))

    def how_far(self, upload: str) -> Where | None:
        """Ask how far an upload is, None when it is no more."""
        self._passable()
        return Where(upload, len(self.parts[upload][1])) if upload in self.parts else None

    def go_on(self, upload: str, offset: int, piece: bytes) -> Where:
        """Take a piece, as much of it as the line lets through."""
        self._passable()
        if upload not in self.parts:
            raise Refused("", slug="no-such-upload", status=404)
        parcel, have = self.parts[upload]
        if offset != len(have):
            raise Refused("", slug="wrong-offset", status=409)
        if parcel.sha256 in self.falls_over:
            raise ServerFault("The server fell over.")
        self.pieces.append(len(piece))
        cut = self.passes is not None and len(piece) > self.passes
        taken = piece[: self.passes] if cut and self.keeps_what_was_cut else b"" if cut else piece
        self.parts[upload] = (parcel, have + taken)
        if cut:
            raise Unreachable("the line was cut")
        return Where(upload, len(have + taken), self._finish(upload))

    def _finish(self, upload: str) -> int:
        parcel, have = self.parts[upload]
        if len(have) < parcel.size:
            return 0
        slug = self.refuses.get(parcel.sha256, "")
        if parcel.sha256 in self.corrupts or hashlib.sha256(have).hexdigest() != parcel.sha256:
            self.corrupts.discard(parcel.sha256)
            slug = "file-mismatch"
        if slug:
            del self.parts[upload]
            raise Refused("Tệp còn ghi vị trí nơi chụp.", slug=slug, status=422)
        self.kept[parcel.sha256] = have
        return 7

    def _passable(self) -> None:
        if self.down:
            raise Unreachable("no line")
