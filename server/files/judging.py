"""Whether a file is what its record says, and says nothing of where it was taken. It is read in pieces."""

import hashlib
from pathlib import Path

from PIL import Image

from schemas.attachments import type_of
from schemas.location import says_where
from server.problems import FileHasLocation, FileKind, FileMismatch, Problem

_PIECE = 1_000_000
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG"}


def judge(path: Path, sha256: str, media: str) -> Problem | None:
    """Return why the file at *path* may not be taken in under its hash and type, None when it may."""
    if hash_of(path) != sha256:
        return FileMismatch("Tệp nhận được không khớp với hồ sơ của nó; gửi lại từ đầu. Hồ sơ vẫn còn nguyên.")
    if not _is(path, media):
        return FileKind("Nội dung tệp không đúng loại đã ghi trong hồ sơ; đính kèm lại tệp. Hồ sơ vẫn còn nguyên.")
    if says_where(path):
        return FileHasLocation("Tệp còn ghi vị trí nơi chụp; xóa vị trí rồi đính kèm lại. Hồ sơ vẫn còn nguyên.")
    return None


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _is(path: Path, media: str) -> bool:
    """Say whether the content is of type *media*; of a picture the head is read, and no pixel."""
    with path.open("rb") as file:
        if type_of(file.read(16)) != media:
            return False
    if media not in _FORMATS:
        return True
    try:
        with Image.open(path, formats=[_FORMATS[media]]) as picture:
            return min(picture.size) > 0
    except Exception:  # a broken picture raises whatever its bytes lead to
        return False
