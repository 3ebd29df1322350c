"""What is covered in a picture is gone from its pixels, what is not is as it was, and turning changes no pixel."""

import io

import pytest
from PIL import Image, ImageCms, ImageOps

from field_client.covering import Box, Changes, read_changes, redraw
from field_client.pictures import clean
from field_client.taking import Given, NotAttachable, take
from schemas.attachments import Role
from tests.pictures import jpeg, pdf, picture, plain_jpeg, png

RIGHT_HALF = Box(0.5, 0.0, 0.5, 1.0)


def opened(content):
    """Return the picture as a person sees it."""
    with Image.open(io.BytesIO(content)) as found:
        return ImageOps.exif_transpose(found).convert("RGB")


def colours(image, box):
    return {colour for _, colour in image.crop(box).getcolors(100_000)}


def far(one, other):
    """Return the largest difference between two pictures of the same size."""
    return max(abs(a - b) for a, b in zip(one.tobytes(), other.tobytes(), strict=True))


def spread(image):
    """Return how far the lightest part of a picture is from the darkest."""
    darkest, lightest = image.convert("L").getextrema()
    return lightest - darkest


def written(image, kind="PNG", **more):
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def test_of_what_is_covered_two_shades_of_one_colour_are_left():
    content = written(picture(width=64, height=48))

    covered = opened(redraw(content, "image/png", Changes(boxes=(RIGHT_HALF,))))

    assert len(colours(covered, (32, 0, 64, 48))) == 2
    assert covered.crop((0, 0, 32, 48)).tobytes() == picture(width=64, height=48).crop((0, 0, 32, 48)).tobytes()


def test_two_pictures_that_differ_only_in_what_was_covered_and_not_in_its_colour_become_one():
    plain, other = picture(width=64, height=64), picture(width=64, height=64)
    other.paste(ImageOps.mirror(other.crop((32, 0, 64, 64))), (32, 0))
    assert plain.tobytes() != other.tobytes()

    one, two = (redraw(written(each), "image/png", Changes(boxes=(RIGHT_HALF,))) for each in (plain, other))

    assert opened(one).tobytes() == opened(two).tobytes()


def test_a_jpeg_that_is_covered_is_nearly_what_it_was_elsewhere():
    smooth = Image.linear_gradient("L").resize((256, 256)).convert("RGB")
    content = written(smooth, "JPEG", quality=95)

    covered = opened(redraw(content, "image/jpeg", Changes(boxes=(RIGHT_HALF,))))

    left = (0, 0, 112, 256)  # a block of a JPEG away from the edge
    assert far(covered.crop(left), opened(content).crop(left)) <= 8
    assert spread(covered.crop((144, 0, 256, 256))) < 60


@pytest.mark.parametrize(
    "box", [Box(-0.2, -0.2, 0.4, 0.4), Box(0.9, 0.9, 0.4, 0.4), Box(0.5, 0.5, 0, 0), Box(2, 2, 1, 1)], ids=str
)
def test_a_box_over_the_edge_covers_what_of_it_is_in_the_picture(box):
    assert opened(redraw(written(picture()), "image/png", Changes(boxes=(box,)))).size == (64, 48)


def test_no_pixel_at_the_edge_of_a_box_is_left_out():
    assert Box(0.01, 0.01, 0.011, 0.011).pixels((100, 100)) == (1, 1, 3, 3)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("quarters", range(4))
def test_turned_on_a_photo_is_seen_turned_and_no_pixel_changes(orientation, quarters):
    content = jpeg(orientation=orientation)

    turned = clean(content, "image/jpeg", quarters)

    expected = opened(content).rotate(-90 * quarters, expand=True)
    assert opened(turned).tobytes() == expected.tobytes()
    with Image.open(io.BytesIO(turned)) as raw, Image.open(io.BytesIO(content)) as before:
        assert raw.tobytes() == before.tobytes()


