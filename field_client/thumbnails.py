"""Small pictures of the photos on this laptop: made when they are asked for, and kept in memory only."""

import io
from functools import lru_cache

from PIL import Image, ImageOps

from field_client.store import blobs
from field_client.store.blobs import Drawer
from schemas.attachments import type_of

SIDE = 320  # pixels at most


@lru_cache(maxsize=200)  # a few megabytes
def small(drawer: Drawer, sha256: str) -> bytes:
    """Return a small JPEG of a photo, upright, empty when it is no picture; FileNotFoundError when it is not here."""
    content = blobs.read(drawer, sha256)
    if not type_of(content).startswith("image/"):
        return b""
    out = io.BytesIO()
    with Image.open(io.BytesIO(content)) as picture:
        picture.draft("RGB", (SIDE, SIDE))  # a JPEG is read at a fraction of its size
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((SIDE, SIDE))
        upright.convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()


def forget() -> None:
    """Forget all that was made, as when the laptop is locked."""
    small.cache_clear()
