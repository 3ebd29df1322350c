"""Taking out of a photo what is not seen in it: where, when and with what it was taken. No pixel is changed."""

import io
import re
import zlib
from collections.abc import Iterator

from PIL import ExifTags, Image

from schemas.location import PNG_MARK, png_chunks

_ORIENTATION = ExifTags.Base.Orientation
_CLOCKWISE = {1: 6, 6: 3, 3: 8, 8: 1, 2: 7, 7: 4, 4: 5, 5: 2}  # how a picture is turned, a quarter further
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_NO_LENGTH = frozenset(range(0xD0, 0xD8)) | {0x01}
_START, _END, _SCAN, _COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
# Of the parts that programs add to a JPEG, those that colours and sizes need.
_NEEDED = {0xE0: b"JFIF\x00", 0xE2: b"ICC_PROFILE\x00", 0xEE: b"Adobe"}
_CHUNKS = frozenset(
    (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"bKGD",
     b"hIST", b"pHYs", b"acTL", b"fcTL", b"fdAT")
)  # fmt: skip


class Broken(ValueError):
    """The picture cannot be read."""


def clean(content: bytes, media: str, quarters: int = 0) -> bytes:
    """Return a picture without what its file tells beside it; how it is turned stays. Other types come back as is.

    With *quarters* it says that it is to be shown turned on, by so many quarters clockwise.
    """
    cleaners = {"image/jpeg": _clean_jpeg, "image/png": _clean_png}
    if media not in cleaners:
        return content
    try:
        cleaned = cleaners[media](content, quarters)
        with Image.open(io.BytesIO(cleaned)) as picture:
            picture.verify()
    except Exception as error:  # a broken picture raises whatever its bytes lead to
        raise Broken(str(error)) from None
    return cleaned


def _turned(content: bytes, quarters: int) -> bytes:
    """Return EXIF that says how the picture is turned and nothing else; empty when it stands upright."""
    with Image.open(io.BytesIO(content)) as picture:
        turned = picture.getexif().get(_ORIENTATION, 1)
    turned = turned if turned in _CLOCKWISE else 1
    for _ in range(quarters % 4):
        turned = _CLOCKWISE[turned]
    if turned == 1:
        return b""
    exif = Image.Exif()
    exif[_ORIENTATION] = turned
    return exif.tobytes()


def _clean_jpeg(content: bytes, quarters: int) -> bytes:
    """Copy the segments that make the picture, up to its end: what programs put behind it stays behind."""
    out = [content[:2]]
    exif = _turned(content, quarters)
    for marker, segment in _segments(content):
        if exif and marker != 0xE0:  # JFIF comes first
            out.append(b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif)
            exif = b""
        if _makes_the_picture(marker, segment):
            out.append(segment)
    return b"".join(out)


def _makes_the_picture(marker: int, segment: bytes) -> bool:
    if 0xE0 <= marker <= 0xEF or marker == _COMMENT:
        return marker in _NEEDED and segment[4:].startswith(_NEEDED[marker])
    return True


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield marker and bytes of each segment after the first marker; the scan's data goes with its segment."""
    at = 2
    while at < len(content):
        while content[at : at + 2] == b"\xff\xff":  # padding
            at += 1
        if content[at] != 0xFF:
            raise Broken("a segment does not begin where the one before it ends")
        marker, end = content[at + 1], at + 2
        if marker not in _NO_LENGTH and marker != _END:
            end += int.from_bytes(content[end : end + 2], "big")
        if marker == _SCAN:
            found = _NEXT_MARKER.search(content, end)
            end = found.start() if found else len(content)
        yield marker, content[at:end]
        if marker == _END:
            return
        at = end


def _clean_png(content: bytes, quarters: int) -> bytes:
    """Copy the chunks that make the picture, up to its end."""
    out, file, exif = [PNG_MARK], io.BytesIO(content), _turned(content, quarters)
    for kind, length in png_chunks(file):
        start = file.tell() - 8
        if kind in _CHUNKS:
            out.append(content[start : start + length + 12])
        if kind == b"IHDR" and exif:
            out.append(_chunk(b"eXIf", exif.removeprefix(b"Exif\x00\x00")))
    return b"".join(out)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")