def test_a_photo_that_lies_on_its_side_is_covered_where_one_sees_it():
    smooth = Image.linear_gradient("L").resize((64, 48))
    content = written(smooth, "JPEG", quality=100, exif=_turned(6).tobytes())

    covered = opened(redraw(content, "image/jpeg", Changes(boxes=(Box(0, 0, 1, 0.5),))))

    assert covered.size == (48, 64)
    seen = opened(content)
    assert far(covered.crop((0, 40, 48, 64)), seen.crop((0, 40, 48, 64))) <= 8
    assert spread(covered.crop((8, 8, 40, 24))) < 60 < spread(seen.crop((8, 8, 40, 24)))


def _turned(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def test_what_is_covered_after_a_turn_is_covered_where_one_sees_it():
    content = written(picture(width=64, height=48))

    covered = opened(redraw(content, "image/png", Changes(1, (Box(0, 0, 1, 0.5),))))

    assert covered.size == (48, 64)
    assert len(colours(covered, (0, 0, 48, 32))) == 2
    rest = picture(width=64, height=48).rotate(-90, expand=True).crop((0, 32, 48, 64))
    assert covered.crop((0, 32, 48, 64)).tobytes() == rest.tobytes()


@pytest.mark.parametrize("mode", ["L", "LA", "RGBA", "P", "1", "I;16", "CMYK"])
def test_a_picture_of_any_colours_can_be_covered(mode):
    kind, media = ("JPEG", "image/jpeg") if mode == "CMYK" else ("PNG", "image/png")
    content = written(Image.linear_gradient("L").convert("I").point(lambda v: v * 257).convert("I;16")
                      if mode == "I;16" else picture().convert(mode), kind)  # fmt: skip

    covered = opened(redraw(content, media, Changes(boxes=(RIGHT_HALF,))))

    assert covered.size == opened(content).size
    across, down = covered.size
    assert spread(covered.crop((across // 2 + 8, 8, across, down))) < 60


def test_colours_stay_what_they_were_and_nothing_else_of_the_file_does():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    content = jpeg(where=True, comment=b"gpslatitude 19.8", icc_profile=profile)

    given = Given(Role.PHOTO, changes=Changes(boxes=(RIGHT_HALF,)))
    taken = take(content, given)

    with Image.open(io.BytesIO(taken.content)) as found:
        assert found.info["icc_profile"] == profile
        assert dict(found.getexif()) == {}
        assert "comment" not in found.info


def test_what_is_only_looked_at_is_kept_byte_for_byte():
    assert take(plain_jpeg(), Given(Role.PHOTO)).content == plain_jpeg()
    assert take(pdf(), Given(Role.SCAN)).content == pdf()
    assert take(png(), Given(Role.PHOTO)).content == png()


@pytest.mark.parametrize(
    ("quarters", "boxes"),
    [("x", ""), ("", "{"), ("", "{}"), ("", "[1]"), ("", "[[0,0,1]]"), ("", '[[0,0,"1",1]]'), ("", "[[0,0,NaN,1]]"),
     ("", "[[0,0,1,99]]"), ("", f"[{'[0,0,1,1],' * 300}[0,0,1,1]]")],
)  # fmt: skip
def test_what_the_page_never_sends_is_not_read_as_nothing_to_cover(quarters, boxes):
    with pytest.raises(ValueError):  # of whichever kind
        read_changes(quarters, boxes)


def test_what_the_page_sends_is_read():
    assert read_changes("5", "[[0.5,0,0.5,1]]") == Changes(1, (RIGHT_HALF,))
    assert read_changes("", "") == Changes()


@pytest.mark.parametrize("mark", [b"heic", b"mif1", b"avif"])
def test_a_photo_of_an_iphone_says_how_to_take_it_otherwise(mark):
    with pytest.raises(NotAttachable, match="Tương thích nhất"):
        take(b"\x00\x00\x00\x18ftyp" + mark + b"\x00\x00\x00\x00mif1heic", Given(Role.PHOTO))
