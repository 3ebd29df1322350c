"""A photo or a scan that belongs to a visit: what its record says, and the limits of its file, which are data."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Any

from marshmallow import ValidationError, validates_schema

from schemas.fields import Choice, Count, Id, Record, Text

_NAME = re.compile("[0-9a-f]{64}")
_BEGINNINGS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"%PDF-": "application/pdf"}
MOST_BYTES = 2**40  # what a record may say at all; what is allowed is data


class Role(StrEnum):
    """What a file is of the visit."""

    PHOTO = "photo"
    SCAN = "scan"


@dataclass(frozen=True)
class FileType:
    """A media type that may be attached."""

    media: str
    suffix: str
    bytes: int  # the most that a file of it may have


@dataclass(frozen=True)
class FileLimits:
    """What may be attached, and for how long things are kept."""

    types: Mapping[str, FileType]
    chunk_bytes: int  # the most that one request may carry
    upload_days: int  # an upload that nobody goes on with is dropped
    keep_days: int  # a file that the server has leaves the laptop

    @property
    def most_bytes(self) -> int:
        """The most that any file may have."""
        return max(one.bytes for one in self.types.values())


@lru_cache(maxsize=1)
def limits() -> FileLimits:
    """Return the limits that come with the program (schemas/data/attachments.json)."""
    raw = json.loads(files("schemas.data").joinpath("attachments.json").read_text(encoding="utf-8"))
    types = {media: FileType(media, said["suffix"], said["bytes"]) for media, said in raw.pop("types").items()}
    return FileLimits(types, **raw)


def type_of(beginning: bytes) -> str:
    """Return the media type of a file by its first bytes, empty when it is none that may be attached."""
    return next((media for mark, media in _BEGINNINGS.items() if beginning.startswith(mark)), "")


def is_file_name(text: str) -> bool:
    """Say whether *text* is the SHA-256 of a file, as we write it."""
    return bool(_NAME.fullmatch(text))


def too_large(media: str, size: int) -> str:
    """Say in one sentence that a file of this type and size may not be attached; empty when it may."""
    known = limits().types.get(media)
    if known is None:
        return "Chỉ đính kèm được ảnh JPEG, PNG hoặc tệp PDF; chuyển tệp sang một trong các loại đó rồi làm lại."
    if size > known.bytes:
        return f"Tệp lớn quá {known.bytes // 1_000_000} MB; giảm cỡ ảnh hoặc tách tệp rồi làm lại."
    return ""


class AttachmentSchema(Record):
    """The record of one file; *item* names the revision that it belongs to, where that is known."""

    inspection = Id(required=True, label=("Cuộc kiểm tra", "Inspection"))
    item = Text(load_default="", limit=64)
    sha256 = Text(required=True, limit=64, label=("Mã kiểm chứng của tệp", "SHA-256"))
    size = Count(required=True, most=MOST_BYTES, label=("Cỡ tệp", "Size"))
    type = Text(required=True, limit=60, label=("Loại tệp", "Media type"))
    role = Choice(Role, required=True, label=("Ảnh hoặc bản quét", "Role"))
    caption = Text(load_default="", limit=200, label=("Chú thích", "Caption"))

    @validates_schema
    def names_are_hashes(self, data: dict[str, Any], **kwargs: Any) -> None:
        for key in ("sha256", "item"):
            if data.get(key) and not is_file_name(data[key]):
                raise ValidationError("Mã kiểm chứng không đúng dạng; đính kèm lại tệp.", key)

    @validates_schema
    def the_file_may_be_attached(self, data: dict[str, Any], **kwargs: Any) -> None:
        said = too_large(data["type"], data["size"])
        if said or not data["size"]:
            raise ValidationError(said or "Tệp trống; chọn tệp khác.", "size")
