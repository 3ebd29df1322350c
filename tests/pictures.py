"""Photos and papers to attach: small, of any size in bytes, with or without the place where they were taken."""

import hashlib
import io
import random
import zlib
from typing import Any

from PIL import ExifTags, Image, ImageDraw, ImageFont, PngImagePlugin

XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="19,48.5N"/></rdf:RDF></x:xmpmeta>'
)


def exif(*, where: bool = False, orientation: int = 1) -> Image.Exif:
    """Return EXIF as a phone writes it."""
    made = Image.Exif()
    made[ExifTags.Base.Make] = "Máy thử"
    made[ExifTags.Base.Orientation] = orientation
    if where:
        made.get_ifd(ExifTags.IFD.GPSInfo).update(
            {ExifTags.GPS.GPSLatitudeRef: "N", ExifTags.GPS.GPSLatitude: (19.0, 48.0, 30.0),
             ExifTags.GPS.GPSLongitudeRef: "E", ExifTags.GPS.GPSLongitude: (105.0, 38.0, 2.0)}
        )  # fmt: skip
    return made


def picture(seed: int = 178, width: int = 64, height: int = 48) -> Image.Image:
    """Return noise: it does not compress, so its size in bytes can be chosen."""
    return Image.frombytes("RGB", (width, height), random.Random(seed).randbytes(width * height * 3))


def jpeg(seed: int = 178, *, where: bool = False, orientation: int = 1, at_least: int = 0, **more: Any) -> bytes:
    """Return a photo; with at_least, of so many bytes or a little more."""
    side = max(64, int((at_least / 2.2) ** 0.5) + 16 if at_least else 64)
    out = io.BytesIO()
    picture(seed, side, side).save(out, "JPEG", quality=95, subsampling=0,
                                   exif=exif(where=where, orientation=orientation).tobytes(), **more)  # fmt: skip
    assert len(out.getvalue()) >= at_least
    return out.getvalue()


def plain_jpeg(seed: int = 178, *, at_least: int = 0) -> bytes:
    """Return a photo that says nothing but what is seen."""
    side = max(64, int((at_least / 2.2) ** 0.5) + 16 if at_least else 64)
    out = io.BytesIO()
    picture(seed, side, side).save(out, "JPEG", quality=95, subsampling=0)
    assert len(out.getvalue()) >= at_least
    return out.getvalue()


def png(*, where: str = "") -> bytes:
    """Return a drawing; *where* says in which part of the file the place stands: exif, text, packed, profile."""
    out, info = io.BytesIO(), PngImagePlugin.PngInfo()
    if where == "text":
        info.add_itxt("XML:com.adobe.xmp", XMP)
    elif where == "packed":
        info.add_itxt("XML:com.adobe.xmp", XMP, zip=True)
    elif where == "profile":
        raw = exif(where=True).tobytes()
        info.add_text("Raw profile type exif", f"\nexif\n{len(raw):8}\n{raw.hex()}\n", zip=True)
    picture().save(out, "PNG", pnginfo=info, **({"exif": exif(where=True)} if where == "exif" else {}))
    return out.getvalue()


def pdf(*, photo: bytes = b"", text: str = "Biên bản") -> bytes:
    """Return what is enough of a PDF to be one; *photo* stands in it as a scanner's program puts it there."""
    stream = zlib.compress(text.encode())
    return b"%PDF-1.7\n1 0 obj<</Length " + str(len(stream)).encode() + b">>stream\n" + stream + b"\nendstream\n" + (
        b"2 0 obj<</Filter/DCTDecode>>stream\n" + photo + b"\nendstream\n" if photo else b""
    ) + b"%%EOF\n"  # fmt: skip


def name_of_file(content: bytes) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(content).hexdigest()


def facade() -> Image.Image:
    """Return a drawing of a front with a sign, as a team photographs it; nobody is on it."""
    made = Image.new("RGB", (960, 640), "#9db4c6")
    draw = ImageDraw.Draw(made)
    for box, colour in (((0, 430, 960, 640), "#6d6f73"), ((140, 120, 820, 470), "#c9a77c"),
                        ((140, 120, 820, 200), "#7d1f2d"), ((420, 250, 560, 470), "#3c2f2a"),
                        ((200, 260, 350, 370), "#dfe8ee"), ((630, 260, 780, 370), "#dfe8ee")):  # fmt: skip
        draw.rectangle(box, fill=colour)
    draw.text((300, 130), "KARAOKE", fill="#f4e3b0", font=ImageFont.load_default(64))
    return made
