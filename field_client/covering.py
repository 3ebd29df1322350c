"""Turning a picture, and covering parts of it so that nothing can bring them back: in memory, before it is kept."""

import io
import json
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

from PIL import Image, ImageOps

QUALITY = 92  # of a JPEG that must be drawn anew because something in it was covered
MOST_BOXES = 200
_TILES = 6  # on the shorter side of a covered part
_SHADE = 24
_TURNS = {0: None, 1: Image.Transpose.ROTATE_270, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_90}


@dataclass(frozen=True)
class Box:
    """A part of the picture as it is shown once turned: left, top, width, height, each a share of the whole."""

    left: float
    top: float
    width: float
    height: float

    def pixels(self, size: tuple[int, int]) -> tuple[int, int, int, int]:
        """Return the pixels that it touches, none left out at its edges."""
        across, down = size
        left, top = floor(self.left * across), floor(self.top * down)
        right, bottom = ceil((self.left + self.width) * across), ceil((self.top + self.height) * down)
        return max(left, 0), max(top, 0), min(right, across), min(bottom, down)


@dataclass(frozen=True)
class Changes:
    """What a person did with a picture before it is kept: quarter turns clockwise, and what was covered."""

    quarters: int = 0
    boxes: tuple[Box, ...] = ()


NONE = Changes()


def read_changes(quarters: str, boxes: str) -> Changes:
    """Read what the page sends; ValueError for what it never sends: then nothing may be kept as if it were covered."""
    given = json.loads(boxes or "[]")
    if not isinstance(given, list) or len(given) > MOST_BOXES:
        raise ValueError("no list of boxes")
    return Changes(int(quarters or 0) % 4, tuple(_box(one) for one in given))


def _box(given: Any) -> Box:
    if not isinstance(given, list) or len(given) != len(Box.__dataclass_fields__):
        raise ValueError("no box")
    if not all(type(share) in (int, float) and -1 <= share <= 2 for share in given):  # NaN neither
        raise ValueError("no shares")
    return Box(*map(float, given))


def redraw(content: bytes, media: str, changes: Changes) -> bytes:
    """Return the picture upright, turned, with what was covered gone from its pixels, and nothing beside them."""
    with Image.open(io.BytesIO(content)) as opened:
        profile = opened.info.get("icc_profile") if opened.mode in {"RGB", "L", "RGBA", "LA"} else None
        picture = _plain(ImageOps.exif_transpose(opened), media)
    turn = _TURNS[changes.quarters % 4]
    if turn is not None:
        picture = picture.transpose(turn)
    for box in changes.boxes:
        _cover(picture, box)
    return _written(picture, media, profile)


def _plain(picture: Image.Image, media: str) -> Image.Image:
    """Return the picture in colours that can be painted over and written."""
    if picture.mode.startswith(("I", "F")):  # 16 bits of grey
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    see_through = media == "image/png" and (picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info)
    wanted = "RGBA" if see_through else "L" if picture.mode in {"1", "L"} else "RGB"
    plain = picture if picture.mode == wanted else picture.convert(wanted)
    plain.info.clear()
    return plain


def _cover(picture: Image.Image, box: Box) -> None:
    """Paint the box with its one middle colour, in tiles of two shades: what was there cannot be worked out again."""
    left, top, right, bottom = box.pixels(picture.size)
    if right <= left or bottom <= top:
        return
    seen = picture.crop((left, top, right, bottom)).resize((1, 1), Image.Resampling.BOX).convert("RGB").getpixel((0, 0))
    light = tuple(seen) if isinstance(seen, tuple) else (0, 0, 0)
    dark = tuple(max(0, part - _SHADE) if part > 2 * _SHADE else part + _SHADE for part in light)
    side = max(4, ceil(min(right - left, bottom - top) / _TILES))
    for row, y in enumerate(range(top, bottom, side)):
        for column, x in enumerate(range(left, right, side)):
            tile = (x, y, min(x + side, right), min(y + side, bottom))
            picture.paste(_painted(picture.mode, dark if (row + column) % 2 else light), tile)


def _painted(mode: str, colour: tuple[Any, ...]) -> Any:
    return sum(colour) // 3 if mode == "L" else (*colour, 255) if mode == "RGBA" else colour


def _written(picture: Image.Image, media: str, profile: bytes | None) -> bytes:
    out, more = io.BytesIO(), {"icc_profile": profile} if profile else {}
    if media == "image/jpeg":
        picture.save(out, "JPEG", quality=QUALITY, **more)
    else:
        picture.save(out, "PNG", **more)
    return out.getvalue()
