"""Taking a photo or a scan in: what may be attached, and what is kept of it. Nothing here touches the disk."""

import hashlib
import io
from dataclasses import dataclass
from typing import Any

from PIL import Image

from field_client import covering, pictures
from field_client.covering import Changes
from schemas.attachments import AttachmentSchema, Role, too_large, type_of
from schemas.fields import messages
from schemas.location import holds_place

READ_AT_MOST = 100_000_000  # bytes: what a phone puts behind a photo does not count yet
_HEIC = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif"))
_SAYS_HEIC = (
    "Ảnh dạng HEIC chưa đính kèm được. Trên iPhone vào Cài đặt, Camera, Định dạng, chọn “Tương thích nhất” rồi chụp"
    " lại; ảnh đã chụp thì chuyển sang JPEG rồi đính kèm."
)
_NOWHERE = "018f0000-0000-7000-8000-000000000000"  # the visit is not known yet; the schema wants one


class NotAttachable(Exception):
    """The file cannot be attached; the message says what to do. Nothing was kept."""


@dataclass(frozen=True)
class Given:
    """What a person says of a file: photo or scan, a caption, how it was turned and what was covered."""

    role: Role
    caption: str = ""
    changes: Changes = covering.NONE


@dataclass(frozen=True)
class Taken:
    """What will be kept of a file, and what its record says of it."""

    content: bytes
    body: dict[str, Any]


def take(content: bytes, given: Given) -> Taken:
    """Return what is kept of *content*: without place and time, turned, covered; or raise NotAttachable."""
    media = type_of(content)
    if not media and content[4:8] == b"ftyp" and content[8:12] in _HEIC:
        raise NotAttachable(_SAYS_HEIC)
    kept = _drawn(content, media, given.changes)
    wrong = too_large(media, len(kept))
    if wrong:
        raise NotAttachable(wrong)
    if holds_place(io.BytesIO(kept)):
        raise NotAttachable("Tệp còn ghi vị trí nơi chụp; quét lại, hoặc in thành tệp PDF khác rồi đính kèm.")
    body = {"sha256": hashlib.sha256(kept).hexdigest(), "size": len(kept), "type": media, "role": given.role.value,
            "caption": given.caption.strip()}  # fmt: skip
    problems = messages(AttachmentSchema().validate(body | {"inspection": _NOWHERE}))
    if problems:
        raise NotAttachable(next(iter(problems.values())))
    return Taken(kept, body)


def _drawn(content: bytes, media: str, changes: Changes) -> bytes:
    """Return the file cleaned; drawn anew only where that is the only way."""
    try:
        if media.startswith("image/") and (changes.boxes or (changes.quarters and media == "image/png")):
            content = covering.redraw(content, media, changes)
            return pictures.clean(content, media)
        return pictures.clean(content, media, changes.quarters)
    except pictures.Broken:
        raise NotAttachable("Ảnh hỏng, không mở được; chọn tệp khác.") from None
    except Image.DecompressionBombError:
        raise NotAttachable("Ảnh có quá nhiều điểm ảnh; giảm cỡ ảnh rồi đính kèm lại.") from None
    except Exception as error:  # a broken picture raises whatever its bytes lead to
        raise NotAttachable("Ảnh hỏng, không mở được; chọn tệp khác.") from error
