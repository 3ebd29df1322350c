"""Whether a file says where it was taken: in EXIF, in XMP, in the text of a PNG, in a photo inside a PDF."""

import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from PIL import ExifTags, Image

PNG_MARK = b"\x89PNG\r\n\x1a\n"
_EXIF = b"Exif\x00\x00"
_SEGMENT = 65_536  # no EXIF of a JPEG is longer
_PIECE = 1_000_000
_TEXT = 4_000_000  # no text of a PNG is read further
_NAMES = re.compile(rb"gps(?:latitude|longitude|altitude|position|coordinates)|iptc4xmpext:location", re.IGNORECASE)


def says_where(path: Path) -> bool:
    """Say whether the file at *path* holds a place; it is read piece by piece, so memory stays flat."""
    with path.open("rb") as file:
        return holds_place(file)


def holds_place(file: BinaryIO) -> bool:
    """Say whether an open file, on the disk or in memory, holds a place."""
    if file.read(len(PNG_MARK)) == PNG_MARK and any(_chunk_says(kind, body) for kind, body in _spoken(file)):
        return True
    file.seek(0)
    return any(map(_bytes_say, _overlapping(file)))


def _overlapping(file: BinaryIO) -> Iterator[bytes]:
    """Yield the file in pieces that overlap by the longest thing that is looked for."""
    tail = b""
    while piece := file.read(_PIECE):
        yield tail + piece
        tail = piece[-_SEGMENT:]


def _bytes_say(data: bytes) -> bool:
    if _NAMES.search(data):
        return True
    return any(_exif_says(data[at.start() : at.start() + _SEGMENT]) for at in re.finditer(re.escape(_EXIF), data))


def _exif_says(block: bytes) -> bool:
    """Say whether EXIF has anything of a GPS beyond the version of its form; what cannot be read says nothing."""
    exif = Image.Exif()
    try:
        exif.load(block)
        found = exif.get_ifd(ExifTags.IFD.GPSInfo)
    except Exception:  # a broken block raises whatever its bytes lead to
        return False
    return bool(set(found) - {ExifTags.GPS.GPSVersionID})


def png_chunks(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Yield kind and length of each chunk of a PNG up to its end; the file then stands before the chunk's body."""
    file.seek(len(PNG_MARK))
    while len(head := file.read(8)) == 8:
        length, start = int.from_bytes(head[:4], "big"), file.tell()
        yield head[4:], length
        file.seek(start + length + 4)
        if head[4:] == b"IEND":
            return


def _spoken(file: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """Yield the chunks that may tell something about the picture."""
    for kind, length in png_chunks(file):
        if kind in {b"eXIf", b"tEXt", b"zTXt", b"iTXt"}:
            yield kind, file.read(min(length, _TEXT))


def _chunk_says(kind: bytes, body: bytes) -> bool:
    if kind == b"eXIf":
        return _exif_says(_EXIF + body)
    text = _text(kind, body)
    profile = re.match(rb"\s*\w+\s+\d+\s+([0-9a-fA-F\s]+)$", text)
    return _bytes_say(text) or (profile is not None and _bytes_say(_unhexed(profile[1])))


def _text(kind: bytes, body: bytes) -> bytes:
    """Return what a text chunk says, unpacked."""
    _, _, rest = body.partition(b"\x00")
    packed = kind == b"zTXt"
    if kind == b"iTXt":
        packed, rest = rest[:1] == b"\x01", b"\x00".join(rest[2:].split(b"\x00", 2)[2:])
    elif packed:
        rest = rest[1:]
    if not packed:
        return rest
    try:
        return zlib.decompressobj().decompress(rest, _TEXT)
    except zlib.error:
        return b""


def _unhexed(digits: bytes) -> bytes:
    digits = b"".join(digits.split())
    return bytes.fromhex(digits[: len(digits) // 2 * 2].decode("ascii"))
