"""What is taken out of a photo before its hash is taken, and that not a pixel changes."""

import io

import pytest
from PIL import ExifTags, Image, ImageCms

from field_client.pictures import Broken, clean
from schemas.location import says_where
from tests.pictures import jpeg, pdf, picture, png


def pixels(content):
    with Image.open(io.BytesIO(content)) as opened:
        return opened.convert("RGB").tobytes()


def says(tmp_path, content):
    (tmp_path / "file").write_bytes(content)
    return says_where(tmp_path / "file")


def progressive(**more):
    out = io.BytesIO()
    picture().save(out, "JPEG", progressive=True, restart_marker_blocks=2, exif=Image.Exif().tobytes(), **more)
    return out.getvalue()


PHOTOS = {
    "exif": ("image/jpeg", jpeg(where=True)),
    "xmp": ("image/jpeg", jpeg(xmp=b'<x exif:GPSLatitude="19,48.5N"/>')),
    "comment": ("image/jpeg", jpeg(where=True, comment=b"gpslatitude 19.8")),
    "progressive with restarts": ("image/jpeg", progressive(xmp=b'<x exif:GPSLatitude="19,48.5N"/>')),
    "a second photo behind it": ("image/jpeg", jpeg() + jpeg(7, where=True)),
    "png exif": ("image/png", png(where="exif")),
    "png text": ("image/png", png(where="text")),
    "png packed text": ("image/png", png(where="packed")),
    "png profile": ("image/png", png(where="profile")),
    "something behind a png": ("image/png", png() + jpeg(where=True)),
}


@pytest.mark.parametrize("what", PHOTOS)
def test_the_place_goes_and_every_pixel_stays(tmp_path, what):
    media, content = PHOTOS[what]
    assert says(tmp_path, content)

    cleaned = clean(content, media)

    assert not says(tmp_path, cleaned)
    assert pixels(cleaned) == pixels(content)
    assert b"M\xc3\xa1y th" not in cleaned
    assert clean(cleaned, media) == cleaned


@pytest.mark.parametrize("turned", range(1, 9))
@pytest.mark.parametrize("media", ["image/jpeg", "image/png"])
def test_a_photo_stays_turned_as_it_was(turned, media):
    out = io.BytesIO()
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation], exif[ExifTags.Base.Make] = turned, "M"
    picture().save(out, media.partition("/")[2], exif=exif)

    with Image.open(io.BytesIO(clean(out.getvalue(), media))) as cleaned:
        assert cleaned.getexif().get(ExifTags.Base.Orientation, 1) == turned
        assert set(cleaned.getexif()) <= {ExifTags.Base.Orientation}


def test_colours_stay_as_they_were():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for media, name in (("image/jpeg", "JPEG"), ("image/png", "PNG")):
        out = io.BytesIO()
        picture().save(out, name, icc_profile=profile)

        with Image.open(io.BytesIO(clean(out.getvalue(), media))) as cleaned:
            assert cleaned.info["icc_profile"] == profile


def test_a_paper_is_kept_byte_for_byte():
    assert clean(pdf(), "application/pdf") == pdf()


@pytest.mark.parametrize("content", [b"\xff\xd8\xff", jpeg()[:200], b"\xff\xd8\xff\xe0\x00", png()[:20]])
def test_a_broken_photo_is_told(content):
    with pytest.raises(Broken):
        clean(content, "image/png" if content.startswith(b"\x89") else "image/jpeg")
